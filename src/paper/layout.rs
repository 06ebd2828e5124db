//! Where what stands on the pages of a paper: whole points, so that the same content is the same page everywhere. Pure.
//!
//! A character of the ASCII range is three fifths as wide as it is high, every other as wide as high: so is the type in
//! which papers are set, and so columns of numbers stand under each other without asking the font. Papers of the first
//! edition took half for three fifths, those of the first two broke lines anywhere; they stay as they were issued.

use super::sheet::{Align, Sheet, Table};

/// A4, in points.
pub const PAGE: (i32, i32) = (595, 842);
const LEFT: i32 = 56;
const RIGHT: i32 = 539;
const TOP: i32 = 64;
const BOTTOM: i32 = 770;
const TITLE: i32 = 18;
const TEXT: i32 = 10;
const LINE: i32 = 16;
const PAD: i32 = 4;

/// Something on a page. Origin is the upper left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Text on a base line.
    Text {
        /// Where it begins.
        x: i32,
        /// Its base line.
        y: i32,
        /// How high its type is.
        size: i32,
        /// What it says.
        text: String,
    },
    /// A line.
    Rule {
        /// Where it begins.
        from: (i32, i32),
        /// Where it ends.
        to: (i32, i32),
    },
    /// A black box.
    Module {
        /// Its upper left corner.
        at: (i32, i32),
        /// How wide and high it is.
        side: i32,
    },
}

/// How wide a character is, in tenths of its height.
fn tenths(character: char, edition: u32) -> i32 {
    match (character.is_ascii(), edition) {
        (false, _) => 10,
        (true, 0..=1) => 5,
        (true, _) => 6,
    }
}

/// How wide a text is, in whole points that hold it.
fn width(text: &str, size: i32, edition: u32) -> i32 {
    let tenths: i32 = text.chars().map(|c| tenths(c, edition)).sum();
    (tenths * size + 9) / 10
}

/// What begins no line (行首禁则), by "Punctuation" GB/T 15834—2011, 5.1.
const NEVER_FIRST: &str = "，。、；：？！）」』》〉”’…％,.;:?!)%";
/// What ends no line (行末禁则), by the same.
const NEVER_LAST: &str = "（「『《〈“‘(";

