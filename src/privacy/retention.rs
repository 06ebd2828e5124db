//! Erasing on schedule what may be erased, and the rules of what may not.

use crate::app::App;
use crate::jobs::{ERASED_AT_ONCE, Kept, RetentionRule, Scheduled};
use crate::problem::Failure;

/// Batches of one rule in one turn: the rest has its next turn.
const BATCHES: u32 = 200;

/// Every rule, as the rooms say them. A part of the house.
pub struct Schedule(pub &'static [&'static [RetentionRule]]);

/// Erases what is due.
pub const EVERY_HOUR: Scheduled = Scheduled {
    name: "privacy.erase",
    every_seconds: 3_600,
    run: |app| Box::pin(async move { erase_all(app).await.map(drop).map_err(Into::into) }),
};

/// Erases everything that is due, rule after rule; says by name how much went.
///
/// # Errors
/// When the database or a folder refuses.
pub async fn erase_all(app: &App) -> Result<Vec<(&'static str, u64)>, Failure> {
    let Schedule(lists) = app.part::<Schedule>()?;
    let mut erased = Vec::new();
    for rule in lists.iter().flat_map(|list| list.iter()) {
        let Kept::Days { days, erase, .. } = &rule.kept else { continue };
        let before = app.clock.now() - chrono::Duration::days(i64::from(*days));
        let mut whole = 0;
        for _ in 0..BATCHES {
            let gone = erase(app, before).await?;
            whole += gone;
            if gone < ERASED_AT_ONCE {
                break;
            }
        }
        if whole > 0 {
            tracing::info!(rule = rule.name, rows = whole, "erased");
            erased.push((rule.name, whole));
        }
    }
    Ok(erased)
}

/// What the law keeps, whichever room holds it.
pub const KEPT_BY_LAW: &[RetentionRule] = &[
    RetentionRule {
        name: "journal",
        what: ("账簿：凭证、分录、封印、发放记录", "The journal: postings, entries, seals, payouts"),
        kept: Kept::ByLaw { zh: "至少三十年" },
        why: (
            "《会计档案管理办法》附表：会计凭证、账簿保管三十年",
            "Accounting records are kept 30 years (Measures for Accounting Archives)",
        ),
    },
    RetentionRule {
        name: "trade",
        what: ("交易：订单、验收、发票、银行流水", "Trade: orders, acceptances, invoices, bank statements"),
        kept: Kept::ByLaw { zh: "至少三年；作为会计原始凭证三十年" },
        why: (
            "《电子商务法》第三十一条：交易信息自交易完成之日起保存不少于三年；《政府采购法》第四十二条：采购文件保存至少十五年",
            "Trade information is kept at least 3 years (E-Commerce Law art. 31), procurement papers 15 (Government \
             Procurement Law art. 42)",
        ),
    },
    RetentionRule {
        name: "household",
        what: ("农户登记：户、成员、户类型、协议", "The register: households, members, status, agreements"),
        kept: Kept::ByLaw { zh: "履行帮扶监测职责期间及其后的档案期限" },
        why: (
            "《个人信息保护法》第十三条第一款第三项、第十九条：为履行法定职责所必需；脱贫攻坚档案永久或长期保存",
            "Needed for statutory duties (PIPL art. 13 and 19); archives of poverty relief are kept permanently or long",
        ),
    },
    RetentionRule {
        name: "audit",
        what: ("审计留痕", "The audit"),
        kept: Kept::ByLaw { zh: "至少三年；与账簿同链封印，不删除" },
        why: (
            "《网络安全法》第二十一条：网络日志留存不少于六个月；《电子商务法》第三十一条；审计记录与账簿同链封印",
            "Logs are kept at least 6 months (Cybersecurity Law art. 21); the audit is sealed in one chain with the journal",
        ),
    },
    RetentionRule {
        name: "consent",
        what: ("告知书、同意与撤回、查看留痕", "Notices, consents and withdrawals, access records"),
        kept: Kept::ByLaw { zh: "至少三年" },
        why: (
            "《个人信息保护法》第五十六条：处理情况记录至少保存三年；第六十九条：由处理者证明没有过错",
            "Records of processing are kept at least 3 years (PIPL art. 56); the burden of proof is the handler's (art. 69)",
        ),
    },
];
