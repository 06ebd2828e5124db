//! A certificate of what an enterprise contributed to a county's villages (帮扶证书).

use crate::value::{AidCertificateId, AreaCode, OrganisationId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A certificate of what an enterprise contributed to a county's villages (帮扶证书); never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_certificate")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AidCertificateId,
    /// The county.
    pub county_code: AreaCode,
    /// The year in which it was issued.
    pub year: i32,
    /// Its place among the certificates of the county and year, from 1.
    pub serial: i32,
    /// The number people quote.
    pub number: String,
    /// The office that issued it.
    pub issuer_id: OrganisationId,
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day.
    pub until_date: NaiveDate,
    /// By which version of the rule it counts.
    pub rule_version: i32,
    /// The figures, as JSON.
    pub figures: String,
    /// The SHA-256 of the question, the rule's version and the figures, hexadecimal.
    pub digest: String,
    /// What it says, as JSON.
    pub content: String,
    /// The code by which anybody can check it: a digest of what it says.
    pub code: String,
    /// The hash of its file in the type it was set in, hexadecimal.
    pub sha256: String,
    /// Who issued it.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
