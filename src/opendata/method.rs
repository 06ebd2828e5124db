//! How an order came about, in the standard's closed list of procurement methods (采购方式). Pure.
//!
//! The standard asks how much competition there was, and so does this table:
//!
//! | way to buy here | method | because |
//! |---|---|---|
//! | off the shelf (直接采购) | direct | one supplier is chosen among public prices; nobody is asked |
//! | under a framework agreement (框架协议采购) | direct | the agreement is with one supplier, at its prices |
//! | a delivery of a standing order (定期采购) | direct | the shelf's price of the day, or the agreement's |
//! | together with other units (团购) | direct | one supplier offers its steps of prices; units join |
//! | a demand for everybody (公开求购) | open | every supplier may hand in a sealed quotation |
//! | a demand for those invited (邀请求购) | limited | the buyer chooses whom it asks |
//!
//! Whoever quoted and was not awarded stays unnamed: the number of quotations is told, no more.

use super::json::{instant, object};
use entity::value::{DemandAudience, PurchaseWay, Timestamp};
use serde_json::{Value, json};

/// A demand that was answered (求购).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Who may answer.
    pub audience: DemandAudience,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How many did.
    pub quotations: i64,
}

/// How an order came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The way to buy.
    pub way: PurchaseWay,
    /// The demand it answers, for what was awarded to a quotation.
    pub asked: Option<Asked>,
    /// Whether a delivery of a standing order is under a framework agreement.
    pub is_agreed: bool,
}

impl Way {
    /// Off the shelf: whatever nobody said otherwise of.
    pub const DIRECT: Self = Self { way: PurchaseWay::Direct, asked: None, is_agreed: false };

    /// The method, its name here, and why it is used.
    #[must_use]
    pub fn method(&self) -> (&'static str, &'static str, &'static str) {
        match (self.way, self.asked.map(|asked| asked.audience)) {
            (PurchaseWay::Direct, _) => {
                ("direct", "按公开标价直接选购", "脱贫地区农副产品公开标价，采购人按质优价廉原则在平台上选购")
            }
            (PurchaseWay::Framework, _) => {
                ("direct", "按框架协议价采购", "采购人与一家供应商订有框架协议，在其价格与数量上限内分批采购")
            }
            (PurchaseWay::Standing, _) if self.is_agreed => {
                ("direct", "定期采购（框架协议价）", "采购人按既定周期要货，价格依与该供应商订立的框架协议")
            }
            (PurchaseWay::Standing, _) => {
                ("direct", "定期采购（公开标价）", "采购人按既定周期要货，价格为确认当日的公开标价")
            }
            (PurchaseWay::Group, _) => {
                ("direct", "团购（阶梯价）", "一家供应商公开阶梯价，多家采购人合并数量，以达成的阶梯价成交")
            }
            (PurchaseWay::Quotation, Some(DemandAudience::Invited)) => {
                ("limited", "邀请求购，密封报价", "采购人自行选择被邀请的供应商，截止后开启报价，择优成交")
            }
            (PurchaseWay::Quotation, Some(DemandAudience::All) | None) => {
                ("open", "公开求购，密封报价", "所有已入驻供应商均可报价，截止后开启报价，择优成交")
            }
        }
    }

    /// The members of the tender that say so.
    #[must_use]
    pub fn members(&self) -> [(&'static str, Value); 6] {
        let (method, details, rationale) = self.method();
        let period = |asked: Asked| {
            object([("startDate", json!(instant(asked.from))), ("endDate", json!(instant(asked.until)))])
        };
        [
            ("procurementMethod", json!(method)),
            ("procurementMethodDetails", json!(details)),
            ("procurementMethodRationale", json!(rationale)),
            ("submissionMethod", self.asked.map_or(Value::Null, |_| json!(["electronicSubmission"]))),
            ("tenderPeriod", self.asked.map_or(Value::Null, period)),
            ("numberOfTenderers", self.asked.map_or(Value::Null, |asked| json!(asked.quotations))),
        ]
    }
}
