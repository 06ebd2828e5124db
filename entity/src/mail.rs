//! A mail to somebody, and what became of it.

use crate::value::{MailCategory, MailId, MailState, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A mail to somebody, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    /// What it is about and to whom, so that none is sent twice.
    pub key: String,
    /// To whom; none when it goes to an organisation's address.
    pub person_id: Option<PersonId>,
    /// For which organisation.
    pub organisation_id: Option<OrganisationId>,
    /// What kind of mail it is.
    pub category: MailCategory,
    /// What became of it.
    pub state: MailState,
    /// Its subject.
    pub subject: String,
    /// Its text, while it waits to be gathered with others.
    pub body: Option<String>,
    /// Why it came back.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it went out.
    pub sent_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
