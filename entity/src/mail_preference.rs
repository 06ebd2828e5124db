//! How somebody wishes to be told by mail.

use crate::value::{MailLanguage, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// How somebody wishes to be told by mail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_preference")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    /// In which language.
    pub language: MailLanguage,
    /// Whether the day's mails are gathered into one.
    pub digest: bool,
    /// From which hour on nothing is sent, by the clocks of China.
    pub quiet_from: i32,
    /// Until which hour; the same hour means never quiet.
    pub quiet_until: i32,
    /// The kinds of mail that are not wanted, with blanks between.
    pub muted: String,
    /// When the day's mails were last gathered.
    pub digested_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
