//! How long sessions and failed attempts are kept.

use super::store;
use crate::access::Actor;
use crate::jobs::{Kept, RetentionRule};

/// How long they are kept.
pub const RETENTION: &[RetentionRule] = &[
    RetentionRule {
        name: "session",
        what: ("已结束的会话及其刷新令牌", "Sessions that are over, and their refresh tokens"),
        kept: Kept::Days {
            days: 180,
            zh: "到期后一百八十天",
            erase: |app, before| {
                Box::pin(async move {
                    app.transact(&Actor::System, async |tx| store::erase_sessions(tx, before).await).await
                })
            },
        },
        why: (
            "《网络安全法》第二十一条：网络日志留存不少于六个月",
            "Logs of the network are kept at least six months (Cybersecurity Law art. 21)",
        ),
    },
    RetentionRule {
        name: "refresh_token",
        what: ("过期的刷新令牌（散列值）", "Refresh tokens that have expired (hashes)"),
        kept: Kept::Days {
            days: 30,
            zh: "到期后三十天",
            erase: |app, before| {
                Box::pin(
                    async move { app.transact(&Actor::System, async |tx| store::erase_tokens(tx, before).await).await },
                )
            },
        },
        why: (
            "过期即不能再用；《个人信息保护法》第十九条：保存期限为最短时间",
            "Of no use once expired; kept no longer than needed (PIPL art. 19)",
        ),
    },
    RetentionRule {
        name: "sign_in_attempt",
        what: ("登录失败计数", "Counts of failed sign-ins"),
        kept: Kept::Days {
            days: 30,
            zh: "最后一次失败后三十天",
            erase: |app, before| {
                Box::pin(async move {
                    app.transact(&Actor::System, async |tx| store::erase_attempts(tx, before).await).await
                })
            },
        },
        why: (
            "防撞库所需；《个人信息保护法》第十九条：保存期限为最短时间",
            "Against guessing; kept no longer than needed (PIPL art. 19)",
        ),
    },
];
