//! Contents of registers: they name everybody by their numbers, and are needed only until the sheet is dealt with.

use super::store;
use crate::access::{Actor, Scope};
use crate::app::App;
use crate::document::{self, FileStore};
use crate::jobs::{ERASED_AT_ONCE, Kept, RetentionRule};
use crate::problem::Failure;
use entity::value::Timestamp;
use sea_orm::DbErr;

/// How long they are kept.
pub const RETENTION: &[RetentionRule] = &[RetentionRule {
    name: "register_sheet",
    what: ("户籍底册的表格内容", "Contents of sheets of the register"),
    kept: Kept::Days {
        days: 30,
        zh: "办结后三十天",
        erase: |app, before| Box::pin(async move { erase(app, before).await }),
    },
    why: (
        "导入后登记已加密保存；《个人信息保护法》第十九条：保存期限为最短时间",
        "The register holds it sealed; kept no longer than needed (PIPL art. 19)",
    ),
}];

async fn erase(app: &App, before: Timestamp) -> Result<u64, Failure> {
    let files = app.part::<FileStore>()?;
    let mut erased = 0;
    for import in store::to_erase(app.reader(), before, ERASED_AT_ONCE.min(20)).await? {
        let file = document::find(app.reader(), &Scope::Everything, import.file_id).await?;
        // The same sheet may have been sent again since.
        if let Some(file) = file
            && !store::is_needed(app.reader(), &file.sha256, before).await?
        {
            files.erase(&file.sha256).await.map_err(super::BulkError::from)?;
        }
        app.transact(&Actor::System, async |tx| -> Result<(), DbErr> { store::erased(tx, import.id).await }).await?;
        erased += 1;
    }
    Ok(erased)
}
