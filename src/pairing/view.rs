//! What comes in and goes out.

use crate::access::SmallestGroup;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    ContributionId, ContributionKind, Fen, FileId, HouseholdId, OrganisationId, PairingId, PairingTarget, ProgrammeId,
    SupplierOrderId,
};
use entity::{contribution, pairing, programme};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

/// A programme to be run.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgramme {
    /// Its name.
    #[schema(min_length = 1, max_length = 100, example = "万企兴万村")]
    pub name: String,
    /// Its first day.
    #[schema(example = "2026-01-01")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub starts_on: NaiveDate,
    /// Its last day.
    #[schema(example = "2030-12-31")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub ends_on: NaiveDate,
}

/// A pairing programme (结对帮扶行动).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Programme {
    /// Its identifier.
    pub id: ProgrammeId,
    /// Its name.
    #[schema(example = "万企兴万村")]
    pub name: String,
    /// Its first day.
    #[schema(example = "2026-01-01")]
    pub starts_on: NaiveDate,
    /// Its last day.
    #[schema(example = "2030-12-31")]
    pub ends_on: NaiveDate,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<programme::Model> for Programme {
    fn from(row: programme::Model) -> Self {
        let programme::Model { id, name, starts_on, ends_on, created_by: _, created_at, version } = row;
        Self { id, name, starts_on, ends_on, created_at, version }
    }
}

/// A pairing to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPairing {
    /// Within which programme.
    pub programme_id: ProgrammeId,
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// With whom it is paired.
    #[serde(default = "a_village")]
    #[schema(default = "village")]
    pub target: PairingTarget,
    /// The village committee, of your county: of a village, or the one in which a group of households lives.
    pub village_id: Option<OrganisationId>,
    /// The village committees of a group, of your county; the first one leads it.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub village_ids: Vec<OrganisationId>,
    /// The households of a group, all of the village.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub household_ids: Vec<HouseholdId>,
    /// The first day, within the programme.
    #[schema(example = "2026-03-01")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub starts_on: NaiveDate,
    /// The last day, within the programme.
    #[schema(example = "2028-02-29")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub ends_on: NaiveDate,
    /// A file of your organisation with what they signed.
    pub evidence_file_id: Option<FileId>,
}

/// With whom an enterprise is paired unless it is said.
const fn a_village() -> PairingTarget {
    PairingTarget::Village
}

/// A party of a pairing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Party {
    /// Which organisation.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "某某集团有限公司")]
    pub name: String,
}

/// An enterprise paired with a village, or with more or less than one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pairing {
    /// Its identifier.
    pub id: PairingId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The enterprise.
    pub enterprise: Party,
    /// With whom it is paired.
    pub target: PairingTarget,
    /// Who signed for them: the village committee of a village or a group of households, the leading one of a group of
    /// villages, the county's office for a county.
    pub village: Party,
    /// The villages of a group; none otherwise.
    pub villages: Vec<Party>,
    /// How many households a group of them has; null otherwise, and outside the county when they are fewer than the
    /// smallest group.
    pub households: Option<i64>,
    /// The first day.
    #[schema(example = "2026-03-01")]
    pub starts_on: NaiveDate,
    /// The last day.
    #[schema(example = "2028-02-29")]
    pub ends_on: NaiveDate,
    /// What they signed.
    pub evidence_file_id: Option<FileId>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    #[schema(example = 1)]
    pub version: i64,
}

/// Whom pairings cover beside the one who signed.
#[derive(Debug, Clone, Default)]
pub(super) struct Members {
    /// The villages of groups.
    pub villages: HashMap<PairingId, Vec<OrganisationId>>,
    /// How many households groups of them have.
    pub households: HashMap<PairingId, i64>,
}

impl Pairing {
    pub(super) fn of(
        row: pairing::Model,
        members: &Members,
        names: &HashMap<OrganisationId, String>,
        groups: SmallestGroup,
    ) -> Self {
        let party = |id: OrganisationId| Party { id, name: names.get(&id).cloned().unwrap_or_default() };
        let pairing::Model {
            id,
            programme_id,
            enterprise_id,
            target,
            village_id,
            starts_on,
            ends_on,
            evidence_file_id,
            created_by: _,
            created_at,
            version,
        } = row;
        Self {
            id,
            programme_id,
            enterprise: party(enterprise_id),
            target,
            village: party(village_id),
            villages: members.villages.get(&id).into_iter().flatten().copied().map(party).collect(),
            households: members.households.get(&id).and_then(|count| groups.shown(*count)),
            starts_on,
            ends_on,
            evidence_file_id,
            created_at,
            version,
        }
    }
}

/// What a pairing has contributed, and a page of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contributions {
    /// The pairing.
    pub pairing: Pairing,
    /// Over all contributions, each kind by itself: a purchase is not an investment.
    pub totals: Vec<ContributionTotal>,
    /// How many households of the village were reached; each counts once. Null outside the county when they are fewer
    /// than the smallest group, so that nobody is told apart.
    #[schema(example = 17)]
    pub households: Option<i64>,
    /// Contributions, newest first.
    pub items: Vec<Contribution>,
    /// Cursor of the next page, or null on the last.
    pub next: Option<String>,
}

/// All contributions of one kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContributionTotal {
    /// The kind.
    pub kind: ContributionKind,
    /// How many.
    #[schema(example = 3)]
    pub contributions: i64,
    /// The parts of purchases that the village's households served.
    pub amount_fen: Fen,
    /// What accrued to them.
    pub reached_fen: Fen,
}

/// What one purchase contributed to the village.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contribution {
    /// Its identifier.
    pub id: ContributionId,
    /// The kind.
    pub kind: ContributionKind,
    /// The purchase.
    pub supplier_order_id: SupplierOrderId,
    /// The part of it that the village's households served.
    pub amount_fen: Fen,
    /// What accrued to them.
    pub reached_fen: Fen,
    /// How many households that is; null outside the county when they are fewer than the smallest group.
    #[schema(example = 5)]
    pub households: Option<i64>,
    /// The business day on which it was paid.
    #[schema(example = "2026-03-02")]
    pub occurred_on: NaiveDate,
}

impl Contribution {
    /// A contribution as it may be shown to whoever sees groups of at least so many.
    pub(super) fn of(row: contribution::Model, groups: SmallestGroup) -> Self {
        let contribution::Model {
            id,
            pairing_id: _,
            kind,
            supplier_order_id,
            number: _,
            amount_fen,
            reached_fen,
            households,
            occurred_on,
            created_at: _,
        } = row;
        let households = groups.shown(households.into());
        Self { id, kind, supplier_order_id, amount_fen, reached_fen, households, occurred_on }
    }
}
