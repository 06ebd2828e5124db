//! The database: whether it answers, has this edition's schema, opens with the secret, keeps our time, and whose account
//! it is served through.

use super::Finding;
use crate::config::Config;
use crate::db::Database;
use crate::db::copy::sqlite_file;
use crate::seal::SealKey;
use crate::secrecy::Secrets;
use crate::{household, identity};
use chrono::{DateTime, Utc};
use entity::value::{Clock, SystemClock};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use std::time::Duration;

/// How long a database may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that PostgreSQL keeps for its own people.
const RESERVED: i64 = 3;

/// Everything about the database.
pub(super) async fn database(config: &Config, secrets: Option<&Secrets>) -> Vec<Finding> {
    const ABOUT: &str = "database 数据库";
    let url = config.database();
    // Opening would make it.
    if let Some(file) = sqlite_file(&url).filter(|file| !file.exists()) {
        let zh = format!("{} 尚不存在，首次启动时创建。", file.display());
        return vec![Finding::well(
            ABOUT,
            zh,
            format!("{} is not there yet; the first start makes it", file.display()),
        )];
    }
    let away = |why: String| {
        let zh = "无法连接，请检查 DATABASE_URL、网络与账号口令。";
        vec![Finding::ill(
            ABOUT,
            zh,
            format!("it does not answer: {why}; check DATABASE_URL, the network and the password"),
        )]
    };
    let db = match tokio::time::timeout(PATIENCE, Database::open(&url, 1)).await {
        Ok(Ok(db)) => db,
        Ok(Err(error)) => return away(error.to_string()),
        Err(_) => return away("no answer within 10 seconds".to_owned()),
    };
    let findings = look(config, secrets, db.reader()).await;
    let closed = db.close().await;
    match findings.and_then(|findings| closed.map(|()| findings)) {
        Ok(findings) => findings,
        Err(error) => away(error.to_string()),
    }
}

async fn look(config: &Config, secrets: Option<&Secrets>, db: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    let is_postgres = db.get_database_backend() == DbBackend::Postgres;
    let kind = if is_postgres { "PostgreSQL" } else { "SQLite" };
    let mut findings = vec![Finding::well("database 数据库", format!("{kind} 可用。"), format!("{kind} answers"))];
    if !migration::is_current(db).await {
        let zh = "结构不是本版本的：启动或执行 liannong migrate 即可更新；更新前请备份。";
        let en = "it is not of this edition: a start or `liannong migrate` brings it up to date; back up first";
        findings.push(Finding::doubtful("schema 表结构", zh, en));
        // What follows asks tables that may not be there.
        return Ok(findings);
    }
    findings.push(Finding::well("schema 表结构", "与本版本一致。", "it is of this edition"));
    findings.push(clock(db).await?);
    if is_postgres {
        findings.push(pool(config, db).await?);
        findings.extend(account(config, db).await?);
    }
    if let Some(secrets) = secrets {
        findings.push(opens(db, secrets).await?);
        findings.push(seal_key(db, secrets).await?);
    }
    if config.production && identity::has_demonstration_accounts(db).await? {
        let zh = "库中有演示账号，生产模式不会启动；请使用新的数据库。";
        let en = "it holds demonstration accounts, with which production does not start; use a database of its own";
        findings.push(Finding::ill("accounts 账号", zh, en));
    }
    Ok(findings)
}

fn ask(db: &DatabaseConnection, sql: &str) -> Statement {
    Statement::from_string(db.get_database_backend(), sql.to_owned())
}

/// Whether the database's clock and ours agree.
async fn clock(db: &DatabaseConnection) -> Result<Finding, DbErr> {
    const ABOUT: &str = "clock 时钟";
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => "select cast(extract(epoch from clock_timestamp()) as bigint) as now",
        _ => "select cast(strftime('%s', 'now') as integer) as now",
    };
    let theirs: i64 = db.query_one_raw(ask(db, sql)).await?.map_or(Ok(0), |row| row.try_get("", "now"))?;
    let ours: DateTime<Utc> = SystemClock.now();
    let apart = (ours.timestamp() - theirs).abs();
    Ok(match apart {
        0..=2 => Finding::well(ABOUT, "与数据库一致。", "ours and the database's agree"),
        3..=60 => Finding::doubtful(
            ABOUT,
            format!("与数据库相差 {apart} 秒，请启用 NTP。"),
            format!("ours and the database's are {apart} seconds apart; let NTP keep both"),
        ),
        _ => Finding::ill(
            ABOUT,
            format!("与数据库相差 {apart} 秒，令牌与业务日期会出错，请先校时。"),
            format!(
                "ours and the database's are {apart} seconds apart: tokens and business days go wrong; set them right"
            ),
        ),
    })
}

