//! Rows of products: new ones are drafts; those that are there, by their identifier or by name and weight, are changed.

use super::{Around, Cells, Plan, Verdict, details, differ};
use crate::access::Grant;
use crate::access::policy::KeepProduct;
use crate::bulk::cells;
use crate::bulk::columns::{SCHEMES, columns};
use crate::bulk::read::Line;
use crate::catalogue;
use crate::catalogue::product::details::Details;
use crate::catalogue::product::view::{AddProduct, ChangeProduct};
use crate::catalogue::product::{self as batch, Changing};
use crate::db::Tx;
use crate::problem::Failure;
use crate::region;
use entity::value::{AreaCode, CategoryCode, Fen, ImportKind, ProductId};
use entity::{product, product_certificate};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Everything that rows are compared with.
struct Known {
    is_admitted: bool,
    categories: HashSet<CategoryCode>,
    counties: HashMap<AreaCode, AreaCode>,
    by_id: HashMap<ProductId, product::Model>,
    by_name: HashMap<(String, i64), ProductId>,
    certificates: HashMap<ProductId, Vec<product_certificate::Model>>,
    details: HashMap<ProductId, Details>,
    /// Those of the codes named as places of processing that are counties of today.
    processing: HashSet<AreaCode>,
}

impl Known {
    async fn of(db: &impl ConnectionTrait, around: &Around<'_>, lines: &[Line]) -> Result<Self, Failure> {
        let supplier = around.organisation;
        let ids: Vec<ProductId> = lines.iter().filter_map(|line| line.cells[0].parse().ok()).collect();
        let mut rows = catalogue::find_products(db, &ids).await?;
        rows.retain(|row| row.supplier_id == supplier);
        let names: Vec<&str> =
            lines.iter().filter(|line| line.cells[0].is_empty()).map(|line| line.cells[1].as_str()).collect();
        let named = batch::products_named(db, supplier, &names).await?;
        let by_name = named.iter().map(|row| ((row.name.clone(), row.pack_grams.get()), row.id)).collect();
        rows.extend(named);
        let ids: Vec<ProductId> = rows.iter().map(|row| row.id).collect();
        let certificates = catalogue::product_certificates(db, &ids).await?;
        let filter = region::CountyFilter { province: None, name: None, after: None, limit: 2000 };
        let mut counties = HashMap::new();
        for county in region::list_relief_counties(db, filter).await? {
            counties.insert(county.current_code.clone(), county.current_code.clone());
            counties.insert(county.code, county.current_code);
        }
        let at = columns(ImportKind::Products).iter().position(|column| column.key == "processing_county_code");
        let named = lines.iter().filter_map(|line| details::county_named(&line.cells, at?));
        let named: HashSet<AreaCode> = named.collect();
        let found = region::divisions(db, &named.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self {
            details: batch::product_details(db, &ids).await?,
            processing: found.into_iter().filter(|found| found.level == 3).map(|found| found.code).collect(),
            is_admitted: catalogue::is_admitted(db, supplier).await?,
            categories: catalogue::all_categories(db).await?.into_iter().map(|category| category.code).collect(),
            counties,
            by_id: rows.into_iter().map(|row| (row.id, row)).collect(),
            by_name,
            certificates,
        })
    }
}

pub(super) async fn judge(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    lines: &[Line],
) -> Result<Vec<Verdict>, Failure> {
    let known = Known::of(db, around, lines).await?;
    Ok(lines.iter().map(|line| judge_one(&known, line)).collect())
}

/// What a row says of a product.
struct Said {
    price: Option<Fen>,
    category: Option<CategoryCode>,
    county: Option<AreaCode>,
    pack_grams: Option<i64>,
    min_packs: Option<i64>,
    on_hand_packs: Option<i64>,
    shelf_life_days: Option<i64>,
    certificates: Option<Vec<Value>>,
}

