//! Admission, products and what is proven about them.

use super::named_values;

named_values! {
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
        /// Processed in another county than its licence names (许可证所在县与加工地不符).
        LicenceElsewhere = "licence_elsewhere",
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
}
