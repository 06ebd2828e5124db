//! Finding products for somebody: ask the engine, show what the database has, and do without the engine if need be.

use super::engine::{MAX_SUGGESTIONS, PriceBand, Query, SearchError, Suggestion, SuggestionKind};
use super::facets;
use super::facts::Facts;
use super::marks::{self, Sought, Span};
use super::part::Engine;
use super::view::{FindProducts, Found, FoundProduct, Highlights, Mark, Marked, Suggest, Suggested, Suggestions};
use super::{script, words};
use crate::app::App;
use crate::catalogue::{self, Plain, Product};
use crate::http::{Page, PageQuery};
use crate::problem::{self, Failure, Problem};
use crate::region;
use chrono::Datelike;
use entity::value::{AreaCode, business_date};

/// The longest text that is looked for.
const LONGEST_TEXT: usize = 200;

/// Begins the cursor of a plain look-up, which goes on as one: the engine's cursors mean nothing to it.
const PLAIN: &str = "plain.";

/// How many texts are offered when nothing was found.
const OFFERED: usize = 5;

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
    let query = query(app, &wanted, limit);
    let engine = app.part::<Engine>()?;
    match engine.block(move |engine| engine.search(&query)).await {
        Ok(hits) => {
            engine.answered(true);
            let mut items = catalogue::on_shelf(app.reader(), &hits.ids).await?;
            // The copy in the index may be a moment older than the product.
            items.retain(|product| still_fits(&wanted, product));
            let facets = match hits.facets {
                Some(counts) => Some(facets::named(app, counts).await?),
                None => None,
            };
            let instead = if hits.total == 0 { instead(engine, &wanted).await } else { Vec::new() };
            let (items, next, total) = (with_highlights(&wanted, items), hits.next, Some(hits.total));
            Ok(Found { items, next, total, nearest: hits.nearest, instead, facets, degraded: false })
        }
        Err(error @ SearchError::Cursor) => Err(error.into()),
        Err(error) => {
            engine.answered(false);
            tracing::warn!(%error, "the search index is out of order; looking in the database");
            if wanted.cursor.is_some() {
                // This list cannot go on where the engine left it; a new one can be begun.
                return Err(Problem::plain(&problem::BUSY).into());
            }
            find_plainly(app, &wanted, None, limit).await
        }
    }
}

fn query(app: &App, wanted: &FindProducts, limit: u64) -> Query {
    Query {
        text: wanted.q.clone(),
        category: wanted.category.clone(),
        county: wanted.county.clone(),
        province: wanted.province.clone(),
        supplier: wanted.supplier,
        certification: wanted.certification,
        price_band: wanted.price_band,
        month: wanted.month,
        price_from_fen: wanted.price_from_fen,
        price_to_fen: wanted.price_to_fen,
        in_stock: wanted.in_stock,
        sort: wanted.sort,
        this_month: u8::try_from(business_date(app.clock.now()).month()).ok(),
        facets: wanted.facets,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
        after: wanted.cursor.clone(),
    }
}

fn still_fits(wanted: &FindProducts, product: &Product) -> bool {
    let price = product.unit_price_fen;
    !(wanted.in_stock && product.available_packs.is_zero())
        && wanted.price_from_fen.is_none_or(|from| from <= price)
        && wanted.price_to_fen.is_none_or(|to| price <= to)
        && wanted.price_band.is_none_or(|band| PriceBand::of(product.fen_per_kilogram.get()) == band)
}

/// What comes nearest to words that find nothing under these conditions, whatever the conditions. A failure here is no
/// reason to keep the answer back.
async fn instead(engine: &Engine, wanted: &FindProducts) -> Vec<Suggested> {
    let Some(text) = wanted.q.clone() else { return Vec::new() };
    match engine.block(move |engine| engine.suggest(&text, OFFERED)).await {
        Ok(suggestions) => suggestions.into_iter().map(suggested).collect(),
        Err(error) => {
            tracing::warn!(%error, "nothing can be suggested");
            Vec::new()
        }
    }
}

fn suggested(suggestion: Suggestion) -> Suggested {
    let Suggestion { text, kind, code, products } = suggestion;
    Suggested { text, kind, code, products: Some(products) }
}

fn with_highlights(wanted: &FindProducts, items: Vec<Product>) -> Vec<FoundProduct> {
    let sought = wanted.q.as_deref().map(Sought::new);
    let found = items.into_iter().map(|product| {
        let highlights = sought.as_ref().map(|sought| Highlights {
            name: marked(sought, &product.name),
            brand: product.details.brand.as_deref().and_then(|brand| marked(sought, brand)),
            supplier: marked(sought, &product.supplier.name),
            county: marked(sought, &product.origin.county_name),
        });
        FoundProduct { product, highlights }
    });
    found.collect()
}

