//! One product of a supplier order (订单明细).

use crate::value::{Fen, Grams, OrderLineId, Packs, PlanId, PriceBasis, PriceId, ProductId, SupplierOrderId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use uuid::Uuid;

/// One product of a supplier order (订单明细).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_line")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderLineId,
    /// The supplier order.
    pub supplier_order_id: SupplierOrderId,
    /// Its place in it.
    pub line_no: i32,
    /// The product.
    pub product_id: ProductId,
    /// The price it was ordered at.
    pub price_id: PriceId,
    /// The product's name when it was ordered.
    pub product_name: String,
    /// The price of one pack when it was ordered.
    pub unit_price_fen: Fen,
    /// The weight of one pack when it was ordered.
    pub pack_grams: Grams,
    /// Packs ordered.
    pub packs: Packs,
    /// Packs still held in store for it.
    pub reserved_packs: Packs,
    /// Packs shipped.
    pub shipped_packs: Packs,
    /// Packs accepted.
    pub accepted_packs: Packs,
    /// Packs that came short or were refused; as many may have been sent again since.
    pub refused_packs: Packs,
    /// Packs that are no longer due: amended away, called off, or refused without replacement.
    pub withdrawn_packs: Packs,
    /// Packs accepted and given back since.
    pub returned_packs: Packs,
    /// What was credited of the line: returned goods and allowances.
    pub credited_fen: Fen,
    /// Why packs were not accepted.
    pub refusal_reason: Option<String>,
    /// The plan that governs it, where that is not the order's.
    pub plan_id: Option<PlanId>,
    /// What its price rests on (计价依据).
    pub price_basis: PriceBasis,
    /// The line of the framework agreement, the quotation or the group purchase; none for the shelf's price.
    pub basis_id: Option<Uuid>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
