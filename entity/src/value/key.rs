//! Lets codes be primary keys: no code is ever read back from a row counter.

use super::{AreaCode, CategoryCode};
use sea_orm::{DbErr, TryFromU64};

impl TryFromU64 for AreaCode {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("AreaCode"))
    }
}

impl TryFromU64 for CategoryCode {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("CategoryCode"))
    }
}
