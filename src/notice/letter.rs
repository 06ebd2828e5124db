//! Letters: templates in Chinese and English, as text and as a page, and who is told what.
//!
//! Promises: a template that names what is not there fails, and a test renders every one; on a page everything is
//! escaped.

use entity::value::{MailCategory, MailLanguage, Role};
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior, context};
use std::sync::LazyLock;

/// What is told of a kind of event, and to whom of the organisation it concerns.
pub struct Rule {
    /// The kind of event.
    pub topic: &'static str,
    /// The roles that are told.
    pub roles: &'static [Role],
    /// Which kind of mail it is.
    pub category: MailCategory,
    /// Subject and text in Chinese.
    pub(super) zh: (&'static str, &'static str),
    /// Subject and text in English.
    pub(super) en: (&'static str, &'static str),
}

const BUYERS: &[Role] = &[Role::ProcurementOfficer, Role::EnterpriseOfficer];
const SELLERS: &[Role] = &[Role::CooperativeClerk];
const PAYERS: &[Role] = &[Role::ProcurementOfficer, Role::EnterpriseOfficer, Role::FinanceOfficer];
/// Who may send sheets.
const SENDERS: &[Role] = &[Role::CooperativeClerk, Role::FinanceOfficer, Role::HouseholdRegistrar, Role::Administrator];
/// Who answers for the register's households: the village and the county.
const REGISTER: &[Role] = &[Role::RevitalisationOfficer, Role::VillageOfficer];
const BOTH: &[Role] = &[Role::ProcurementOfficer, Role::EnterpriseOfficer, Role::CooperativeClerk];

