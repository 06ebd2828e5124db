//! The documents of a supplier order, as they come in and are shown: shipments, acceptances, amendments, returns and
//! credits. Each has its number within the order and is never changed, but for the decision over a return.

use super::store::Papers;
use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{
    CreditKind, Disposition, Fen, FileId, Grams, LotId, OrderLineId, OrganisationId, Packs, PersonId, RefusalKind,
    ReturnState,
};
use entity::{
    acceptance, acceptance_line, credit_note, credit_note_line, order_amendment, order_amendment_line, order_return,
    order_return_line, shipment, shipment_lot,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Packs to be taken off before they leave (变更).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendOrder {
    /// Which lines, and by how much.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<WithdrawnLine>,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "就餐人数减少")]
    pub reason: Words<500>,
}

/// Packs taken off one line.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawnLine {
    /// The line.
    pub line_id: OrderLineId,
    /// How many packs; more than zero, and not yet sent.
    pub withdrawn_packs: Packs,
}

/// Accepted goods to be given back (退货申请).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReturn {
    /// Which goods.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<ReturnedLine>,
    /// Why.
    pub kind: RefusalKind,
    /// Why, in words.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "开箱后发现霉变")]
    pub reason: Words<500>,
    /// Files of your organisation that show it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub photos: Vec<FileId>,
}

/// Packs of one line that go back.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnedLine {
    /// The line.
    pub line_id: OrderLineId,
    /// How many packs; more than zero.
    pub packs: Packs,
}

/// Returned goods taken back (收回退货).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveReturn {
    /// What becomes of the packs of each line of the return.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<DisposedLine>,
    /// Whether you bear the carriage although the goods are as ordered; for goods that are not, you do in any case.
    #[serde(default)]
    pub bears_freight: bool,
    /// What there is to say.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub opinion: Option<Words<500>>,
}

/// What becomes of the packs of one line.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisposedLine {
    /// The line.
    pub line_id: OrderLineId,
    /// Back into the store, or lost.
    pub disposition: Disposition,
}

/// Returned goods not taken back (驳回退货).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineReturn {
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "照片与所发批次不符")]
    pub opinion: Words<500>,
}

/// Goods kept at a lower price (折让).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditOrder {
    /// Which lines, and by how much.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<CreditedLine>,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "等级低于约定，每件让价")]
    pub reason: Words<500>,
}

/// What is credited of one line.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditedLine {
    /// The line.
    pub line_id: OrderLineId,
    /// How much; more than zero.
    pub amount_fen: Fen,
}

/// Goods sent on their way (发货单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Shipment {
    /// 1, 2, 3 … within the order.
    #[schema(example = 1)]
    pub number: i32,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number.
    pub tracking_number: String,
    /// Who sent it.
    pub shipped_by: PersonId,
    /// When.
    pub shipped_at: DateTime<Utc>,
    /// Whether it was judged.
    pub is_accepted: bool,
    /// Which lot went into which line.
    pub lots: Vec<LotInShipment>,
}

/// Packs of one lot in one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotInShipment {
    /// The line.
    pub line_id: OrderLineId,
    /// The lot.
    pub lot_id: LotId,
    /// How many packs.
    pub packs: Packs,
    /// What they weigh.
    pub grams: Grams,
}

/// The buyer's acceptance of a shipment (验收单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Acceptance {
    /// 1, 2, 3 … within the order.
    #[schema(example = 1)]
    pub number: i32,
    /// The number of the shipment.
    #[schema(example = 1)]
    pub shipment: i32,
    /// Whether nobody did: the agreed days passed, and it counts as accepted.
    pub is_silent: bool,
    /// Who accepted it; of a silent one, who had placed the order.
    pub accepted_by: PersonId,
    /// When.
    pub accepted_at: DateTime<Utc>,
    /// What they wrote.
    pub note: Option<String>,
    /// Line by line.
    pub lines: Vec<JudgedLine>,
}

