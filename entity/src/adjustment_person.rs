//! A person whom a case brings, takes away or gives another place in a household.

use crate::value::{AdjustmentId, AdjustmentPersonId, MemberCause, MemberId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A person whom a case brings, takes away or gives another place in a household.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment_person")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AdjustmentPersonId,
    /// The case.
    pub adjustment_id: AdjustmentId,
    /// 1, 2, 3 …
    pub number: i32,
    /// Why they come or go; none when only their relation changes.
    pub cause: Option<MemberCause>,
    /// Who, when they are in the register.
    pub member_id: Option<MemberId>,
    /// Their relation to the head afterwards.
    pub relation: Option<crate::value::state::Relation>,
    /// Who, encrypted, when they are not in the register yet.
    pub person_cipher: Option<String>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
