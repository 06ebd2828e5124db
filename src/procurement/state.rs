//! The life of a supplier order: goods first, then the invoice, then the money.
//!
//! Pure: who may take a step is said by the access table, whether the step exists is said here.

use entity::value::OrderState as State;

/// What can be done with a supplier order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The supplier takes it on (确认).
    Confirm,
    /// The goods leave (发货).
    Ship,
    /// The buyer accepts at least one pack (验收).
    Accept,
    /// The buyer accepts nothing (拒收).
    Refuse,
    /// The supplier's invoice is recorded (开票).
    Invoice,
    /// The money has arrived (付款).
    Pay,
    /// The buyer rates it (评价).
    Rate,
    /// Either side calls it off before the goods leave (取消).
    Cancel,
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] =
        &[Self::Confirm, Self::Ship, Self::Accept, Self::Refuse, Self::Invoice, Self::Pay, Self::Rate, Self::Cancel];

    /// What it is called in a refusal, in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Confirm => ("确认", "confirmed"),
            Self::Ship => ("发货", "shipped"),
            Self::Accept => ("验收", "accepted"),
            Self::Refuse => ("拒收", "refused"),
            Self::Invoice => ("开票", "invoiced"),
            Self::Pay => ("付款", "paid"),
            Self::Rate => ("评价", "rated"),
            Self::Cancel => ("取消", "cancelled"),
        }
    }
}

/// The step does not lead out of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no step {step:?} from {from}")]
pub struct NoSuchStep {
    /// Where the order is.
    pub from: State,
    /// What was tried.
    pub step: Step,
}

/// Where a step leads.
///
/// # Errors
/// [`NoSuchStep`] for whatever is not listed.
pub fn next(from: State, step: Step) -> Result<State, NoSuchStep> {
    match (from, step) {
        (State::Placed, Step::Confirm) => Ok(State::Confirmed),
        (State::Placed | State::Confirmed, Step::Cancel) => Ok(State::Cancelled),
        (State::Confirmed, Step::Ship) => Ok(State::Shipped),
        (State::Shipped, Step::Accept) => Ok(State::Accepted),
        (State::Shipped, Step::Refuse) => Ok(State::Refused),
        (State::Accepted, Step::Invoice) => Ok(State::Invoiced),
        (State::Invoiced, Step::Pay) => Ok(State::Paid),
        (State::Paid, Step::Rate) => Ok(State::Completed),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
