//! What others may hear of sheets.

use crate::db::Event;
use entity::value::{ImportId, ImportKind, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A sheet cannot be read, or rows of it were not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportFailed {
    /// The import.
    pub import: ImportId,
    /// For whom.
    pub organisation: OrganisationId,
    /// What its rows are.
    pub kind: ImportKind,
    /// Whether nothing of it could be read.
    pub is_unreadable: bool,
    /// Rows that were not carried out.
    pub failed_rows: i32,
}

impl Event for ImportFailed {
    const TOPIC: &'static str = "import.failed";

    fn aggregate(&self) -> Uuid {
        self.import.uuid()
    }
}
