//! What can be done with organisations.

use super::error::OrganisationError;
use super::view::{AddOrganisation, Contact, Email, Organisation, OrganisationFilter, phone_place};
use super::{credit, store, tree};
use crate::access::Grant;
use crate::access::policy::{AddOrganisation as MayAdd, ViewOrganisation};
use crate::db::{self, Change, Tx};
use crate::region::{self, Standing};
use crate::secrecy::Secrets;
use entity::organisation::{ActiveModel, Model};
use entity::value::{AreaCode, CreditCode, OrganisationId, OrganisationKind};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;
use uuid::Uuid;

/// Level of a prefecture among divisions.
const PREFECTURE_LEVEL: i16 = 2;
/// Level of a county.
const COUNTY_LEVEL: i16 = 3;

/// What is entered about an organisation.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// What it is.
    pub kind: OrganisationKind,
    /// Its registered name.
    pub name: String,
    /// Its unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// The division it belongs to.
    pub division_code: AreaCode,
    /// The organisation above it.
    pub parent_id: Option<OrganisationId>,
    /// Whom to ask.
    pub contact: Option<Contact>,
}

/// Enters an organisation of any kind, by the rules of its kind. Who may is asked by whoever calls.
///
/// # Errors
/// When the division, the credit code or the parent do not fit the kind.
pub async fn add(tx: &Tx, secrets: &Secrets, new: &NewOrganisation) -> Result<Model, OrganisationError> {
    check_division(tx, new).await?;
    check_parent(tx, new).await?;
    check_credit_code(new)?;
    let id = OrganisationId::generate();
    let contact = new.contact.as_ref();
    let phone = contact.and_then(|c| c.phone.as_ref());
    let row = ActiveModel {
        id: Set(id),
        kind: Set(new.kind),
        name: Set(new.name.clone()),
        credit_code: Set(new.credit_code.clone()),
        division_code: Set(new.division_code.clone()),
        parent_id: Set(new.parent_id),
        contact_name: Set(contact.map(|c| c.name.as_str().to_owned())),
        contact_phone_cipher: Set(phone.map(|p| secrets.seal(phone_place(id), p.reveal())).transpose()?),
        contact_email: Set(contact.and_then(|c| c.email.as_ref()).map(|e: &Email| e.as_str().to_owned())),
        is_active: Set(true),
        created_at: Set(tx.now()),
        version: Set(1),
    };
    let row = store::insert(tx, row).await.map_err(|error| {
        if db::is_duplicate(&error, "organisation", &["credit_code"]) {
            OrganisationError::CreditCodeTaken
        } else {
            error.into()
        }
    })?;
    let after = json!({
        "kind": row.kind, "name": row.name, "credit_code": row.credit_code,
        "division_code": row.division_code, "parent_id": row.parent_id,
    });
    tx.audit(Change::made("organisation.add", "organisation", id.uuid(), after)).await?;
    Ok(row)
}

fn check_credit_code(new: &NewOrganisation) -> Result<(), OrganisationError> {
    match &new.credit_code {
        Some(code) => credit::fits(new.kind, code).map_err(|misfit| OrganisationError::CreditCodeUnfit {
            kind: new.kind,
            class: code.category().to_owned(),
            misfit,
        }),
        None if tree::needs_credit_code(new.kind) => Err(OrganisationError::CreditCodeMissing),
        None => Ok(()),
    }
}

async fn check_division(tx: &Tx, new: &NewOrganisation) -> Result<(), OrganisationError> {
    let code = &new.division_code;
    let division = match region::standing(tx, code).await? {
        Standing::InForce(division) => division,
        Standing::Unknown => return Err(OrganisationError::DivisionUnknown(code.clone())),
        Standing::Ended { name, until, successors } => {
            return Err(OrganisationError::DivisionEnded { code: code.clone(), name, until, successors });
        }
    };
    if tree::sits_in_county(new.kind) && !is_county(tx, &division).await? {
        return Err(OrganisationError::DivisionNotCounty(code.clone()));
    }
    Ok(())
}

/// A county, or a prefecture-level city that has none and governs its towns itself (东莞、中山、儋州).
async fn is_county(tx: &Tx, division: &region::Division) -> Result<bool, OrganisationError> {
    match division.level {
        COUNTY_LEVEL => Ok(true),
        PREFECTURE_LEVEL => Ok(region::list_divisions(tx, Some(&division.code)).await?.is_empty()),
        _ => Ok(false),
    }
}

async fn check_parent(tx: &Tx, new: &NewOrganisation) -> Result<(), OrganisationError> {
    let wanted = tree::parents_of(new.kind);
    let parent = match new.parent_id {
        Some(id) => store::find(tx, id).await?.map(|parent| parent.kind),
        None if !tree::needs_parent(new.kind) => return Ok(()),
        None => None,
    };
    if parent.is_some_and(|kind| wanted.contains(&kind)) {
        Ok(())
    } else {
        Err(OrganisationError::ParentWrong(new.kind))
    }
}

/// Enters an organisation of the public side, or an enterprise.
pub(super) async fn enter(
    tx: &Tx,
    secrets: &Secrets,
    _grant: &Grant<MayAdd>,
    wanted: &AddOrganisation,
) -> Result<Organisation, OrganisationError> {
    if !tree::is_entered_by_platform(wanted.kind) {
        return Err(OrganisationError::KindWrong(wanted.kind));
    }
    let new = NewOrganisation {
        kind: wanted.kind,
        name: wanted.name.as_str().to_owned(),
        credit_code: wanted.credit_code.clone(),
        division_code: wanted.division_code.clone(),
        parent_id: wanted.parent_id,
        contact: wanted.contact.clone(),
    };
    Ok(Organisation::of(add(tx, secrets, &new).await?, secrets)?)
}

/// One organisation in reach.
///
/// # Errors
/// [`OrganisationError::NotFound`] also when it is out of reach.
pub async fn show(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    grant: &Grant<ViewOrganisation>,
    id: OrganisationId,
) -> Result<Organisation, OrganisationError> {
    let row = store::find_visible(db, grant.scope(), id).await?.ok_or(OrganisationError::NotFound)?;
    Ok(Organisation::of(row, secrets)?)
}

/// The organisations in reach, oldest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    grant: &Grant<ViewOrganisation>,
    filter: &OrganisationFilter,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Organisation>, OrganisationError> {
    let rows = store::list(db, grant.scope(), filter, after, limit).await?;
    rows.into_iter().map(|row| Ok(Organisation::of(row, secrets)?)).collect()
}
