//! The rules of cases by themselves: their life, their clocks, their votes, and what a notice board may say.

use crate::harness::date;
use chrono::Days;
use entity::value::{
    AdjustmentKind, AdjustmentState, AdjustmentStep, HouseholdStatusKind, PublicisedReason, RiskCause,
};
use liannong::adjustment::{PUBLICITY_DAYS, Run, Vote, fits, has_quorum, is_closed, is_passed, next, reason_of};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Every state and every step: what is not here does not exist.
#[test]
fn the_life_of_a_case_is_this_and_no_other() {
    let mut text = String::new();
    for from in AdjustmentState::ALL {
        for step in AdjustmentStep::ALL {
            if let Some(to) = next(*from, *step) {
                text.push_str(&format!("{from} {step} {to}\n"));
            }
        }
    }
    let expected = "clue check checked\nclue dismiss dismissed\nclue withdraw withdrawn\n\
        checked review reviewed\nchecked return clue\nchecked withdraw withdrawn\n\
        reviewed publicise publicised\nreviewed return checked\nreviewed withdraw withdrawn\n\
        publicised object objected\npublicised submit at_township\npublicised withdraw withdrawn\n\
        objected object objected\nobjected answer publicised\n\
        at_township endorse at_county\nat_township return returned\n\
        at_county send_back returned\nat_county approve effective\nat_county refuse rejected\n\
        returned check returned\nreturned review returned\nreturned submit at_township\nreturned withdraw withdrawn\n";
    assert_eq!(text, expected);
}

/// Nothing becomes effective that was not visited, voted on, publicised, endorsed and approved, in this order.
#[test]
fn no_way_leads_past_a_step() {
    let order = [
        AdjustmentStep::Check,
        AdjustmentStep::Review,
        AdjustmentStep::Publicise,
        AdjustmentStep::Submit,
        AdjustmentStep::Endorse,
        AdjustmentStep::Approve,
    ];
    for left_out in order {
        let (mut reached, mut edge) = (BTreeSet::from([AdjustmentState::Clue]), vec![AdjustmentState::Clue]);
        while let Some(from) = edge.pop() {
            for step in AdjustmentStep::ALL.iter().filter(|step| **step != left_out) {
                if let Some(to) = next(from, *step)
                    && reached.insert(to)
                {
                    edge.push(to);
                }
            }
        }
        assert!(!reached.contains(&AdjustmentState::Effective), "without {left_out}");
    }
    for state in AdjustmentState::ALL {
        let leads_on = AdjustmentStep::ALL.iter().any(|step| next(*state, *step).is_some());
        assert_eq!(is_closed(*state), !leads_on, "{state}");
    }
}

/// Of so many who may vote so many came, and so many of these are for it.
fn counted() -> impl Strategy<Value = (i32, i32, i32)> {
    let came = (1_i32..200).prop_flat_map(|eligible| (Just(eligible), 0..=eligible));
    came.prop_flat_map(|(eligible, present)| (Just(eligible), Just(present), 0..=present))
}

proptest! {
    /// Days on which the clock stands still do not count, however often it stops; what ran is what ran.
    #[test]
    fn a_publicity_runs_five_days_that_count(pauses in proptest::collection::vec((0_u64..4, 0_u64..9), 0..6)) {
        let begun = date("2026-03-02");
        let (mut run, mut today, mut ran) = (Run::begun(begun), begun, 0_u64);
        for (runs, stands) in pauses {
            today = today + Days::new(runs);
            ran += runs;
            prop_assert_eq!(run.days_by(today), i32::try_from(ran).unwrap());
            run = run.stopped(today);
            prop_assert_eq!(run.ends_on(), None);
            prop_assert_eq!(run.stopped(today), run, "stopping twice is stopping once");
            today = today + Days::new(stands);
            prop_assert_eq!(run.days_by(today), i32::try_from(ran).unwrap());
            run = run.resumed(today);
        }
        let ends_on = run.ends_on().unwrap();
        prop_assert!(run.is_over(ends_on));
        if ran < u64::try_from(PUBLICITY_DAYS).unwrap() {
            prop_assert!(!run.is_over(ends_on.pred_opt().unwrap()));
        }
    }

    /// Two thirds must come, and more than half of them must be for it.
    #[test]
    fn a_vote_needs_two_thirds_and_more_than_half((eligible, present, in_favour) in counted()) {
        let vote = Vote { eligible, present, in_favour, against: present - in_favour, abstained: 0 };
        let absent = eligible - present;
        prop_assert_eq!(has_quorum(vote), present > 0 && absent <= eligible / 3);
        prop_assert_eq!(is_passed(vote), in_favour > present - in_favour);
    }
}

/// What hangs on a notice board tells nothing of illness or disability, and the same of both as of school fees.
#[test]
fn a_notice_tells_nothing_of_health() {
    for kind in AdjustmentKind::ALL {
        let of = |cause| reason_of(*kind, Some(cause));
        assert_eq!(of(RiskCause::Illness), of(RiskCause::Schooling));
        assert_eq!(of(RiskCause::Disability), of(RiskCause::Schooling));
    }
    for reason in PublicisedReason::ALL {
        assert!(!["ill", "disab", "health"].iter().any(|word| reason.as_str().contains(word)), "{reason}");
    }
}

/// Each kind of case is for households of some status, and each status has a way out.
#[test]
fn each_kind_is_for_some_households() {
    use HouseholdStatusKind as Status;
    let of = |kind| Status::ALL.iter().copied().filter(|status| fits(kind, *status)).collect::<Vec<_>>();
    assert_eq!(of(AdjustmentKind::Identification), [Status::Ordinary]);
    assert_eq!(of(AdjustmentKind::ReturnToPoverty), [Status::Registered]);
    assert_eq!(of(AdjustmentKind::Exit), [Status::Registered]);
    let monitored = [Status::MonitoredUnstable, Status::MonitoredBorderline, Status::MonitoredSudden];
    assert_eq!(of(AdjustmentKind::RiskRemoval), monitored);
    assert_eq!(of(AdjustmentKind::Split).len(), Status::ALL.len());
}
