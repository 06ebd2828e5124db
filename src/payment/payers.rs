//! Declared payers (约定付款人): in whose name else a buyer's money may come, such as the treasury that pays for it, its
//! finance department or a parent.
//!
//! Promises: money pays an order by itself only in the name of its buyer, or of somebody the buyer declared; whoever is
//! declared with an account pays from that account. Account numbers are sealed, and shown masked: a payer may be a person.

use super::matching::{Payer, Payers};
use super::{PaymentError, store};
use crate::access::Grant;
use crate::access::policy::{DeclarePayer as MayDeclare, ViewDeclaredPayer};
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery, Words};
use crate::organisation;
use crate::problem::{Failure, Text};
use crate::secrecy::{Place, Secrets};
use chrono::{DateTime, Utc};
use entity::declared_payer;
use entity::value::person::PersonalField;
use entity::value::{DeclaredPayerId, OrganisationId, PersonId};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// In whose name else your organisation's money may come.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarePayer {
    /// The name as it stands on bank statements.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "某县国库支付中心")]
    pub payer_name: Words<200>,
    /// The account they pay from, 6 to 32 digits; with it, money from no other account is taken for theirs where the bank
    /// says the account.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 64, example = "6222020100012345672")]
    pub account: Option<Words<64>>,
    /// The bank that keeps it (开户行).
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, example = "中国农业银行雷山县支行")]
    pub bank_name: Option<Words<200>>,
    /// Why they pay.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "货款由国库集中支付")]
    pub reason: Words<500>,
}

/// In whose name else a buyer's money may come (约定付款人).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeclaredPayer {
    /// Its identifier.
    pub id: DeclaredPayerId,
    /// The buyer.
    pub buyer_id: OrganisationId,
    /// The name on bank statements.
    pub payer_name: String,
    /// The account they pay from, masked.
    #[schema(example = "6222***********5672")]
    pub account: Option<String>,
    /// The bank that keeps it.
    #[schema(example = "中国农业银行雷山县支行")]
    pub bank_name: Option<String>,
    /// Why they pay.
    pub reason: String,
    /// Who declared it.
    pub declared_by: PersonId,
    /// When.
    pub declared_at: DateTime<Utc>,
    /// When that was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl DeclaredPayer {
    fn of(row: declared_payer::Model, secrets: &Secrets) -> Result<Self, PaymentError> {
        let declared_payer::Model {
            id,
            buyer_id,
            payer_name,
            account_cipher,
            bank_name,
            reason,
            declared_by,
            declared_at,
            ended_at,
        } = row;
        let account = account_cipher.map(|sealed| secrets.open(payer_place(id), &sealed)).transpose()?;
        let account = account.map(|account| PersonalField::BankAccount.masked(&account));
        Ok(Self { id, buyer_id, payer_name, account, bank_name, reason, declared_by, declared_at, ended_at })
    }
}

/// Where the account number of a declared payer lives.
fn payer_place(id: DeclaredPayerId) -> Place {
    Place { table: "declared_payer", row: id.uuid(), column: "account_cipher" }
}

/// Declares in whose name else one's own money may come.
///
/// # Errors
/// It was declared before.
pub(super) async fn declare(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayDeclare>,
    wanted: &DeclarePayer,
) -> Result<DeclaredPayer, PaymentError> {
    let id = DeclaredPayerId::generate();
    let account = wanted.account.as_ref().map(|account| checked_account(account.as_str())).transpose()?;
    let row = declared_payer::Model {
        id,
        buyer_id: grant.organisation()?,
        payer_name: wanted.payer_name.as_str().to_owned(),
        account_cipher: account.map(|account| secrets.seal(payer_place(id), &account)).transpose()?,
        bank_name: wanted.bank_name.as_ref().map(|name| name.as_str().to_owned()),
        reason: wanted.reason.as_str().to_owned(),
        declared_by: grant.person()?,
        declared_at: tx.now(),
        ended_at: None,
    };
    store::insert_payer(tx, row.clone()).await.map_err(|error| {
        let is_there = db::is_duplicate(&error, "declared_payer", &["buyer_id", "payer_name"]);
        if is_there { PaymentError::PayerDeclared } else { error.into() }
    })?;
    let after = json!({ "buyer_id": row.buyer_id });
    tx.audit(Change::made("payer.declare", "declared_payer", row.id.uuid(), after)).await?;
    DeclaredPayer::of(row, secrets)
}

/// An account number without the blanks and strokes it is written with: 6 to 32 digits.
fn checked_account(text: &str) -> Result<String, PaymentError> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if (6..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(digits);
    }
    let detail = Text::new("账号应为 6 至 32 位数字。", "An account number has 6 to 32 digits.");
    Err(PaymentError::Field { pointer: "/account", detail })
}

/// Who may pay for each of these buyers: itself, and whom it declared. Two questions, whatever their number.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn of_buyers(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    buyers: &[OrganisationId],
) -> Result<Payers, PaymentError> {
    let mut payers = Payers::new();
    if buyers.is_empty() {
        return Ok(payers);
    }
    for buyer in organisation::find_many(db, buyers).await? {
        payers.entry(buyer.id).or_default().push(Payer { name: buyer.name, account: None });
    }
    for row in store::payers_of(db, buyers).await? {
        let sealed = row.account_cipher.as_deref();
        let account = sealed.map(|sealed| secrets.open(payer_place(row.id), sealed)).transpose()?;
        payers.entry(row.buyer_id).or_default().push(Payer { name: row.payer_name, account });
    }
    Ok(payers)
}

/// Ends a declaration; what was paid under it stays paid.
///
/// # Errors
/// Not found, out of reach, or ended before.
pub(super) async fn end(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayDeclare>,
    id: DeclaredPayerId,
) -> Result<DeclaredPayer, PaymentError> {
    let row = store::hold_payer(tx, grant.scope(), id).await?.ok_or(PaymentError::NotFound)?;
    if row.ended_at.is_some() {
        return Err(PaymentError::NotFound);
    }
    let ended = declared_payer::Model { ended_at: Some(tx.now()), ..row };
    store::end_payer(tx, &ended).await?;
    tx.audit(Change::moved("payer.end", "declared_payer", id.uuid(), "declared", "ended")).await?;
    DeclaredPayer::of(ended, secrets)
}

/// Declarations in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    grant: &Grant<ViewDeclaredPayer>,
    page: &PageQuery,
) -> Result<Page<DeclaredPayer>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_payers(db, grant.scope(), page.after()?, limit + 1).await.map_err(PaymentError::from)?;
    let shown = rows.into_iter().map(|row| DeclaredPayer::of(row, secrets)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::of(shown, limit, |payer| payer.id.uuid(), |payer| payer))
}
