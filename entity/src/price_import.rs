//! One file of a wholesale market's prices.

use crate::value::{AreaCode, PersonId, PriceImportId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One file of a wholesale market's prices.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_import")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PriceImportId,
    /// The market (批发市场).
    pub market: String,
    /// The province or city it stands in.
    pub region_code: AreaCode,
    /// Hash of the file, hex: the same file is taken once.
    pub sha256: String,
    /// Rows in the file.
    pub rows_total: i64,
    /// Rows left out.
    pub rows_refused: i64,
    /// Daily prices written.
    pub prices: i64,
    /// Who brought it; nobody for a command at the machine.
    pub imported_by: Option<PersonId>,
    /// When.
    pub imported_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
