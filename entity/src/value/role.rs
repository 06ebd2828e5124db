//! The roles in which people act.
//!
//! Promises: the list is complete. Knows no rights: what a role may do is said in one table, by `access`.

use super::named_values;

named_values! {
    /// A role in which a person acts for an organisation (岗位角色).
    Role {
        /// Runs the platform (平台运营员).
        PlatformOperator = "platform_operator",
        /// Works in a county office of agriculture (农业农村部门审核员).
        AgricultureOfficer = "agriculture_officer",
        /// Works in a county office of rural revitalisation (乡村振兴部门审核员).
        RevitalisationOfficer = "revitalisation_officer",
        /// Works for a supplier (供应商经办人).
        CooperativeClerk = "cooperative_clerk",
        /// Buys for a unit (采购人经办人).
        ProcurementOfficer = "procurement_officer",
        /// Keeps the budget and the payments of a unit (财务人员).
        FinanceOfficer = "finance_officer",
        /// Works for a paired enterprise (帮扶企业经办人).
        EnterpriseOfficer = "enterprise_officer",
        /// Reads everything, changes nothing (审计员).
        Auditor = "auditor",
        /// Keeps the members of an organisation, and none of its trade (单位管理员).
        Administrator = "administrator",
        /// Decides what others of a unit ask for (审批人).
        Approver = "approver",
        /// Keeps the household registry of a county (农户信息登记员).
        HouseholdRegistrar = "household_registrar",
        /// Helps the few households assigned to them (帮扶干部).
        HelperCadre = "helper_cadre",
        /// Speaks for a village (村委会经办人).
        VillageOfficer = "village_officer",
        /// Works for a township (乡镇经办人).
        TownshipOfficer = "township_officer",
        /// Software of an organisation, by an API key (系统对接).
        Integrator = "integrator",
    }
}
