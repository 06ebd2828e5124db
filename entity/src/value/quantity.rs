//! Quantities: exact integers whose unit is in their name.

use super::money::{Fen, Overflow};
use utoipa::openapi::{RefOr, schema::Schema};

pub(crate) fn integer_schema(minimum: i64, maximum: i64, example: i64, description: &str) -> RefOr<Schema> {
    utoipa::openapi::schema::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::Integer)
        .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int64)))
        .minimum(Some(minimum))
        .maximum(Some(maximum))
        .description(Some(description))
        .examples([serde_json::json!(example)])
        .into()
}

/// Defines a bounded non-negative integer with checked arithmetic.
macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident, $min:literal ..= $max:literal, $example:literal, $schema:literal;)+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
        )]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name(i64);

        impl $name {
            /// The largest quantity accepted.
            pub const MAX: Self = Self($max);

            /// # Errors
            /// [`Overflow`] outside the bounds of this unit.
            pub const fn new(value: i64) -> Result<Self, Overflow> {
                if value < $min || value > $max { Err(Overflow) } else { Ok(Self(value)) }
            }

            /// The bare integer.
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
            /// [`Overflow`] above the largest quantity.
            pub const fn checked_add(self, other: Self) -> Result<Self, Overflow> {
                Self::new(self.0 + other.0)
            }

            /// # Errors
            /// [`Overflow`] when `other` is more.
            pub const fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
                Self::new(self.0 - other.0)
            }
        }

        impl TryFrom<i64> for $name {
            type Error = Overflow;
            fn try_from(value: i64) -> Result<Self, Overflow> {
                Self::new(value)
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> i64 {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                integer_schema($min, $max, $example, $schema)
            }
        }
        impl utoipa::ToSchema for $name {}
    )+};
}

quantities! {
    /// A weight in whole grams, at most a million tonnes.
    Grams, 0 ..= 1_000_000_000_000, 2500, "Whole grams";
    /// A number of packs (件), the unit in which a product is sold.
    Packs, 0 ..= 1_000_000_000, 20, "Whole packs (件)";
    /// A price in fen for one kilogram, at most 100,000 yuan.
    FenPerKilogram, 0 ..= 10_000_000, 480, "Fen per kilogram";
    /// A share of a whole in ten-thousandths (基点): 10,000 is all of it.
    BasisPoints, 0 ..= 10_000, 6000, "Ten-thousandths of the whole (基点)";
}

impl BasisPoints {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const WHOLE: Self = Self(10_000);

    /// This part of an amount, rounded down to the fen.
    #[must_use]
    pub fn of(self, amount: Fen) -> Fen {
        // A part is never more than the whole, so it is an amount.
        let part = i128::from(amount.get()) * i128::from(self.0) / 10_000;
        i64::try_from(part).ok().and_then(|part| Fen::new(part).ok()).unwrap_or(amount)
    }
}

impl Grams {
    /// The weight of `packs` packs of `self` each.
    ///
    /// # Errors
    /// [`Overflow`] above a million tonnes.
    pub fn checked_times(self, packs: Packs) -> Result<Self, Overflow> {
        self.get().checked_mul(packs.get()).ok_or(Overflow).and_then(Self::new)
    }

    /// The value of this weight at a price per kilogram, rounded half up to the fen.
    ///
    /// # Errors
    /// [`Overflow`] above [`Fen::MAX`].
    pub fn value_at(self, price: FenPerKilogram) -> Result<Fen, Overflow> {
        let milli_fen = i128::from(self.get()) * i128::from(price.get());
        i64::try_from((milli_fen + 500) / 1000).map_err(|_| Overflow).and_then(Fen::new)
    }
}