/// Who is told what the feed publishes. One line a kind of event; what it says may name `number`, the number of the order, and the fields
/// of the event as `data`.
pub static RULES: &[Rule] = &[
    Rule {
        topic: "admission.decided",
        roles: &[Role::CooperativeClerk, Role::Administrator],
        category: MailCategory::Supply,
        zh: (
            "入驻申请有新进展",
            "贵单位的入驻申请状态已由 {{ data.from }} 变为 {{ data.to }}，请登录联农平台查看意见。",
        ),
        en: (
            "Your application was decided on",
            "Your application for admission went from {{ data.from }} to {{ data.to }}. Please sign in to read the opinion.",
        ),
    },
    Rule {
        topic: "adjustment.objected",
        roles: REGISTER,
        category: MailCategory::Registry,
        zh: (
            "动态调整 {{ data.number }} 有公示异议",
            "动态调整 {{ data.number }} 公示期间有人提出异议，时限已暂停，请登录联农平台核查处理。",
        ),
        en: (
            "An objection to case {{ data.number }}",
            "Somebody objected to case {{ data.number }} while it hung on the notice board. Its clocks stand still; please sign in and look into it.",
        ),
    },
    Rule {
        topic: "clue.opened",
        roles: REGISTER,
        category: MailCategory::Registry,
        zh: (
            "预警线索 {{ data.number }} 待处置",
            "监测发现新的预警线索 {{ data.number }}，应于 {{ data.due_on }} 前核实处置，请登录联农平台查看触发数据。",
        ),
        en: (
            "A clue to look into: {{ data.number }}",
            "Monitoring gave a new clue, {{ data.number }}. Please look into it by {{ data.due_on }}; sign in to see the figures that made it.",
        ),
    },
    Rule {
        topic: "lot.recalled",
        roles: SELLERS,
        category: MailCategory::Supply,
        zh: ("批次被召回", "贵单位有 {{ data.lots | length }} 个批次被召回，请立即停止发货并登录联农平台处理。"),
        en: (
            "Lots were called back",
            "{{ data.lots | length }} of your lots were called back. Please stop shipping them at once and sign in.",
        ),
    },
    Rule {
        topic: "order.shipped",
        roles: BUYERS,
        category: MailCategory::Orders,
        zh: ("订单 {{ number }} 已发货", "订单 {{ number }} 的货物已发出，收到后请及时验收。"),
        en: (
            "Order {{ number }} was shipped",
            "The goods of order {{ number }} are on their way. Please accept them soon after they arrive.",
        ),
    },
    Rule {
        topic: "order.accepted",
        roles: SELLERS,
        category: MailCategory::Orders,
        zh: ("订单 {{ number }} 已验收", "采购人已于 {{ data.accepted_on }} 验收订单 {{ number }}，请开具发票。"),
        en: (
            "Order {{ number }} was accepted",
            "The buyer accepted order {{ number }} on {{ data.accepted_on }}. Please invoice it.",
        ),
    },
    Rule {
        topic: "order.refused",
        roles: SELLERS,
        category: MailCategory::Orders,
        zh: ("订单 {{ number }} 被拒收", "采购人拒收了订单 {{ number }} 的货物，请登录联农平台查看理由。"),
        en: (
            "Order {{ number }} was refused",
            "The buyer accepted nothing of order {{ number }}. Please sign in to read why.",
        ),
    },
    Rule {
        topic: "order.cancelled",
        roles: BOTH,
        category: MailCategory::Orders,
        zh: ("订单 {{ number }} 已取消", "订单 {{ number }} 在发货前已取消。"),
        en: ("Order {{ number }} was cancelled", "Order {{ number }} was called off before its goods left."),
    },
    Rule {
        topic: "order.paid",
        roles: SELLERS,
        category: MailCategory::Money,
        zh: (
            "订单 {{ number }} 的货款已到账",
            "订单 {{ number }} 的货款已于 {{ data.paid_on }} 到账，请按分配方案及时向农户发放。",
        ),
        en: (
            "Order {{ number }} was paid",
            "The money for order {{ number }} arrived on {{ data.paid_on }}. Please pay the households their shares soon.",
        ),
    },
    Rule {
        topic: "order.credited",
        roles: BOTH,
        category: MailCategory::Money,
        zh: (
            "订单 {{ number }} 有退货或减价",
            "订单 {{ number }} 验收后发生退货或减价（{{ data.credited_on }}），请登录联农平台核对金额。",
        ),
        en: (
            "A credit on order {{ number }}",
            "Goods of order {{ number }} went back or became cheaper on {{ data.credited_on }}. Please sign in to compare the amounts.",
        ),
    },
    Rule {
        topic: "webhook.disabled",
        roles: &[Role::Administrator],
        category: MailCategory::Operation,
        zh: ("推送地址已停用", "贵单位的一个事件推送地址因长期无法送达已被停用，修复后请在联农平台重新启用并补发。"),
        en: (
            "A webhook endpoint was switched off",
            "Nothing could be delivered to one of your webhook endpoints, so it was switched off. Once it is mended, switch it on again and have what failed sent again.",
        ),
    },
    Rule {
        topic: "dispute.raised",
        roles: &[Role::CooperativeClerk, Role::RevitalisationOfficer],
        category: MailCategory::Money,
        zh: (
            "收益异议 {{ data.number }}",
            "有农户对收益明细提出异议（{{ data.number }}），供应商应于 {{ data.due_on }} 前附证据答复，县级可全程查看。",
        ),
        en: (
            "A household disputes an entry: {{ data.number }}",
            "A household says that an entry of its statement is wrong ({{ data.number }}). The supplier answers with evidence by {{ data.due_on }}; the county sees every step.",
        ),
    },
    Rule {
        topic: "import.failed",
        roles: SENDERS,
        category: MailCategory::Operation,
        zh: (
            "导入未能完成",
            "{% if data.is_unreadable %}贵单位上传的表格无法读取。{% else %}贵单位导入的表格有 {{ data.failed_rows }} 行未能导入。{% endif %}请登录联农平台下载逐行说明，修改后重新上传。",
        ),
        en: (
            "A sheet was not imported",
            "{% if data.is_unreadable %}The sheet you sent cannot be read.{% else %}{{ data.failed_rows }} rows of the sheet you sent were not carried out.{% endif %} Please sign in for what is wrong row by row, mend it and send it again.",
        ),
    },
    Rule {
        topic: "ratings.due",
        roles: BUYERS,
        category: MailCategory::Orders,
        zh: (
            "{{ data.orders }} 个订单待评价",
            "贵单位有 {{ data.orders }} 个已付款订单（{{ data.paid_fen | yuan }} 元）尚未评价；{{ data.until }} 前评价的才计入本月完成数。",
        ),
        en: (
            "{{ data.orders }} orders wait for your rating",
            "{{ data.orders }} paid orders ({{ data.paid_fen | yuan }} yuan) are not rated. Only those rated by {{ data.until }} are complete in this month.",
        ),
    },
    Rule {
        topic: "payments.due",
        roles: PAYERS,
        category: MailCategory::Money,
        zh: (
            "货款到期提醒",
            "贵单位 {{ data.orders }} 个订单的货款已逾期 {{ data.late_fen | yuan }} 元，七日内到期 {{ data.soon_fen | yuan }} 元，最早到期日为 {{ data.first_due_on }}。请及时支付：逾期须按日支付利息。",
        ),
        en: (
            "Payments are due",
            "Of {{ data.orders }} orders {{ data.late_fen | yuan }} yuan are late and {{ data.soon_fen | yuan }} yuan are due within a week; the first was or is due on {{ data.first_due_on }}. What is late bears interest by the day.",
        ),
    },
    Rule {
        topic: "payouts.due",
        roles: &[Role::CooperativeClerk, Role::FinanceOfficer],
        category: MailCategory::Money,
        zh: (
            "拖欠农户款项提醒",
            "贵单位有 {{ data.late_fen | yuan }} 元应付农户款项已超过 30 天（最早自 {{ data.oldest_on }} 起），涉及应付农户 {{ data.households }} 户。请尽快发放；县级可以查看拖欠情况。",
        ),
        en: (
            "Households wait for their money",
            "{{ data.late_fen | yuan }} yuan have been owed to households for more than 30 days, the oldest since {{ data.oldest_on }}; {{ data.households }} households wait for something. Please pay them soon: the county sees what is owed.",
        ),
    },
    Rule {
        topic: "clues.due",
        roles: REGISTER,
        category: MailCategory::Registry,
        zh: (
            "{{ data.clues }} 条预警线索待处置",
            "有 {{ data.clues }} 条预警线索七日内到期或已超期，其中 {{ data.late }} 条已超期，最早到期日为 {{ data.first_due_on }}。请登录联农平台核实处置。",
        ),
        en: (
            "{{ data.clues }} clues to look into",
            "{{ data.clues }} clues are due within a week or late, {{ data.late }} of them late; the first was or is due on {{ data.first_due_on }}. Please sign in and look into them.",
        ),
    },
    Rule {
        topic: "quota.behind",
        roles: BUYERS,
        category: MailCategory::Orders,
        zh: (
            "预留份额低于序时进度",
            "截至 {{ data.as_of }}，贵单位申报预留份额 {{ data.declared_fen | yuan }} 元，已计入 {{ data.counted_fen | yuan }} 元，低于序时进度，请安排采购。",
        ),
        en: (
            "Your quota is behind its plan",
            "By {{ data.as_of }}, {{ data.counted_fen | yuan }} yuan counted of the {{ data.declared_fen | yuan }} yuan you declared: less than of the year is over. Please plan your purchases.",
        ),
    },
];

