//! What was judged good is done: all of it or nothing.

use super::judge::Plan;
use crate::access::Grant;
use crate::access::policy::RegisterHousehold;
use crate::db::{Change, Tx};
use crate::household::error::HouseholdError;
use crate::household::history::{self, Origin};
use crate::household::{land, sealed, service, store};
use crate::secrecy::Secrets;
use entity::household_land;
use entity::value::{EntrySource, HouseholdId, HouseholdLandId, LandKind, MemberId, business_date};
use serde_json::json;

/// Does what the plans say, in their order; gives the household of each. `source` says which sheet.
///
/// # Errors
/// A household or a person that was registered meanwhile; data that cannot be sealed; the database.
pub async fn record(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<RegisterHousehold>,
    plans: Vec<Plan>,
    source: &str,
) -> Result<Vec<HouseholdId>, HouseholdError> {
    let today = business_date(tx.now());
    let kind = EntrySource::Import;
    let origin = Origin { kind, source, adjustment: None, entered_by: grant.person()?, from_date: today };
    let (mut new, mut fields, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let mut changes = Changes::default();
    for plan in plans {
        match plan {
            Plan::Register { new: household, land } => {
                ids.push(None);
                new.push(*household);
                fields.push(land);
            }
            Plan::Change { household, village, people, phones, land } => {
                ids.push(Some(household));
                let members: Vec<MemberId> = people.iter().map(|(member, ..)| *member).collect();
                let moves = village.is_some() || people.iter().any(|(_, relation, _)| relation.is_some());
                let after = json!({
                    "members": members, "village_id": village, "from_date": today,
                    "phones": phones.iter().map(|(member, phone)| {
                        json!({ "member": member, "phone": secrets.fingerprint("phone", phone.reveal()) })
                    }).collect::<Vec<_>>(),
                    "land": land.iter().map(|(kind, area)| json!({ "kind": kind, "square_metres": area })).collect::<Vec<_>>(),
                });
                changes.audit.push((household, after));
                if moves {
                    changes.moved.push((household, members));
                } else {
                    changes.touched.push(household);
                }
                for (member, relation, facts) in &people {
                    changes.entries.push(history::said(secrets, *member, (*relation, facts), &origin, tx.now())?);
                }
                for (member, phone) in &phones {
                    changes.phones.push((*member, sealed::seal_phone(secrets, *member, phone)?));
                }
                changes.villages.extend(village.map(|village| history::settled(household, village, &origin, tx.now())));
                changes.land.extend(land.into_iter().map(|one| land_row(household, one, &origin, tx)));
            }
        }
    }
    let mut registered = Vec::new();
    if !new.is_empty() {
        registered = service::register_from(tx, secrets, grant, &new, EntrySource::Import).await?;
    }
    for (id, land) in registered.iter().zip(fields) {
        changes.land.extend(land.into_iter().map(|one| land_row(*id, one, &origin, tx)));
    }
    changes.write(tx, source).await?;
    let mut registered = registered.into_iter();
    ids.into_iter().map(|id| id.or_else(|| registered.next()).ok_or(HouseholdError::NotFound)).collect()
}

fn land_row(
    household_id: HouseholdId,
    (kind, area): (LandKind, i64),
    origin: &Origin<'_>,
    tx: &Tx,
) -> household_land::Model {
    household_land::Model {
        id: HouseholdLandId::generate(),
        household_id,
        kind,
        square_metres: area,
        from_date: origin.from_date,
        source: origin.source.to_owned(),
        source_kind: origin.kind,
        entered_by: origin.entered_by,
        created_at: tx.now(),
    }
}

/// The rows of several changes, written together.
#[derive(Default)]
struct Changes {
    entries: Vec<entity::member_change::Model>,
    villages: Vec<entity::household_change::Model>,
    phones: Vec<(MemberId, String)>,
    land: Vec<household_land::Model>,
    /// Households whose rows follow from the history anew, with the people concerned.
    moved: Vec<(HouseholdId, Vec<MemberId>)>,
    touched: Vec<HouseholdId>,
    audit: Vec<(HouseholdId, serde_json::Value)>,
}

impl Changes {
    async fn write(mut self, tx: &Tx, source: &str) -> Result<(), HouseholdError> {
        let mut held: Vec<HouseholdId> = self.audit.iter().map(|(id, _)| *id).collect();
        held.sort_unstable();
        store::hold_many(tx, &crate::access::Scope::Everything, &held).await?;
        history::insert_first(tx, std::mem::take(&mut self.villages), std::mem::take(&mut self.entries)).await?;
        store::renew_phones(tx, &self.phones).await?;
        land::insert_many(tx, std::mem::take(&mut self.land)).await?;
        for (id, members) in &self.moved {
            history::refresh(tx, &[*id], members).await?;
        }
        store::touch_many(tx, &self.touched).await?;
        let changes = self
            .audit
            .into_iter()
            .map(|(id, after)| Change::made("household.imported", "household", id.uuid(), after).because(source));
        tx.audit_all(changes.collect()).await?;
        Ok(())
    }
}
