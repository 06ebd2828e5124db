//! The rules, all of them, as one table: for each action, which roles may take it and how far it reaches.
//!
//! Read a row as: action = "name" { who => how far }. Whoever is not named may not.
//! `Public` means also without a token.

use super::{Action, Caller, Reach};
use entity::value::role::Role;

macro_rules! callers {
    (Public) => {
        Caller::Public
    };
    (System) => {
        Caller::System
    };
    ($role:ident) => {
        Caller::Role(Role::$role)
    };
}

macro_rules! policy {
    ($($(#[$doc:meta])* $action:ident = $name:literal { $($who:ident => $reach:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $action;
            impl Action for $action {
                const NAME: &'static str = $name;
                const ROWS: &'static [(Caller, Reach)] = &[$((callers!($who), Reach::$reach)),+];
            }
        )+
        /// Every action with its rows, for the documentation and the tests.
        pub const TABLE: &[(&str, &[(Caller, Reach)])] = &[$(($name, $action::ROWS)),+];
    };
}

policy! {
    /// Read what is published: divisions, categories, products on the shelf.
    ReadPublic = "public.read" { Public => Everything, System => Everything }
    /// Sign in.
    SignIn = "session.open" { Public => Everything }
    /// See who one is, and for whom one acts.
    ViewSelf = "self.view" {
        PlatformOperator => OwnOrganisation, AgricultureOfficer => OwnOrganisation,
        RevitalisationOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
        ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnOrganisation,
        EnterpriseOfficer => OwnOrganisation, Auditor => OwnOrganisation, Administrator => OwnOrganisation,
        Approver => OwnOrganisation, HouseholdRegistrar => OwnOrganisation, HelperCadre => OwnOrganisation,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnOrganisation, Integrator => OwnOrganisation,
    }
    /// End a session: one's own, or anybody's.
    EndSession = "session.end" {
        PlatformOperator => Everything, AgricultureOfficer => OwnOrganisation,
        RevitalisationOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
        ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnOrganisation,
        EnterpriseOfficer => OwnOrganisation, Auditor => OwnOrganisation, Administrator => OwnOrganisation,
        Approver => OwnOrganisation, HouseholdRegistrar => OwnOrganisation, HelperCadre => OwnOrganisation,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnOrganisation,
    }
    /// Ask for a new password, and set it with the token of the mail.
    ResetPassword = "password.reset" { Public => Everything }
    /// Set up, confirm and take away one's second factor, with name and password.
    KeepSecondFactor = "second_factor.keep" { Public => Everything }
    /// Change one's password.
    ChangePassword = "password.change" {
        PlatformOperator => OwnOrganisation, AgricultureOfficer => OwnOrganisation,
        RevitalisationOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
        ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnOrganisation,
        EnterpriseOfficer => OwnOrganisation, Auditor => OwnOrganisation, Administrator => OwnOrganisation,
        Approver => OwnOrganisation, HouseholdRegistrar => OwnOrganisation, HelperCadre => OwnOrganisation,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnOrganisation,
    }
    /// Register an organisation with its first clerk.
    Register = "organisation.register" { Public => Everything }
    /// Add an organisation of the public side: offices, finance, units, villages, enterprises.
    AddOrganisation = "organisation.add" { PlatformOperator => Everything }
    /// Record that an organisation was renamed, moved, merged, split or abolished.
    ChangeOrganisation = "organisation.change" { PlatformOperator => Everything }
    /// See organisations.
    ViewOrganisation = "organisation.view" {
        PlatformOperator => Everything, Auditor => Everything, AgricultureOfficer => OwnCounty,
        RevitalisationOfficer => OwnCounty, FinanceOfficer => OwnTree, CooperativeClerk => OwnOrganisation,
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, Administrator => OwnOrganisation,
        Approver => OwnOrganisation, HouseholdRegistrar => OwnCounty, HelperCadre => OwnOrganisation,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, Integrator => OwnOrganisation,
    }
    /// Give a person a role in an organisation.
    AddMember = "member.add" { PlatformOperator => Everything }
    /// See who acts for an organisation, who is invited, and their sessions.
    ViewMember = "member.view" {
        Administrator => OwnOrganisation, PlatformOperator => Everything, Auditor => Everything,
    }
    /// Invite, change the role, suspend, reinstate, remove, and end sessions of members; never one's own.
    KeepMember = "member.keep" { Administrator => OwnOrganisation, PlatformOperator => Everything }
    /// Make and revoke the API keys of an organisation.
    KeepApiKey = "api_key.keep" { Administrator => OwnOrganisation }
    /// See the API keys of an organisation, without the keys themselves.
    ViewApiKey = "api_key.view" {
        Administrator => OwnOrganisation, PlatformOperator => Everything, Auditor => Everything,
    }
    /// Accept an invitation that came by mail.
    AcceptInvitation = "invitation.accept" { Public => Everything }
    /// Close somebody's account for good.
    ClosePerson = "person.close" { PlatformOperator => Everything }
    /// Keep files.
    UploadFile = "file.upload" {
        CooperativeClerk => OwnOrganisation, AgricultureOfficer => OwnOrganisation,
        RevitalisationOfficer => OwnOrganisation, ProcurementOfficer => OwnOrganisation,
        FinanceOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, PlatformOperator => OwnOrganisation,
        Administrator => OwnOrganisation, Approver => OwnOrganisation, HouseholdRegistrar => OwnOrganisation,
        HelperCadre => OwnOrganisation, VillageOfficer => OwnOrganisation, TownshipOfficer => OwnOrganisation,
        Integrator => OwnOrganisation,
    }
    /// Read files.
    ReadFile = "file.read" {
        CooperativeClerk => OwnOrganisation, ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnOrganisation,
        EnterpriseOfficer => OwnOrganisation, AgricultureOfficer => OwnCounty, RevitalisationOfficer => OwnCounty,
        PlatformOperator => Everything, Auditor => Everything, Administrator => OwnOrganisation,
        Approver => OwnOrganisation, HouseholdRegistrar => OwnOrganisation, HelperCadre => OwnOrganisation,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnOrganisation, Integrator => OwnOrganisation,
    }

    /// Apply for admission as a supplier (入驻申请).
    ApplyForAdmission = "admission.apply" { CooperativeClerk => OwnOrganisation }
    /// See applications.
    ViewAdmission = "admission.view" {
        CooperativeClerk => OwnOrganisation, AgricultureOfficer => OwnCounty, RevitalisationOfficer => OwnCounty,
        PlatformOperator => Everything, Auditor => Everything,
    }
    /// Recommend or return as the county's agriculture office (农业农村部门).
    ReviewAdmissionAsAgriculture = "admission.review_agriculture" { AgricultureOfficer => OwnCounty }
    /// Recommend or return as the county's rural-revitalisation office (乡村振兴部门).
    ReviewAdmissionAsRevitalisation = "admission.review_revitalisation" { RevitalisationOfficer => OwnCounty }
    /// Approve or return as the platform (平台审核).
    ReviewAdmissionAsPlatform = "admission.review_platform" { PlatformOperator => Everything }

    /// Draft, change and submit products, prices and stock.
    KeepProduct = "product.keep" {
        CooperativeClerk => OwnOrganisation, Integrator => OwnOrganisation,
    }
    /// See products that are not on the shelf.
    ViewProductDraft = "product.view_draft" {
        CooperativeClerk => OwnOrganisation, PlatformOperator => Everything, Auditor => Everything,
        Integrator => OwnOrganisation,
    }
    /// Propose a mandate of an agent trader (代理授权).
    ProposeMandate = "mandate.propose" { CooperativeClerk => OwnOrganisation }
    /// See mandates, as agent or as principal.
    ViewMandate = "mandate.view" {
        CooperativeClerk => OwnOrganisation, PlatformOperator => Everything, Auditor => Everything,
    }
    /// Confirm a mandate as the principal, or, where the principal is not here, as the platform; end one.
    DecideMandate = "mandate.decide" { CooperativeClerk => OwnOrganisation, PlatformOperator => Everything }
    /// Import wholesale prices.
    ImportPrices = "price.import" { PlatformOperator => Everything }
    /// Review products.
    ReviewProduct = "product.review" { PlatformOperator => Everything }

    /// Register households and their members.
    RegisterHousehold = "household.register" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty,
    }
    /// See households, masked.
    ViewHousehold = "household.view" {
        RevitalisationOfficer => OwnCounty, Auditor => Everything, HouseholdRegistrar => OwnCounty,
        HelperCadre => AssignedHouseholds, VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree,
    }
    /// Assign households to helper cadres (帮扶干部), and end it.
    KeepHelper = "helper.keep" { RevitalisationOfficer => OwnCounty }
    /// See which households are assigned to whom.
    ViewHelper = "helper.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, HelperCadre => AssignedHouseholds,
        Auditor => Everything,
    }
    /// Record visits at a household's home (走访记录).
    RecordVisit = "visit.record" { HelperCadre => AssignedHouseholds, VillageOfficer => OwnOrganisation }
    /// See visits, with their photos.
    ViewVisit = "visit.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, HelperCadre => AssignedHouseholds,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, Auditor => Everything,
    }
    /// Make plans for households and say how their measures come along (一户一策).
    KeepHelpPlan = "help_plan.keep" {
        HelperCadre => AssignedHouseholds, VillageOfficer => OwnOrganisation, RevitalisationOfficer => OwnCounty,
    }
    /// See plans for households.
    ViewHelpPlan = "help_plan.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, HelperCadre => AssignedHouseholds,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, Auditor => Everything,
    }
    /// Say which unit stands by which village, and end it (单位包村).
    KeepUnitVillage = "unit_village.keep" { RevitalisationOfficer => OwnCounty }
    /// See which unit stands by which village.
    ViewUnitVillage = "unit_village.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, VillageOfficer => OwnOrganisation,
        TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds, Auditor => Everything,
    }
    /// See which households have no helper, no plan, no visit (帮扶缺口).
    ViewHelpGaps = "help_gap.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, VillageOfficer => OwnOrganisation,
        TownshipOfficer => OwnTree, Auditor => Everything,
    }
    /// Compare departments' files with the register (部门数据比对).
    UploadComparison = "comparison.upload" { RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty }
    /// See such files and who of the register stands in them.
    ViewComparison = "comparison.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, Auditor => Everything,
    }
    /// Decide whether what such a file says of somebody is so (疑点核实).
    DecideComparison = "comparison.decide" { RevitalisationOfficer => OwnCounty }
    /// Enter what an audit, an inspection or a rule found (问题登记).
    EnterFinding = "finding.enter" { RevitalisationOfficer => OwnCounty, Auditor => Everything }
    /// Give tasks that follow from findings (下达整改任务).
    AssignFinding = "finding.assign" { RevitalisationOfficer => OwnCounty }
    /// Say that a task is done, and show it (提交整改佐证).
    SubmitFinding = "finding.submit" {
        RevitalisationOfficer => OwnOrganisation, VillageOfficer => OwnOrganisation, TownshipOfficer => OwnOrganisation,
        CooperativeClerk => OwnOrganisation,
    }
    /// Close tasks of findings, or return them (销号、退回).
    CloseFinding = "finding.close" { RevitalisationOfficer => OwnCounty, Auditor => Everything }
    /// See findings: a county its own, others those that they have a task of.
    ViewFinding = "finding.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, VillageOfficer => OwnOrganisation,
        TownshipOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation, Auditor => Everything,
    }
    /// Set what the county has looked at by itself and enters as findings (规则筛查设置).
    KeepFindingRule = "finding_rule.keep" { RevitalisationOfficer => OwnCounty }
    /// See what a county has looked at by itself.
    ViewFindingRule = "finding_rule.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, Auditor => Everything,
    }
    /// See how many findings are open and late, and how well households are identified (整改通报、识别质量).
    ViewRectification = "rectification.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, PlatformOperator => Everything,
        Auditor => Everything,
    }
    /// Enter clues, which begin cases, and take cases back (动态调整线索).
    OpenAdjustment = "adjustment.open" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds,
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty,
    }
    /// See cases.
    ViewAdjustment = "adjustment.view" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds,
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, Auditor => Everything,
    }
    /// Record visits at a household's home (入户核实).
    CheckAdjustment = "adjustment.check" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds,
    }
    /// Record votes, put cases on the notice board, hand them to the township (评议、公示、上报).
    ReviewAdjustment = "adjustment.review" { VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree }
    /// Record objections (公示异议): above the village too, so that none is kept quiet.
    ObjectToAdjustment = "adjustment.object" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, RevitalisationOfficer => OwnCounty,
        HouseholdRegistrar => OwnCounty,
    }
    /// Answer objections, above the village (异议处理).
    AnswerAdjustmentObjection = "adjustment.answer" { TownshipOfficer => OwnTree, RevitalisationOfficer => OwnCounty }
    /// Agree to cases as the township, or return them (乡镇审核).
    EndorseAdjustment = "adjustment.endorse" { TownshipOfficer => OwnTree }
    /// Decide cases as the county, or return them (县级审定).
    DecideAdjustment = "adjustment.decide" { RevitalisationOfficer => OwnCounty }
    /// Enter rows of a household's income and spending (收支采集).
    RecordIncome = "welfare.record" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds,
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty,
    }
    /// See what a household earns and spends, and how that stands to the threshold.
    ViewWelfare = "welfare.view" {
        RevitalisationOfficer => OwnCounty, Auditor => Everything, HouseholdRegistrar => OwnCounty,
        HelperCadre => AssignedHouseholds, VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree,
    }
    /// Enter thresholds of income: a county its own, the platform those of provinces too (监测收入标准).
    KeepThreshold = "income_threshold.keep" { RevitalisationOfficer => OwnCounty, PlatformOperator => Everything }
    /// Write down rules that watch over the county's households, try them, switch them on and off (监测规则).
    KeepMonitoringRule = "monitoring_rule.keep" { RevitalisationOfficer => OwnCounty }
    /// See rules, their trials, and how a county stands.
    ViewMonitoringRule = "monitoring_rule.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, Auditor => Everything,
    }
    /// See clues and measures (预警线索与帮扶措施).
    ViewMonitoring = "monitoring.view" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds,
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, Auditor => Everything,
    }
    /// Take clues up, or hold that they are nothing (线索处置).
    AnswerClue = "clue.answer" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds,
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty,
    }
    /// Agree that a clue is nothing, or not (线索排除复核).
    DecideClue = "clue.decide" { TownshipOfficer => OwnTree, RevitalisationOfficer => OwnCounty }
    /// Enter measures, how they go on and that they are done (帮扶措施).
    KeepMeasure = "measure.keep" {
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnTree, HelperCadre => AssignedHouseholds,
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty,
    }
    /// Look at every household in the night.
    RunMonitoring = "monitoring.run" { System => Everything }
    /// See a household's personal data in full, for a stated purpose that is recorded.
    RevealHousehold = "household.reveal" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty,
    }

    /// Publish what people are told before their data is used (告知书).
    PublishNotice = "privacy_notice.publish" { PlatformOperator => Everything }
    /// Record consents and their withdrawals (同意与撤回).
    RecordConsent = "consent.record" { RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty }
    /// See consents.
    ViewConsents = "consent.view" {
        RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty, Auditor => Everything,
    }
    /// See who saw personal data in full, and why (查看留痕).
    ViewAccessRecords = "access_record.view" { RevitalisationOfficer => OwnCounty, Auditor => Everything }
    /// See how many households there are also where they are fewer than the smallest group.
    SeeSmallGroups = "group.see_small" {
        RevitalisationOfficer => OwnCounty, Auditor => Everything, System => Everything,
    }

    /// Sign and end benefit agreements (利益联结协议).
    KeepAgreement = "agreement.keep" { CooperativeClerk => OwnOrganisation }
    /// See benefit agreements.
    ViewAgreement = "agreement.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, Auditor => Everything,
    }
    /// Confirm the terms of benefit agreements as the county.
    ConfirmAgreement = "agreement.confirm" { RevitalisationOfficer => OwnCounty }
    /// Record help that carries no money (帮扶记录).
    KeepHelp = "help.keep" { CooperativeClerk => OwnOrganisation }
    /// See help that carries no money.
    ViewHelp = "help.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, Auditor => Everything,
    }
    /// Open periods, record what is due in them, close them (核算期间).
    KeepPeriod = "period.keep" { CooperativeClerk => OwnOrganisation }
    /// See periods and what was shared at their close.
    ViewPeriod = "period.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, Auditor => Everything,
    }
    /// Propose an attribution plan (收益分配方案).
    ProposePlan = "plan.propose" { CooperativeClerk => OwnOrganisation }
    /// Approve an attribution plan.
    ApprovePlan = "plan.approve" { RevitalisationOfficer => OwnCounty }
    /// See attribution plans.
    ViewPlan = "plan.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, PlatformOperator => Everything,
        Auditor => Everything,
    }

    /// Record harvest deliveries and pack lots.
    KeepHarvest = "harvest.keep" {
        CooperativeClerk => OwnOrganisation, Integrator => OwnOrganisation,
    }
    /// See harvest deliveries and lots.
    ViewHarvest = "harvest.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, Auditor => Everything,
        Integrator => OwnOrganisation,
    }

    /// Say what a square metre can yield at the most (亩产上限).
    SetCeiling = "ceiling.set" { AgricultureOfficer => OwnCounty, PlatformOperator => Everything }
    /// Decide about a delivery above the ceiling (超产预警).
    DecideFlag = "delivery.decide_flag" { RevitalisationOfficer => OwnCounty }
    /// Say which categories need a conformity certificate (承诺达标合格证).
    SetCertificateRule = "certificate.rule" { PlatformOperator => Everything }
    /// Call a lot back with everything made of it (召回).
    RecallLot = "lot.recall" {
        CooperativeClerk => OwnOrganisation, AgricultureOfficer => OwnCounty, PlatformOperator => Everything,
    }
    /// See what a recall reaches: lots and the orders that got them.
    ViewRecall = "recall.view" {
        CooperativeClerk => OwnOrganisation, AgricultureOfficer => OwnCounty, RevitalisationOfficer => OwnCounty,
        PlatformOperator => Everything, Auditor => Everything,
    }

    /// Import and export sheets (批量导入导出).
    UseSheets = "sheet.use" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnOrganisation,
        HouseholdRegistrar => OwnOrganisation,
    }

    /// Follow what happens to one's organisation and those below it (变更流).
    ReadFeed = "change.read" {
        CooperativeClerk => OwnOrganisation, ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnOrganisation,
        EnterpriseOfficer => OwnOrganisation, AgricultureOfficer => OwnOrganisation,
        RevitalisationOfficer => OwnOrganisation, PlatformOperator => OwnOrganisation, Auditor => OwnOrganisation,
        Administrator => OwnOrganisation, Integrator => OwnOrganisation,
    }
    /// Keep the addresses to which events are pushed (推送地址).
    KeepWebhook = "webhook.keep" { Administrator => OwnOrganisation }
    /// See those addresses and what was pushed there.
    ViewWebhook = "webhook.view" {
        Administrator => OwnOrganisation, Integrator => OwnOrganisation, PlatformOperator => Everything,
        Auditor => Everything,
    }
    /// Say how one wishes to be told by mail (邮件偏好).
    KeepMailWish = "mail.prefer" {
        PlatformOperator => OwnOrganisation, AgricultureOfficer => OwnOrganisation,
        RevitalisationOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
        ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnOrganisation,
        EnterpriseOfficer => OwnOrganisation, Auditor => OwnOrganisation, Administrator => OwnOrganisation,
        Approver => OwnOrganisation, HouseholdRegistrar => OwnOrganisation, HelperCadre => OwnOrganisation,
        VillageOfficer => OwnOrganisation, TownshipOfficer => OwnOrganisation,
    }
    /// Take a kind of mail off with the address in it (退订).
    Unsubscribe = "mail.unsubscribe" { Public => Everything }
    /// See what became of mails.
    ViewMail = "mail.view" { PlatformOperator => Everything, Auditor => Everything }
    /// See how the house's own work stands, and what was given up (后台任务).
    ViewJobs = "job.view" { PlatformOperator => Everything, Auditor => Everything }
    /// Let what was given up run again, or set it aside; have the search index made anew.
    KeepJobs = "job.keep" { PlatformOperator => Everything }

    /// Give a unit its budget.
    GrantBudget = "budget.grant" { FinanceOfficer => OwnTree }
    /// See budgets.
    ViewBudget = "budget.view" {
        FinanceOfficer => OwnTree, ProcurementOfficer => OwnOrganisation, Auditor => Everything,
        Approver => OwnOrganisation, Integrator => OwnOrganisation,
    }

    /// Say who approves purchases (审批规则).
    KeepApprovalRule = "approval_rule.keep" { FinanceOfficer => OwnTree, Administrator => OwnOrganisation }
    /// See who approves purchases, and who stands in for whom.
    ViewApprovalRule = "approval_rule.view" {
        FinanceOfficer => OwnTree, Administrator => OwnOrganisation, Approver => OwnTree,
        ProcurementOfficer => OwnOrganisation, Auditor => Everything,
    }
    /// Approve what others ask to buy, send it back, hand it on; name a deputy (审批).
    DecideRequest = "purchase_request.decide" { Approver => OwnTree, FinanceOfficer => OwnTree }
    /// See what was asked to be bought, and what became of it.
    ViewRequest = "purchase_request.view" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, Approver => OwnTree,
        FinanceOfficer => OwnTree, Auditor => Everything,
    }
    /// Propose framework agreements (框架协议).
    KeepFramework = "framework.keep" { ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation }
    /// Agree to a proposed framework agreement as its supplier, or decline it.
    AnswerFramework = "framework.answer" { CooperativeClerk => OwnOrganisation }
    /// End a framework agreement as either side.
    EndFramework = "framework.end" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
    }
    /// See framework agreements, as either side or above the buyer.
    ViewFramework = "framework.view" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
        FinanceOfficer => OwnTree, Approver => OwnTree, Auditor => Everything,
    }
    /// Publish demands, open their quotations, award and call off (求购).
    KeepDemand = "demand.keep" { ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation }
    /// See demands and compare their quotations once they are opened.
    ViewDemand = "demand.view" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, FinanceOfficer => OwnTree,
        Approver => OwnTree, Auditor => Everything,
    }
    /// Find demands that are open to one as a supplier, and hand in quotations (报价).
    AnswerDemand = "demand.answer" { CooperativeClerk => Everything }
    /// Offer group purchases, and call them off (发起团购).
    OfferGroup = "group_purchase.offer" { CooperativeClerk => OwnOrganisation }
    /// Join group purchases, and leave them (参团).
    JoinGroup = "group_purchase.join" { ProcurementOfficer => Everything, EnterpriseOfficer => Everything }
    /// See group purchases: one's own as a supplier, all as a buyer.
    ViewGroup = "group_purchase.view" {
        CooperativeClerk => OwnOrganisation, ProcurementOfficer => Everything, EnterpriseOfficer => Everything,
        FinanceOfficer => Everything, PlatformOperator => Everything, Auditor => Everything,
    }
    /// Carry out what buyers agreed to before: group purchases that close.
    RunPurchases = "purchase.run" { System => Everything }
    /// Place an order.
    PlaceOrder = "order.place" { ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation }
    /// See orders as the buyer, or above it.
    ViewOrder = "order.view" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, FinanceOfficer => OwnTree,
        CooperativeClerk => OwnOrganisation, PlatformOperator => Everything, Auditor => Everything,
        Approver => OwnOrganisation, Integrator => OwnOrganisation,
    }
    /// Confirm, ship and invoice as the supplier.
    ServeOrder = "order.serve" {
        CooperativeClerk => OwnOrganisation, Integrator => OwnOrganisation,
    }
    /// Accept goods and rate an order as the buyer.
    ReceiveOrder = "order.receive" { ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation }
    /// Cancel an order that has not been shipped, on either side.
    CancelOrder = "order.cancel" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
    }

    /// Issue papers of orders: contract, payment request, acceptance form, statement of account (出具单据).
    IssuePaper = "paper.issue" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
    }
    /// Complain about the other side of an order, and go on with it (投诉).
    FileComplaint = "complaint.file" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
    }
    /// Answer a complaint against one's organisation.
    AnswerComplaint = "complaint.answer" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
    }
    /// See complaints of either side; of the units below one, as whoever supervises them or pays for them.
    ViewComplaint = "complaint.view" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
        FinanceOfficer => OwnTree, Approver => OwnTree, PlatformOperator => Everything, Auditor => Everything,
    }
    /// Decide a complaint (裁定).
    DecideComplaint = "complaint.decide" { PlatformOperator => Everything }
    /// Act on clocks that ran out.
    RunClocks = "order.run_clocks" { System => Everything }

    /// Enter policies of reserved quotas (预留份额政策).
    KeepQuotaPolicy = "quota.keep_policy" { PlatformOperator => Everything }
    /// File a unit's reserved quota (预留份额填报).
    FileQuota = "quota.file" { ProcurementOfficer => OwnOrganisation }
    /// Confirm filings of units below, or send them back.
    ReviewQuota = "quota.review" { FinanceOfficer => OwnTree }
    /// See filings, progress and bulletins.
    ViewQuota = "quota.view" {
        ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnTree, PlatformOperator => Everything,
        Auditor => Everything,
    }
    /// Choose to which unit's quota one's own order belongs (订单归属).
    AttachOrder = "quota.attach" { ProcurementOfficer => OwnOrganisation }
    /// Correct to which unit's quota an order belongs.
    CorrectAttachment = "quota.correct" { FinanceOfficer => OwnTree }

    /// Declare in whose name else one's own money may come (约定付款人).
    DeclarePayer = "payer.declare" { ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation }
    /// See declared payers.
    ViewDeclaredPayer = "payer.view" {
        ProcurementOfficer => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, PlatformOperator => Everything,
        Auditor => Everything,
    }
    /// Import bank statements.
    ImportStatement = "payment.import" { PlatformOperator => Everything }
    /// Match again what did not match before.
    MatchPayment = "payment.match" { System => Everything }
    /// See bank statements and what did not match.
    ViewStatement = "payment.view" { PlatformOperator => Everything, Auditor => Everything }

    /// Record payouts to households with their evidence.
    RecordPayout = "payout.record" { CooperativeClerk => OwnOrganisation }
    /// See payouts and what is still owed.
    ViewPayout = "payout.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, Auditor => Everything,
        Integrator => OwnOrganisation,
    }
    /// Record sales outside the platform, with evidence (平台外销售).
    RecordOffPlatformSale = "off_platform.record" { CooperativeClerk => OwnOrganisation }
    /// See sales outside the platform; a county and a helper those in which their households share.
    ViewOffPlatformSale = "off_platform.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, HelperCadre => AssignedHouseholds,
        Auditor => Everything,
    }
    /// Say whether a sale outside the platform is so, as the county or as a helper of a household that shares (核实).
    ConfirmOffPlatformSale = "off_platform.confirm" {
        RevitalisationOfficer => OwnCounty, HelperCadre => AssignedHouseholds,
    }
    /// Reverse a sale outside the platform that was confirmed and is not so (冲销).
    ReverseOffPlatformSale = "off_platform.reverse" { RevitalisationOfficer => OwnCounty }
    /// Put payouts together in a batch, send it, record what became of it, and hand cash over.
    KeepPayoutBatch = "payout_batch.keep" { CooperativeClerk => OwnOrganisation }
    /// Approve a batch of payouts that somebody else put together (复核).
    ApprovePayoutBatch = "payout_batch.approve" { CooperativeClerk => OwnOrganisation, Approver => OwnOrganisation }
    /// See batches of payouts; a village and a county those to their households.
    ViewPayoutBatch = "payout_batch.view" {
        CooperativeClerk => OwnOrganisation, Approver => OwnOrganisation, VillageOfficer => OwnOrganisation,
        RevitalisationOfficer => OwnCounty, Auditor => Everything,
    }
    /// Sign as the village's witness that a household had its cash (见证).
    WitnessPayout = "payout.witness" { VillageOfficer => OwnOrganisation }
    /// Issue a household the card by which it asks for its own statement (收益卡).
    IssueCard = "household_card.issue" { RevitalisationOfficer => OwnCounty, HouseholdRegistrar => OwnCounty }
    /// Come in as a household, with its card and a code, and speak for oneself (本户).
    SpeakAsHousehold = "voice.speak" { Public => Everything }
    /// Come in for a household as its helper (代办).
    SpeakForHousehold = "voice.help" { HelperCadre => AssignedHouseholds }
    /// See disputes: a cooperative those it answers, a county those it decides.
    ViewDispute = "dispute.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, Auditor => Everything,
    }
    /// Answer a household's dispute, with evidence.
    AnswerDispute = "dispute.answer" { CooperativeClerk => OwnOrganisation }
    /// Decide a household's dispute, and correct what was wrong.
    DecideDispute = "dispute.decide" { RevitalisationOfficer => OwnCounty }
    /// Read a household's income statement.
    ViewIncome = "income.view" {
        RevitalisationOfficer => OwnCounty, Auditor => Everything, CooperativeClerk => OwnOrganisation,
        HelperCadre => AssignedHouseholds,
    }
    /// See how an order's income was shared, down to each household's agreement.
    ViewShares = "share.view" {
        CooperativeClerk => OwnOrganisation, RevitalisationOfficer => OwnCounty, Auditor => Everything,
        Integrator => OwnOrganisation,
    }
    /// Turn accepted and paid orders into income.
    SettleOrder = "order.settle" { System => Everything }

    /// Make and end codes by which one's enterprise brings buyers (推荐码).
    KeepReferral = "referral.keep" { EnterpriseOfficer => OwnOrganisation }
    /// See such codes.
    ViewReferral = "referral.view" {
        EnterpriseOfficer => OwnOrganisation, PlatformOperator => Everything, Auditor => Everything,
    }

    /// Run pairing programmes.
    KeepProgramme = "programme.keep" { PlatformOperator => Everything }
    /// Pair an enterprise with a village.
    KeepPairing = "pairing.keep" { RevitalisationOfficer => OwnCounty }
    /// See pairings and contributions.
    ViewPairing = "pairing.view" {
        EnterpriseOfficer => OwnOrganisation, RevitalisationOfficer => OwnCounty, PlatformOperator => Everything,
        Auditor => Everything,
    }

    /// Enter what one's enterprise gave to villages it is paired with (帮扶贡献申报).
    EnterAid = "aid.enter" { EnterpriseOfficer => OwnOrganisation }
    /// See what enterprises entered; a village and a county what concerns them.
    ViewAid = "aid.view" {
        EnterpriseOfficer => OwnOrganisation, VillageOfficer => OwnOrganisation, RevitalisationOfficer => OwnCounty,
        PlatformOperator => Everything, Auditor => Everything,
    }
    /// Confirm as the village committee that something came.
    ConfirmAid = "aid.confirm" { VillageOfficer => OwnOrganisation }
    /// Verify as the county what a village confirmed.
    VerifyAid = "aid.verify" { RevitalisationOfficer => OwnCounty }
    /// Reject what was entered, as the village committee or the county.
    RejectAid = "aid.reject" { VillageOfficer => OwnOrganisation, RevitalisationOfficer => OwnCounty }

    /// Issue an enterprise a certificate over what is verified (颁发帮扶证书).
    IssueAidCertificate = "aid_certificate.issue" { RevitalisationOfficer => OwnCounty }
    /// Revoke a certificate that somebody else issued.
    RevokeAidCertificate = "aid_certificate.revoke" { RevitalisationOfficer => OwnCounty }
    /// See certificates: an enterprise its own, a county those it issued.
    ViewAidCertificate = "aid_certificate.view" {
        EnterpriseOfficer => OwnOrganisation, RevitalisationOfficer => OwnCounty, PlatformOperator => Everything,
        Auditor => Everything,
    }
    /// Publish what one's village needs, confirm that it came, take it back (村需求).
    KeepNeed = "need.keep" { VillageOfficer => OwnOrganisation }
    /// Take on what any village needs, for one's organisation or in person (认领).
    ClaimNeed = "need.claim" {
        EnterpriseOfficer => Everything, ProcurementOfficer => Everything, CooperativeClerk => Everything,
        HelperCadre => Everything,
    }
    /// Deliver what one took on, or give it up.
    DeliverNeed = "need.deliver" {
        EnterpriseOfficer => OwnOrganisation, ProcurementOfficer => OwnOrganisation, CooperativeClerk => OwnOrganisation,
        HelperCadre => OwnOrganisation,
    }
    /// See who might take on what a village needs, and why.
    MatchNeed = "need.match" { VillageOfficer => OwnOrganisation, RevitalisationOfficer => OwnCounty }
    /// See which needs suit one's enterprise, and why.
    SuggestNeeds = "need.suggest" { EnterpriseOfficer => OwnOrganisation }

    /// Ask for reports over what one may see (生成报表).
    RunReport = "report.run" {
        RevitalisationOfficer => OwnCounty, AgricultureOfficer => OwnCounty, CooperativeClerk => OwnOrganisation,
        EnterpriseOfficer => OwnOrganisation, ProcurementOfficer => OwnOrganisation, FinanceOfficer => OwnTree,
        PlatformOperator => Everything, Auditor => Everything,
    }
    /// See the reports of one's organisation.
    ViewReport = "report.view" {
        RevitalisationOfficer => OwnOrganisation, AgricultureOfficer => OwnOrganisation,
        CooperativeClerk => OwnOrganisation, EnterpriseOfficer => OwnOrganisation, ProcurementOfficer => OwnOrganisation,
        FinanceOfficer => OwnOrganisation, PlatformOperator => Everything, Auditor => Everything,
    }

    /// Read the audit.
    ViewAudit = "audit.view" { Auditor => Everything, PlatformOperator => Everything }
}
