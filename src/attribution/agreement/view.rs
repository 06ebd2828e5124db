//! What comes in and goes out about agreements.

use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AgreementId, AgreementState, BasisPoints, BenefitMode, CostExcess, Fen, FenPerKilogram, FileId, HouseholdId,
    MemberId, OrganisationId,
};
use entity::{agreement, agreement_terms};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An agreement to be entered. The household is named by its number or by its identifier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignAgreement {
    /// The household's national number (户编号), unless `household_id` is given.
    #[serde(default)]
    #[schema(example = "522625010100017")]
    pub household_number: Option<String>,
    /// The household, unless `household_number` is given.
    #[serde(default)]
    pub household_id: Option<HouseholdId>,
    /// The member it is signed with, where it is not the household as a whole.
    #[serde(default)]
    pub member_id: Option<MemberId>,
    /// What tells it from another of the mode with the household (地块、品种、股权证号), in 1–60 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60, example = "后山 3 号地块")]
    pub subject: Option<String>,
    /// How the household shares.
    pub mode: BenefitMode,
    /// Person-days for wages, share units for dividends, square metres for land rent, units for custodial farming; not
    /// for produce. For land rent it may be left out where `terms` name the area.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 120)]
    pub weight: Option<i64>,
    /// The agreed floor price (保底收购价); for produce only, and required there.
    #[serde(default)]
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// When it was signed; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub signed_on: NaiveDate,
    /// Its first day.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub starts_on: NaiveDate,
    /// Its last day; at most 30 years after the first.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub ends_on: NaiveDate,
    /// A scan of it with the supplier's signature, uploaded before.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
    /// When the household signed, if not on the same day.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub household_signed_on: Option<NaiveDate>,
    /// A scan with the household's signature, if it is another one.
    #[serde(default)]
    pub household_file_id: Option<FileId>,
    /// What only this mode has; custodial farming needs it.
    #[serde(default)]
    pub terms: Option<ModeTerms>,
}

/// What only one mode has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModeTerms {
    /// Of produce purchase.
    ProducePurchase(ProduceTerms),
    /// Of wages.
    Wages(WageTerms),
    /// Of dividends.
    Dividend(DividendTerms),
    /// Of land rent.
    LandRent(RentTerms),
    /// Of custodial farming.
    CustodialFarming(CustodyTerms),
}

impl ModeTerms {
    /// The mode they belong to.
    #[must_use]
    pub const fn mode(&self) -> BenefitMode {
        match self {
            Self::ProducePurchase(_) => BenefitMode::ProducePurchase,
            Self::Wages(_) => BenefitMode::Wages,
            Self::Dividend(_) => BenefitMode::Dividend,
            Self::LandRent(_) => BenefitMode::LandRent,
            Self::CustodialFarming(_) => BenefitMode::CustodialFarming,
        }
    }
}

/// How advanced costs are repaid from produce (垫付成本扣回).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProduceTerms {
    /// The largest part of what an order brings that may repay costs (扣回上限).
    pub cost_cap_bp: BasisPoints,
    /// What happens to costs that one order does not cover.
    pub cost_excess: CostExcess,
}

/// What a day of work is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WageTerms {
    /// The wage of a day (日工资), above zero.
    pub daily_wage_fen: Fen,
}

/// What a dividend rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DividendTerms {
    /// The share register (股东名册).
    pub register_file_id: FileId,
    /// The resolution on dividends (分红决议).
    pub resolution_file_id: FileId,
}

/// What is leased and for how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RentTerms {
    /// The area in hundredths of a mu (百分之一亩): 350 is 3.5 mu.
    #[schema(minimum = 1, maximum = 100_000_000, example = 350)]
    pub area_hundredth_mu: i64,
    /// The rent of a year for the whole area (年租金), above zero.
    pub rent_fen_per_year: Fen,
}

/// What is entrusted, what it returns, and what its keeping costs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustodyTerms {
    /// What a unit is (头、只、亩), in 1–20 characters.
    #[schema(min_length = 1, max_length = 20, example = "头")]
    pub unit_name: String,
    /// What a unit returns in a cycle (每单位约定收益).
    pub return_fen_per_unit: Fen,
    /// Of that, what the keeper takes (代养费); less than the return.
    pub fee_fen_per_unit: Fen,
}

/// Other terms for an agreement that goes on; signed by both.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendAgreement {
    /// As when it is first signed.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 150)]
    pub weight: Option<i64>,
    /// As when it is first signed.
    #[serde(default)]
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// As when it is first signed.
    #[serde(default)]
    pub terms: Option<ModeTerms>,
    /// When the supplier signed; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub supplier_signed_on: NaiveDate,
    /// A scan of its signature.
    pub supplier_file_id: FileId,
    /// When the household signed; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub household_signed_on: NaiveDate,
    /// A scan of its signature.
    pub household_file_id: FileId,
}

/// One version of an agreement's terms (协议条款版本).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TermsVersion {
    /// 1 for the terms first signed, 2 for the next …
    #[schema(example = 1)]
    pub number: i32,
    /// The first day on which they can hold.
    pub from_on: NaiveDate,
    /// Person-days, share units, square metres or units; zero for produce.
    #[schema(example = 120)]
    pub weight: i64,
    /// The agreed floor price, for produce.
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// What only the mode has.
    pub terms: Option<ModeTerms>,
    /// When the supplier signed.
    pub supplier_signed_on: NaiveDate,
    /// A scan of its signature.
    pub supplier_file_id: Option<FileId>,
    /// When the household signed.
    pub household_signed_on: NaiveDate,
    /// A scan of its signature.
    pub household_file_id: Option<FileId>,
    /// The day on which the county confirmed them. Terms after confirmed ones hold once they are confirmed too.
    pub confirmed_on: Option<NaiveDate>,
}

