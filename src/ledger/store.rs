//! Writes postings and reads balances: the only statements over `account`, `entry` and `posting`.

use super::posting::{Balanced, Format};
use super::{Account, Balance, LedgerError, Posting, Salt, read_salt};
use crate::db::dialect::sum_as_integer;
use crate::db::{self, Tx};
use crate::secrecy;
use chrono::NaiveDate;
use entity::value::{
    AccountId, AccountKind, AgreementId, Fen, HouseholdId, PostingId, Side, SupplierOrderId, Timestamp,
};
use entity::{account, entry, posting};
use sea_orm::sea_query::{Expr, OnConflict, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use std::collections::{BTreeMap, HashMap};

mod columns;
mod drawn;

pub use drawn::{Drawn, draw};

/// SQLite takes 32,766 bound values a statement; one size for all statements keeps prepared statements few.
const BOUND_VALUES: usize = 30_000;
const ACCOUNT_COLUMNS: usize = 7;
const ENTRY_COLUMNS: usize = 6;
const POSTING_COLUMNS: usize = 10;

/// Posts once: the same cause again gives the posting that exists.
///
/// # Errors
/// [`LedgerError::Duplicate`] when the cause has posted something else, [`LedgerError::Overdrawn`] when a guarded
/// account would fall below nothing, and what [`Posting::build`] refuses.
pub async fn post(tx: &Tx, posting: Posting) -> Result<PostingId, LedgerError> {
    let mut ids = post_all(tx, vec![posting]).await?;
    ids.pop().ok_or_else(|| LedgerError::Empty { cause: String::new() })
}

/// Posts several at once, locking their accounts in one order; identifiers come back in the order given.
///
/// Who posts more than once in a transaction does it here: two calls would lock accounts in two orders.
///
/// # Errors
/// As [`post`]; nothing is posted when one is refused.
pub async fn post_all(tx: &Tx, postings: Vec<Posting>) -> Result<Vec<PostingId>, LedgerError> {
    let balanced = postings.into_iter().map(Posting::build).collect::<Result<Vec<_>, _>>()?;
    let causes = balanced.iter().map(|posting| posting.cause.as_str());
    let earlier = posting::Entity::find().filter(posting::Column::Cause.is_in(causes)).all(tx).await?;
    let mut known: HashMap<String, Known> = earlier.into_iter().map(Known::of).collect();
    let mut ids = Vec::with_capacity(balanced.len());
    let mut fresh = Vec::with_capacity(balanced.len());
    for posting in balanced {
        let id = match known.get(&posting.cause) {
            Some(known) if known.digest == posting.digest(known.format()) => known.id,
            Some(known) => return Err(LedgerError::Duplicate(known.id)),
            None => {
                let fresh_one = Fresh::of(posting, tx.now())?;
                let Fresh { id, salt, digest, posting } = &fresh_one;
                let (id, digest) = (*id, digest.clone());
                let written = Known { id, digest, salt: Some(*salt), ruled_at: Some(tx.now()) };
                known.insert(posting.cause.clone(), written);
                fresh.push(fresh_one);
                id
            }
        };
        ids.push(id);
    }
    write(tx, &fresh).await?;
    Ok(ids)
}

/// Posts for a cause that came into being in this transaction, and so cannot have posted before: no look-up.
///
/// # Errors
/// As [`post`].
pub async fn post_first(tx: &Tx, posting: Posting) -> Result<PostingId, LedgerError> {
    let fresh = Fresh::of(posting.build()?, tx.now())?;
    let id = fresh.id;
    write(tx, &[fresh]).await?;
    Ok(id)
}

/// A posting that is there, as far as its fingerprint can be made again.
struct Known {
    id: PostingId,
    digest: String,
    salt: Option<Salt>,
    /// When it was written, where its fingerprint covers that.
    ruled_at: Option<Timestamp>,
}

impl Known {
    fn of(row: posting::Model) -> (String, Self) {
        let salt = row.salt.as_deref().and_then(read_salt);
        let ruled_at = row.rule_version.map(|_| row.posted_at);
        (row.cause, Self { id: row.id, digest: row.digest, salt, ruled_at })
    }

    fn format(&self) -> Format<'_> {
        match (&self.salt, self.ruled_at) {
            (None, _) => Format::First,
            (Some(salt), None) => Format::Second(salt),
            (Some(salt), Some(posted_at)) => Format::Third(salt, posted_at),
        }
    }
}

