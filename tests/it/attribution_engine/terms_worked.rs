//! The cases worked by hand in `golden/terms.md`, read from that file and compared figure by figure.

use entity::value::{
    BenefitMode, Fen, HouseholdStatusKind, OrganisationId, PeriodId, PeriodPoolId, PlanEligibility, PoolSettlement,
    ShareBasis, SupplierOrderId,
};
use liannong::attribution::engine::{AttributionError, Outcome, attribute};
use liannong::attribution::inputs::{Inputs, MODES, Member, PlanTerms, Pool, Rule, hash};
use liannong::attribution::period::spread::close;
use liannong::attribution::period::{Due, PeriodInputs, Waiting};
use liannong::verify::{closes, shares};

use super::worked::{tables_of, whole, worked_id, yuan};
use super::{fen, points, recorded};

type Table = Vec<Vec<&'static str>>;

fn mode(cell: &str) -> BenefitMode {
    let words = ["收购 Produce", "务工 Wages", "分红 Dividend", "地租 Rent", "托管 Custody"];
    MODES[words.iter().position(|word| *word == cell).unwrap_or_else(|| panic!("{cell} is no mode"))]
}

fn status(cell: &str) -> HouseholdStatusKind {
    match cell {
        "脱贫户 Registered" => HouseholdStatusKind::Registered,
        "监测户 Monitored" => HouseholdStatusKind::MonitoredBorderline,
        "一般户 Ordinary" => HouseholdStatusKind::Ordinary,
        other => panic!("{other} is no status"),
    }
}

fn is_one_of(cell: &str, yes: &str, no: &str) -> bool {
    assert!(cell == yes || cell == no, "{cell}");
    cell == yes
}

#[test]
fn the_plans_and_closes_worked_by_hand_come_out() {
    let sections = tables_of(include_str!("../golden/terms.md"));
    let worked = sections.iter().filter(|(_, tables)| !tables.is_empty());
    let (mut orders, mut closes) = (0, 0);
    for (title, tables) in worked {
        let [head, second, lines] = tables.as_slice() else { panic!("{title} has three tables") };
        if head[0].len() == 10 {
            worked_order(title, &head[0], second, lines);
            orders += 1;
        } else {
            worked_close(title, &head[0], second, lines);
            closes += 1;
        }
    }
    assert_eq!((orders, closes), (15, 4));
}

fn worked_order(title: &str, head: &[&str], pools: &Table, lines: &Table) {
    let pool = |row: &Vec<&str>| Pool {
        mode: mode(row[0]),
        bp: points(whole(row[1])),
        settle: if is_one_of(row[2], "按期 Period", "按单 Order") {
            PoolSettlement::PerPeriod
        } else {
            PoolSettlement::PerOrder
        },
    };
    let (retained, fed) = pools.split_last().unwrap();
    assert_eq!(pools.iter().map(|row| whole(row[1])).sum::<i64>(), 10_000, "{title}");
    assert_eq!(pools.iter().map(|row| yuan(row[3])).sum::<i64>(), yuan(head[1]), "{title}: {retained:?}");
    let relief = is_one_of(head[4], "脱贫户和监测户 Relief", "全部 All");
    let plan = PlanTerms {
        id: worked_id("ff").parse().unwrap(),
        pools: fed.iter().map(pool).collect(),
        floor_bp: points(whole(head[2])),
        cap_bp: points(whole(head[3])),
        eligible: if relief { PlanEligibility::ReliefOnly } else { PlanEligibility::All },
        confirmed_only: is_one_of(head[5], "已确认 Confirmed", "已签 Signed"),
    };
    let member = |row: &Vec<&str>| Member {
        mode: mode(row[0]),
        agreement_id: worked_id(row[1]).parse().unwrap(),
        household_id: worked_id(row[2]).parse().unwrap(),
        household_status: status(row[3]),
        confirmed: is_one_of(row[4], "是 Yes", "否 No"),
        weight: whole(row[5]),
        costs_fen: fen(yuan(row[6])),
        cost_cap_bp: points(whole(row[7])),
    };
    let inputs = Inputs {
        rule: Rule::PRESENT,
        supplier_order_id: worked_id(head[0]).parse().unwrap(),
        basis: ShareBasis::Accrued,
        plan,
        held_in: Vec::new(),
        attributable_fen: fen(yuan(head[1])),
        roster: lines.iter().map(member).collect(),
    };
    if head[6] == "拒绝 Refused" {
        let refused = attribute(&inputs);
        assert!(matches!(refused, Err(AttributionError::FloorCannotHold { .. })), "{title}: {refused:?}");
        assert!(shares::recompute(&inputs.canonical()).is_err(), "{title}");
        return;
    }
    let outcome = attribute(&inputs).unwrap();
    compare(title, head, lines, &inputs, &outcome);
}

