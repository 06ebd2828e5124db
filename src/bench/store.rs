//! What measurements read back of what the house made for them.

use entity::value::{HouseholdId, MemberId, OrganisationId};
use entity::{household, household_member};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A household with its village and how many people it has.
pub(super) type Registered = (HouseholdId, OrganisationId, i32);

/// Every household, in the order in which they were registered.
pub(super) async fn households(db: &impl ConnectionTrait) -> Result<Vec<Registered>, DbErr> {
    household::Entity::find()
        .select_only()
        .columns([household::Column::Id, household::Column::VillageId])
        .column(household::Column::People)
        .order_by_asc(household::Column::Id)
        .into_tuple()
        .all(db)
        .await
}

/// The people of some households that follow each other in the register.
pub(super) async fn people_between(
    db: &impl ConnectionTrait,
    first: HouseholdId,
    last: HouseholdId,
) -> Result<Vec<(MemberId, HouseholdId)>, DbErr> {
    household_member::Entity::find()
        .select_only()
        .columns([household_member::Column::Id, household_member::Column::HouseholdId])
        .filter(household_member::Column::HouseholdId.between(first, last))
        .order_by_asc(household_member::Column::Id)
        .into_tuple()
        .all(db)
        .await
}
