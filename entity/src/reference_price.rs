//! What a kilogram of a variety cost on a day at a wholesale market (批发价).

use crate::value::{AreaCode, FenPerKilogram, PriceImportId};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a kilogram of a variety cost on a day at a wholesale market (批发价).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reference_price")]
pub struct Model {
    /// The market.
    #[sea_orm(primary_key, auto_increment = false)]
    pub market: String,
    /// The variety (品种).
    #[sea_orm(primary_key, auto_increment = false)]
    pub variety: String,
    /// The grade or specification (规格).
    #[sea_orm(primary_key, auto_increment = false)]
    pub spec: String,
    /// The day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: NaiveDate,
    /// The province or city of the market.
    pub region_code: AreaCode,
    /// The lowest price of the day.
    pub low_fen_per_kg: FenPerKilogram,
    /// The average of the day.
    pub average_fen_per_kg: FenPerKilogram,
    /// The highest price of the day.
    pub high_fen_per_kg: FenPerKilogram,
    /// How many rows of the file it was made of.
    pub rows: i32,
    /// The file it came with.
    pub import_id: PriceImportId,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
