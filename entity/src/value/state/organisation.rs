//! Organisations, people and their access.

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
}
