//! What a case must satisfy by itself, and what a vote says. Pure.

use super::view::{OpenAdjustment, Placed};
use crate::household::{faults_of_people, faults_of_shares, is_number};
use crate::problem::{FieldProblem, Text};
use chrono::NaiveDate;
use entity::value::{AdjustmentKind, HouseholdStatusKind, MemberCause, MemberId, Relation};
use std::collections::{HashMap, HashSet};

/// From the clue to the decision it is so many days at the most, not counting those on which the clocks stand still.
pub const DECISION_DAYS: u64 = 15;

/// How many people a case is about at the most, of a kind.
const MOST_PEOPLE: usize = 20;

/// A vote of the villagers' representatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// How many may vote.
    pub eligible: i32,
    /// How many came.
    pub present: i32,
    /// How many were for it.
    pub in_favour: i32,
    /// How many were against it.
    pub against: i32,
    /// How many abstained.
    pub abstained: i32,
}

/// Whether two thirds of those who may vote came, without which they decide nothing.
///
/// The vote is that of the villagers' representatives (村民代表会议): 《中华人民共和国村民委员会组织法》第二十六条,
/// 「有三分之二以上的组成人员参加方可召开，所作决定应当经到会人员的过半数同意」. A meeting of a villagers' group (村民小组会议)
/// has the same numbers by 第二十八条 (三分之二以上的十八周岁以上村民，或者三分之二以上的户的代表参加，到会人员过半数同意),
/// and may stand in its place; those who may vote are then the people or households of the group. The general assembly
/// (村民会议, 第二十二条) may meet with more than half of all adults; a county that wants less than two thirds has no
/// such vote here.
#[must_use]
pub fn has_quorum(vote: Vote) -> bool {
    vote.present > 0 && i64::from(vote.present) * 3 >= i64::from(vote.eligible) * 2
}

/// Whether more than half of those who came were for it (同条：应当经到会人员的过半数同意).
#[must_use]
pub fn is_passed(vote: Vote) -> bool {
    i64::from(vote.in_favour) * 2 > i64::from(vote.present)
}

/// Whether the numbers of a vote can be: everybody who came said one thing, and no more came than may vote.
pub(super) fn adds_up(vote: Vote) -> bool {
    let parts = [vote.in_favour, vote.against, vote.abstained];
    parts.iter().all(|part| *part >= 0)
        && parts.iter().map(|part| i64::from(*part)).sum::<i64>() == i64::from(vote.present)
        && vote.present <= vote.eligible
}

/// Whether a kind of case is for a household of this status.
#[must_use]
pub fn fits(kind: AdjustmentKind, status: HouseholdStatusKind) -> bool {
    use HouseholdStatusKind as Status;
    match kind {
        AdjustmentKind::Identification => status == Status::Ordinary,
        AdjustmentKind::ReturnToPoverty | AdjustmentKind::Exit => status == Status::Registered,
        AdjustmentKind::RiskRemoval => crate::household::history::is_monitored(status),
        AdjustmentKind::NaturalChange | AdjustmentKind::Split | AdjustmentKind::Merge => true,
    }
}

fn fault(pointer: impl Into<String>, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.into(), detail: Text::new(zh, en) }
}

/// Which parts a kind of case has.
struct Shape {
    /// It is about a household in the register.
    household: bool,
    /// A household is made, and needs a number.
    number: bool,
    /// Another household is merged into it.
    other: bool,
    /// It says what the household is to be.
    status: &'static [HouseholdStatusKind],
    /// It says what brought it there.
    cause: bool,
    /// It has a day of its own.
    day: bool,
    /// People come, for one of these reasons.
    joining: &'static [MemberCause],
    /// People leave.
    leaving: bool,
    /// People of the register find another place.
    placed: bool,
    /// Relations of those who stay may change.
    relations: bool,
}

const NOTHING: Shape = Shape {
    household: true,
    number: false,
    other: false,
    status: &[],
    cause: false,
    day: false,
    joining: &[],
    leaving: false,
    placed: false,
    relations: false,
};

