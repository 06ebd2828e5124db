//! What comes in and goes out about deliveries.

use crate::harvest::ceiling::view::DeliveryFlag;
use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::delivery;
use entity::value::{
    AgreementId, CategoryCode, DeliveryCorrectionId, DeliveryId, Fen, FenPerKilogram, FlagState, Grams, HouseholdId,
    OrganisationId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// One delivery to be recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelivery {
    /// The produce agreement with the household.
    pub agreement_id: AgreementId,
    /// What it is, 1–50 characters.
    #[schema(min_length = 1, max_length = 50, example = "红阳猕猴桃")]
    pub variety: String,
    /// What it weighs, above zero.
    pub grams: Grams,
    /// The price paid; not below the agreed floor price.
    pub price_fen_per_kg: FenPerKilogram,
    /// When it was brought; not in the future, and within the agreement's term.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub delivered_on: NaiveDate,
    /// Number of the weigh note (磅单), at most 50 characters.
    #[serde(default)]
    #[schema(max_length = 50, example = "BD-20260301-07")]
    pub weigh_note: Option<String>,
    /// Where it stands in the category tree; required where a ceiling of yield holds in the household's county.
    #[serde(default)]
    pub category_code: Option<CategoryCode>,
    /// Its grade (等级), at most 20 characters.
    #[serde(default)]
    #[schema(max_length = 20, example = "一级")]
    pub grade: Option<String>,
}

/// A delivery that was recorded wrongly is taken back, and another stands in its place.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectDelivery {
    /// Why (更正原因).
    #[schema(min_length = 1, max_length = 200, example = "过磅单抄录错误")]
    pub reason: String,
    /// What is right; absent when there was no delivery at all.
    #[serde(default)]
    pub replacement: Option<NewDelivery>,
}

/// A correction (更正单): what was taken back, and what stands in its place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Correction {
    /// Its identifier.
    pub id: DeliveryCorrectionId,
    /// Why.
    pub reason: String,
    /// What was taken back.
    pub reversed: Delivery,
    /// What stands in its place.
    pub replacement: Option<Delivery>,
}

/// Several deliveries to be recorded at once, all or none.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeliveries {
    /// 1–500 deliveries.
    #[schema(min_items = 1, max_items = 500)]
    pub deliveries: Vec<NewDelivery>,
}

/// What may be sent: one delivery, or several under `deliveries`.
///
/// Read by hand: an untagged enum could not say which field is at fault.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesBody {
    agreement_id: Option<AgreementId>,
    variety: Option<String>,
    grams: Option<Grams>,
    price_fen_per_kg: Option<FenPerKilogram>,
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    delivered_on: Option<NaiveDate>,
    weigh_note: Option<String>,
    category_code: Option<CategoryCode>,
    grade: Option<String>,
    deliveries: Option<Vec<NewDelivery>>,
}

/// What was sent.
#[derive(Debug, Clone)]
pub enum Sent {
    /// One delivery.
    One(NewDelivery),
    /// Several.
    Many(Vec<NewDelivery>),
}

impl DeliveriesBody {
    /// What was sent, or the name of the field that is missing or one too many.
    ///
    /// # Errors
    /// The field at fault.
    pub fn read(self) -> Result<Sent, &'static str> {
        let Self {
            agreement_id,
            variety,
            grams,
            price_fen_per_kg,
            delivered_on,
            weigh_note,
            category_code,
            grade,
            deliveries,
        } = self;
        match deliveries {
            None => Ok(Sent::One(NewDelivery {
                agreement_id: agreement_id.ok_or("/agreement_id")?,
                variety: variety.ok_or("/variety")?,
                grams: grams.ok_or("/grams")?,
                price_fen_per_kg: price_fen_per_kg.ok_or("/price_fen_per_kg")?,
                delivered_on: delivered_on.ok_or("/delivered_on")?,
                weigh_note,
                category_code,
                grade,
            })),
            Some(many)
                if agreement_id.is_none()
                    && variety.is_none()
                    && grams.is_none()
                    && price_fen_per_kg.is_none()
                    && delivered_on.is_none()
                    && weigh_note.is_none()
                    && category_code.is_none()
                    && grade.is_none() =>
            {
                Ok(Sent::Many(many))
            }
            Some(_) => Err("/deliveries"),
        }
    }
}

/// One delivery, or several under `deliveries`.
#[derive(Debug, ToSchema)]
#[schema(as = DeliveriesToRecord)]
#[serde(untagged)]
pub enum DeliveriesToRecord {
    /// One.
    One(NewDelivery),
    /// Several, all or none.
    Many(NewDeliveries),
}

/// What was recorded, in the form it was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum RecordedDeliveries {
    /// The one delivery.
    One(Box<Delivery>),
    /// The deliveries, in the order they were sent.
    Many {
        /// The deliveries.
        items: Vec<Delivery>,
    },
}

/// What a list of deliveries is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only those under this agreement.
    pub agreement_id: Option<AgreementId>,
    /// Only those of this household.
    pub household_id: Option<HouseholdId>,
    /// Only those of which something is not yet in a lot.
    pub unpacked: Option<bool>,
    /// Only those flagged as more than the household's land can yield, in this state.
    pub flag: Option<FlagState>,
}

/// A delivery.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// Who took it.
    pub supplier_id: OrganisationId,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// What it is.
    #[schema(example = "红阳猕猴桃")]
    pub variety: String,
    /// What it weighs.
    pub grams: Grams,
    /// The price paid.
    pub price_fen_per_kg: FenPerKilogram,
    /// Weight times price, rounded half up.
    pub value_fen: Fen,
    /// When it was brought.
    pub delivered_on: NaiveDate,
    /// Number of the weigh note (磅单).
    pub weigh_note: Option<String>,
    /// How much of it is in lots.
    pub packed_grams: Grams,
    /// Where it stands in the category tree.
    pub category_code: Option<CategoryCode>,
    /// Its grade (等级).
    #[schema(example = "一级")]
    pub grade: Option<String>,
    /// The number of its receipt (收购凭据).
    #[schema(example = "S20260301-7K3M9Q2A")]
    pub receipt_number: Option<String>,
    /// When it was taken back by a correction; null when it stands.
    pub reversed_at: Option<DateTime<Utc>>,
    /// Set when it is more than the household's land can yield.
    pub flag: Option<DeliveryFlag>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl Delivery {
    pub(super) fn of(row: delivery::Model, household: Option<HouseholdBrief>, flag: Option<DeliveryFlag>) -> Self {
        let delivery::Model {
            id,
            supplier_id,
            household_id: _,
            agreement_id,
            variety,
            grams,
            price_fen_per_kg,
            value_fen,
            delivered_on,
            weigh_note,
            packed_grams,
            category_code,
            grade,
            receipt_number,
            reversed_at,
            recorded_by: _,
            created_at,
            version,
        } = row;
        Self {
            id,
            supplier_id,
            household,
            agreement_id,
            variety,
            grams,
            price_fen_per_kg,
            value_fen,
            delivered_on,
            weigh_note,
            packed_grams,
            category_code,
            grade,
            receipt_number,
            reversed_at,
            flag,
            created_at,
            version,
        }
    }
}
