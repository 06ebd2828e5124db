//! What comes in and goes out.

use super::suggest::Reason;
use crate::http::Words;
use crate::pairing::view::Party;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AidClaimId, AidKind, AreaCode, CategoryCode, Fen, FileId, NeedKind, NeedState, OrganisationId, PairingId,
    SupplierOrderId, VillageNeedId,
};
use entity::{village_need, village_need_step};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// What a village needs, to be published. Everybody will read it: it names nobody.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVillageNeed {
    /// What kind of need.
    pub kind: NeedKind,
    /// It in a line.
    #[schema(value_type = String, min_length = 1, max_length = 60, example = "两万斤猕猴桃待售")]
    pub title: Words<60>,
    /// It in words, without anybody's name or number.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "红阳猕猴桃，十月中旬采摘，可分批发货。")]
    pub content: Words<1000>,
    /// The category of the goods; of goods to sell only.
    #[serde(default)]
    pub category_code: Option<CategoryCode>,
    /// How much money it is about; zero where people are counted.
    #[serde(default)]
    #[schema(default = 0)]
    pub amount_fen: Fen,
    /// How many people it is about.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000, default = 0)]
    pub people: i32,
    /// Until when it is wanted, from today on.
    #[schema(example = "2026-10-31")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub wanted_until: NaiveDate,
}

/// How a need is taken on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimVillageNeed {
    /// In person, as a citizen, and not for one's organisation.
    #[serde(default)]
    #[schema(default = false)]
    pub is_in_person: bool,
}

/// What came of a need.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverVillageNeed {
    /// When it was delivered, today at the latest.
    #[schema(example = "2026-02-20")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub delivered_on: NaiveDate,
    /// For how much money.
    #[serde(default)]
    #[schema(default = 0)]
    pub amount_fen: Fen,
    /// For how many people.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000, default = 0)]
    pub people: i32,
    /// What came of it.
    #[schema(value_type = String, min_length = 1, max_length = 400, example = "培训三天，三十人结业。")]
    pub outcome: Words<400>,
    /// A file of your organisation with the evidence.
    pub evidence_file_id: FileId,
    /// The pairing within which it counts as aid; then the claim is entered with these figures and this evidence.
    #[serde(default)]
    pub pairing_id: Option<PairingId>,
    /// As which kind of aid it counts, one that fits the need; the first that fits when not said.
    #[serde(default)]
    pub counts_as: Option<AidKind>,
    /// How a gift in kind was valued; needed for one.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub basis: Option<Words<500>>,
    /// The order that sold the goods, which somebody else placed; needed where goods count as aid.
    #[serde(default)]
    pub supplier_order_id: Option<SupplierOrderId>,
}

/// Why a need goes back, or away.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedBecause {
    /// The reason.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "已由本村自行解决。")]
    pub reason: Words<500>,
}

/// Which needs are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VillageNeedFilter {
    /// Only those of a county.
    pub county_code: Option<AreaCode>,
    /// Only those of a village.
    pub village_id: Option<OrganisationId>,
    /// Only those of a kind.
    pub kind: Option<NeedKind>,
    /// Only those that have come so far.
    pub state: Option<NeedState>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// What a village needs (村需求).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VillageNeed {
    /// Its identifier.
    pub id: VillageNeedId,
    /// The village committee.
    pub village: Party,
    /// The county.
    pub county_code: AreaCode,
    /// What kind of need.
    pub kind: NeedKind,
    /// It in a line.
    #[schema(example = "两万斤猕猴桃待售")]
    pub title: String,
    /// It in words.
    pub content: String,
    /// The category of the goods.
    pub category_code: Option<CategoryCode>,
    /// How much money it is about.
    pub amount_fen: Fen,
    /// How many people it is about.
    #[schema(example = 30)]
    pub people: i32,
    /// Until when it is wanted.
    pub wanted_until: NaiveDate,
    /// How far it has come.
    pub state: NeedState,
    /// The organisation that took it on; null where nobody did, or somebody did in person, who is not named.
    pub claimant: Option<Party>,
    /// Whether it was taken on in person, by a citizen.
    pub is_in_person: bool,
    /// When it was taken on.
    pub claimed_at: Option<DateTime<Utc>>,
    /// When it was delivered.
    pub delivered_on: Option<NaiveDate>,
    /// For how much money.
    pub delivered_fen: Option<Fen>,
    /// For how many people.
    pub delivered_people: Option<i64>,
    /// What came of it.
    pub outcome: Option<String>,
    /// The claim of aid that was entered with the delivery.
    pub aid_claim_id: Option<AidClaimId>,
    /// When it was published.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    #[schema(example = 1)]
    pub version: i64,
}

impl VillageNeed {
    /// A need with the names of those it concerns.
    #[must_use]
    pub fn of(row: village_need::Model, names: &HashMap<OrganisationId, String>) -> Self {
        let party = |id: OrganisationId| Party { id, name: names.get(&id).cloned().unwrap_or_default() };
        Self {
            village: party(row.village_id),
            claimant: row.claimant_id.filter(|_| !row.is_in_person).map(party),
            id: row.id,
            county_code: row.county_code,
            kind: row.kind,
            title: row.title,
            content: row.content,
            category_code: row.category_code,
            amount_fen: row.amount_fen,
            people: row.people,
            wanted_until: row.wanted_until,
            state: row.state,
            is_in_person: row.is_in_person,
            claimed_at: row.claimed_at,
            delivered_on: row.delivered_on,
            delivered_fen: row.delivered_fen,
            delivered_people: row.delivered_people,
            outcome: row.outcome,
            aid_claim_id: row.aid_claim_id,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// A step in the life of a need.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NeedStep {
    /// Where it went.
    pub to: NeedState,
    /// Why, where it went back or away.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<village_need_step::Model> for NeedStep {
    fn from(row: village_need_step::Model) -> Self {
        Self { to: row.to_state, reason: row.reason, at: row.created_at }
    }
}

/// A need with its history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VillageNeedDetail {
    /// The need.
    #[serde(flatten)]
    pub need: VillageNeed,
    /// Its steps, first to last.
    pub steps: Vec<NeedStep>,
}

/// An enterprise that might take on a need.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NeedMatch {
    /// The enterprise.
    pub enterprise: Party,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// What the reasons weigh together.
    #[schema(example = 17)]
    pub weight: i32,
}

/// Who might take on a need, the most fitting first (匹配推荐).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NeedMatches {
    /// The enterprises.
    pub items: Vec<NeedMatch>,
}

/// A need that suits one's enterprise.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NeedSuggestion {
    /// The need.
    pub need: VillageNeed,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// What the reasons weigh together.
    #[schema(example = 17)]
    pub weight: i32,
}

/// Which needs suit one's enterprise, the most fitting first (需求推荐).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NeedSuggestions {
    /// The needs.
    pub items: Vec<NeedSuggestion>,
}