fn shape(kind: AdjustmentKind, is_new: bool) -> Shape {
    use HouseholdStatusKind as Status;
    match kind {
        AdjustmentKind::Identification => Shape {
            household: !is_new,
            number: is_new,
            status: &[Status::MonitoredBorderline, Status::MonitoredSudden],
            cause: true,
            joining: if is_new { &[MemberCause::Registered] } else { &[] },
            ..NOTHING
        },
        AdjustmentKind::ReturnToPoverty => {
            Shape { status: &[Status::MonitoredUnstable, Status::MonitoredSudden], cause: true, ..NOTHING }
        }
        AdjustmentKind::NaturalChange => Shape {
            day: true,
            joining: &[MemberCause::Birth, MemberCause::MarriageIn, MemberCause::MoveIn],
            leaving: true,
            relations: true,
            ..NOTHING
        },
        AdjustmentKind::Split => Shape { number: true, day: true, placed: true, relations: true, ..NOTHING },
        AdjustmentKind::Merge => Shape { other: true, day: true, placed: true, relations: true, ..NOTHING },
        AdjustmentKind::Exit | AdjustmentKind::RiskRemoval => NOTHING,
    }
}

/// Everything wrong with a case by itself.
pub(super) fn faults(new: &OpenAdjustment, today: NaiveDate) -> Vec<FieldProblem> {
    let shape = shape(new.kind, new.household_id.is_none());
    let mut faults = Vec::new();
    let mut part = |pointer: &str, wanted: bool, there: bool| {
        if wanted && !there {
            faults.push(fault(pointer, "此类调整须填写此项。", "A case of this kind needs it."));
        }
        if !wanted && there {
            faults.push(fault(pointer, "此类调整没有此项。", "A case of this kind does not have it."));
        }
    };
    part("/household_id", shape.household, new.household_id.is_some());
    part("/village_id", !shape.household, new.village_id.is_some());
    part("/other_household_id", shape.other, new.other_household_id.is_some());
    part("/number", shape.number, new.number.is_some());
    part("/status", !shape.status.is_empty(), new.status.is_some());
    part("/cause", shape.cause, new.cause.is_some());
    part("/happened_on", shape.day, new.happened_on.is_some());
    part("/placed", shape.placed, !new.placed.is_empty());
    if shape.leaving {
        part("/joining", true, !new.joining.is_empty() || !new.leaving.is_empty());
    } else {
        part("/joining", !shape.joining.is_empty(), !new.joining.is_empty());
        part("/leaving", false, !new.leaving.is_empty());
    }
    if !shape.relations {
        part("/relations", false, !new.relations.is_empty());
    }
    if new.kind != AdjustmentKind::Split {
        part("/land", false, !new.land.is_empty());
    }
    faults.extend(faults_of_shares(&new.land, "/land"));
    faults.extend(faults_of_values(new, &shape, today));
    faults
}

fn faults_of_values(new: &OpenAdjustment, shape: &Shape, today: NaiveDate) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if new.number.as_deref().is_some_and(|number| !is_number(number)) {
        let (zh, en) =
            ("户编号应为 6 至 30 位字母、数字或连字符。", "A number has 6 to 30 letters, digits or hyphens.");
        faults.push(fault("/number", zh, en));
    }
    if new.status.is_some_and(|status| !shape.status.is_empty() && !shape.status.contains(&status)) {
        faults.push(fault("/status", "此类调整不能成为此类型。", "A case of this kind does not lead there."));
    }
    if new.happened_on.is_some_and(|day| day > today) {
        faults.push(fault("/happened_on", "日期不能晚于今天。", "The day is not in the future."));
    }
    if new.other_household_id.is_some() && new.other_household_id == new.household_id {
        faults.push(fault("/other_household_id", "应为另一户。", "It is another household."));
    }
    let lists = [new.joining.len(), new.leaving.len(), new.placed.len(), new.relations.len()];
    if lists.iter().any(|length| *length > MOST_PEOPLE) {
        faults.push(fault("/joining", "每类人员至多 20 名。", "At most 20 people of a kind."));
    }
    for (index, one) in new.joining.iter().enumerate() {
        if !shape.joining.contains(&one.cause) {
            faults.push(fault(
                format!("/joining/{index}/cause"),
                "此类调整不能由此增加人口。",
                "Nobody comes so here.",
            ));
        }
    }
    for (index, one) in new.leaving.iter().enumerate() {
        if !matches!(one.cause, MemberCause::Death | MemberCause::MarriageOut | MemberCause::MoveOut) {
            faults.push(fault(
                format!("/leaving/{index}/cause"),
                "应为死亡、婚出或迁出。",
                "Death, marriage or a move.",
            ));
        }
    }
    faults.extend(faults_of_people(new.joining.iter().map(|one| &one.person), today, "/joining"));
    let mut seen = HashSet::new();
    let named = new.leaving.iter().map(|one| one.member_id).chain(new.placed.iter().map(|one| one.member_id));
    if !named.chain(new.relations.iter().map(|one| one.member_id)).all(|member| seen.insert(member)) {
        faults.push(fault("/relations", "同一成员只能列一次。", "Nobody is named twice."));
    }
    faults
}

