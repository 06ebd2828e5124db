//! The inputs of an order whose lines are under several plans: one part a plan, each by itself.

use super::{Inputs, InputsError, text};
use entity::value::{BenefitMode, Fen, Overflow, PeriodPoolId, ShareBasis, SupplierOrderId};

/// Everything that decides the shares of one supplier order: under one plan its inputs, under several the inputs of
/// each, with the part of the amount that the lines under it bring.
///
/// Of several parts the canonical text names the rule `shares/4` and holds the texts of the parts as they are: each is
/// computed by itself, and the shares of the order are those of its parts, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderInputs {
    first: Inputs,
    others: Vec<Inputs>,
}

impl From<Inputs> for OrderInputs {
    fn from(first: Inputs) -> Self {
        Self { first, others: Vec::new() }
    }
}

impl OrderInputs {
    /// The rule by which parts are put together.
    pub const RULE: &str = "shares/4";

    /// The inputs of an order: the part under its own plan, then those under the plans of other products. All are about
    /// one order on one basis.
    #[must_use]
    pub const fn new(first: Inputs, others: Vec<Inputs>) -> Self {
        Self { first, others }
    }

    /// The part under the order's own plan.
    #[must_use]
    pub const fn first(&self) -> &Inputs {
        &self.first
    }

    /// All parts.
    pub fn parts(&self) -> impl Iterator<Item = &Inputs> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The order.
    #[must_use]
    pub const fn supplier_order_id(&self) -> SupplierOrderId {
        self.first.supplier_order_id
    }

    /// Whether it promises or accrues.
    #[must_use]
    pub const fn basis(&self) -> ShareBasis {
        self.first.basis
    }

    /// By which rule it is computed.
    #[must_use]
    pub fn rule_name(&self) -> &'static str {
        if self.others.is_empty() { self.first.rule.name() } else { Self::RULE }
    }

    /// What is shared out in all.
    ///
    /// # Errors
    /// [`Overflow`] beyond [`Fen::MAX`].
    pub fn attributable_fen(&self) -> Result<Fen, Overflow> {
        Fen::checked_sum(self.parts().map(|part| part.attributable_fen))
    }

    /// Where a pool waits for the close of its period: one pool, whichever plan feeds it.
    #[must_use]
    pub fn pool_of(&self, mode: BenefitMode) -> Option<PeriodPoolId> {
        self.parts().find_map(|part| part.pool_of(mode))
    }

    /// The canonical text.
    #[must_use]
    pub fn canonical(&self) -> String {
        if self.others.is_empty() {
            return self.first.canonical();
        }
        let parts: Vec<String> = self.parts().map(Inputs::canonical).collect();
        format!(
            r#"{{"rule":"{}","supplier_order_id":"{}","basis":"{}","parts":[{}]}}"#,
            Self::RULE,
            self.supplier_order_id(),
            self.basis(),
            parts.join(",")
        )
    }

    /// Reads a canonical text of any rule.
    ///
    /// # Errors
    /// [`InputsError`] unless `text` is exactly what [`OrderInputs::canonical`] writes.
    pub fn from_canonical(text: &str) -> Result<Self, InputsError> {
        let mut parts = text::read_order(text)?.into_iter();
        let Some(first) = parts.next() else { return Err(InputsError::NotCanonical) };
        let inputs = Self { first, others: parts.collect() };
        if inputs.canonical() == text { Ok(inputs) } else { Err(InputsError::NotCanonical) }
    }
}
