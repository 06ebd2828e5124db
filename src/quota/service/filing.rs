//! Filings: begin, change, hand in, review, open again, show.

use super::rule_of;
use crate::access::policy::{FileQuota, ReviewQuota, ViewQuota};
use crate::access::{AccessError, Action, Grant, Scope, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::{Failure, FieldProblem, Text};
use crate::quota::rule::{self, Filed, Finding, Representative, Rule, Surroundings};
use crate::quota::state::{Step, next};
use crate::quota::view::{AmendFiling, Filing, FilingDetail, FilingFilter, NewFiling, WriteFiling};
use crate::quota::{QuotaError, store};
use crate::{document, organisation};
use chrono::NaiveDate;
use entity::value::{
    Fen, FileId, FilingKind, FilingState, OrganisationId, OrganisationKind, PurchaseChannel, QuotaFigure, QuotaFilingId,
};
use entity::{quota_filing, quota_filing_step};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

/// Begins the filing of one's own unit for a year, from what is given or from last year's.
///
/// # Errors
/// No unit that files; a year that makes no sense; the unit filed for it; nothing given and nothing filed last year.
pub async fn begin(tx: &Tx, grant: &Grant<FileQuota>, wanted: &NewFiling) -> Result<Filing, QuotaError> {
    let unit = grant.organisation()?;
    let kind = organisation::find(tx, unit).await?.map(|unit| unit.kind);
    if !matches!(kind, Some(OrganisationKind::BudgetUnit | OrganisationKind::SupervisingUnit)) {
        return Err(AccessError::Forbidden { action: FileQuota::NAME }.into());
    }
    if !(2000..=2100).contains(&wanted.year) {
        return Err(field("/year", "年度应在 2000 至 2100 之间。", "The year lies between 2000 and 2100."));
    }
    let empty = quota_filing::Model {
        id: QuotaFilingId::generate(),
        unit_id: unit,
        year: wanted.year,
        kind: FilingKind::HasCanteen,
        state: FilingState::Draft,
        canteen_total_fen: Fen::ZERO,
        canteen_reserved_fen: Fen::ZERO,
        union_total_fen: Fen::ZERO,
        union_reserved_fen: Fen::ZERO,
        diners: 0,
        representative_id: None,
        executing_body: None,
        note: None,
        amendments: 0,
        created_at: tx.now(),
        version: 1,
    };
    let row = match &wanted.content {
        Some(content) => written(empty, content)?,
        None => {
            let before = store::filings_of(tx, wanted.year - 1, &[unit]).await?.pop();
            let before = before.ok_or_else(|| {
                field("/content", "上年没有填报可沿用，请填写内容。", "Nothing was filed last year; give the content.")
            })?;
            quota_filing::Model {
                id: empty.id,
                year: empty.year,
                state: empty.state,
                note: None,
                amendments: 0,
                created_at: empty.created_at,
                version: 1,
                ..before
            }
        }
    };
    store::insert_filing(tx, row.clone()).await.map_err(|error| {
        let exists = db::is_duplicate(&error, "quota_filing", &["unit_id", "year"]);
        if exists { QuotaError::FilingExists } else { error.into() }
    })?;
    let after = json!({ "unit_id": unit, "year": row.year, "kind": row.kind });
    tx.audit(Change::made("quota.filing_begin", "quota_filing", row.id.uuid(), after)).await?;
    Ok(row.into())
}

fn field(pointer: &str, zh: &'static str, en: &'static str) -> QuotaError {
    QuotaError::Fields(vec![FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }])
}

