//! A consent given or withdrawn (同意记录), one event for ever.

use crate::value::{
    ConsentEvent, ConsentId, ConsentMethod, FileId, HouseholdId, MemberId, NoticeId, OrganisationId, PersonId,
    Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A consent given or withdrawn (同意记录), one event for ever.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_record")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsentId,
    /// Whose household.
    pub household_id: HouseholdId,
    /// Whose data it is about; the whole household's where absent.
    pub member_id: Option<MemberId>,
    /// What they were told.
    pub notice_id: NoticeId,
    /// Given or withdrawn.
    pub event: ConsentEvent,
    /// Which consent a withdrawal takes back.
    pub withdraws: Option<ConsentId>,
    /// Who gave it: the person themselves, or who may speak for them.
    pub given_by: MemberId,
    /// How.
    pub method: ConsentMethod,
    /// The signed paper, or a recording of it.
    pub evidence_file_id: Option<FileId>,
    /// The first day.
    pub effective_from: NaiveDate,
    /// The last day; until it is withdrawn where absent.
    pub valid_until: Option<NaiveDate>,
    /// To whom it was given.
    pub received_by: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// When it was entered.
    pub recorded_at: Timestamp,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
