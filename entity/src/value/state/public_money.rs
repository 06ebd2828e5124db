//! Quotas and budgets.

use super::named_values;

named_values! {
    /// How a unit stands to the reserved quota (预留份额填报类型).
    FilingKind {
        /// It runs a canteen (有食堂).
        HasCanteen = "has_canteen",
        /// Its canteen is run by a contractor (食堂外包).
        Outsourced = "outsourced",
        /// It files for a canteen that several units share (共用食堂代表单位).
        SharedRepresentative = "shared_representative",
        /// Another unit files for the canteen they share (共用食堂由他单位填报).
        SharedRepresented = "shared_represented",
        /// It has no canteen (无食堂).
        NoCanteen = "no_canteen",
    }
    /// Where a filing is.
    FilingState {
        /// Being written (草稿).
        Draft = "draft",
        /// Handed in (已提交).
        Submitted = "submitted",
        /// Sent back to be changed (退回).
        Returned = "returned",
        /// Confirmed by the unit above (主管单位已审核).
        SuperiorConfirmed = "superior_confirmed",
        /// Confirmed by the finance department; it counts (财政部门已审核).
        FinanceConfirmed = "finance_confirmed",
    }
    /// A figure of the quota.
    QuotaFigure {
        /// Ordered (已下单).
        Ordered = "ordered",
        /// Ordered and never accepted (已释放).
        Released = "released",
        /// Accepted, less what was given back (已验收).
        Accepted = "accepted",
        /// Accepted and paid (已付款).
        Paid = "paid",
        /// Accepted, paid and rated (已完成).
        Completed = "completed",
        /// Given back after acceptance (已退款).
        Refunded = "refunded",
    }
    /// Out of which purse a purchase comes.
    PurchaseChannel {
        /// The unit's canteen (食堂采购).
        Canteen = "canteen",
        /// The unit's trade union (工会采购).
        Union = "union",
        /// The contractor that runs the canteen (食堂承包方采购).
        Contractor = "contractor",
        /// Members of the staff (个人采购).
        Individual = "individual",
    }
    /// Why an order belongs to a unit's quota.
    AttachmentBasis {
        /// The buyer is the unit, or belongs to it (默认归属).
        Default = "default",
        /// The buyer chose it (采购人选择).
        BuyerChoice = "buyer_choice",
        /// It was corrected with a document (更正).
        Correction = "correction",
    }
    /// What kind of money a budget is (资金来源).
    FundSource {
        /// Out of the public purse (财政预算资金).
        Fiscal = "fiscal",
        /// Of the trade union (工会经费).
        Union = "union",
        /// The canteen's own (食堂自有资金).
        Canteen = "canteen",
        /// Any other (其他资金).
        Other = "other",
    }
    /// How a budget was changed after it was granted (预算调整).
    BudgetChangeKind {
        /// More was granted (追加).
        Supplement = "supplement",
        /// Some was taken back (调减).
        Reduction = "reduction",
        /// Some went to another budget (调剂调出).
        TransferOut = "transfer_out",
        /// Some came from another budget (调剂调入).
        TransferIn = "transfer_in",
        /// At the end of the year some went into the next (结转至下年).
        CarryOut = "carry_out",
        /// Some came from the year before (上年结转).
        CarryIn = "carry_in",
        /// At the end of the year the rest was taken back (年终收回).
        Lapse = "lapse",
    }
}
