//! Bank statements as ISO 20022 messages: camt.053, versions 02 and 08, become the same rows as a CSV does.
//!
//! Promises: only what is booked, in yuan and to the account's credit becomes a row; an entry that stands for several
//! transactions becomes one row each, and these add up to it; every faulty entry is named. There is no document type and
//! no entity of its own in it, so nothing grows while it is read.
//! Knows no database, no order and no clock.

use super::PaymentError;
use super::statement::{MOST_FAULTS, MOST_ROWS, Parsed, fen_of_yuan, pointer};
use crate::http::text;
use crate::problem::{FieldProblem, Text};
use chrono::NaiveDate;
use entity::value::Fen;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;

/// The namespaces that are understood.
const VERSIONS: [&str; 2] =
    ["urn:iso:std:iso:20022:tech:xsd:camt.053.001.02", "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"];
/// How deep elements may lie in each other.
const MOST_DEEP: usize = 40;

/// An element with what is in it.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The element at the end of a path.
    fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path).map(|node| node.text.trim()).filter(|text| !text.is_empty())
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn unreadable(zh: &'static str, en: &'static str) -> PaymentError {
    PaymentError::Unreadable(Text::new(zh, en))
}

fn malformed() -> PaymentError {
    unreadable("不是有效的 XML。", "It is not well-formed XML.")
}

/// Whether a file looks like a message rather than a table.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

fn open(start: &BytesStart<'_>) -> Result<Node, PaymentError> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| malformed())?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        attributes.push((key, String::from_utf8_lossy(&attribute.value).into_owned()));
    }
    Ok(Node { name, attributes, ..Node::default() })
}

fn tree(text: &str) -> Result<Node, PaymentError> {
    let mut reader = Reader::from_str(text);
    let mut stack = vec![Node::default()];
    loop {
        match reader.read_event().map_err(|_| malformed())? {
            Event::Start(start) => {
                stack.push(open(&start)?);
                if stack.len() > MOST_DEEP {
                    return Err(malformed());
                }
            }
            Event::Empty(start) => {
                let node = open(&start)?;
                stack.last_mut().ok_or_else(malformed)?.children.push(node);
            }
            Event::End(_) => {
                let node = stack.pop().ok_or_else(malformed)?;
                stack.last_mut().ok_or_else(malformed)?.children.push(node);
            }
            Event::Text(said) => add(&mut stack, &said.decode().map_err(|_| malformed())?),
            Event::CData(said) => add(&mut stack, &said.decode().map_err(|_| malformed())?),
            Event::GeneralRef(said) => {
                let named = match said.decode().map_err(|_| malformed())?.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => said.resolve_char_ref().map_err(|_| malformed())?,
                };
                add(&mut stack, &named.ok_or_else(malformed)?.to_string());
            }
            Event::DocType(_) => return Err(malformed()),
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
        }
    }
    let mut root = stack.pop().filter(|_| stack.is_empty()).ok_or_else(malformed)?;
    let is_one = root.children.len() == 1;
    root.children.pop().filter(|_| is_one).ok_or_else(malformed)
}

fn add(stack: &mut [Node], text: &str) {
    if let Some(node) = stack.last_mut() {
        node.text.push_str(text);
    }
}

/// Reads a message. `today` bounds its dates.
///
/// # Errors
/// [`PaymentError::Unreadable`] when it is no such message, [`PaymentError::Rows`] with every entry at fault.
pub(super) fn parse(bytes: &[u8], today: NaiveDate) -> Result<Vec<Parsed>, PaymentError> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("文件不是 UTF-8 编码。", "It is not in UTF-8."))?;
    let document = tree(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let namespace = document.attributes.iter().find(|(name, _)| name == "xmlns" || name.starts_with("xmlns:"));
    let is_known = document.attributes.iter().any(|(_, value)| VERSIONS.contains(&value.as_str()));
    let Some(message) = document.child("BkToCstmrStmt").filter(|_| is_known && namespace.is_some()) else {
        return Err(unreadable(
            "不是 camt.053.001.02 或 camt.053.001.08 的对账报文。",
            "It is no statement of the kind camt.053.001.02 or camt.053.001.08.",
        ));
    };
    let mut taken = Taken { rows: Vec::new(), faults: Vec::new(), references: HashSet::new(), today };
    for entry in message.all("Stmt").flat_map(|statement| statement.all("Ntry")) {
        taken.entry(entry)?;
        if taken.rows.len() > MOST_ROWS {
            return Err(unreadable("超过 5000 笔，请分开导入。", "It has more than 5000 transactions; split it."));
        }
        if taken.faults.len() >= MOST_FAULTS {
            break;
        }
    }
    match (taken.faults.is_empty(), taken.rows.is_empty()) {
        (false, _) => Err(PaymentError::Rows(taken.faults)),
        (true, true) => Err(unreadable("报文中没有已入账的贷方交易。", "There is no booked credit in it.")),
        (true, false) => Ok(taken.rows),
    }
}

struct Taken {
    rows: Vec<Parsed>,
    faults: Vec<FieldProblem>,
    references: HashSet<String>,
    today: NaiveDate,
}

impl Taken {
    fn fault(&mut self, column: &'static str, zh: &str, en: &str) {
        let row = self.rows.len();
        self.faults.push(FieldProblem {
            pointer: pointer(row, column),
            detail: Text::new(format!("第 {} 笔：{zh}。", row + 1), format!("Transaction {}: {en}.", row + 1)),
        });
    }

