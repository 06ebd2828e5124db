//! The catalogue of events (事件目录): one list of all there are, with the form of each and who is told.
//!
//! Whoever adds an event adds its line here; a test reads the sources and finds one that is missing.

use super::{EndpointDisabled, schema};
use crate::adjustment::event::{AdjustmentDecided, AdjustmentObjected};
use crate::bulk::event::ImportFailed;
use crate::catalogue::admission::event::{AdmissionDecided, CredentialEnding};
use crate::catalogue::product::event::{AvailabilityChanged, ProductChanged};
use crate::comparison::event::ComparisonConfirmed;
use crate::db::Event;
use crate::harvest::LotRecalled;
use crate::identity::event::{Invited, PasswordResetAsked, SignedInElsewhere};
use crate::monitoring::event::ClueOpened;
use crate::pairing::{NeedClaimed, NeedDelivered, NeedFulfilled, NeedPublished};
use crate::procurement::event::{
    OrderAccepted, OrderAmended, OrderCancelled, OrderCompleted, OrderConfirmed, OrderCredited, OrderInvoiced,
    OrderPaid, OrderPlaced, OrderPrepaid, OrderRefused, OrderReminded, OrderShipped,
};
use crate::purchase::demand::event::{DemandDecided, DemandPublished};
use crate::purchase::group::event::GroupSettled;
use crate::purchase::request::event::{RequestReturned, RequestWaits};
use crate::purchase::standing::event::CallOffMade;
use crate::reminder::event::{CluesDue, PaymentsDue, PayoutsDue, QuotaBehind, RatingsDue};
use crate::settlement::IncomeBooked;
use crate::voice::event::DisputeRaised;
use utoipa::ToSchema;

/// Which organisations are told of an event, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Nobody outside: the house tells itself.
    House,
    /// The organisations at these places of the event see all of it; a place that holds nobody is passed over.
    Named(&'static [&'static str]),
    /// The buyer sees the whole order, each supplier its own part.
    Parts,
    /// Each supplier sees its own products.
    Products,
}

/// A kind of event.
pub struct EventType {
    /// Its name, `object.happened`.
    pub topic: &'static str,
    /// The version of its form.
    pub version: i32,
    /// What happened, in Chinese and English.
    pub words: (&'static str, &'static str),
    /// Who is told.
    pub audience: Audience,
    /// Its form, as JSON Schema, with everything it refers to put in.
    pub schema: fn() -> serde_json::Value,
}

const fn of<E: Event + ToSchema>(audience: Audience, zh: &'static str, en: &'static str) -> EventType {
    EventType { topic: E::TOPIC, version: E::VERSION, words: (zh, en), audience, schema: schema::of::<E> }
}

const BOTH_SIDES: Audience = Audience::Named(&["/supplier", "/buyer"]);

