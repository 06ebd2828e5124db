//! What the house does by itself: imports, webhooks, mail.

use super::named_values;

named_values! {
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
        /// The register of households, a row a person (户籍底册).
        Households = "households",
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
        /// About the register of households (农户动态管理).
        Registry = "registry",
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
