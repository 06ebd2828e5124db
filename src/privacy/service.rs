//! Notices, consents, reveals, and who saw what.

use super::error::PrivacyError;
use super::store::{self, AccessFilter};
use super::terms;
use super::view::{
    AccessQuery, AccessRecord, ConsentQuery, ConsentRecord, NewConsent, NewNotice, PrivacyNotice, RevealPurpose,
    RevealedHousehold, Withdrawal,
};
use crate::access::policy::{PublishNotice, RecordConsent, RevealHousehold, ViewAccessRecords, ViewConsents};
use crate::access::{Actor, Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::document;
use crate::household;
use crate::http::{Page, PageQuery};
use crate::problem::{Failure, FieldProblem, Problem, Text};
use crate::secrecy::Secrets;
use chrono::NaiveDate;
use entity::value::{
    AccessRecordId, ConsentEvent, ConsentId, ConsentMethod, HouseholdId, MemberId, NoticeId, ProcessingPurpose,
    business_date, business_day_begins,
};
use entity::{access_record, consent_record, household_member, privacy_notice};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// What a reveal shows.
const FIELDS: [&str; 5] = ["name", "id_number", "phone", "bank_account", "health"];

fn fault(pointer: &str, zh: &'static str, en: &'static str) -> PrivacyError {
    PrivacyError::Fields(vec![FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }])
}

