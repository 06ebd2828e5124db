//! Accounts: which there are, whose they are, and what their identifiers derive from.

use entity::account;
use entity::value::{
    AccountId, AccountKind, AgreementId, BudgetId, Fen, Guard, HouseholdId, OrganisationId, Overflow, Side,
};
use ring::digest;
use uuid::Uuid;

/// An account of the chart. Its row comes into being with its first entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Account {
    id: AccountId,
    kind: AccountKind,
    owner: Uuid,
    part: Option<Uuid>,
}

impl Account {
    fn of(kind: AccountKind, owner: Uuid, part: Option<Uuid>) -> Self {
        Self { id: derive_id(kind, owner, part), kind, owner, part }
    }

    /// All that was ever granted to a budget (预算批复).
    #[must_use]
    pub fn budget_granted(budget: BudgetId) -> Self {
        Self::of(AccountKind::BudgetGranted, budget.uuid(), None)
    }

    /// What of a budget is free to order with (可用预算).
    #[must_use]
    pub fn budget_available(budget: BudgetId) -> Self {
        Self::of(AccountKind::BudgetAvailable, budget.uuid(), None)
    }

    /// What of a budget is bound by orders (已占用预算).
    #[must_use]
    pub fn budget_encumbered(budget: BudgetId) -> Self {
        Self::of(AccountKind::BudgetEncumbered, budget.uuid(), None)
    }

    /// What of a budget is spent (已支出预算).
    #[must_use]
    pub fn budget_spent(budget: BudgetId) -> Self {
        Self::of(AccountKind::BudgetSpent, budget.uuid(), None)
    }

    /// What a buyer owes a supplier (应收采购款).
    #[must_use]
    pub fn buyer_receivable(supplier: OrganisationId, buyer: OrganisationId) -> Self {
        Self::of(AccountKind::BuyerReceivable, supplier.uuid(), Some(buyer.uuid()))
    }

    /// What a supplier sold and has not shared out (供应商收入).
    #[must_use]
    pub fn supplier_revenue(supplier: OrganisationId) -> Self {
        Self::of(AccountKind::SupplierRevenue, supplier.uuid(), None)
    }

    /// What a supplier was paid and has not paid out (供应商到账).
    #[must_use]
    pub fn supplier_cash(supplier: OrganisationId) -> Self {
        Self::of(AccountKind::SupplierCash, supplier.uuid(), None)
    }

    /// What a supplier keeps (供应商留存).
    #[must_use]
    pub fn supplier_retained(supplier: OrganisationId) -> Self {
        Self::of(AccountKind::SupplierRetained, supplier.uuid(), None)
    }

    /// What a supplier promised to households (应得总额).
    #[must_use]
    pub fn promise_given(supplier: OrganisationId) -> Self {
        Self::of(AccountKind::PromiseGiven, supplier.uuid(), None)
    }

    /// What a household was promised under an agreement (农户应得).
    #[must_use]
    pub fn household_promised(household: HouseholdId, agreement: AgreementId) -> Self {
        Self::of(AccountKind::HouseholdPromised, household.uuid(), Some(agreement.uuid()))
    }

    /// What a household earned under an agreement and was not yet paid (应付户收益).
    #[must_use]
    pub fn household_payable(household: HouseholdId, agreement: AgreementId) -> Self {
        Self::of(AccountKind::HouseholdPayable, household.uuid(), Some(agreement.uuid()))
    }

    /// What a supplier owes a buyer for goods given back or short (应退采购款).
    #[must_use]
    pub fn buyer_refund(supplier: OrganisationId, buyer: OrganisationId) -> Self {
        Self::of(AccountKind::BuyerRefund, supplier.uuid(), Some(buyer.uuid()))
    }

    /// What a buyer paid a supplier before the goods came (预收采购款).
    #[must_use]
    pub fn buyer_advance(supplier: OrganisationId, buyer: OrganisationId) -> Self {
        Self::of(AccountKind::BuyerAdvance, supplier.uuid(), Some(buyer.uuid()))
    }

