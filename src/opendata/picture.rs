//! What is known about a procurement, in the words of the standard (OCDS 1.1.5).
//!
//! One order is one contracting process: planned from a budget, tendered as `method` says of its way to buy, awarded to
//! each supplier of whom anything was ordered, with one contract each. Pure.
//!
//! Promises: parties are organisations, never persons or households; free text that people typed about an order
//! (addresses, reasons, notes, remitters) is not in it; lists only grow, so that a merge can follow them.

use super::facts::{Facts, Goods, Part};
use super::json::{instant, money, object};
use crate::region;
use entity::value::{AreaCode, Fen, InvoiceKind, OrderState, OrganisationId, SupplierOrderId, business_day_begins};
use entity::{order_line, organisation};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The scheme of unified social credit codes (统一社会信用代码, GB 32100).
const CREDIT_CODES: &str = "CN-USCC";
/// The scheme of what has no such code here.
const OURS: &str = "LIANNONG";

/// The whole picture, without what belongs to a release.
#[must_use]
pub fn draw(facts: &Facts, ocid: &str) -> Map<String, Value> {
    let picture = object([
        ("ocid", json!(ocid)),
        ("initiationType", json!("tender")),
        ("language", json!("zh")),
        ("parties", parties(facts)),
        ("buyer", reference(facts, facts.group.buyer_id)),
        ("planning", planning(facts)),
        ("tender", tender(facts)),
        ("awards", list(facts.parts.iter().map(|part| award(facts, part)))),
        ("contracts", list(facts.parts.iter().filter(|part| is_agreed(part)).map(|part| contract(facts, part)))),
    ]);
    match picture {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A list, when there is anything in it.
fn list(items: impl Iterator<Item = Value>) -> Value {
    let items: Vec<Value> = items.collect();
    if items.is_empty() { Value::Null } else { Value::Array(items) }
}

fn party_id(row: &organisation::Model) -> String {
    match &row.credit_code {
        Some(code) => format!("{CREDIT_CODES}-{code}"),
        None => format!("{OURS}-{}", row.id),
    }
}

fn reference(facts: &Facts, id: OrganisationId) -> Value {
    facts.organisations.get(&id).map_or(Value::Null, |row| json!({ "id": party_id(row), "name": row.name }))
}

fn parties(facts: &Facts) -> Value {
    let mut roles: BTreeMap<OrganisationId, Vec<&str>> = BTreeMap::new();
    roles.entry(facts.group.buyer_id).or_default().extend(["buyer", "procuringEntity", "payer"]);
    for part in &facts.parts {
        roles.entry(part.order.supplier_id).or_default().extend(["supplier", "payee"]);
    }
    let mut shown = Vec::new();
    for (id, mut roles) in roles {
        let Some(row) = facts.organisations.get(&id) else { continue };
        roles.dedup();
        shown.push(object([
            ("id", json!(party_id(row))),
            ("name", json!(row.name)),
            ("identifier", identifier(row)),
            ("address", address(facts, &row.division_code)),
            ("roles", json!(roles)),
        ]));
    }
    Value::Array(shown)
}

fn identifier(row: &organisation::Model) -> Value {
    match &row.credit_code {
        Some(code) => json!({ "scheme": CREDIT_CODES, "id": code, "legalName": row.name }),
        None => json!({ "scheme": OURS, "id": row.id, "legalName": row.name }),
    }
}

/// The division in which an organisation sits: no street.
fn address(facts: &Facts, code: &AreaCode) -> Value {
    let name = |code: &AreaCode| facts.divisions.get(code).map_or(Value::Null, |name| json!(name));
    object([("countryName", json!("中国")), ("region", name(&region::province_of(code))), ("locality", name(code))])
}

fn planning(facts: &Facts) -> Value {
    let budget = facts.budget.as_ref().map_or(Value::Null, |budget| {
        object([
            ("id", json!(budget.id)),
            ("description", json!(budget.fund_source)),
            ("amount", money(budget.amount_fen)),
        ])
    });
    let quotas = list(facts.quotas.iter().map(|filing| {
        let reserved = filing.canteen_reserved_fen.checked_add(filing.union_reserved_fen).unwrap_or(Fen::ZERO);
        object([
            ("id", json!(filing.id)),
            ("year", json!(filing.year)),
            ("unit", reference(facts, filing.unit_id)),
            ("value", money(reserved)),
        ])
    }));
    let rationale = json!("采购脱贫地区农副产品");
    object([("rationale", rationale), ("budget", budget), ("reservedQuotas", quotas)])
}

fn tender(facts: &Facts) -> Value {
    let is_over = facts.parts.iter().all(|part| part.order.state == OrderState::Cancelled);
    let lines = facts.parts.iter().flat_map(|part| &part.lines);
    let mut shown = object([
        ("id", json!(facts.group.number)),
        ("title", json!(format!("采购单 {}", facts.group.number))),
        ("status", json!(if is_over { "cancelled" } else { "complete" })),
        ("procuringEntity", reference(facts, facts.group.buyer_id)),
        ("mainProcurementCategory", json!("goods")),
        ("value", money(facts.group.total_fen)),
        ("items", lines.map(|line| item(facts, line, line.packs.get())).collect()),
    ]);
    for (name, said) in facts.way.members() {
        if !said.is_null() {
            shown[name] = said;
        }
    }
    shown
}

fn item(facts: &Facts, line: &order_line::Model, packs: i64) -> Value {
    let goods = facts.goods.get(&line.product_id);
    object([
        ("id", json!(line.id)),
        ("description", json!(line.product_name)),
        ("classification", goods.map_or(Value::Null, |goods| classification(facts, goods))),
        ("quantity", json!(packs)),
        ("unit", json!({ "name": format!("件（{} 克）", line.pack_grams.get()), "value": money(line.unit_price_fen) })),
        ("origin", goods.map_or(Value::Null, |goods| origin(facts, goods))),
    ])
}

fn classification(facts: &Facts, goods: &Goods) -> Value {
    let name = facts.categories.get(&goods.category).map_or(Value::Null, |name| json!(name));
    object([("scheme", json!("LIANNONG-CATEGORY")), ("id", json!(goods.category)), ("description", name)])
}

fn origin(facts: &Facts, goods: &Goods) -> Value {
    let name = facts.divisions.get(&goods.origin).map_or(Value::Null, |name| json!(name));
    object([
        ("scheme", json!("CN-GB2260")),
        ("id", json!(goods.origin)),
        ("description", name),
        ("isReliefCounty", json!(facts.relief.contains(&goods.origin))),
    ])
}

/// What stands of a line: ordered, less what was taken off before it left.
fn standing(line: &order_line::Model) -> i64 {
    line.packs.get() - line.withdrawn_packs.get()
}

fn items(facts: &Facts, part: &Part) -> Value {
    part.lines.iter().map(|line| item(facts, line, standing(line))).collect()
}

fn is_agreed(part: &Part) -> bool {
    part.order.confirmed_at.is_some()
}

fn award_id(order: SupplierOrderId) -> String {
    format!("award-{order}")
}

fn award(facts: &Facts, part: &Part) -> Value {
    let order = &part.order;
    let status = match (order.state, order.confirmed_at) {
        (OrderState::Cancelled, _) => "cancelled",
        (_, Some(_)) => "active",
        (_, None) => "pending",
    };
    object([
        ("id", json!(award_id(order.id))),
        ("title", json!(order.number)),
        ("status", json!(status)),
        ("date", json!(instant(order.placed_at))),
        ("value", money(order.total_fen)),
        ("suppliers", json!([reference(facts, order.supplier_id)])),
        ("items", items(facts, part)),
    ])
}

fn contract(facts: &Facts, part: &Part) -> Value {
    let order = &part.order;
    let status = match order.state {
        OrderState::Cancelled => "cancelled",
        OrderState::Completed | OrderState::Refused | OrderState::Returned => "terminated",
        _ => "active",
    };
    object([
        ("id", json!(order.id)),
        ("awardID", json!(award_id(order.id))),
        ("title", json!(order.number)),
        ("status", json!(status)),
        ("value", money(order.total_fen)),
        ("items", items(facts, part)),
        ("dateSigned", order.confirmed_at.map_or(Value::Null, |at| json!(instant(at)))),
        ("implementation", implementation(facts, part)),
        ("relief", relief(part)),
    ])
}

fn implementation(facts: &Facts, part: &Part) -> Value {
    let milestones = part
        .shipments
        .iter()
        .map(|row| milestone(&row.id.to_string(), "delivery", &format!("第 {} 批发货", row.number), row.shipped_at))
        .chain(part.acceptances.iter().map(|row| {
            milestone(&row.id.to_string(), "assessment", &format!("第 {} 次验收", row.number), row.accepted_at)
        }));
    let shown = object([
        ("transactions", list(transactions(facts, part).into_iter())),
        ("milestones", list(milestones)),
        ("invoices", list(invoices(part))),
    ]);
    if shown.as_object().is_some_and(Map::is_empty) { Value::Null } else { shown }
}

fn milestone(id: &str, kind: &str, title: &str, met: entity::value::Timestamp) -> Value {
    json!({ "id": id, "title": title, "type": kind, "status": "met", "dateMet": instant(met) })
}

/// What the buyer paid, and what it was given back. The bank's words about who sent it are not repeated.
fn transactions(facts: &Facts, part: &Part) -> Vec<Value> {
    let buyer = || reference(facts, part.order.buyer_id);
    let supplier = || reference(facts, part.order.supplier_id);
    let paid = part.payments.iter().map(|row| {
        let day = facts.booked.get(&row.bank_row_id).copied();
        let at = day.map_or_else(|| instant(row.recorded_at), |day| instant(business_day_begins(day)));
        let amount = row.amount_fen.checked_add(row.excess_fen).unwrap_or(row.amount_fen);
        json!({ "id": row.id, "date": at, "value": money(amount), "payer": buyer(), "payee": supplier() })
    });
    let given_back = part.refunds.iter().map(|row| {
        let at = instant(business_day_begins(row.paid_on));
        json!({ "id": row.id, "date": at, "value": money(row.amount_fen), "payer": supplier(), "payee": buyer() })
    });
    paid.chain(given_back).collect()
}

fn invoices(part: &Part) -> impl Iterator<Item = Value> {
    part.invoices.iter().map(|row| {
        object([
            ("id", json!(row.number)),
            ("kind", json!(if row.kind == InvoiceKind::Red { "correction" } else { "invoice" })),
            ("date", json!(instant(business_day_begins(row.issued_on)))),
            ("value", money(row.amount_fen)),
        ])
    })
}

/// What the purchase was for: the relief facts.
fn relief(part: &Part) -> Value {
    let fen = |amount: i64| money(Fen::new(amount.max(0)).unwrap_or(Fen::ZERO));
    let seal = part
        .seal
        .as_ref()
        .map_or(Value::Null, |seal| json!({ "number": seal.number, "merkleRoot": seal.root, "hash": seal.hash }));
    object([
        ("acceptedValue", money(part.order.accepted_fen)),
        ("creditedValue", money(part.order.credited_fen)),
        ("promisedValue", fen(part.income.promised)),
        ("attributedValue", fen(part.income.accrued)),
        ("paidToHouseholdsValue", fen(part.income.paid)),
        ("households", part.households.map_or(Value::Null, |count| json!(count))),
        ("householdsSuppressed", json!(part.households.is_none())),
        ("seal", seal),
    ])
}
