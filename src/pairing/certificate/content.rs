//! What a certificate counts, and what it says: pure.

use crate::paper::{Column, EDITION, Sheet, Table};
use chrono::NaiveDate;
use entity::value::AidKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The version of the rule by which certificates count; whoever changes the rule gives it the next one.
pub const RULE_VERSION: i32 = 1;

/// The rule in words, which stands on every certificate.
pub const RULE: &str = "只计统计期内的有效记录：采购和经推荐码促成的销售取已付款订单最后一次核算归属本县结对村的部分，退货已扣回；\
                        其余各类只计村委会确认、县级核实的申报，对应订单退货的按退货后的金额计。各类并列，互不相加；\
                        受益农户跨村、跨订单去重，少于公布下限时不列户数。";

/// What an enterprise contributed of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertifiedKind {
    /// The kind; kinds are never added to each other.
    pub kind: AidKind,
    /// How many rows.
    #[schema(example = 3)]
    pub rows: i64,
    /// Money, in fen.
    #[schema(example = 1_200_000)]
    pub amount_fen: i64,
    /// People it reached, as often as it reached them.
    #[schema(example = 0)]
    pub people: i64,
}

/// What a certificate counts, frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertificateFigures {
    /// Kind by kind, in a fixed order; kinds of which there is nothing are left out.
    pub kinds: Vec<CertifiedKind>,
    /// How many villages something came to.
    #[schema(example = 2)]
    pub villages: i64,
    /// How many households its purchases reached, each once; null when they are fewer than the smallest group told.
    #[schema(example = 17)]
    pub households: Option<i64>,
}

impl CertificateFigures {
    /// Brings kinds into their fixed order and leaves out those of which there is nothing.
    #[must_use]
    pub fn of(mut kinds: Vec<CertifiedKind>, villages: i64, households: Option<i64>) -> Self {
        kinds.retain(|one| one.rows > 0 && (one.amount_fen > 0 || one.people > 0));
        let place = |kind: AidKind| AidKind::ALL.iter().position(|known| *known == kind);
        kinds.sort_by_key(|one| place(one.kind));
        Self { kinds, villages, households }
    }
}

/// What a kind of aid is called.
#[must_use]
pub const fn kind_name(kind: AidKind) -> &'static str {
    match kind {
        AidKind::Purchase => "采购",
        AidKind::AssistedSale => "帮助销售",
        AidKind::InvestmentIntended => "意向投资",
        AidKind::InvestmentContracted => "合同投资",
        AidKind::InvestmentInPlace => "到位投资",
        AidKind::DonationCash => "捐款",
        AidKind::DonationKind => "捐物（作价）",
        AidKind::Wages => "发放工资",
        AidKind::Training => "培训",
        AidKind::Infrastructure => "基础设施",
        AidKind::Posts => "提供岗位",
    }
}

/// Whose certificate it is, and of what.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// Its number.
    pub number: &'a str,
    /// The enterprise's name and credit code.
    pub enterprise: (&'a str, Option<String>),
    /// The office's name.
    pub issuer: &'a str,
    /// The first and the last day.
    pub span: (NaiveDate, NaiveDate),
    /// The day on which it is issued.
    pub issued_on: NaiveDate,
    /// The hash of the question, the rule and the figures.
    pub digest: &'a str,
}

fn day(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// Whole fen in yuan, with a comma after every three digits.
fn yuan(fen: i64) -> String {
    crate::http::text::yuan(fen, crate::http::text::Digits::Grouped)
}

/// The certificate as a paper.
#[must_use]
pub fn sheet(of: &Subject<'_>, figures: &CertificateFigures) -> Sheet {
    let enterprise = match &of.enterprise {
        (name, Some(code)) => format!("{name}（统一社会信用代码 {code}）"),
        (name, None) => (*name).to_owned(),
    };
    let households = figures
        .households
        .map_or_else(|| "户数较少，不列示".to_owned(), |count| format!("{count} 户（跨村、跨订单去重）"));
    let rows = figures.kinds.iter().map(|one| {
        let people = if one.people > 0 { one.people.to_string() } else { "—".to_owned() };
        let amount = if one.amount_fen > 0 { yuan(one.amount_fen) } else { "—".to_owned() };
        vec![kind_name(one.kind).to_owned(), one.rows.to_string(), amount, people]
    });
    let columns = vec![
        Column::words("类别", 34),
        Column::numbers("笔数", 14),
        Column::numbers("金额（元）", 30),
        Column::numbers("惠及人次", 22),
    ];
    let fields = [
        ("企业", enterprise),
        ("统计期", format!("{}至{}", day(of.span.0), day(of.span.1))),
        ("惠及村", format!("{} 个", figures.villages)),
        ("采购惠及农户", households),
        ("颁发单位", of.issuer.to_owned()),
        ("颁发日期", day(of.issued_on)),
    ];
    Sheet {
        title: "结对帮扶贡献证书".to_owned(),
        number: of.number.to_owned(),
        fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        tables: vec![Table { columns, rows: rows.collect(), total: None }],
        paragraphs: vec![
            "兹证明上述企业在统计期内对本县结对村的帮扶贡献如上表。".to_owned(),
            format!("计算规则（第 {RULE_VERSION} 版）：{RULE}"),
            format!("数据摘要 SHA-256：{}", of.digest),
            "凭查验码可随时查验本证书是否有效；证书被撤销的，以查验结果为准。".to_owned(),
        ],
        signatures: vec!["颁发单位（盖章）：".to_owned()],
        edition: EDITION,
    }
}
