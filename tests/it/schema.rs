//! The schema itself: it is what the entities say, it is the same on both databases, and it refuses what it must.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use crate::harness::*;
use entity::value::{self, AccountId, Fen, OrganisationId, PersonId, PlanId, PostingId, Timestamp};
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, EntityTrait,
    IntoActiveModel, Iterable, Set, SqlErr, TransactionTrait,
};

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

fn noon() -> Timestamp {
    "2026-03-02T04:00:00.123456Z".parse().unwrap()
}

fn today() -> chrono::NaiveDate {
    value::business_date(noon())
}

fn fen(fen: i64) -> Fen {
    Fen::new(fen).unwrap()
}

fn account(guard: value::Guard) -> entity::account::Model {
    entity::account::Model {
        id: AccountId::generate(),
        kind: value::AccountKind::BudgetAvailable,
        owner_id: OrganisationId::generate().uuid(),
        part_id: None,
        debit_fen: 0,
        credit_fen: 0,
        guard,
    }
}

fn entry(posting: PostingId, line_no: i32, account: AccountId, side: value::Side, amount: i64) -> entity::entry::Model {
    entity::entry::Model {
        posting_id: posting,
        line_no,
        account_id: account,
        side,
        amount_fen: fen(amount),
        supplier_order_id: None,
    }
}

fn posting(id: PostingId) -> entity::posting::Model {
    entity::posting::Model {
        id,
        cause: format!("test:{id}"),
        kind: "test".to_owned(),
        business_date: today(),
        posted_at: noon(),
        object_id: id.uuid(),
        digest: "00".to_owned(),
        salt: None,
        rule_version: None,
        inputs_hash: None,
    }
}

async fn insert<M, A>(db: &impl ConnectionTrait, row: M) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    <A::Entity as EntityTrait>::insert(row.into_active_model()).exec_without_returning(db).await.map(drop)
}

/// A person and an organisation in a division, for rows that point at them.
async fn people(db: &impl ConnectionTrait) -> (PersonId, OrganisationId) {
    let division = entity::division::Model {
        code: "990000".parse().unwrap(),
        name: "某省".to_owned(),
        parent_code: None,
        level: 1,
        scope: "gb2260".to_owned(),
    };
    let organisation = entity::organisation::Model {
        id: OrganisationId::generate(),
        kind: value::OrganisationKind::Cooperative,
        name: "某合作社".to_owned(),
        credit_code: Some("91350100M000100Y43".parse().unwrap()),
        division_code: division.code.clone(),
        parent_id: None,
        contact_name: None,
        contact_phone_cipher: None,
        contact_email: None,
        is_active: true,
        created_at: noon(),
        version: 1,
    };
    let person = entity::person::Model {
        id: PersonId::generate(),
        username: "yang".to_owned(),
        display_name: "杨".to_owned(),
        email: None,
        password_hash: "x".to_owned(),
        is_demonstration: false,
        is_active: true,
        created_at: noon(),
        closed_at: None,
        version: 1,
    };
    let ids = (person.id, organisation.id);
    insert(db, division.clone()).await.unwrap();
    insert(db, organisation.clone()).await.unwrap();
    insert(db, person.clone()).await.unwrap();
    assert_eq!(entity::division::Entity::find_by_id(division.code.clone()).one(db).await.unwrap(), Some(division));
    assert_eq!(entity::organisation::Entity::find_by_id(ids.1).one(db).await.unwrap(), Some(organisation));
    assert_eq!(entity::person::Entity::find_by_id(ids.0).one(db).await.unwrap(), Some(person));
    ids
}

fn plan(supplier: OrganisationId, number: i32, by: PersonId, state: value::PlanState) -> entity::plan::Model {
    let part = |bp| value::BasisPoints::new(bp).unwrap();
    entity::plan::Model {
        id: PlanId::generate(),
        supplier_id: supplier,
        number,
        produce_bp: part(4000),
        wages_bp: part(1000),
        dividend_bp: part(500),
        rent_bp: part(0),
        custody_bp: part(0),
        floor_bp: part(0),
        cap_bp: part(10_000),
        wages_settle: value::PoolSettlement::PerOrder,
        dividend_settle: value::PoolSettlement::PerOrder,
        rent_settle: value::PoolSettlement::PerOrder,
        custody_settle: value::PoolSettlement::PerOrder,
        pool_order: String::new(),
        eligible: value::PlanEligibility::All,
        confirmed_only: false,
        for_products: false,
        state,
        proposed_by: by,
        approved_by: None,
        approved_at: None,
        created_at: noon(),
        version: 1,
    }
}

