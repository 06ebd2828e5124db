//! A department's file becomes numbers and what stands beside them, a thousand rows at a time; none of it is written.

use super::error::ComparisonError;
use crate::http::sheet;
use actix_web::web::{self, Bytes};
use entity::value::ResidentId;
use futures_util::StreamExt;
use std::borrow::Cow;
use tokio::sync::mpsc;

/// The largest file that is taken.
const LARGEST: usize = 32 * 1024 * 1024;
/// Rows of one file.
pub const MOST_ROWS: usize = 500_000;
/// Rows that are matched together.
pub(super) const AT_ONCE: usize = 1000;
/// Characters of what stands beside a number.
const MOST_CHARACTERS: usize = 100;

/// What the column of identity numbers is called.
const NUMBERS: [&str; 8] =
    ["证件号码", "身份证号", "身份证号码", "公民身份号码", "居民身份证号码", "id_number", "AAB004", "SFZH"];
/// What the columns are called that say what was found: the plate, the company, the payer, the day of death.
const DETAILS: [&str; 14] = [
    "车牌号",
    "号牌号码",
    "车辆类型",
    "企业名称",
    "统一社会信用代码",
    "职务",
    "单位名称",
    "发放单位",
    "死亡日期",
    "登记日期",
    "购置日期",
    "出资额",
    "说明",
    "备注",
];

/// A row with a number that is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Hit {
    /// Whose.
    pub number: ResidentId,
    /// What stands beside it.
    pub detail: Option<String>,
}

/// Some rows: those with a number, and how many had none.
#[derive(Default)]
pub(super) struct Piece {
    pub hits: Vec<Hit>,
    pub bad: usize,
}

/// Takes in a whole file, into memory only.
///
/// # Errors
/// It is larger than 32 MiB, or does not come to its end.
pub(super) async fn receive(mut body: web::Payload) -> Result<Bytes, ComparisonError> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| ComparisonError::Interrupted)?;
        if bytes.len().saturating_add(chunk.len()) > LARGEST {
            return Err(ComparisonError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Gives a file a piece at a time; the next is read while one is matched.
pub(super) fn pieces(bytes: Bytes) -> mpsc::Receiver<Result<Piece, ComparisonError>> {
    let (give, taken) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let mut table = Table { places: None, rows: 0, piece: Piece::default(), seen: 0 };
        let read = sheet::read(&bytes, |_, row| match table.take(row)? {
            Some(piece) => give.blocking_send(Ok(piece)).map_err(|_| ComparisonError::Interrupted),
            None => Ok(()),
        });
        let last = read.and_then(|()| if table.rows == 0 { Err(ComparisonError::Rows) } else { Ok(table.piece) });
        // When nobody listens any more, nobody hears this either.
        drop(give.blocking_send(last));
    });
    taken
}

/// The columns of the file, and the piece that grows.
struct Table {
    places: Option<(usize, Vec<(usize, String)>)>,
    rows: usize,
    seen: usize,
    piece: Piece,
}

impl Table {
    fn take(&mut self, row: &[Cow<'_, str>]) -> Result<Option<Piece>, ComparisonError> {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(None);
        }
        let Some((number, details)) = &self.places else {
            self.places = Some(headings(row)?);
            return Ok(None);
        };
        if self.rows == MOST_ROWS {
            return Err(ComparisonError::Rows);
        }
        self.rows += 1;
        self.seen += 1;
        let cell = |at: usize| row.get(at).map(|cell| cell.trim().trim_start_matches('\'')).unwrap_or_default();
        match ResidentId::parse(cell(*number)) {
            Ok(number) => {
                let said = details.iter().filter(|(at, _)| !cell(*at).is_empty());
                let said: Vec<String> = said.map(|(at, heading)| format!("{heading}：{}", cell(*at))).collect();
                let detail: String = said.join("；").chars().take(MOST_CHARACTERS).collect();
                self.piece.hits.push(Hit { number, detail: (!detail.is_empty()).then_some(detail) });
            }
            Err(_) => self.piece.bad += 1,
        }
        if self.seen < AT_ONCE {
            return Ok(None);
        }
        self.seen = 0;
        Ok(Some(std::mem::take(&mut self.piece)))
    }
}

fn headings(row: &[Cow<'_, str>]) -> Result<(usize, Vec<(usize, String)>), ComparisonError> {
    let headings: Vec<&str> = row.iter().map(|cell| cell.trim().trim_start_matches('\u{feff}').trim()).collect();
    let number = headings.iter().position(|heading| NUMBERS.iter().any(|known| known.eq_ignore_ascii_case(heading)));
    let number = number.ok_or(ComparisonError::NoNumbers)?;
    let details = headings.iter().enumerate().filter(|(_, heading)| DETAILS.contains(heading));
    Ok((number, details.map(|(at, heading)| (at, (*heading).to_owned())).collect()))
}
