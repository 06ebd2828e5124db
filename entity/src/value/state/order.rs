//! Orders, what is paid for them, and what comes back.

use super::named_values;

named_values! {
    /// Where a supplier order is.
    OrderState {
        /// Placed by the buyer (已下单).
        Placed = "placed",
        /// Confirmed by the supplier (已确认).
        Confirmed = "confirmed",
        /// On its way (已发货).
        Shipped = "shipped",
        /// Accepted by the buyer (已验收).
        Accepted = "accepted",
        /// Invoiced (已开票).
        Invoiced = "invoiced",
        /// Paid (已付款).
        Paid = "paid",
        /// Completed (已完成).
        Completed = "completed",
        /// Cancelled by either side before the goods left (已取消).
        Cancelled = "cancelled",
        /// Refused by the buyer: nothing of it was accepted (已拒收).
        Refused = "refused",
        /// Some of its goods have left, others are still due (部分发货).
        PartlyShipped = "partly_shipped",
        /// All that was accepted was given back or credited (已全部退货).
        Returned = "returned",
        /// Confirmed, and to be paid before its goods leave (待付款).
        AwaitingPayment = "awaiting_payment",
    }
    /// Which comes first, money or goods.
    OrderTerms {
        /// Goods first, then money (先货后款).
        GoodsFirst = "goods_first",
        /// Money first, then goods (先款后货).
        PayFirst = "pay_first",
    }
    /// What a paper is.
    PaperKind {
        /// The contract of an order (采购合同).
        Contract = "contract",
        /// The proof by which its money is asked for (订单请款证明).
        PaymentRequest = "payment_request",
        /// What was accepted (验收单).
        AcceptanceForm = "acceptance_form",
        /// A statement of account between two sides (对账单).
        Statement = "statement",
    }
    /// What a complaint is about.
    ComplaintKind {
        /// The goods (质量).
        Quality = "quality",
        /// The delivery (物流).
        Delivery = "delivery",
        /// The service (服务).
        Service = "service",
        /// The price (价格).
        Price = "price",
        /// The payment (付款).
        Payment = "payment",
        /// Anything else (其他).
        Other = "other",
    }
    /// Where a complaint is.
    ComplaintState {
        /// To be answered by the other side (待答复).
        Open = "open",
        /// Answered (已答复).
        Answered = "answered",
        /// Before the platform (待裁定).
        Escalated = "escalated",
        /// The answer was accepted (已和解).
        Settled = "settled",
        /// The platform decided (已裁定).
        Decided = "decided",
        /// Taken back (已撤回).
        Withdrawn = "withdrawn",
    }
    /// Who was right in a complaint.
    ComplaintOutcome {
        /// Whoever complained (成立).
        Upheld = "upheld",
        /// Both in part (部分成立).
        PartlyUpheld = "partly_upheld",
        /// The other side (不成立).
        Rejected = "rejected",
    }
    /// A clock of an order.
    ClockKind {
        /// Until it, the supplier answers (供应商确认期限).
        Answer = "answer",
        /// Until it, what is paid first is paid (付款期限).
        Payment = "payment",
        /// Until it, the goods leave (发货期限).
        Shipping = "shipping",
        /// From it on, the buyer is reminded to accept what came (验收提醒).
        Acceptance = "acceptance",
        /// From it on, what came and was paid before counts as accepted (逾期视为验收).
        SilentAcceptance = "silent_acceptance",
    }
    /// Why packs were not accepted, or go back.
    RefusalKind {
        /// Fewer came than were shipped (短少).
        Short = "short",
        /// They came damaged (破损).
        Damaged = "damaged",
        /// Their quality is not what was ordered (质量不符).
        Quality = "quality",
        /// They are other goods than were ordered (货不对板).
        WrongGoods = "wrong_goods",
        /// For another reason (其他).
        Other = "other",
    }
    /// Where a return of accepted goods is.
    ReturnState {
        /// The buyer wants to give them back (已申请).
        Requested = "requested",
        /// The supplier has them back (已收回).
        Received = "received",
        /// The supplier does not take them back (已驳回).
        Declined = "declined",
    }
    /// What became of goods that came back.
    Disposition {
        /// They are in store again and can be sold (重新入库).
        Restocked = "restocked",
        /// They are lost (报损).
        WrittenOff = "written_off",
    }
    /// What a credit is for.
    CreditKind {
        /// Goods given back (退货).
        Return = "return",
        /// Goods kept at a lower price (折让).
        Allowance = "allowance",
        /// Carriage, when everything went back on the supplier's account (运费退还).
        Freight = "freight",
    }
    /// Which way an invoice counts.
    InvoiceKind {
        /// For goods sold (蓝字发票).
        Blue = "blue",
        /// Against an earlier one (红字发票).
        Red = "red",
    }
    /// Whether a bank row found its order.
    BankRowState {
        /// It did (已匹配).
        Matched = "matched",
        /// It did not yet (未匹配).
        Unmatched = "unmatched",
    }
}
