//! The audit under the seals: each row is there, unchanged, in its place, and nothing was put in later as if it were old.
//!
//! Does not know: a row that was put in behind the house's back with the identifier of this very moment and is not
//! sealed yet. It looks like any other; from the next seal on it can no longer be changed or taken away.

use super::digests::{self, AuditSays, Growing, Hash, hex};
use super::store::{self, AuditLine};
use super::{Fault, Halt, Report};
use sea_orm::DatabaseConnection;
use uuid::Uuid;

/// No transaction stays open for so long: what is older than the newest sealed row by this and under no seal was
/// passed over by every sealing since, because it was not there.
const LATEST_COMMIT_MS: u128 = 3_600_000;

/// Every row of the audit under a seal; says how many.
pub(super) async fn under_seal(db: &DatabaseConnection, seal: i64, count: i64, root: Hash) -> Result<u64, Halt> {
    let (mut tree, mut next) = (Growing::default(), 0);
    loop {
        let lines = store::audit_lines(db, seal, next - 1).await?;
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            if line.leaf_index != next {
                return Err(missing_leaf(seal, next).into());
            }
            tree.push(digests::leaf(&read(seal, line)?));
            next += 1;
        }
    }
    if i64::from(next) < count {
        return Err(missing_leaf(seal, next).into());
    }
    if i64::from(next) != count || tree.root() != root {
        let (zh, en) = (
            format!("第 {seal} 号封印与其下审计记录的默克尔根不符。"),
            format!("the root of seal {seal} is not that of the rows of the audit under it."),
        );
        return Err(Fault::new("seal", seal, zh, en).into());
    }
    Ok(u64::try_from(count).unwrap_or_default())
}

fn missing_leaf(seal: i64, index: i32) -> Fault {
    let (zh, en) = (
        format!("第 {seal} 号封印缺第 {index} 片审计叶。"),
        format!("leaf {index} of the audit of seal {seal} is not there."),
    );
    Fault::new("audit_leaf", format!("{seal}/{index}"), zh, en)
}

/// The fingerprint of a row, if it is still what was sealed.
fn read(seal: i64, line: &AuditLine) -> Result<Hash, Fault> {
    let id = line.audit_event_id;
    let (Some(at), Some(role), Some(operation), Some(object_kind), Some(object_id)) =
        (line.at, &line.role, &line.operation, &line.object_kind, line.object_id)
    else {
        let (zh, en) = (
            format!("第 {seal} 号封印下的审计记录不存在。"),
            format!("the row of the audit is under seal {seal} and is not there."),
        );
        return Err(Fault::new("audit_event", id, zh, en));
    };
    let says = AuditSays {
        id,
        at,
        person_id: line.person_id,
        organisation_id: line.organisation_id,
        words: [role, operation, object_kind],
        object_id,
        texts: [&line.before, &line.after, &line.reason, &line.request_id, &line.address].map(Option::as_deref),
    };
    let digest = says.hash();
    if hex(&digest) != line.digest {
        let (zh, en) = (
            format!("审计记录在第 {seal} 号封印之后被改写。"),
            format!("the row of the audit was rewritten after seal {seal}."),
        );
        return Err(Fault::new("audit_event", id, zh, en));
    }
    Ok(digest)
}

/// What concerns all seals: no row is under two, none under a seal that is not there.
pub(super) async fn leaves(db: &DatabaseConnection, last_seal: i64) -> Result<(), Halt> {
    if let Some(id) = store::audit_sealed_twice(db).await? {
        return Err(
            Fault::new("audit_leaf", id, "审计记录被封印两次。", "the row of the audit is sealed twice.").into()
        );
    }
    if let Some(id) = store::audit_leaf_without_seal(db, last_seal).await? {
        let (zh, en) = ("审计记录所属的封印不存在。", "the row of the audit is under a seal that is not there.");
        return Err(Fault::new("audit_leaf", id, zh, en).into());
    }
    Ok(())
}

/// What is under no seal is newer than what is, or it was put in afterwards.
pub(super) async fn unsealed(db: &DatabaseConnection, report: &mut Report) -> Result<(), Halt> {
    report.unsealed_audit = store::unsealed_audit(db).await?;
    let Some(newest) = store::newest_sealed_audit(db).await? else { return Ok(()) };
    match store::first_unsealed_audit(db).await? {
        Some(id) if is_late(id, newest) => {
            let (zh, en) = (
                "审计记录早于已封印的记录却未被封印，应为事后插入。",
                "the row of the audit is older than sealed ones and under no seal: it was put in afterwards.",
            );
            Err(Fault::new("audit_event", id, zh, en).into())
        }
        _ => Ok(()),
    }
}

/// The upper 48 bits of a UUIDv7 are milliseconds.
fn is_late(id: Uuid, newest_sealed: Uuid) -> bool {
    (id.as_u128() >> 80) + LATEST_COMMIT_MS < newest_sealed.as_u128() >> 80
}
