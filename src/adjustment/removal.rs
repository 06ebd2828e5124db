//! What must be so before a risk counts as gone (风险消除条件). Asked here, answered by the room that knows the figures.

use super::AdjustmentError;
use crate::db::Tx;
use crate::problem::Text;
use entity::value::{AreaCode, HouseholdId};
use std::pin::Pin;

/// The conditions that are not met, each in a sentence with its numbers; or why nobody could look.
pub type Unmet<'a> = Pin<Box<dyn Future<Output = Result<Vec<Text>, AdjustmentError>> + 'a>>;

/// Whoever knows whether a household's risk is gone.
pub trait RemovalConditions: Send + Sync {
    /// What is not as it must be for a household of a county, today.
    fn unmet<'a>(&'a self, tx: &'a Tx, household: HouseholdId, county: &'a AreaCode) -> Unmet<'a>;
}

/// Who is asked in this house.
pub struct Removal(pub Box<dyn RemovalConditions>);

impl Removal {
    /// Refuses while a condition is not met.
    pub(super) async fn require(
        &self,
        tx: &Tx,
        household: HouseholdId,
        county: &AreaCode,
    ) -> Result<(), AdjustmentError> {
        let unmet = self.0.unmet(tx, household, county).await?;
        if unmet.is_empty() { Ok(()) } else { Err(AdjustmentError::RiskRemains(unmet)) }
    }
}
