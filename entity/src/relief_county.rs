//! One of the 832 former poverty counties (脱贫县, list of 2014) and where it is today.

use crate::value::AreaCode;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One of the 832 former poverty counties (脱贫县, list of 2014) and where it is today.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "relief_county")]
pub struct Model {
    /// Its code on the list of 2014.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: AreaCode,
    /// Its province then.
    pub province: String,
    /// Its prefecture then.
    pub prefecture: String,
    /// Its name on the list of 2014.
    pub name: String,
    /// The code of the county it is or lies in today.
    pub current_code: AreaCode,
    /// The name of that county.
    pub current_name: String,
    /// The year it left poverty (摘帽年份).
    pub exit_year: i16,
    /// Whether it was under listed supervision in 2020 (挂牌督战).
    pub supervised_2020: bool,
    /// Whether it is a key county of 2021 (国家乡村振兴重点帮扶县); empty where the list is not public.
    pub key_county_2021: Option<bool>,
    /// East, centre, west or north-east (东部/中部/西部/东北).
    pub region: String,
    /// What happened to its name or borders.
    pub note: String,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
