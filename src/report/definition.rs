//! The definitions: what each report counts, in words that are shown with it, and its columns.
//!
//! Whoever changes what a report counts gives it the next version.

use super::table::{Column, Unit};
use entity::value::ReportKind;

/// A definition.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// Which report.
    pub kind: ReportKind,
    /// Its version; grows when its rule changes.
    pub version: i32,
    /// Its title in Chinese and in English.
    pub title: (&'static str, &'static str),
    /// Its rule in Chinese and in English.
    pub rule: (&'static str, &'static str),
    columns: &'static [(&'static str, &'static str, &'static str, Unit)],
}

impl Definition {
    /// Its columns.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let column = |(name, zh, en, unit): &(&str, &str, &str, Unit)| Column {
            name: (*name).to_owned(),
            zh: (*zh).to_owned(),
            en: (*en).to_owned(),
            unit: *unit,
        };
        self.columns.iter().map(column).collect()
    }
}

/// Every definition in the version that holds.
pub static ALL: [Definition; 6] = [
    Definition {
        kind: ReportKind::CountyConsumption,
        version: 2,
        title: ("县域消费帮扶情况表", "County consumption-help report"),
        rule: (
            "按账簿记账日期统计期内已封印的分录。销售额＝验收额减退货折让；每笔订单在合计和每一种分组中各计一次，\
             经县级核实为帮助销售的订单、由企业推荐码带来并计入其结对贡献的订单计入“帮助销售”，不再计入“直接采购”；一笔订单的全部产品在下单日均有有效的帮扶产品认定时\
             计入“认定产品”。平台外销售已核实的另列一行，不在合计内。受益户数、人数按户去重。",
            "Sealed entries by their business day. Sold is what was accepted less credits. Each order counts once in the \
             total and once in every division of it; an order whose assisted sale the county verified, or that an \
             enterprise's code brought to its paired villages, is assisted and not direct; certified is an order all of whose products held a relief certification on the day it was placed. \
             Confirmed sales outside the platform are a line beside the total. \
             Households and people count once.",
        ),
        columns: &[
            ("orders", "订单数", "Orders", Unit::Count),
            ("sold", "销售额（验收，元）", "Sold (accepted)", Unit::Fen),
            ("paid", "到账额（元）", "Paid", Unit::Fen),
            ("attributed", "归户收益（计提，元）", "Attributed to households", Unit::Fen),
            ("paid_out", "发放到户（元）", "Paid out to households", Unit::Fen),
            ("households", "受益户数", "Households", Unit::Group),
            ("people", "受益人数", "People", Unit::Group),
        ],
    },
    Definition {
        kind: ReportKind::CooperativeBenefit,
        version: 1,
        title: ("合作社联农带农台账", "Cooperative benefit ledger"),
        rule: (
            "按账簿记账日期统计期内已封印的应付户收益分录，按供应商和利益联结方式分行；户数在每行内去重，各行户数不相加。",
            "Sealed entries on what is owed to households by their business day, a line each supplier and mode; households \
             count once within a line and are not added up over lines.",
        ),
        columns: &[
            ("attributed", "计提（元）", "Accrued", Unit::Fen),
            ("paid_out", "发放（元）", "Paid out", Unit::Fen),
            ("households", "受益户数", "Households", Unit::Group),
        ],
    },
    Definition {
        kind: ReportKind::EnterpriseStatement,
        version: 3,
        title: ("企业帮扶贡献表", "Enterprise contribution statement"),
        rule: (
            "采购和经推荐码带来的帮助销售取每笔订单最后一次核算计入各结对村的部分，退货已扣回；其余各类只计县级核实的申报，\
             对应订单退货的按退货后的金额计。各类并列，互不相加。受益户数为计入的订单所惠及的结对农户（含按户结对的农户），\
             每类之内、每家企业之内按户去重，户数不相加。",
            "Of purchases, and of sales that a code brought, the parts counted for paired villages by the last computation of \
             each order, refunds taken back; of every other kind what the county verified, a claimed order at what stands of \
             it. Kinds stand side by side and are never added up. Households are those of the pairings, also by name, that \
             counted orders reached: each once within a kind and once within an enterprise, never added up.",
        ),
        columns: &[
            ("rows", "笔数", "Rows", Unit::Count),
            ("amount", "金额（元）", "Amount", Unit::Fen),
            ("people", "惠及人次", "People reached", Unit::Count),
            ("households", "受益户数", "Households", Unit::Group),
        ],
    },
    Definition {
        kind: ReportKind::Arrears,
        version: 1,
        title: ("采购款拖欠账龄表", "Ageing of arrears"),
        rule: (
            "截至止日，已验收而未付的采购款，按订单首次验收之日起的天数分档；每笔订单只在一档。",
            "What was accepted and is unpaid at the end of the last day, by the days since the first acceptance of the \
             order; each order stands in one class.",
        ),
        columns: &[
            ("orders", "订单数", "Orders", Unit::Count),
            ("days_30", "0–30 天（元）", "0–30 days", Unit::Fen),
            ("days_60", "31–60 天（元）", "31–60 days", Unit::Fen),
            ("older", "60 天以上（元）", "Over 60 days", Unit::Fen),
            ("open", "合计（元）", "Total", Unit::Fen),
        ],
    },
    Definition {
        kind: ReportKind::QuotaBulletin,
        version: 1,
        title: ("预留份额采购进度通报", "Bulletin of reserved quotas"),
        rule: (
            "止日所在年度截至止日（晚于申请日的，截至申请日）的进度，起日不影响：预留份额取财政部门已确认的填报，各项金额由\
             订单、验收、付款推得，“计入完成”按当地政策所定的口径和渠道。完成率＝计入完成÷预留份额，序时进度＝当年已过天数÷\
             全年天数。每个单位在合计和一种结论中各计一次。",
            "The year of the last day until that day, or until the day of asking where that is earlier, whatever the first day: \
             what units reserved and the finance department confirmed; figures follow from orders, acceptances and payments; \
             counted is the one that the policy names, through its channels. Done is counted by reserved, time the days of the \
             year gone by. Each unit stands in the total and under one verdict.",
        ),
        columns: &[
            ("units", "单位数", "Units", Unit::Count),
            ("declared", "预留份额（元）", "Reserved", Unit::Fen),
            ("ordered", "下单（元）", "Ordered", Unit::Fen),
            ("accepted", "验收（元）", "Accepted", Unit::Fen),
            ("paid", "付款（元）", "Paid", Unit::Fen),
            ("counted", "计入完成（元）", "Counted", Unit::Fen),
            ("done", "完成率", "Done", Unit::Rate),
            ("time", "序时进度", "Time gone by", Unit::Rate),
        ],
    },
    Definition {
        kind: ReportKind::MonitoringOverview,
        version: 1,
        title: ("防返贫监测帮扶情况表", "Overview of monitoring"),
        rule: (
            "止日晚于申请日的，以申请日为止日。监测户数为止日当日在监测的户，按县和监测类型各计一次；线索为统计期内开启的，\
             按止日当日的处置状态分列，到止日开启满 15 日未处置的计为超期；措施为统计期内开始的，到止日已过完成时限未完成的\
             计为逾期。线索和措施按件计。",
            "A last day after the day of asking is that day. Households are those that were monitored on the last day, once by \
             county and once by what they were. Clues are those opened in the span, by what had become of them on the last \
             day; one that waits longer than 15 days on the last day is late. Measures are those begun in the span; one that \
             runs beyond its day is late. Clues and measures count one by one.",
        ),
        columns: &[
            ("households", "监测户数", "Monitored", Unit::Group),
            ("clues", "开启线索", "Clues opened", Unit::Group),
            ("taken_up", "已处置", "Taken up", Unit::Group),
            ("dismissed", "已排除", "Dismissed", Unit::Group),
            ("waiting", "待处置", "Waiting", Unit::Group),
            ("waiting_late", "超期待处置", "Waiting too long", Unit::Group),
            ("measures", "开始措施", "Measures begun", Unit::Group),
            ("measures_done", "已完成", "Done", Unit::Group),
            ("measures_late", "逾期未完成", "Late", Unit::Group),
        ],
    },
];

/// The definition of a report.
#[must_use]
pub fn of(kind: ReportKind) -> &'static Definition {
    let [county, cooperative, enterprise, arrears, quota, monitoring] = &ALL;
    match kind {
        ReportKind::CountyConsumption => county,
        ReportKind::CooperativeBenefit => cooperative,
        ReportKind::EnterpriseStatement => enterprise,
        ReportKind::Arrears => arrears,
        ReportKind::QuotaBulletin => quota,
        ReportKind::MonitoringOverview => monitoring,
    }
}
