//! A cooperative, budget unit, enterprise, county office, village committee … (单位).

use crate::value::{AreaCode, CreditCode, OrganisationId, Timestamp, state::OrganisationKind};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A cooperative, budget unit, enterprise, county office, village committee … (单位).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its registered name.
    pub name: String,
    /// Its unified social credit code (统一社会信用代码).
    pub credit_code: Option<CreditCode>,
    /// The division it belongs to.
    pub division_code: AreaCode,
    /// The organisation above it (主管单位).
    pub parent_id: Option<OrganisationId>,
    /// Whom to ask.
    pub contact_name: Option<String>,
    /// Their phone number, encrypted.
    pub contact_phone_cipher: Option<String>,
    /// Where mail reaches it.
    pub contact_email: Option<String>,
    /// Whether it may act.
    pub is_active: bool,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
