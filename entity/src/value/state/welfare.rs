//! What households earn and spend, what watches over them, and what is done for those at risk.

use super::named_values;

named_values! {
    /// What a row of a household's income and spending is about (收支项目).
    IncomeItem {
        /// Wages (工资性收入).
        Wage = "wage",
        /// From a business of its own, field or stable (生产经营性收入).
        Operating = "operating",
        /// From shares, land and other property (财产性收入).
        Property = "property",
        /// Pensions, allowances, gifts (转移性收入).
        Transfer = "transfer",
        /// What the business cost (生产经营性支出).
        ProductionCost = "production_cost",
        /// Paid for treatment out of pocket, within the rules (合规自付医疗支出).
        Illness = "illness",
        /// Paid for schooling out of pocket, within the rules (合规自付教育支出).
        Schooling = "schooling",
        /// Paid after a disaster or an accident out of pocket, within the rules (合规自付灾害支出).
        Disaster = "disaster",
        /// Received from an insurance (理赔收入).
        Claims = "claims",
    }
    /// Where a row comes from (数据来源).
    IncomeSource {
        /// Somebody went to the household and asked (入户采集).
        Visit = "visit",
        /// A department's data (部门数据).
        Department = "department",
        /// The household said so (农户自报).
        OwnReport = "own_report",
        /// The register's sheet of a year (底册导入).
        Import = "import",
    }
    /// How well a row is shown (佐证等级), the best first.
    EvidenceGrade {
        /// By a receipt, a payroll, a passbook (有凭证).
        Document = "document",
        /// By a department's record (部门记录).
        DepartmentRecord = "department_record",
        /// By nothing but what was said (仅口述).
        Statement = "statement",
    }
    /// What gives a clue that a household may be at risk (预警类型).
    ClueKind {
        /// The rolling income per head is not above the threshold (收入低于监测范围).
        IncomeUnderThreshold = "income_under_threshold",
        /// The rolling income per head fell (收入骤减).
        IncomeFall = "income_fall",
        /// It paid much out of pocket for illness, school or a disaster (刚性支出骤增).
        SpendingShock = "spending_shock",
        /// The county upheld its dispute (收益异议成立).
        DisputeUpheld = "dispute_upheld",
        /// A supplier has owed it for long (收益拖欠).
        Arrears = "arrears",
        /// A lot with its produce was called back, refused or complained of with right, its order called off, or its supplier
        /// stopped (产销风险).
        LostLots = "lost_lots",
        /// It is monitored and nothing is done for it (识别后未帮扶).
        NoMeasure = "no_measure",
        /// What is done for it has no effect (帮扶未见成效).
        MeasureWithoutEffect = "measure_without_effect",
        /// A department's data say something else than the register (部门比对疑点).
        FlaggedComparison = "flagged_comparison",
    }
    /// Whether a rule watches (规则状态).
    MonitoringRuleState {
        /// Written down, not watching yet (草拟).
        Drafted = "drafted",
        /// Watching (启用).
        On = "on",
        /// Watching no more (停用).
        Off = "off",
    }
    /// Where a clue is (预警线索状态).
    ClueState {
        /// Nobody has taken it up (待处置).
        Open = "open",
        /// Somebody holds that it is nothing; somebody else has to agree (待复核).
        DismissalAsked = "dismissal_asked",
        /// A case or a measure answers it (已处置).
        TakenUp = "taken_up",
        /// Two people hold that it is nothing (已排除).
        Dismissed = "dismissed",
    }
    /// What is done for a household at risk (帮扶措施).
    MeasureKind {
        /// Help with a business (产业帮扶).
        Industry = "industry",
        /// Help to find work (就业帮扶).
        Employment = "employment",
        /// Credit (金融帮扶).
        Finance = "finance",
        /// A public-welfare post (公益岗位).
        PublicPost = "public_post",
        /// Health (健康帮扶).
        Health = "health",
        /// Compulsory schooling (义务教育保障).
        CompulsoryEducation = "compulsory_education",
        /// Other schooling (其他教育帮扶).
        OtherEducation = "other_education",
        /// Allowances and insurance (综合保障).
        SocialSecurity = "social_security",
        /// A safe house (住房安全保障).
        Housing = "housing",
        /// Safe water (饮水安全保障).
        Water = "water",
        /// Help from society (社会帮扶).
        Society = "society",
        /// Moving to another place (易地搬迁后续扶持).
        Relocation = "relocation",
        /// Anything else (其他).
        Other = "other",
    }
    /// Where a measure is (措施状态).
    MeasureState {
        /// Under way (实施中).
        Running = "running",
        /// Done, with evidence (已完成).
        Done = "done",
        /// Given up (已终止).
        Ended = "ended",
    }
}
