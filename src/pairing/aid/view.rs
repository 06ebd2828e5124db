//! What comes in and goes out.

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AidClaimId, AidKind, AidState, Fen, FileId, OrganisationId, PairingId, PledgeId, ProgrammeId, ProgrammeKind,
    ProgrammeRuleId, SupplierOrderId,
};
use entity::{aid_claim, aid_claim_step, pledge, programme_rule};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A version of a programme's rules, to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgrammeRule {
    /// The programme.
    pub programme_id: ProgrammeId,
    /// What kind of programme it is.
    pub kind: ProgrammeKind,
    /// The kinds of aid that count for it; each is counted by itself.
    #[schema(min_items = 1)]
    pub counted: Vec<AidKind>,
    /// The rule in words, shown with every ranking.
    #[schema(min_length = 1, max_length = 2000, example = "只计县级核实的记录；各类分别排名，互不相加。")]
    pub rule: String,
    /// The document it comes from.
    #[schema(min_length = 1, max_length = 200, example = "全联发〔2021〕5号")]
    pub document: String,
}

/// A version of a programme's rules (行动规则).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgrammeRule {
    /// Its identifier.
    pub id: ProgrammeRuleId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Its place among the versions; the last one holds.
    #[schema(example = 1)]
    pub number: i32,
    /// What kind of programme it is.
    pub kind: ProgrammeKind,
    /// The kinds of aid that count.
    pub counted: Vec<AidKind>,
    /// The rule in words.
    pub rule: String,
    /// The document it comes from.
    pub document: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

impl From<programme_rule::Model> for ProgrammeRule {
    fn from(row: programme_rule::Model) -> Self {
        Self {
            counted: row.counted.split(',').filter_map(|kind| kind.parse().ok()).collect(),
            id: row.id,
            programme_id: row.programme_id,
            number: row.number,
            kind: row.kind,
            rule: row.rule,
            document: row.document,
            created_at: row.created_at,
        }
    }
}

/// Which programme's rules are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RuleQuery {
    /// The programme.
    pub programme_id: ProgrammeId,
}

/// All versions of a programme's rules, oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgrammeRules {
    /// The versions.
    pub items: Vec<ProgrammeRule>,
}

/// A pledge to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPledge {
    /// What is promised.
    pub kind: AidKind,
    /// How much money; zero where people are counted.
    #[serde(default)]
    #[schema(default = 0)]
    pub amount_fen: Fen,
    /// How many people.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000, default = 0)]
    pub people: i32,
    /// Until when.
    #[schema(example = "2026-12-31")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub due_on: NaiveDate,
}

/// What an enterprise promised (帮扶承诺).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pledge {
    /// Its identifier.
    pub id: PledgeId,
    /// What is promised.
    pub kind: AidKind,
    /// How much money.
    pub amount_fen: Fen,
    /// How many people.
    #[schema(example = 0)]
    pub people: i32,
    /// Until when.
    pub due_on: NaiveDate,
}

impl From<pledge::Model> for Pledge {
    fn from(row: pledge::Model) -> Self {
        Self { id: row.id, kind: row.kind, amount_fen: row.amount_fen, people: row.people, due_on: row.due_on }
    }
}

/// Money and people of one kind at one point of their review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AidSum {
    /// How many rows.
    #[schema(example = 1)]
    pub rows: i64,
    /// Money.
    pub amount_fen: i64,
    /// People.
    #[schema(example = 0)]
    pub people: i64,
}

/// How far the pledges of one kind are kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindProgress {
    /// The kind; kinds are never added to each other.
    pub kind: AidKind,
    /// What was pledged.
    pub pledged: AidSum,
    /// What waits for the village or the county.
    pub under_review: AidSum,
    /// What the county verified; of purchases, what completed orders come to.
    pub verified: AidSum,
    /// What was rejected.
    pub rejected: AidSum,
    /// Verified money as a part of pledged money, in ten-thousandths, rounded down; null where none was pledged.
    #[schema(example = 4210)]
    pub kept_bp: Option<i64>,
}

/// How far a pairing's pledges are kept (承诺兑现进度).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PledgeProgress {
    /// The pairing.
    pub pairing_id: PairingId,
    /// The pledges.
    pub pledges: Vec<Pledge>,
    /// Kind by kind.
    pub kinds: Vec<KindProgress>,
}

/// Of which pairings the pledges are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PledgeFilter {
    /// Only those within a programme.
    pub programme_id: Option<ProgrammeId>,
    /// Only those of an enterprise.
    pub enterprise_id: Option<OrganisationId>,
}