/// What an acceptance says of one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JudgedLine {
    /// The line.
    pub line_id: OrderLineId,
    /// Packs accepted.
    pub accepted_packs: Packs,
    /// Packs that came short or were refused.
    pub refused_packs: Packs,
    /// Packs that came beyond what was sent.
    pub over_packs: Packs,
    /// Whether what was refused is to be sent again.
    pub is_replaced: bool,
    /// Why, as one of a list.
    pub kind: Option<RefusalKind>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Files that show it.
    pub photos: Vec<FileId>,
}

/// Packs taken off before they left (订单变更单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Amendment {
    /// 1, 2, 3 … within the order.
    #[schema(example = 1)]
    pub number: i32,
    /// What they would have cost.
    pub amount_fen: Fen,
    /// Why.
    pub reason: String,
    /// For which side.
    pub organisation_id: OrganisationId,
    /// Who.
    pub made_by: PersonId,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Line by line.
    pub lines: Vec<WithdrawnLine>,
}

/// Accepted goods that go back (退货单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderReturn {
    /// 1, 2, 3 … within the order.
    #[schema(example = 1)]
    pub number: i32,
    /// Where it is.
    pub state: ReturnState,
    /// Why.
    pub kind: RefusalKind,
    /// Why, in words.
    pub reason: String,
    /// Files that show it.
    pub photos: Vec<FileId>,
    /// Who asked.
    pub requested_by: PersonId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// What they wrote.
    pub opinion: Option<String>,
    /// Whether the supplier bears the carriage of what it took back; credited once everything went back (运费由供应商承担).
    pub bears_freight: bool,
    /// Line by line.
    pub lines: Vec<LineOfReturn>,
}

/// Packs of one line that go back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineOfReturn {
    /// The line.
    pub line_id: OrderLineId,
    /// How many packs.
    pub packs: Packs,
    /// What became of them.
    pub disposition: Option<Disposition>,
}

/// What need not be paid, or is owed back (退款单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreditNote {
    /// 1, 2, 3 … within the order.
    #[schema(example = 1)]
    pub number: i32,
    /// What it is for.
    pub kind: CreditKind,
    /// The number of the return it belongs to.
    pub return_number: Option<i32>,
    /// How much.
    pub amount_fen: Fen,
    /// How much of that had been paid, and is owed back.
    pub refunded_fen: Fen,
    /// Why.
    pub reason: String,
    /// Who.
    pub made_by: PersonId,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Line by line.
    pub lines: Vec<LineOfCredit>,
}

/// What is credited of one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineOfCredit {
    /// The line.
    pub line_id: OrderLineId,
    /// Packs given back.
    pub packs: Packs,
    /// How much.
    pub amount_fen: Fen,
}

/// Files as their column keeps them.
pub(super) fn write_photos(photos: &[FileId]) -> String {
    let quoted: Vec<String> = photos.iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", quoted.join(","))
}

fn read_photos(text: &str) -> Vec<FileId> {
    serde_json::from_str(text).unwrap_or_default()
}

impl Papers {
    pub(super) fn shipments(&self) -> Vec<Shipment> {
        let shown = |(row, lots): &(shipment::Model, Vec<shipment_lot::Model>)| {
            let shipment::Model { id, supplier_order_id: _, number, carrier, tracking_number, shipped_by, shipped_at } =
                row.clone();
            let is_accepted = self.is_judged(id);
            let lots = lots.iter().map(LotInShipment::from).collect();
            Shipment { number, carrier, tracking_number, shipped_by, shipped_at, is_accepted, lots }
        };
        self.shipments.iter().map(shown).collect()
    }

