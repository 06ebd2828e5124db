//! Agreements, plans, the ledger and payouts.

use super::named_values;

named_values! {
    /// How a household shares in a supplier's income (利益联结方式).
    BenefitMode {
        /// Its produce is bought (订单收购).
        ProducePurchase = "produce_purchase",
        /// It works for wages (务工就业).
        Wages = "wages",
        /// It holds shares (入股分红).
        Dividend = "dividend",
        /// It leases its land (土地流转).
        LandRent = "land_rent",
        /// It entrusts animals or land to be kept for it (托管代养).
        CustodialFarming = "custodial_farming",
    }
    /// When a pool of a plan reaches households.
    PoolSettlement {
        /// With every order, by the weights of the agreements (按单分配).
        PerOrder = "per_order",
        /// When a period closes, by what was worked or is due in it (按期分配).
        PerPeriod = "per_period",
    }
    /// Whose household status lets it share under a plan.
    PlanEligibility {
        /// Every household with an agreement (全部签约农户).
        All = "all",
        /// Registered and monitored households only (仅脱贫户和监测户).
        ReliefOnly = "relief_only",
    }
    /// What happens to advanced costs that one order does not cover.
    CostExcess {
        /// They wait for the next order (结转下单).
        CarryOver = "carry_over",
        /// The supplier bears them (由供应商承担).
        Waive = "waive",
    }
    /// What a supplier advanced to a household (垫付项目).
    CostKind {
        /// Seed or seedlings (种子种苗).
        Seed = "seed",
        /// Fertiliser (肥料).
        Fertiliser = "fertiliser",
        /// Pesticide or veterinary medicine (农药兽药).
        Pesticide = "pesticide",
        /// Feed (饲料).
        Feed = "feed",
        /// Machine work or another service (农机等服务).
        Service = "service",
        /// Anything else (其他).
        Other = "other",
    }
    /// Help that carries no money (不带资金的帮扶).
    HelpKind {
        /// Training (培训).
        Training = "training",
        /// Seed or seedlings given (统一供种供苗).
        SeedSupply = "seed_supply",
        /// Guidance in the field (技术指导).
        TechnicalGuidance = "technical_guidance",
        /// Processing that lengthens the chain (加工延伸产业链).
        Processing = "processing",
        /// Anything else (其他).
        Other = "other",
    }
    /// How long a period is.
    PeriodKind {
        /// A calendar month (月).
        Month = "month",
        /// A season, agreed with the households (季).
        Season = "season",
    }
    /// Whether a period takes postings.
    PeriodState {
        /// It does (未关账).
        Open = "open",
        /// It was shared out and takes no more (已关账).
        Closed = "closed",
    }
    /// Whether an agreement holds.
    AgreementState {
        /// Signed and in force (已签订).
        Signed = "signed",
        /// Ended (已终止).
        Ended = "ended",
    }
    /// Whether a plan holds.
    PlanState {
        /// Waiting for approval (待审批).
        Proposed = "proposed",
        /// In force (已批准).
        Approved = "approved",
        /// Replaced by a later plan (已被替代).
        Superseded = "superseded",
    }
    /// Where a sale outside the platform is.
    OffPlatformState {
        /// Recorded with its papers, and no income yet (待核实).
        Recorded = "recorded",
        /// Somebody outside the cooperative says it is so: it is income (已核实).
        Confirmed = "confirmed",
        /// Somebody outside the cooperative says it is not so (已驳回).
        Refused = "refused",
        /// The cooperative took it back before anybody had decided (已撤回).
        Withdrawn = "withdrawn",
        /// It was confirmed and turned out not to be so (已冲销).
        Reversed = "reversed",
    }
    /// What was decided about a sale outside the platform.
    OffPlatformStep {
        /// It is so (核实).
        Confirm = "confirm",
        /// It is not so (驳回).
        Refuse = "refuse",
        /// Taken back by the cooperative (撤回).
        Withdraw = "withdraw",
        /// It was confirmed and is not so (冲销).
        Reverse = "reverse",
    }
    /// On what a computation of shares rests.
    ShareBasis {
        /// On what was ordered (下单承诺).
        Promised = "promised",
        /// On what was accepted and paid (已实现).
        Accrued = "accrued",
    }
    /// What an account counts.
    AccountKind {
        /// Money granted to a unit (预算批复).
        BudgetGranted = "budget_granted",
        /// Of that, free to order with (可用预算).
        BudgetAvailable = "budget_available",
        /// Of that, bound by orders (已占用预算).
        BudgetEncumbered = "budget_encumbered",
        /// Of that, spent (已支出预算).
        BudgetSpent = "budget_spent",
        /// What a buyer owes a supplier (应收采购款).
        BuyerReceivable = "buyer_receivable",
        /// What a supplier sold (供应商收入).
        SupplierRevenue = "supplier_revenue",
        /// What a supplier was paid (供应商到账).
        SupplierCash = "supplier_cash",
        /// What a supplier keeps after households had their shares (供应商留存).
        SupplierRetained = "supplier_retained",
        /// What a supplier promised to households (已作承诺).
        PromiseGiven = "promise_given",
        /// What a household was promised (户承诺收益).
        HouseholdPromised = "household_promised",
        /// What a household earned and was not yet paid (应付户收益).
        HouseholdPayable = "household_payable",
        /// What a supplier owes a buyer for goods given back or short (应退采购款).
        BuyerRefund = "buyer_refund",
        /// What a supplier bears because households were paid more than was left after a refund (供应商应补款).
        SupplierClawback = "supplier_clawback",
        /// What waits for the close of a period before households share it (期间待分配收益).
        PeriodPool = "period_pool",
        /// What a bank was told to pay households and has not confirmed (在途发放款).
        PayoutInTransit = "payout_in_transit",
        /// What a supplier sold outside the platform, with evidence (平台外销售收款).
        OffPlatformSales = "off_platform_sales",
        /// What a buyer paid before the goods came (预收采购款).
        BuyerAdvance = "buyer_advance",
    }
    /// Which side of an account may not fall below the other.
    Guard {
        /// Neither: the balance may have either sign.
        None = "none",
        /// Debits are never less than credits.
        Debit = "debit",
        /// Credits are never less than debits.
        Credit = "credit",
    }
    /// The side of an entry.
    Side {
        /// Debit (借).
        Debit = "debit",
        /// Credit (贷).
        Credit = "credit",
    }
    /// How money reached a household.
    PayoutMethod {
        /// By bank transfer (银行转账).
        BankTransfer = "bank_transfer",
        /// In cash, against signature (现金).
        Cash = "cash",
    }
    /// Where a batch of payouts is.
    PayoutBatchState {
        /// Put together by one person (待审批).
        Draft = "draft",
        /// Approved by another (已审批).
        Approved = "approved",
        /// The bank, or the cashier, has the money (在途).
        Sent = "sent",
        /// Every line of it has an outcome (已完结).
        Closed = "closed",
        /// Called off before money moved (已取消).
        Cancelled = "cancelled",
    }
    /// Where one payout of a batch is.
    PayoutLineState {
        /// Its batch has not been sent (待发放).
        Waiting = "waiting",
        /// The bank or the cashier has the money, not yet the household (在途).
        InTransit = "in_transit",
        /// The cashier says the household has it; the witness has not signed (待见证).
        HandedOver = "handed_over",
        /// The household has it: the bank or two signatures say so (已发放).
        Paid = "paid",
        /// It came back; the amount is owed again (发放失败).
        Failed = "failed",
        /// Its batch was called off (已释放).
        Released = "released",
    }
    /// Which of a household's three amounts a word is about.
    VoiceSubject {
        /// What it was promised (应得).
        Promised = "promised",
        /// What accrued to it (计提).
        Accrued = "accrued",
        /// What it was paid (发放).
        Paid = "paid",
    }
    /// Through whom a household spoke.
    VoiceChannel {
        /// By itself, with a code sent to its phone (本户手机).
        Phone = "phone",
        /// Through its helper (帮扶干部代办).
        Helper = "helper",
    }
    /// Where a dispute is.
    DisputeState {
        /// The cooperative is to answer (待答复).
        Open = "open",
        /// The cooperative has answered, the county is to decide (待裁定).
        Answered = "answered",
        /// The household was right; a correcting document was made (异议成立).
        Upheld = "upheld",
        /// The entry stands (异议不成立).
        Rejected = "rejected",
        /// The household took it back (已撤回).
        Withdrawn = "withdrawn",
    }
    /// What a correcting document corrects.
    CorrectionKind {
        /// Money that the household did not have: it is owed again (冲回发放).
        Payout = "payout",
        /// Income that was missing: it is owed (补计收益).
        Accrual = "accrual",
    }
}
