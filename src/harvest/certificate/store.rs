//! Certificates and their rules in the database.

use crate::db::Tx;
use entity::value::{LotCertificateId, LotId};
use entity::{certificate_rule, lot_certificate};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

/// Values in one `in`.
const CHUNK: usize = 1000;

pub(super) async fn of_lots(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<lot_certificate::Model>, DbErr> {
    use lot_certificate::Column;
    let mut found = Vec::new();
    for part in lots.chunks(CHUNK) {
        let rows = lot_certificate::Entity::find().filter(Column::LotId.is_in(part.iter().copied()));
        found.extend(rows.order_by_asc(Column::LotId).order_by_asc(Column::Id).all(db).await?);
    }
    Ok(found)
}

pub(super) async fn insert(tx: &Tx, row: lot_certificate::Model) -> Result<(), DbErr> {
    lot_certificate::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn revoke(tx: &Tx, id: LotCertificateId, reason: &str) -> Result<(), DbErr> {
    use lot_certificate::Column;
    lot_certificate::Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(tx.now()))
        .col_expr(Column::RevokeReason, Expr::value(reason))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn rules(db: &impl ConnectionTrait) -> Result<Vec<certificate_rule::Model>, DbErr> {
    use certificate_rule::Column;
    certificate_rule::Entity::find().order_by_asc(Column::CategoryCode).order_by_asc(Column::Id).all(db).await
}

pub(super) async fn insert_rule(tx: &Tx, row: certificate_rule::Model) -> Result<(), DbErr> {
    certificate_rule::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}
