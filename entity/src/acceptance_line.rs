//! What a buyer accepted and refused of one line of a shipment (验收明细).

use crate::value::{AcceptanceId, OrderLineId, Packs, state::RefusalKind};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What an acceptance says of one line.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acceptance_line")]
pub struct Model {
    /// The acceptance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub acceptance_id: AcceptanceId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: OrderLineId,
    /// Packs accepted.
    pub accepted_packs: Packs,
    /// Packs that came short or were refused (拒收件数).
    pub refused_packs: Packs,
    /// Packs that came beyond what was shipped by the papers; they go back and cost nothing (多送件数).
    pub over_packs: Packs,
    /// Whether what was refused is still to be delivered (补发).
    pub is_replaced: bool,
    /// Why packs were refused.
    pub kind: Option<RefusalKind>,
    /// The same in words.
    pub reason: Option<String>,
    /// Files that show it: a JSON array of their identifiers.
    pub photos: String,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
