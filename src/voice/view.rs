//! What comes in and goes out.

use crate::household::view::HouseholdBrief;
use crate::settlement::view::IncomeStatement;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AgreementId, ConfirmationId, CorrectionId, CorrectionKind, DisputeId, DisputeState, Fen, FileId, HouseholdCardId,
    HouseholdId, OrganisationId, PayoutId, SupplierOrderId, VoiceChannel, VoiceSubject,
};
use entity::{confirmation, correction, dispute};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// To whom a card is issued.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueCard {
    /// The household.
    pub household_id: HouseholdId,
}

/// A card, with the number that is printed on it and shown only this once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssuedCard {
    /// Its identifier.
    pub id: HouseholdCardId,
    /// Whose.
    pub household_id: HouseholdId,
    /// Sixteen digits, the last a check digit.
    #[schema(example = "5226 2512 3456 7895")]
    pub card_number: String,
    /// When it was issued; earlier cards of the household stopped being good.
    pub issued_at: DateTime<Utc>,
}

/// Who asks for a code.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForCode {
    /// The number on the card; blanks do not matter.
    #[schema(min_length = 1, max_length = 40, example = "5226 2512 3456 7895")]
    pub card_number: String,
}

/// What whoever asks is told, whether there is such a card or not.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct CodeAsked {
    /// How long a code is good that was sent.
    #[schema(example = 10)]
    pub good_for_minutes: i64,
}

/// A card and the code that came to the phone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenVoiceSession {
    /// The number on the card.
    #[schema(min_length = 1, max_length = 40, example = "5226 2512 3456 7895")]
    pub card_number: String,
    /// The six digits.
    #[schema(min_length = 1, max_length = 10, example = "042917")]
    pub code: String,
}

/// Whom a helper is with.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpHousehold {
    /// The household.
    pub household_id: HouseholdId,
}

/// A household looking at its statement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoiceSession {
    /// What to show with each request, as `X-Household-Session`.
    pub token: String,
    /// By itself, or through its helper.
    pub channel: VoiceChannel,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// The header by which a household is known.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only describes the header")]
pub struct SessionHeader {
    /// The token of the session.
    #[param(rename = "X-Household-Session")]
    x_household_session: Option<String>,
}

/// Of which year.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct YearQuery {
    /// The calendar year of the business days, 2000–2100; the present one when not given.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: Option<i32>,
}

/// Of which year, and in which language.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageYear {
    /// The calendar year of the business days, 2000–2100; the present one when not given.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: Option<i32>,
    /// The language of the page; Chinese when not given.
    #[param(inline)]
    pub lang: Option<Lang>,
}

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A statement, with what the household said to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WholeStatement {
    /// The statement.
    #[serde(flatten)]
    pub statement: IncomeStatement,
    /// What it said is right.
    pub confirmations: Vec<Confirmation>,
    /// What it said is wrong.
    pub disputes: Vec<Dispute>,
}

/// Which entry is right.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// From which order.
    pub supplier_order_id: SupplierOrderId,
    /// Which of the three amounts.
    pub subject: VoiceSubject,
    /// Of which year.
    #[schema(example = 2026)]
    pub year: i32,
}

/// A household's word that an entry is right.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Confirmation {
    /// Its identifier.
    pub id: ConfirmationId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// From which order.
    pub supplier_order_id: SupplierOrderId,
    /// Which of the three amounts.
    pub subject: VoiceSubject,
    /// What it was shown.
    pub amount_fen: i64,
    /// By itself, or through its helper.
    pub channel: VoiceChannel,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<confirmation::Model> for Confirmation {
    fn from(row: confirmation::Model) -> Self {
        let confirmation::Model {
            id,
            household_id: _,
            agreement_id,
            supplier_order_id,
            subject,
            year: _,
            amount_fen,
            channel,
            helper_id: _,
            created_at,
        } = row;
        Self { id, agreement_id, supplier_order_id, subject, amount_fen, channel, created_at }
    }
}

/// Which entry is wrong.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RaiseDispute {
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// From which order.
    pub supplier_order_id: SupplierOrderId,
    /// Which of the three amounts.
    pub subject: VoiceSubject,
    /// Of which year.
    #[schema(example = 2026)]
    pub year: i32,
    /// What is right; zero when nothing was received.
    pub claimed_fen: Fen,
    /// In the household's own words.
    #[schema(min_length = 1, max_length = 500, example = "这笔钱没有收到")]
    pub words: String,
}

/// Which dispute is taken back.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawDispute {
    /// The dispute.
    pub dispute_id: DisputeId,
}

