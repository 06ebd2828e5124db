//! Personal data: why it is read, and who agreed.

use super::named_values;

named_values! {
    /// What personal data is used for (处理目的).
    ProcessingPurpose {
        /// Keeping and checking the register (建档立卡信息维护与核查).
        RegisterKeeping = "register_keeping",
        /// Paying out what a household has earned (收益发放).
        BenefitPayout = "benefit_payout",
        /// Visiting and helping (帮扶走访).
        AssistanceVisit = "assistance_visit",
        /// Audit and inspection (审计检查).
        AuditInspection = "audit_inspection",
        /// The notice board of the village (村内公示).
        VillageNotice = "village_notice",
        /// Reports in the media (宣传报道).
        Publicity = "publicity",
        /// Passing on to a paired enterprise (向结对企业提供).
        EnterpriseContact = "enterprise_contact",
        /// Research and statistics beyond duty (研究统计).
        Research = "research",
    }
    /// By which right personal data is used (处理的合法性基础).
    LegalBasis {
        /// The person agreed (个人同意).
        Consent = "consent",
        /// A contract with the person needs it (订立、履行合同所必需).
        Contract = "contract",
        /// A statutory duty needs it (履行法定职责或义务所必需).
        LegalDuty = "legal_duty",
    }
    /// What a consent record says (同意事件).
    ConsentEvent {
        /// Given (同意).
        Given = "given",
        /// Withdrawn (撤回).
        Withdrawn = "withdrawn",
    }
    /// How a consent was given (同意方式).
    ConsentMethod {
        /// On paper, signed (书面签字).
        PaperSigned = "paper_signed",
        /// Aloud before a witness (口头并有见证).
        OralWitnessed = "oral_witnessed",
        /// By telephone, recorded (电话录音).
        Telephone = "telephone",
        /// By electronic means (电子方式).
        Electronic = "electronic",
    }
}
