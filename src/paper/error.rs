//! Everything that can go wrong with a paper, and the problem each one is.

use crate::access::AccessError;
use crate::arrears::ArrearsError;
use crate::problem::{self, Describe, Kind, Problem};
use crate::procurement::OrderError;
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    FONT_MISSING = 503 "font_missing", "服务器没有可用的中文字体", "The server has no Chinese font",
        "请在服务器上安装 Debian 软件包 fonts-wqy-microhei，或用 LIANNONG_FONT 指定字体文件。",
        "Install the Debian package fonts-wqy-microhei on the server, or name a font file with LIANNONG_FONT.";
    PAPER_NOT_READY = 409 "paper_not_ready", "订单尚不具备出具该单据的条件", "The order is not ready for this paper",
        "合同须供应商已确认；请款证明须有待付金额；验收单须已验收。",
        "A contract needs a confirmed order, a payment request an amount to pay, an acceptance form an acceptance.";
    PAPER_FONT_CHANGED = 409 "paper_font_changed", "服务器字体已更换", "The server's font is another now",
        "请重新出具该单据：内容与查验码不变，文件的校验值不同。",
        "Issue the paper anew: its content and its code are the same, the hash of its file is another.";
}

/// Why a paper was not issued or not shown.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// There is none, or it is out of reach.
    #[error("no such paper in reach")]
    NotFound,
    /// The order is not where it could have it.
    #[error("the order is not ready for it")]
    NotReady,
    /// A field that is not acceptable.
    #[error("{pointer} is not acceptable: {en}")]
    Field {
        /// JSON pointer.
        pointer: &'static str,
        /// Why, in Chinese.
        zh: &'static str,
        /// Why, in English.
        en: &'static str,
    },
    /// The font cannot be read.
    #[error("the font {0} cannot be read")]
    NoFont(String),
    /// The font is not the one it was set in.
    #[error("the paper was set in another font")]
    FontChanged,
    /// It cannot be written.
    #[error("the paper cannot be written")]
    Unwritable,
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Orders.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// What is owed.
    #[error(transparent)]
    Arrears(#[from] ArrearsError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for PaperError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::NotReady => Problem::plain(&PAPER_NOT_READY),
            Self::Field { pointer, zh, en } => Problem::invalid((*pointer).to_owned(), *zh, *en),
            Self::NoFont(_) => Problem::plain(&FONT_MISSING),
            Self::FontChanged => Problem::plain(&PAPER_FONT_CHANGED),
            Self::Unwritable => Problem::internal(),
            Self::Access(error) => error.problem(),
            Self::Order(error) => error.problem(),
            Self::Arrears(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
