//! Changes of the register as cases, and what a notice board may say of them.

use super::named_values;

named_values! {
    /// What kind of change of the register a case is (动态调整类型).
    AdjustmentKind {
        /// A household is to be monitored that was not registered (新增识别).
        Identification = "identification",
        /// A household out of poverty is at risk again (返贫).
        ReturnToPoverty = "return_to_poverty",
        /// People came or left (人口自然变更).
        NaturalChange = "natural_change",
        /// A household becomes two (分户).
        Split = "split",
        /// Two households become one (并户).
        Merge = "merge",
        /// A household leaves the register of help (退出).
        Exit = "exit",
        /// A risk is gone (风险消除).
        RiskRemoval = "risk_removal",
    }
    /// How a case became known (线索来源).
    AdjustmentOrigin {
        /// The household said so (农户自主申报).
        OwnReport = "own_report",
        /// Somebody went there and saw it (干部走访排查).
        Visit = "visit",
        /// A department's figures showed it (部门筛查预警).
        DepartmentWarning = "department_warning",
    }
    /// Where a case is (办理状态).
    AdjustmentState {
        /// It became known (线索).
        Clue = "clue",
        /// Somebody was at the household's home (已入户核实).
        Checked = "checked",
        /// The villagers agreed (已民主评议).
        Reviewed = "reviewed",
        /// It hangs on the notice board (公示中).
        Publicised = "publicised",
        /// Somebody objected; the clocks stand still (异议处理中).
        Objected = "objected",
        /// The township looks at it (乡镇审核).
        AtTownship = "at_township",
        /// The county decides (县级审定).
        AtCounty = "at_county",
        /// The village is to mend it (已退回).
        Returned = "returned",
        /// The register says so (已生效).
        Effective = "effective",
        /// The visit did not bear it out (核实不属实).
        Dismissed = "dismissed",
        /// Voted down, overturned by an objection, or refused (未通过).
        Rejected = "rejected",
        /// Taken back (已撤回).
        Withdrawn = "withdrawn",
    }
    /// A step of a case (办理步骤).
    AdjustmentStep {
        /// It is entered (登记线索).
        Open = "open",
        /// A visit bears it out (入户核实).
        Check = "check",
        /// A visit does not (核实不属实).
        Dismiss = "dismiss",
        /// The villagers vote (民主评议).
        Review = "review",
        /// It is put up (公示).
        Publicise = "publicise",
        /// Somebody objects (提出异议).
        Object = "object",
        /// The objection is decided on (异议处理).
        Answer = "answer",
        /// The village hands it to the township (上报乡镇).
        Submit = "submit",
        /// The township agrees (乡镇审核通过).
        Endorse = "endorse",
        /// The township returns it (乡镇退回).
        Return = "return",
        /// The county returns it (县级退回).
        SendBack = "send_back",
        /// The county approves (县级审定通过).
        Approve = "approve",
        /// The county refuses (县级不予通过).
        Refuse = "refuse",
        /// It is taken back (撤回).
        Withdraw = "withdraw",
    }
    /// What brought a household into hardship (致贫返贫风险原因).
    RiskCause {
        /// Illness (因病).
        Illness = "illness",
        /// Disability (因残).
        Disability = "disability",
        /// The cost of school (因学).
        Schooling = "schooling",
        /// A disaster (因灾).
        Disaster = "disaster",
        /// An accident (因意外事故).
        Accident = "accident",
        /// Work was lost (务工失业).
        Employment = "employment",
        /// A business failed (产业失败).
        Industry = "industry",
        /// Labour, land, water or skill is missing (缺劳力、缺土地、缺水、缺技术).
        Means = "means",
        /// Anything else (其他).
        Other = "other",
    }
    /// Why, as a notice board may say it (公示原因).
    PublicisedReason {
        /// Large costs that cannot be avoided (刚性支出较大).
        EssentialSpending = "essential_spending",
        /// A disaster or an accident (灾害或意外).
        Misfortune = "misfortune",
        /// Income fell (收入减少).
        IncomeLoss = "income_loss",
        /// Something is missing to earn a living (生产条件不足).
        Means = "means",
        /// People came or left, or households were split or merged (人口变动).
        Population = "population",
        /// The income is steady, the risk gone (收入稳定、风险消除).
        Stable = "stable",
        /// Anything else (其他).
        Other = "other",
    }
    /// What became of an objection (异议处理结果).
    ObjectionOutcome {
        /// It is so: the case ends (成立).
        Upheld = "upheld",
        /// It is not: the case goes on (不成立).
        NotUpheld = "not_upheld",
    }
}
