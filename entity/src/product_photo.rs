//! A picture of a product, as it is shown.

use crate::value::{FileId, PersonId, PhotoId, ProductId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A picture of a product, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_photo")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhotoId,
    /// The product.
    pub product_id: ProductId,
    /// Its place among the pictures, from 1.
    pub position: i32,
    /// What was uploaded.
    pub file_id: FileId,
    /// Content of the large picture: drawn anew, so that nothing but the picture is in it.
    pub large_sha256: String,
    /// Content of the thumbnail.
    pub small_sha256: String,
    /// Width of the large picture in pixels.
    pub width: i32,
    /// Height of the large picture in pixels.
    pub height: i32,
    /// Who put it there.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
