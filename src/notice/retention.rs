//! How long mails that were written as files are kept.

use super::store;
use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::jobs::{ERASED_AT_ONCE, Kept, RetentionRule};
use crate::problem::{Failure, Problem};
use entity::value::Timestamp;
use std::path::Path;

/// How long they are kept.
pub const RETENTION: &[RetentionRule] = &[RetentionRule {
    name: "mail",
    what: ("邮件记录，及写成文件的邮件（正文）", "Records of mails, and mails written as files with their texts"),
    kept: Kept::Days {
        days: 180,
        zh: "写成后一百八十天",
        erase: |app, before| Box::pin(async move { erase(app, before).await }),
    },
    why: (
        "通知的内容在系统内另有记录；《个人信息保护法》第十九条：保存期限为最短时间",
        "What they say is in the house anyway; kept no longer than needed (PIPL art. 19)",
    ),
}];

async fn erase(app: &App, before: Timestamp) -> Result<u64, Failure> {
    let erased = app.transact(&Actor::System, async |tx: &Tx| store::erase(tx, before, ERASED_AT_ONCE).await).await?;
    Ok(erased.max(erase_all_files(app, before).await?))
}

async fn erase_all_files(app: &App, before: Timestamp) -> Result<u64, Failure> {
    let folder = app.config.data.join("mail");
    let erased = tokio::task::spawn_blocking(move || erase_files(&folder, before)).await;
    erased.map_err(|error| error.to_string()).and_then(|erased| erased.map_err(|error| error.to_string())).map_err(
        |error| {
            tracing::error!(%error, "erasing old mails");
            Problem::internal().into()
        },
    )
}

/// Removes a batch of files last written before an instant.
fn erase_files(folder: &Path, before: Timestamp) -> std::io::Result<u64> {
    let mut erased = 0;
    if !folder.exists() {
        return Ok(erased);
    }
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        let about = file.metadata()?;
        if about.is_file() && Timestamp::from(about.modified()?) < before {
            std::fs::remove_file(file.path())?;
            erased += 1;
            if erased == ERASED_AT_ONCE {
                break;
            }
        }
    }
    Ok(erased)
}
