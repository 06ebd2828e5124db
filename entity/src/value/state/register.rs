//! What the register's sheets bring beside people, and what enters findings by itself.

use super::named_values;

named_values! {
    /// Which guarantee of the state somebody lives on (兜底保障).
    Guarantee {
        /// None (未纳入).
        None = "none",
        /// The subsistence allowance (最低生活保障，低保).
        SubsistenceAllowance = "subsistence_allowance",
        /// Support for those in extreme poverty (特困供养).
        ExtremePoverty = "extreme_poverty",
    }
    /// What a rule looks for and enters as a finding (规则筛查类型).
    FindingRuleKind {
        /// What is done for a household has no effect after so many months (帮扶未见成效).
        MeasureWithoutEffect = "measure_without_effect",
        /// A clue waits so many days beyond its day (线索超期未处置).
        ClueOverdue = "clue_overdue",
        /// Nobody was at a household's home in so many days of the year (本年未走访).
        NoVisit = "no_visit",
    }
}
