//! What can be done with files.

use super::error::DocumentError;
use super::files::Received;
use super::store;
use crate::access::Grant;
use crate::access::policy::{ReadFile, UploadFile};
use crate::db::{Change, Tx};
use entity::stored_file::{ActiveModel, Model};
use entity::value::{FileId, OrganisationId, PersonId};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

/// Files that another domain refers to: each is there and belongs to the organisation. In the order asked for.
///
/// # Errors
/// [`DocumentError::NotOwn`] names the first that is not.
pub async fn require_own(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[FileId],
) -> Result<Vec<Model>, DocumentError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::find_own(db, organisation, ids).await?;
    ids.iter().map(|id| found.iter().find(|file| file.id == *id).cloned().ok_or(DocumentError::NotOwn(*id))).collect()
}

/// Those of the files that belong to the organisation, in no order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn own_among(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[FileId],
) -> Result<Vec<Model>, sea_orm::DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    store::find_own(db, organisation, ids).await
}

/// The name, when it can be kept.
pub(super) fn check_name(name: &str) -> Result<String, DocumentError> {
    let name = name.trim();
    let is_plain = !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
    if (1..=200).contains(&name.chars().count()) && is_plain {
        Ok(name.to_owned())
    } else {
        Err(DocumentError::NameWrong)
    }
}

/// What a received file is, when it is of a kind that is kept and what the sender says.
pub(super) fn check_content(received: &Received, declared: &str) -> Result<&'static str, DocumentError> {
    if received.bytes == 0 {
        return Err(DocumentError::Empty);
    }
    match received.traits.media_type(declared) {
        Some(found) if found == declared => Ok(found),
        found => Err(DocumentError::TypeRefused { declared: declared.to_owned(), found }),
    }
}

/// Enters a file whose content is kept already.
pub(super) async fn enter(
    tx: &Tx,
    grant: &Grant<UploadFile>,
    name: &str,
    media_type: &str,
    received: &Received,
) -> Result<Model, DocumentError> {
    let row = ActiveModel {
        id: Set(FileId::generate()),
        organisation_id: Set(grant.organisation()?),
        sha256: Set(received.sha256.clone()),
        name: Set(name.to_owned()),
        media_type: Set(media_type.to_owned()),
        bytes: Set(i64::try_from(received.bytes).map_err(|_| DocumentError::TooLarge)?),
        created_by: Set(grant.person()?),
        created_at: Set(tx.now()),
    };
    let row = store::insert(tx, row).await?;
    // The name is left out: people put other people's names in it.
    let after = json!({ "sha256": row.sha256, "bytes": row.bytes, "media_type": row.media_type });
    tx.audit(Change::made("file.upload", "stored_file", row.id.uuid(), after)).await?;
    Ok(row)
}

/// A content that the house made for somebody, such as a thumbnail.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Who had it made.
    pub person: PersonId,
    /// What it is called.
    pub name: &'a str,
    /// What is in it.
    pub media_type: &'a str,
    /// Hash of the content, which is kept already.
    pub sha256: &'a str,
    /// Its size.
    pub bytes: i64,
}

/// Enters a content that the house made: what no row names is erased after a day.
///
/// # Errors
/// When the database refuses.
pub async fn enter_made(tx: &Tx, made: &Made<'_>) -> Result<FileId, DocumentError> {
    let row = ActiveModel {
        id: Set(FileId::generate()),
        organisation_id: Set(made.organisation),
        sha256: Set(made.sha256.to_owned()),
        name: Set(made.name.to_owned()),
        media_type: Set(made.media_type.to_owned()),
        bytes: Set(made.bytes),
        created_by: Set(made.person),
        created_at: Set(tx.now()),
    };
    Ok(store::insert(tx, row).await?.id)
}

/// One file in reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ReadFile>,
    id: FileId,
) -> Result<Model, DocumentError> {
    store::find(db, grant.scope(), id).await?.ok_or(DocumentError::NotFound)
}
