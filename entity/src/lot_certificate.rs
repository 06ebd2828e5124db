//! A conformity certificate of a lot (承诺达标合格证).

use crate::value::{FileId, Grams, LotCertificateId, LotId, PersonId, Timestamp, state::CertificateBasis};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A conformity certificate of a lot (承诺达标合格证).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_certificate")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotCertificateId,
    /// The lot.
    pub lot_id: LotId,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// What the promise rests on.
    pub basis: CertificateBasis,
    /// What the lot held when it was issued.
    pub covers_grams: Grams,
    /// The test report.
    pub report_file_id: Option<FileId>,
    /// Who issued it.
    pub issued_by: PersonId,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub revoke_reason: Option<String>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
