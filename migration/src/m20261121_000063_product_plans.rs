//! Plans for products: a plan may name products of its supplier, and an order's line the plan of its product.

use crate::alter;
use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add(manager, "plan", "for_products", "boolean not null default false").await?;
        alter::add_uuid(manager, "order_line", "plan_id", Some("plan")).await?;
        let db = manager.get_connection();
        for sql in [
            // One plan in force for all products of a supplier; those for some products are counted below.
            "drop index \"ux_plan_supplier_id\"",
            "create unique index \"ux_plan_supplier_id\" on \"plan\" (supplier_id)
               where state = 'approved' and not for_products",
            "create index \"ix_plan_supplier_id_state\" on \"plan\" (supplier_id, state)",
            "create index \"ix_order_line_plan_id\" on \"order_line\" (plan_id)",
        ] {
            db.execute_unprepared(sql).await?;
        }
        table("plan_product")
            .reference("plan_id", "plan")
            .reference("product_id", "product")
            .flag("in_force")
            .key(&["plan_id", "product_id"])
            .unique_where(&["product_id"], "in_force")
            .create(manager)
            .await
    }
}
