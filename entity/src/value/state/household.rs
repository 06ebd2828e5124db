//! Households and their members.

use super::named_values;

named_values! {
    /// A member's relation to the head of the household.
    Relation {
        /// The head (户主).
        Head = "head",
        /// Spouse (配偶).
        Spouse = "spouse",
        /// Child (子女).
        Child = "child",
        /// Parent (父母).
        Parent = "parent",
        /// Grandchild (孙子女).
        Grandchild = "grandchild",
        /// Any other (其他).
        Other = "other",
    }
    /// What a household is in the national register.
    HouseholdStatusKind {
        /// Out of registered poverty (脱贫户，建档立卡).
        Registered = "registered",
        /// Out of poverty, not stably (脱贫不稳定户).
        MonitoredUnstable = "monitored_unstable",
        /// At the edge of poverty (边缘易致贫户).
        MonitoredBorderline = "monitored_borderline",
        /// In sudden serious hardship (突发严重困难户).
        MonitoredSudden = "monitored_sudden",
        /// None of these (一般农户).
        Ordinary = "ordinary",
    }
}