/// How far the pledges of many pairings are kept (承诺兑现总览).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PledgeOverview {
    /// How many pairings these are.
    #[schema(example = 3)]
    pub pairings: i64,
    /// Kind by kind, over all of them.
    pub kinds: Vec<KindProgress>,
}

/// Something to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAidClaim {
    /// The pairing.
    pub pairing_id: PairingId,
    /// Which village got it: needed where the pairing is with a group of villages or with a county.
    #[serde(default)]
    pub village_id: Option<OrganisationId>,
    /// What was given; purchases come from orders and are not entered.
    pub kind: AidKind,
    /// How much money.
    #[serde(default)]
    #[schema(default = 0)]
    pub amount_fen: Fen,
    /// How many people it reached.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000, default = 0)]
    pub people: i32,
    /// When.
    #[schema(example = "2026-02-20")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub occurred_on: NaiveDate,
    /// What it was, in words.
    #[schema(min_length = 1, max_length = 500, example = "向村小学捐赠图书")]
    pub content: String,
    /// How a gift in kind was valued; needed for one.
    #[schema(max_length = 500)]
    pub basis: Option<String>,
    /// The order that the enterprise brought about, of an assisted sale; the amount must be what was accepted of it.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// A file of your organisation with the evidence.
    pub evidence_file_id: FileId,
}

/// What an enterprise says it gave (帮扶贡献申报).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AidClaim {
    /// Its identifier.
    pub id: AidClaimId,
    /// The pairing.
    pub pairing_id: PairingId,
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// The village committee.
    pub village_id: OrganisationId,
    /// What was given.
    pub kind: AidKind,
    /// How much money.
    pub amount_fen: Fen,
    /// How many people.
    #[schema(example = 30)]
    pub people: i32,
    /// When.
    pub occurred_on: NaiveDate,
    /// What it was.
    pub content: String,
    /// How a gift in kind was valued.
    pub basis: Option<String>,
    /// The order, of an assisted sale.
    pub supplier_order_id: Option<SupplierOrderId>,
    /// The evidence.
    pub evidence_file_id: FileId,
    /// How far its review has come.
    pub state: AidState,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<aid_claim::Model> for AidClaim {
    fn from(row: aid_claim::Model) -> Self {
        Self {
            id: row.id,
            pairing_id: row.pairing_id,
            enterprise_id: row.enterprise_id,
            village_id: row.village_id,
            kind: row.kind,
            amount_fen: row.amount_fen,
            people: row.people,
            occurred_on: row.occurred_on,
            content: row.content,
            basis: row.basis,
            supplier_order_id: row.supplier_order_id,
            evidence_file_id: row.evidence_file_id,
            state: row.state,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// A step of its review.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AidStep {
    /// Where it went.
    pub to: AidState,
    /// For whom somebody acted.
    pub organisation_id: OrganisationId,
    /// Why, of a rejection.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<aid_claim_step::Model> for AidStep {
    fn from(row: aid_claim_step::Model) -> Self {
        Self { to: row.to_state, organisation_id: row.organisation_id, reason: row.reason, at: row.created_at }
    }
}

/// One with its history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AidClaimDetail {
    /// The claim.
    #[serde(flatten)]
    pub claim: AidClaim,
    /// Its review, first to last.
    pub steps: Vec<AidStep>,
}

/// Which are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AidFilter {
    /// Only those of a pairing.
    pub pairing_id: Option<PairingId>,
    /// Only those at a point of their review.
    pub state: Option<AidState>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// Why something is rejected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectAid {
    /// The reason, which the author sees.
    #[schema(min_length = 1, max_length = 500, example = "票据与申报金额不符。")]
    pub reason: String,
}

/// Which ranking is wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RankingQuery {
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The kind; each has a ranking of its own.
    pub kind: AidKind,
    /// The first day; that of the programme when not said.
    #[param(value_type = Option<String>, format = Date, example = "2026-01-01")]
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub from: Option<NaiveDate>,
    /// The last day; that of the programme when not said.
    #[param(value_type = Option<String>, format = Date, example = "2026-12-31")]
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub until: Option<NaiveDate>,
}

/// An enterprise in a ranking.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ranked {
    /// Its rank; equal amounts share one.
    #[schema(example = 1)]
    pub rank: i64,
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// What was verified.
    pub verified: AidSum,
}

/// A ranking by one kind, of verified rows only (排名).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ranking {
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The kind.
    pub kind: AidKind,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// The rule by which it counts.
    pub rule: ProgrammeRule,
    /// Most first.
    pub items: Vec<Ranked>,
}
