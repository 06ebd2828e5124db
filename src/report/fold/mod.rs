//! From what the journal says to the lines of a report: pure.
//!
//! Promises: a sale is in the total once, and in one line of each division of it; the lines of a division add up to the
//! total in every column that can be added.

mod key;
mod registers;

pub use key::LineKey;
pub use registers::{
    CLUE_COLUMNS, HOUSEHOLD_COLUMNS, MEASURE_COLUMNS, clue_values, household_values, measure_values, monitoring,
    of_unit, quotas,
};

use super::table::Line;
use chrono::NaiveDate;
use entity::value::{AidKind, AreaCode, BenefitMode, OrganisationId, OrganisationKind};
use std::collections::BTreeMap;

/// Orders of one sort with what was posted of them in the span: each order is in one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sales {
    /// What the buyer is.
    pub buyer_kind: OrganisationKind,
    /// Where it sits.
    pub buyer_division: AreaCode,
    /// Whether a verified assisted sale names them, or a code brought them about.
    pub is_assisted: bool,
    /// Whether all their products were certified.
    pub is_certified: bool,
    /// How many they are.
    pub orders: i64,
    /// Accepted less credited, in fen.
    pub sold: i64,
    /// Paid less given back.
    pub paid: i64,
    /// Attributed to households.
    pub attributed: i64,
    /// Paid out to households.
    pub paid_out: i64,
}

/// What a buyer's kind is called.
#[must_use]
pub const fn channel(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::BudgetUnit => "预算单位",
        OrganisationKind::SupervisingUnit => "主管单位",
        OrganisationKind::TradeUnion => "工会",
        OrganisationKind::CanteenContractor => "食堂承包单位",
        OrganisationKind::Enterprise => "企业",
        _ => "其他采购人",
    }
}

/// What a mode is called.
#[must_use]
pub const fn mode(mode: BenefitMode) -> &'static str {
    match mode {
        BenefitMode::ProducePurchase => "产品收购",
        BenefitMode::Wages => "务工报酬",
        BenefitMode::Dividend => "入股分红",
        BenefitMode::LandRent => "土地流转",
        BenefitMode::CustodialFarming => "托养托种",
    }
}

/// What a kind of aid is called.
#[must_use]
pub const fn aid(kind: AidKind) -> &'static str {
    match kind {
        AidKind::Purchase => "采购",
        AidKind::AssistedSale => "帮助销售",
        AidKind::InvestmentIntended => "意向投资",
        AidKind::InvestmentContracted => "合同投资",
        AidKind::InvestmentInPlace => "到位投资",
        AidKind::DonationCash => "捐款",
        AidKind::DonationKind => "捐物",
        AidKind::Wages => "发放工资",
        AidKind::Training => "培训",
        AidKind::Infrastructure => "基础设施",
        AidKind::Posts => "提供岗位",
    }
}

/// In which lines of the county's report orders of a sort stand: the total, and one of each division.
#[must_use]
pub fn lines_of(sale: &Sales, partner: Option<&AreaCode>) -> Vec<(String, String)> {
    let mut lines = vec![
        ("0.total".to_owned(), "合计".to_owned()),
        (format!("channel.{}", sale.buyer_kind), channel(sale.buyer_kind).to_owned()),
    ];
    let (help, words) = if sale.is_assisted { ("assisted", "帮助销售") } else { ("direct", "直接采购") };
    lines.push((format!("help.{help}"), words.to_owned()));
    let (certified, words) = if sale.is_certified { ("yes", "认定产品") } else { ("no", "其他产品") };
    lines.push((format!("certified.{certified}"), words.to_owned()));
    if let Some(partner) = partner {
        let is_there = is_within(&sale.buyer_division, partner);
        let (region, words) = if is_there { ("yes", "销往协作地区") } else { ("no", "销往其他地区") };
        lines.push((format!("partner.{region}"), words.to_owned()));
    }
    lines
}

/// Whether a division is another or lies in it, by the digits of its code (GB/T 2260).
#[must_use]
pub fn is_within(code: &AreaCode, region: &AreaCode) -> bool {
    let digits = digits_of(region);
    code.as_str().get(..digits) == region.as_str().get(..digits)
}

/// How many digits of its code a division shares with those in it.
#[must_use]
pub fn digits_of(region: &AreaCode) -> usize {
    match region.as_str() {
        code if code.ends_with("0000") => 2,
        code if code.ends_with("00") => 4,
        _ => 6,
    }
}

/// What was sold outside the platform: a line of its own beside the total, for its buyers are no members.
#[must_use]
pub fn off_platform((sales, sold, attributed): (i64, i64, i64)) -> Line {
    Line::new(
        "off_platform.all".to_owned(),
        "平台外销售（另列，不在合计内）".to_owned(),
        vec![Some(sales), Some(sold), Some(sold), Some(attributed), None, None, None],
    )
}

/// The county's report.
#[must_use]
pub fn county(sales: &[Sales], partner: Option<&AreaCode>, (households, people): (i64, i64)) -> Vec<Line> {
    let mut lines: BTreeMap<String, (String, [i64; 5])> = BTreeMap::new();
    for sale in sales {
        for (key, label) in lines_of(sale, partner) {
            let (_, sums) = lines.entry(key).or_insert_with(|| (label, [0; 5]));
            for (sum, value) in sums.iter_mut().zip([sale.orders, sale.sold, sale.paid, sale.attributed, sale.paid_out])
            {
                *sum += value;
            }
        }
    }
    lines.entry("0.total".to_owned()).or_insert_with(|| ("合计".to_owned(), [0; 5]));
    let shown = lines.into_iter().map(|(key, (label, sums))| {
        let is_total = key == "0.total";
        let groups = [is_total.then_some(households), is_total.then_some(people)];
        Line::new(key, label, sums.into_iter().map(Some).chain(groups).collect())
    });
    shown.collect()
}