/// Publishes the next version of a purpose's notice.
///
/// # Errors
/// Field problems; another was published at this moment.
pub(super) async fn publish(
    tx: &Tx,
    grant: &Grant<PublishNotice>,
    new: &NewNotice,
) -> Result<PrivacyNotice, PrivacyError> {
    for (pointer, list) in [("/recipients", &new.recipients), ("/data_categories", &new.data_categories)] {
        if !(1..=20).contains(&list.len()) {
            return Err(fault(pointer, "应有 1 至 20 项。", "There are 1 to 20 entries."));
        }
    }
    let version = store::newest_version(tx, new.purpose).await?.unwrap_or(0).saturating_add(1);
    let row = privacy_notice::Model {
        id: NoticeId::generate(),
        purpose: new.purpose,
        version,
        legal_basis: terms::basis(new.purpose),
        title: new.title.as_str().to_owned(),
        body: new.body.as_str().to_owned(),
        recipients: serde_json::to_string(&new.recipients)?,
        data_categories: serde_json::to_string(&new.data_categories)?,
        kept: new.kept.as_str().to_owned(),
        effective_from: new.effective_from,
        published_by: grant.person()?,
        published_at: tx.now(),
    };
    store::insert_notice(tx, row.clone()).await.map_err(|error| {
        let is_taken = db::is_duplicate(&error, "privacy_notice", &["purpose", "version"]);
        if is_taken { PrivacyError::NoticeExists } else { error.into() }
    })?;
    let after = json!({ "purpose": row.purpose, "version": row.version, "effective_from": row.effective_from });
    tx.audit(Change::made("privacy_notice.published", "privacy_notice", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// One page of notices, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list_notices(db: &impl ConnectionTrait, page: &PageQuery) -> Result<Page<PrivacyNotice>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_notices(db, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), PrivacyNotice::from))
}

/// Records that somebody agreed.
///
/// # Errors
/// Not found; a notice that does not fit; field problems.
pub(super) async fn give(
    tx: &Tx,
    grant: &Grant<RecordConsent>,
    household_id: HouseholdId,
    new: &NewConsent,
) -> Result<ConsentRecord, PrivacyError> {
    let members = members_in_reach(tx, grant.scope(), household_id).await?;
    let today = business_date(tx.now());
    if new.effective_from > today {
        return Err(fault("/effective_from", "生效日不能晚于今天。", "A consent does not begin in the future."));
    }
    if new.valid_until.is_some_and(|last| last < new.effective_from) {
        return Err(fault("/valid_until", "截止日不能早于生效日。", "It does not end before it begins."));
    }
    for (pointer, member) in [("/given_by", Some(new.given_by)), ("/member_id", new.member_id)] {
        refuse_strangers(pointer, member, &members)?;
    }
    if new.evidence_file_id.is_none() && new.method != ConsentMethod::Electronic {
        let (zh, en) = ("请上传签字文件或录音。", "Upload the signed paper or the recording.");
        return Err(fault("/evidence_file_id", zh, en));
    }
    require_evidence(tx, grant, new.evidence_file_id).await?;
    let notice = store::find_notices(tx, &[new.notice_id]).await?.remove(&new.notice_id);
    let notice = notice.filter(|notice| notice.effective_from <= new.effective_from);
    let notice = notice.ok_or(PrivacyError::NoticeUnfit)?;
    let row = consent_record::Model {
        id: ConsentId::generate(),
        household_id,
        member_id: new.member_id,
        notice_id: notice.id,
        event: ConsentEvent::Given,
        withdraws: None,
        given_by: new.given_by,
        method: new.method,
        evidence_file_id: new.evidence_file_id,
        effective_from: new.effective_from,
        valid_until: new.valid_until,
        received_by: grant.person()?,
        organisation_id: grant.organisation()?,
        recorded_at: tx.now(),
    };
    record(tx, "consent.given", &row).await?;
    Ok(ConsentRecord::of(row, notice, &[], today))
}

/// Records that a consent was taken back; the consent itself stays as it was given.
///
/// # Errors
/// Not found; withdrawn already; field problems.
pub(super) async fn withdraw(
    tx: &Tx,
    grant: &Grant<RecordConsent>,
    household_id: HouseholdId,
    id: ConsentId,
    new: &Withdrawal,
) -> Result<ConsentRecord, PrivacyError> {
    let members = members_in_reach(tx, grant.scope(), household_id).await?;
    let given = store::find_consent(tx, household_id, id).await?.filter(|row| row.event == ConsentEvent::Given);
    let given = given.ok_or(PrivacyError::NotFound)?;
    let today = business_date(tx.now());
    if new.effective_from > today {
        return Err(fault("/effective_from", "撤回生效日不能晚于今天。", "A withdrawal does not begin in the future."));
    }
    if new.effective_from < given.effective_from {
        let (zh, en) = ("撤回不能早于同意的生效日。", "A consent is not withdrawn before it began.");
        return Err(fault("/effective_from", zh, en));
    }
    refuse_strangers("/given_by", Some(new.given_by), &members)?;
    require_evidence(tx, grant, new.evidence_file_id).await?;
    let row = consent_record::Model {
        id: ConsentId::generate(),
        event: ConsentEvent::Withdrawn,
        withdraws: Some(given.id),
        given_by: new.given_by,
        method: new.method,
        evidence_file_id: new.evidence_file_id,
        effective_from: new.effective_from,
        valid_until: None,
        received_by: grant.person()?,
        organisation_id: grant.organisation()?,
        recorded_at: tx.now(),
        ..given
    };
    record(tx, "consent.withdrawn", &row).await?;
    let notice = store::find_notices(tx, &[row.notice_id]).await?.remove(&row.notice_id);
    Ok(ConsentRecord::of(row, notice.ok_or(PrivacyError::NotFound)?, &[], today))
}

async fn record(tx: &Tx, operation: &str, row: &consent_record::Model) -> Result<(), PrivacyError> {
    store::insert_consent(tx, row.clone()).await.map_err(|error| {
        let is_taken = db::is_duplicate(&error, "consent_record", &["withdraws"]);
        if is_taken { PrivacyError::Withdrawn } else { error.into() }
    })?;
    let after = json!({
        "household_id": row.household_id, "member_id": row.member_id, "notice_id": row.notice_id,
        "withdraws": row.withdraws, "effective_from": row.effective_from, "valid_until": row.valid_until,
    });
    tx.audit(Change::made(operation, "consent_record", row.id.uuid(), after)).await?;
    Ok(())
}

async fn members_in_reach(
    tx: &Tx,
    scope: &Scope,
    household_id: HouseholdId,
) -> Result<Vec<household_member::Model>, PrivacyError> {
    household::find_in(tx, scope, household_id).await?.ok_or(PrivacyError::NotFound)?;
    Ok(household::members(tx, household_id).await?)
}

fn refuse_strangers(
    pointer: &str,
    member: Option<MemberId>,
    members: &[household_member::Model],
) -> Result<(), PrivacyError> {
    if member.is_some_and(|id| members.iter().all(|member| member.id != id)) {
        return Err(fault(pointer, "该户没有这名成员。", "The household has no such member."));
    }
    Ok(())
}

async fn require_evidence(
    tx: &Tx,
    grant: &Grant<RecordConsent>,
    file: Option<entity::value::FileId>,
) -> Result<(), PrivacyError> {
    let files: Vec<_> = file.into_iter().collect();
    document::require_own(tx, grant.organisation()?, &files).await?;
    Ok(())
}

/// One page of a household's consent records, newest first.
///
/// # Errors
/// Not found; 400 for a bad page.
pub(super) async fn list_consents(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewConsents>,
    id: HouseholdId,
    query: &ConsentQuery,
    today: NaiveDate,
) -> Result<Page<ConsentRecord>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?);
    household::find_in(db, grant.scope(), id).await?.ok_or(PrivacyError::NotFound)?;
    let rows = store::list_consents(db, id, query.purpose, after, limit + 1).await?;
    let ids: Vec<ConsentId> = rows.iter().map(|row| row.id).collect();
    let withdrawals = store::withdrawals_of(db, &ids).await?;
    let notices: Vec<NoticeId> = rows.iter().map(|row| row.notice_id).collect();
    let notices = store::find_notices(db, &notices).await?;
    let day = query.on.unwrap_or(today);
    let rows: Vec<_> = rows.into_iter().filter_map(|row| Some((notices.get(&row.notice_id)?.clone(), row))).collect();
    Ok(Page::of(
        rows,
        limit,
        |(_, row)| row.id.uuid(),
        |(notice, row)| ConsentRecord::of(row, notice, &withdrawals, day),
    ))
}