fn said(known: &Known, cells: &mut Cells<'_>) -> Said {
    let category: Option<CategoryCode> =
        cells.parsed("category_code", "品类代码应为二、四或六位数字。", "A category code has two, four or six digits.");
    if category.as_ref().is_some_and(|code| !known.categories.contains(code)) {
        cells.fault("category_code", "没有这个品类。", "There is no such category.");
    }
    let county: Option<AreaCode> =
        cells.parsed("origin_county_code", "应为六位行政区划代码。", "A county code has six digits.");
    let county = county.and_then(|code| {
        let current = known.counties.get(&code).cloned();
        if current.is_none() {
            cells.fault("origin_county_code", "不是脱贫县的代码。", "It is no relief county.");
        }
        current
    });
    Said {
        price: cells.fen("unit_price"),
        category,
        county,
        pack_grams: cells.whole("pack_grams"),
        min_packs: cells.whole("min_packs"),
        on_hand_packs: cells.whole("on_hand_packs"),
        shelf_life_days: cells.whole("shelf_life_days"),
        certificates: certificates(cells),
    }
}

/// The certificates in a cell, one a line; nothing when one cannot be read.
fn certificates(cells: &mut Cells<'_>) -> Option<Vec<Value>> {
    let mut all = Vec::new();
    for line in cells.text("certificates").lines().filter(|line| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let scheme = parts.first().and_then(|word| cells::choice(word, SCHEMES));
        let from = parts.get(3).and_then(|text| cells::day(text));
        let until = parts.get(4).copied().unwrap_or_default();
        let to = cells::day(until);
        match (scheme, from) {
            (Some(scheme), Some(from)) if parts.len() <= 5 && (until.is_empty() || to.is_some()) => all.push(json!({
                "scheme": scheme, "number": parts[1], "issuer": parts[2], "valid_from": from, "valid_to": to,
            })),
            _ => {
                let zh = "每行应为：类型|编号|发证机构|有效期起|有效期止。";
                cells.fault("certificates", zh, "Each line is: scheme|number|issuer|first day|last day.");
                return None;
            }
        }
    }
    Some(all)
}

fn judge_one(known: &Known, line: &Line) -> Verdict {
    let mut cells = Cells::of(ImportKind::Products, line);
    let label = cells.text("name").to_owned();
    let said = said(known, &mut cells);
    let id: Option<ProductId> = cells.parsed("id", "不是商品编号。", "It is no identifier of a product.");
    let named = (cells.text("name").to_owned(), said.pack_grams.unwrap_or(-1));
    let id = id.or_else(|| known.by_name.get(&named).copied().filter(|_| cells.text("id").is_empty()));
    let there = id.and_then(|id| known.by_id.get(&id));
    if id.is_some() && there.is_none() {
        cells.fault("id", "本单位没有这个商品。", "You have no such product.");
    }
    let before = there.and_then(|now| known.details.get(&now.id)).cloned().unwrap_or_default();
    let details = details::wanted(&mut cells, &known.processing, &before);
    if !cells.faults.is_empty() {
        return Verdict::bad(label, cells.faults);
    }
    match there {
        Some(now) => judge_change(known, cells, &said, (now, &before, &details), label),
        None => judge_new(known, cells, &said, &details, label),
    }
}

fn judge_new(known: &Known, mut cells: Cells<'_>, said: &Said, details: &Details, label: String) -> Verdict {
    if !known.is_admitted {
        cells.fault("name", "供应商尚未入驻。", "The supplier is not admitted.");
    }
    let new = json!({
        "name": cells.text("name"), "category_code": said.category, "origin_county_code": said.county,
        "pack_grams": said.pack_grams, "unit_price_fen": said.price, "min_packs": said.min_packs,
        "on_hand_packs": said.on_hand_packs, "shelf_life_days": said.shelf_life_days,
        "description": cells.text("description"), "certificates": said.certificates,
        "details": details,
    });
    let new = match serde_path_to_error::deserialize::<_, AddProduct>(new) {
        Ok(new) => new,
        Err(error) => {
            let column = column_of(&format!("/{}", error.path()));
            cells.fault(column, "数值超出范围。", "The value is out of range.");
            return Verdict::bad(label, cells.faults);
        }
    };
    cells.adopt(batch::faults_of_new(&new), column_of);
    if cells.faults.is_empty() {
        Verdict::new(label, Plan::Add(Box::new(new)))
    } else {
        Verdict::bad(label, cells.faults)
    }
}