    /// What a supplier bears because households were paid more than was left after a refund (供应商应补款).
    #[must_use]
    pub fn supplier_clawback(supplier: OrganisationId) -> Self {
        Self::of(AccountKind::SupplierClawback, supplier.uuid(), None)
    }

    /// What of a supplier's sales waits for the close of a period before households share it (期间待分配收益).
    #[must_use]
    pub fn period_pool(supplier: OrganisationId, period: Uuid) -> Self {
        Self::of(AccountKind::PeriodPool, supplier.uuid(), Some(period))
    }

    /// What left a supplier for its households and is not known to have reached them (在途发放款).
    #[must_use]
    pub fn payout_in_transit(supplier: OrganisationId, batch: Uuid) -> Self {
        Self::of(AccountKind::PayoutInTransit, supplier.uuid(), Some(batch))
    }

    /// What a supplier sold outside the platform, with evidence (平台外销售收款).
    #[must_use]
    pub fn off_platform_sales(supplier: OrganisationId) -> Self {
        Self::of(AccountKind::OffPlatformSales, supplier.uuid(), None)
    }

    /// Its identifier, derived from what it is.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// What it counts.
    #[must_use]
    pub fn kind(&self) -> AccountKind {
        self.kind
    }

    /// Its row, moved by these sums: what is inserted, or added to the row that exists.
    #[must_use]
    pub fn moved_by(&self, debit_fen: i64, credit_fen: i64) -> account::Model {
        let Self { id, kind, owner, part } = *self;
        account::Model { id, kind, owner_id: owner, part_id: part, debit_fen, credit_fen, guard: guard_of(kind) }
    }
}

/// Which side of an account may not fall below the other.
fn guard_of(kind: AccountKind) -> Guard {
    match kind {
        AccountKind::BudgetAvailable
        | AccountKind::BudgetEncumbered
        | AccountKind::BudgetSpent
        | AccountKind::BuyerReceivable
        | AccountKind::SupplierCash
        | AccountKind::SupplierClawback
        | AccountKind::PayoutInTransit => Guard::Debit,
        AccountKind::SupplierRevenue
        | AccountKind::HouseholdPromised
        | AccountKind::HouseholdPayable
        | AccountKind::BuyerRefund
        | AccountKind::BuyerAdvance
        | AccountKind::PeriodPool => Guard::Credit,
        AccountKind::BudgetGranted
        | AccountKind::SupplierRetained
        | AccountKind::PromiseGiven
        | AccountKind::OffPlatformSales => Guard::None,
    }
}

/// The first 16 bytes of SHA-256 over `kind/owner/part`, shaped as a UUID of version 8: whoever knows what an
/// account is knows its identifier, so posting needs no look-up.
fn derive_id(kind: AccountKind, owner: Uuid, part: Option<Uuid>) -> AccountId {
    let part = part.map(|part| part.to_string()).unwrap_or_default();
    let hash = digest::digest(&digest::SHA256, format!("{kind}/{owner}/{part}").as_bytes());
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.as_ref()) {
        *byte = *hashed;
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    AccountId::from_uuid(Uuid::from_bytes(bytes))
}

/// The running sums of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    /// Sum of all debits (借方).
    pub debit: Fen,
    /// Sum of all credits (贷方).
    pub credit: Fen,
}

impl Balance {
    /// What stands on one side after the other is taken off.
    ///
    /// # Errors
    /// [`Overflow`] when the other side is larger, which the guard of most accounts excludes.
    pub fn on(self, side: Side) -> Result<Fen, Overflow> {
        match side {
            Side::Debit => self.debit.checked_sub(self.credit),
            Side::Credit => self.credit.checked_sub(self.debit),
        }
    }
}

impl TryFrom<&account::Model> for Balance {
    type Error = Overflow;
    fn try_from(row: &account::Model) -> Result<Self, Overflow> {
        Ok(Self { debit: Fen::new(row.debit_fen)?, credit: Fen::new(row.credit_fen)? })
    }
}
