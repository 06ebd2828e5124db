//! The cases worked by hand in `golden/attribution.md`, read from that file and compared figure by figure.

use entity::value::{BasisPoints, BenefitMode, Fen, HouseholdStatusKind};
use liannong::attribution::engine::attribute;
use liannong::attribution::inputs::{Inputs, MODES, Member, hash};
use liannong::verify::shares;

use super::{inputs_of, received, recorded, sum, weigh, weight_of_pool};

/// An identifier of the worked cases, which write the last two digits only.
pub(super) fn worked_id(last_two: &str) -> String {
    format!("019372a0-6c00-7000-8000-0000000000{last_two}")
}

/// The title and the tables of a section, cell by cell, without heads and rules.
pub(super) type Section = (&'static str, Vec<Vec<Vec<&'static str>>>);

fn worked_tables() -> Vec<Section> {
    tables_of(include_str!("../golden/attribution.md"))
}

/// The sections of a file.
pub(super) fn tables_of(text: &'static str) -> Vec<Section> {
    let mut sections = Vec::new();
    for section in text.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap();
        let mut tables: Vec<Vec<Vec<&str>>> = Vec::new();
        let mut inside = false;
        for line in section.lines() {
            let row = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'));
            match row {
                None => inside = false,
                Some(row) => {
                    if !inside {
                        tables.push(Vec::new());
                    }
                    inside = true;
                    tables.last_mut().unwrap().push(row.split('|').map(str::trim).collect());
                }
            }
        }
        tables.iter_mut().for_each(|table| drop(table.drain(..2)));
        sections.push((title, tables));
    }
    sections
}

pub(super) fn yuan(cell: &str) -> i64 {
    let (yuan, fen) = cell.split_once('.').unwrap();
    assert_eq!(fen.len(), 2, "{cell}");
    yuan.parse::<i64>().unwrap() * 100 + fen.parse::<i64>().unwrap()
}

fn numbers<const N: usize>(cells: &[&str], read: impl Fn(&str) -> i64) -> [i64; N] {
    cells.iter().map(|cell| read(cell)).collect::<Vec<_>>().try_into().unwrap()
}

pub(super) fn whole(cell: &str) -> i64 {
    cell.parse().unwrap()
}

fn worked_mode(cell: &str) -> BenefitMode {
    let words = ["收购 Produce", "务工 Wages", "分红 Dividend", "地租 Rent"];
    MODES[words.iter().position(|word| *word == cell).unwrap()]
}

#[test]
fn the_cases_worked_by_hand_come_out() {
    let sections = worked_tables();
    let (weights, cases) = sections.split_last().unwrap();
    for row in &weights.1[0] {
        let [shipped, lot, delivery, price, accepted, packs, weight]: [i64; 7] = numbers(row, whole);
        let computed = weigh([shipped, lot, delivery, price, accepted, packs]).unwrap();
        assert_eq!(i64::try_from(computed).unwrap(), weight, "{row:?}");
    }
    assert_eq!(cases.len(), 10);
    for (title, tables) in cases {
        let [plan_rows, roster_rows] = tables.as_slice() else { panic!("{title} has two tables") };
        worked_case(title, plan_rows, roster_rows);
    }
}

fn worked_case(title: &str, plan_rows: &[Vec<&str>], roster_rows: &[Vec<&str>]) {
    let [produce, wages, dividend, rent, _, _]: [i64; 6] = numbers(&plan_rows[0][2..], whole);
    let pools: [i64; 6] = numbers(&plan_rows[1][2..], yuan);
    let results: [i64; 6] = numbers(&plan_rows[2][2..], yuan);
    for row in [numbers::<6>(&plan_rows[0][2..], whole), pools, results] {
        assert_eq!(row[..5].iter().sum::<i64>(), row[5], "{title}");
    }
    let roster: Vec<Member> = roster_rows
        .iter()
        .map(|row| Member {
            mode: worked_mode(row[0]),
            agreement_id: worked_id(row[1]).parse().unwrap(),
            household_id: worked_id(row[2]).parse().unwrap(),
            household_status: HouseholdStatusKind::Registered,
            confirmed: true,
            weight: whole(row[3]),
            costs_fen: Fen::ZERO,
            cost_cap_bp: BasisPoints::ZERO,
        })
        .collect();
    let inputs = Inputs {
        supplier_order_id: worked_id(plan_rows[0][0]).parse().unwrap(),
        ..inputs_of([produce, wages, dividend, rent], pools[5], roster)
    };
    let outcome = attribute(&inputs).unwrap();
    let four = MODES.iter().take(4).map(|mode| sum(&outcome, *mode));
    let computed: Vec<i64> = four.chain([outcome.retained_fen.get()]).collect();
    assert_eq!(computed, results[..5], "{title}");
    for (row, member) in roster_rows.iter().zip(&inputs.roster) {
        assert_eq!(received(&outcome, member), yuan(row[7]), "{title}: {row:?}");
        assert_eq!(whole(row[4]) + whole(row[6]), yuan(row[7]), "{title}: {row:?}");
        // The working itself: whole fen and rest are together the exact quota.
        let (rest, of) = row[5].split_once('/').map_or((0, 1), |(rest, of)| (whole(rest), whole(of)));
        let pool = MODES.iter().zip(pools).find(|(mode, _)| **mode == member.mode).unwrap().1;
        let whole_weight = weight_of_pool(&inputs, member.mode);
        let worked = i128::from(whole(row[4]) * of + rest) * whole_weight;
        assert_eq!(worked, i128::from(pool) * i128::from(member.weight) * i128::from(of), "{title}: {row:?}");
    }
    let text = inputs.canonical();
    assert_eq!(shares::check(&text, &hash(&text), &recorded(&outcome), outcome.retained_fen.get()), Ok(()), "{title}");
}