fn compare(title: &str, head: &[&str], lines: &Table, inputs: &Inputs, outcome: &Outcome) {
    let sum = |amounts: &mut dyn Iterator<Item = Fen>| amounts.map(Fen::get).sum::<i64>();
    let repaid = sum(&mut outcome.deductions.iter().map(|deduction| deduction.amount_fen));
    let computed = [
        sum(&mut outcome.shares.iter().map(|share| share.amount_fen)),
        sum(&mut outcome.held.iter().map(|held| held.amount_fen)),
        repaid,
        outcome.retained_fen.get() - repaid,
    ];
    assert_eq!(computed.to_vec(), head[6..].iter().map(|cell| yuan(cell)).collect::<Vec<_>>(), "{title}");
    for (row, member) in lines.iter().zip(&inputs.roster) {
        let [gross, back, net] = [8, 9, 10].map(|cell: usize| yuan(row[cell]));
        assert_eq!(gross - back, net, "{title}: {row:?}");
        let share = outcome.shares.iter().find(|share| share.agreement_id == member.agreement_id);
        assert_eq!(share.map_or(0, |share| share.amount_fen.get()), net, "{title}: {row:?}");
        let deduction = outcome.deductions.iter().find(|deduction| deduction.agreement_id == member.agreement_id);
        assert_eq!(deduction.map_or(0, |deduction| deduction.amount_fen.get()), back, "{title}: {row:?}");
    }
    let text = inputs.canonical();
    assert_eq!(shares::check(&text, &hash(&text), &recorded(outcome), outcome.retained_fen.get()), Ok(()), "{title}");
}

fn worked_close(title: &str, head: &[&str], orders: &Table, lines: &Table) {
    let mode = mode(head[1]);
    let waiting = |row: &Vec<&str>| Waiting {
        mode,
        pool_id: PeriodPoolId::from_uuid(worked_id("f0").parse().unwrap()),
        supplier_order_id: worked_id(row[0]).parse().unwrap(),
        amount_fen: fen(yuan(row[1])),
    };
    let due = |row: &Vec<&str>| Due {
        mode,
        agreement_id: worked_id(row[0]).parse().unwrap(),
        household_id: worked_id(row[1]).parse().unwrap(),
        household_status: HouseholdStatusKind::Registered,
        due_fen: fen(yuan(row[2])),
    };
    let ids: (PeriodId, OrganisationId) = (worked_id(head[0]).parse().unwrap(), worked_id("f1").parse().unwrap());
    let term = ("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap());
    let inputs = PeriodInputs::new(ids, term, orders.iter().map(waiting).collect(), lines.iter().map(due).collect());
    let closing = close(&inputs).unwrap();
    let uncovered = closing.due_fen.checked_sub(closing.shared_fen).unwrap();
    let totals = [closing.pool_fen, closing.due_fen, closing.shared_fen, closing.retained_fen, uncovered];
    assert_eq!(totals.map(Fen::get).to_vec(), head[2..].iter().map(|cell| yuan(cell)).collect::<Vec<_>>(), "{title}");
    for (place, row) in lines.iter().enumerate() {
        assert_eq!(closing.shares[place].amount_fen.get(), yuan(row[3]), "{title}: {row:?}");
    }
    for (column, row) in orders.iter().enumerate() {
        let order: SupplierOrderId = worked_id(row[0]).parse().unwrap();
        let spread = closing.orders.iter().find(|spread| spread.waiting.supplier_order_id == order).unwrap();
        let shared: i64 = spread.parts.iter().map(|(_, part)| part.get()).sum();
        assert_eq!((shared, spread.retained_fen.get()), (yuan(row[2]), yuan(row[3])), "{title}: {row:?}");
        for (place, line) in lines.iter().enumerate() {
            let part = spread.parts.iter().find(|(of, _)| *of == place).map_or(0, |(_, part)| part.get());
            assert_eq!(part, yuan(line[4 + column]), "{title}: {line:?} of order {}", row[0]);
        }
    }
    let (amounts, retained) = closes::repeat(&inputs.canonical().unwrap()).unwrap();
    assert_eq!(amounts, closing.shares.iter().map(|share| share.amount_fen.get()).collect::<Vec<_>>(), "{title}");
    assert_eq!(retained, closing.retained_fen.get(), "{title}");
}
