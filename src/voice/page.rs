//! The statement as one page to be printed (户收益单), in plain words, in Chinese or English.
//!
//! It fits a sheet of A4: of many orders the newest are shown and the rest is one line, which adds up.

use super::VoiceError;
use super::view::Lang;
use crate::http::Template;
use crate::http::text::{Digits, yuan};
use crate::receipt::code::Coded;
use crate::settlement::view::{AgreementIncome, Amounts, IncomeStatement, OrderIncome};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::NaiveDate;
use entity::value::BenefitMode;
use minijinja::{Value, context};
use ring::digest;

static PAGE: Template = Template::new("statement.html", include_str!("page.html"));
const STYLE: &str = include_str!("page.css");

/// Lines of orders that a page holds beside those of agreements.
const MOST_LINES: usize = 20;

/// What the browser may do with the page: apply this very style, and nothing else.
#[must_use]
pub(super) fn policy() -> String {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The page of a household's year.
///
/// # Errors
/// When it cannot be written, which is ours.
pub(super) fn render(
    statement: &IncomeStatement,
    open_disputes: usize,
    coded: Option<&Coded>,
    lang: Lang,
    drawn_on: NaiveDate,
) -> Result<String, VoiceError> {
    let code = coded.map(|coded| crate::receipt::code::svg(&coded.text)).transpose()?;
    // The declaration before the picture has no place inside a page.
    let code = code.map(|svg| svg.split_once("?>").map_or(svg.clone(), |(_, picture)| picture.to_owned()));
    let share = MOST_LINES / statement.agreements.len().max(1);
    let agreements = statement.agreements.iter().map(|income| agreement(income, share.max(1), lang));
    let agreements = agreements.collect::<Result<Vec<_>, _>>()?;
    Ok(PAGE.render(context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        lang => match lang { Lang::Zh => "zh-CN", Lang::En => "en" },
        t => words(lang),
        household => context! {
            head_name => &statement.household.head_name,
            village_name => &statement.household.village_name,
            number => &statement.household.number,
        },
        year => statement.year,
        totals => sums(&statement.totals),
        agreements,
        disputes => if open_disputes > 0 { Some(open_disputes) } else { None },
        code => code.map(Value::from_safe_string),
        check_code => coded.map(|coded| coded.check_code.clone()),
        drawn_on => drawn_on.to_string(),
    })?)
}

fn agreement(income: &AgreementIncome, most: usize, lang: Lang) -> Result<Value, VoiceError> {
    // One line is kept for the rest.
    let shown = if income.orders.len() > most { most.saturating_sub(1) } else { income.orders.len() };
    // Orders come in the order of their identifiers: the newest are the last.
    let (older, newer) = income.orders.split_at(income.orders.len() - shown);
    let rest = Amounts::sum(older.iter().map(|order| order.amounts))?;
    let more = (!older.is_empty()).then(|| match lang {
        Lang::Zh => format!("其余 {} 笔订单合计", older.len()),
        Lang::En => format!("{} other orders together", older.len()),
    });
    let order = |order: &OrderIncome| {
        context! { number => &order.number, off_platform => order.off_platform, ..sums(&order.amounts) }
    };
    let orders: Vec<Value> = newer.iter().rev().map(order).collect();
    Ok(context! {
        mode => mode(income.mode, lang),
        supplier => &income.supplier_name,
        orders,
        more,
        rest => sums(&rest),
        ..sums(&income.amounts)
    })
}

fn sums(amounts: &Amounts) -> Value {
    context! {
        promised => yuan(amounts.promised_fen, Digits::Grouped),
        accrued => yuan(amounts.accrued_fen, Digits::Grouped),
        paid => yuan(amounts.paid_fen, Digits::Grouped),
    }
}

fn mode(mode: BenefitMode, lang: Lang) -> String {
    let (zh, en) = match mode {
        BenefitMode::ProducePurchase => ("交售农产品", "Produce sold"),
        BenefitMode::Wages => ("务工工资", "Wages"),
        BenefitMode::Dividend => ("入股分红", "Dividend"),
        BenefitMode::LandRent => ("土地租金", "Land rent"),
        BenefitMode::CustodialFarming => ("托管代养", "Custodial farming"),
    };
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn words(lang: Lang) -> Value {
    match lang {
        Lang::Zh => context! {
            title => "农户收益单", number => "户编号", year => " 年度", check => "校验码",
            promised => "应得", promised_is => "买方已经验收的货款里，属于您家的部分",
            accrued => "已计提", accrued_is => "买方已经付款，合作社应当发给您家的部分",
            paid => "已发放", paid_is => "您家已经拿到手的钱，这才是收入",
            entry => "协议与订单", off_platform => "平台外", nothing => "本年度还没有收益。",
            disputes => "尚未办结的异议（笔）：",
            wrong => "哪一笔不对，请凭收益卡和手机验证码提出异议，或请帮扶干部代办。合作社须在 15 天内答复，县里裁定。",
            proof => "右上角的二维码由平台签名，任何人都可以用公布的公钥核对；校验码与收益凭据文件一一对应。",
            drawn => "打印日期", unit => "金额单位：元",
        },
        Lang::En => context! {
            title => "Household income statement", number => "No.", year => "", check => "Check code",
            promised => "Promised", promised_is => "your part of what buyers have accepted",
            accrued => "Accrued", accrued_is => "your part of what buyers have paid; the cooperative owes it to you",
            paid => "Paid", paid_is => "what you have in hand: only this is income",
            entry => "Agreement and order", off_platform => "off platform", nothing => "Nothing yet this year.",
            disputes => "Disputes without an outcome:",
            wrong => "If an entry is wrong, dispute it with your card and a code to your phone, or through your helper. \
                      The cooperative has 15 days to answer; the county decides.",
            proof => "The square code is signed by the platform; anybody can check it with the published key. The check \
                      code belongs to one file of your receipt.",
            drawn => "Printed on", unit => "Amounts in yuan",
        },
    }
}
