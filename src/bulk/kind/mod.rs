//! What each kind of sheet means: a row is judged, and what was judged good is carried out, many at a time.

mod deliveries;
mod details;
mod households;
mod incomes;
mod payouts;
mod products;
mod stock;

use super::cells;
use super::columns::{Column, columns};
use super::read::{self, Line, Repeat};
use crate::access::Actor;
use crate::catalogue::product::Changing;
use crate::catalogue::product::view::AddProduct;
use crate::config::Config;
use crate::db::Tx;
use crate::harvest::delivery::view::NewDelivery;
use crate::household;
use crate::http::text;
use crate::problem::{Failure, FieldProblem};
use crate::secrecy::Secrets;
use crate::settlement::view::WantedPayout;
use crate::welfare::sheet::SheetRow;
use chrono::NaiveDate;
use entity::value::{Fen, FileId, ImportId, ImportKind, OrganisationId, PayoutMethod, PersonId, ProductId, RowOutcome};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use households::shown as household_cells;
pub(super) use products::shown as product_cells;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SheetFault {
    /// The name of the check that it did not pass, where that has one (校验规则).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "id_checksum")]
    pub code: Option<String>,
    /// The column, by its stable name.
    #[schema(example = "unit_price")]
    pub column: String,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What a row would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CellChange {
    /// The column, by its stable name.
    #[schema(example = "unit_price")]
    pub column: String,
    /// What stands there now.
    pub before: String,
    /// What the row says.
    pub after: String,
}

/// What a good row does.
#[derive(Debug)]
pub(super) enum Plan {
    Nothing,
    Add(Box<AddProduct>),
    Change(Box<Changing>),
    Stock { product: ProductId, packs: i64, reason: String },
    Delivery(Box<NewDelivery>),
    Payout { how: Handed, wanted: WantedPayout },
    Household(Box<HouseholdPlan>),
}

/// What the rows of a household do: to the register, and to its incomes.
#[derive(Debug)]
pub(super) struct HouseholdPlan {
    pub register: Option<household::intake::Plan>,
    pub incomes: Vec<SheetRow>,
}

/// How money was handed over, and what shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Handed {
    pub paid_on: NaiveDate,
    pub method: PayoutMethod,
    pub evidence: FileId,
    pub witness: Option<FileId>,
}

/// What comes of a row.
#[derive(Debug)]
pub(super) struct Verdict {
    pub outcome: RowOutcome,
    /// What it is about, for people; nobody's name.
    pub label: String,
    pub faults: Vec<SheetFault>,
    pub changes: Vec<CellChange>,
    pub object: Option<Uuid>,
    pub plan: Plan,
}

impl Verdict {
    fn bad(label: String, faults: Vec<SheetFault>) -> Self {
        Self { outcome: RowOutcome::Bad, label, faults, changes: Vec::new(), object: None, plan: Plan::Nothing }
    }

    fn new(label: String, plan: Plan) -> Self {
        Self { outcome: RowOutcome::New, label, faults: Vec::new(), changes: Vec::new(), object: None, plan }
    }

    fn same(label: String, object: Uuid) -> Self {
        let (faults, changes) = (Vec::new(), Vec::new());
        Self { outcome: RowOutcome::Same, label, faults, changes, object: Some(object), plan: Plan::Nothing }
    }

    fn changed(label: String, object: Uuid, changes: Vec<CellChange>, plan: Plan) -> Self {
        Self { outcome: RowOutcome::Changed, label, faults: Vec::new(), changes, object: Some(object), plan }
    }
}

/// For whom, and when.
pub(super) struct Around<'a> {
    pub actor: &'a Actor,
    pub organisation: OrganisationId,
    /// Who has it carried out; nobody while it is looked at.
    pub committed_by: Option<PersonId>,
    pub today: NaiveDate,
    pub config: &'a Config,
    pub secrets: &'a Secrets,
    /// The import, where there is one yet.
    pub import: ImportId,
}

/// Looks at rows; a constant number of questions, however many they are.
pub(super) async fn judge(
    kind: ImportKind,
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    lines: &[Line],
) -> Result<Vec<Verdict>, Failure> {
    match kind {
        ImportKind::Products => products::judge(db, around, lines).await,
        ImportKind::Stock => stock::judge(db, around, lines).await,
        ImportKind::Deliveries => deliveries::judge(db, around, lines).await,
        ImportKind::Payouts => payouts::judge(db, around, lines).await,
        ImportKind::Households => households::judge(db, around, lines).await,
    }
}

