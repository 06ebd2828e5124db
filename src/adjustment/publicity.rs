//! The notice board (公示): how long it hangs there, and what may stand on it. Pure.

use chrono::{Days, NaiveDate};
use entity::value::{AdjustmentKind, PublicisedReason, RiskCause};

/// So many days a case hangs on the notice board at least.
pub const PUBLICITY_DAYS: i32 = 5;

/// How far a publicity has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// How many days it had run when it last stood still.
    pub ran_days: i32,
    /// Since when it runs; none while it stands still.
    pub running_since: Option<NaiveDate>,
}

impl Run {
    /// It is put up.
    #[must_use]
    pub fn begun(on: NaiveDate) -> Self {
        Self { ran_days: 0, running_since: Some(on) }
    }

    /// How many days it has run by a day.
    #[must_use]
    pub fn days_by(self, day: NaiveDate) -> i32 {
        let more = self.running_since.map_or(0, |since| (day - since).num_days().max(0));
        self.ran_days.saturating_add(i32::try_from(more).unwrap_or(i32::MAX))
    }

    /// Whether it has run long enough by a day.
    #[must_use]
    pub fn is_over(self, day: NaiveDate) -> bool {
        self.days_by(day) >= PUBLICITY_DAYS
    }

    /// The day on which it will have run long enough; none while it stands still.
    #[must_use]
    pub fn ends_on(self) -> Option<NaiveDate> {
        let left = u64::try_from(PUBLICITY_DAYS.saturating_sub(self.ran_days)).unwrap_or(0);
        self.running_since?.checked_add_days(Days::new(left))
    }

    /// It stands still from a day on.
    #[must_use]
    pub fn stopped(self, on: NaiveDate) -> Self {
        Self { ran_days: self.days_by(on), running_since: None }
    }

    /// It goes on from a day on.
    #[must_use]
    pub fn resumed(self, on: NaiveDate) -> Self {
        Self { running_since: Some(self.running_since.unwrap_or(on)), ..self }
    }
}

/// Why, in a word that the whole village may read. Illness, disability and school are one word there: what a household
/// spends is nobody's business in detail, and its health is nobody's at all.
#[must_use]
pub fn reason_of(kind: AdjustmentKind, cause: Option<RiskCause>) -> PublicisedReason {
    match kind {
        AdjustmentKind::NaturalChange | AdjustmentKind::Split | AdjustmentKind::Merge => PublicisedReason::Population,
        AdjustmentKind::Exit | AdjustmentKind::RiskRemoval => PublicisedReason::Stable,
        AdjustmentKind::Identification | AdjustmentKind::ReturnToPoverty => match cause {
            Some(RiskCause::Illness | RiskCause::Disability | RiskCause::Schooling) => {
                PublicisedReason::EssentialSpending
            }
            Some(RiskCause::Disaster | RiskCause::Accident) => PublicisedReason::Misfortune,
            Some(RiskCause::Employment | RiskCause::Industry) => PublicisedReason::IncomeLoss,
            Some(RiskCause::Means) => PublicisedReason::Means,
            Some(RiskCause::Other) | None => PublicisedReason::Other,
        },
    }
}
