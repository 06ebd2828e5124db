//! One version of an agreement's terms (协议条款版本).

use crate::value::{
    AgreementId, AgreementTermsId, BasisPoints, Fen, FenPerKilogram, FileId, PersonId, Timestamp, state::CostExcess,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One version of an agreement's terms (协议条款版本).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_terms")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgreementTermsId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// 1 for the terms first signed, 2 for the next …
    pub number: i32,
    /// The first day on which they hold; the terms before hold until then.
    pub from_on: NaiveDate,
    /// Person-days, share units, square metres or entrusted units; zero for produce.
    pub weight: i64,
    /// The agreed floor price (保底收购价), for produce only.
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// The largest part of what an order brings that may repay advanced costs, for produce.
    pub cost_cap_bp: BasisPoints,
    /// What happens to costs beyond it.
    pub cost_excess: CostExcess,
    /// The wage of a day (日工资), for wages.
    pub daily_wage_fen: Option<Fen>,
    /// The leased area in hundredths of a mu (百分之一亩), for land rent.
    pub area_hundredth_mu: Option<i64>,
    /// The rent of a year for the whole area (年租金), for land rent.
    pub rent_fen_per_year: Option<Fen>,
    /// What is entrusted (头、只、亩), for custodial farming.
    pub unit_name: Option<String>,
    /// What a unit returns in a cycle (每单位约定收益), for custodial farming.
    pub return_fen_per_unit: Option<Fen>,
    /// Of that, what the keeper takes (代养费), for custodial farming.
    pub fee_fen_per_unit: Option<Fen>,
    /// The share register (股东名册), for dividends.
    pub register_file_id: Option<FileId>,
    /// The resolution it rests on (分红决议), for dividends.
    pub resolution_file_id: Option<FileId>,
    /// When the supplier signed.
    pub supplier_signed_on: NaiveDate,
    /// A scan of its signature.
    pub supplier_file_id: Option<FileId>,
    /// When the household signed.
    pub household_signed_on: NaiveDate,
    /// A scan of its signature.
    pub household_file_id: Option<FileId>,
    /// Who entered them.
    pub entered_by: PersonId,
    /// The day on which the county confirmed them.
    pub confirmed_on: Option<NaiveDate>,
    /// Who confirmed them.
    pub confirmed_by: Option<PersonId>,
    /// When they were entered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
