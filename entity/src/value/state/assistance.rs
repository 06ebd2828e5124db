//! Help that people give households: by what position they help, what is planned, what became of it.

use super::named_values;

named_values! {
    /// By which position a cadre may help households (帮扶人资格).
    HelperPosition {
        /// A cadre of an established post, of the township's level or above (乡镇级及以上在编干部).
        EstablishedCadre = "established_cadre",
        /// A manager of an enterprise, of the middle level or above (企业中层及以上管理人员).
        EnterpriseManager = "enterprise_manager",
        /// Neither, for a reason that stays on record (其他，须说明理由).
        Other = "other",
    }
    /// What kind of help a measure is (帮扶措施类别).
    MeasureKind {
        /// A trade of one's own (产业帮扶).
        Industry = "industry",
        /// Work (就业帮扶).
        Employment = "employment",
        /// Credit and insurance (金融帮扶).
        Finance = "finance",
        /// A post for the public good (公益岗位).
        PublicPost = "public_post",
        /// Health (健康帮扶).
        Health = "health",
        /// School (教育帮扶).
        Education = "education",
        /// A safe house (住房安全).
        Housing = "housing",
        /// Safe water (饮水安全).
        Water = "water",
        /// Allowances and care (综合保障).
        SocialSecurity = "social_security",
        /// Donations, pairing, volunteers (社会帮扶).
        Social = "social",
        /// Anything else (其他).
        Other = "other",
    }
    /// Where a measure is (措施进度).
    MeasureState {
        /// It is to be done (实施中).
        Open = "open",
        /// It is done (已完成).
        Done = "done",
        /// It was given up, for a reason (已终止).
        Dropped = "dropped",
    }
}
