//! States and kinds: every column whose text is one of a short list.
//!
//! Promises: the text in the database, in JSON and in `as_str` is the same. Knows no rules: which step leads from
//! one state to another is said by the domain that owns the table.

use super::named_values;

named_values! {
    /// What an organisation is.
    OrganisationKind {
        /// Runs the platform (平台运营方).
        PlatformOperator = "platform_operator",
        /// A finance department (财政部门).
        FinanceDepartment = "finance_department",
        /// Supervises budget units (主管预算单位).
        SupervisingUnit = "supervising_unit",
        /// A budget unit (预算单位).
        BudgetUnit = "budget_unit",
        /// A trade union (工会).
        TradeUnion = "trade_union",
        /// Runs a canteen for others (食堂承包方).
        CanteenContractor = "canteen_contractor",
        /// A farmers' cooperative (农民专业合作社).
        Cooperative = "cooperative",
        /// A company that sells (企业供应商).
        Company = "company",
        /// A family farm (家庭农场).
        FamilyFarm = "family_farm",
        /// Sells what others grow (代理经销商).
        AgentTrader = "agent_trader",
        /// A county office of agriculture (县农业农村局).
        AgricultureOffice = "agriculture_office",
        /// A county office of rural revitalisation (县乡村振兴局).
        RevitalisationOffice = "revitalisation_office",
        /// A township (乡镇).
        Township = "township",
        /// A village committee (村委会).
        VillageCommittee = "village_committee",
        /// An enterprise that helps villages (帮扶企业).
        Enterprise = "enterprise",
        /// A federation of industry and commerce (工商联).
        Federation = "federation",
        /// An audit office (审计机关).
        AuditOffice = "audit_office",
    }
    /// What became of an organisation.
    OrganisationChangeKind {
        /// It has another name (更名).
        Renamed = "renamed",
        /// It stands under another (划转).
        Moved = "moved",
        /// It was merged into another (合并).
        Merged = "merged",
        /// It was split into several (分立).
        Split = "split",
        /// It was abolished (撤销).
        Abolished = "abolished",
    }
    /// Where an application for admission is.
    AdmissionState {
        /// Being written (草稿).
        Draft = "draft",
        /// Handed in (已提交).
        Submitted = "submitted",
        /// Recommended by the agriculture office (农业农村部门已推荐).
        AgricultureRecommended = "agriculture_recommended",
        /// Recommended by the revitalisation office (乡村振兴部门已推荐).
        RevitalisationRecommended = "revitalisation_recommended",
        /// Admitted (已入驻).
        Active = "active",
        /// Sent back to be changed (已退回).
        Returned = "returned",
        /// Admitted, and held back for a time (已暂停).
        Suspended = "suspended",
        /// Struck off until a day (已清退).
        Removed = "removed",
    }
    /// Which document of an application a file is.
    DocumentKind {
        /// Business licence (营业执照).
        BusinessLicence = "business_licence",
        /// Identity of the legal representative (法定代表人证明).
        LegalRepresentative = "legal_representative",
        /// Permit of the bank account (开户许可证).
        AccountPermit = "account_permit",
        /// Food licence (食品经营许可证).
        FoodLicence = "food_licence",
        /// How households benefit (联农带农证明).
        BenefitMechanism = "benefit_mechanism",
        /// Food production licence (食品生产许可证).
        FoodProductionLicence = "food_production_licence",
        /// Report of a laboratory (检验报告).
        TestReport = "test_report",
        /// Anything else (其他).
        Other = "other",
    }
    /// Whether a product can be bought.
    ProductState {
        /// Being written (草稿).
        Draft = "draft",
        /// Waiting for review (待审核).
        InReview = "in_review",
        /// Refused in review (已驳回).
        Rejected = "rejected",
        /// Can be bought (已上架).
        OnShelf = "on_shelf",
        /// Taken down by its supplier (已下架).
        OffShelf = "off_shelf",
        /// Taken down by the platform (已强制下架).
        Delisted = "delisted",
        /// Approved and waiting for its supplier to put it on the shelf (待上架).
        Ready = "ready",
    }
    /// What a product is made of, roughly.
    ProductKind {
        /// Fresh produce and live animals (鲜活农产品).
        Fresh = "fresh",
        /// Dried, cleaned, sorted, milled (初级农产品).
        Primary = "primary",
        /// Food made in a factory or workshop (加工食品).
        Processed = "processed",
        /// Anything that is not eaten (非食用产品).
        NotFood = "not_food",
    }
    /// How a product wants to be kept.
    StorageKind {
        /// At room temperature (常温).
        Ambient = "ambient",
        /// Cooled (冷藏).
        Chilled = "chilled",
        /// Frozen (冷冻).
        Frozen = "frozen",
    }
    /// Why a product is not on the shelf though its supplier did not take it down.
    OffReason {
        /// No proof of its price (缺少价格凭证).
        PriceProofMissing = "price_proof_missing",
        /// Dearer than its like (价格高于同类).
        PriceAbovePeers = "price_above_peers",
        /// Listed twice (重复上架).
        Duplicate = "duplicate",
        /// A paper it is sold with has expired or was revoked (资质过期或被撤销).
        CertificateExpired = "certificate_expired",
        /// Its origin is in doubt (产地存疑).
        OriginDoubt = "origin_doubt",
        /// Its supplier is suspended or struck off (供应商暂停或清退).
        SupplierSuspended = "supplier_suspended",
        /// An agent's mandate to sell it does not hold (代理授权失效).
        MandateEnded = "mandate_ended",
        /// Its quality (质量问题).
        Quality = "quality",
        /// Anything else (其他).
        Other = "other",
    }
    /// What a product was flagged for.
    FlagKind {
        /// Dearer than the median of its like (高于同类中位价).
        PriceAbovePeers = "price_above_peers",
        /// Dearer than a wholesale market (高于批发市场参考价).
        PriceAboveReference = "price_above_reference",
        /// Very like another product of its supplier (疑似重复).
        Alike = "alike",
    }
    /// Where a flag of a product is.
    ProductFlagState {
        /// Waiting for a decision (待处理).
        Open = "open",
        /// Found to be in order (已排除).
        Cleared = "cleared",
        /// Found to be right: the product is taken down (已认定).
        Upheld = "upheld",
    }
    /// How a price is proven.
    EvidenceKind {
        /// By the address of an offer elsewhere (链接).
        Link = "link",
        /// By a paper: a contract, an invoice (文件).
        Document = "document",
    }
    /// Where an agent's mandate is.
    MandateState {
        /// Waiting for the principal (待确认).
        Proposed = "proposed",
        /// Confirmed (已确认).
        Confirmed = "confirmed",
        /// Refused or ended (已终止).
        Ended = "ended",
    }
    /// Under which scheme a product is certified.
    CertificateScheme {
        /// Green food (绿色食品).
        GreenFood = "green_food",
        /// Organic (有机产品).
        Organic = "organic",
        /// Geographical indication (地理标志).
        GeographicalIndication = "geographical_indication",
        /// Conformity certificate (承诺达标合格证).
        Conformity = "conformity",
        /// Recognised relief product (扶贫产品认定).
        ReliefProduct = "relief_product",
        /// Anything else (其他).
        Other = "other",
        /// A voluntary scheme of an association (自愿性帮扶产品认定).
        Voluntary = "voluntary",
        /// Report of a laboratory (产品检验报告).
        TestReport = "test_report",
    }
    /// A kind of land, as it is registered.
    LandKind {
        /// Cropland (耕地).
        Cropland = "cropland",
        /// Forest (林地).
        Forest = "forest",
        /// Orchard (林果地).
        Orchard = "orchard",
        /// Water (水面).
        Water = "water",
        /// Pasture (牧草地).
        Pasture = "pasture",
    }
    /// What the county decided about a delivery above the ceiling.
    FlagState {
        /// Nothing yet (待核实).
        Open = "open",
        /// It is in order (属实).
        Accepted = "accepted",
        /// It is not (不属实).
        Rejected = "rejected",
    }
    /// How lots became other lots.
    LotStepKind {
        /// One became several (拆分).
        Split = "split",
        /// Several became one (合并).
        Merge = "merge",
        /// They were processed (加工).
        Processing = "processing",
    }
    /// What the promise of a conformity certificate rests on (承诺依据).
    CertificateBasis {
        /// A test of one's own (自我检测).
        OwnTest = "own_test",
        /// A test by somebody else (委托检测).
        CommissionedTest = "commissioned_test",
        /// Control while it grew (内部质量控制).
        InternalControl = "internal_control",
        /// The promise alone (自我承诺).
        OwnPromise = "own_promise",
    }
    /// What the rows of a sheet are.
    ImportKind {
        /// Products (商品).
        Products = "products",
        /// Stock taken (库存盘点).
        Stock = "stock",
        /// Deliveries (交售).
        Deliveries = "deliveries",
        /// Payouts for deliveries and other shares (发放).
        Payouts = "payouts",
    }
    /// How far a sheet is.
    ImportState {
        /// Its rows are looked at (校验中).
        Checking = "checking",
        /// Every row was looked at, nothing was written (待确认).
        Checked = "checked",
        /// Its good rows are carried out (导入中).
        Committing = "committing",
        /// They were (已导入).
        Committed = "committed",
        /// Its sender gave it up (已取消).
        Cancelled = "cancelled",
        /// It is no such sheet (无法读取).
        Unreadable = "unreadable",
    }
    /// What comes of a row.
    RowOutcome {
        /// It would make something (新增).
        New = "new",
        /// It would change something (变更).
        Changed = "changed",
        /// It says what is so already (无变化).
        Same = "same",
        /// It is at fault (有误).
        Bad = "bad",
        /// It was carried out (已导入).
        Done = "done",
        /// It was good when looked at, and could not be carried out (未能导入).
        Failed = "failed",
    }
    /// A member's relation to the head of the household.
    Relation {
        /// The head (户主).
        Head = "head",
        /// Spouse (配偶).
        Spouse = "spouse",
        /// Child (子女).
        Child = "child",
        /// Parent (父母).
        Parent = "parent",
        /// Grandchild (孙子女).
        Grandchild = "grandchild",
        /// Any other (其他).
        Other = "other",
    }
    /// What a household is in the national register.
    HouseholdStatusKind {
        /// Out of registered poverty (脱贫户，建档立卡).
        Registered = "registered",
        /// Out of poverty, not stably (脱贫不稳定户).
        MonitoredUnstable = "monitored_unstable",
        /// At the edge of poverty (边缘易致贫户).
        MonitoredBorderline = "monitored_borderline",
        /// In sudden serious hardship (突发严重困难户).
        MonitoredSudden = "monitored_sudden",
        /// None of these (一般农户).
        Ordinary = "ordinary",
    }
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
    /// Where a supplier order is.
    OrderState {
        /// Placed by the buyer (已下单).
        Placed = "placed",
        /// Confirmed by the supplier (已确认).
        Confirmed = "confirmed",
        /// On its way (已发货).
        Shipped = "shipped",
        /// Accepted by the buyer (已验收).
        Accepted = "accepted",
        /// Invoiced (已开票).
        Invoiced = "invoiced",
        /// Paid (已付款).
        Paid = "paid",
        /// Completed (已完成).
        Completed = "completed",
        /// Cancelled by either side before the goods left (已取消).
        Cancelled = "cancelled",
        /// Refused by the buyer: nothing of it was accepted (已拒收).
        Refused = "refused",
        /// Some of its goods have left, others are still due (部分发货).
        PartlyShipped = "partly_shipped",
        /// All that was accepted was given back or credited (已全部退货).
        Returned = "returned",
        /// Confirmed, and to be paid before its goods leave (待付款).
        AwaitingPayment = "awaiting_payment",
    }
    /// Which comes first, money or goods.
    OrderTerms {
        /// Goods first, then money (先货后款).
        GoodsFirst = "goods_first",
        /// Money first, then goods (先款后货).
        PayFirst = "pay_first",
    }
    /// What a paper is.
    PaperKind {
        /// The contract of an order (采购合同).
        Contract = "contract",
        /// The proof by which its money is asked for (订单请款证明).
        PaymentRequest = "payment_request",
        /// What was accepted (验收单).
        AcceptanceForm = "acceptance_form",
        /// A statement of account between two sides (对账单).
        Statement = "statement",
    }
    /// What a complaint is about.
    ComplaintKind {
        /// The goods (质量).
        Quality = "quality",
        /// The delivery (物流).
        Delivery = "delivery",
        /// The service (服务).
        Service = "service",
        /// The price (价格).
        Price = "price",
        /// The payment (付款).
        Payment = "payment",
        /// Anything else (其他).
        Other = "other",
    }
    /// Where a complaint is.
    ComplaintState {
        /// To be answered by the other side (待答复).
        Open = "open",
        /// Answered (已答复).
        Answered = "answered",
        /// Before the platform (待裁定).
        Escalated = "escalated",
        /// The answer was accepted (已和解).
        Settled = "settled",
        /// The platform decided (已裁定).
        Decided = "decided",
        /// Taken back (已撤回).
        Withdrawn = "withdrawn",
    }
    /// Who was right in a complaint.
    ComplaintOutcome {
        /// Whoever complained (成立).
        Upheld = "upheld",
        /// Both in part (部分成立).
        PartlyUpheld = "partly_upheld",
        /// The other side (不成立).
        Rejected = "rejected",
    }
    /// A clock of an order.
    ClockKind {
        /// Until it, the supplier answers (供应商确认期限).
        Answer = "answer",
        /// Until it, what is paid first is paid (付款期限).
        Payment = "payment",
        /// Until it, the goods leave (发货期限).
        Shipping = "shipping",
        /// From it on, the buyer is reminded to accept what came (验收提醒).
        Acceptance = "acceptance",
        /// From it on, what came and was paid before counts as accepted (逾期视为验收).
        SilentAcceptance = "silent_acceptance",
    }
    /// Why packs were not accepted, or go back.
    RefusalKind {
        /// Fewer came than were shipped (短少).
        Short = "short",
        /// They came damaged (破损).
        Damaged = "damaged",
        /// Their quality is not what was ordered (质量不符).
        Quality = "quality",
        /// They are other goods than were ordered (货不对板).
        WrongGoods = "wrong_goods",
        /// For another reason (其他).
        Other = "other",
    }
    /// Where a return of accepted goods is.
    ReturnState {
        /// The buyer wants to give them back (已申请).
        Requested = "requested",
        /// The supplier has them back (已收回).
        Received = "received",
        /// The supplier does not take them back (已驳回).
        Declined = "declined",
    }
    /// What became of goods that came back.
    Disposition {
        /// They are in store again and can be sold (重新入库).
        Restocked = "restocked",
        /// They are lost (报损).
        WrittenOff = "written_off",
    }
    /// What a credit is for.
    CreditKind {
        /// Goods given back (退货).
        Return = "return",
        /// Goods kept at a lower price (折让).
        Allowance = "allowance",
    }
    /// Which way an invoice counts.
    InvoiceKind {
        /// For goods sold (蓝字发票).
        Blue = "blue",
        /// Against an earlier one (红字发票).
        Red = "red",
    }
    /// Why a session ended before its time.
    SessionEnd {
        /// Its owner ended it (本人退出).
        SignedOut = "signed_out",
        /// The platform operator ended it (运营员终止).
        EndedByOperator = "ended_by_operator",
        /// Its owner went on for another organisation or role (切换岗位).
        Switched = "switched",
        /// A refresh token came a second time: somebody has a copy (刷新令牌重复使用).
        ReuseDetected = "reuse_detected",
        /// The administrator of the organisation ended it (管理员终止).
        EndedByAdministrator = "ended_by_administrator",
        /// The role was changed, suspended or taken away (岗位变更).
        MembershipChanged = "membership_changed",
        /// The password was changed (密码变更).
        PasswordChanged = "password_changed",
        /// The second factor was set up or taken away (动态口令变更).
        SecondFactorChanged = "second_factor_changed",
        /// The organisation was ended (单位终止).
        OrganisationEnded = "organisation_ended",
        /// The account was closed (账号注销).
        AccountClosed = "account_closed",
    }
    /// Whether somebody holds a role now.
    MembershipState {
        /// They do (在岗).
        Active = "active",
        /// Not for the moment (已停用).
        Suspended = "suspended",
        /// It was taken away (已移除).
        Removed = "removed",
    }
    /// What became of an invitation.
    InvitationState {
        /// It can be accepted (待接受).
        Open = "open",
        /// It was (已接受).
        Accepted = "accepted",
        /// It was taken back (已撤回).
        Revoked = "revoked",
        /// Nobody did in time (已过期).
        Expired = "expired",
    }
    /// Whether a bank row found its order.
    BankRowState {
        /// It did (已匹配).
        Matched = "matched",
        /// It did not yet (未匹配).
        Unmatched = "unmatched",
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
    /// What an enterprise contributed.
    ContributionKind {
        /// It bought (消费帮扶采购).
        Purchase = "purchase",
    }
    /// What kind of programme it is (行动类别).
    ProgrammeKind {
        /// Ten thousand enterprises help ten thousand villages, and its successor (万企帮万村、万企兴万村).
        EnterprisesAndVillages = "enterprises_and_villages",
        /// East helps west (东西部协作).
        EastWest = "east_west",
        /// A unit helps a village (定点帮扶).
        Designated = "designated",
        /// A local one (地方行动).
        Local = "local",
    }
    /// What a paired enterprise gives (帮扶类别); kinds are never added to each other.
    AidKind {
        /// It bought (采购); comes from orders.
        Purchase = "purchase",
        /// It helped to sell (帮助销售).
        AssistedSale = "assisted_sale",
        /// It means to invest (意向投资).
        InvestmentIntended = "investment_intended",
        /// It signed for an investment (合同投资).
        InvestmentContracted = "investment_contracted",
        /// It invested (到位投资).
        InvestmentInPlace = "investment_in_place",
        /// It gave money (捐款).
        DonationCash = "donation_cash",
        /// It gave goods (捐物).
        DonationKind = "donation_kind",
        /// It paid wages (发放工资).
        Wages = "wages",
        /// It trained people (培训).
        Training = "training",
        /// It built (基础设施).
        Infrastructure = "infrastructure",
        /// It gave work (提供岗位).
        Posts = "posts",
    }
    /// How far the review of what an enterprise says it gave has come.
    AidState {
        /// The enterprise entered it (已填报).
        Entered = "entered",
        /// The village committee confirmed that it came (村委会已确认).
        VillageConfirmed = "village_confirmed",
        /// The county verified it (县级已核实).
        CountyVerified = "county_verified",
        /// Either rejected it (已驳回).
        Rejected = "rejected",
    }
    /// A report (报表).
    ReportKind {
        /// The county's consumption-help report (县域消费帮扶情况表).
        CountyConsumption = "county_consumption",
        /// The cooperatives' benefit ledger (合作社联农带农台账).
        CooperativeBenefit = "cooperative_benefit",
        /// The enterprises' contribution statement (企业帮扶贡献表).
        EnterpriseStatement = "enterprise_statement",
        /// Ageing of arrears (采购款拖欠账龄表).
        Arrears = "arrears",
    }
    /// How a report stands.
    ReportState {
        /// It waits for its turn (待生成).
        Waiting = "waiting",
        /// It is being done (生成中).
        Running = "running",
        /// It is done (已生成).
        Done = "done",
        /// It was given up (失败).
        Failed = "failed",
    }
    /// How a unit stands to the reserved quota (预留份额填报类型).
    FilingKind {
        /// It runs a canteen (有食堂).
        HasCanteen = "has_canteen",
        /// Its canteen is run by a contractor (食堂外包).
        Outsourced = "outsourced",
        /// It files for a canteen that several units share (共用食堂代表单位).
        SharedRepresentative = "shared_representative",
        /// Another unit files for the canteen they share (共用食堂由他单位填报).
        SharedRepresented = "shared_represented",
        /// It has no canteen (无食堂).
        NoCanteen = "no_canteen",
    }
    /// Where a filing is.
    FilingState {
        /// Being written (草稿).
        Draft = "draft",
        /// Handed in (已提交).
        Submitted = "submitted",
        /// Sent back to be changed (退回).
        Returned = "returned",
        /// Confirmed by the unit above (主管单位已审核).
        SuperiorConfirmed = "superior_confirmed",
        /// Confirmed by the finance department; it counts (财政部门已审核).
        FinanceConfirmed = "finance_confirmed",
    }
    /// A figure of the quota.
    QuotaFigure {
        /// Ordered (已下单).
        Ordered = "ordered",
        /// Ordered and never accepted (已释放).
        Released = "released",
        /// Accepted, less what was given back (已验收).
        Accepted = "accepted",
        /// Accepted and paid (已付款).
        Paid = "paid",
        /// Accepted, paid and rated (已完成).
        Completed = "completed",
        /// Given back after acceptance (已退款).
        Refunded = "refunded",
    }
    /// Out of which purse a purchase comes.
    PurchaseChannel {
        /// The unit's canteen (食堂采购).
        Canteen = "canteen",
        /// The unit's trade union (工会采购).
        Union = "union",
        /// The contractor that runs the canteen (食堂承包方采购).
        Contractor = "contractor",
        /// Members of the staff (个人采购).
        Individual = "individual",
    }
    /// Why an order belongs to a unit's quota.
    AttachmentBasis {
        /// The buyer is the unit, or belongs to it (默认归属).
        Default = "default",
        /// The buyer chose it (采购人选择).
        BuyerChoice = "buyer_choice",
        /// It was corrected with a document (更正).
        Correction = "correction",
    }
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
    /// What kind of money a budget is (资金来源).
    FundSource {
        /// Out of the public purse (财政预算资金).
        Fiscal = "fiscal",
        /// Of the trade union (工会经费).
        Union = "union",
        /// The canteen's own (食堂自有资金).
        Canteen = "canteen",
        /// Any other (其他资金).
        Other = "other",
    }
    /// How a budget was changed after it was granted (预算调整).
    BudgetChangeKind {
        /// More was granted (追加).
        Supplement = "supplement",
        /// Some was taken back (调减).
        Reduction = "reduction",
        /// Some went to another budget (调剂调出).
        TransferOut = "transfer_out",
        /// Some came from another budget (调剂调入).
        TransferIn = "transfer_in",
        /// At the end of the year some went into the next (结转至下年).
        CarryOut = "carry_out",
        /// Some came from the year before (上年结转).
        CarryIn = "carry_in",
        /// At the end of the year the rest was taken back (年终收回).
        Lapse = "lapse",
    }
    /// What the price of an order's line rests on (计价依据).
    PriceBasis {
        /// The price on the shelf (挂牌价).
        Shelf = "shelf",
        /// A framework agreement (框架协议价).
        Framework = "framework",
        /// A quotation that was awarded (报价成交).
        Quotation = "quotation",
        /// The step a group purchase reached (团购价).
        Group = "group",
    }
    /// Where a purchase request is (采购申请状态).
    RequestState {
        /// Somebody has to decide (待审批).
        Waiting = "waiting",
        /// It was sent back, with a reason (退回).
        Returned = "returned",
        /// It became an order (已下单).
        Placed = "placed",
        /// Whoever asked took it back (撤回).
        Withdrawn = "withdrawn",
        /// Nobody decided in time (过期).
        Expired = "expired",
    }
    /// What happened to a purchase request (办理记录).
    RequestEvent {
        /// It was asked for, or asked for again (提交).
        Asked = "asked",
        /// A step was approved (同意).
        Approved = "approved",
        /// It was sent back (退回).
        Returned = "returned",
        /// A step was handed to somebody else (转办).
        Delegated = "delegated",
        /// Whoever has to decide was reminded (催办).
        Reminded = "reminded",
        /// It was taken back (撤回).
        Withdrawn = "withdrawn",
        /// Nobody decided in time (过期).
        Expired = "expired",
        /// It became an order (下单).
        Placed = "placed",
    }
    /// By which way something is bought (采购方式).
    PurchaseWay {
        /// Off the shelf (直接采购).
        Direct = "direct",
        /// Called off from a framework agreement (框架协议采购).
        Framework = "framework",
        /// A delivery of a standing order (定期采购).
        Standing = "standing",
        /// Awarded to a quotation (求购报价).
        Quotation = "quotation",
        /// Together with other units (团购).
        Group = "group",
    }
    /// Where a framework agreement is (框架协议状态).
    FrameworkState {
        /// The supplier has to answer (待确认).
        Proposed = "proposed",
        /// It holds (生效).
        Active = "active",
        /// The supplier declined (已谢绝).
        Declined = "declined",
        /// It was ended (已终止).
        Ended = "ended",
    }
    /// Who may answer a demand (报价范围).
    DemandAudience {
        /// Every supplier (公开).
        All = "all",
        /// Those who are invited (邀请).
        Invited = "invited",
    }
    /// Where a demand is (求购状态).
    DemandState {
        /// Quotations come in, sealed (报价中).
        Published = "published",
        /// The quotations were opened (已开标).
        Opened = "opened",
        /// Too few answered (流标).
        Failed = "failed",
        /// One was chosen (已成交).
        Awarded = "awarded",
        /// It was called off (已取消).
        Cancelled = "cancelled",
    }
    /// Where a quotation is (报价状态).
    QuotationState {
        /// Nobody can read it (密封).
        Sealed = "sealed",
        /// Its supplier took it back (撤回).
        Withdrawn = "withdrawn",
        /// It was opened (已开启).
        Opened = "opened",
    }
    /// Where a standing order is (定期采购状态).
    StandingState {
        /// Call-offs are made (执行中).
        Active = "active",
        /// It was ended before its time (已终止).
        Ended = "ended",
    }
    /// Where a call-off of a standing order is (要货单状态).
    CallOffState {
        /// The buyer has to confirm it (待确认).
        Proposed = "proposed",
        /// It was confirmed (已确认).
        Confirmed = "confirmed",
        /// It was declined (不要货).
        Declined = "declined",
        /// Nobody confirmed it in time (逾期).
        Lapsed = "lapsed",
    }
    /// Where a group purchase is (团购状态).
    GroupState {
        /// Units join (进行中).
        Open = "open",
        /// It closed with a price (成团).
        Succeeded = "succeeded",
        /// It closed below the first step (未成团).
        Failed = "failed",
        /// Its supplier called it off (已取消).
        Cancelled = "cancelled",
    }
    /// Where a unit's part in a group purchase is (参团状态).
    JoinState {
        /// The unit is in (已参团).
        Joined = "joined",
        /// It left before the close (已退团).
        Left = "left",
        /// It was asked for at the price that was reached (已下单).
        Ordered = "ordered",
        /// What was held was given back (已释放).
        Released = "released",
    }
    /// Whether a webhook endpoint is called (推送地址状态).
    EndpointState {
        /// It is called (启用).
        Active = "active",
        /// It is not called (停用).
        Disabled = "disabled",
    }
    /// Why a webhook endpoint is not called (停用原因).
    DisabledBecause {
        /// Its owner switched it off (单位停用).
        ByOwner = "by_owner",
        /// Nothing has reached it for days (持续失败).
        Failing = "failing",
        /// It said that it is gone (已撤销).
        Gone = "gone",
    }
    /// Where an event on its way to an endpoint is (推送状态).
    DeliveryState {
        /// It is on its way, or waits for its next attempt (待推送).
        Waiting = "waiting",
        /// It arrived (已送达).
        Delivered = "delivered",
        /// It did not arrive and is not tried again by itself (未送达).
        Failed = "failed",
    }
    /// What kind of mail it is (邮件类别).
    MailCategory {
        /// About the account itself; it always comes (账号).
        Account = "account",
        /// About orders (订单).
        Orders = "orders",
        /// About supplying: admission, papers, lots (供货).
        Supply = "supply",
        /// About money (资金).
        Money = "money",
        /// About connected systems (系统对接).
        Operation = "operation",
    }
    /// What became of a mail (邮件状态).
    MailState {
        /// It went out (已发送).
        Sent = "sent",
        /// It came back (被退回).
        Bounced = "bounced",
        /// It waits to be gathered with others (待汇总).
        Gathered = "gathered",
        /// It went out with others (已汇总发送).
        Merged = "merged",
        /// Its kind is not wanted (已退订).
        Unwanted = "unwanted",
    }
    /// In which language somebody is written to (邮件语言).
    MailLanguage {
        /// Chinese (中文).
        Zh = "zh",
        /// English (英文).
        En = "en",
        /// One after the other (中英双语).
        Both = "both",
    }
}