/// Who belongs where: people and their relation to the head.
pub(super) type Family = HashMap<MemberId, Relation>;

/// Everything wrong with a case, looking at the people of its households.
///
/// `own` are those of the household, `other` those of the household merged into it; `since` is when each came.
pub(super) fn faults_of_families(
    new: &OpenAdjustment,
    (own, other): (&Family, &Family),
    since: &HashMap<MemberId, NaiveDate>,
) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut strange = |list: &str, index: usize, member: MemberId, family: &Family| {
        if !family.contains_key(&member) {
            let pointer = format!("/{list}/{index}/member_id");
            faults.push(fault(pointer, "该户没有这名成员。", "The household has no such member."));
        } else if new.happened_on.zip(since.get(&member)).is_some_and(|(day, since)| day < *since) {
            let (zh, en) = ("日期早于其进入该户之日。", "The day lies before they came into the household.");
            faults.push(fault("/happened_on", zh, en));
        }
    };
    let from = if new.kind == AdjustmentKind::Merge { other } else { own };
    for (index, one) in new.leaving.iter().enumerate() {
        strange("leaving", index, one.member_id, own);
    }
    for (index, one) in new.placed.iter().enumerate() {
        strange("placed", index, one.member_id, from);
    }
    for (index, one) in new.relations.iter().enumerate() {
        strange("relations", index, one.member_id, own);
    }
    let placed: HashSet<MemberId> = new.placed.iter().map(|one| one.member_id).collect();
    if new.kind == AdjustmentKind::Merge && other.keys().any(|member| !placed.contains(member)) {
        let (zh, en) = ("并入户的每名成员都须列出。", "Everybody of the household that is merged is named.");
        faults.push(fault("/placed", zh, en));
    }
    if new.kind == AdjustmentKind::Split && own.keys().all(|member| placed.contains(member)) {
        let (zh, en) = ("原户至少应留一人。", "Somebody stays in the household.");
        faults.push(fault("/placed", zh, en));
    }
    if faults.is_empty() {
        faults.extend(faults_of_heads(new, own));
    }
    faults
}

fn heads(relations: impl Iterator<Item = Relation>) -> (usize, usize) {
    relations.fold((0, 0), |(people, heads), relation| (people + 1, heads + usize::from(relation == Relation::Head)))
}

/// Each household has one head afterwards, unless nobody is left in it.
fn faults_of_heads(new: &OpenAdjustment, own: &Family) -> Vec<FieldProblem> {
    const ONE: (&str, &str) = ("调整后每户应有且只有一名户主。", "Each household has exactly one head afterwards.");
    let relation_of =
        |list: &[Placed], member: &MemberId| list.iter().find(|one| one.member_id == *member).map(|one| one.relation);
    let gone = |member: &MemberId| {
        new.leaving.iter().any(|one| one.member_id == *member)
            || (new.kind == AdjustmentKind::Split && new.placed.iter().any(|one| one.member_id == *member))
    };
    let stay = own.iter().filter(|(member, _)| !gone(member));
    let stay = stay.map(|(member, relation)| relation_of(&new.relations, member).unwrap_or(*relation));
    let come = new.joining.iter().map(|one| one.person.relation);
    let placed = || new.placed.iter().map(|one| one.relation);
    let is_split = new.kind == AdjustmentKind::Split;
    let merged: Vec<Relation> = if is_split { Vec::new() } else { placed().collect() };
    let (people, first) = heads(stay.chain(come).chain(merged));
    let mut faults = Vec::new();
    if people > 0 && first != 1 {
        let pointer = if new.household_id.is_none() { "/joining" } else { "/relations" };
        faults.push(fault(pointer, ONE.0, ONE.1));
    }
    if is_split && heads(placed()).1 != 1 {
        faults.push(fault("/placed", ONE.0, ONE.1));
    }
    faults
}
