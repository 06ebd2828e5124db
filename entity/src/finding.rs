//! Something an audit, an inspection or a rule found (问题).

use crate::value::{
    AreaCode, FindingId, FindingRuleId, FindingSource, HouseholdId, OrganisationId, PersonId, Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Something an audit, an inspection or a rule found (问题).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FindingId,
    /// The number people quote.
    pub number: String,
    /// Where it comes from.
    pub source: FindingSource,
    /// The paper it stands in.
    pub paper: String,
    /// What was found.
    pub text: String,
    /// The county.
    pub county_code: AreaCode,
    /// The household it is about, where it is about one.
    pub household_id: Option<HouseholdId>,
    /// The organisation it is about, where it is about one: a village, a cooperative, an office.
    pub organisation_id: Option<OrganisationId>,
    /// The day it was found.
    pub found_on: NaiveDate,
    /// Who entered it; of one that a rule entered, whoever set the rule.
    pub entered_by: PersonId,
    /// The rule that entered it, where one did.
    pub rule_id: Option<FindingRuleId>,
    /// What of which thing in which period the rule said; no other finding has the same.
    pub cause: Option<String>,
    /// The figures that made it, as JSON, where a rule entered it.
    pub figures: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When the last of its tasks was closed; none while one is not, or it has none.
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
