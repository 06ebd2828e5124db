//! Files as they come in and go out.

use chrono::{DateTime, Utc};
use entity::stored_file;
use entity::value::{FileId, OrganisationId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Under which name a file comes.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Upload {
    /// The file's name, shown to others.
    #[param(min_length = 1, max_length = 200, example = "营业执照.pdf")]
    pub name: String,
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only describes a body")]
pub struct FileContent(Vec<u8>);

/// An uploaded file (附件).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StoredFile {
    /// Its identifier.
    pub id: FileId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// The name it came under.
    #[schema(example = "营业执照.pdf")]
    pub name: String,
    /// What is in it.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Its size.
    #[schema(example = 48_213)]
    pub bytes: i64,
    /// Hash of its content (SHA-256, hex).
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Who uploaded it.
    pub created_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<stored_file::Model> for StoredFile {
    fn from(row: stored_file::Model) -> Self {
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            name: row.name,
            media_type: row.media_type,
            bytes: row.bytes,
            sha256: row.sha256,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}