/// What households had of a supplier by one mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Benefit {
    /// The supplier.
    pub supplier: OrganisationId,
    /// Its name.
    pub supplier_name: String,
    /// The mode.
    pub mode: BenefitMode,
    /// Accrued.
    pub attributed: i64,
    /// Paid out.
    pub paid_out: i64,
    /// Households, each once.
    pub households: i64,
}

/// The cooperatives' ledger.
#[must_use]
pub fn cooperatives(benefits: &[Benefit], households: i64) -> Vec<Line> {
    let all =
        [benefits.iter().map(|one| one.attributed).sum(), benefits.iter().map(|one| one.paid_out).sum(), households];
    let mut lines = vec![Line::new("0.total".to_owned(), "合计".to_owned(), all.map(Some).to_vec())];
    let mut sorted: Vec<&Benefit> = benefits.iter().collect();
    sorted.sort_by_key(|one| (one.supplier_name.clone(), one.supplier, one.mode.as_str()));
    lines.extend(sorted.into_iter().map(|one| {
        let key = format!("supplier.{}.{}", one.supplier, one.mode);
        let values = [one.attributed, one.paid_out, one.households].map(Some).to_vec();
        Line::new(key, format!("{} · {}", one.supplier_name, mode(one.mode)), values)
    }));
    lines
}

/// What an enterprise gave of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    /// The enterprise.
    pub enterprise: OrganisationId,
    /// Its name.
    pub name: String,
    /// The kind.
    pub kind: AidKind,
    /// Rows.
    pub rows: i64,
    /// Money.
    pub amount: i64,
    /// People.
    pub people: i64,
    /// Households that orders reached, each once; none for what is no order.
    pub households: Option<i64>,
}

/// What an enterprise gave of a kind, by orders and by claims, as one.
#[must_use]
pub fn one_of_each_kind(gifts: Vec<Gift>) -> Vec<Gift> {
    let mut sums: BTreeMap<(OrganisationId, AidKind), Gift> = BTreeMap::new();
    for gift in gifts {
        let none = Gift { rows: 0, amount: 0, people: 0, households: None, ..gift.clone() };
        let sum = sums.entry((gift.enterprise, gift.kind)).or_insert(none);
        sum.rows += gift.rows;
        sum.amount += gift.amount;
        sum.people += gift.people;
        sum.households = sum.households.or(gift.households);
    }
    sums.into_values().collect()
}

/// The households that the orders of an enterprise reached over all kinds, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The enterprise.
    pub enterprise: OrganisationId,
    /// Its name.
    pub name: String,
    /// How many.
    pub households: i64,
}

/// The enterprises' statement: no total, for kinds are not added up; and for each enterprise a line with the households
/// that its orders reached, for those cannot be added up over kinds either.
#[must_use]
pub fn enterprises(gifts: &[Gift], reached: &[Reach]) -> Vec<Line> {
    let of_kind = gifts.iter().filter(|gift| gift.rows > 0).map(|gift| {
        let line = Line::new(
            format!("enterprise.{}.{}", gift.enterprise, gift.kind),
            format!("{} · {}", gift.name, aid(gift.kind)),
            vec![Some(gift.rows), Some(gift.amount), Some(gift.people), gift.households],
        );
        ((&gift.name, gift.enterprise, gift.kind.as_str()), line)
    });
    let of_all = reached.iter().filter(|one| one.households > 0).map(|one| {
        let line = Line::new(
            format!("enterprise.{}.0.reached", one.enterprise),
            format!("{} · 惠及农户（按户去重）", one.name),
            vec![None, None, None, Some(one.households)],
        );
        // Before the kinds of the same enterprise.
        ((&one.name, one.enterprise, ""), line)
    });
    let mut lines: Vec<_> = of_kind.chain(of_all).collect();
    lines.sort_by_key(|(one, _)| *one);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// What is unpaid of the orders of a buyer that were first accepted on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrear {
    /// Who owes.
    pub buyer: OrganisationId,
    /// Its name.
    pub buyer_name: String,
    /// The day of the first acceptance.
    pub since: NaiveDate,
    /// How many orders.
    pub orders: i64,
    /// How much.
    pub open: i64,
}

/// Which class of age a number of days is in.
#[must_use]
pub const fn age_class(days: i64) -> usize {
    match days {
        ..=30 => 0,
        31..=60 => 1,
        _ => 2,
    }
}

/// What some orders that were first accepted on one day add to the ageing.
#[must_use]
pub fn aged(orders: i64, since: NaiveDate, open: i64, until: NaiveDate) -> [i64; 5] {
    let mut values = [orders, 0, 0, 0, open];
    values[1 + age_class((until - since).num_days())] = open;
    values
}

/// The ageing of arrears, by buyer.
#[must_use]
pub fn arrears(arrears: &[Arrear], until: NaiveDate) -> Vec<Line> {
    let mut lines: BTreeMap<String, (String, [i64; 5])> = BTreeMap::new();
    lines.insert("0.total".to_owned(), ("合计".to_owned(), [0; 5]));
    for one in arrears.iter().filter(|one| one.open > 0) {
        let values = aged(one.orders, one.since, one.open, until);
        let keys =
            [("0.total".to_owned(), "合计".to_owned()), (format!("buyer.{}", one.buyer), one.buyer_name.clone())];
        for (key, label) in keys {
            let (_, sums) = lines.entry(key).or_insert_with(|| (label, [0; 5]));
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }
    let line = |(key, (label, sums)): (String, (String, [i64; 5]))| Line::new(key, label, sums.map(Some).to_vec());
    lines.into_iter().map(line).collect()
}
