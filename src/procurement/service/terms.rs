//! On whose behalf and on which terms an order is placed, where the buyer did not do it at the shelf just now.
//!
//! Promises: nobody's behalf without a right that says so; a price that was agreed to is the order's price, and its
//! line says what it rests on; a price on the shelf that changed since is refused, not taken.

use crate::access::policy::{DecideRequest, PlaceOrder as MayPlace, RunPurchases};
use crate::access::{AccessError, Grant};
use crate::catalogue::Reserved;
use crate::procurement::error::OrderError;
use entity::value::{Fen, OrganisationId, PersonId, PriceBasis, ProductId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buyer {
    organisation: OrganisationId,
    person: PersonId,
}

impl Buyer {
    /// Whoever asks, for their own organisation.
    ///
    /// # Errors
    /// When nobody or no organisation stands behind the grant.
    pub fn of(grant: &Grant<MayPlace>) -> Result<Self, AccessError> {
        Ok(Self { organisation: grant.organisation()?, person: grant.person()? })
    }

    /// Whoever asked before, now that somebody approved it.
    #[must_use]
    pub fn who_asked(_approved: &Grant<DecideRequest>, organisation: OrganisationId, person: PersonId) -> Self {
        Self { organisation, person }
    }

    /// Whoever agreed before, now that what they agreed to has come about.
    #[must_use]
    pub fn who_agreed(_due: &Grant<RunPurchases>, organisation: OrganisationId, person: PersonId) -> Self {
        Self { organisation, person }
    }

    /// For which organisation.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The person.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// What a price rests on, and which document that is.
pub(super) type LineBasis = (PriceBasis, Option<Uuid>);

/// The price of a product that was agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The product.
    pub product_id: ProductId,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// What it rests on.
    pub basis: PriceBasis,
    /// Which line of a framework agreement, quotation or group purchase; none for the shelf's price.
    pub basis_id: Option<Uuid>,
}

/// On which terms an order is placed. By default: nobody approved it, and the shelf says what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Whether whoever has to agree has agreed, or nobody has to.
    pub approved: bool,
    /// The prices that were agreed to; for other products that of the shelf holds, whatever it is.
    pub prices: Vec<Agreed>,
}

impl Terms {
    /// Puts the agreed prices on what was reserved, and says what each line's price rests on.
    pub(super) fn apply(&self, reserved: &mut [Reserved]) -> Result<Vec<LineBasis>, OrderError> {
        let (mut bases, mut changed) = (Vec::with_capacity(reserved.len()), Vec::new());
        for (index, line) in reserved.iter_mut().enumerate() {
            let agreed = self.prices.iter().find(|agreed| agreed.product_id == line.product.id);
            match agreed {
                None => bases.push((PriceBasis::Shelf, None)),
                Some(agreed) => {
                    if agreed.basis == PriceBasis::Shelf && agreed.unit_price_fen != line.product.unit_price_fen {
                        changed.push(index);
                    }
                    line.product.unit_price_fen = agreed.unit_price_fen;
                    bases.push((agreed.basis, agreed.basis_id));
                }
            }
        }
        if changed.is_empty() { Ok(bases) } else { Err(OrderError::PriceChanged { lines: changed }) }
    }
}