/// What is said of a kind of event.
#[must_use]
pub fn rule(topic: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.topic == topic)
}

static LETTERS: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut letters = Environment::new();
    letters.set_undefined_behavior(UndefinedBehavior::Strict);
    letters.add_template("letter.html", include_str!("letter.html"))?;
    letters.add_filter("yuan", |fen: i64| {
        format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
    });
    letters.add_template(
        "greeting.zh",
        "{% if data.display_name is defined %}{{ data.display_name }}，{% endif %}您好：",
    )?;
    letters.add_template(
        "greeting.en",
        "Hello{% if data.display_name is defined %} {{ data.display_name }}{% endif %},",
    )?;
    Ok(letters)
});

fn letters() -> Result<&'static Environment<'static>, minijinja::Error> {
    LETTERS.as_ref().map_err(|error| minijinja::Error::new(error.kind(), error.to_string()))
}

/// A subject and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Rule {
    /// The letter about an event, in somebody's language.
    ///
    /// # Errors
    /// When the template names what is not there.
    pub fn letter(
        &self,
        number: Option<&str>,
        data: &serde_json::Value,
        language: MailLanguage,
    ) -> Result<Letter, minijinja::Error> {
        let letters = letters()?;
        let facts = context! { number => number.unwrap_or_default(), data => Value::from(Serde(data)) };
        let say = |greeting: &str, (subject, text): (&str, &str)| -> Result<Letter, minijinja::Error> {
            let greeting = letters.get_template(greeting)?.render(&facts)?;
            let text = letters.render_str(text, &facts)?;
            Ok(Letter { subject: letters.render_str(subject, &facts)?, text: format!("{greeting}\n\n{text}\n") })
        };
        Ok(match language {
            MailLanguage::Zh => say("greeting.zh", self.zh)?,
            MailLanguage::En => say("greeting.en", self.en)?,
            MailLanguage::Both => {
                let (zh, en) = (say("greeting.zh", self.zh)?, say("greeting.en", self.en)?);
                Letter {
                    subject: format!("{} {}", zh.subject, en.subject),
                    text: format!("{}\n----\n\n{}", zh.text, en.text),
                }
            }
        })
    }
}

/// A text as a page: paragraphs stay paragraphs, and everything in them is escaped.
///
/// # Errors
/// When the page's template is wrong, which a test sees.
pub fn page(subject: &str, text: &str) -> Result<String, minijinja::Error> {
    let paragraphs: Vec<Vec<String>> = text
        .split("\n\n")
        .map(|paragraph| paragraph.lines().map(str::to_owned).collect())
        .filter(|lines: &Vec<String>| !lines.is_empty())
        .collect();
    letters()?.get_template("letter.html")?.render(context! { subject, paragraphs })
}
