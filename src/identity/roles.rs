//! Which roles a kind of organisation has: pure. A right reaches as far as the organisation does, so a role in the
//! wrong kind would reach what it must not.

use entity::value::{OrganisationKind as Kind, Role};

/// Whether somebody can hold this role in such an organisation.
#[must_use]
pub fn fits(role: Role, kind: Kind) -> bool {
    match role {
        Role::PlatformOperator => kind == Kind::PlatformOperator,
        Role::AgricultureOfficer => kind == Kind::AgricultureOffice,
        Role::RevitalisationOfficer => kind == Kind::RevitalisationOffice,
        Role::CooperativeClerk => {
            matches!(kind, Kind::Cooperative | Kind::Company | Kind::FamilyFarm | Kind::AgentTrader)
        }
        Role::ProcurementOfficer => {
            matches!(kind, Kind::BudgetUnit | Kind::SupervisingUnit | Kind::TradeUnion | Kind::CanteenContractor)
        }
        Role::FinanceOfficer => {
            matches!(kind, Kind::FinanceDepartment | Kind::SupervisingUnit | Kind::BudgetUnit | Kind::TradeUnion)
        }
        Role::EnterpriseOfficer => kind == Kind::Enterprise,
        Role::Auditor => kind == Kind::AuditOffice,
        Role::Administrator | Role::Integrator => true,
        Role::Approver => {
            matches!(
                kind,
                Kind::BudgetUnit
                    | Kind::SupervisingUnit
                    | Kind::FinanceDepartment
                    | Kind::TradeUnion
                    | Kind::CanteenContractor
                    | Kind::Cooperative
                    | Kind::Company
                    | Kind::FamilyFarm
                    | Kind::AgentTrader
            )
        }
        Role::HouseholdRegistrar => matches!(kind, Kind::RevitalisationOffice | Kind::Township),
        Role::HelperCadre => {
            !matches!(kind, Kind::PlatformOperator | Kind::Cooperative | Kind::FamilyFarm | Kind::AgentTrader)
        }
        Role::VillageOfficer => kind == Kind::VillageCommittee,
        Role::TownshipOfficer => kind == Kind::Township,
    }
}

/// What a role is called, in Chinese and English.
#[must_use]
pub fn in_words(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::PlatformOperator => ("平台运营员", "platform operator"),
        Role::AgricultureOfficer => ("农业农村部门审核员", "agriculture officer"),
        Role::RevitalisationOfficer => ("乡村振兴部门审核员", "rural-revitalisation officer"),
        Role::CooperativeClerk => ("供应商经办人", "supplier's clerk"),
        Role::ProcurementOfficer => ("采购人经办人", "procurement officer"),
        Role::FinanceOfficer => ("财务人员", "finance officer"),
        Role::EnterpriseOfficer => ("帮扶企业经办人", "enterprise officer"),
        Role::Auditor => ("审计员", "auditor"),
        Role::Administrator => ("单位管理员", "administrator"),
        Role::Approver => ("审批人", "approver"),
        Role::HouseholdRegistrar => ("农户信息登记员", "household registrar"),
        Role::HelperCadre => ("帮扶干部", "helper cadre"),
        Role::VillageOfficer => ("村委会经办人", "village officer"),
        Role::TownshipOfficer => ("乡镇经办人", "township officer"),
        Role::Integrator => ("系统对接", "integrator"),
    }
}

/// The role that somebody wrote by its name or in Chinese.
#[must_use]
pub fn named(text: &str) -> Option<Role> {
    Role::ALL.iter().copied().find(|role| role.as_str() == text || in_words(*role).0 == text)
}