/// All versions of an agreement's terms, the newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TermsVersions {
    /// Which agreement.
    pub agreement_id: AgreementId,
    /// The versions.
    pub items: Vec<TermsVersion>,
}

/// The early end of an agreement.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAgreement {
    /// Its new last day: today or later, and not after the old one.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub ends_on: NaiveDate,
    /// Why, in 2–200 characters.
    #[schema(min_length = 2, max_length = 200, example = "双方协商一致提前终止")]
    pub reason: String,
}

/// What a list of agreements is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgreementQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only those of this mode.
    pub mode: Option<BenefitMode>,
    /// Only those with this household.
    pub household_id: Option<HouseholdId>,
}

/// What a weight counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeightUnit {
    /// Person-days (工日).
    PersonDays,
    /// Share units (股).
    ShareUnits,
    /// Square metres (平方米).
    SquareMetres,
    /// Entrusted units (托管单位).
    Units,
}

impl WeightUnit {
    /// The unit of a mode; produce has none, because its weight is what was delivered.
    #[must_use]
    pub const fn of(mode: BenefitMode) -> Option<Self> {
        match mode {
            BenefitMode::ProducePurchase => None,
            BenefitMode::Wages => Some(Self::PersonDays),
            BenefitMode::Dividend => Some(Self::ShareUnits),
            BenefitMode::LandRent => Some(Self::SquareMetres),
            BenefitMode::CustodialFarming => Some(Self::Units),
        }
    }
}

/// A benefit agreement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Agreement {
    /// Its identifier.
    pub id: AgreementId,
    /// The supplier.
    pub supplier_id: OrganisationId,
    /// Its name.
    pub supplier_name: String,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// The member it is signed with, where it is not the household as a whole.
    pub member_id: Option<MemberId>,
    /// What tells it from another of the mode with the household.
    pub subject: Option<String>,
    /// How the household shares.
    pub mode: BenefitMode,
    /// Its weight among the others of the mode; zero for produce.
    #[schema(example = 120)]
    pub weight: i64,
    /// What the weight counts.
    pub weight_unit: Option<WeightUnit>,
    /// The agreed floor price, for produce.
    pub price_fen_per_kg: Option<FenPerKilogram>,
    /// When it was signed.
    pub signed_on: NaiveDate,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day; it holds until then, also when it was ended early.
    pub ends_on: NaiveDate,
    /// A scan of it.
    pub evidence_file_id: Option<FileId>,
    /// The terms signed last, with both signatures and the county's confirmation.
    pub terms: Option<TermsVersion>,
    /// Whether it runs to its agreed term or was ended early.
    pub state: AgreementState,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl Agreement {
    pub(super) fn of(
        row: agreement::Model,
        supplier_name: String,
        household: Option<HouseholdBrief>,
        terms: Option<TermsVersion>,
    ) -> Self {
        let agreement::Model {
            id,
            supplier_id,
            household_id: _,
            member_id,
            mode,
            subject,
            weight,
            price_fen_per_kg,
            starts_on,
            ends_on,
            signed_on,
            evidence_file_id,
            state,
            created_at,
            version,
        } = row;
        Self {
            id,
            supplier_id,
            supplier_name,
            household,
            member_id,
            subject,
            mode,
            weight,
            weight_unit: WeightUnit::of(mode),
            price_fen_per_kg,
            signed_on,
            starts_on,
            ends_on,
            evidence_file_id,
            terms,
            state,
            created_at,
            version,
        }
    }
}

impl TermsVersion {
    pub(super) fn of(mode: BenefitMode, row: agreement_terms::Model) -> Self {
        let terms = mode_terms(mode, &row);
        let agreement_terms::Model {
            number,
            from_on,
            weight,
            price_fen_per_kg,
            supplier_signed_on,
            supplier_file_id,
            household_signed_on,
            household_file_id,
            confirmed_on,
            ..
        } = row;
        Self {
            number,
            from_on,
            weight,
            price_fen_per_kg,
            terms,
            supplier_signed_on,
            supplier_file_id,
            household_signed_on,
            household_file_id,
            confirmed_on,
        }
    }
}

/// What only the mode has, from the columns it is kept in.
fn mode_terms(mode: BenefitMode, row: &agreement_terms::Model) -> Option<ModeTerms> {
    match mode {
        BenefitMode::ProducePurchase => Some(ModeTerms::ProducePurchase(ProduceTerms {
            cost_cap_bp: row.cost_cap_bp,
            cost_excess: row.cost_excess,
        })),
        BenefitMode::Wages => row.daily_wage_fen.map(|daily_wage_fen| ModeTerms::Wages(WageTerms { daily_wage_fen })),
        BenefitMode::Dividend => row.register_file_id.zip(row.resolution_file_id).map(|(register, resolution)| {
            ModeTerms::Dividend(DividendTerms { register_file_id: register, resolution_file_id: resolution })
        }),
        BenefitMode::LandRent => row
            .area_hundredth_mu
            .zip(row.rent_fen_per_year)
            .map(|(area, rent)| ModeTerms::LandRent(RentTerms { area_hundredth_mu: area, rent_fen_per_year: rent })),
        BenefitMode::CustodialFarming => {
            let amounts = row.return_fen_per_unit.zip(row.fee_fen_per_unit);
            row.unit_name.clone().zip(amounts).map(|(unit_name, (return_fen_per_unit, fee_fen_per_unit))| {
                ModeTerms::CustodialFarming(CustodyTerms { unit_name, return_fen_per_unit, fee_fen_per_unit })
            })
        }
    }
}