/// The column that a field of the single operations is in.
fn column_of(pointer: &str) -> &'static str {
    const COLUMNS: [(&str, &str); 9] = [
        ("/name", "name"),
        ("/category_code", "category_code"),
        ("/origin_county_code", "origin_county_code"),
        ("/pack_grams", "pack_grams"),
        ("/unit_price_fen", "unit_price"),
        ("/min_packs", "min_packs"),
        ("/on_hand_packs", "on_hand_packs"),
        ("/shelf_life_days", "shelf_life_days"),
        ("/description", "description"),
    ];
    let detail = pointer.strip_prefix("/details/").unwrap_or_default();
    let detail = details::COLUMNS.iter().find(|column| **column == detail).copied();
    let column = || COLUMNS.iter().find(|(field, _)| *field == pointer).map_or("certificates", |(_, column)| column);
    detail.unwrap_or_else(column)
}

fn judge_change(
    known: &Known,
    mut cells: Cells<'_>,
    said: &Said,
    (now, details_before, details): (&product::Model, &Details, &Details),
    label: String,
) -> Verdict {
    if said.pack_grams != Some(now.pack_grams.get()) {
        cells.fault("pack_grams", "登记后不能更改。", "It cannot be changed.");
    }
    if said.county.as_ref() != Some(&now.origin_county_code) {
        cells.fault("origin_county_code", "登记后不能更改。", "It cannot be changed.");
    }
    let mut changes = Vec::new();
    differ(&mut changes, "name", &now.name, cells.text("name"));
    let category = said.category.as_ref().map(CategoryCode::as_str).unwrap_or_default();
    differ(&mut changes, "category_code", &now.category_code, category);
    differ(&mut changes, "description", &now.description, cells.text("description"));
    differ(&mut changes, "min_packs", now.min_packs, said.min_packs.unwrap_or_default());
    differ(&mut changes, "shelf_life_days", now.shelf_life_days, said.shelf_life_days.unwrap_or_default());
    differ(&mut changes, "unit_price", now.unit_price_fen, said.price.unwrap_or(now.unit_price_fen));
    let held = known.certificates.get(&now.id).map(Vec::as_slice).unwrap_or_default();
    let (before, after) = (certificate_lines(held), said_lines(said));
    differ(&mut changes, "certificates", &before, &after);
    let (before, after) = (details::shown(details_before), details::shown(details));
    for ((column, before), after) in details::COLUMNS.iter().zip(before).zip(after) {
        differ(&mut changes, column, before, after);
    }
    let has = |column: &str| changes.iter().any(|change| change.column == column);
    let value = |column: &str, value: Value| if has(column) { value } else { Value::Null };
    let change = json!({
        "name": value("name", json!(cells.text("name"))), "category_code": value("category_code", json!(said.category)),
        "description": value("description", json!(cells.text("description"))),
        "min_packs": value("min_packs", json!(said.min_packs)),
        "shelf_life_days": value("shelf_life_days", json!(said.shelf_life_days)),
        "certificates": value("certificates", json!(with_scans(said, held))),
        "details": if details::COLUMNS.iter().any(|column| has(column)) { json!(details) } else { Value::Null },
    });
    let price = said.price.filter(|_| has("unit_price"));
    let change: ChangeProduct = match serde_json::from_value(change) {
        Ok(change) => change,
        Err(_) => {
            cells.fault("min_packs", "数值超出范围。", "A value is out of range.");
            return Verdict::bad(label, cells.faults);
        }
    };
    if !changes.is_empty() {
        cells.adopt(batch::faults_of_change(now, &change, price), column_of);
    }
    if !cells.faults.is_empty() {
        return Verdict::bad(label, cells.faults);
    }
    let object = now.id.uuid();
    if changes.is_empty() {
        return Verdict::same(label, object);
    }
    Verdict::changed(label, object, changes, Plan::Change(Box::new(Changing { id: now.id, change, price })))
}