/// The consents of these households for a purpose that hold on a day. For other domains, before they share anything.
///
/// # Errors
/// When the database cannot be asked.
pub async fn consents_on(
    db: &impl ConnectionTrait,
    households: &[HouseholdId],
    purpose: ProcessingPurpose,
    day: NaiveDate,
) -> Result<Vec<consent_record::Model>, sea_orm::DbErr> {
    let given = store::given_on(db, households, purpose, day).await?;
    let ids: Vec<ConsentId> = given.iter().map(|row| row.id).collect();
    let withdrawals = store::withdrawals_of(db, &ids).await?;
    Ok(given.into_iter().filter(|row| terms::holds_on(row, &withdrawals, day)).collect())
}

/// Refuses a use of a household's data for a purpose that needs consent when none of its consents holds on the day.
///
/// # Errors
/// [`PrivacyError::ConsentMissing`].
pub async fn require_consent(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    purpose: ProcessingPurpose,
    day: NaiveDate,
) -> Result<(), PrivacyError> {
    if terms::needs_consent(purpose) && consents_on(db, &[household], purpose, day).await?.is_empty() {
        return Err(PrivacyError::ConsentMissing);
    }
    Ok(())
}

/// A household's personal data in full; who asked, and what for, is recorded where the county can list it.
///
/// # Errors
/// Not found; no purpose; no consent for a purpose that needs one.
pub(super) async fn reveal(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<RevealHousehold>,
    id: HouseholdId,
    wanted: &RevealPurpose,
) -> Result<RevealedHousehold, PrivacyError> {
    let household = household::find_in(tx, grant.scope(), id).await?.ok_or(PrivacyError::NotFound)?;
    let reason = wanted.purpose.trim();
    if !(5..=200).contains(&reason.chars().count()) {
        let (zh, en) = ("请以 5 至 200 个字说明用途。", "Say the purpose in 5 to 200 characters.");
        return Err(fault("/purpose", zh, en));
    }
    let mut members = household::members(tx, id).await?;
    if terms::needs_consent(wanted.purpose_kind) {
        let holding = consents_on(tx, &[id], wanted.purpose_kind, business_date(tx.now())).await?;
        let covered = terms::covered(&holding, &members);
        members.retain(|member| covered.contains(&member.id));
        if members.is_empty() {
            return Err(PrivacyError::ConsentMissing);
        }
    }
    let seen = Seen { household: &household, members: members.len() };
    let recorded = record_access(tx, &[seen], wanted.purpose_kind, reason, &FIELDS).await?;
    let access_record_id = *recorded.first().ok_or(PrivacyError::NotFound)?;
    let shown = json!({
        "members": members.len(), "fields": FIELDS, "purpose": wanted.purpose_kind, "access_record": access_record_id,
    });
    tx.audit(Change::made("household.revealed", "household", id.uuid(), shown).because(reason)).await?;
    let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let mut healths = household::history::healths(tx, secrets, &ids, business_date(tx.now())).await?;
    let mut members = household::open_members(secrets, members)?;
    for member in &mut members {
        member.health = healths.remove(&member.id);
    }
    Ok(RevealedHousehold { id, number: household.number, members, access_record_id })
}

