//! The history of the schema.

use sea_orm_migration::sea_orm::{DatabaseConnection, DbErr};

/// Brings the schema up to date.
///
/// # Errors
/// When a migration fails.
pub async fn migrate(_: &DatabaseConnection) -> Result<(), DbErr> {
    Ok(())
}
