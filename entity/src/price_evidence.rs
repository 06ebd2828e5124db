//! A proof of a product's price (价格凭证). Not shown to the public.

use crate::value::{EvidenceId, Fen, FileId, Grams, PersonId, PriceId, ProductId, Timestamp, state::EvidenceKind};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A proof of a product's price (价格凭证). Not shown to the public.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_evidence")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvidenceId,
    /// The product.
    pub product_id: ProductId,
    /// The price it proves.
    pub price_id: PriceId,
    /// Link or paper.
    pub kind: EvidenceKind,
    /// The address of the offer elsewhere.
    pub link: Option<String>,
    /// The paper.
    pub file_id: Option<FileId>,
    /// What a pack costs there.
    pub seen_price_fen: Fen,
    /// What that pack weighs.
    pub seen_pack_grams: Grams,
    /// Who showed it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