    pub(super) fn acceptances(&self) -> Vec<Acceptance> {
        let shown = |(row, lines): &(acceptance::Model, Vec<acceptance_line::Model>)| {
            let acceptance::Model {
                id: _,
                supplier_order_id: _,
                number,
                shipment_id,
                is_silent,
                accepted_by,
                accepted_at,
                note,
            } = row.clone();
            let shipment = self.shipments.iter().find(|(row, _)| Some(row.id) == shipment_id);
            let shipment = shipment.map_or(1, |(row, _)| row.number);
            let lines = lines.iter().cloned().map(JudgedLine::from).collect();
            Acceptance { number, shipment, is_silent, accepted_by, accepted_at, note, lines }
        };
        self.acceptances.iter().map(shown).collect()
    }

    pub(super) fn amendments(&self) -> Vec<Amendment> {
        let shown = |(row, lines): &(order_amendment::Model, Vec<order_amendment_line::Model>)| {
            let order_amendment::Model {
                id: _,
                supplier_order_id: _,
                number,
                amount_fen,
                reason,
                made_by,
                organisation_id,
                made_at,
            } = row.clone();
            let line = |line: &order_amendment_line::Model| WithdrawnLine {
                line_id: line.line_id,
                withdrawn_packs: line.withdrawn_packs,
            };
            let lines = lines.iter().map(line).collect();
            Amendment { number, amount_fen, reason, organisation_id, made_by, made_at, lines }
        };
        self.amendments.iter().map(shown).collect()
    }

    pub(super) fn returns(&self) -> Vec<OrderReturn> {
        let shown = |(row, lines): &(order_return::Model, Vec<order_return_line::Model>)| {
            let order_return::Model {
                id: _,
                supplier_order_id: _,
                number,
                state,
                kind,
                reason,
                photos,
                requested_by,
                requested_at,
                decided_by,
                decided_at,
                opinion,
                bears_freight,
            } = row.clone();
            let line = |line: &order_return_line::Model| LineOfReturn {
                line_id: line.line_id,
                packs: line.packs,
                disposition: line.disposition,
            };
            let (photos, lines) = (read_photos(&photos), lines.iter().map(line).collect());
            OrderReturn {
                number,
                state,
                kind,
                reason,
                photos,
                requested_by,
                requested_at,
                decided_by,
                decided_at,
                opinion,
                bears_freight,
                lines,
            }
        };
        self.returns.iter().map(shown).collect()
    }

    pub(super) fn credits(&self) -> Vec<CreditNote> {
        let shown = |(row, lines): &(credit_note::Model, Vec<credit_note_line::Model>)| {
            let credit_note::Model {
                id: _,
                supplier_order_id: _,
                number,
                kind,
                return_id,
                amount_fen,
                refunded_fen,
                reason,
                made_by,
                made_at,
            } = row.clone();
            let return_number =
                self.returns.iter().find(|(row, _)| Some(row.id) == return_id).map(|(row, _)| row.number);
            let line = |line: &credit_note_line::Model| LineOfCredit {
                line_id: line.line_id,
                packs: line.packs,
                amount_fen: line.amount_fen,
            };
            let lines = lines.iter().map(line).collect();
            CreditNote { number, kind, return_number, amount_fen, refunded_fen, reason, made_by, made_at, lines }
        };
        self.credits.iter().map(shown).collect()
    }
}

impl From<&shipment_lot::Model> for LotInShipment {
    fn from(row: &shipment_lot::Model) -> Self {
        let shipment_lot::Model { shipment_id: _, line_id, lot_id, packs, grams } = *row;
        Self { line_id, lot_id, packs, grams }
    }
}

impl From<acceptance_line::Model> for JudgedLine {
    fn from(row: acceptance_line::Model) -> Self {
        let acceptance_line::Model {
            acceptance_id: _,
            line_id,
            accepted_packs,
            refused_packs,
            over_packs,
            is_replaced,
            kind,
            reason,
            photos,
        } = row;
        let photos = read_photos(&photos);
        Self { line_id, accepted_packs, refused_packs, over_packs, is_replaced, kind, reason, photos }
    }
}
