//! What each paper says, from the data alone. Pure.

use super::PaperError;
use super::capital::in_capitals;
use super::sheet::{Column, EDITION, Sheet, Table};
use crate::arrears::Arrear;
use crate::procurement::{AcceptanceOfOrder, SupplierOrderDetail};
use chrono::{DateTime, NaiveDate, Utc};
use entity::organisation;
use entity::value::{Fen, OrderState, OrderTerms, Overflow, business_date};

/// The two sides of a paper, as they are now.
pub struct Sides<'a> {
    /// Who buys.
    pub buyer: &'a organisation::Model,
    /// Who sells.
    pub supplier: &'a organisation::Model,
}

/// What a paper says, and the amount it is about.
pub type Written = (Sheet, Fen);

fn day(at: DateTime<Utc>) -> String {
    date(business_date(at))
}

fn date(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

fn with_code(party: &organisation::Model, name: &str) -> String {
    match &party.credit_code {
        Some(code) => format!("{name}（统一社会信用代码 {code}）"),
        None => name.to_owned(),
    }
}

fn fields(pairs: Vec<(&str, String)>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The lines of an order as a table, with the sum of what was ordered.
fn ordered(order: &SupplierOrderDetail) -> Result<Table, Overflow> {
    let mut rows = Vec::with_capacity(order.lines.len());
    for line in &order.lines {
        rows.push(vec![
            line.line_no.to_string(),
            line.product_name.clone(),
            format!("{} 克", line.pack_grams),
            line.unit_price_fen.to_string(),
            line.packs.to_string(),
            line.unit_price_fen.checked_mul(line.packs.get())?.to_string(),
        ]);
    }
    if !order.head.freight_fen.is_zero() {
        let mut freight = vec![String::new(); 6];
        freight[1] = "运费".to_owned();
        freight[5] = order.head.freight_fen.to_string();
        rows.push(freight);
    }
    let columns = vec![
        Column::numbers("序号", 6),
        Column::words("商品", 33),
        Column::numbers("每件净重", 14),
        Column::numbers("单价（元）", 14),
        Column::numbers("件数", 10),
        Column::numbers("金额（元）", 18),
    ];
    let mut total = vec![String::new(); 6];
    total[1] = "合计".to_owned();
    total[5] = order.head.total_fen.to_string();
    Ok(Table { columns, rows, total: Some(total) })
}

/// What late payment costs a day where nothing is agreed on, in millionths: 0.05 %.
const BY_LAW_PPM: i32 = 500;

/// Millionths as per cent, without zeros that say nothing.
fn percent(ppm: i32) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The contract of a confirmed order.
///
/// # Errors
/// The order is not confirmed, or was called off.
pub fn contract(order: &SupplierOrderDetail, sides: &Sides<'_>) -> Result<Written, PaperError> {
    let head = &order.head;
    let confirmed_at = head.confirmed_at.filter(|_| head.state != OrderState::Cancelled).ok_or(PaperError::NotReady)?;
    let (terms, days) = match head.terms {
        OrderTerms::GoodsFirst => {
            ("先货后款", format!("验收合格之日起 {} 日内付清（《保障中小企业款项支付条例》）", head.term_days))
        }
        OrderTerms::PayFirst => (
            "先款后货",
            head.pay_by.map_or_else(|| "发货前付清".to_owned(), |by| format!("{}前付清，付清后发货", day(by))),
        ),
    };
    let mut paragraphs = vec![
        "一、乙方保证所供商品产自脱贫地区、符合国家质量和食品安全标准，并按约定规格和数量供货。".to_owned(),
        "二、甲方应在到货后及时验收；短少、破损或与约定不符的，可部分或全部拒收并说明原因，由乙方补发或退款。"
            .to_owned(),
        format!("三、付款方式：{terms}；{days}。转账时请在附言中填写 {}，以便款项对应本订单。", head.transfer_code),
        format!("四、逾期付款的，按每日 {} 支付逾期利息。", percent(head.late_interest_ppm.unwrap_or(BY_LAW_PPM))),
        "五、本合同由平台根据订单数据生成，变更、退货和折让另以单据为准；查验码与本合同内容一一对应。".to_owned(),
    ];
    for amendment in &order.amendments {
        paragraphs.push(format!(
            "变更 {}（{}）：减少 {} 元，原因：{}。",
            amendment.number,
            day(amendment.made_at),
            amendment.amount_fen,
            amendment.reason
        ));
    }
    let sheet = Sheet {
        title: "农副产品采购合同".to_owned(),
        number: format!("HT-{}", head.number),
        fields: fields(vec![
            ("甲方（采购人）", with_code(sides.buyer, &order.buyer_name)),
            ("乙方（供应商）", with_code(sides.supplier, &order.supplier_name)),
            ("采购单号", order.order_number.clone()),
            ("下单日期", day(head.placed_at)),
            ("确认日期", day(confirmed_at)),
            ("收货地址", order.deliver_to.clone()),
            ("发货期限", format!("{} 日内", head.ship_days)),
            ("合同金额", format!("{} 元（{}）", head.total_fen, in_capitals(head.total_fen))),
        ]),
        tables: vec![ordered(order)?],
        paragraphs,
        signatures: vec!["甲方（盖章）：".to_owned(), "乙方（盖章）：".to_owned()],
        edition: EDITION,
    };
    Ok((sheet, head.total_fen))
}

/// The proof by which a unit asks its finance office for the money of an order.
///
/// # Errors
/// There is nothing to pay now.
pub fn payment_request(order: &SupplierOrderDetail, sides: &Sides<'_>, owed: &Arrear) -> Result<Written, PaperError> {
    let head = &order.head;
    let amount = head.payable_fen;
    if amount.is_zero() || head.state == OrderState::Cancelled {
        return Err(PaperError::NotReady);
    }
    let (why, due) = match head.terms {
        OrderTerms::PayFirst => ("先款后货，付清后发货", head.pay_by.map(day).unwrap_or_default()),
        OrderTerms::GoodsFirst => ("先货后款，商品已验收", date(owed.due_on)),
    };
    let invoiced =
        if head.invoiced_fen.is_zero() { "尚未开票".to_owned() } else { format!("{} 元", head.invoiced_fen) };
    let sheet = Sheet {
        title: "订单请款证明".to_owned(),
        number: format!("QK-{}", head.number),
        fields: fields(vec![
            ("请款单位", with_code(sides.buyer, &order.buyer_name)),
            ("收款单位", with_code(sides.supplier, &order.supplier_name)),
            ("供应商订单", head.number.clone()),
            ("付款方式", why.to_owned()),
            ("订单金额", format!("{} 元", head.total_fen)),
            ("验收金额", format!("{} 元", head.accepted_fen)),
            ("已开票金额", invoiced),
            ("本次应付", format!("{amount} 元")),
            ("大写", in_capitals(amount)),
            ("付款期限", due),
            ("转账附言", head.transfer_code.clone()),
        ]),
        tables: vec![ordered(order)?],
        paragraphs: vec![
            "兹证明上述订单真实有效，请按本证明所列金额向收款单位付款，并在转账附言中填写上列附言码。".to_owned(),
            "本证明供尚无电子印章的单位办理资金支付使用，由单位加盖公章后有效。".to_owned(),
        ],
        signatures: vec!["经办人（签字）：".to_owned(), "单位（盖章）：".to_owned()],
        edition: EDITION,
    };
    Ok((sheet, amount))
}

/// What one acceptance says.
///
/// # Errors
/// There is no such acceptance.
pub fn acceptance_form(
    order: &SupplierOrderDetail,
    sides: &Sides<'_>,
    wanted: Option<i32>,
) -> Result<Written, PaperError> {
    let head = &order.head;
    let found = match wanted {
        Some(number) => order.acceptances.iter().find(|one| one.number == number),
        None => order.acceptances.last(),
    };
    let acceptance: &AcceptanceOfOrder = found.ok_or(PaperError::NotReady)?;
    let (mut rows, mut amounts) = (Vec::new(), Vec::new());
    for judged in &acceptance.lines {
        let line = order.lines.iter().find(|line| line.id == judged.line_id).ok_or(PaperError::NotReady)?;
        let amount = line.unit_price_fen.checked_mul(judged.accepted_packs.get())?;
        amounts.push(amount);
        rows.push(vec![
            line.line_no.to_string(),
            line.product_name.clone(),
            judged.accepted_packs.to_string(),
            judged.refused_packs.to_string(),
            amount.to_string(),
            judged.reason.clone().unwrap_or_default(),
        ]);
    }
    let sum = Fen::checked_sum(amounts)?;
    let mut total = vec![String::new(); 6];
    total[1] = "合计".to_owned();
    total[4] = sum.to_string();
    let columns = vec![
        Column::numbers("序号", 6),
        Column::words("商品", 30),
        Column::numbers("验收件数", 12),
        Column::numbers("拒收件数", 12),
        Column::numbers("金额（元）", 16),
        Column::words("拒收原因", 24),
    ];
    let shipment = order.shipments.iter().find(|one| one.number == acceptance.shipment);
    let carried = shipment.map(|one| format!("{} {}", one.carrier, one.tracking_number)).unwrap_or_default();
    let mut paragraphs: Vec<String> = acceptance.note.iter().map(|note| format!("备注：{note}")).collect();
    if acceptance.is_silent {
        paragraphs.push("本批商品逾期未验收，按约定视为验收。".to_owned());
    }
    let sheet = Sheet {
        title: "验收单".to_owned(),
        number: format!("YS-{}-{}", head.number, acceptance.number),
        fields: fields(vec![
            ("采购人", with_code(sides.buyer, &order.buyer_name)),
            ("供应商", with_code(sides.supplier, &order.supplier_name)),
            ("供应商订单", head.number.clone()),
            ("发货批次", format!("第 {} 批　{carried}", acceptance.shipment)),
            ("验收日期", day(acceptance.accepted_at)),
            ("验收金额", format!("{sum} 元（{}）", in_capitals(sum))),
        ]),
        tables: vec![Table { columns, rows, total: Some(total) }],
        paragraphs,
        signatures: vec!["验收人（签字）：".to_owned(), "采购人（盖章）：".to_owned()],
        edition: EDITION,
    };
    Ok((sheet, sum))
}

/// A movement between two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The business day.
    pub on: NaiveDate,
    /// The number of the order.
    pub order: String,
    /// What it was.
    pub what: &'static str,
    /// What the buyer owes more.
    pub up: Fen,
    /// What the buyer owes less.
    pub down: Fen,
}

/// The account between two sides over some days: what stood before, every movement, what stands after.
///
/// # Errors
/// More was settled than ever owed, which the acts exclude.
pub fn statement(
    sides: &Sides<'_>,
    (from, to): (NaiveDate, NaiveDate),
    movements: &[Movement],
) -> Result<Written, PaperError> {
    let mut balance: i64 = 0;
    let mut rows = Vec::new();
    let mut sums = (Fen::ZERO, Fen::ZERO);
    let mut opening = 0;
    for movement in movements.iter().filter(|movement| movement.on <= to) {
        balance = balance + movement.up.get() - movement.down.get();
        if movement.on < from {
            opening = balance;
            continue;
        }
        sums = (sums.0.checked_add(movement.up)?, sums.1.checked_add(movement.down)?);
        let shown = |amount: Fen| if amount.is_zero() { String::new() } else { amount.to_string() };
        rows.push(vec![
            movement.on.to_string(),
            movement.order.clone(),
            movement.what.to_owned(),
            shown(movement.up),
            shown(movement.down),
            signed(balance)?,
        ]);
    }
    let mut total = vec![String::new(); 6];
    total[2] = "本期合计".to_owned();
    total[3] = sums.0.to_string();
    total[4] = sums.1.to_string();
    total[5] = signed(balance)?;
    let columns = vec![
        Column::words("日期", 15),
        Column::words("供应商订单", 27),
        Column::words("事项", 14),
        Column::numbers("应付增加", 15),
        Column::numbers("应付减少", 15),
        Column::numbers("余额", 15),
    ];
    let stands = Fen::new(balance.max(0))?;
    let ids = (sides.supplier.id.to_string(), sides.buyer.id.to_string());
    let tail = |id: &str| id.chars().rev().take(4).collect::<String>().to_uppercase();
    let sheet = Sheet {
        title: "往来对账单".to_owned(),
        number: format!("DZ-{}-{}-{}{}", from.format("%Y%m%d"), to.format("%Y%m%d"), tail(&ids.0), tail(&ids.1)),
        fields: fields(vec![
            ("采购人", with_code(sides.buyer, &sides.buyer.name)),
            ("供应商", with_code(sides.supplier, &sides.supplier.name)),
            ("期间", format!("{}至{}", date(from), date(to))),
            ("期初应付余额", format!("{} 元", signed(opening)?)),
            ("期末应付余额", format!("{} 元（{}）", signed(balance)?, in_capitals(stands))),
        ]),
        tables: vec![Table { columns, rows, total: Some(total) }],
        paragraphs: vec!["金额单位为元；余额为采购人应付供应商的已验收货款，负数为已付待退。".to_owned()],
        signatures: vec!["采购人（盖章）：".to_owned(), "供应商（盖章）：".to_owned()],
        edition: EDITION,
    };
    Ok((sheet, stands))
}

/// An amount that may be below zero, in yuan.
fn signed(fen: i64) -> Result<String, Overflow> {
    let amount = Fen::new(fen.checked_abs().ok_or(Overflow)?)?;
    Ok(if fen < 0 { format!("-{amount}") } else { amount.to_string() })
}