/// A filing with other content; what contradicts itself is refused at once, the rest is found when it is handed in.
fn written(row: quota_filing::Model, content: &WriteFiling) -> Result<quota_filing::Model, QuotaError> {
    let mut faults = Vec::new();
    let mut fault = |is_wrong: bool, pointer: &str, zh: &'static str, en: &'static str| {
        if is_wrong {
            faults.push(FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) });
        }
    };
    let (more_zh, more_en) = ("预留份额不能多于采购总额。", "No more is reserved than is bought.");
    fault(content.canteen_reserved_fen > content.canteen_total_fen, "/canteen_reserved_fen", more_zh, more_en);
    fault(content.union_reserved_fen > content.union_total_fen, "/union_reserved_fen", more_zh, more_en);
    let people = !(0..=1_000_000).contains(&content.diners);
    fault(people, "/diners", "就餐人数应在 0 至 1000000 之间。", "The diners lie between 0 and 1000000.");
    let is_represented = content.kind == FilingKind::SharedRepresented;
    fault(
        content.representative_id.is_some() && !is_represented,
        "/representative_id",
        "只有由他单位填报的，才填写代为填报的单位。",
        "Only a unit that is represented names the one that files for it.",
    );
    fault(
        content.representative_id == Some(row.unit_id),
        "/representative_id",
        "单位不能由自己代为填报。",
        "A unit does not represent itself.",
    );
    if !faults.is_empty() {
        return Err(QuotaError::Fields(faults));
    }
    Ok(quota_filing::Model {
        kind: content.kind,
        canteen_total_fen: content.canteen_total_fen,
        canteen_reserved_fen: content.canteen_reserved_fen,
        union_total_fen: content.union_total_fen,
        union_reserved_fen: content.union_reserved_fen,
        diners: content.diners,
        representative_id: content.representative_id,
        executing_body: content.executing_body.as_ref().map(|text| text.as_str().to_owned()),
        note: content.note.as_ref().map(|text| text.as_str().to_owned()),
        ..row
    })
}

/// Changes a draft, or what was sent back.
///
/// # Errors
/// Not found; another version or state; content that contradicts itself.
pub async fn change(
    tx: &Tx,
    grant: &Grant<FileQuota>,
    id: QuotaFilingId,
    seen: IfMatch,
    content: &WriteFiling,
) -> Result<Filing, QuotaError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    next(row.state, Step::Change)?;
    let saved = store::save_filing(tx, written(row, content)?).await?;
    let after = json!({
        "kind": saved.kind, "canteen_total_fen": saved.canteen_total_fen, "diners": saved.diners,
        "canteen_reserved_fen": saved.canteen_reserved_fen, "union_reserved_fen": saved.union_reserved_fen,
    });
    tx.audit(Change::made("quota.filing_change", "quota_filing", id.uuid(), after)).await?;
    Ok(saved.into())
}

async fn hold(tx: &Tx, scope: &Scope, id: QuotaFilingId, seen: IfMatch) -> Result<quota_filing::Model, QuotaError> {
    let row = store::hold_filing(tx, scope, id).await?.ok_or(QuotaError::NotFound)?;
    seen.check(row.version).map_err(QuotaError::Stale)?;
    Ok(row)
}

/// Hands a filing in, when nothing is wrong with it and what is remarkable is explained.
///
/// # Errors
/// Not found; another version or state; no policy applies; [`QuotaError::Faulty`] with everything that is wrong.
pub async fn submit(
    tx: &Tx,
    grant: &Grant<FileQuota>,
    id: QuotaFilingId,
    seen: IfMatch,
) -> Result<FilingDetail, QuotaError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let to = next(row.state, Step::Submit)?;
    let unit = organisation::find(tx, row.unit_id).await?.ok_or(QuotaError::NotFound)?;
    let (rule, _) = rule_of(tx, &unit.division_code, row.year).await?.ok_or(QuotaError::NoPolicy)?;
    let findings = findings_of(tx, &rule, &row).await?;
    let is_explained = row.note.is_some();
    let open: Vec<Finding> = findings.into_iter().filter(|found| found.is_error || !is_explained).collect();
    if !open.is_empty() {
        return Err(QuotaError::Faulty(open));
    }
    moved(tx, grant.organisation()?, grant.person()?, row, (Step::Submit, to), (None, None)).await
}

/// Confirms a filing of a unit below, as the unit above or as the finance department.
///
/// # Errors
/// Not found; one's own; another version or state; neither a supervising unit nor a finance department.
pub async fn confirm(
    tx: &Tx,
    grant: &Grant<ReviewQuota>,
    id: QuotaFilingId,
    seen: IfMatch,
) -> Result<FilingDetail, QuotaError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let step = reviewing(tx, grant, &row).await?;
    let to = next(row.state, step)?;
    // Whoever handed it in this time, and whoever confirmed it before, is not who confirms it now.
    let steps = store::steps_of(tx, id).await?;
    let handed_in = steps.iter().rposition(|step| step.to_state == FilingState::Submitted).unwrap_or_default();
    four_eyes::apart(steps.iter().skip(handed_in).map(|step| step.person_id), grant.person()?)?;
    moved(tx, grant.organisation()?, grant.person()?, row, (step, to), (None, None)).await
}