/// Carries out what was judged good in this transaction, all or none; gives what each row made or changed.
pub(super) async fn carry_out(
    kind: ImportKind,
    tx: &Tx,
    around: &Around<'_>,
    verdicts: Vec<Verdict>,
) -> Result<Vec<Option<Uuid>>, Failure> {
    match kind {
        ImportKind::Products => products::carry_out(tx, around, verdicts).await,
        ImportKind::Stock => stock::carry_out(tx, around, verdicts).await,
        ImportKind::Deliveries => deliveries::carry_out(tx, around, verdicts).await,
        ImportKind::Payouts => payouts::carry_out(tx, around, verdicts).await,
        ImportKind::Households => households::carry_out(tx, around, verdicts).await,
    }
}

/// By what two rows of one sheet are the same; nothing when a row says too little.
pub(super) fn key(kind: ImportKind, line: &Line) -> Option<String> {
    let cells = match kind {
        ImportKind::Products if !line.cells[0].is_empty() => vec![line.cells[0].to_ascii_lowercase()],
        ImportKind::Products => vec![line.cells[1].clone(), line.cells[4].clone()],
        ImportKind::Stock => vec![line.cells[0].to_ascii_lowercase()],
        ImportKind::Deliveries => vec![line.cells[0].clone(), line.cells[7].clone()],
        ImportKind::Payouts => vec![line.cells[5].clone()],
        ImportKind::Households => vec![households::person(line)],
    };
    (!cells.iter().any(String::is_empty)).then(|| cells.join("\u{1f}"))
}

/// What is wrong with a line whose key stands on an earlier line too.
pub(super) fn repeat_of(kind: ImportKind, first: i32) -> Repeat {
    match kind {
        ImportKind::Households => Repeat { first, column: "id_number", code: Some("person_repeated") },
        _ => Repeat { first, column: columns(kind).first().map_or("", |column| column.key), code: None },
    }
}

/// Makes a row that repeats another one bad.
pub(super) fn refuse_repetition(verdict: &mut Verdict, repeat: Repeat) {
    let Repeat { first, column, code } = repeat;
    verdict.outcome = RowOutcome::Bad;
    verdict.plan = Plan::Nothing;
    let (zh, en) = match code {
        Some("household_apart") => (
            format!("该户在第 {first} 行已出现，同一户的各行须相邻。"),
            format!("The household began on line {first}; its rows stand one after the other."),
        ),
        _ => (format!("与第 {first} 行重复。"), format!("It repeats line {first}.")),
    };
    verdict.faults.push(SheetFault { code: code.map(str::to_owned), column: column.to_owned(), zh, en });
}

/// What belongs together is good together or not at all: a household with a row at fault is at fault.
pub(super) fn settle(kind: ImportKind, lines: &[Line], verdicts: &mut [Verdict]) {
    let mut from = 0;
    while from < lines.len() {
        let same = lines[from..]
            .iter()
            .take_while(|line| line.number == lines[from].number || read::belong_together(kind, &lines[from], line));
        let until = from + same.count().max(1);
        let group = &mut verdicts[from..until];
        let bad = group.iter().position(|verdict| verdict.outcome == RowOutcome::Bad);
        if let Some(bad) = bad.filter(|_| group.len() > 1) {
            let at = lines[from + bad].number;
            for verdict in group.iter_mut() {
                if verdict.outcome != RowOutcome::Bad {
                    verdict.outcome = RowOutcome::Bad;
                    verdict.changes.clear();
                    let (zh, en) =
                        (format!("同户第 {at} 行有误。"), format!("Line {at} of the household is at fault."));
                    let code = Some("household_at_fault".to_owned());
                    verdict.faults.push(SheetFault { code, column: "household_number".to_owned(), zh, en });
                }
                verdict.plan = Plan::Nothing;
            }
        }
        from = until;
    }
}

/// Rows that are carried out together or not at all.
pub(super) fn units<'r, R>(kind: ImportKind, rows: &'r [R], line_of: impl Fn(&R) -> Option<&'r Line>) -> Vec<&'r [R]> {
    rows.chunk_by(|one, next| {
        let (Some(one), Some(next)) = (line_of(one), line_of(next)) else { return false };
        read::belong_together(kind, one, next)
    })
    .collect()
}

