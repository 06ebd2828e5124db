//! One sign-in, from the password to its end (会话).

use crate::value::role::Role;
use crate::value::{MembershipId, OrganisationId, PersonId, SessionEnd, SessionId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One sign-in, from the password to its end (会话).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Its identifier, which access tokens carry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Who.
    pub person_id: PersonId,
    /// In which of their roles.
    pub membership_id: MembershipId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// The session that began with the password; those switched to from it belong to it.
    pub family: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When its tokens were last renewed.
    pub last_used_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// What the browser or program said it is.
    pub user_agent: Option<String>,
    /// From which address it was begun.
    pub address: Option<String>,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub revoke_reason: Option<SessionEnd>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
