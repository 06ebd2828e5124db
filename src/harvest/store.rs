//! What stands behind a product: read over deliveries and lots together.

use chrono::NaiveDate;
use entity::value::ProductId;
use entity::{delivery, lot, lot_delivery};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect};
use std::collections::{BTreeSet, HashMap};

/// Values in one `in`.
const CHUNK: usize = 1000;

/// Who brought what a product is made of, and when it was packed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// How many households' deliveries are in its lots.
    pub households: i64,
    /// The days on which its lots were packed.
    pub packed_on: BTreeSet<NaiveDate>,
}

/// What stands behind these products, in two statements for each thousand; those without lots are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn behind(db: &impl ConnectionTrait, products: &[ProductId]) -> Result<HashMap<ProductId, Behind>, DbErr> {
    let mut found: HashMap<ProductId, Behind> = HashMap::with_capacity(products.len());
    for some in products.chunks(CHUNK) {
        let lots = lot::Entity::find().filter(lot::Column::ProductId.is_in(some.iter().copied()));
        let days = lots.clone().select_only().column(lot::Column::ProductId).column(lot::Column::PackedOn).distinct();
        for (product, day) in days.into_tuple::<(ProductId, NaiveDate)>().all(db).await? {
            found.entry(product).or_default().packed_on.insert(day);
        }
        let packed =
            lot::Entity::belongs_to(lot_delivery::Entity).from(lot::Column::Id).to(lot_delivery::Column::LotId).into();
        let brought = lot_delivery::Entity::belongs_to(delivery::Entity)
            .from(lot_delivery::Column::DeliveryId)
            .to(delivery::Column::Id)
            .into();
        let households = lots
            .select_only()
            .column(lot::Column::ProductId)
            .expr(Expr::col((delivery::Entity, delivery::Column::HouseholdId)).count_distinct())
            .join(JoinType::InnerJoin, packed)
            .join(JoinType::InnerJoin, brought)
            .group_by(lot::Column::ProductId);
        for (product, count) in households.into_tuple::<(ProductId, i64)>().all(db).await? {
            found.entry(product).or_default().households = count;
        }
    }
    Ok(found)
}
