//! Who may share on a day: agreements, the status of their households and the terms that held then.

use super::store;
use crate::attribution::inputs::Member;
use crate::household;
use chrono::NaiveDate;
use entity::value::{AgreementId, BasisPoints, Fen, HouseholdId, OrganisationId};
use entity::{agreement, agreement_terms};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::HashMap;

/// A supplier's agreements that hold on a day, each with its household's status and its terms on that day: three questions,
/// however many there are. A household that is not registered by then is left out. The weight of produce is zero until what
/// was delivered is known; see [`roster_of`].
///
/// # Errors
/// When the database cannot be asked.
pub async fn roster(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    date: NaiveDate,
) -> Result<Vec<Member>, DbErr> {
    with_status(db, store::holding_on(db, supplier, date).await?, date).await
}

/// These agreements, whether or not they still hold on the day, each with its household's status on that day: for
/// produce, which was delivered while its agreement held and is sold later.
///
/// # Errors
/// When the database cannot be asked.
pub async fn roster_of(
    db: &impl ConnectionTrait,
    agreements: &[AgreementId],
    date: NaiveDate,
) -> Result<Vec<Member>, DbErr> {
    with_status(db, store::find_many(db, agreements).await?, date).await
}

async fn with_status(
    db: &impl ConnectionTrait,
    agreements: Vec<agreement::Model>,
    date: NaiveDate,
) -> Result<Vec<Member>, DbErr> {
    let mut households: Vec<HouseholdId> = agreements.iter().map(|row| row.household_id).collect();
    households.sort_unstable();
    households.dedup();
    let statuses = household::status_on(db, &households, date).await?;
    let ids: Vec<AgreementId> = agreements.iter().map(|row| row.id).collect();
    let versions = store::terms_of(db, &ids).await?;
    let by_agreement: HashMap<AgreementId, &[agreement_terms::Model]> = versions
        .chunk_by(|one, next| one.agreement_id == next.agreement_id)
        .filter_map(|of_one| Some((of_one.first()?.agreement_id, of_one)))
        .collect();
    let member = |row: agreement::Model| {
        let household_status = *statuses.get(&row.household_id)?;
        let terms = by_agreement.get(&row.id).and_then(|versions| in_force(versions, date));
        Some(Member {
            mode: row.mode,
            agreement_id: row.id,
            household_id: row.household_id,
            household_status,
            confirmed: terms.is_some_and(|terms| is_confirmed(terms, date)),
            weight: terms.map_or(row.weight, |terms| terms.weight),
            costs_fen: Fen::ZERO,
            cost_cap_bp: terms.map_or(BasisPoints::ZERO, |terms| terms.cost_cap_bp),
        })
    };
    Ok(agreements.into_iter().filter_map(member).collect())
}

fn is_confirmed(terms: &agreement_terms::Model, date: NaiveDate) -> bool {
    terms.confirmed_on.is_some_and(|confirmed_on| confirmed_on <= date)
}

/// The terms that hold on a day, of an agreement's versions with the newest first: the newest that the county had
/// confirmed by then; where none was, the newest that was signed. So new terms for a confirmed agreement wait for the
/// county, and what was confirmed later never changes an earlier day. The first terms hold from the agreement's first
/// day, whenever they were entered.
pub(in crate::attribution) fn in_force(
    versions: &[agreement_terms::Model],
    date: NaiveDate,
) -> Option<&agreement_terms::Model> {
    let begun = || versions.iter().filter(|terms| terms.number == 1 || terms.from_on <= date);
    begun().find(|terms| is_confirmed(terms, date)).or_else(|| begun().next())
}

/// The terms of several agreements that hold on a day.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::attribution) async fn terms_on(
    db: &impl ConnectionTrait,
    ids: &[AgreementId],
    date: NaiveDate,
) -> Result<HashMap<AgreementId, agreement_terms::Model>, DbErr> {
    let versions = store::terms_of(db, ids).await?;
    let of_each = versions.chunk_by(|one, next| one.agreement_id == next.agreement_id);
    Ok(of_each.filter_map(|of_one| in_force(of_one, date)).map(|terms| (terms.agreement_id, terms.clone())).collect())
}
