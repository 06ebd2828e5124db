//! What comes in and goes out of monitoring.

mod clue;
mod measure;
mod overview;
mod rule;

pub use clue::{AskDismissal, Clue, ClueQuery, DecideDismissal, TakeUpClue};
pub use measure::{EnterMeasure, FinishMeasure, Measure, MeasureProgress, MeasureQuery, MeasureStep, MeasureWithSteps};
pub use overview::{CluesOfKind, MonitoringOverview, MonitoringRun};
pub use rule::{DraftRule, MonitoringRule, MonitoringRuleWithTrials, MonitoringTrial, RuleQuery, TriedCase, TryRule};
