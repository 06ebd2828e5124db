//! Rows of payouts: money that households were handed, with the evidence. A reference that is there already says the
//! same, or is at fault: a payout is never changed.

use super::{Around, Cells, Handed, Plan, Verdict, deliveries};
use crate::access::policy::RecordPayout;
use crate::access::{AccessError, Grant};
use crate::bulk::read::Line;
use crate::db::Tx;
use crate::problem::Failure;
use crate::settlement::view::{RecordPayouts, WantedPayout};
use crate::{document, payout, settlement};
use chrono::NaiveDate;
use entity::agreement;
use entity::value::{BenefitMode, Fen, FileId, ImportKind, PayoutId, PayoutMethod};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

pub(super) async fn judge(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    lines: &[Line],
) -> Result<Vec<Verdict>, Failure> {
    let agreements = deliveries::agreements(db, around, lines).await?;
    let references: Vec<&str> = lines.iter().map(|line| line.cells[5].as_str()).collect();
    let there = settlement::payouts_by_reference(db, around.organisation, &references).await?;
    let files = lines.iter().flat_map(|line| [&line.cells[6], &line.cells[7]]);
    let files: HashSet<FileId> = files.filter_map(|cell| cell.parse().ok()).collect();
    let own = document::own_among(db, around.organisation, &files.into_iter().collect::<Vec<_>>()).await?;
    let own = own.into_iter().map(|file| file.id).collect();
    Ok(lines.iter().map(|line| judge_one(&agreements, &there, &own, around.today, line)).collect())
}

fn judge_one(
    agreements: &HashMap<String, Vec<agreement::Model>>,
    there: &HashMap<String, entity::payout::Model>,
    own: &HashSet<FileId>,
    today: NaiveDate,
    line: &Line,
) -> Verdict {
    let mut cells = Cells::of(ImportKind::Payouts, line);
    let label = cells.text("reference").to_owned();
    let mode = cells.choice("mode").and_then(|mode| mode.parse::<BenefitMode>().ok());
    let method = cells.choice("method").and_then(|method| method.parse::<PayoutMethod>().ok());
    let (amount, day) = (cells.fen("amount"), cells.day("paid_on"));
    let evidence = paper(&mut cells, "evidence_file_id", own);
    let witness = paper(&mut cells, "witness_file_id", own);
    if method == Some(PayoutMethod::Cash) && cells.text("witness_file_id").is_empty() {
        cells.fault("witness_file_id", "现金发放须有见证人签字的文件。", "Cash needs what a witness signed.");
    }
    if amount.is_some_and(|amount| amount.is_zero()) {
        cells.fault("amount", "金额应大于零。", "The amount is more than zero.");
    }
    if day.is_some_and(|day| day > today) {
        cells.fault("paid_on", "发放日期在将来。", "The date lies in the future.");
    }
    if cells.text("reference").chars().count() > 100 {
        cells.fault("reference", "凭证号最多 100 个字符。", "The reference has 100 characters at most.");
    }
    let agreement = find(agreements, cells.text("household_number"), mode, day);
    if agreement.is_none() && mode.is_some() && day.is_some() {
        let zh = "与该户没有这类协议，或发放日期早于协议起始日。";
        cells.fault("household_number", zh, "There is no such agreement with this household by that day.");
    }
    let (Some(agreement), Some(amount_fen), Some(paid_on), Some(method), Some(evidence)) =
        (agreement, amount, day, method, evidence)
    else {
        return Verdict::bad(label, cells.faults);
    };
    let how = Handed { paid_on, method, evidence, witness };
    let reference = cells.text("reference").to_owned();
    match there.get(&reference) {
        Some(row) if is_same(row, agreement, amount_fen, how) => Verdict::same(label, row.id.uuid()),
        Some(_) => {
            cells.fault("reference", "该凭证号已用于另一笔发放。", "This reference was used for another payout.");
            Verdict::bad(label, cells.faults)
        }
        None if cells.faults.is_empty() => {
            let wanted = WantedPayout { agreement_id: agreement.id, amount_fen, reference };
            Verdict::new(label, Plan::Payout { how, wanted })
        }
        None => Verdict::bad(label, cells.faults),
    }
}

/// A file of one's own.
fn paper(cells: &mut Cells<'_>, key: &str, own: &HashSet<FileId>) -> Option<FileId> {
    let file: Option<FileId> = cells.parsed(key, "不是文件编号。", "It is no identifier of a file.");
    if file.is_some_and(|file| !own.contains(&file)) {
        cells.fault(key, "本单位没有这个文件。", "You have no such file.");
    }
    file
}

/// The agreement of a kind with a household that had begun by a day: the one that began last.
fn find<'a>(
    agreements: &'a HashMap<String, Vec<agreement::Model>>,
    number: &str,
    mode: Option<BenefitMode>,
    day: Option<NaiveDate>,
) -> Option<&'a agreement::Model> {
    let (mode, day) = (mode?, day?);
    let begun = agreements.get(number)?.iter().filter(|row| row.mode == mode && row.starts_on <= day);
    begun.max_by_key(|row| row.starts_on)
}

fn is_same(row: &entity::payout::Model, agreement: &agreement::Model, amount: Fen, how: Handed) -> bool {
    let recorded = Handed {
        paid_on: row.paid_on,
        method: row.method,
        evidence: row.evidence_file_id,
        witness: row.witness_file_id,
    };
    row.agreement_id == agreement.id && row.amount_fen == amount && recorded == how
}

pub(super) async fn carry_out(
    tx: &Tx,
    around: &Around<'_>,
    verdicts: Vec<Verdict>,
) -> Result<Vec<Option<Uuid>>, Failure> {
    let grant = Grant::<RecordPayout>::claim(around.actor)?;
    // Nobody else has let it go yet: then nothing goes.
    let approved_by = around.committed_by.ok_or(AccessError::SamePerson)?;
    let mut made: Vec<Option<Uuid>> = verdicts.iter().map(|verdict| verdict.object).collect();
    // Payouts of one day, by one way, with one evidence are recorded together.
    let mut groups: BTreeMap<_, Vec<(usize, WantedPayout)>> = BTreeMap::new();
    for (place, verdict) in verdicts.into_iter().enumerate() {
        if let Plan::Payout { how, wanted } = verdict.plan {
            groups.entry(how).or_default().push((place, wanted));
        }
    }
    for (Handed { paid_on, method, evidence, witness }, group) in groups {
        let (places, payouts): (Vec<usize>, Vec<WantedPayout>) = group.into_iter().unzip();
        let (evidence_file_id, witness_file_id) = (evidence, witness);
        let wanted = RecordPayouts { paid_on, method, evidence_file_id, witness_file_id, payouts };
        let paid = payout::let_go(tx, &grant, approved_by, &wanted).await?;
        for (place, payout) in places.into_iter().zip(paid) {
            made[place] = payout.map(PayoutId::uuid);
        }
    }
    Ok(made)
}
