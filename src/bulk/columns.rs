//! The columns of each kind of sheet: what they are called, what may stand in them.

use entity::value::ImportKind;

/// A column of a sheet.
#[derive(Debug)]
pub struct Column {
    /// Its stable name, also accepted as a heading.
    pub key: &'static str,
    /// Its heading in Chinese, with the unit.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// Whether a row must fill it.
    pub is_required: bool,
    /// Whether it holds numbers.
    pub is_number: bool,
    /// What may stand in it: the value and its Chinese word; anything when empty.
    pub choices: &'static [(&'static str, &'static str)],
    /// What to write, in Chinese.
    pub help: &'static str,
    /// For example.
    pub example: &'static str,
}

const fn column(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    help: &'static str,
    example: &'static str,
) -> Column {
    Column { key, zh, en, is_required: false, is_number: false, choices: &[], help, example }
}

impl Column {
    const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    const fn number(self) -> Self {
        Self { is_number: true, ..self }
    }

    const fn one_of(self, choices: &'static [(&'static str, &'static str)]) -> Self {
        Self { choices, ..self }
    }
}

/// Ways a household shares.
pub(super) const MODES: &[(&str, &str)] =
    &[("produce_purchase", "订单收购"), ("wages", "务工就业"), ("dividend", "入股分红"), ("land_rent", "土地流转")];
/// Ways money is handed over.
pub(super) const METHODS: &[(&str, &str)] = &[("bank_transfer", "银行转账"), ("cash", "现金")];
/// Kinds of products.
pub(super) const KINDS: &[(&str, &str)] =
    &[("fresh", "鲜活农产品"), ("primary", "初级农产品"), ("processed", "加工食品"), ("not_food", "非食用产品")];
/// How products want to be kept.
pub(super) const STORAGES: &[(&str, &str)] = &[("ambient", "常温"), ("chilled", "冷藏"), ("frozen", "冷冻")];
/// Schemes of certificates, and their words.
pub const SCHEMES: &[(&str, &str)] = &[
    ("green_food", "绿色食品"),
    ("organic", "有机产品"),
    ("geographical_indication", "地理标志"),
    ("conformity", "承诺达标合格证"),
    ("relief_product", "扶贫产品认定"),
    ("voluntary", "帮扶产品认定"),
    ("test_report", "检验报告"),
    ("other", "其他"),
];

/// Relations to the head of a household.
pub(super) const RELATIONS: &[(&str, &str)] = &[
    ("head", "户主"),
    ("spouse", "配偶"),
    ("child", "子女"),
    ("parent", "父母"),
    ("grandchild", "孙子女"),
    ("other", "其他"),
];
/// Types of households.
pub(super) const HOUSEHOLD_TYPES: &[(&str, &str)] = &[("out_of_poverty", "脱贫户"), ("ordinary", "一般农户")];
/// Whether and as what a household is monitored.
pub(super) const MONITORED: &[(&str, &str)] = &[
    ("no", "否"),
    ("monitored_unstable", "脱贫不稳定户"),
    ("monitored_borderline", "边缘易致贫户"),
    ("monitored_sudden", "突发严重困难户"),
];
/// Schooling.
pub(super) const EDUCATIONS: &[(&str, &str)] = &[
    ("preschool", "学龄前儿童"),
    ("none", "文盲或半文盲"),
    ("primary", "小学"),
    ("junior_secondary", "初中"),
    ("senior_secondary", "高中或中专"),
    ("college", "大专"),
    ("university", "本科及以上"),
];
/// Health.
pub(super) const HEALTHS: &[(&str, &str)] =
    &[("healthy", "健康"), ("chronic_illness", "长期慢性病"), ("serious_illness", "患有大病"), ("disabled", "残疾")];
/// What work somebody can do.
pub(super) const SKILLS: &[(&str, &str)] = &[
    ("skilled", "技能劳动力"),
    ("ordinary", "普通劳动力"),
    ("weak", "弱劳动力或半劳动力"),
    ("lost", "丧失劳动力"),
    ("none", "无劳动力"),
];
/// Yes and no.
pub(super) const YES_NO: &[(&str, &str)] = &[("yes", "是"), ("no", "否")];

