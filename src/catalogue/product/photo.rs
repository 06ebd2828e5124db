//! Pictures of a product: put, taken away, served.
//!
//! Promises: what is served was drawn by us; its address never shows another picture, so it may be cached for ever.

use super::error::CatalogueError;
use super::picture::{self, Drawn};
use super::state::{self, Step};
use super::{service, store, view};
use crate::access::Grant;
use crate::access::policy::{KeepProduct, ReadPublic, ViewProductDraft};
use crate::app::App;
use crate::config::ReviewPart;
use crate::db::{Change, Tx};
use crate::document::{self, DocumentError, FileStore, Made};
use crate::http::IfMatch;
use crate::problem::Failure;
use entity::value::{FileId, PhotoId, ProductId, ProductState};
use entity::{product, product_photo};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// A product has so many pictures at most.
const MOST: usize = 12;

/// A picture that was drawn and kept.
pub(super) struct Kept {
    large_sha256: String,
    large_bytes: i64,
    small_sha256: String,
    small_bytes: i64,
    width: i32,
    height: i32,
}

/// Draws and keeps an uploaded picture, before any row says so.
pub(super) async fn draw(app: &App, grant: &Grant<KeepProduct>, file: FileId) -> Result<Kept, Failure> {
    let own = grant.organisation()?;
    let files = document::require_own(app.reader(), own, &[file]).await?;
    let sha256 = files.first().map(|found| found.sha256.clone()).unwrap_or_default();
    let store = app.part::<FileStore>()?;
    let content = store.read_whole(&sha256).await.map_err(DocumentError::from)?;
    // Decoding takes a while; others are served meanwhile.
    let drawn = actix_web::web::block(move || picture::draw(&content)).await;
    let Ok(Ok(Drawn { large, small, width, height })) = drawn else { return Err(CatalogueError::NoPicture.into()) };
    let size = |content: &Vec<u8>| i64::try_from(content.len()).unwrap_or(i64::MAX);
    Ok(Kept {
        large_bytes: size(&large),
        small_bytes: size(&small),
        large_sha256: store.keep_made(large).await.map_err(DocumentError::from)?,
        small_sha256: store.keep_made(small).await.map_err(DocumentError::from)?,
        width: i32::try_from(width).unwrap_or(i32::MAX),
        height: i32::try_from(height).unwrap_or(i32::MAX),
    })
}

/// Puts a picture behind those before.
pub(super) async fn add(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    seen: IfMatch,
    file: FileId,
    kept: &Kept,
    reviewed: &[ReviewPart],
) -> Result<view::Product, CatalogueError> {
    let held = service::hold(tx, grant, id, seen).await?;
    let there = store::photos(tx, &[id]).await?.remove(&id).unwrap_or_default();
    if there.len() >= MOST {
        return Err(CatalogueError::TooManyPictures);
    }
    let row = product_photo::Model {
        id: PhotoId::generate(),
        product_id: id,
        position: there.last().map_or(1, |last| last.position.saturating_add(1)),
        file_id: file,
        large_sha256: kept.large_sha256.clone(),
        small_sha256: kept.small_sha256.clone(),
        width: kept.width,
        height: kept.height,
        created_by: grant.person()?,
        created_at: tx.now(),
    };
    // What no file names is erased after a day.
    for (name, sha256, bytes) in
        [("large.jpg", &kept.large_sha256, kept.large_bytes), ("small.jpg", &kept.small_sha256, kept.small_bytes)]
    {
        let media_type = "image/jpeg";
        let (organisation, person) = (held.supplier_id, row.created_by);
        document::enter_made(tx, &Made { organisation, person, name, media_type, sha256, bytes }).await?;
    }
    let after = json!({ "photo": row.id, "sha256": row.large_sha256 });
    store::insert_photo(tx, row).await?;
    tx.audit(Change::made("product.add_photo", "product", id.uuid(), after)).await?;
    changed(tx, held, reviewed).await
}

/// Takes a picture away.
pub(super) async fn remove(
    tx: &Tx,
    grant: &Grant<KeepProduct>,
    id: ProductId,
    photo: PhotoId,
    seen: IfMatch,
    reviewed: &[ReviewPart],
) -> Result<view::Product, CatalogueError> {
    let held = service::hold(tx, grant, id, seen).await?;
    if !store::delete_photo(tx, id, photo).await? {
        return Err(CatalogueError::NotFound);
    }
    tx.audit(Change::made("product.remove_photo", "product", id.uuid(), json!({ "photo": photo }))).await?;
    changed(tx, held, reviewed).await
}

async fn changed(tx: &Tx, held: product::Model, reviewed: &[ReviewPart]) -> Result<view::Product, CatalogueError> {
    let from = held.state;
    let is_listed = matches!(from, ProductState::OnShelf | ProductState::OffShelf | ProductState::Ready);
    let to = state::next(from, Step::Change)?;
    let to = if is_listed && !reviewed.contains(&ReviewPart::Photos) { from } else { to };
    service::write_and_tell(tx, product::Model { state: to, ..held }, from).await
}

/// The hash under which a picture is kept, and whether everybody may see it.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    grant: &Grant<ReadPublic>,
    id: ProductId,
    photo: PhotoId,
    size: view::PhotoSize,
) -> Result<(String, bool), CatalogueError> {
    let is_public = !store::on_shelf_among(db, &[id]).await?.is_empty();
    let inside = match Grant::<ViewProductDraft>::claim(grant.actor()) {
        Ok(inside) if !is_public => store::find_visible(db, inside.scope(), id).await?.is_some(),
        _ => false,
    };
    if !is_public && !inside {
        return Err(CatalogueError::NotFound);
    }
    let there = store::photos(db, &[id]).await?.remove(&id).unwrap_or_default();
    let found = there.into_iter().find(|row| row.id == photo).ok_or(CatalogueError::NotFound)?;
    let sha256 = match size {
        view::PhotoSize::Large => found.large_sha256,
        view::PhotoSize::Small => found.small_sha256,
    };
    Ok((sha256, is_public))
}