/// A posting about to be written.
struct Fresh {
    id: PostingId,
    salt: Salt,
    digest: String,
    posting: Balanced,
}

impl Fresh {
    fn of(posting: Balanced, now: Timestamp) -> Result<Self, LedgerError> {
        let salt = secrecy::random_bytes()?;
        let digest = posting.digest(Format::Third(&salt, now));
        Ok(Self { id: PostingId::generate(), salt, digest, posting })
    }
}

/// Accounts first, in ascending order, which locks them; then the entries; then the postings, which close them.
async fn write(tx: &Tx, postings: &[Fresh]) -> Result<(), LedgerError> {
    let (accounts, entries) = (account_rows(postings)?, entry_rows(postings)?);
    if tx.get_database_backend() == DbBackend::Postgres {
        columns::insert_accounts(tx, &accounts).await.map_err(refused_account)?;
        columns::insert_entries(tx, &entries).await?;
    } else {
        for rows in accounts.chunks(BOUND_VALUES / ACCOUNT_COLUMNS) {
            let added = OnConflict::column(account::Column::Id)
                .value(account::Column::DebitFen, Expr::cust(r#""account"."debit_fen" + "excluded"."debit_fen""#))
                .value(account::Column::CreditFen, Expr::cust(r#""account"."credit_fen" + "excluded"."credit_fen""#))
                .to_owned();
            account::Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
                .on_conflict(added)
                .exec_without_returning(tx)
                .await
                .map_err(refused_account)?;
        }
        for rows in entries.chunks(BOUND_VALUES / ENTRY_COLUMNS) {
            let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
            entry::Entity::insert_many(rows).exec_without_returning(tx).await?;
        }
    }
    for some in postings.chunks(BOUND_VALUES / POSTING_COLUMNS) {
        let rows = some.iter().map(|fresh| posting_row(tx.now(), fresh).into_active_model());
        posting::Entity::insert_many(rows).exec_without_returning(tx).await.map_err(|error| {
            if db::is_duplicate(&error, "posting", &["cause"]) { LedgerError::Racing(error) } else { error.into() }
        })?;
    }
    Ok(())
}

/// The guard is a trigger, whose refusal begins with its name on both databases.
fn refused_account(error: DbErr) -> LedgerError {
    if error.to_string().contains("ck_account_guard") { LedgerError::Overdrawn } else { error.into() }
}

/// One row an account, with what all postings move it by, in ascending order of ids.
fn account_rows(postings: &[Fresh]) -> Result<Vec<account::Model>, LedgerError> {
    let mut moved: BTreeMap<AccountId, (Account, Balance)> = BTreeMap::new();
    for entry in postings.iter().flat_map(|fresh| &fresh.posting.entries) {
        let (_, sums) = moved.entry(entry.account.id()).or_insert((entry.account, Balance::default()));
        match entry.line.side {
            Side::Debit => sums.debit = sums.debit.checked_add(entry.line.amount)?,
            Side::Credit => sums.credit = sums.credit.checked_add(entry.line.amount)?,
        }
    }
    Ok(moved.into_values().map(|(account, sums)| account.moved_by(sums.debit.get(), sums.credit.get())).collect())
}

fn entry_rows(postings: &[Fresh]) -> Result<Vec<entry::Model>, LedgerError> {
    let mut rows = Vec::new();
    for Fresh { id, posting, .. } in postings {
        for (index, entry) in posting.entries.iter().enumerate() {
            let line_no = i32::try_from(index + 1).map_err(|_| entity::value::Overflow)?;
            rows.push(entry::Model {
                posting_id: *id,
                line_no,
                account_id: entry.line.account,
                side: entry.line.side,
                amount_fen: entry.line.amount,
                supplier_order_id: entry.line.supplier_order,
            });
        }
    }
    Ok(rows)
}

fn posting_row(now: Timestamp, fresh: &Fresh) -> posting::Model {
    let Fresh { id, salt, digest, posting } = fresh;
    posting::Model {
        id: *id,
        cause: posting.cause.clone(),
        kind: posting.kind.to_owned(),
        business_date: posting.business_date,
        posted_at: now,
        object_id: posting.object,
        digest: digest.clone(),
        salt: Some(hex::encode(salt)),
        rule_version: Some(posting.rule_version.to_owned()),
        inputs_hash: Some(posting.inputs_hash.clone()),
    }
}

/// Locks accounts until the transaction ends, in ascending order: for who decides by what stands on them before
/// posting. Whoever posts to others as well names those too, so that all locks are taken in one order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold(tx: &Tx, accounts: &[Account]) -> Result<(), LedgerError> {
    let mut ids: Vec<AccountId> = accounts.iter().map(Account::id).collect();
    ids.sort_unstable();
    ids.dedup();
    for some in ids.chunks(BOUND_VALUES) {
        account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::Column::Id.is_in(some.iter().copied()))
            .order_by_asc(account::Column::Id)
            .lock_exclusive()
            .into_tuple::<AccountId>()
            .all(tx)
            .await?;
    }
    Ok(())
}

/// The running sums of an account; nothing on both sides when it was never moved.
///
/// # Errors
/// When the database cannot be asked.
pub async fn balance(db: &impl ConnectionTrait, account: &Account) -> Result<Balance, LedgerError> {
    Ok(balances(db, std::slice::from_ref(account)).await?.remove(&account.id()).unwrap_or_default())
}

/// The running sums of several accounts; each of them is in the answer.
///
/// # Errors
/// When the database cannot be asked.
pub async fn balances(
    db: &impl ConnectionTrait,
    accounts: &[Account],
) -> Result<HashMap<AccountId, Balance>, LedgerError> {
    let mut sums: HashMap<AccountId, Balance> = accounts.iter().map(|a| (a.id(), Balance::default())).collect();
    for some in accounts.chunks(BOUND_VALUES) {
        let ids = some.iter().map(Account::id);
        for row in account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await? {
            sums.insert(row.id, Balance::try_from(&row)?);
        }
    }
    Ok(sums)
}

/// What one supplier order moved on an account.
///
/// # Errors
/// When the database cannot be asked.
pub async fn balance_of_order(
    db: &impl ConnectionTrait,
    account: &Account,
    order: SupplierOrderId,
) -> Result<Balance, LedgerError> {
    let entries = entry::Entity::find()
        .filter(entry::Column::SupplierOrderId.eq(order))
        .filter(entry::Column::AccountId.eq(account.id()));
    let mut sums = Balance::default();
    for entry in entries.all(db).await? {
        match entry.side {
            Side::Debit => sums.debit = sums.debit.checked_add(entry.amount_fen)?,
            Side::Credit => sums.credit = sums.credit.checked_add(entry.amount_fen)?,
        }
    }
    Ok(sums)
}

/// What stands on the debit side of an account, as an expression for a query over another table; null when the
/// account was never moved. Saves hot paths a statement.
#[must_use]
pub fn net_debit(account: &Account) -> SimpleExpr {
    let sum = account::Entity::find()
        .select_only()
        .expr(Expr::cust(r#""account"."debit_fen" - "account"."credit_fen""#))
        .filter(account::Column::Id.eq(account.id()))
        .into_query();
    SimpleExpr::SubQuery(None, Box::new(sum.into()))
}

/// An account of a household: what was promised, or earned, under one agreement.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct HouseholdAccount {
    /// Its identifier.
    pub id: AccountId,
    /// What it counts.
    pub kind: AccountKind,
    /// The agreement.
    pub part_id: AgreementId,
}

/// The accounts of a household.
///
/// # Errors
/// When the database cannot be asked.
pub async fn household_accounts(
    db: &impl ConnectionTrait,
    household: HouseholdId,
) -> Result<Vec<HouseholdAccount>, DbErr> {
    account::Entity::find()
        .filter(account::Column::OwnerId.eq(household.uuid()))
        .filter(account::Column::Kind.is_in([AccountKind::HouseholdPromised, AccountKind::HouseholdPayable]))
        .order_by_asc(account::Column::Id)
        .into_model()
        .all(db)
        .await
}

/// The postings that move any of these accounts on a day between two, in the order of their identifiers.
///
/// # Errors
/// When the database cannot be asked.
pub async fn postings_on(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<PostingId>, DbErr> {
    let to_posting = entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id);
    entry::Entity::find()
        .select_only()
        .column(entry::Column::PostingId)
        .distinct()
        .join(JoinType::InnerJoin, to_posting.into())
        .filter(entry::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(posting::Column::BusinessDate.between(first, last))
        .order_by_asc(entry::Column::PostingId)
        .into_tuple()
        .all(db)
        .await
}

/// The running sums of several accounts as they were before a day began, in one statement; each is in the answer.
///
/// # Errors
/// When the database cannot be asked.
pub async fn balances_before(
    db: &impl ConnectionTrait,
    accounts: &[Account],
    day: NaiveDate,
) -> Result<HashMap<AccountId, Balance>, LedgerError> {
    let sum = Expr::cust(sum_as_integer(db.get_database_backend(), r#""entry"."amount_fen""#));
    let to_posting = entry::Entity::belongs_to(posting::Entity).from(entry::Column::PostingId).to(posting::Column::Id);
    let rows: Vec<(AccountId, Side, i64)> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::AccountId, entry::Column::Side])
        .expr_as(sum, "amount_fen")
        .join(JoinType::InnerJoin, to_posting.into())
        .filter(entry::Column::AccountId.is_in(accounts.iter().map(Account::id)))
        .filter(posting::Column::BusinessDate.lt(day))
        .group_by(entry::Column::AccountId)
        .group_by(entry::Column::Side)
        .into_tuple()
        .all(db)
        .await?;
    let mut sums: HashMap<AccountId, Balance> = accounts.iter().map(|a| (a.id(), Balance::default())).collect();
    for (account, side, amount) in rows {
        let sum = sums.entry(account).or_default();
        match side {
            Side::Debit => sum.debit = Fen::new(amount)?,
            Side::Credit => sum.credit = Fen::new(amount)?,
        }
    }
    Ok(sums)
}

/// Postings with all their lines in order. For few at a time: an order may have thousands of lines.
///
/// # Errors
/// When the database cannot be asked.
pub async fn whole_postings(
    db: &impl ConnectionTrait,
    ids: &[PostingId],
) -> Result<Vec<(posting::Model, Vec<entry::Model>)>, DbErr> {
    let mut lines: BTreeMap<PostingId, Vec<entry::Model>> = BTreeMap::new();
    let of_these = entry::Entity::find().filter(entry::Column::PostingId.is_in(ids.iter().copied()));
    for line in of_these.order_by_asc(entry::Column::LineNo).all(db).await? {
        lines.entry(line.posting_id).or_default().push(line);
    }
    let postings = posting::Entity::find().filter(posting::Column::Id.is_in(ids.iter().copied()));
    let postings = postings.order_by_asc(posting::Column::Id).all(db).await?;
    Ok(postings.into_iter().map(|row| (lines.remove(&row.id).unwrap_or_default(), row)).map(|(l, p)| (p, l)).collect())
}

/// Makes the running sums of every account anew from its entries, and tells how many of them were wrong.
///
/// Nothing is posted meanwhile: whoever posts waits. On a long journal this takes its time.
///
/// # Errors
/// When the database refuses.
pub async fn rebuild(tx: &Tx) -> Result<u64, DbErr> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        tx.execute_unprepared("set local statement_timeout = 0").await?;
        tx.execute_unprepared("lock table account in share row exclusive mode").await?;
    }
    let sum =
        |side: &str| sum_as_integer(backend, &format!("case when e.side = '{side}' then e.amount_fen else 0 end"));
    let sql = format!(
        "update account set debit_fen = s.debit, credit_fen = s.credit
         from (select a.id, {} as debit, {} as credit from account a left join entry e on e.account_id = a.id
               group by a.id) s
         where s.id = account.id and (account.debit_fen <> s.debit or account.credit_fen <> s.credit)",
        sum("debit"),
        sum("credit")
    );
    Ok(tx.execute_unprepared(&sql).await?.rows_affected())
}
