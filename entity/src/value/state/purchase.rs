//! Ways to buy, and who lets a purchase go.

use super::named_values;

named_values! {
    /// Where a purchase request is (采购申请状态).
    RequestState {
        /// Somebody has to decide (待审批).
        Waiting = "waiting",
        /// It was sent back, with a reason (退回).
        Returned = "returned",
        /// It became an order (已下单).
        Placed = "placed",
        /// Whoever asked took it back (撤回).
        Withdrawn = "withdrawn",
        /// Nobody decided in time (过期).
        Expired = "expired",
    }
    /// What happened to a purchase request (办理记录).
    RequestEvent {
        /// It was asked for, or asked for again (提交).
        Asked = "asked",
        /// A step was approved (同意).
        Approved = "approved",
        /// It was sent back (退回).
        Returned = "returned",
        /// A step was handed to somebody else (转办).
        Delegated = "delegated",
        /// Whoever has to decide was reminded (催办).
        Reminded = "reminded",
        /// It was taken back (撤回).
        Withdrawn = "withdrawn",
        /// Nobody decided in time (过期).
        Expired = "expired",
        /// It became an order (下单).
        Placed = "placed",
    }
    /// By which way something is bought (采购方式).
    PurchaseWay {
        /// Off the shelf (直接采购).
        Direct = "direct",
        /// Called off from a framework agreement (框架协议采购).
        Framework = "framework",
        /// A delivery of a standing order (定期采购).
        Standing = "standing",
        /// Awarded to a quotation (求购报价).
        Quotation = "quotation",
        /// Together with other units (团购).
        Group = "group",
    }
    /// Where a framework agreement is (框架协议状态).
    FrameworkState {
        /// The supplier has to answer (待确认).
        Proposed = "proposed",
        /// It holds (生效).
        Active = "active",
        /// The supplier declined (已谢绝).
        Declined = "declined",
        /// It was ended (已终止).
        Ended = "ended",
    }
    /// Who may answer a demand (报价范围).
    DemandAudience {
        /// Every supplier (公开).
        All = "all",
        /// Those who are invited (邀请).
        Invited = "invited",
    }
    /// Where a demand is (求购状态).
    DemandState {
        /// Quotations come in, sealed (报价中).
        Published = "published",
        /// The quotations were opened (已开标).
        Opened = "opened",
        /// Too few answered (流标).
        Failed = "failed",
        /// One was chosen (已成交).
        Awarded = "awarded",
        /// It was called off (已取消).
        Cancelled = "cancelled",
    }
    /// Where a quotation is (报价状态).
    QuotationState {
        /// Nobody can read it (密封).
        Sealed = "sealed",
        /// Its supplier took it back (撤回).
        Withdrawn = "withdrawn",
        /// It was opened (已开启).
        Opened = "opened",
    }
    /// Where a standing order is (定期采购状态).
    StandingState {
        /// Call-offs are made (执行中).
        Active = "active",
        /// It was ended before its time (已终止).
        Ended = "ended",
    }
    /// Where a call-off of a standing order is (要货单状态).
    CallOffState {
        /// The buyer has to confirm it (待确认).
        Proposed = "proposed",
        /// It was confirmed (已确认).
        Confirmed = "confirmed",
        /// It was declined (不要货).
        Declined = "declined",
        /// Nobody confirmed it in time (逾期).
        Lapsed = "lapsed",
    }
    /// Where a group purchase is (团购状态).
    GroupState {
        /// Units join (进行中).
        Open = "open",
        /// It closed with a price (成团).
        Succeeded = "succeeded",
        /// It closed below the first step (未成团).
        Failed = "failed",
        /// Its supplier called it off (已取消).
        Cancelled = "cancelled",
    }
    /// Where a unit's part in a group purchase is (参团状态).
    JoinState {
        /// The unit is in (已参团).
        Joined = "joined",
        /// It left before the close (已退团).
        Left = "left",
        /// It was asked for at the price that was reached (已下单).
        Ordered = "ordered",
        /// What was held was given back (已释放).
        Released = "released",
    }
}
