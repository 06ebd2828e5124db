//! What reports count: clues that were opened and measures that were begun in a span, as they stood on its last day.

use super::{visible_clues, visible_measures};
use crate::access::Scope;
use crate::household::{self, Counties};
use crate::monitoring::figures::{Answered, Carried, Clues, Measures, Span};
use entity::value::{AreaCode, ClueId, ClueKind, ClueState, MeasureId, MeasureState};
use entity::{measure, monitoring_clue};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// Which counties, of which only what a second reach sees.
type Reach<'a> = (Counties<'a>, &'a Scope);

/// How many rows are so.
fn number_of(is_so: Condition) -> SimpleExpr {
    Expr::expr(CaseStatement::new().case(is_so, Expr::val(1))).count()
}

/// By the last day a clue had become this.
fn became(state: ClueState, span: Span) -> Condition {
    use monitoring_clue::Column;
    Condition::all().add(Column::State.eq(state)).add(Column::AnsweredOn.lte(span.until))
}

/// On the last day a clue had waited longer than a decision may take.
fn waited_too_long(span: Span) -> Condition {
    use monitoring_clue::Column;
    let answered = Column::AnsweredOn.is_null().or(Column::AnsweredOn.gt(span.until));
    Condition::all().add(answered).add(Column::OpenedOn.lt(span.decided_by))
}

fn opened_in(
    rows: Select<monitoring_clue::Entity>,
    counties: Counties<'_>,
    span: Span,
) -> Select<monitoring_clue::Entity> {
    use monitoring_clue::Column;
    rows.select_only()
        .filter(household::of_counties(Column::CountyCode, counties))
        .filter(Column::OpenedOn.between(span.from, span.until))
}

/// With what had become of the clues, in four columns.
fn answered(rows: Select<monitoring_clue::Entity>, span: Span) -> Select<monitoring_clue::Entity> {
    rows.column_as(monitoring_clue::Column::Id.count(), "clues")
        .expr_as(number_of(became(ClueState::TakenUp, span)), "taken_up")
        .expr_as(number_of(became(ClueState::Dismissed, span)), "dismissed")
        .expr_as(number_of(waited_too_long(span)), "late")
}

/// Clues that were opened in a span, by county and kind.
pub(in crate::monitoring) async fn count_clues(
    db: &impl ConnectionTrait,
    counties: Counties<'_>,
    span: Span,
) -> Result<Vec<Clues>, DbErr> {
    use monitoring_clue::Column;
    let rows = opened_in(monitoring_clue::Entity::find(), counties, span);
    let rows = answered(rows.column(Column::CountyCode).column(Column::Kind), span)
        .group_by(Column::CountyCode)
        .group_by(Column::Kind)
        .order_by_asc(Column::CountyCode)
        .order_by_asc(Column::Kind);
    let rows = rows.into_tuple::<(AreaCode, ClueKind, i64, i64, i64, i64)>().all(db).await?;
    let clues = rows.into_iter().map(|(county, kind, clues, taken_up, dismissed, late)| Clues {
        county,
        kind,
        answered: Answered { clues, taken_up, dismissed, late },
    });
    Ok(clues.collect())
}

/// A clue that was counted.
pub(in crate::monitoring) struct CountedClue {
    pub id: ClueId,
    pub answered: Answered,
}

/// A page of the clues that [`count_clues`] counts, by their identifiers.
pub(in crate::monitoring) async fn counted_clues(
    db: &impl ConnectionTrait,
    (counties, seen): Reach<'_>,
    span: Span,
    kind: Option<ClueKind>,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<CountedClue>, DbErr> {
    use monitoring_clue::Column;
    let wanted = Condition::all()
        .add_option(kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(after.map(|after| Column::Id.gt(ClueId::from_uuid(after))));
    let rows = opened_in(visible_clues(seen), counties, span).column(Column::Id).filter(wanted);
    let rows = answered(rows, span).group_by(Column::Id).order_by_asc(Column::Id).limit(limit);
    let rows = rows.into_tuple::<(ClueId, i64, i64, i64, i64)>().all(db).await?;
    let clues = rows.into_iter().map(|(id, clues, taken_up, dismissed, late)| CountedClue {
        id,
        answered: Answered { clues, taken_up, dismissed, late },
    });
    Ok(clues.collect())
}

/// By the last day a measure was done.
fn done(span: Span) -> Condition {
    use measure::Column;
    Condition::all().add(Column::State.eq(MeasureState::Done)).add(Column::ClosedOn.lte(span.until))
}

/// On the last day a measure ran though it had been due.
fn late(span: Span) -> Condition {
    use measure::Column;
    let running = Column::ClosedOn.is_null().or(Column::ClosedOn.gt(span.until));
    Condition::all().add(running).add(Column::DueOn.lt(span.until))
}

fn begun_in(rows: Select<measure::Entity>, counties: Counties<'_>, span: Span) -> Select<measure::Entity> {
    use measure::Column;
    rows.select_only()
        .filter(household::of_counties(Column::CountyCode, counties))
        .filter(Column::BegunOn.between(span.from, span.until))
}

/// With how the measures stood, in three columns.
fn carried(rows: Select<measure::Entity>, span: Span) -> Select<measure::Entity> {
    rows.column_as(measure::Column::Id.count(), "measures")
        .expr_as(number_of(done(span)), "done")
        .expr_as(number_of(late(span)), "late")
}

/// Measures that were begun in a span, by county.
pub(in crate::monitoring) async fn count_measures(
    db: &impl ConnectionTrait,
    counties: Counties<'_>,
    span: Span,
) -> Result<Vec<Measures>, DbErr> {
    use measure::Column;
    let rows = begun_in(measure::Entity::find(), counties, span).column(Column::CountyCode);
    let rows = carried(rows, span).group_by(Column::CountyCode).order_by_asc(Column::CountyCode);
    let rows = rows.into_tuple::<(AreaCode, i64, i64, i64)>().all(db).await?;
    let carried = |(county, measures, done, late)| Measures { county, carried: Carried { measures, done, late } };
    Ok(rows.into_iter().map(carried).collect())
}

/// A measure that was counted.
pub(in crate::monitoring) struct CountedMeasure {
    pub id: MeasureId,
    pub carried: Carried,
}

/// A page of the measures that [`count_measures`] counts, by their identifiers.
pub(in crate::monitoring) async fn counted_measures(
    db: &impl ConnectionTrait,
    (counties, seen): Reach<'_>,
    span: Span,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<CountedMeasure>, DbErr> {
    use measure::Column;
    let wanted = Condition::all().add_option(after.map(|after| Column::Id.gt(MeasureId::from_uuid(after))));
    let rows = begun_in(visible_measures(seen), counties, span).column(Column::Id).filter(wanted);
    let rows = carried(rows, span).group_by(Column::Id).order_by_asc(Column::Id).limit(limit);
    let rows = rows.into_tuple::<(MeasureId, i64, i64, i64)>().all(db).await?;
    let carried = |(id, measures, done, late)| CountedMeasure { id, carried: Carried { measures, done, late } };
    Ok(rows.into_iter().map(carried).collect())
}