/// The step by which the reviewer's organisation confirms a filing.
async fn reviewing(tx: &Tx, grant: &Grant<ReviewQuota>, row: &quota_filing::Model) -> Result<Step, QuotaError> {
    let forbidden = || AccessError::Forbidden { action: ReviewQuota::NAME };
    let own = grant.organisation()?;
    if row.unit_id == own {
        return Err(forbidden().into());
    }
    let unit = organisation::find(tx, row.unit_id).await?.ok_or(QuotaError::NotFound)?;
    let ids: Vec<OrganisationId> = [Some(own), unit.parent_id].into_iter().flatten().collect();
    let known = organisation::find_many(tx, &ids).await?;
    let kind_of = |id: OrganisationId| known.iter().find(|one| one.id == id).map(|one| one.kind);
    match kind_of(own) {
        Some(OrganisationKind::SupervisingUnit) => Ok(Step::ConfirmAsSuperior),
        Some(OrganisationKind::FinanceDepartment) => Ok(Step::ConfirmAsFinance {
            has_superior: unit.parent_id.and_then(kind_of) == Some(OrganisationKind::SupervisingUnit),
        }),
        _ => Err(forbidden().into()),
    }
}

/// Sends a filing back with a reason.
///
/// # Errors
/// As [`confirm`].
pub async fn send_back(
    tx: &Tx,
    grant: &Grant<ReviewQuota>,
    id: QuotaFilingId,
    seen: IfMatch,
    reason: &str,
) -> Result<FilingDetail, QuotaError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    reviewing(tx, grant, &row).await?;
    let to = next(row.state, Step::Return)?;
    moved(tx, grant.organisation()?, grant.person()?, row, (Step::Return, to), (Some(reason), None)).await
}

/// Opens a confirmed filing again, on a document.
///
/// # Errors
/// Not found; another version or state; a file that is not the unit's.
pub async fn amend(
    tx: &Tx,
    grant: &Grant<FileQuota>,
    id: QuotaFilingId,
    seen: IfMatch,
    wanted: &AmendFiling,
) -> Result<FilingDetail, QuotaError> {
    let row = hold(tx, grant.scope(), id, seen).await?;
    let to = next(row.state, Step::Amend)?;
    document::require_own(tx, row.unit_id, &[wanted.document_id]).await?;
    let row = quota_filing::Model { amendments: row.amendments + 1, ..row };
    let why = (Some(wanted.reason.as_str()), Some(wanted.document_id));
    moved(tx, grant.organisation()?, grant.person()?, row, (Step::Amend, to), why).await
}

/// Writes a step down, in the filing, its history and the audit.
async fn moved(
    tx: &Tx,
    organisation_id: OrganisationId,
    person_id: entity::value::PersonId,
    row: quota_filing::Model,
    (step, to): (Step, FilingState),
    (reason, document_id): (Option<&str>, Option<FileId>),
) -> Result<FilingDetail, QuotaError> {
    let from = row.state;
    let saved = store::save_filing(tx, quota_filing::Model { state: to, ..row }).await?;
    let step_no = i32::try_from(store::steps_of(tx, saved.id).await?.len()).unwrap_or(i32::MAX - 1) + 1;
    let written = quota_filing_step::Model {
        filing_id: saved.id,
        step_no,
        step: step.to_string(),
        from_state: from,
        to_state: to,
        organisation_id,
        person_id,
        reason: reason.map(str::to_owned),
        document_id,
        canteen_reserved_fen: saved.canteen_reserved_fen,
        union_reserved_fen: saved.union_reserved_fen,
        created_at: tx.now(),
    };
    store::insert_step(tx, written).await?;
    let operation = format!("quota.filing_{step}");
    let change = Change::moved(&operation, "quota_filing", saved.id.uuid(), from.as_str(), to.as_str());
    tx.audit(match reason {
        Some(reason) => change.because(reason),
        None => change,
    })
    .await?;
    detail(tx, saved).await
}

/// A filing with everything around it.
///
/// # Errors
/// Not found.
pub async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewQuota>,
    id: QuotaFilingId,
) -> Result<FilingDetail, QuotaError> {
    let row = store::find_filing(db, grant.scope(), id).await?.ok_or(QuotaError::NotFound)?;
    detail(db, row).await
}

