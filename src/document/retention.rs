//! Contents that no row names: uploads that were refused after they had come in.
//!
//! What a row names is evidence and stays. A turn looks at one of the 256 parts of the folder, so that its cost does
//! not grow with all that was ever kept.

use super::files::FileStore;
use super::store;
use crate::app::App;
use crate::document::DocumentError;
use crate::jobs::{Kept, RetentionRule};
use crate::problem::Failure;
use entity::value::Timestamp;
use std::collections::HashSet;

/// How long they are kept.
pub const RETENTION: &[RetentionRule] = &[
    RetentionRule {
        name: "refused_upload",
        what: ("未被采用的上传内容", "Contents of uploads that were refused"),
        kept: Kept::Days {
            days: 1,
            zh: "一天后，最迟十二天",
            erase: |app, before| Box::pin(async move { erase(app, before).await }),
        },
        why: (
            "没有记录引用它；《个人信息保护法》第十九条：保存期限为最短时间",
            "Nothing refers to it; kept no longer than needed (PIPL art. 19)",
        ),
    },
    RetentionRule {
        name: "document",
        what: ("附件：证照、凭证、协议", "Documents: licences, evidence, agreements"),
        kept: Kept::ByLaw { zh: "与所证明的交易或登记相同" },
        why: (
            "《会计档案管理办法》：原始凭证保管三十年；《电子商务法》第三十一条",
            "Evidence of accounting is kept 30 years; of trade at least 3 (E-Commerce Law art. 31)",
        ),
    },
];

/// Which part of the folder has its turn in this hour.
#[must_use]
fn part(now: Timestamp) -> String {
    format!("{:02x}", now.timestamp().div_euclid(3600).rem_euclid(256))
}

async fn erase(app: &App, before: Timestamp) -> Result<u64, Failure> {
    let part = part(app.clock.now());
    let files = app.part::<FileStore>()?;
    let old = files.older(&part, before).await.map_err(DocumentError::from)?;
    let named: HashSet<String> = store::named(app.reader(), &old).await?.into_iter().collect();
    let mut erased = 0;
    for sha256 in old.iter().filter(|sha256| !named.contains(*sha256)) {
        files.forget(sha256).await.map_err(DocumentError::from)?;
        erased += 1;
    }
    // One part a turn: whatever else there is has its own hour.
    Ok(u64::min(erased, crate::jobs::ERASED_AT_ONCE - 1))
}