/// The message of a refusal, or a panic where there was none.
fn refusal<T: std::fmt::Debug>(outcome: Result<T, DbErr>) -> String {
    outcome.expect_err("should have been refused").to_string()
}

macro_rules! select_from {
    ($db:ident: $($table:ident)+) => {$(
        entity::$table::Entity::find().all($db).await.unwrap_or_else(|e| panic!("{}: {e}", stringify!($table)));
    )+};
}

both! {
    async fn every_entity_finds_its_columns(t: TestApp) {
        let db = t.direct();
        select_from!(db: idempotency_key audit_event outbox job division relief_county category dataset_version
            person membership organisation stored_file account posting entry household household_member
            household_status household_change member_change adjustment adjustment_check adjustment_objection
            adjustment_land adjustment_person adjustment_publicity adjustment_review adjustment_step admission admission_document admission_decision product product_price
            agreement_terms declared_cost cost_deduction help_record period period_pool period_record period_run period_share
            product_certificate product_sheet product_photo product_flag freight_template freight_rate
            price_evidence price_import reference_price mandate delivery lot lot_delivery budget order_group supplier_order order_line shipment
            shipment_lot acceptance rating invoice bank_statement bank_row agreement plan share_run share payout
            acceptance_line order_amendment order_amendment_line order_return order_return_line credit_note
            credit_note_line payment refund_payment programme pairing contribution open_process open_release open_mark programme_rule pledge aid_claim aid_claim_step report_run report_snapshot report_gathered report_sale report_share session refresh_token sign_in_attempt household_land yield_ceiling
            help_visit help_visit_photo help_plan help_plan_item help_plan_progress unit_assignment
            comparison comparison_flag finding finding_rule finding_task finding_step
            referral_code pairing_village pairing_household aid_certificate aid_certificate_revocation village_need village_need_step
            delivery_correction delivery_flag declared_yield lot_step lot_step_input lot_draw lot_certificate
            certificate_rule lot_recall sheet_import sheet_import_row budget_change approval_rule approval_rule_step
            approval_deputy purchase_request purchase_step purchase_event framework framework_line cart_line demand demand_line
            demand_invite quotation quotation_line standing_order standing_line standing_call_off group_purchase
            group_step group_join income_entry income_threshold measure measure_step monitoring_clue monitoring_rule
            monitoring_run monitoring_trial);
    }

    async fn a_row_comes_back_as_it_was_written(t: TestApp) {
        let (person, organisation) = people(t.direct()).await;
        let proposal = plan(organisation, 1, person, value::PlanState::Proposed);
        insert(t.direct(), proposal.clone()).await.unwrap();
        assert_eq!(entity::plan::Entity::find_by_id(proposal.id).one(t.direct()).await.unwrap(), Some(proposal));
        let county = entity::relief_county::Model {
            code: "990000".parse().unwrap(),
            province: "某省".to_owned(),
            prefecture: "某州".to_owned(),
            name: "某县".to_owned(),
            current_code: "990000".parse().unwrap(),
            current_name: "某县".to_owned(),
            exit_year: 2020,
            supervised_2020: true,
            key_county_2021: None,
            region: "西部".to_owned(),
            note: String::new(),
        };
        insert(t.direct(), county.clone()).await.unwrap();
        assert_eq!(entity::relief_county::Entity::find_by_id(county.code.clone()).one(t.direct()).await.unwrap(), Some(county));
    }

    async fn a_foreign_key_must_point_at_a_row(t: TestApp) {
        let (person, _) = people(t.direct()).await;
        let stray = plan(OrganisationId::generate(), 1, person, value::PlanState::Proposed);
        let refused = insert(t.direct(), stray).await.unwrap_err();
        assert!(matches!(refused.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))), "{refused}");
    }

    async fn a_supplier_has_one_approved_plan(t: TestApp) {
        let (person, supplier) = people(t.direct()).await;
        insert(t.direct(), plan(supplier, 1, person, value::PlanState::Approved)).await.unwrap();
        insert(t.direct(), plan(supplier, 2, person, value::PlanState::Superseded)).await.unwrap();
        let refused = insert(t.direct(), plan(supplier, 3, person, value::PlanState::Approved)).await.unwrap_err();
        assert!(matches!(refused.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))), "{refused}");
    }

    async fn a_plan_gives_away_no_more_than_everything(t: TestApp) {
        let (person, supplier) = people(t.direct()).await;
        let mut greedy = plan(supplier, 1, person, value::PlanState::Proposed);
        greedy.rent_bp = value::BasisPoints::new(4501).unwrap();
        assert!(refusal(insert(t.direct(), greedy).await).contains("ck_plan_whole"));
    }

    async fn a_posting_balances_and_closes_its_entries(t: TestApp) {
        let (one, other) = (account(value::Guard::None), account(value::Guard::None));
        let id = PostingId::generate();
        insert(t.direct(), one.clone()).await.unwrap();
        insert(t.direct(), other.clone()).await.unwrap();
        assert!(refusal(insert(t.direct(), posting(id)).await).contains("ck_posting_balanced"), "without entries");

        let unbalanced = t.direct().begin().await.unwrap();
        insert(&unbalanced, entry(id, 1, one.id, value::Side::Debit, 100)).await.unwrap();
        insert(&unbalanced, entry(id, 2, other.id, value::Side::Credit, 99)).await.unwrap();
        assert!(refusal(insert(&unbalanced, posting(id)).await).contains("ck_posting_balanced"), "one fen short");
        unbalanced.rollback().await.unwrap();

        let balanced = t.direct().begin().await.unwrap();
        insert(&balanced, entry(id, 1, one.id, value::Side::Debit, 100)).await.unwrap();
        insert(&balanced, entry(id, 2, other.id, value::Side::Credit, 100)).await.unwrap();
        insert(&balanced, posting(id)).await.unwrap();
        balanced.commit().await.unwrap();

        let late = insert(t.direct(), entry(id, 3, one.id, value::Side::Debit, 1)).await;
        assert!(refusal(late).contains("ck_posting_open"));
        assert_eq!(entity::entry::Entity::find().all(t.direct()).await.unwrap().len(), 2);
    }

    async fn an_entry_without_its_posting_is_not_committed(t: TestApp) {
        let one = account(value::Guard::None);
        insert(t.direct(), one.clone()).await.unwrap();
        let open = t.direct().begin().await.unwrap();
        insert(&open, entry(PostingId::generate(), 1, one.id, value::Side::Debit, 1)).await.unwrap();
        open.commit().await.expect_err("should have been refused");
    }

    async fn what_is_written_once_is_neither_changed_nor_deleted(t: TestApp) {
        let one = account(value::Guard::None);
        let id = PostingId::generate();
        insert(t.direct(), one.clone()).await.unwrap();
        let open = t.direct().begin().await.unwrap();
        insert(&open, entry(id, 1, one.id, value::Side::Debit, 7)).await.unwrap();
        insert(&open, entry(id, 2, one.id, value::Side::Credit, 7)).await.unwrap();
        insert(&open, posting(id)).await.unwrap();
        open.commit().await.unwrap();
        for statement in ["update entry set amount_fen = 8", "delete from entry", "update posting set cause = 'x'"] {
            assert!(refusal(t.direct().execute_unprepared(statement).await).contains("append_only"), "{statement}");
        }
        if t.is_postgres() {
            let emptied = t.direct().execute_unprepared("truncate entry").await;
            assert!(refusal(emptied).contains("append_only"));
        }
    }

    async fn a_guarded_account_is_not_overdrawn(t: TestApp) {
        let budget = account(value::Guard::Debit);
        insert(t.direct(), budget.clone()).await.unwrap();
        // The way the ledger moves accounts: one statement that makes what is missing and adds to what is there.
        let moved = async |debit: i64, credit: i64| {
            use entity::account::{ActiveModel, Column, Entity};
            use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
            let add = |column: Column, name: &'static str| {
                Expr::col((Entity, column)).add(Expr::col(("excluded", name)))
            };
            let sums = OnConflict::column(Column::Id)
                .value(Column::DebitFen, add(Column::DebitFen, "debit_fen"))
                .value(Column::CreditFen, add(Column::CreditFen, "credit_fen"))
                .to_owned();
            let row = ActiveModel { debit_fen: Set(debit), credit_fen: Set(credit), ..budget.clone().into_active_model() };
            Entity::insert(row).on_conflict(sums).exec_without_returning(t.direct()).await
        };
        moved(100, 0).await.unwrap();
        moved(0, 60).await.unwrap();
        assert!(refusal(moved(0, 41).await).contains("ck_account_guard"));
        moved(0, 40).await.unwrap();
        let held = entity::account::Entity::find_by_id(budget.id).one(t.direct()).await.unwrap().unwrap();
        assert_eq!((held.debit_fen, held.credit_fen), (100, 100));

        let mut never = account(value::Guard::Credit);
        never.debit_fen = 1;
        assert!(refusal(insert(t.direct(), never).await).contains("ck_account_guard"));
    }

    async fn migrating_again_changes_nothing(t: TestApp) {
        migration::migrate(t.direct()).await.unwrap();
    }
}

