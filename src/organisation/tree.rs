//! Which organisation may stand where: pure rules over kinds.

use entity::value::OrganisationKind as Kind;

/// The kinds one of which is the parent; none when the kind stands alone.
#[must_use]
pub fn parents_of(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::SupervisingUnit => &[Kind::FinanceDepartment],
        Kind::BudgetUnit => &[Kind::SupervisingUnit, Kind::FinanceDepartment],
        Kind::TradeUnion | Kind::CanteenContractor => &[Kind::BudgetUnit],
        Kind::VillageCommittee => &[Kind::Township],
        Kind::PlatformOperator
        | Kind::FinanceDepartment
        | Kind::Cooperative
        | Kind::Company
        | Kind::FamilyFarm
        | Kind::AgentTrader
        | Kind::AgricultureOffice
        | Kind::RevitalisationOffice
        | Kind::Township
        | Kind::Enterprise
        | Kind::Federation
        | Kind::AuditOffice => &[],
    }
}

/// Whether one kind stands below another.
#[must_use]
pub fn stands_under(kind: Kind, parent: Kind) -> bool {
    parents_of(kind).contains(&parent)
}

/// Whether it must have a parent. A village may stand below its township, whose officers then see it.
#[must_use]
pub fn needs_parent(kind: Kind) -> bool {
    !parents_of(kind).is_empty() && kind != Kind::VillageCommittee
}

/// Whether it sells, and so registers itself.
#[must_use]
pub fn is_supplier(kind: Kind) -> bool {
    matches!(kind, Kind::Cooperative | Kind::Company | Kind::FamilyFarm | Kind::AgentTrader)
}

/// Whether it must show a unified social credit code.
#[must_use]
pub fn needs_credit_code(kind: Kind) -> bool {
    is_supplier(kind) || kind == Kind::Enterprise
}

/// Whether the division it names must be a county.
#[must_use]
pub fn sits_in_county(kind: Kind) -> bool {
    needs_credit_code(kind)
        || matches!(
            kind,
            Kind::AgricultureOffice | Kind::RevitalisationOffice | Kind::Township | Kind::VillageCommittee
        )
}

/// Whether the platform enters it by hand. Suppliers register themselves; the platform itself is made at the start.
#[must_use]
pub fn is_entered_by_platform(kind: Kind) -> bool {
    !is_supplier(kind) && kind != Kind::PlatformOperator
}