/// The cells of a row, asked for by name; what is wrong with them is collected.
struct Cells<'a> {
    columns: &'static [Column],
    line: &'a Line,
    faults: Vec<SheetFault>,
}

impl<'a> Cells<'a> {
    /// Looks at what holds for every cell: required ones are filled, and nothing is hidden in any.
    fn of(kind: ImportKind, line: &'a Line) -> Self {
        let mut cells = Self { columns: columns(kind), line, faults: Vec::new() };
        for (column, cell) in cells.columns.iter().zip(&line.cells) {
            if column.is_required && cell.is_empty() {
                cells.fault(column.key, "必填。", "It is required.");
            }
            if text::hides(cell) {
                cells.fault(column.key, "不能含看不见的字符。", "It cannot hold hidden characters.");
            }
        }
        cells
    }

    /// The cells, not looked at.
    fn bare(kind: ImportKind, line: &'a Line) -> Self {
        Self { columns: columns(kind), line, faults: Vec::new() }
    }

    fn fault(&mut self, column: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push(SheetFault { code: None, column: column.to_owned(), zh: zh.into(), en: en.into() });
    }

    fn text(&self, key: &str) -> &'a str {
        let at = self.columns.iter().position(|column| column.key == key);
        at.and_then(|at| self.line.cells.get(at)).map_or("", String::as_str)
    }

    /// What a filled cell says, or a fault in it; an empty one says nothing.
    fn read<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Option<T>, zh: &str, en: &str) -> Option<T> {
        let text = self.text(key);
        if text.is_empty() {
            return None;
        }
        let read = parse(text);
        if read.is_none() {
            self.fault(key, zh, en);
        }
        read
    }

    fn fen(&mut self, key: &str) -> Option<Fen> {
        let parse = |text: &str| cells::scaled(text, 2).and_then(|fen| Fen::new(fen).ok());
        self.read(
            key,
            parse,
            "应为元，最多两位小数，例如 12.50。",
            "Yuan with at most two decimals are expected, such as 12.50.",
        )
    }

    fn whole(&mut self, key: &str) -> Option<i64> {
        self.read(key, |text| cells::scaled(text, 0), "应为整数。", "A whole number is expected.")
    }

    fn day(&mut self, key: &str) -> Option<NaiveDate> {
        self.read(key, cells::day, "应为日期，例如 2026-03-01。", "A day is expected, such as 2026-03-01.")
    }

    fn choice(&mut self, key: &str) -> Option<&'static str> {
        let choices = self.columns.iter().find(|column| column.key == key).map_or(&[][..], |column| column.choices);
        self.read(key, |text| cells::choice(text, choices), "请从下拉列表中选择。", "Choose one from the list.")
    }

    fn parsed<T: std::str::FromStr>(&mut self, key: &str, zh: &str, en: &str) -> Option<T> {
        self.read(key, |text| text.parse().ok(), zh, en)
    }

    /// Faults as the single operations name them, at the columns they are about.
    fn adopt(&mut self, faults: impl IntoIterator<Item = FieldProblem>, column_of: impl Fn(&str) -> &'static str) {
        for fault in faults {
            let column = column_of(&fault.pointer);
            self.fault(column, fault.detail.zh.into_owned(), fault.detail.en.into_owned());
        }
    }
}

/// Notes a difference.
fn differ(changes: &mut Vec<CellChange>, column: &str, before: impl ToString, after: impl ToString) {
    let (before, after) = (before.to_string(), after.to_string());
    if before != after {
        changes.push(CellChange { column: column.to_owned(), before, after });
    }
}

/// Counted stock moves by what it differed when it was looked at; what was sold since then stays sold.
pub(super) fn as_it_was_seen(row: &entity::sheet_import_row::Model, verdict: &mut Verdict) {
    let Plan::Stock { packs, .. } = &mut verdict.plan else { return };
    let seen: super::view::Detail = serde_json::from_str(&row.detail).unwrap_or_default();
    let change = seen.changes.first();
    let numbers =
        change.and_then(|change| Some((change.before.parse::<i64>().ok()?, change.after.parse::<i64>().ok()?)));
    if let Some((before, after)) = numbers {
        *packs = after - before;
    }
}
