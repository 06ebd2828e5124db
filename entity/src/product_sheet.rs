//! What is known of a product beside the row that orders lock (商品档案).

use crate::value::{
    AreaCode, FreightTemplateId, OrganisationId, Packs, ProductId,
    state::{OffReason, ProductKind, StorageKind},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What is known of a product beside the row that orders lock (商品档案).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_sheet")]
pub struct Model {
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// Who offers it; the same as in the product, for the key below.
    pub supplier_id: OrganisationId,
    /// What it is made of, roughly.
    pub kind: ProductKind,
    /// The unit a pack is sold in (计量单位): 箱, 袋, 盒 …
    pub pack_unit: String,
    /// Pieces in a pack, where they are counted.
    pub pieces: Option<i64>,
    /// Its brand (品牌).
    pub brand: Option<String>,
    /// Its taste, grade or variety (口味、等级).
    pub taste: Option<String>,
    /// How it is packed (包装).
    pub packaging: Option<String>,
    /// The county in which it is processed (加工地), by its code of today.
    pub processing_county_code: Option<AreaCode>,
    /// The most packs one buyer gets in a calendar month (限购).
    pub buyer_limit_packs: Option<Packs>,
    /// The months in which it can be had, January the lowest bit; 0 when all year (供应季).
    pub season_months: i32,
    /// How many packs can be had in such a month (月供应能力).
    pub monthly_capacity_packs: Option<Packs>,
    /// How it wants to be kept (贮存条件).
    pub storage: StorageKind,
    /// What carrying it costs.
    pub freight_template_id: Option<FreightTemplateId>,
    /// Whether approval puts it on the shelf at once.
    pub lists_on_approval: bool,
    /// What makes it the same product as another of its supplier, normalised and hashed.
    pub same_key: String,
    /// Why the house took it down.
    pub off_reason: Option<OffReason>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
