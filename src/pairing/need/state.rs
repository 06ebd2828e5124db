//! The life of a need, and what it may count as: pure. What is not listed is forbidden.

use entity::value::{AidKind, NeedKind, NeedState as State};

/// What can be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Somebody takes it on (认领).
    Claim,
    /// Who took it on gives it up, with a reason (放弃认领).
    Release,
    /// The village takes it back from somebody who does not move, with a reason (收回).
    Reopen,
    /// Who took it on says what came of it, with evidence (交付).
    Deliver,
    /// The village says that it did not come so, with a reason (退回).
    SendBack,
    /// The village confirms that it came (确认).
    Confirm,
    /// The village no longer needs it, with a reason (撤回).
    Withdraw,
}

impl Step {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Claim, Self::Release, Self::Reopen, Self::Deliver, Self::SendBack, Self::Confirm, Self::Withdraw];

    /// Its name in the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "need.claim",
            Self::Release => "need.release",
            Self::Reopen => "need.reopen",
            Self::Deliver => "need.deliver",
            Self::SendBack => "need.send_back",
            Self::Confirm => "need.confirm",
            Self::Withdraw => "need.withdraw",
        }
    }
}

/// Where a step leads; nowhere when it does not exist.
#[must_use]
pub const fn next(from: State, step: Step) -> Option<State> {
    match (from, step) {
        (State::Published, Step::Claim) | (State::Delivered, Step::SendBack) => Some(State::Claimed),
        (State::Claimed, Step::Release | Step::Reopen) => Some(State::Published),
        (State::Claimed, Step::Deliver) => Some(State::Delivered),
        (State::Delivered, Step::Confirm) => Some(State::Fulfilled),
        (State::Published, Step::Withdraw) => Some(State::Withdrawn),
        _ => None,
    }
}

/// The kinds of aid that what came of a need may count as; the first one when none is named. Goods count as an assisted
/// sale only: what somebody buys is counted from the order.
#[must_use]
pub const fn counts_as(kind: NeedKind) -> &'static [AidKind] {
    match kind {
        NeedKind::GoodsToSell => &[AidKind::AssistedSale],
        NeedKind::Skills => &[AidKind::Training],
        NeedKind::Posts => &[AidKind::Posts, AidKind::Wages],
        NeedKind::Project => {
            &[AidKind::Infrastructure, AidKind::DonationCash, AidKind::DonationKind, AidKind::InvestmentInPlace]
        }
    }
}
