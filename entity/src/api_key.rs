//! A key by which software acts for an organisation (接口密钥).

use crate::value::{ApiKeyId, MembershipId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A key by which software acts for an organisation (接口密钥).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// The membership of the software, in the role of an integrator.
    pub membership_id: MembershipId,
    /// The software, as it stands in the audit.
    pub person_id: PersonId,
    /// What it is for.
    pub name: String,
    /// The first characters of the key, by which people tell keys apart.
    pub prefix: String,
    /// The hash of the key.
    pub hash: String,
    /// The names of the actions it allows, with blanks between.
    pub scopes: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// Who made it.
    pub created_by: PersonId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// By whom.
    pub revoked_by: Option<PersonId>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
