//! The outbox: business events, written in the transaction that makes them true.

use super::{Tx, dialect};
use entity::value::{OutboxId, Timestamp};
use entity::{outbox, sequence_head};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

/// Something that happened: past tense, self-contained, never edited once published.
pub trait Event: serde::Serialize {
    /// Stable name, `object.happened`.
    const TOPIC: &'static str;
    /// The version of its form. Fields may be added within one; whatever breaks a reader makes another.
    const VERSION: i32 = 1;
    /// The object it happened to.
    fn aggregate(&self) -> Uuid;
}

impl Tx {
    /// Writes an event in this transaction; listeners hear of it after the commit.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn emit<E: Event>(&self, event: &E) -> Result<(), DbErr> {
        let payload = serde_json::to_string(event).map_err(|e| DbErr::Json(e.to_string()))?;
        self.append_event(E::TOPIC, event.aggregate(), payload).await
    }

    /// Writes many events of a kind, in one statement for each thousand.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn emit_all<E: Event>(&self, events: &[E]) -> Result<(), DbErr> {
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            let payload = serde_json::to_string(event).map_err(|e| DbErr::Json(e.to_string()))?;
            rows.push(self.event_row(E::TOPIC, event.aggregate(), payload));
        }
        rows.extend(self.take_waiting());
        for some in rows.chunks(1000) {
            outbox::Entity::insert_many(some.to_vec()).exec_without_returning(self).await?;
        }
        Ok(())
    }

    /// Writes an event in the same statement as the next one, or at the end of the transaction when there is none.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn emit_along<E: Event>(&self, event: &E) -> Result<(), DbErr> {
        let payload = serde_json::to_string(event).map_err(|e| DbErr::Json(e.to_string()))?;
        let row = self.event_row(E::TOPIC, event.aggregate(), payload);
        self.waiting().push(row);
        Ok(())
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<outbox::ActiveModel>> {
        // Rows are pushed and taken whole; whoever panicked in between left nothing half done.
        self.along.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn take_waiting(&self) -> Vec<outbox::ActiveModel> {
        std::mem::take(&mut *self.waiting())
    }

    /// Writes what still waits for another event.
    pub(super) async fn emit_waiting(&self) -> Result<(), DbErr> {
        let rows = self.take_waiting();
        if rows.is_empty() {
            return Ok(());
        }
        outbox::Entity::insert_many(rows).exec_without_returning(self).await?;
        Ok(())
    }

    async fn append_event(&self, topic: &str, aggregate: Uuid, payload: String) -> Result<(), DbErr> {
        let mut rows = vec![self.event_row(topic, aggregate, payload)];
        rows.extend(self.take_waiting());
        outbox::Entity::insert_many(rows).exec_without_returning(self).await?;
        Ok(())
    }

    fn event_row(&self, topic: &str, aggregate: Uuid, payload: String) -> outbox::ActiveModel {
        self.leave_work();
        outbox::ActiveModel {
            id: Set(OutboxId::generate()),
            topic: Set(topic.to_owned()),
            aggregate_id: Set(aggregate),
            payload: Set(payload),
            created_at: Set(self.now()),
            delivered_at: Set(None),
        }
    }
}

/// Whether an event waits, by the partial index.
pub(crate) async fn has_undelivered(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let one = outbox::Entity::find().select_only().column(outbox::Column::Id);
    let one = one.filter(outbox::Column::DeliveredAt.is_null()).limit(1).into_tuple::<OutboxId>().one(db).await?;
    Ok(one.is_some())
}

/// Takes up to `limit` undelivered events in their order. Whoever calls this holds the head of the relay.
pub(crate) async fn claim_outbox(tx: &Tx, limit: u64) -> Result<Vec<outbox::Model>, DbErr> {
    dialect::undelivered_in_order(tx, limit).await
}

/// A sequence whose positions become visible in their order, without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence(&'static str);

impl Sequence {
    /// Counts what the relay hands out.
    pub const RELAY: Self = Self("relay");
    /// Counts what is published in the change feed.
    pub const FEED: Self = Self("feed");

    /// The last position; nobody else takes one before this transaction ends.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn hold(self, tx: &Tx) -> Result<i64, DbErr> {
        dialect::hold_head(tx, self.0).await
    }

    /// Says which position was taken last.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn move_to(self, tx: &Tx, position: i64) -> Result<(), DbErr> {
        use sea_orm::sea_query::Expr;
        sequence_head::Entity::update_many()
            .col_expr(sequence_head::Column::Position, Expr::value(position))
            .filter(sequence_head::Column::Name.eq(self.0))
            .exec(tx)
            .await
            .map(drop)
    }

    /// The last position that is visible.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn last(self, db: &impl ConnectionTrait) -> Result<i64, DbErr> {
        let row = sequence_head::Entity::find_by_id(self.0.to_owned()).one(db).await?;
        Ok(row.map_or(0, |row| row.position))
    }
}

/// Marks events as handed to their listeners.
pub(crate) async fn mark_delivered(tx: &Tx, ids: Vec<OutboxId>) -> Result<(), DbErr> {
    use sea_orm::sea_query::Expr;
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DeliveredAt, Expr::value(tx.now()))
        .filter(outbox::Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(())
}

/// What waits in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Undelivered {
    /// How many events.
    pub count: i64,
    /// Since when the oldest of them.
    pub oldest: Option<Timestamp>,
}

/// What waits in the outbox, by its partial index.
///
/// # Errors
/// When the database cannot be asked.
pub async fn undelivered(db: &impl ConnectionTrait) -> Result<Undelivered, DbErr> {
    let found = outbox::Entity::find()
        .select_only()
        .expr_as(outbox::Column::Id.count(), "count")
        .expr_as(outbox::Column::CreatedAt.min(), "oldest")
        .filter(outbox::Column::DeliveredAt.is_null())
        .into_model()
        .one(db)
        .await?;
    Ok(found.unwrap_or(Undelivered { count: 0, oldest: None }))
}