async fn two_start_at_once(url: &str) {
    let (one, other) = (connect(url).await, connect(url).await);
    let (first, second) = tokio::join!(migration::migrate(&one), migration::migrate(&other));
    first.unwrap();
    second.unwrap();
    entity::contribution::Entity::find().all(&one).await.unwrap();
}

#[tokio::test]
async fn two_processes_migrate_one_after_the_other_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    two_start_at_once(&format!("sqlite://{}?mode=rwc", folder.path().join("schema.db").display())).await;
}

#[tokio::test]
async fn two_processes_migrate_one_after_the_other_on_postgres() {
    let empty = postgres::template("empty", async |_| Ok(())).await;
    two_start_at_once(&postgres::clone_of(&empty).await.url).await;
}

/// Every state column accepts exactly what its enum knows. The migrations are one text, so one database answers.
#[tokio::test]
async fn every_check_lists_what_its_enum_knows() {
    let t = TestApp::on_sqlite().await;
    let sql = "select name, sql from sqlite_master where type = 'table'";
    let rows = t.direct().query_all_raw(sea_orm::Statement::from_string(t.direct().get_database_backend(), sql)).await;
    let tables: std::collections::HashMap<String, String> =
        rows.unwrap().iter().map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "sql").unwrap())).collect();
    macro_rules! listed {
        ($($table:ident . $column:ident : $enum:ident,)+) => {$(
            let values = value::$enum::iter().map(|v| format!("'{v}'")).collect::<Vec<_>>().join(", ");
            let check = format!("CHECK (\"{}\" in ({values}))", stringify!($column));
            let made = &tables[stringify!($table)];
            assert!(made.contains(&check), "{} lacks {check}: {made}", stringify!($table));
        )+};
    }
    listed! {
        household_status.source_kind: EntrySource, household_land.source_kind: EntrySource,
        household_change.source_kind: EntrySource, member_change.source_kind: EntrySource,
        member_change.cause: MemberCause, member_change.relation: Relation, member_change.education: Education,
        member_change.skill: LabourSkill, member_change.guarantee: Guarantee, finding_rule.kind: FindingRuleKind,
        adjustment.kind: AdjustmentKind, adjustment.origin: AdjustmentOrigin,
        adjustment.status: HouseholdStatusKind, adjustment.cause: RiskCause, adjustment.state: AdjustmentState,
        adjustment_land.kind: LandKind, adjustment_person.cause: MemberCause, adjustment_person.relation: Relation,
        adjustment_step.step: AdjustmentStep, adjustment_step.to_state: AdjustmentState,
        adjustment_publicity.kind: AdjustmentKind, adjustment_publicity.status: HouseholdStatusKind,
        adjustment_publicity.reason: PublicisedReason, adjustment_objection.outcome: ObjectionOutcome,
        help_plan.cause: RiskCause, help_plan_item.kind: MeasureKind, help_plan_item.state: PlannedState,
        help_plan_progress.state: PlannedState, comparison.kind: ComparisonKind, comparison_flag.kind: ComparisonKind,
        comparison_flag.state: ComparisonFlagState, finding.source: FindingSource, finding_task.state: TaskState,
        finding_step.step: TaskStep,
        income_entry.item: IncomeItem, income_entry.source: IncomeSource, income_entry.grade: EvidenceGrade,
        monitoring_rule.kind: ClueKind, monitoring_rule.state: MonitoringRuleState, monitoring_clue.kind: ClueKind,
        monitoring_clue.state: ClueState, measure.risk: RiskCause, measure.kind: MeasureKind,
        measure.state: MeasureState, measure_step.to_state: MeasureState,
        membership.role: Role, organisation.kind: OrganisationKind, account.kind: AccountKind, account.guard: Guard,
        entry.side: Side, household_member.relation: Relation, household_status.status: HouseholdStatusKind,
        admission.state: AdmissionState, admission_document.kind: DocumentKind,
        admission_decision.from_state: AdmissionState, admission_decision.to_state: AdmissionState,
        product.state: ProductState, product_certificate.scheme: CertificateScheme, agreement.mode: BenefitMode,
        agreement.state: AgreementState, plan.state: PlanState, supplier_order.state: OrderState,
        order_clock.kind: ClockKind, complaint.kind: ComplaintKind, paper.kind: PaperKind, complaint.state: ComplaintState,
        bank_row.state: BankRowState, share_run.basis: ShareBasis, share.mode: BenefitMode,
        share.household_status: HouseholdStatusKind, plan.wages_settle: PoolSettlement,
        plan.dividend_settle: PoolSettlement, plan.rent_settle: PoolSettlement, plan.custody_settle: PoolSettlement,
        plan.eligible: PlanEligibility, agreement_terms.cost_excess: CostExcess, declared_cost.kind: CostKind,
        help_record.kind: HelpKind, period.kind: PeriodKind, period.state: PeriodState,
        period_share.household_status: HouseholdStatusKind, payout.method: PayoutMethod,
        payout_batch.method: PayoutMethod, payout_batch.state: PayoutBatchState,
        payout_batch_line.state: PayoutLineState, voice_session.channel: VoiceChannel,
        confirmation.subject: VoiceSubject, confirmation.channel: VoiceChannel, dispute.subject: VoiceSubject,
        dispute.channel: VoiceChannel, dispute.state: DisputeState, correction.kind: CorrectionKind,
        acceptance_line.kind: RefusalKind, order_return.state: ReturnState, order_return.kind: RefusalKind,
        order_return_line.disposition: Disposition, credit_note.kind: CreditKind, invoice.kind: InvoiceKind,
        privacy_notice.purpose: ProcessingPurpose, privacy_notice.legal_basis: LegalBasis,
        consent_record.event: ConsentEvent, consent_record.method: ConsentMethod,
        access_record.purpose: ProcessingPurpose, access_record.role: Role,
        household_land.kind: LandKind, yield_ceiling.land_kind: LandKind, delivery_flag.state: FlagState,
        lot_step.kind: LotStepKind, lot_certificate.basis: CertificateBasis, sheet_import.kind: ImportKind,
        sheet_import.state: ImportState, sheet_import_row.outcome: RowOutcome,
        pairing.target: PairingTarget, village_need.kind: NeedKind, village_need.state: NeedState,
        village_need_step.from_state: NeedState, village_need_step.to_state: NeedState,
        contribution.kind: ContributionKind, programme_rule.kind: ProgrammeKind, pledge.kind: AidKind,
        aid_claim.kind: AidKind, aid_claim.state: AidState, aid_claim_step.from_state: AidState,
        aid_claim_step.to_state: AidState, report_run.kind: ReportKind, report_run.state: ReportState, session.role: Role, session.revoke_reason: SessionEnd,
        product_sheet.kind: ProductKind, product_sheet.storage: StorageKind, product_sheet.off_reason: OffReason,
        price_evidence.kind: EvidenceKind, product_flag.kind: FlagKind, product_flag.state: ProductFlagState,
        mandate.state: MandateState,
        quota_policy.counts: QuotaFigure, quota_filing.kind: FilingKind, quota_filing.state: FilingState,
        quota_filing_step.from_state: FilingState, quota_filing_step.to_state: FilingState,
        quota_attachment.channel: PurchaseChannel, quota_attachment.basis: AttachmentBasis,
        quota_entry.channel: PurchaseChannel, quota_entry.figure: QuotaFigure,
        budget.fund_kind: FundSource, budget_change.kind: BudgetChangeKind, order_line.price_basis: PriceBasis,
        approval_rule.fund_kind: FundSource, purchase_request.way: PurchaseWay, purchase_request.state: RequestState,
        purchase_event.kind: RequestEvent, framework.state: FrameworkState, demand.audience: DemandAudience,
        demand.state: DemandState, quotation.state: QuotationState, standing_order.state: StandingState,
        standing_call_off.state: CallOffState, group_purchase.state: GroupState, group_join.state: JoinState,
        job.progress_unit: ProgressUnit, schedule.progress_unit: ProgressUnit,
        mail.category: MailCategory, mail.state: MailState, mail_preference.language: MailLanguage,
        webhook_endpoint.state: EndpointState, webhook_endpoint.disabled_because: DisabledBecause,
        webhook_delivery.state: DeliveryState,
        invitation.role: Role, organisation_change.kind: OrganisationChangeKind,
        off_platform_sale.state: OffPlatformState, off_platform_decision.step: OffPlatformStep,
        off_platform_share.mode: BenefitMode, off_platform_share.household_status: HouseholdStatusKind,
    }
}

