//! Finding products for somebody: ask the engine, show what the database has, and do without the engine if need be.

use super::engine::{Query, SearchError};
use super::part::Engine;
use super::view::{FindProducts, Found};
use crate::app::App;
use crate::catalogue::{self, Plain, Product};
use crate::http::{Page, PageQuery};
use crate::problem::{self, Failure, Problem};
use crate::region;
use entity::value::AreaCode;

/// The longest text that is looked for.
const LONGEST_TEXT: usize = 200;

/// Begins the cursor of a plain look-up, which goes on as one: the engine's cursors mean nothing to it.
const PLAIN: &str = "plain.";

/// Finds a page of products on the shelf.
///
/// # Errors
/// When a condition names what there is not, or the cursor is not one of ours.
pub async fn find(app: &App, wanted: FindProducts) -> Result<Found, Failure> {
    let wanted = check(app, wanted).await?;
    let limit = PageQuery { limit: wanted.limit, cursor: None }.limit()?;
    if let Some(cursor) = wanted.cursor.as_deref().and_then(|cursor| cursor.strip_prefix(PLAIN)) {
        return find_plainly(app, &wanted, Some(cursor.to_owned()), limit).await;
    }
    let query = Query {
        text: wanted.q.clone(),
        category: wanted.category.clone(),
        county: wanted.county.clone(),
        province: wanted.province.clone(),
        supplier: wanted.supplier,
        price_from_fen: wanted.price_from_fen,
        price_to_fen: wanted.price_to_fen,
        in_stock: wanted.in_stock,
        sort: wanted.sort,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
        after: wanted.cursor.clone(),
    };
    match app.part::<Engine>()?.search(query).await {
        Ok(hits) => {
            let mut items = catalogue::on_shelf(app.reader(), &hits.ids).await?;
            // The copy in the index may be a moment older than the product.
            items.retain(|product| still_fits(&wanted, product));
            Ok(Found { items, next: hits.next, degraded: false })
        }
        Err(error @ SearchError::Cursor) => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "the search index is out of order; looking in the database");
            if wanted.cursor.is_some() {
                // This list cannot go on where the engine left it; a new one can be begun.
                return Err(Problem::plain(&problem::BUSY).into());
            }
            find_plainly(app, &wanted, None, limit).await
        }
    }
}

fn still_fits(wanted: &FindProducts, product: &Product) -> bool {
    let price = product.unit_price_fen;
    !(wanted.in_stock && product.available_packs.is_zero())
        && wanted.price_from_fen.is_none_or(|from| from <= price)
        && wanted.price_to_fen.is_none_or(|to| price <= to)
}

/// Without the engine: by a part of the name, newest first.
async fn find_plainly(app: &App, wanted: &FindProducts, cursor: Option<String>, limit: u64) -> Result<Found, Failure> {
    let plain = Plain {
        text: wanted.q.as_deref(),
        category: wanted.category.as_ref(),
        county: wanted.county.as_ref(),
        province: wanted.province.as_ref(),
        supplier: wanted.supplier,
        price_from_fen: wanted.price_from_fen,
        price_to_fen: wanted.price_to_fen,
        in_stock: wanted.in_stock,
        after: PageQuery { limit: None, cursor }.after()?,
        limit: limit + 1,
    };
    let rows = catalogue::on_shelf_matching(app.reader(), &plain).await?;
    let Page { items, next } = Page::of(rows, limit, |row| row.id.uuid(), |row| row);
    Ok(Found { items, next: next.map(|next| format!("{PLAIN}{next}")), degraded: true })
}

/// Refuses conditions that name what there is not, and turns the county's code into that of today.
async fn check(app: &App, wanted: FindProducts) -> Result<FindProducts, Failure> {
    let db = app.reader();
    if wanted.q.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        return Err(Problem::invalid("?q", "最多 200 个字符。", "At most 200 characters.").into());
    }
    if let (Some(from), Some(to)) = (wanted.price_from_fen, wanted.price_to_fen)
        && from > to
    {
        let (zh, en) = ("最低价不得高于最高价。", "The lowest price cannot be above the highest.");
        return Err(Problem::invalid("?price_from_fen", zh, en).into());
    }
    if let Some(code) = &wanted.category
        && catalogue::find_category(db, code).await?.is_none()
    {
        let (zh, en) = (format!("没有品类 {code}。"), format!("There is no category {code}."));
        return Err(Problem::invalid("?category", zh, en).into());
    }
    if let Some(code) = &wanted.province
        && (region::province_of(code) != *code || region::division(db, code).await?.is_none())
    {
        let (zh, en) = (format!("没有代码为 {code} 的省份。"), format!("There is no province {code}."));
        return Err(Problem::invalid("?province", zh, en).into());
    }
    let county = match &wanted.county {
        Some(code) => Some(current_county(app, code).await?),
        None => None,
    };
    Ok(FindProducts { county, ..wanted })
}

async fn current_county(app: &App, code: &AreaCode) -> Result<AreaCode, Failure> {
    match region::relief_county(app.reader(), code).await? {
        Some(county) => Ok(county.current_code),
        None => {
            let zh = format!("{code} 不是 832 个脱贫县的代码（名单或现行）。");
            let en = format!("{code} is not the code of one of the 832 counties, on the list or today.");
            Err(Problem::invalid("?county", zh, en).into())
        }
    }
}
