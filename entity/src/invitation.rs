//! An invitation to act for an organisation (邀请).

use crate::value::role::Role;
use crate::value::{InvitationId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// An invitation to act for an organisation (邀请).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// Where it was sent.
    pub email: String,
    /// The name of whoever is invited.
    pub display_name: String,
    /// Who invited.
    pub invited_by: PersonId,
    /// The hash of the token in the mail.
    pub token_hash: String,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// By whom.
    pub accepted_by: Option<PersonId>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
