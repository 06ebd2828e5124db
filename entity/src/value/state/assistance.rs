//! Help that people give households: by what position they help, what is planned, what became of it.

use super::named_values;

named_values! {
    /// By which position a cadre may help households (帮扶人资格).
    HelperPosition {
        /// A cadre of an established post, of the township's level or above (乡镇级及以上在编干部).
        EstablishedCadre = "established_cadre",
        /// A manager of an enterprise, of the middle level or above (企业中层及以上管理人员).
        EnterpriseManager = "enterprise_manager",
        /// Neither, for a reason that stays on record (其他，须说明理由).
        Other = "other",
    }
    /// Where a planned measure is (计划措施进度).
    PlannedState {
        /// It is to be done (实施中).
        Open = "open",
        /// It is done (已完成).
        Done = "done",
        /// It was given up, for a reason (已终止).
        Dropped = "dropped",
    }
}
