//! Every typed identifier, one line a kind. All are UUIDv7, made before the row they name.

/// Defines identifier newtypes over [`uuid::Uuid`] that can be primary keys.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid, example = "019372a0-6c00-7000-8000-000000000001")]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A new identifier, ordered after those made before it.
            #[must_use]
            pub fn generate() -> Self {
                Self(uuid::Uuid::now_v7())
            }

            /// Takes an identifier that is known to be of this kind.
            #[must_use]
            pub const fn from_uuid(id: uuid::Uuid) -> Self {
                Self(id)
            }

            /// The bare UUID, where kinds are told apart by other means.
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                uuid::Uuid::parse_str(text).map(Self)
            }
        }

        /// Keys are always made by us, so no key is ever read back from a row counter.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

ids! {
    /// A human being who signs in.
    PersonId;
    /// A person's role in an organisation.
    MembershipId;
    /// An invitation to act for an organisation.
    InvitationId;
    /// A key by which software acts for an organisation.
    ApiKeyId;
    /// A request for a new password.
    PasswordResetId;
    /// One sign-in, from the password to its end.
    SessionId;
    /// A cooperative, budget unit, enterprise, county office, village committee …
    OrganisationId;
    /// What became of an organisation on a day.
    OrganisationChangeId;
    /// Under whom an organisation stands from a day on.
    OrganisationMoveId;
    /// An uploaded file.
    FileId;
    /// A supplier's application for admission (入驻申请).
    AdmissionId;
    /// One decision on an application.
    DecisionId;
    /// A product on offer.
    ProductId;
    /// One price of a product, frozen.
    PriceId;
    /// A certificate of a product.
    CertificateId;
    /// A supplier's rates of carriage (运费模板).
    FreightTemplateId;
    /// A picture of a product.
    PhotoId;
    /// A proof of a product's price (价格凭证).
    EvidenceId;
    /// One file of a wholesale market's prices.
    PriceImportId;
    /// Something about a product that somebody must look at.
    FlagId;
    /// An agent's right to sell a principal's product (代理授权).
    MandateId;
    /// A registered household (户).
    HouseholdId;
    /// A member of a household.
    MemberId;
    /// One status of a household from a date on.
    HouseholdStatusId;
    /// A household assigned to a helper cadre.
    HelperAssignmentId;
    /// A benefit agreement between a household and a supplier (利益联结协议).
    AgreementId;
    /// One version of an agreement's terms (协议条款版本).
    AgreementTermsId;
    /// Something a supplier advanced to a household (垫付成本).
    DeclaredCostId;
    /// Help that carried no money (帮扶记录).
    HelpRecordId;
    /// A supplier's attribution plan (收益分配方案).
    PlanId;
    /// A month or season of a supplier (核算期间).
    PeriodId;
    /// What of a period waits for the households of one mode (期间池).
    PeriodPoolId;
    /// Work, rent or a dividend recorded in a period (期间记录).
    PeriodRecordId;
    /// What a household handed over at harvest (交售).
    DeliveryId;
    /// Packed produce of known origin (批次).
    LotId;
    /// Land registered for a household.
    HouseholdLandId;
    /// What a square metre can yield at the most (亩产上限).
    YieldCeilingId;
    /// A delivery taken back, with what stands in its place.
    DeliveryCorrectionId;
    /// What a kind of processing yields, as declared (出成率).
    DeclaredYieldId;
    /// Lots that became other lots.
    LotStepId;
    /// A conformity certificate of a lot (承诺达标合格证).
    LotCertificateId;
    /// Whether a category needs such certificates, from a date on.
    CertificateRuleId;
    /// A lot called back (召回).
    RecallId;
    /// A sheet on its way in (批量导入).
    ImportId;
    /// A unit's money for a year and a fund source (预算).
    BudgetId;
    /// A change of a budget after it was granted (预算调整).
    BudgetChangeId;
    /// One version of a rule of who approves purchases (审批规则).
    ApprovalRuleId;
    /// Somebody who decides while somebody else is away (代理审批).
    DeputyId;
    /// What a buyer asks to order (采购申请).
    PurchaseRequestId;
    /// A published demand (求购).
    DemandId;
    /// A supplier's sealed answer to a demand (报价).
    QuotationId;
    /// A framework agreement (框架协议).
    FrameworkId;
    /// One product of a framework agreement.
    FrameworkLineId;
    /// Deliveries that return over a term (定期采购).
    StandingOrderId;
    /// One delivery of a standing order (要货单).
    CallOffId;
    /// A group purchase (团购).
    GroupPurchaseId;
    /// A unit's part in a group purchase.
    GroupJoinId;
    /// What a buyer ordered in one act, over several suppliers.
    OrderGroupId;
    /// The part of an order that one supplier serves.
    SupplierOrderId;
    /// One product of a supplier order.
    OrderLineId;
    /// Goods sent on their way.
    ShipmentId;
    /// The buyer's acceptance of goods (验收).
    AcceptanceId;
    /// An invoice (发票).
    InvoiceId;
    /// One imported bank statement (银行流水).
    BankStatementId;
    /// One row of a bank statement.
    BankRowId;
    /// One computation of household shares.
    ShareRunId;
    /// Money handed to a household (发放).
    PayoutId;
    /// Payouts that a cooperative makes together (发放批次).
    PayoutBatchId;
    /// One payout of a batch.
    PayoutBatchLineId;
    /// What a bank reported of a batch.
    PayoutResultId;
    /// A card by which a household asks for its own statement (收益卡).
    HouseholdCardId;
    /// A one-time code sent to a household's phone.
    VoiceCodeId;
    /// A household looking at its statement.
    VoiceSessionId;
    /// A household's word that an entry is right (确认).
    ConfirmationId;
    /// A household's word that an entry is wrong (异议).
    DisputeId;
    /// What corrects an entry after a dispute (更正单).
    CorrectionId;
    /// A sale outside the platform, with evidence (平台外销售).
    OffPlatformSaleId;
    /// A code by which an enterprise brings buyers (推荐码).
    ReferralCodeId;
    /// A pairing programme (结对帮扶行动).
    ProgrammeId;
    /// An enterprise paired with a village.
    PairingId;
    /// What a paired enterprise contributed.
    ContributionId;
    /// A version of a programme's rules.
    ProgrammeRuleId;
    /// What an enterprise promised a village.
    PledgeId;
    /// What an enterprise says it gave.
    AidClaimId;
    /// A certificate of what an enterprise contributed (帮扶证书).
    AidCertificateId;
    /// What a village needs (村需求).
    VillageNeedId;
    /// A report that was asked for.
    ReportRunId;
    /// An account of the journal. Derived from its owner, see `ledger`.
    AccountId;
    /// One balanced posting of the journal (记账凭证).
    PostingId;
    /// One version of what people are told before their data is used (告知书).
    NoticeId;
    /// A consent given or withdrawn (同意记录).
    ConsentId;
    /// Somebody saw personal data in full (查看留痕).
    AccessRecordId;
    /// One line of the audit.
    AuditEventId;
    /// One business event waiting to be told.
    OutboxId;
    /// One piece of background work.
    JobId;
    /// Where events are pushed to (推送地址).
    WebhookEndpointId;
    /// One event on its way to one endpoint.
    WebhookDeliveryId;
    /// A mail to somebody.
    MailId;
    /// A policy of reserved quotas.
    QuotaPolicyId;
    /// A unit's filing of its reserved quota.
    QuotaFilingId;
    /// The attachment of an order to a unit's quota.
    QuotaAttachmentId;
    /// A declaration in whose name else a buyer's money may come.
    DeclaredPayerId;
    /// A paper that was issued.
    PaperId;
    /// A complaint about the other side of an order.
    ComplaintId;
    /// A clock of an order that ran out.
    OrderClockId;
    /// A change of an order before its goods leave.
    AmendmentId;
    /// A return of accepted goods.
    OrderReturnId;
    /// A credit for returned goods or by way of allowance.
    CreditNoteId;
    /// Money of one bank row for one order.
    PaymentId;
    /// Money given back to a buyer.
    RefundPaymentId;
    /// What changed of a household on a day.
    HouseholdChangeId;
    /// What changed of a person on a day.
    MemberChangeId;
    /// A change of the register as a case (动态调整).
    AdjustmentId;
    /// A person whom such a case is about.
    AdjustmentPersonId;
    /// An objection while such a case is publicised.
    AdjustmentObjectionId;
    /// A visit at a household's home (走访).
    VisitId;
    /// What is planned for a household in a year (一户一策).
    HelpPlanId;
    /// A unit that stands by a village (单位包村).
    UnitAssignmentId;
    /// A file of a department that was compared with the register (部门比对).
    ComparisonId;
    /// A person of the register who stands in such a file (比对疑点).
    ComparisonFlagId;
    /// Something an audit, an inspection or a rule found (问题).
    FindingId;
    /// A rule that enters findings.
    FindingRuleId;
    /// A row of a household's income and spending (收支记录).
    IncomeEntryId;
    /// A threshold of income (监测收入标准).
    IncomeThresholdId;
    /// A rule that watches over households (监测规则).
    MonitoringRuleId;
    /// A trial of such a rule over the past.
    MonitoringTrialId;
    /// One night's look at the households of a county.
    MonitoringRunId;
    /// A clue that a household may be at risk (预警线索).
    ClueId;
    /// Something that is done for a household at risk (帮扶措施).
    MeasureId;
}
