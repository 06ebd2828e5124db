//! Everything that can go wrong with a product, and the problem each one is.

use super::state::NoSuchStep;
use crate::access::AccessError;
use crate::catalogue::check::BadFields;
use crate::document::DocumentError;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::{AreaCode, CategoryCode, OffReason, Overflow, Packs, ProductId};
use sea_orm::DbErr;

problem::kinds! {
    SUPPLIER_NOT_ADMITTED = 422 "supplier_not_admitted", "供应商尚未入驻", "The supplier is not admitted",
        "请先完成入驻申请（POST /api/v1/admissions），由平台审核通过后再发布商品。",
        "Apply for admission first (POST /api/v1/admissions); products can be offered once the platform has approved it.";
    ORIGIN_NOT_RELIEF_COUNTY = 422 "origin_not_relief_county", "产地不在 832 个脱贫县内", "The origin is none of the 832 counties",
        "请用 GET /api/v1/relief-counties 查询产地的代码。", "Look up the code of the origin with GET /api/v1/relief-counties.";
    CATEGORY_UNKNOWN = 422 "category_unknown", "品类不存在", "There is no such category",
        "请用 GET /api/v1/categories 查询品类代码。", "Look up the code with GET /api/v1/categories.";
    STOCK_BELOW_RESERVED = 422 "stock_below_reserved", "库存不得少于已被订单占用的数量", "The stock cannot go below what is promised to orders",
        "请先处理占用库存的订单，或减少调出数量。", "Serve or cancel the orders that hold the stock first, or take out less.";
    INSUFFICIENT_STOCK = 422 "insufficient_stock", "库存不足", "There is not enough in stock",
        "请减少 errors 中所列各行的件数。", "Order fewer packs in the lines that errors lists.";
    PRODUCT_NOT_ON_SHELF = 422 "product_not_on_shelf", "商品不在架", "The product is not on the shelf",
        "请从订单中去掉 errors 中所列的商品。", "Leave out the products that errors lists.";
    BELOW_MINIMUM = 422 "below_minimum", "低于起订量", "Below the smallest order",
        "请按起订量增加 errors 中所列各行的件数。", "Order at least the minimum in the lines that errors lists.";
    OVER_BUYER_LIMIT = 422 "over_buyer_limit", "超过限购数量", "More than one buyer gets",
        "请按 errors 中的限购数量减少件数，或于下月再订。", "Order fewer packs, as errors says, or order again next month.";
    OVER_CAPACITY = 422 "over_capacity", "超过月供应能力", "More than can be had in a month",
        "请按 errors 中的供应能力减少件数，或于下月再订。", "Order fewer packs, as errors says, or order again next month.";
    PRODUCT_DUPLICATE = 409 "product_duplicate", "重复商品", "The same product twice",
        "本单位已有品类、名称、品牌、规格、口味相同的商品；价格、起订量或包装不同不算新商品，请修改已有的商品。",
        "You have a product of the same category, name, brand, size and taste; another price, minimum or packing makes no new one. Change the one you have.";
    NOT_A_PICTURE = 422 "not_a_picture", "不是可用的图片", "Not a picture that can be used",
        "请上传 PNG 或 JPEG 图片，边长不超过 10000 像素。", "Upload a PNG or JPEG of at most 10,000 pixels a side.";
    PRODUCT_HELD_BACK = 422 "product_held_back", "商品暂不能上架", "The product cannot be on the shelf now",
        "请先消除 detail 所述的原因：恢复供应商资格、更新证书或许可证、取得有效的代理授权。",
        "Remove the cause that detail names first: the supplier's standing, a certificate or licence, or an agent's mandate.";
}

/// Why a product cannot be had as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// It is not on the shelf, or there is none such.
    NotOnShelf,
    /// Fewer packs than this are not sold.
    BelowMinimum {
        /// The smallest order.
        minimum: Packs,
    },
    /// One buyer gets no more packs than this in a calendar month (限购).
    OverLimit {
        /// The limit.
        limit: Packs,
        /// How many it has ordered this month, without this order.
        ordered: Packs,
    },
    /// All buyers together get no more packs than this in a calendar month (月供应能力).
    OverCapacity {
        /// How many can be had.
        capacity: Packs,
        /// How many were ordered this month, without this order.
        sold: Packs,
    },
    /// No more packs than this can be had.
    Insufficient {
        /// How many there are.
        available: Packs,
    },
}