/// SQLite looks for whatever points at a posting and is checked at the commit, each time a posting is written while any row
/// waits for its own: such a column leads an index, or every posting would read a whole table.
#[actix_web::test]
async fn what_points_at_a_posting_is_found_by_it() {
    let t = TestApp::on_sqlite().await;
    let sql = r#"select t.name || '.' || f."from" as name from sqlite_schema t, pragma_foreign_key_list(t.name) f
        where t.type = 'table' and f."table" = 'posting' and t.sql like '%deferrable%' and not exists (
          select 1 from pragma_index_list(t.name) i, pragma_index_info(i.name) c where c.seqno = 0 and c.name = f."from")"#;
    let rows =
        t.direct().query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql)).await.unwrap();
    let found: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    assert!(found.is_empty(), "no index leads with {found:?}");
    t.finish().await;
}

#[test]
fn a_state_is_one_text_everywhere() {
    use sea_orm::ActiveEnum;
    macro_rules! same {
        ($($enum:ident)+) => {$(
            for state in value::$enum::ALL {
                assert_eq!(state.to_value(), state.as_str());
                assert_eq!(serde_json::json!(state), state.as_str());
                assert_eq!(state.as_str().parse::<value::$enum>().unwrap(), *state);
            }
        )+};
    }
    same! {
        Guarantee FindingRuleKind EntrySource HouseholdType Education Health LabourSkill MemberCause AdjustmentKind AdjustmentOrigin
        HelperPosition PlannedState ComparisonKind ComparisonFlagState FindingSource TaskState TaskStep
        AdjustmentState AdjustmentStep RiskCause PublicisedReason ObjectionOutcome
        AdjustmentState AdjustmentStep RiskCause PublicisedReason ObjectionOutcome IncomeItem IncomeSource
        EvidenceGrade ClueKind MonitoringRuleState ClueState MeasureKind MeasureState
        Role OrganisationKind AdmissionState DocumentKind ProductState CertificateScheme Relation HouseholdStatusKind
        BenefitMode PoolSettlement PlanEligibility CostExcess CostKind HelpKind PeriodKind PeriodState AgreementState
        PlanState ShareBasis AccountKind Guard Side OrderState OrderTerms ClockKind PaperKind ComplaintKind ComplaintState ComplaintOutcome BankRowState PayoutMethod
        ProductKind StorageKind OffReason EvidenceKind FlagKind ProductFlagState MandateState
        ContributionKind PairingTarget NeedKind NeedState SessionEnd ProgrammeKind AidKind AidState ReportKind ReportState
        FilingKind FilingState QuotaFigure PurchaseChannel AttachmentBasis
        PayoutBatchState PayoutLineState VoiceSubject VoiceChannel DisputeState
        CorrectionKind RefusalKind ReturnState Disposition CreditKind InvoiceKind
        ProcessingPurpose LegalBasis ConsentEvent ConsentMethod
        LandKind FlagState LotStepKind CertificateBasis ImportKind ImportState RowOutcome
        EndpointState DisabledBecause DeliveryState MailCategory MailState MailLanguage ProgressUnit
        MembershipState InvitationState OrganisationChangeKind OffPlatformState OffPlatformStep
        FundSource BudgetChangeKind PriceBasis PurchaseWay RequestState RequestEvent
        FrameworkState DemandAudience DemandState QuotationState StandingState CallOffState GroupState JoinState
    }
}