    /// One entry: a row, or one for each of its transactions.
    fn entry(&mut self, entry: &Node) -> Result<(), PaymentError> {
        // Version 02 says the state itself, version 08 names it one level deeper.
        let state = entry.text_at(&["Sts", "Cd"]).or_else(|| entry.text_at(&["Sts"]));
        let is_credit = entry.text_at(&["CdtDbtInd"]) == Some("CRDT");
        let is_reversal = entry.text_at(&["RvslInd"]) == Some("true");
        if state != Some("BOOK") || !is_credit || is_reversal {
            return Ok(());
        }
        let Some(booked_on) = self.day(entry) else { return Ok(()) };
        let Some(amount) = self.amount(entry.child("Amt")) else { return Ok(()) };
        let reference = entry.text_at(&["AcctSvcrRef"]).or_else(|| entry.text_at(&["NtryRef"])).map(str::to_owned);
        let parts: Vec<&Node> = entry.all("NtryDtls").flat_map(|details| details.all("TxDtls")).collect();
        if parts.len() <= 1 {
            self.row(parts.first().copied().unwrap_or(entry), (booked_on, amount), reference);
            return Ok(());
        }
        let mut amounts = Vec::with_capacity(parts.len());
        for part in &parts {
            let said = part.child("Amt").or_else(|| part.at(&["AmtDtls", "TxAmt", "Amt"]));
            let Some(amount) = self.amount(said) else { return Ok(()) };
            amounts.push(amount);
        }
        if Fen::checked_sum(amounts.iter().copied())? != amount {
            self.fault("amount_yuan", "各笔明细合计与汇总金额不符", "its parts do not add up to the entry");
            return Ok(());
        }
        for ((number, part), amount) in (1..).zip(parts).zip(amounts) {
            let reference = reference.as_ref().map(|reference| format!("{reference}-{number}"));
            self.row(part, (booked_on, amount), reference);
        }
        Ok(())
    }

    /// A transaction: who paid, what they wrote, the bank's number of it.
    fn row(&mut self, details: &Node, (booked_on, amount): (NaiveDate, Fen), entry_reference: Option<String>) {
        let payer = details
            .text_at(&["RltdPties", "Dbtr", "Nm"])
            .or_else(|| details.text_at(&["RltdPties", "Dbtr", "Pty", "Nm"]))
            .unwrap_or("未载明");
        let account = details
            .text_at(&["RltdPties", "DbtrAcct", "Id", "Othr", "Id"])
            .or_else(|| details.text_at(&["RltdPties", "DbtrAcct", "Id", "IBAN"]));
        let mut memo: Vec<&str> = details
            .child("RmtInf")
            .into_iter()
            .flat_map(|remittance| remittance.all("Ustrd"))
            .map(|said| said.text.trim())
            .collect();
        memo.extend(details.text_at(&["RmtInf", "Strd", "CdtrRefInf", "Ref"]));
        memo.extend(details.text_at(&["AddtlTxInf"]).or_else(|| details.text_at(&["AddtlNtryInf"])));
        let own = details.text_at(&["Refs", "AcctSvcrRef"]).or_else(|| details.text_at(&["Refs", "TxId"]));
        let Some(reference) = own.map(str::to_owned).or(entry_reference) else {
            self.fault("bank_reference", "没有银行流水号", "it has no reference of the bank");
            return;
        };
        let memo = memo.join(" ");
        for (column, said, most) in
            [("payer_name", payer, 200), ("memo", memo.as_str(), 500), ("bank_reference", reference.as_str(), 100)]
        {
            if said.chars().count() > most || text::hides(said) {
                self.fault(column, "过长或含控制字符", "it is too long, or has control characters in it");
                return;
            }
        }
        if !self.references.insert(reference.clone()) {
            self.fault("bank_reference", "同一文件中重复的流水号", "the bank reference stands twice in this file");
            return;
        }
        self.rows.push(Parsed {
            booked_on,
            payer_name: payer.to_owned(),
            payer_account: account.filter(|account| account.chars().count() <= 64).map(str::to_owned),
            amount,
            memo,
            bank_reference: reference,
        });
    }

    fn day(&mut self, entry: &Node) -> Option<NaiveDate> {
        let said = entry.text_at(&["BookgDt", "Dt"]).or_else(|| entry.text_at(&["BookgDt", "DtTm"]));
        let day = said.and_then(|said| NaiveDate::parse_from_str(said.get(..10)?, "%Y-%m-%d").ok());
        match day {
            Some(day) if day <= self.today => Some(day),
            Some(_) => {
                self.fault("booked_on", "日期在将来", "the date lies in the future");
                None
            }
            None => {
                self.fault("booked_on", "没有入账日期", "it has no booking date");
                None
            }
        }
    }

    fn amount(&mut self, said: Option<&Node>) -> Option<Fen> {
        let is_yuan = said.and_then(|amount| amount.attribute("Ccy")) == Some("CNY");
        let amount = said.filter(|_| is_yuan).and_then(|amount| fen_of_yuan(amount.text.trim()));
        if amount.is_none() {
            self.fault(
                "amount_yuan",
                "应为大于零的人民币金额，至多两位小数",
                "an amount in CNY above zero with at most two decimals is expected",
            );
        }
        amount
    }
}