/// Whether the database lets us have as many connections as we are configured for.
async fn pool(config: &Config, db: &DatabaseConnection) -> Result<Finding, DbErr> {
    const ABOUT: &str = "pool 连接池";
    let sql = "select cast(current_setting('max_connections') as bigint) as most,
                      (select count(*) from pg_stat_activity where backend_type = 'client backend') as used";
    let Some(row) = db.query_one_raw(ask(db, sql)).await? else {
        return Ok(Finding::doubtful(
            ABOUT,
            "无法得知连接上限。",
            "how many connections it allows could not be learnt",
        ));
    };
    let (most, used): (i64, i64) = (row.try_get("", "most")?, row.try_get("", "used")?);
    let wanted = i64::from(config.pool);
    let free = most - RESERVED - used;
    Ok(if wanted > most - RESERVED {
        Finding::ill(
            ABOUT,
            format!("LIANNONG_POOL 为 {wanted}，数据库最多允许 {most} 个连接，请调小。"),
            format!("LIANNONG_POOL is {wanted} and the database allows {most} in all; make it smaller"),
        )
    } else if wanted > free {
        Finding::doubtful(
            ABOUT,
            format!("LIANNONG_POOL 为 {wanted}，当前只剩 {free} 个空闲连接（上限 {most}）。"),
            format!("LIANNONG_POOL is {wanted} and {free} of {most} connections are free now"),
        )
    } else {
        Finding::well(ABOUT, format!("{wanted} 个连接，上限 {most}。"), format!("{wanted} of the {most} it allows"))
    })
}

/// In production the house is served through an account that cannot change the past.
async fn account(config: &Config, db: &DatabaseConnection) -> Result<Option<Finding>, DbErr> {
    let sql = "select has_table_privilege(current_user, 'audit_event', 'update, delete, truncate') as may";
    let may: bool = db.query_one_raw(ask(db, sql)).await?.map_or(Ok(false), |row| row.try_get("", "may"))?;
    Ok(match (config.production, may) {
        (false, _) => None,
        (true, false) => Some(Finding::well(
            "account 数据库账号",
            "不能改动审计与账簿。",
            "it cannot change the audit or the journal",
        )),
        (true, true) => Some(Finding::doubtful(
            "account 数据库账号",
            "该账号有权改动审计；请用 liannong grants 另建服务账号。",
            "it has the right to change the audit; make an account to serve through with `liannong grants`",
        )),
    })
}

/// Whether the secret is the one this database was filled with.
async fn opens(db: &DatabaseConnection, secrets: &Secrets) -> Result<Finding, DbErr> {
    const ABOUT: &str = "personal data 个人信息";
    Ok(if household::opens_with(db, secrets).await? {
        Finding::well(ABOUT, "主密钥能解开已加密的数据。", "the secret opens what is sealed")
    } else {
        Finding::ill(
            ABOUT,
            "主密钥解不开已加密的数据，请给出当初使用的主密钥。",
            "the secret does not open what is sealed; give the one this database was filled with",
        )
    })
}

/// Whether the next seal can follow the last one: signed with the same key, or with one that the key before vouches for.
async fn seal_key(db: &DatabaseConnection, secrets: &Secrets) -> Result<Finding, DbErr> {
    const ABOUT: &str = "seal key 封存密钥";
    let sql = "select public_key from seal order by number desc limit 1";
    let last: Option<String> =
        db.query_one_raw(ask(db, sql)).await?.map(|row| row.try_get("", "public_key")).transpose()?;
    let key = |seed: &[u8; 32]| SealKey::from_seed(seed).ok().map(|key| hex::encode(key.public()));
    let present = key(secrets.seal_seed());
    let previous = secrets.previous_seal_seed().and_then(key);
    Ok(match last {
        None => Finding::well(ABOUT, "尚无封存。", "nothing is sealed yet"),
        Some(last) if Some(&last) == present.as_ref() => {
            Finding::well(ABOUT, "与最近一次封存一致。", "it is the one of the last seal")
        }
        Some(last) if Some(&last) == previous.as_ref() => Finding::well(
            ABOUT,
            "最近一次封存使用旧密钥，它将为新密钥背书。",
            "the last seal is by the key before, which will vouch for this one",
        ),
        Some(_) => Finding::ill(
            ABOUT,
            "与最近一次封存不同，且无旧密钥为其背书；请设置 LIANNONG_PREVIOUS_SECRET。",
            "it is not the one of the last seal, and nothing vouches for it; set LIANNONG_PREVIOUS_SECRET",
        ),
    })
}
