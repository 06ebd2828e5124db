//! Pairing programmes and reports.

use super::named_values;

named_values! {
    /// What an enterprise contributed.
    ContributionKind {
        /// It bought (消费帮扶采购).
        Purchase = "purchase",
        /// It brought about what somebody else bought (帮助销售).
        AssistedSale = "assisted_sale",
    }
    /// With whom an enterprise is paired (结对对象).
    PairingTarget {
        /// A village (村).
        Village = "village",
        /// A group of villages of one county (村组).
        VillageGroup = "village_group",
        /// A county, that is all its villages (县).
        County = "county",
        /// Some households of one village (农户组).
        HouseholdGroup = "household_group",
    }
    /// What a village needs (需求类别).
    NeedKind {
        /// Somebody to buy its goods or help to sell them (产品销售).
        GoodsToSell = "goods_to_sell",
        /// Somebody to teach (技能培训).
        Skills = "skills",
        /// Work for its people (就业岗位).
        Posts = "posts",
        /// Something small to be built or bought (小微项目).
        Project = "project",
    }
    /// How far what a village needs has come.
    NeedState {
        /// It is published and nobody has taken it on (已发布).
        Published = "published",
        /// Somebody has taken it on (已认领).
        Claimed = "claimed",
        /// Who took it on says that it is done (已交付).
        Delivered = "delivered",
        /// The village confirmed it (已确认).
        Fulfilled = "fulfilled",
        /// The village no longer needs it (已撤回).
        Withdrawn = "withdrawn",
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
        /// How far units have come with what they reserved (预留份额采购进度通报).
        QuotaBulletin = "quota_bulletin",
        /// What monitoring found and what was done (防返贫监测帮扶情况表).
        MonitoringOverview = "monitoring_overview",
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
}

impl From<ContributionKind> for AidKind {
    fn from(kind: ContributionKind) -> Self {
        match kind {
            ContributionKind::Purchase => Self::Purchase,
            ContributionKind::AssistedSale => Self::AssistedSale,
        }
    }
}
