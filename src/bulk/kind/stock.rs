//! Rows of stock: what was counted. A row that says something else than what is there moves the stock by the
//! difference at the time it was looked at, so that what is sold in between is not forgotten.

use super::{Around, CellChange, Cells, Plan, Verdict};
use crate::access::Grant;
use crate::access::policy::KeepProduct;
use crate::bulk::read::Line;
use crate::catalogue;
use crate::catalogue::product as batch;
use crate::db::Tx;
use crate::problem::Failure;
use entity::product;
use entity::value::{ImportKind, Packs, ProductId};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) async fn judge(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    lines: &[Line],
) -> Result<Vec<Verdict>, Failure> {
    let ids: Vec<ProductId> = lines.iter().filter_map(|line| line.cells[0].parse().ok()).collect();
    let rows = catalogue::find_products(db, &ids).await?;
    let own = rows.into_iter().filter(|row| row.supplier_id == around.organisation);
    let own: HashMap<ProductId, product::Model> = own.map(|row| (row.id, row)).collect();
    Ok(lines.iter().map(|line| judge_one(&own, line)).collect())
}

fn judge_one(own: &HashMap<ProductId, product::Model>, line: &Line) -> Verdict {
    let mut cells = Cells::of(ImportKind::Stock, line);
    let id: Option<ProductId> = cells.parsed("id", "不是商品编号。", "It is no identifier of a product.");
    let now = id.and_then(|id| own.get(&id));
    if id.is_some() && now.is_none() {
        cells.fault("id", "本单位没有这个商品。", "You have no such product.");
    }
    let label = now.map_or_else(|| cells.text("name").to_owned(), |now| now.name.clone());
    let counted = cells.whole("on_hand_packs");
    if counted.is_some_and(|packs| Packs::new(packs).is_err()) {
        cells.fault("on_hand_packs", "数值超出范围。", "The value is out of range.");
    }
    if let (Some(now), Some(counted)) = (now, counted) {
        let name = cells.text("name");
        if !name.is_empty() && name != now.name {
            cells.fault("name", "与该编号的商品名称不符。", "It is not the name of the product with this identifier.");
        }
        if counted < now.reserved_packs.get() {
            let reserved = now.reserved_packs;
            let (zh, en) =
                (format!("已有 {reserved} 件被订单占用。"), format!("{reserved} packs are promised to orders."));
            cells.fault("on_hand_packs", zh, en);
        }
        if counted != now.on_hand_packs.get() && !(1..=500).contains(&cells.text("reason").chars().count()) {
            cells.fault(
                "reason",
                "库存有变时应说明原因，最多 500 个字。",
                "A change needs a reason, of at most 500 characters.",
            );
        }
    }
    match (now, counted) {
        (Some(now), Some(counted)) if cells.faults.is_empty() => {
            let (object, before) = (now.id.uuid(), now.on_hand_packs.get());
            if counted == before {
                return Verdict::same(label, object);
            }
            let column = "on_hand_packs".to_owned();
            let change = CellChange { column, before: before.to_string(), after: counted.to_string() };
            let reason = cells.text("reason").to_owned();
            let plan = Plan::Stock { product: now.id, packs: counted - before, reason };
            Verdict::changed(label, object, vec![change], plan)
        }
        _ => Verdict::bad(label, cells.faults),
    }
}

pub(super) async fn carry_out(
    tx: &Tx,
    around: &Around<'_>,
    verdicts: Vec<Verdict>,
) -> Result<Vec<Option<Uuid>>, Failure> {
    let grant = Grant::<KeepProduct>::claim(around.actor)?;
    let made = verdicts.iter().map(|verdict| verdict.object).collect();
    let mut wanted = Vec::new();
    for verdict in verdicts {
        if let Plan::Stock { product, packs, reason } = verdict.plan {
            wanted.push((product, packs, reason));
        }
    }
    batch::move_stock(tx, &grant, &wanted).await?;
    Ok(made)
}
