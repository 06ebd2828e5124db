//! Who suits a need, and why: pure.
//!
//! Every suggestion names its reasons, and their weights alone decide its place; without a reason there is no suggestion.

use entity::value::NeedKind;
use serde::Serialize;
use std::cmp::Reverse;
use utoipa::ToSchema;

/// Why an enterprise suits a need (推荐理由).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NeedReason)]
pub enum Reason {
    /// It is paired with the village (与该村结对).
    PairedWithVillage,
    /// It bought goods of this category (采购过同类产品).
    BoughtCategory,
    /// It is paired within the county (在该县结对).
    PairedInCounty,
    /// It takes part in a programme in which the county does (同一帮扶行动).
    SharesProgramme,
    /// It bought products of the county (采购过该县产品).
    BoughtInCounty,
}

impl Reason {
    /// How much it weighs.
    #[must_use]
    pub const fn weight(self) -> i32 {
        match self {
            Self::PairedWithVillage => 16,
            Self::BoughtCategory => 8,
            Self::PairedInCounty => 4,
            Self::SharesProgramme => 2,
            Self::BoughtInCounty => 1,
        }
    }
}

/// What is known of an enterprise and a need.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// A pairing of it that holds covers the village.
    pub is_paired_with_village: bool,
    /// A pairing of it that holds lies in the county.
    pub is_paired_in_county: bool,
    /// It is paired somewhere in a programme in which somebody is paired in the county.
    pub shares_programme: bool,
    /// It bought and paid for products of the category.
    pub bought_category: bool,
    /// It bought and paid for products of the county.
    pub bought_in_county: bool,
}

/// The reasons for a suggestion, the weightiest first. Where one says more than another, only that one is named.
#[must_use]
pub fn reasons(kind: NeedKind, facts: Facts) -> Vec<Reason> {
    let of = [
        (Reason::PairedWithVillage, facts.is_paired_with_village),
        (Reason::BoughtCategory, facts.bought_category && kind == NeedKind::GoodsToSell),
        (Reason::PairedInCounty, facts.is_paired_in_county && !facts.is_paired_with_village),
        (
            Reason::SharesProgramme,
            facts.shares_programme && !facts.is_paired_in_county && !facts.is_paired_with_village,
        ),
        (Reason::BoughtInCounty, facts.bought_in_county),
    ];
    of.into_iter().filter_map(|(reason, holds)| holds.then_some(reason)).collect()
}

/// Those with a reason, the weightiest first; equal ones by their name.
#[must_use]
pub fn ranked<T, N: Ord>(all: Vec<(T, Vec<Reason>)>, name: impl Fn(&T) -> N) -> Vec<(T, Vec<Reason>)> {
    let mut all: Vec<_> = all.into_iter().filter(|(_, reasons)| !reasons.is_empty()).collect();
    all.sort_by_cached_key(|(one, reasons)| {
        (Reverse(reasons.iter().map(|reason| reason.weight()).sum::<i32>()), name(one))
    });
    all
}
