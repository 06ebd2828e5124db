//! Files of departments that are compared with the register, and what is found in them.

use super::named_values;

named_values! {
    /// What a department's file lists (比对数据类别).
    ComparisonKind {
        /// Owners of vehicles (车辆登记).
        Vehicle = "vehicle",
        /// Owners and officers of companies (工商登记).
        Company = "company",
        /// Whoever is paid by the public purse (财政供养人员).
        PublicPayroll = "public_payroll",
        /// Whoever died (死亡登记).
        Death = "death",
    }
    /// What became of a hit (疑点核实结果).
    ComparisonFlagState {
        /// Nobody has decided yet (待核实).
        Open = "open",
        /// It is so (属实).
        Confirmed = "confirmed",
        /// It is not, or it does not matter (不属实或已排除).
        Dismissed = "dismissed",
    }
    /// Where a finding comes from (问题来源).
    FindingSource {
        /// An audit (审计).
        Audit = "audit",
        /// An inspection (督查巡查).
        Inspection = "inspection",
        /// A rule that the house looks at by itself (规则筛查).
        Rule = "rule",
        /// A complaint or a report by somebody (信访举报).
        Report = "report",
    }
    /// Where a task of a finding is (整改进度).
    TaskState {
        /// It is to be done (整改中).
        Open = "open",
        /// Its owner says that it is done, and shows it (待销号).
        Submitted = "submitted",
        /// Somebody else agrees (已销号).
        Closed = "closed",
    }
    /// A step of such a task (整改步骤).
    TaskStep {
        /// It is given to somebody (下达).
        Assign = "assign",
        /// It is done, with what shows it (提交佐证).
        Submit = "submit",
        /// It is not, for a reason (退回).
        Return = "return",
        /// Somebody else agrees (销号).
        Close = "close",
    }
}
