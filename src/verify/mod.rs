//! Verification (核对): what was recorded, recomputed by code that did not write it.
//!
//! Promises: nothing here calls the code that it checks, not the ledger, not the engine of shares: the fingerprint
//! of a posting, the tree and the hash of a seal, the identifier of an account, the guard of each kind and the division
//! of money are written down here a second time. A fault names the first record that is not as it should be, in Chinese and English.
//! Memory stays bounded: everything is read in pages, in the order of identifiers. It may run beside a working
//! house: what can change is compared within one statement or looked at again before it is called wrong, what is only ever
//! added is read after what refers to it.
//! Knows no HTTP and changes nothing.

mod audit;
mod chain;
pub mod closes;
pub mod digests;
pub mod export;
pub mod file;
mod income;
mod journal;
mod offplatform;
mod orders;
mod periods;
pub mod receipt;
mod reports;
mod runs;
pub mod shares;
mod store;

use sea_orm::{DatabaseConnection, DbErr};
use std::fmt;

/// What was looked at, and the first thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Postings read.
    pub postings: u64,
    /// Entries read.
    pub entries: u64,
    /// Accounts whose sums were recomputed.
    pub accounts: u64,
    /// Computations of shares that were repeated.
    pub runs: u64,
    /// Shares in them.
    pub shares: u64,
    /// Sales outside the platform.
    pub off_platform: u64,
    /// Seals read.
    pub seals: u64,
    /// Postings under them.
    pub sealed: u64,
    /// Postings under none yet.
    pub unsealed: u64,
    /// Rows of the audit under seals.
    pub sealed_audit: u64,
    /// Rows of the audit under none yet.
    pub unsealed_audit: u64,
    /// The newest seal, as `<number>:<hash>`.
    pub head: Option<String>,
    /// The key that signed the seals, when none was given to compare with, in hexadecimal.
    pub unconfirmed_key: Option<String>,
    /// The first fault, if there is any.
    pub fault: Option<Fault>,
}

/// A record that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The table it is in.
    pub table: &'static str,
    /// Which row.
    pub id: String,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
}

impl Fault {
    fn new(table: &'static str, id: impl fmt::Display, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { table, id: id.to_string(), zh: zh.into(), en: en.into() }
    }
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.fault.is_none()
    }
}

/// One line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { postings, entries, accounts, runs, shares, seals, sealed, unsealed, .. } = self;
        let Self { sealed_audit, unsealed_audit, .. } = self;
        let fault = &self.fault;
        let elsewhere = match self.off_platform {
            0 => String::new(),
            count => format!("{count} sales off platform 平台外销售, "),
        };
        match fault {
            None => write!(
                f,
                "sound 一致: {postings} postings, {entries} entries, {accounts} accounts, {runs} runs, {shares} shares, \
                 {elsewhere}{sealed} sealed in {seals} seals, {unsealed} unsealed; audit: {sealed_audit} sealed, \
                 {unsealed_audit} unsealed"
            ),
            Some(Fault { table, id, zh, en }) => write!(f, "NOT SOUND 不一致: {table} {id}: {zh} {en}"),
        }
    }
}

/// Why a check ended early.
enum Halt {
    /// A fault was found.
    Fault(Fault),
    /// The database could not be asked.
    Database(DbErr),
}

impl From<DbErr> for Halt {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What verification is told from outside.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The keys that may have signed seals. Without any, signatures are checked, but not whose they are.
    pub keys: Vec<[u8; 32]>,
    /// A seal that was published: its number and its hash.
    pub head: Option<(i64, [u8; 32])>,
    /// The first seal to look at; what is under those before is taken as read.
    pub since: Option<i64>,
}

/// Reads `<number>:<hash>`.
#[must_use]
pub fn read_head(text: &str) -> Option<(i64, [u8; 32])> {
    let (number, hash) = text.trim().split_once(':')?;
    Some((number.parse().ok()?, digests::unhex(hash)?))
}

/// Reads a public key in hexadecimal.
#[must_use]
pub fn read_key(text: &str) -> Option<[u8; 32]> {
    digests::unhex(text.trim())
}

/// [`verify_with`], told nothing from outside.
///
/// # Errors
/// As there.
pub async fn verify(db: &DatabaseConnection, progress: impl FnMut(String)) -> Result<Report, DbErr> {
    verify_with(db, &Trust::default(), progress).await
}

/// Recomputes the books, from the journal up, and stops at the first fault. `progress` is told what is being done.
///
/// # Errors
/// When the database cannot be asked. A fault is not an error: it is in the report.
pub async fn verify_with(
    db: &DatabaseConnection,
    trust: &Trust,
    mut progress: impl FnMut(String),
) -> Result<Report, DbErr> {
    let mut report = Report::default();
    match look(db, trust, &mut report, &mut progress).await {
        Ok(()) => {}
        Err(Halt::Fault(fault)) => report.fault = Some(fault),
        Err(Halt::Database(error)) => return Err(error),
    }
    Ok(report)
}

async fn look(
    db: &DatabaseConnection,
    trust: &Trust,
    report: &mut Report,
    progress: &mut dyn FnMut(String),
) -> Result<(), Halt> {
    // What is sealed meanwhile is read twice rather than not at all.
    journal::postings(db, report, progress).await?;
    chain::chain(db, trust, report, progress).await?;
    progress("audit 审计".to_owned());
    audit::unsealed(db, report).await?;
    journal::accounts(db, report, progress).await?;
    runs::runs(db, report, progress).await?;
    progress("periods and advanced costs 期间与垫付".to_owned());
    periods::periods(db).await?;
    periods::costs(db).await?;
    progress("orders 订单".to_owned());
    orders::orders(db).await?;
    progress("stock and budgets 库存与预算".to_owned());
    orders::stock(db).await?;
    orders::budgets(db).await?;
    progress("payouts and contributions 发放与帮扶贡献".to_owned());
    income::payouts(db).await?;
    offplatform::sales(db, report).await?;
    income::contributions(db).await?;
    progress("sums of reports 报表合计".to_owned());
    reports::sums(db, trust.since).await
}
