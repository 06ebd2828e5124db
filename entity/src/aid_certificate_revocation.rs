//! That a certificate no longer holds (撤销帮扶证书).

use crate::value::{AidCertificateId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// That a certificate no longer holds (撤销帮扶证书).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_certificate_revocation")]
pub struct Model {
    /// The certificate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub certificate_id: AidCertificateId,
    /// Why; shown to whoever checks it.
    pub reason: String,
    /// The office that revoked it.
    pub organisation_id: OrganisationId,
    /// Who revoked it: not who issued it.
    pub revoked_by: PersonId,
    /// When.
    pub revoked_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