fn marked(sought: &Sought, text: &str) -> Option<Marked> {
    let spans = sought.spans(text);
    let html = (!spans.is_empty()).then(|| marks::html(text, &spans))?;
    Some(Marked { html, marks: spans.into_iter().map(|Span { start, end }| Mark { start, end }).collect() })
}

/// Without the engine: by a part of the name, newest first.
async fn find_plainly(app: &App, wanted: &FindProducts, cursor: Option<String>, limit: u64) -> Result<Found, Failure> {
    let text = wanted.q.as_deref().map(script::simplified);
    let plain = Plain {
        text: text.as_deref(),
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
    let Page { mut items, next } = Page::of(rows, limit, |row| row.id.uuid(), |row| row);
    items.retain(|product| still_fits(wanted, product) && certified(app, wanted, product));
    if let Some(month) = wanted.month {
        let ids: Vec<_> = items.iter().map(|product| product.id).collect();
        let seasons = Facts::seasons(app.reader(), &ids).await?;
        items.retain(|product| match product.details.season_months.as_slice() {
            [] => seasons.get(&product.id).is_some_and(|months| months.contains(&month)),
            said => said.contains(&month),
        });
    }
    let next = next.map(|next| format!("{PLAIN}{next}"));
    let items = with_highlights(wanted, items);
    Ok(Found { items, next, total: None, nearest: false, instead: Vec::new(), facets: None, degraded: true })
}

/// Whether a product is certified today as is asked for.
fn certified(app: &App, wanted: &FindProducts, product: &Product) -> bool {
    let today = business_date(app.clock.now());
    wanted.certification.is_none_or(|scheme| {
        let mut held = product.certificates.iter().filter(|certificate| certificate.scheme == scheme);
        held.any(|held| held.valid_from <= today && held.valid_to.is_none_or(|last| today <= last))
    })
}

/// Suggests what a text that is being typed may become.
///
/// # Errors
/// When the text is empty or too long, or the database cannot be asked.
pub async fn suggest(app: &App, wanted: Suggest) -> Result<Suggestions, Failure> {
    check_text(&wanted.q)?;
    let limit = match wanted.limit {
        None => 10,
        Some(limit @ 1..=20) => usize::try_from(limit).unwrap_or(MAX_SUGGESTIONS),
        Some(_) => {
            return Err(Problem::invalid("?limit", "limit 应在 1 至 20 之间。", "limit lies between 1 and 20.").into());
        }
    };
    let engine = app.part::<Engine>()?;
    let text = wanted.q.clone();
    match engine.block(move |engine| engine.suggest(&text, limit)).await {
        Ok(suggestions) => {
            engine.answered(true);
            Ok(Suggestions { items: suggestions.into_iter().map(suggested).collect(), degraded: false })
        }
        Err(error) => {
            engine.answered(false);
            tracing::warn!(%error, "the search index is out of order; suggesting from the database");
            suggest_plainly(app, &wanted.q, limit).await
        }
    }
}

/// Without the engine: the names of products that hold the text.
async fn suggest_plainly(app: &App, text: &str, limit: usize) -> Result<Suggestions, Failure> {
    let text = script::simplified(text);
    let plain = Plain { text: Some(&text), limit: u64::try_from(limit).unwrap_or(10) * 3, ..Plain::default() };
    let rows = catalogue::on_shelf_matching(app.reader(), &plain).await?;
    let mut items: Vec<Suggested> = Vec::new();
    for text in rows.into_iter().map(|row| words::stem(&row.name)) {
        if items.len() < limit && !items.iter().any(|item| item.text == text) {
            items.push(Suggested { text, kind: SuggestionKind::Product, code: None, products: None });
        }
    }
    Ok(Suggestions { items, degraded: true })
}

fn check_text(text: &str) -> Result<(), Failure> {
    match text.chars().count() {
        0 => Err(Problem::invalid("?q", "不能为空。", "It cannot be empty.").into()),
        1..=LONGEST_TEXT => Ok(()),
        _ => Err(Problem::invalid("?q", "最多 200 个字符。", "At most 200 characters.").into()),
    }
}

/// Refuses conditions that name what there is not, and turns the county's code into that of today.
async fn check(app: &App, wanted: FindProducts) -> Result<FindProducts, Failure> {
    let db = app.reader();
    if let Some(text) = wanted.q.as_deref().filter(|text| !text.is_empty()) {
        check_text(text)?;
    }
    if let (Some(from), Some(to)) = (wanted.price_from_fen, wanted.price_to_fen)
        && from > to
    {
        let (zh, en) = ("最低价不得高于最高价。", "The lowest price cannot be above the highest.");
        return Err(Problem::invalid("?price_from_fen", zh, en).into());
    }
    if wanted.month.is_some_and(|month| !(1..=12).contains(&month)) {
        return Err(Problem::invalid("?month", "月份应在 1 至 12 之间。", "A month lies between 1 and 12.").into());
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
