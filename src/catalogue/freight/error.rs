//! Everything that can go wrong with freight, and the problem each one is.

use crate::access::AccessError;
use crate::catalogue::check::BadFields;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::{AreaCode, Overflow};
use sea_orm::DbErr;

problem::kinds! {
    NOT_DELIVERED_THERE = 422 "not_delivered_there", "供应商不向该地区发货", "The supplier does not deliver there",
        "请更换收货地区，或从订单中去掉 errors 中所列的商品。", "Choose another place, or leave out the products that errors lists.";
}

/// What can go wrong with freight.
#[derive(Debug, thiserror::Error)]
pub enum FreightError {
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
    /// No right to it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// What the request says.
    #[error(transparent)]
    Fields(#[from] BadFields),
    /// A number out of range.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// A name twice.
    #[error("the supplier has a template of this name")]
    NameTaken,
    /// Lines whose product is not on the shelf.
    #[error("lines {0:?} are not on the shelf")]
    NotOnShelf(Vec<usize>),
    /// Lines that no rate covers.
    #[error("lines {lines:?} are not delivered to {place}")]
    NotDelivered {
        /// Their places, from 0.
        lines: Vec<usize>,
        /// Where to.
        place: AreaCode,
    },
}

impl Describe for FreightError {
    fn problem(&self) -> Problem {
        match self {
            Self::Database(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Fields(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::NameTaken => Problem::new(
                &problem::ALREADY_EXISTS,
                "已有同名的运费模板。",
                "There is a freight template of this name.",
            ),
            Self::NotOnShelf(lines) => at_lines(
                Problem::plain(&crate::catalogue::product::error::PRODUCT_NOT_ON_SHELF),
                lines,
                "该商品不在架。",
                "This product is not on the shelf.",
            ),
            Self::NotDelivered { lines, place } => at_lines(
                Problem::plain(&NOT_DELIVERED_THERE),
                lines,
                &format!("不发往 {place}。"),
                &format!("It is not delivered to {place}."),
            ),
        }
    }
}

fn at_lines(problem: Problem, lines: &[usize], zh: &str, en: &str) -> Problem {
    lines
        .iter()
        .fold(problem, |problem, line| problem.at(format!("/lines/{line}/product_id"), zh.to_owned(), en.to_owned()))
}
