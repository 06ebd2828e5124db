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
