//! The recorded text of each rule. It is written out by hand, because its order of keys is the format; no value in
//! it needs escaping.

use super::{HeldIn, Inputs, MODES, Member, OrderInputs, PlanTerms, Pool, Rule};
use entity::value::{
    AgreementId, BasisPoints, BenefitMode, Fen, HouseholdId, HouseholdStatusKind, PlanId, ShareBasis, SupplierOrderId,
};
use serde::Deserialize;

/// A recorded text that is not the canonical text of any inputs.
#[derive(Debug, thiserror::Error)]
pub enum InputsError {
    /// It is not JSON of the expected shape, or a value is out of its bounds.
    #[error("the recorded inputs cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It was recorded under a rule that this program does not know.
    #[error("the recorded inputs follow the rule {0:?}, known are \"shares/1\" to \"shares/4\"")]
    UnknownRule(String),
    /// The same inputs are written differently.
    #[error("the recorded inputs are not in their canonical form")]
    NotCanonical,
}

impl InputsError {
    /// The same message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Unreadable(error) => format!("无法读取所记录的计算依据：{error}"),
            Self::UnknownRule(rule) => {
                format!("所记录的计算依据采用规则 {rule:?}，本程序只认得“shares/1”至“shares/4”")
            }
            Self::NotCanonical => "所记录的计算依据不是规范文本".to_owned(),
        }
    }
}

/// What every text begins with.
#[derive(Deserialize)]
struct Headed {
    rule: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    #[serde(rename = "rule")]
    _rule: String,
    supplier_order_id: SupplierOrderId,
    basis: ShareBasis,
    plan: PlainPlan,
    attributable_fen: Fen,
    roster: Vec<PlainMember>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainPlan {
    id: PlanId,
    produce_bp: BasisPoints,
    wages_bp: BasisPoints,
    dividend_bp: BasisPoints,
    rent_bp: BasisPoints,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainMember {
    mode: BenefitMode,
    agreement_id: AgreementId,
    household_id: HouseholdId,
    household_status: HouseholdStatusKind,
    weight: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(rename = "rule")]
    _rule: String,
    supplier_order_id: SupplierOrderId,
    basis: ShareBasis,
    plan: PlanTerms,
    held_in: Vec<HeldIn>,
    attributable_fen: Fen,
    roster: Vec<Member>,
}

/// Several parts, each a text of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    #[serde(rename = "rule")]
    _rule: String,
    #[serde(rename = "supplier_order_id")]
    _supplier_order_id: SupplierOrderId,
    #[serde(rename = "basis")]
    _basis: ShareBasis,
    parts: Vec<Whole>,
}

/// The parts of an order's text: one, unless it is of several plans.
pub(super) fn read_order(text: &str) -> Result<Vec<Inputs>, InputsError> {
    if serde_json::from_str::<Headed>(text)?.rule != OrderInputs::RULE {
        return Ok(vec![read(text)?]);
    }
    let Parts { parts, .. } = serde_json::from_str(text)?;
    Ok(parts.into_iter().map(from_whole).collect())
}

pub(super) fn read(text: &str) -> Result<Inputs, InputsError> {
    match serde_json::from_str::<Headed>(text)?.rule.as_str() {
        "shares/1" => Ok(from_plain(Rule::First, serde_json::from_str(text)?)),
        "shares/2" => Ok(from_plain(Rule::Second, serde_json::from_str(text)?)),
        "shares/3" => Ok(from_whole(serde_json::from_str(text)?)),
        other => Err(InputsError::UnknownRule(other.to_owned())),
    }
}