async fn detail(db: &impl ConnectionTrait, row: quota_filing::Model) -> Result<FilingDetail, QuotaError> {
    let unit = organisation::find(db, row.unit_id).await?.ok_or(QuotaError::NotFound)?;
    let rule = rule_of(db, &unit.division_code, row.year).await?;
    let findings = match &rule {
        Some((rule, _)) => findings_of(db, rule, &row).await?,
        None => Vec::new(),
    };
    let history = store::steps_of(db, row.id).await?.into_iter().map(Into::into).collect();
    let (rule, documents) = rule.map_or((None, Vec::new()), |(rule, documents)| (Some(rule.into()), documents));
    let findings = findings.into_iter().map(Into::into).collect();
    Ok(FilingDetail { filing: row.into(), rule, documents, findings, history })
}

/// One page of filings, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewQuota>,
    wanted: FilingFilter,
) -> Result<Page<Filing>, Failure> {
    let FilingFilter { year, state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list_filings(db, grant.scope(), (year, state), page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Filing::from))
}

/// Everything about a filing that is worth a word.
async fn findings_of(
    db: &impl ConnectionTrait,
    rule: &Rule,
    row: &quota_filing::Model,
) -> Result<Vec<Finding>, QuotaError> {
    let filed = Filed {
        kind: row.kind,
        canteen_total: row.canteen_total_fen,
        canteen_reserved: row.canteen_reserved_fen,
        union_total: row.union_total_fen,
        union_reserved: row.union_reserved_fen,
        diners: row.diners,
        names_executing_body: row.executing_body.is_some(),
    };
    Ok(rule::findings(rule, &filed, &surroundings(db, row).await?)?)
}

async fn surroundings(db: &impl ConnectionTrait, row: &quota_filing::Model) -> Result<Surroundings, QuotaError> {
    let before = store::filings_of(db, row.year - 1, &[row.unit_id]).await?.pop();
    let before = before.filter(|before| before.state == FilingState::FinanceConfirmed);
    let reserved_last_year = match before {
        Some(before) => Some(before.canteen_reserved_fen.checked_add(before.union_reserved_fen)?),
        None => None,
    };
    let representative = match row.representative_id {
        None => None,
        Some(unit) => Some(match store::filings_of(db, row.year, &[unit]).await?.pop() {
            None => Representative::NotFiled,
            Some(filing) => match filing.kind {
                FilingKind::SharedRepresentative => Representative::Represents,
                FilingKind::SharedRepresented => Representative::IsRepresented,
                _ => Representative::FilesForItself,
            },
        }),
    };
    let last_day = NaiveDate::from_ymd_opt(row.year, 12, 31).unwrap_or(NaiveDate::MAX);
    let bought = store::sums(db, &[row.unit_id], row.year, last_day).await?;
    let bought = bought
        .iter()
        .filter(|sum| sum.figure == QuotaFigure::Ordered && sum.channel == PurchaseChannel::Canteen)
        .map(|sum| sum.amount_fen)
        .sum::<i64>();
    Ok(Surroundings {
        reserved_last_year,
        usual_per_diner: usual_per_diner(db, row).await?,
        representative,
        bought_by_canteen: Fen::new(bought.max(0))?,
    })
}

/// The median of what confirmed units of the same finance department spend on each diner, this year and the last;
/// none while there are fewer than three of them.
async fn usual_per_diner(db: &impl ConnectionTrait, row: &quota_filing::Model) -> Result<Option<Fen>, QuotaError> {
    let scope = Scope::Tree(top_of(db, row.unit_id).await?);
    let mut each = Vec::new();
    for year in [row.year - 1, row.year] {
        for (total, diners) in store::spent_per_diner(db, &scope, year).await? {
            each.push(total.get() / i64::from(diners.max(1)));
        }
    }
    if each.len() < 3 {
        return Ok(None);
    }
    each.sort_unstable();
    Ok(each.get(each.len() / 2).map(|fen| Fen::new(*fen)).transpose()?)
}

/// The organisation at the top of a unit's tree: its finance department. Trees are three high.
pub(super) async fn top_of(db: &impl ConnectionTrait, unit: OrganisationId) -> Result<OrganisationId, DbErr> {
    let mut top = unit;
    for _ in 0..8 {
        match organisation::find(db, top).await?.and_then(|one| one.parent_id) {
            Some(parent) => top = parent,
            None => break,
        }
    }
    Ok(top)
}
