//! Money: whole fen (分), never a fraction and never a float.

use std::fmt;

/// An amount of money in whole fen (分), between 0 and 2⁵³−1 so that a browser reads it exactly.
///
/// Direction is never a sign: a journal entry has a side, and a positive amount.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
    sea_orm::DeriveValueType,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Fen(i64);

/// The amount or quantity would be out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amount or quantity is out of range ¦ 金额或数量超出范围")]
pub struct Overflow;

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount: 2⁵³−1 fen, some 90 trillion yuan.
    pub const MAX: Self = Self(9_007_199_254_740_991);

    /// An amount of `fen`.
    ///
    /// # Errors
    /// [`Overflow`] when it is negative or above [`Fen::MAX`].
    pub const fn new(fen: i64) -> Result<Self, Overflow> {
        if fen < 0 || fen > Self::MAX.0 { Err(Overflow) } else { Ok(Self(fen)) }
    }

    /// The amount as a bare integer, for storage and arithmetic with its own bounds.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// # Errors
    /// [`Overflow`] above [`Fen::MAX`].
    pub const fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        Self::new(self.0 + other.0)
    }

    /// # Errors
    /// [`Overflow`] when `other` is more.
    pub const fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        Self::new(self.0 - other.0)
    }

    /// # Errors
    /// [`Overflow`] when `times` is negative or the product is above [`Fen::MAX`].
    pub fn checked_mul(self, times: i64) -> Result<Self, Overflow> {
        self.0.checked_mul(times).ok_or(Overflow).and_then(Self::new)
    }

    /// # Errors
    /// [`Overflow`] above [`Fen::MAX`].
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl TryFrom<i64> for Fen {
    type Error = Overflow;
    fn try_from(fen: i64) -> Result<Self, Overflow> {
        Self::new(fen)
    }
}

impl From<Fen> for i64 {
    fn from(fen: Fen) -> i64 {
        fen.0
    }
}

/// Yuan with two decimals, as people write it: `1280` fen is `12.80`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl utoipa::PartialSchema for Fen {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        crate::value::quantity::integer_schema(0, Self::MAX.0, 1280, "Whole fen (分)")
    }
}
impl utoipa::ToSchema for Fen {}