/// Cuts a text into lines of at most this width; line breaks stay. From the third edition on no line begins with a sign that
/// closes, nor ends with one that opens: what stands before or in it goes along.
fn wrap(text: &str, size: i32, most: i32, edition: u32) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.lines() {
        let (mut line, mut used) = (String::new(), 0);
        for character in part.chars() {
            let wide = tenths(character, edition) * size;
            if used + wide > most * 10 && !line.is_empty() {
                let next = if edition < 3 { String::new() } else { goes_along(&mut line, character) };
                used = next.chars().map(|c| tenths(c, edition) * size).sum();
                lines.push(std::mem::replace(&mut line, next));
            }
            line.push(character);
            used += wide;
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// Takes off the end of a full line what has to stand on the next one, before `character`; never the whole line.
fn goes_along(line: &mut String, character: char) -> String {
    let (mut taken, mut first) = (Vec::new(), character);
    while line.chars().count() > 1 {
        let closes = NEVER_FIRST.contains(first);
        let opens = line.chars().last().is_some_and(|last| NEVER_LAST.contains(last));
        if !closes && !opens {
            break;
        }
        let Some(last) = line.pop() else { break };
        taken.push(last);
        first = last;
    }
    taken.into_iter().rev().collect()
}

/// The pages of a paper, with its code and where that is checked on each, and a square code on the first.
#[must_use]
pub fn lay_out(sheet: &Sheet, code: &str, check_at: &str, square: &[Vec<bool>]) -> Vec<Vec<Mark>> {
    let edition = sheet.edition;
    let mut setter = Setter { pages: vec![Vec::new()], y: TOP, edition };
    setter.square(square);
    let middle = LEFT.midpoint(RIGHT) - width(&sheet.title, TITLE, edition) / 2;
    setter.put(middle, TITLE, &sheet.title);
    setter.y += 24;
    let number = format!("编号：{}", sheet.number);
    setter.put(LEFT.midpoint(RIGHT) - width(&number, TEXT, edition) / 2, TEXT, &number);
    setter.y += 28;
    for (name, value) in &sheet.fields {
        setter.field(name, value);
    }
    for table in &sheet.tables {
        setter.y += 10;
        setter.table(table);
    }
    setter.y += 12;
    for paragraph in &sheet.paragraphs {
        for line in wrap(paragraph, TEXT, RIGHT - LEFT, edition) {
            setter.line(LINE);
            setter.put(LEFT, TEXT, &line);
            setter.y += LINE;
        }
        setter.y += 4;
    }
    setter.signatures(&sheet.signatures);
    setter.feet(code, check_at)
}

struct Setter {
    pages: Vec<Vec<Mark>>,
    y: i32,
    edition: u32,
}

impl Setter {
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn put(&mut self, x: i32, size: i32, text: &str) {
        let y = self.y;
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, size, text: text.to_owned() });
        }
    }

    /// Goes to the next page when so much does not fit on this one; says whether it did.
    fn line(&mut self, height: i32) -> bool {
        if self.y + height <= BOTTOM {
            return false;
        }
        self.pages.push(Vec::new());
        self.y = TOP;
        true
    }

    fn square(&mut self, square: &[Vec<bool>]) {
        let side = 2;
        let across = i32::try_from(square.len()).unwrap_or(0) * side;
        for (row, y) in square.iter().zip((0..).step_by(2)) {
            for (dark, x) in row.iter().zip((0..).step_by(2)) {
                if *dark {
                    self.mark(Mark::Module { at: (RIGHT - across + x, 28 + y), side });
                }
            }
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        let begin = LEFT + 110;
        for (index, line) in wrap(value, TEXT, RIGHT - begin, self.edition).iter().enumerate() {
            self.line(LINE);
            if index == 0 {
                self.put(LEFT, TEXT, &format!("{name}："));
            }
            self.put(begin, TEXT, line);
            self.y += LINE;
        }
    }

    fn table(&mut self, table: &Table) {
        let parts: i32 = table.columns.iter().map(|column| column.part).sum::<i32>().max(1);
        let mut edges = vec![LEFT];
        let mut sum = 0;
        for column in &table.columns {
            sum += column.part;
            edges.push(LEFT + (RIGHT - LEFT) * sum / parts);
        }
        let heading: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
        self.row(table, &edges, &heading, None);
        for row in table.rows.iter().chain(&table.total) {
            self.row(table, &edges, row, Some(&heading));
        }
    }

    /// A row, with the heading above it again where a new page begins.
    fn row(&mut self, table: &Table, edges: &[i32], cells: &[String], heading: Option<&[String]>) {
        let edition = self.edition;
        let cell = |index: usize, text: &String| {
            let (left, right) = (edges.get(index).copied().unwrap_or(LEFT), edges.get(index + 1).copied());
            let right = right.unwrap_or(RIGHT);
            (left, right, wrap(text, TEXT, right - left - 2 * PAD, edition))
        };
        let cells: Vec<_> = cells.iter().enumerate().map(|(index, text)| cell(index, text)).collect();
        let most = cells.iter().map(|(.., lines)| lines.len()).max().unwrap_or(1);
        let height = i32::try_from(most).unwrap_or(1) * 13 + PAD + 2;
        if self.line(height)
            && let Some(heading) = heading
        {
            self.row(table, edges, heading, None);
        }
        let top = self.y - 11;
        for (index, (left, right, lines)) in cells.iter().enumerate() {
            let align = table.columns.get(index).map_or(Align::Left, |column| column.align);
            for (line, down) in lines.iter().zip((0..).step_by(13)) {
                let x = match align {
                    Align::Left => left + PAD,
                    Align::Right => right - PAD - width(line, TEXT, edition),
                };
                let y = top + 13 + down;
                if !line.is_empty() {
                    self.mark(Mark::Text { x, y, size: TEXT, text: line.clone() });
                }
            }
        }
        for edge in edges {
            self.mark(Mark::Rule { from: (*edge, top), to: (*edge, top + height) });
        }
        for y in [top, top + height] {
            self.mark(Mark::Rule { from: (LEFT, y), to: (RIGHT, y) });
        }
        self.y += height;
    }

    fn signatures(&mut self, signatures: &[String]) {
        if signatures.is_empty() {
            return;
        }
        self.line(80);
        self.y += 24;
        let step = (RIGHT - LEFT) / i32::try_from(signatures.len()).unwrap_or(1).max(1);
        for (index, who) in (0..).zip(signatures) {
            let x = LEFT + index * step;
            let y = self.y;
            self.put(x, TEXT, who);
            self.mark(Mark::Text { x, y: y + 36, size: TEXT, text: "日期：        年    月    日".to_owned() });
        }
        self.y += 40;
    }

    /// The foot of every page.
    fn feet(self, code: &str, check_at: &str) -> Vec<Vec<Mark>> {
        let (count, edition) = (self.pages.len(), self.edition);
        // Beside the number of the page.
        let room = if edition < 2 { 60 } else { 80 };
        let foot = |(index, mut page): (usize, Vec<Mark>)| {
            page.push(Mark::Rule { from: (LEFT, 786), to: (RIGHT, 786) });
            let said = format!("查验码 {code}　查验地址 {check_at}");
            for (line, y) in wrap(&said, 8, RIGHT - LEFT - room, edition).into_iter().zip((800..).step_by(12)) {
                page.push(Mark::Text { x: LEFT, y, size: 8, text: line });
            }
            let number = format!("第 {} 页 共 {count} 页", index + 1);
            page.push(Mark::Text { x: RIGHT - width(&number, 8, edition), y: 800, size: 8, text: number });
            page
        };
        self.pages.into_iter().enumerate().map(foot).collect()
    }
}
