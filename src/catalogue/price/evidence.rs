//! Proofs of prices that suppliers show.

use super::error::PriceError;
use super::{store, view};
use crate::access::Grant;
use crate::access::policy::{KeepProduct, ViewProductDraft};
use crate::catalogue::check::Check;
use crate::catalogue::product;
use crate::db::{Change, Tx};
use crate::document;
use entity::price_evidence;
use entity::value::{EvidenceId, EvidenceKind, ProductId};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Shows a proof of a product's present price.
///
/// # Errors
/// When the product is out of reach, or it is neither a link nor a paper.
pub(super) async fn add(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    wanted: &view::AddEvidence,
) -> Result<view::Evidence, PriceError> {
    let found = product::find_visible(tx, grant.scope(), id).await?.ok_or(PriceError::NotFound)?;
    let is_address = |link: &str| {
        let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
    };
    let per_kilogram = product::price::per_kilogram(wanted.seen_price_fen, wanted.seen_pack_grams);
    Check::new()
        .text_if_any("/link", wanted.link.as_deref(), 1000)
        .that(
            wanted.link.as_deref().is_none_or(is_address),
            "/link",
            "应为以 http:// 或 https:// 开头的网址。",
            "An address beginning with http:// or https:// is expected.",
        )
        .that(
            wanted.link.is_some() != wanted.file_id.is_some(),
            "/link",
            "链接与文件应提供且只提供一个。",
            "Either a link or a file is expected.",
        )
        .that(
            per_kilogram.is_ok() && !wanted.seen_price_fen.is_zero(),
            "/seen_price_fen",
            "单价和净含量应大于零，折合每千克不得超过 10 万元。",
            "Price and weight are more than nothing, and a kilogram costs 100,000 yuan at most.",
        )
        .done()?;
    let files: Vec<_> = wanted.file_id.into_iter().collect();
    document::require_own(tx, found.supplier_id, &files).await?;
    let row = price_evidence::Model {
        id: EvidenceId::generate(),
        product_id: id,
        price_id: found.price_id,
        kind: if wanted.link.is_some() { EvidenceKind::Link } else { EvidenceKind::Document },
        link: wanted.link.clone(),
        file_id: wanted.file_id,
        seen_price_fen: wanted.seen_price_fen,
        seen_pack_grams: wanted.seen_pack_grams,
        created_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_evidence(tx, row.clone()).await?;
    let after = json!({ "evidence": row.id, "kind": row.kind, "price_id": row.price_id });
    tx.audit(Change::made("product.prove_price", "product", id.uuid(), after)).await?;
    Ok(row.into())
}

/// The proofs of a product's prices.
///
/// # Errors
/// When the product is out of reach.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewProductDraft>,
    id: ProductId,
) -> Result<view::Proofs, PriceError> {
    product::find_visible(db, grant.scope(), id).await?.ok_or(PriceError::NotFound)?;
    let items = store::evidence(db, id).await?.into_iter().map(view::Evidence::from).collect();
    Ok(view::Proofs { items })
}
