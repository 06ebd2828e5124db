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
    /// Where an entry of the register comes from (来源).
    EntrySource {
        /// The registration of the household (建档登记).
        Registration = "registration",
        /// A case that went its whole way (动态调整).
        Case = "case",
        /// Somebody who went there and looked (走访排查).
        Survey = "survey",
        /// Another system's sheet (数据导入).
        Import = "import",
    }
    /// Whether a household was once registered as poor.
    HouseholdType {
        /// It was, and is out of poverty (脱贫户).
        OutOfPoverty = "out_of_poverty",
        /// It was not (一般农户).
        Ordinary = "ordinary",
    }
    /// Schooling (文化程度).
    Education {
        /// Below school age (学龄前儿童).
        Preschool = "preschool",
        /// None (文盲或半文盲).
        None = "none",
        /// Primary school (小学).
        Primary = "primary",
        /// Junior secondary school (初中).
        JuniorSecondary = "junior_secondary",
        /// Senior secondary or vocational school (高中或中专).
        SeniorSecondary = "senior_secondary",
        /// Junior college (大专).
        College = "college",
        /// University (本科及以上).
        University = "university",
    }
    /// Health (健康状况).
    Health {
        /// Healthy (健康).
        Healthy = "healthy",
        /// A chronic illness (长期慢性病).
        ChronicIllness = "chronic_illness",
        /// A serious illness (患有大病).
        SeriousIllness = "serious_illness",
        /// Disabled (残疾).
        Disabled = "disabled",
    }
    /// What work somebody can do (劳动技能).
    LabourSkill {
        /// Skilled (技能劳动力).
        Skilled = "skilled",
        /// Ordinary (普通劳动力).
        Ordinary = "ordinary",
        /// Weak or half (弱劳动力或半劳动力).
        Weak = "weak",
        /// No longer able (丧失劳动力).
        Lost = "lost",
        /// None: a child, a pupil, an old person (无劳动力).
        None = "none",
    }
    /// Why somebody came into a household or left it (人口变动原因).
    MemberCause {
        /// Born (出生).
        Birth = "birth",
        /// Married into it (婚入).
        MarriageIn = "marriage_in",
        /// Moved in (迁入).
        MoveIn = "move_in",
        /// Died (死亡).
        Death = "death",
        /// Married out of it (婚出).
        MarriageOut = "marriage_out",
        /// Moved away (迁出).
        MoveOut = "move_out",
        /// The household was split (分户).
        Split = "split",
        /// Two households became one (并户).
        Merge = "merge",
        /// The household was registered (建档登记).
        Registered = "registered",
    }
}