/// Every kind of event.
pub static EVENTS: &[EventType] = &[
    of::<Invited>(Audience::House, "有人被邀请加入单位", "Somebody was invited to act for an organisation"),
    of::<PasswordResetAsked>(Audience::House, "有人申请重置密码", "Somebody asked for a new password"),
    of::<SignedInElsewhere>(
        Audience::House,
        "有人从新的地点登录",
        "Somebody signed in from where they never had before",
    ),
    of::<AdjustmentObjected>(
        Audience::Named(&["/village", "/office"]),
        "公示期间有人提出异议，时限暂停",
        "Somebody objected to a case on the notice board; its clocks stand still",
    ),
    of::<AdjustmentDecided>(
        Audience::Named(&["/village"]),
        "动态调整已办结",
        "A case about the register of households is over",
    ),
    of::<ClueOpened>(
        Audience::Named(&["/village", "/office"]),
        "有新的预警线索",
        "A clue was opened that a household may be at risk",
    ),
    of::<ComparisonConfirmed>(
        Audience::Named(&["/office"]),
        "部门比对疑点经核实属实",
        "What a department's file says of a household was found to be so",
    ),
    of::<AdmissionDecided>(
        Audience::Named(&["/organisation"]),
        "入驻申请有了决定",
        "An application for admission was decided on",
    ),
    of::<CredentialEnding>(
        Audience::Named(&["/organisation"]),
        "证照即将到期或已到期",
        "A paper ends soon, or has ended",
    ),
    of::<ProductChanged>(
        Audience::Products,
        "商品的内容、价格或上架状态有变",
        "A product's content, price or place on the shelf changed",
    ),
    of::<AvailabilityChanged>(Audience::Products, "商品售罄或恢复供应", "Products ran out, or can be had again"),
    of::<LotRecalled>(Audience::Named(&["/supplier"]), "批次被召回", "Lots were called back"),
    of::<RequestWaits>(
        Audience::Named(&["/organisation", "/buyer"]),
        "采购申请待审批",
        "A purchase waits for somebody to agree",
    ),
    of::<RequestReturned>(
        Audience::Named(&["/buyer"]),
        "采购申请被退回或已过期",
        "A purchase request was sent back, or expired",
    ),
    of::<CallOffMade>(
        Audience::Named(&["/buyer"]),
        "定期采购的要货单待确认",
        "A delivery of a standing order waits to be confirmed",
    ),
    of::<DemandPublished>(Audience::Named(&["/buyer"]), "求购已发布", "A demand was published"),
    // It names everybody who quoted, which none of them is to learn.
    of::<DemandDecided>(Audience::House, "求购已有结果", "A demand was awarded, failed or called off"),
    of::<GroupSettled>(
        Audience::Named(&["/buyer"]),
        "团购已结束",
        "A group purchase closed, and a unit's part was ordered or released",
    ),
    of::<OrderPlaced>(Audience::Parts, "采购单已下达", "An order was placed"),
    of::<OrderAmended>(BOTH_SIDES, "发货前订单减量", "Packs were taken off an order before they left"),
    of::<OrderConfirmed>(BOTH_SIDES, "供应商已确认订单", "A supplier confirmed an order"),
    of::<OrderPrepaid>(BOTH_SIDES, "预付款已到账", "Money for an order arrived before its goods"),
    of::<OrderReminded>(BOTH_SIDES, "订单期限将到或已过", "An order's clock runs out, or has run out"),
    of::<OrderShipped>(BOTH_SIDES, "货物已发出", "A supplier's goods left"),
    of::<OrderAccepted>(BOTH_SIDES, "采购人已验收", "A buyer accepted goods, all or some of them"),
    of::<OrderRefused>(BOTH_SIDES, "采购人拒收", "A buyer accepted nothing of what came"),
    of::<OrderInvoiced>(BOTH_SIDES, "发票已登记", "An invoice for an order was recorded"),
    of::<OrderPaid>(BOTH_SIDES, "货款已到账", "The money for an order arrived"),
    of::<OrderCredited>(BOTH_SIDES, "验收后退货或减价", "Accepted goods went back, or became cheaper"),
    of::<OrderCompleted>(BOTH_SIDES, "订单已评价并完成", "An order was rated, and is complete"),
    of::<OrderCancelled>(BOTH_SIDES, "发货前订单取消", "An order was called off before its goods left"),
    of::<IncomeBooked>(
        Audience::Named(&["/supplier"]),
        "已付款订单成为农户收益",
        "A paid order has become income of households",
    ),
    of::<DisputeRaised>(
        Audience::Named(&["/supplier", "/office"]),
        "农户提出异议",
        "A household says that an entry of its statement is wrong",
    ),
    of::<ImportFailed>(
        Audience::Named(&["/organisation"]),
        "导入未能完成",
        "A sheet cannot be read, or rows of it were not carried out",
    ),
    of::<RatingsDue>(Audience::Named(&["/buyer"]), "月底前有订单待评价", "Paid orders wait for their rating"),
    of::<PaymentsDue>(Audience::Named(&["/buyer"]), "货款到期或逾期", "Payments are due soon, or late"),
    of::<PayoutsDue>(
        Audience::Named(&["/supplier"]),
        "拖欠农户款项超过 30 天",
        "Households have waited for their money for more than 30 days",
    ),
    of::<CluesDue>(
        Audience::Named(&["/organisation"]),
        "预警线索临近时限或已超期",
        "Clues about households are due soon, or late",
    ),
    of::<QuotaBehind>(Audience::Named(&["/unit"]), "预留份额低于序时进度", "A unit's quota is behind its plan"),
    of::<NeedPublished>(Audience::Named(&["/village"]), "村需求已发布", "A village published what it needs"),
    of::<NeedClaimed>(
        Audience::Named(&["/village", "/claimant"]),
        "村需求已认领",
        "Somebody took on what a village needs",
    ),
    of::<NeedDelivered>(
        Audience::Named(&["/village", "/claimant"]),
        "村需求已交付",
        "What a village needs was delivered and waits for its confirmation",
    ),
    of::<NeedFulfilled>(
        Audience::Named(&["/village", "/claimant"]),
        "村需求已确认",
        "The village confirmed that what it needs came",
    ),
    of::<EndpointDisabled>(
        Audience::Named(&["/organisation"]),
        "推送地址已停用",
        "A webhook endpoint was switched off",
    ),
];

/// The kind of event of this name.
#[must_use]
pub fn find(topic: &str) -> Option<&'static EventType> {
    EVENTS.iter().find(|kind| kind.topic == topic)
}

/// Whether there is such a kind of event, and it is told to anybody outside.
#[must_use]
pub fn is_told(topic: &str) -> bool {
    find(topic).is_some_and(|kind| kind.audience != Audience::House)
}
