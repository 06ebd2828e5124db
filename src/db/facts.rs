//! Several questions of several rooms, asked in one statement (合并查询).
//!
//! Promises: one statement, however many questions there are; each answer says which question it belongs to. A room
//! says its own questions and reads its own answers, so that whoever asks them together knows no table but its own.

use sea_orm::sea_query::{Expr, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// How many numbers an answer has room for.
const NUMBERS: usize = 5;

/// How many texts an answer has room for.
const TEXTS: usize = 2;

/// One question: rows of one kind.
#[derive(Debug, Clone)]
pub struct Question {
    what: &'static str,
    rows: SelectStatement,
    subject: SimpleExpr,
    other: SimpleExpr,
    numbers: Vec<SimpleExpr>,
    texts: Vec<SimpleExpr>,
}

impl Question {
    /// Asks for what these rows, which have no columns yet, say of a subject; `what` names the answers.
    #[must_use]
    pub fn about(what: &'static str, rows: SelectStatement, subject: impl Into<SimpleExpr>) -> Self {
        let subject = subject.into();
        Self { what, rows, other: subject.clone(), subject, numbers: Vec::new(), texts: Vec::new() }
    }

    /// Which other object belongs to the subject; the subject itself where this is not said.
    #[must_use]
    pub fn other(self, other: impl Into<SimpleExpr>) -> Self {
        Self { other: other.into(), ..self }
    }

    /// One more number; at most five are asked for.
    #[must_use]
    pub fn number(mut self, number: impl Into<SimpleExpr>) -> Self {
        self.numbers.push(number.into());
        self
    }

    /// One more text; at most two are asked for.
    #[must_use]
    pub fn text(mut self, text: impl Into<SimpleExpr>) -> Self {
        self.texts.push(text.into());
        self
    }

    /// All answers have the same columns of the same types, for they are rows of one result.
    fn statement(self) -> SelectStatement {
        let Self { what, mut rows, subject, other, numbers, texts } = self;
        rows.expr_as(Expr::cust(format!("'{what}'")), "what").expr_as(subject, "subject").expr_as(other, "other");
        let no_number = || Expr::cust("cast(null as bigint)");
        let no_text = || Expr::cust("cast(null as text)");
        let numbers = numbers.into_iter().chain(std::iter::repeat_with(no_number)).take(NUMBERS);
        for (name, number) in ["n1", "n2", "n3", "n4", "n5"].into_iter().zip(numbers) {
            rows.expr_as(number, name);
        }
        for (name, text) in
            ["t1", "t2"].into_iter().zip(texts.into_iter().chain(std::iter::repeat_with(no_text)).take(TEXTS))
        {
            rows.expr_as(text, name);
        }
        rows
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Fact {
    /// Which question it answers.
    pub what: String,
    /// What it is about.
    pub subject: Uuid,
    /// What belongs to that.
    pub other: Uuid,
    /// The first number.
    pub n1: Option<i64>,
    /// The second.
    pub n2: Option<i64>,
    /// The third.
    pub n3: Option<i64>,
    /// The fourth.
    pub n4: Option<i64>,
    /// The fifth.
    pub n5: Option<i64>,
    /// The first text.
    pub t1: Option<String>,
    /// The second.
    pub t2: Option<String>,
}

/// The answers to a question among all.
pub fn of<'f>(facts: &'f [Fact], what: &'static str) -> impl Iterator<Item = &'f Fact> {
    facts.iter().filter(move |fact| fact.what == what)
}

/// Asks all questions in one statement.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ask(db: &impl ConnectionTrait, questions: Vec<Question>) -> Result<Vec<Fact>, DbErr> {
    let mut statements = questions.into_iter().map(Question::statement);
    let Some(mut all) = statements.next() else { return Ok(Vec::new()) };
    for next in statements {
        all.union(UnionType::All, next);
    }
    let rows = db.query_all_raw(db.get_database_backend().build(&all)).await?;
    rows.iter().map(|row| Fact::from_query_result(row, "")).collect()
}
