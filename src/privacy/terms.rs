//! What a purpose needs, and which consents hold: pure.

use chrono::NaiveDate;
use entity::value::{ConsentEvent, LegalBasis, MemberId, ProcessingPurpose};
use entity::{consent_record, household_member};
use std::collections::HashSet;

/// By which right data is used for a purpose (个人信息保护法第十三条).
#[must_use]
pub fn basis(purpose: ProcessingPurpose) -> LegalBasis {
    match purpose {
        // 巩固脱贫成果、监测帮扶、审计和公示是法定职责。
        ProcessingPurpose::RegisterKeeping
        | ProcessingPurpose::AssistanceVisit
        | ProcessingPurpose::AuditInspection
        | ProcessingPurpose::VillageNotice => LegalBasis::LegalDuty,
        // What a household has earned cannot be paid out without its account.
        ProcessingPurpose::BenefitPayout => LegalBasis::Contract,
        ProcessingPurpose::Publicity | ProcessingPurpose::EnterpriseContact | ProcessingPurpose::Research => {
            LegalBasis::Consent
        }
    }
}

/// Whether data may be used for this purpose only with consent.
#[must_use]
pub fn needs_consent(purpose: ProcessingPurpose) -> bool {
    basis(purpose) == LegalBasis::Consent
}

/// Whether a record is a consent that holds on a day, given the withdrawals.
#[must_use]
pub fn holds_on(record: &consent_record::Model, withdrawals: &[consent_record::Model], day: NaiveDate) -> bool {
    let begun = record.event == ConsentEvent::Given && record.effective_from <= day;
    let ended = record.valid_until.is_some_and(|last| last < day);
    let withdrawn = withdrawals.iter().any(|taken| taken.withdraws == Some(record.id) && taken.effective_from <= day);
    begun && !ended && !withdrawn
}

/// Whose data a set of consents that hold covers: all members by a consent of the household, each by their own.
#[must_use]
pub fn covered(holding: &[consent_record::Model], members: &[household_member::Model]) -> HashSet<MemberId> {
    let whole = holding.iter().any(|record| record.member_id.is_none());
    let own: HashSet<MemberId> = holding.iter().filter_map(|record| record.member_id).collect();
    members.iter().map(|member| member.id).filter(|id| whole || own.contains(id)).collect()
}