/// Of which household, and of how many members, personal data is seen in full.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The household.
    pub household: &'a entity::household::Model,
    /// How many members.
    pub members: usize,
}

/// Records, for the county of each household, that somebody sees personal data of it in full. For other domains too:
/// whoever shows or hands on what is under the mask calls this in the same transaction. Work of the house itself, which
/// nobody sees, records nothing.
///
/// # Errors
/// When the database refuses.
pub async fn record_access(
    tx: &Tx,
    seen: &[Seen<'_>],
    purpose: ProcessingPurpose,
    reason: &str,
    fields: &[&str],
) -> Result<Vec<AccessRecordId>, sea_orm::DbErr> {
    let Actor::Member(member) = tx.actor() else { return Ok(Vec::new()) };
    let fields = serde_json::to_string(fields).map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?;
    let row = |seen: &Seen<'_>| access_record::Model {
        id: AccessRecordId::generate(),
        household_id: seen.household.id,
        county_code: seen.household.county_code.clone(),
        person_id: member.person,
        organisation_id: member.organisation,
        role: member.role,
        purpose,
        reason: reason.to_owned(),
        fields: fields.clone(),
        members: i32::try_from(seen.members).unwrap_or(i32::MAX),
        request_id: tx.request().to_owned(),
        address: tx.address().map(str::to_owned),
        at: tx.now(),
    };
    let rows: Vec<_> = seen.iter().map(row).collect();
    let ids = rows.iter().map(|row| row.id).collect();
    store::insert_access(tx, rows).await?;
    Ok(ids)
}

/// One page of access records, of a household or of the whole reach, newest first.
///
/// # Errors
/// Not found; 400 for a bad page or period.
pub(super) async fn list_access(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewAccessRecords>,
    household: Option<HouseholdId>,
    query: &AccessQuery,
) -> Result<Page<AccessRecord>, Failure> {
    let AccessQuery { limit, cursor, person_id, purpose, from, to } = query.clone();
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        let (zh, en) = ("起始日不能晚于截止日。", "The period does not end before it begins.");
        return Err(Problem::invalid("?from", zh, en).into());
    }
    if let Some(id) = household {
        household::find_in(db, grant.scope(), id).await?.ok_or(PrivacyError::NotFound)?;
    }
    let wanted = AccessFilter {
        household,
        person: person_id,
        purpose,
        from: from.map(business_day_begins),
        until: to.and_then(|day| day.succ_opt()).map(business_day_begins),
    };
    let rows = store::list_access(db, grant.scope(), &wanted, after, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), AccessRecord::from))
}
