//! A household's income statement for a year (户收益单): per agreement and per order, adding up at every level.
//!
//! The figures are one grouped question over the journal; names are one question a kind. What is shown as a sum is
//! added up here from what is shown below it, so the levels cannot disagree.

use super::SettlementError;
use super::store::{self, Moved};
use super::view::{AgreementIncome, Amounts, IncomeStatement, OrderIncome};
use crate::access::policy::ViewIncome;
use crate::access::{Grant, Scope};
use crate::{attribution, household, offplatform, organisation, procurement};
use chrono::NaiveDate;
use entity::value::{AgreementId, HouseholdId, OrganisationId, Overflow, SupplierOrderId};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap};

/// The statement of a household for a calendar year of business days.
///
/// # Errors
/// The household is not there or out of reach.
pub async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewIncome>,
    id: HouseholdId,
    year: i32,
) -> Result<IncomeStatement, SettlementError> {
    let household = household::find(db, id).await?.ok_or(SettlementError::NotFound)?;
    let supplier = match grant.scope() {
        Scope::Everything => None,
        Scope::County(county) if *county == household.county_code => None,
        Scope::Organisation(supplier) if store::has_agreement(db, *supplier, id).await? => Some(*supplier),
        Scope::AssignedHouseholds(person) if household::is_assigned(db, *person, id).await? => None,
        Scope::Organisation(_) | Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            return Err(SettlementError::NotFound);
        }
    };
    draw_up(db, id, supplier, year).await
}

/// The whole statement of a household, for the household itself: whoever calls knows that it is asking.
///
/// # Errors
/// There is no such household.
pub async fn for_itself(
    db: &impl ConnectionTrait,
    id: HouseholdId,
    year: i32,
) -> Result<IncomeStatement, SettlementError> {
    draw_up(db, id, None, year).await
}

async fn draw_up(
    db: &impl ConnectionTrait,
    id: HouseholdId,
    supplier: Option<OrganisationId>,
    year: i32,
) -> Result<IncomeStatement, SettlementError> {
    let bounds = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31)).ok_or(Overflow)?;
    let moved = store::moved(db, id, supplier, bounds).await?;
    let names = Names::of(db, &moved).await?;
    let agreements = agreements(moved, &names)?;
    let household = household::briefs(db, &[id]).await?.remove(&id).ok_or(SettlementError::NotFound)?;
    Ok(IncomeStatement {
        household,
        year,
        totals: Amounts::sum(agreements.iter().map(|agreement| agreement.amounts))?,
        agreements,
    })
}

/// What the figures are called.
struct Names {
    agreements: HashMap<AgreementId, entity::agreement::Model>,
    suppliers: HashMap<OrganisationId, String>,
    orders: HashMap<SupplierOrderId, String>,
    /// Sales outside the platform, which entries name as they name orders.
    elsewhere: HashMap<SupplierOrderId, String>,
}

impl Names {
    async fn of(db: &impl ConnectionTrait, moved: &[Moved]) -> Result<Self, SettlementError> {
        let mut agreements: Vec<AgreementId> = moved.iter().map(|row| row.agreement_id).collect();
        agreements.dedup();
        let agreements = attribution::find_agreements(db, &agreements).await?;
        let mut suppliers: Vec<OrganisationId> = agreements.values().map(|row| row.supplier_id).collect();
        suppliers.sort_unstable();
        suppliers.dedup();
        let suppliers = organisation::find_many(db, &suppliers).await?.into_iter().map(|o| (o.id, o.name)).collect();
        let mut orders: Vec<SupplierOrderId> = moved.iter().map(|row| row.supplier_order_id).collect();
        orders.sort_unstable();
        orders.dedup();
        let numbers = procurement::numbers_of(db, &orders).await?;
        orders.retain(|order| !numbers.contains_key(order));
        let elsewhere = offplatform::numbers_of(db, &orders).await?;
        Ok(Self { agreements, suppliers, orders: numbers, elsewhere })
    }
}

fn agreements(moved: Vec<Moved>, names: &Names) -> Result<Vec<AgreementIncome>, SettlementError> {
    let mut orders: BTreeMap<AgreementId, Vec<OrderIncome>> = BTreeMap::new();
    for row in moved {
        let elsewhere = names.elsewhere.get(&row.supplier_order_id);
        let number = names.orders.get(&row.supplier_order_id).or(elsewhere);
        orders.entry(row.agreement_id).or_default().push(OrderIncome {
            supplier_order_id: row.supplier_order_id,
            number: number.cloned().unwrap_or_default(),
            off_platform: elsewhere.is_some(),
            amounts: Amounts { promised_fen: row.promised_fen, accrued_fen: row.accrued_fen, paid_fen: row.paid_fen },
        });
    }
    let mut shown = Vec::with_capacity(orders.len());
    for (id, orders) in orders {
        let Some(agreement) = names.agreements.get(&id) else { continue };
        shown.push(AgreementIncome {
            agreement_id: id,
            mode: agreement.mode,
            supplier_id: agreement.supplier_id,
            supplier_name: names.suppliers.get(&agreement.supplier_id).cloned().unwrap_or_default(),
            amounts: Amounts::sum(orders.iter().map(|order| order.amounts))?,
            orders,
        });
    }
    Ok(shown)
}
