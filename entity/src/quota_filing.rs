//! A unit's filing of its reserved quota for a year (预留份额填报).

use crate::value::{
    Fen, OrganisationId, QuotaFilingId, Timestamp,
    state::{FilingKind, FilingState},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A unit's filing of its reserved quota for a year (预留份额填报).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_filing")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuotaFilingId,
    /// The unit.
    pub unit_id: OrganisationId,
    /// The year.
    pub year: i32,
    /// How the unit stands to the quota.
    pub kind: FilingKind,
    /// Where it is.
    pub state: FilingState,
    /// What the canteen buys in the year (年度食堂食材采购总额).
    pub canteen_total_fen: Fen,
    /// Of that, reserved (预留份额).
    pub canteen_reserved_fen: Fen,
    /// What the union buys in the year (工会采购总额).
    pub union_total_fen: Fen,
    /// Of that, reserved.
    pub union_reserved_fen: Fen,
    /// How many eat there (就餐人数).
    pub diners: i32,
    /// The unit that files for the shared canteen.
    pub representative_id: Option<OrganisationId>,
    /// Who buys for an outsourced canteen (实际采购执行主体).
    pub executing_body: Option<String>,
    /// What the unit says to findings.
    pub note: Option<String>,
    /// How often it was opened again after it was confirmed.
    pub amendments: i32,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
