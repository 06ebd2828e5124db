//! What a delivery weighs in an order: the value of its accepted part at the price agreed with the household.

use entity::value::{FenPerKilogram, Grams, Packs};

/// Why a delivery has no weight in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProduceWeightError {
    /// The lot weighs nothing.
    #[error("a lot of zero grams has been shipped")]
    EmptyLot,
    /// No pack was shipped.
    #[error("no pack has been shipped")]
    NothingShipped,
    /// More was shipped of the lot, or came from the delivery, than the lot holds.
    #[error("{grams} g of a lot of {lot_total_grams} g")]
    MoreThanTheLot {
        /// What was claimed.
        grams: Grams,
        /// What the lot holds.
        lot_total_grams: Grams,
    },
    /// More packs were accepted than shipped.
    #[error("{accepted} packs accepted of {shipped} shipped")]
    MoreThanShipped {
        /// Packs accepted.
        accepted: Packs,
        /// Packs shipped.
        shipped: Packs,
    },
    /// The weight is beyond what a column holds.
    #[error("the weight is above 9223372036854775807")]
    Overflow,
}

impl ProduceWeightError {
    /// The same message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::EmptyLot => "发货批次的重量为零".to_owned(),
            Self::NothingShipped => "没有发货件数".to_owned(),
            Self::MoreThanTheLot { grams, lot_total_grams } => {
                format!("{grams} 克超过批次总重 {lot_total_grams} 克")
            }
            Self::MoreThanShipped { accepted, shipped } => format!("验收 {accepted} 件超过发货 {shipped} 件"),
            Self::Overflow => "权重超过 9223372036854775807".to_owned(),
        }
    }
}

/// The weight that one delivery has in one order line: what its part of the accepted goods is worth at the
/// price agreed with the household, in thousandths of a fen.
///
/// `shipped × delivery × price × accepted ÷ (lot × shipped packs)`, rounded down once, at the end: of the lot
/// `shipped_grams_of_lot` went to this line, the delivery is `delivery_grams` of the lot's `lot_total_grams`,
/// and of the line's `shipped_packs` so many were accepted. Grams times fen per kilogram are thousandths of a
/// fen. Weights of several lots and lines of one agreement are added.
///
/// # Errors
/// [`ProduceWeightError`] when a part is more than its whole, a divisor is zero, or the result or a product on
/// the way to it cannot be held; the result never passes `i64::MAX`.
pub fn produce_weight(
    shipped_grams_of_lot: Grams,
    lot_total_grams: Grams,
    delivery_grams: Grams,
    price: FenPerKilogram,
    accepted_packs: Packs,
    shipped_packs: Packs,
) -> Result<u64, ProduceWeightError> {
    if lot_total_grams.is_zero() {
        return Err(ProduceWeightError::EmptyLot);
    }
    if shipped_packs.is_zero() {
        return Err(ProduceWeightError::NothingShipped);
    }
    let grams = shipped_grams_of_lot.max(delivery_grams);
    if grams > lot_total_grams {
        return Err(ProduceWeightError::MoreThanTheLot { grams, lot_total_grams });
    }
    if accepted_packs > shipped_packs {
        return Err(ProduceWeightError::MoreThanShipped { accepted: accepted_packs, shipped: shipped_packs });
    }
    let product = |factors: [i64; 4]| {
        factors.iter().try_fold(1_u128, |product, factor| product.checked_mul(u128::from(factor.unsigned_abs())))
    };
    let numerator = product([shipped_grams_of_lot.get(), delivery_grams.get(), price.get(), accepted_packs.get()]);
    let divisor = u128::from(lot_total_grams.get().unsigned_abs()) * u128::from(shipped_packs.get().unsigned_abs());
    let weight = numerator.and_then(|numerator| i64::try_from(numerator / divisor).ok());
    weight.map(i64::unsigned_abs).ok_or(ProduceWeightError::Overflow)
}
