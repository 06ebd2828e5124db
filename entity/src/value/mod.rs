//! What fills columns: exact values that cannot be built wrong.
//!
//! Promises: a value of these types is valid wherever it is met; parsing is the only way in from outside,
//! and every refusal says what would be accepted. Knows no table, no clock but the trait, no framework.

pub mod code;
pub mod id;
mod key;
pub mod money;
pub mod person;
pub mod quantity;
pub mod role;
pub mod state;
pub mod time;

pub use code::{AreaCode, CategoryCode, CreditCode, FoodLicenceNumber, InvoiceNumber};
pub use id::*;
pub use money::{Fen, Overflow};
pub use person::{BankAccount, PhoneNumber, ResidentId};
pub use quantity::{BasisPoints, FenPerKilogram, Grams, Packs};
pub use role::Role;
pub use state::*;
pub use time::{Clock, SystemClock, Timestamp, business_date, business_day_begins, last_of_month};

/// A text that is not a value of the wanted kind, with what would have been accepted.
///
/// Printed as `english ¦ chinese`, so that both survive a parser that keeps only the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{en} ¦ {zh}")]
pub struct Malformed {
    /// What is wrong and what is accepted, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

/// Gives a text newtype its serde, display and column behaviour from one `parse` function.
macro_rules! text_value {
    ($name:ident, $example:literal, $pattern:literal) => {
        impl $name {
            /// The text as it is stored.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::value::Malformed;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $crate::value::Malformed;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some($pattern))
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use text_value;

/// Defines enums that are one text in the database, in JSON and in logs.
macro_rules! named_values {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:tt,)+ })+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
            sea_orm::EnumIter, sea_orm::DeriveActiveEnum,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {$(
            $(#[$variant_doc])*
            #[sea_orm(string_value = $text)]
            #[serde(rename = $text)]
            $variant,
        )+}

        impl $name {
            /// All of them, in the order they are written.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The text it is stored and shown as.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {$(
                    Self::$variant => $text,
                )+}
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::value::Malformed;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or($crate::value::Malformed {
                    zh: concat!("应为下列之一：", $("“", $text, "”"),+),
                    en: concat!("one of the following is expected:", $(" ", $text),+),
                })
            }
        }
    )+};
}
pub(crate) use named_values;
