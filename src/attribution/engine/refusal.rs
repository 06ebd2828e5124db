//! Why shares could not be computed.

use entity::value::{AgreementId, BenefitMode, Fen, Overflow};

/// Why shares could not be computed. Nothing is attributed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttributionError {
    /// One agreement stands twice in one pool.
    #[error("the agreement {agreement_id} is on the roster twice for {mode}")]
    DuplicateMember {
        /// The pool.
        mode: BenefitMode,
        /// The agreement.
        agreement_id: AgreementId,
    },
    /// A weight is below zero.
    #[error("the agreement {agreement_id} has the negative weight {weight}")]
    NegativeWeight {
        /// The agreement.
        agreement_id: AgreementId,
        /// Its weight.
        weight: i64,
    },
    /// A pool stands twice in the plan.
    #[error("the plan has two pools for {mode}")]
    DuplicatePool {
        /// The pool.
        mode: BenefitMode,
    },
    /// The floor is more than what the plan gives households with every order.
    #[error("the plan's floor is {floor_bp} of 10000 basis points, its pools give {given_bp} with every order")]
    FloorAbovePools {
        /// The floor.
        floor_bp: i64,
        /// What the pools give that reach households with every order.
        given_bp: i64,
    },
    /// Nobody could receive what the floor demands.
    #[error("{floor_fen} fen have to reach households, and there is none that may share")]
    FloorCannotHold {
        /// What should reach households.
        floor_fen: Fen,
    },
    /// The plan gives away more than there is.
    #[error("the plan gives away {sum_bp} of 10000 basis points")]
    PlanAboveWhole {
        /// The sum of its parts.
        sum_bp: u64,
    },
    /// The weights of one pool add up to 2⁶⁴ or more.
    #[error("the weights for {mode} add up to 2^64 or more")]
    WeightsOverflow {
        /// The pool.
        mode: BenefitMode,
    },
    /// An amount left its bounds, which no part of a whole can.
    #[error("an amount of the shares is out of bounds")]
    Amount(#[from] Overflow),
}

impl AttributionError {
    /// The same message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::DuplicateMember { mode, agreement_id } => {
                format!("协议 {agreement_id} 在名单的“{}”中出现了两次", mode_word_zh(*mode))
            }
            Self::NegativeWeight { agreement_id, weight } => format!("协议 {agreement_id} 的权重 {weight} 小于零"),
            Self::DuplicatePool { mode } => format!("分配方案中“{}”出现了两次", mode_word_zh(*mode)),
            Self::FloorAbovePools { floor_bp, given_bp } => {
                format!("保底比例为 {floor_bp} 个基点，而按单分配的各池合计只有 {given_bp} 个基点")
            }
            Self::FloorCannotHold { floor_fen } => {
                format!("应有 {} 分保底到户，但没有可参与分配的农户", floor_fen.get())
            }
            Self::PlanAboveWhole { sum_bp } => format!("分配方案合计 {sum_bp} 个基点，超过 10000"),
            Self::WeightsOverflow { mode } => format!("“{}”的权重合计达到或超过 2^64", mode_word_zh(*mode)),
            Self::Amount(Overflow) => "份额计算中的金额超出范围".to_owned(),
        }
    }
}

const fn mode_word_zh(mode: BenefitMode) -> &'static str {
    match mode {
        BenefitMode::ProducePurchase => "订单收购",
        BenefitMode::Wages => "务工就业",
        BenefitMode::Dividend => "入股分红",
        BenefitMode::LandRent => "土地流转",
        BenefitMode::CustodialFarming => "托管代养",
    }
}