/// The certificates that a row says, with the scans that were shown of them: a sheet has none.
fn with_scans(said: &Said, held: &[product_certificate::Model]) -> Vec<Value> {
    let scan = |said: &Value| {
        let is_it = |row: &&product_certificate::Model| {
            said["scheme"].as_str() == Some(row.scheme.as_str()) && said["number"].as_str() == Some(row.number.as_str())
        };
        held.iter().find(is_it).and_then(|row| row.file_id)
    };
    let said = said.certificates.iter().flatten();
    let with_scan = |certificate: &Value| {
        let mut certificate = certificate.clone();
        certificate["file_id"] = json!(scan(&certificate));
        certificate
    };
    said.map(with_scan).collect()
}

fn certificate_lines(held: &[product_certificate::Model]) -> String {
    let line = |row: &product_certificate::Model| {
        let scheme = SCHEMES.iter().find(|(value, _)| *value == row.scheme.as_str()).map_or("", |(_, zh)| *zh);
        let until = row.valid_to.map(|day| day.to_string()).unwrap_or_default();
        format!("{scheme}|{}|{}|{}|{until}", row.number, row.issuer, row.valid_from)
    };
    held.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn said_lines(said: &Said) -> String {
    let line = |held: &Value| {
        let word = |name: &str| held[name].as_str().unwrap_or_default();
        let scheme = SCHEMES.iter().find(|(value, _)| *value == word("scheme")).map_or("", |(_, zh)| *zh);
        format!("{scheme}|{}|{}|{}|{}", word("number"), word("issuer"), word("valid_from"), word("valid_to"))
    };
    said.certificates.iter().flatten().map(line).collect::<Vec<_>>().join("\n")
}

/// A product as a row of a sheet.
pub(in crate::bulk) fn shown(
    row: &product::Model,
    held: &[product_certificate::Model],
    details: &Details,
) -> Vec<String> {
    let mut cells = vec![
        row.id.to_string(),
        row.name.clone(),
        row.category_code.to_string(),
        row.origin_county_code.to_string(),
        row.pack_grams.to_string(),
        row.unit_price_fen.to_string(),
        row.min_packs.to_string(),
        row.on_hand_packs.to_string(),
        row.shelf_life_days.to_string(),
        row.description.clone(),
        certificate_lines(held),
    ];
    cells.extend(details::shown(details));
    cells
}

pub(super) async fn carry_out(
    tx: &Tx,
    around: &Around<'_>,
    verdicts: Vec<Verdict>,
) -> Result<Vec<Option<Uuid>>, Failure> {
    let grant = Grant::<KeepProduct>::claim(around.actor)?;
    let mut made: Vec<Option<Uuid>> = verdicts.iter().map(|verdict| verdict.object).collect();
    let (mut new, mut places, mut changing) = (Vec::new(), Vec::new(), Vec::new());
    for (place, verdict) in verdicts.into_iter().enumerate() {
        match verdict.plan {
            Plan::Add(product) => {
                new.push(*product);
                places.push(place);
            }
            Plan::Change(change) => changing.push(*change),
            _ => {}
        }
    }
    if !new.is_empty() {
        for (place, id) in places.into_iter().zip(batch::add_many(tx, &grant, &new).await?) {
            made[place] = Some(id.uuid());
        }
    }
    if !changing.is_empty() {
        batch::change_many(tx, &grant, &changing, around.config).await?;
    }
    Ok(made)
}