static PRODUCTS: &[Column] = &[
    column("id", "商品编号", "Identifier", "系统给出；新商品留空", ""),
    column("name", "商品名称", "Name", "1 至 100 个字", "石阡苔茶 一级 250克").required(),
    column("category_code", "品类代码", "Category", "二、四或六位数字，见 GET /api/v1/categories", "0101").required(),
    column("origin_county_code", "产地县代码", "County of origin", "832 个脱贫县之一；登记后不能更改", "520623")
        .required(),
    column("pack_grams", "净含量（克）", "Net weight of a pack, grams", "整数；登记后不能更改", "250")
        .required()
        .number(),
    column("unit_price", "单价（元）", "Price of a pack, yuan", "最多两位小数", "128.00").required().number(),
    column("min_packs", "起订量（件）", "Smallest order, packs", "整数，至少 1", "1").required().number(),
    column("on_hand_packs", "库存（件）", "Packs in store", "新商品的初始库存；已有商品请用库存盘点表", "100")
        .required()
        .number(),
    column("shelf_life_days", "保质期（天）", "Shelf life, days", "1 至 3650", "540").required().number(),
    column("description", "商品介绍", "Description", "1 至 4000 个字", "海拔 800 米以上茶园的春茶，手工采摘。")
        .required(),
    column(
        "certificates",
        "资质证书",
        "Certificates",
        "每行一份：类型|编号|发证机构|有效期起|有效期止；无则留空",
        "绿色食品|LB-44-21032402345A|中国绿色食品发展中心|2025-01-01|2027-12-31",
    ),
    column("kind", "商品类型", "Kind", "从下拉列表选择；留空不变，新商品为初级农产品", "初级农产品").one_of(KINDS),
    column("pack_unit", "计量单位", "Unit of a pack", "最多 10 个字；留空不变，新商品为件", "盒"),
    column("pieces", "每件个数", "Pieces in a pack", "整数；留空不变，填“无”则清除", "10").number(),
    column("brand", "品牌", "Brand", "最多 100 个字；留空不变，填“无”则清除", "佛顶山"),
    column("taste", "口味等级", "Taste, grade or variety", "最多 100 个字；留空不变，填“无”则清除", "一级"),
    column("packaging", "包装", "Packing", "最多 100 个字；留空不变，填“无”则清除", "铁罐"),
    column(
        "processing_county_code",
        "加工地县代码",
        "County of processing",
        "与产地不同时填写；留空不变，填“无”则清除",
        "520623",
    ),
    column(
        "season_months",
        "供应月份",
        "Months of the season",
        "1 至 12，以顿号分隔；留空不变，填“全年”则清除",
        "3、4、5",
    ),
    column(
        "monthly_capacity_packs",
        "月供应能力（件）",
        "Packs that can be had in a month",
        "整数，当月订购不超过此数；留空不变，填“无”则清除",
        "2000",
    )
    .number(),
    column(
        "buyer_limit_packs",
        "每月限购（件）",
        "Packs one buyer gets in a month",
        "整数；留空不变，填“无”则清除",
        "50",
    )
    .number(),
    column("storage", "贮存条件", "Storage", "从下拉列表选择；留空不变，新商品为常温", "常温").one_of(STORAGES),
];

static STOCK: &[Column] = &[
    column("id", "商品编号", "Identifier", "系统给出；可从导出的库存表取得", "").required(),
    column("name", "商品名称", "Name", "仅供核对，不会更改", "石阡苔茶 一级 250克"),
    column("on_hand_packs", "库存（件）", "Packs in store", "盘点到的件数，整数", "120").required().number(),
    column("reason", "原因", "Why", "1 至 500 个字；库存有变时必填", "春茶第二批入库"),
];

static DELIVERIES: &[Column] = &[
    column("household_number", "户编号", "Household", "与本单位签有订单收购协议的农户", "522625010100017").required(),
    column("delivered_on", "交售日期", "Day", "如 2026-03-01", "2026-03-01").required(),
    column("variety", "品种", "Variety", "1 至 50 个字", "红阳猕猴桃").required(),
    column("category_code", "品类代码", "Category", "设有亩产上限的县必填", "0201"),
    column("grade", "等级", "Grade", "最多 20 个字", "一级"),
    column("weight", "重量（公斤）", "Weight, kilograms", "最多三位小数", "123.5").required().number(),
    column("price", "单价（元/公斤）", "Price, yuan a kilogram", "不低于协议保底价，最多两位小数", "5.20")
        .required()
        .number(),
    column("weigh_note", "磅单号", "Weigh note", "同一协议下不重复", "BD-20260301-07").required(),
    column("receipt_number", "收据号", "Receipt", "系统给出，不必填", ""),
];

static PAYOUTS: &[Column] = &[
    column("household_number", "户编号", "Household", "与本单位签有协议的农户", "522625010100017").required(),
    column("mode", "利益联结方式", "Kind of agreement", "从下拉列表选择", "订单收购").required().one_of(MODES),
    column("amount", "金额（元）", "Amount, yuan", "不超过应付未付的金额，最多两位小数", "320.50").required().number(),
    column("paid_on", "发放日期", "Day", "如 2026-03-01", "2026-03-01").required(),
    column("method", "发放方式", "How", "从下拉列表选择", "银行转账").required().one_of(METHODS),
    column("reference", "凭证号", "Reference", "本单位的编号，不重复", "FF-2026-0301-07").required(),
    column("evidence_file_id", "凭证文件编号", "Evidence", "已上传文件的编号（POST /api/v1/files）", "").required(),
    column("witness_file_id", "见证文件编号", "Witness", "现金发放必填：村级见证人签字的文件", ""),
];