/// One line that cannot be had as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortfall {
    /// Its place among the lines asked for, from 0.
    pub line: usize,
    /// The product.
    pub product: ProductId,
    /// What is wanting.
    pub want: Want,
}

/// What can go wrong with a product.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
    /// No right to it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A certificate's scan.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// What the request says.
    #[error(transparent)]
    Fields(#[from] BadFields),
    /// A number out of range.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// Not there, or not theirs to see.
    #[error("no such product in reach")]
    NotFound,
    /// Whoever offers is not admitted.
    #[error("the supplier is not admitted")]
    SupplierNotAdmitted,
    /// The origin is elsewhere.
    #[error("the origin {0} is no relief county")]
    OriginNotReliefCounty(AreaCode),
    /// No such category.
    #[error("there is no category {0}")]
    CategoryUnknown(CategoryCode),
    /// The same certificate twice.
    #[error("a certificate is there twice")]
    CertificateTwice,
    /// No such county.
    #[error("there is no county {0}")]
    CountyUnknown(AreaCode),
    /// No such freight template of this supplier.
    #[error("there is no such freight template")]
    FreightUnknown,
    /// The supplier has it already.
    #[error("the supplier has the same product")]
    Duplicate,
    /// A revoked certificate is not renewed under its number.
    #[error("the certificate was revoked")]
    Revoked,
    /// A file that is no picture.
    #[error("the file is no picture that can be used")]
    NoPicture,
    /// One picture more than is kept.
    #[error("there are pictures enough")]
    TooManyPictures,
    /// Something it rests on does not hold.
    #[error("held back: {0}")]
    HeldBack(OffReason),
    /// Less would be left than is promised.
    #[error("{reserved} packs are reserved")]
    StockBelowReserved {
        /// How many are promised to orders.
        reserved: Packs,
    },
    /// Lines that cannot be had as wanted.
    #[error("{} lines cannot be had as wanted", .0.len())]
    Short(Vec<Shortfall>),
    /// Orders gave back or took out more than they held: ours.
    #[error("the stock does not bear what orders hold of it")]
    StockMismatch,
    /// Its state knows no such step.
    #[error(transparent)]
    WrongState(#[from] NoSuchStep),
    /// Somebody changed it meanwhile.
    #[error("the product changed meanwhile")]
    Stale,
}

impl Describe for CatalogueError {
    fn problem(&self) -> Problem {
        match self {
            Self::Database(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Fields(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::SupplierNotAdmitted => Problem::plain(&SUPPLIER_NOT_ADMITTED),
            Self::OriginNotReliefCounty(code) => Problem::plain(&ORIGIN_NOT_RELIEF_COUNTY).at(
                "/origin_county_code",
                format!("{code} 不是脱贫县的代码（名单或现行）。"),
                format!("{code} is not the code of a relief county, on the list or today."),
            ),
            Self::CategoryUnknown(code) => Problem::plain(&CATEGORY_UNKNOWN).at(
                "/category_code",
                format!("没有品类 {code}。"),
                format!("There is no category {code}."),
            ),
            Self::CertificateTwice => {
                Problem::invalid("/certificates", "同一证书只能列一次。", "A certificate can be listed once.")
            }
            Self::CountyUnknown(code) => Problem::invalid(
                "/details/processing_county_code",
                format!("没有县级区划 {code}。"),
                format!("There is no county {code}."),
            ),
            Self::FreightUnknown => Problem::invalid(
                "/details/freight_template_id",
                "本单位没有此运费模板。",
                "You have no such freight template.",
            ),
            Self::Duplicate => Problem::plain(&PRODUCT_DUPLICATE),
            Self::Revoked => Problem::invalid(
                "/number",
                "该证书已被撤销，应提供新的证书编号。",
                "The certificate was revoked; another number is expected.",
            ),
            Self::NoPicture => Problem::plain(&NOT_A_PICTURE),
            Self::TooManyPictures => {
                Problem::invalid("/file_id", "最多 12 张图片。", "There can be 12 pictures at most.")
            }
            Self::HeldBack(reason) => {
                let (zh, en) = why(*reason);
                Problem::new(&PRODUCT_HELD_BACK, zh, en)
            }
            Self::StockBelowReserved { reserved } => Problem::plain(&STOCK_BELOW_RESERVED).at(
                "/change_packs",
                format!("已有 {reserved} 件被订单占用。"),
                format!("{reserved} packs are promised to orders."),
            ),
            Self::Short(lines) => short(lines),
            Self::StockMismatch => Problem::internal(),
            Self::WrongState(NoSuchStep { from, step }) => Problem::new(
                &problem::WRONG_STATE,
                format!("商品处于“{from}”，不能进行“{step}”。"),
                format!("The product is \"{from}\" and does not allow \"{step}\"."),
            ),
            Self::Stale => Problem::plain(&problem::STALE),
        }
    }
}

/// Why the house holds something back.
const fn why(reason: OffReason) -> (&'static str, &'static str) {
    match reason {
        OffReason::SupplierSuspended => {
            ("供应商未入驻、已暂停或已清退。", "The supplier is not admitted, suspended or struck off.")
        }
        OffReason::MandateEnded => ("代理授权未确认或不在有效期内。", "No confirmed mandate of the principal holds."),
        OffReason::CertificateExpired => (
            "商品的证书、检验报告或食品生产许可证缺失、过期或被撤销。",
            "A certificate, a test report or the food production licence is missing, has expired or was revoked.",
        ),
        OffReason::PriceProofMissing => ("缺少价格凭证。", "No proof of its price was shown."),
        OffReason::PriceAbovePeers => ("价格高于同类商品。", "It is dearer than its like."),
        OffReason::Duplicate => ("重复上架。", "It is listed twice."),
        OffReason::OriginDoubt => ("产地存疑。", "Its origin is in doubt."),
        OffReason::Quality => ("质量问题。", "Its quality is at fault."),
        OffReason::Other => ("平台已要求下架。", "The platform took it down."),
    }
}

/// The first line says which kind of problem it is; every line says what is wanting in it.
fn short(lines: &[Shortfall]) -> Problem {
    let kind = match lines.first().map(|line| line.want) {
        Some(Want::NotOnShelf) | None => &PRODUCT_NOT_ON_SHELF,
        Some(Want::BelowMinimum { .. }) => &BELOW_MINIMUM,
        Some(Want::OverLimit { .. }) => &OVER_BUYER_LIMIT,
        Some(Want::OverCapacity { .. }) => &OVER_CAPACITY,
        Some(Want::Insufficient { .. }) => &INSUFFICIENT_STOCK,
    };
    lines.iter().fold(Problem::plain(kind), |problem, shortfall| {
        let line = shortfall.line;
        match shortfall.want {
            Want::NotOnShelf => {
                problem.at(format!("/lines/{line}/product_id"), "该商品不在架。", "This product is not on the shelf.")
            }
            Want::BelowMinimum { minimum } => problem.at(
                format!("/lines/{line}/packs"),
                format!("起订量为 {minimum} 件。"),
                format!("The smallest order is {minimum} packs."),
            ),
            Want::OverLimit { limit, ordered } => problem.at(
                format!("/lines/{line}/packs"),
                format!("每月限购 {limit} 件，本月已订 {ordered} 件。"),
                format!("The limit is {limit} packs a month; {ordered} were ordered this month."),
            ),
            Want::OverCapacity { capacity, sold } => problem.at(
                format!("/lines/{line}/packs"),
                format!("月供应能力为 {capacity} 件，本月已售 {sold} 件。"),
                format!("{capacity} packs can be had a month; {sold} were sold this month."),
            ),
            Want::Insufficient { available } => problem.at(
                format!("/lines/{line}/packs"),
                format!("可订 {available} 件。"),
                format!("{available} packs can be had."),
            ),
        }
    })
}