fn from_plain(rule: Rule, recorded: Plain) -> Inputs {
    let Plain { _rule: _, supplier_order_id, basis, plan, attributable_fen, roster } = recorded;
    let PlainPlan { id, produce_bp, wages_bp, dividend_bp, rent_bp } = plan;
    let member = |member: PlainMember| {
        let PlainMember { mode, agreement_id, household_id, household_status, weight } = member;
        Member {
            mode,
            agreement_id,
            household_id,
            household_status,
            confirmed: true,
            weight,
            costs_fen: Fen::ZERO,
            cost_cap_bp: BasisPoints::ZERO,
        }
    };
    Inputs {
        rule,
        supplier_order_id,
        basis,
        plan: PlanTerms::plain(id, [produce_bp, wages_bp, dividend_bp, rent_bp, BasisPoints::ZERO]),
        held_in: Vec::new(),
        attributable_fen,
        roster: roster.into_iter().map(member).collect(),
    }
}

fn from_whole(recorded: Whole) -> Inputs {
    let Whole { _rule: _, supplier_order_id, basis, plan, held_in, attributable_fen, roster } = recorded;
    Inputs { rule: Rule::Third, supplier_order_id, basis, plan, held_in, attributable_fen, roster }
}

/// The text of these inputs with this roster, which is in canonical order.
pub(super) fn write(inputs: &Inputs, roster: &[Member]) -> String {
    let (plan, held_in, member): (_, _, fn(&Member) -> String) = match inputs.rule {
        Rule::First | Rule::Second => (plain_plan(&inputs.plan), String::new(), plain_member),
        Rule::Third => (whole_plan(&inputs.plan), held_in(&inputs.held_in), whole_member),
    };
    let roster: Vec<String> = roster.iter().map(member).collect();
    format!(
        r#"{{"rule":"{}","supplier_order_id":"{}","basis":"{}","plan":{plan},{held_in}"attributable_fen":{},"roster":[{}]}}"#,
        inputs.rule.name(),
        inputs.supplier_order_id,
        inputs.basis,
        inputs.attributable_fen.get(),
        roster.join(",")
    )
}

fn plain_plan(plan: &PlanTerms) -> String {
    let [produce, wages, dividend, rent, _] = MODES.map(|mode| plan.basis_points(mode));
    format!(
        r#"{{"id":"{}","produce_bp":{produce},"wages_bp":{wages},"dividend_bp":{dividend},"rent_bp":{rent}}}"#,
        plan.id
    )
}

fn whole_plan(plan: &PlanTerms) -> String {
    let PlanTerms { id, pools, floor_bp, cap_bp, eligible, confirmed_only } = plan;
    let pool = |Pool { mode, bp, settle }: &Pool| format!(r#"{{"mode":"{mode}","bp":{bp},"settle":"{settle}"}}"#);
    let pools: Vec<String> = pools.iter().map(pool).collect();
    format!(
        r#"{{"id":"{id}","pools":[{}],"floor_bp":{floor_bp},"cap_bp":{cap_bp},"eligible":"{eligible}","confirmed_only":{confirmed_only}}}"#,
        pools.join(",")
    )
}

fn held_in(held_in: &[HeldIn]) -> String {
    let one = |HeldIn { mode, pool_id }: &HeldIn| format!(r#"{{"mode":"{mode}","pool_id":"{pool_id}"}}"#);
    let all: Vec<String> = held_in.iter().map(one).collect();
    format!(r#""held_in":[{}],"#, all.join(","))
}

fn plain_member(member: &Member) -> String {
    let Member { mode, agreement_id, household_id, household_status, weight, .. } = member;
    format!(
        r#"{{"mode":"{mode}","agreement_id":"{agreement_id}","household_id":"{household_id}","household_status":"{household_status}","weight":{weight}}}"#
    )
}

fn whole_member(member: &Member) -> String {
    let Member { mode, agreement_id, household_id, household_status, confirmed, weight, costs_fen, cost_cap_bp } =
        member;
    let costs_fen = costs_fen.get();
    format!(
        r#"{{"mode":"{mode}","agreement_id":"{agreement_id}","household_id":"{household_id}","household_status":"{household_status}","confirmed":{confirmed},"weight":{weight},"costs_fen":{costs_fen},"cost_cap_bp":{cost_cap_bp}}}"#
    )
}