/// A row a person; what is said of the household stands on the row of its head, or the same on each.
static HOUSEHOLDS: &[Column] = &[
    column("household_number", "户编号", "Household", "全国系统户编号；同一户的各行须相邻", "522625010100017")
        .required(),
    column("village", "行政村", "Village", "本县村委会的名称或编号", "上寨村").required(),
    column("registered_on", "登记日期", "Registered on", "建档立卡或识别日期；新登记的户必填", "2014-04-01"),
    column("household_type", "户类型", "Type of household", "从下拉列表选择；新登记的户必填", "脱贫户")
        .one_of(HOUSEHOLD_TYPES),
    column("monitored", "监测对象类型", "Monitored", "从下拉列表选择；留空视为未说明，新户视为否", "否")
        .one_of(MONITORED),
    column("name", "姓名", "Name", "1 至 50 个字", "杨秀英").required(),
    column("relation", "与户主关系", "Relation to the head", "从下拉列表选择，也可用全国系统的说法", "户主")
        .required()
        .one_of(RELATIONS),
    column("id_number", "证件号码", "Identity number", "身份证 18 位，残疾证 20 或 22 位", "999999199001010014")
        .required(),
    column("phone", "联系电话", "Phone", "手机号或带区号的固定电话；留空不变", "13800005678"),
    column("bank_account", "银行卡号", "Bank card", "一卡通；仅新登记的人员填写，变更请另行办理", ""),
    column("education", "文化程度", "Schooling", "从下拉列表选择；留空不变", "小学").one_of(EDUCATIONS),
    column("health", "健康状况", "Health", "从下拉列表选择；留空不变", "健康").one_of(HEALTHS),
    column("skill", "劳动技能", "Labour skill", "从下拉列表选择；留空不变", "普通劳动力").one_of(SKILLS),
    column("work_place", "务工地", "Works away at", "与务工月数一并填写；留空不变", "广东省东莞市"),
    column("work_months", "务工月数", "Months away a year", "0 至 12", "10").number(),
    column("cropland", "耕地（亩）", "Cropland, mu", "最多两位小数；留空不变", "3.50").number(),
    column("forest", "林地（亩）", "Forest, mu", "最多两位小数；留空不变", "").number(),
    column("orchard", "林果（亩）", "Orchard, mu", "最多两位小数；留空不变", "").number(),
    column("water", "水面（亩）", "Water, mu", "最多两位小数；留空不变", "").number(),
    column("pasture", "牧草地（亩）", "Pasture, mu", "最多两位小数；留空不变", "").number(),
    column("is_insured", "参加医保", "Has health insurance", "是或否；只用于校核，不登记", "是").one_of(YES_NO),
    column("is_out_of_school", "义务教育失学辍学", "Out of compulsory school", "是或否；只用于校核", "否")
        .one_of(YES_NO),
    column("is_housed_safely", "住房安全", "Housing is safe", "是或否；只用于校核", "是").one_of(YES_NO),
    column("has_safe_water", "饮水安全", "Water is safe", "是或否；只用于校核", "是").one_of(YES_NO),
    column("industry_help", "享受产业帮扶", "Industry help", "是或否；只用于校核", "否").one_of(YES_NO),
    column("operating_income", "生产经营性收入（元）", "Operating income, yuan", WHOLE_YEAR, "12000").number(),
    column("income_year", "收入年度", "Year of income", "四位年份，须已结束；填写收支的必填", "2025").number(),
    column("wage_income", "工资性收入（元）", "Wages, yuan", WHOLE_YEAR, "18000").number(),
    column("property_income", "财产性收入（元）", "Property income, yuan", WHOLE_YEAR, "600").number(),
    column("transfer_income", "转移性收入（元）", "Transfer income, yuan", WHOLE_YEAR, "2400").number(),
    column("production_cost", "生产经营性支出（元）", "Production costs, yuan", "全年合计；留空不变", "3000").number(),
    column("has_subsistence", "享受低保", "Has the subsistence allowance", "是或否；留空不变", "否").one_of(YES_NO),
    column("has_extreme_support", "特困供养", "Supported as extremely poor", "是或否；留空不变", "否").one_of(YES_NO),
];

/// What a year's amounts are.
const WHOLE_YEAR: &str = "全年合计，含经本平台发放的部分（由账簿扣除，不重复计入）；留空不变";

/// The columns of a kind of sheet, in their order.
#[must_use]
pub fn columns(kind: ImportKind) -> &'static [Column] {
    match kind {
        ImportKind::Products => PRODUCTS,
        ImportKind::Stock => STOCK,
        ImportKind::Deliveries => DELIVERIES,
        ImportKind::Payouts => PAYOUTS,
        ImportKind::Households => HOUSEHOLDS,
    }
}

/// What a kind of sheet is called.
pub(super) const fn title(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Products => "商品",
        ImportKind::Stock => "库存盘点",
        ImportKind::Deliveries => "交售记录",
        ImportKind::Payouts => "发放记录",
        ImportKind::Households => "户籍底册",
    }
}

/// Headings that a copy of a sheet has besides; they are passed over when it comes in again.
pub(super) const ADDED: [&str; 2] = ["结果/Outcome", "错误/Errors"];
