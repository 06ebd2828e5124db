//! Everything that can go wrong with prices that are looked at, and the problem each one is.

use super::import::NoSuchColumns;
use crate::access::AccessError;
use crate::catalogue::CatalogueError;
use crate::catalogue::check::BadFields;
use crate::document::DocumentError;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::AreaCode;
use sea_orm::DbErr;

problem::kinds! {
    PRICE_FILE_UNREADABLE = 422 "price_file_unreadable", "行情文件缺少所需的列", "The file of prices lacks a column",
        "表头应含 date、name、spec、low_yuan_per_jin、avg_yuan_per_jin、high_yuan_per_jin，UTF-8 编码。",
        "The header has date, name, spec, low_yuan_per_jin, avg_yuan_per_jin and high_yuan_per_jin; the encoding is UTF-8.";
    PRICE_REGION_UNKNOWN = 422 "price_region_unknown", "市场所在地区不存在", "There is no such region",
        "请用 GET /api/v1/divisions 查询行政区划代码。", "Look up the code with GET /api/v1/divisions.";
}

/// What can go wrong with prices that are looked at.
#[derive(Debug, thiserror::Error)]
pub enum PriceError {
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
    /// No right to it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A paper.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// What the request says.
    #[error(transparent)]
    Fields(#[from] BadFields),
    /// The product.
    #[error(transparent)]
    Product(#[from] CatalogueError),
    /// Not there, or not theirs to see.
    #[error("nothing such in reach")]
    NotFound,
    /// It was decided before.
    #[error("the flag was decided")]
    Decided,
    /// Somebody changed it meanwhile.
    #[error("the flag changed meanwhile")]
    Stale,
    /// The file has not the columns.
    #[error(transparent)]
    Columns(#[from] NoSuchColumns),
    /// This file of this market was taken before.
    #[error("this file was imported before")]
    Known,
    /// No such region.
    #[error("there is no region {0}")]
    RegionUnknown(AreaCode),
}

impl Describe for PriceError {
    fn problem(&self) -> Problem {
        match self {
            Self::Database(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Fields(error) => error.problem(),
            Self::Product(error) => error.problem(),
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Decided => Problem::new(&problem::WRONG_STATE, "该提示已处理。", "The flag was decided before."),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Columns(NoSuchColumns(missing)) => {
                missing.iter().fold(Problem::plain(&PRICE_FILE_UNREADABLE), |problem, column| {
                    problem.at(*column, "文件缺少此列。", "The file has no such column.")
                })
            }
            Self::Known => Problem::new(
                &problem::ALREADY_EXISTS,
                "该市场的这份文件已导入过。",
                "This file of this market was imported before.",
            ),
            Self::RegionUnknown(code) => Problem::plain(&PRICE_REGION_UNKNOWN).at(
                "?region",
                format!("没有行政区划 {code}。"),
                format!("There is no division {code}."),
            ),
        }
    }
}