/// What the cooperative says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerDispute {
    /// Its answer.
    #[schema(min_length = 1, max_length = 500, example = "已于 3 月 2 日转账，附银行回单")]
    pub answer: String,
    /// Its evidence: a file of the cooperative.
    pub evidence_file_id: FileId,
}

/// What the county says. With a correction the dispute is upheld, without one it is rejected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDispute {
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "经核实，银行退回该笔款项，农户未收到")]
    pub outcome: String,
    /// What corrects the entry.
    #[serde(default)]
    pub correction: Option<Correct>,
}

/// What corrects an entry: a payout that is taken back, or an amount that is added.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// The county's paper: a file of your organisation.
    pub evidence_file_id: FileId,
    /// For a dispute about a payout: which one the household did not have. All of it is owed again.
    #[serde(default)]
    pub payout_id: Option<PayoutId>,
    /// For a dispute about income: how much is added, at the expense of what the cooperative retained.
    #[serde(default)]
    pub amount_fen: Option<Fen>,
}

/// A correcting document (更正单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisputeCorrection {
    /// Its identifier.
    pub id: CorrectionId,
    /// What it corrects.
    pub kind: CorrectionKind,
    /// The payout that was taken back.
    pub payout_id: Option<PayoutId>,
    /// How much.
    pub amount_fen: Fen,
    /// The county's paper.
    pub evidence_file_id: FileId,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<correction::Model> for DisputeCorrection {
    fn from(row: correction::Model) -> Self {
        let correction::Model { id, kind, payout_id, amount_fen, evidence_file_id, created_at, .. } = row;
        Self { id, kind, payout_id, amount_fen, evidence_file_id, created_at }
    }
}

/// Who is to take the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The cooperative, to answer.
    Supplier,
    /// The county, to decide.
    County,
    /// Nobody: it has its outcome.
    Nobody,
}

/// A household's word that an entry is wrong (异议).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Dispute {
    /// Its identifier.
    pub id: DisputeId,
    /// The number people quote.
    #[schema(example = "YY20260302-0F3A91C2")]
    pub number: String,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// The cooperative.
    pub supplier_id: OrganisationId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// From which order.
    pub supplier_order_id: SupplierOrderId,
    /// Which of the three amounts.
    pub subject: VoiceSubject,
    /// Of which year.
    pub year: i32,
    /// What the household was shown.
    pub shown_fen: i64,
    /// What it says is right.
    pub claimed_fen: i64,
    /// In its own words.
    pub words: String,
    /// By itself, or through its helper.
    pub channel: VoiceChannel,
    /// Where it is.
    pub state: DisputeState,
    /// Who is to take the next step.
    pub owner: Owner,
    /// By when.
    pub due_on: NaiveDate,
    /// Whether that day has passed.
    pub is_overdue: bool,
    /// What the cooperative says.
    pub answer: Option<String>,
    /// Its evidence.
    pub answer_file_id: Option<FileId>,
    /// What the county says.
    pub outcome: Option<String>,
    /// What corrected the entry.
    #[schema(nullable)]
    pub correction: Option<DisputeCorrection>,
    /// When it was raised.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl Dispute {
    pub(super) fn of(
        row: dispute::Model,
        household: Option<HouseholdBrief>,
        correction: Option<DisputeCorrection>,
        today: NaiveDate,
    ) -> Self {
        let owner = match row.state {
            DisputeState::Open => Owner::Supplier,
            DisputeState::Answered => Owner::County,
            DisputeState::Upheld | DisputeState::Rejected | DisputeState::Withdrawn => Owner::Nobody,
        };
        Self {
            id: row.id,
            number: row.number,
            household,
            supplier_id: row.supplier_id,
            agreement_id: row.agreement_id,
            supplier_order_id: row.supplier_order_id,
            subject: row.subject,
            year: row.year,
            shown_fen: row.shown_fen,
            claimed_fen: row.claimed_fen,
            words: row.words,
            channel: row.channel,
            state: row.state,
            owner,
            due_on: row.due_on,
            is_overdue: owner != Owner::Nobody && row.due_on < today,
            answer: row.answer,
            answer_file_id: row.answer_file_id,
            outcome: row.outcome,
            correction,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// The household's own disputes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Disputes {
    /// Each of them, newest first.
    pub items: Vec<Dispute>,
}

/// Which disputes to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DisputeQuery {
    /// Only those in this state.
    pub state: Option<DisputeState>,
    /// Only those whose next step is overdue.
    pub overdue: Option<bool>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}
