//! The audit: whole, found by what auditors ask for, taken away only with a trace, and under the seals.

use crate::harness::*;
use crate::household;
use crate::main_job::the_main_job;
use crate::seal::{faulty, key, report_with, seal_all, trusting_the_key, unlock_all};
use crate::verify::{report, world};
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use entity::value::{AuditEventId, Clock};
use entity::{audit_event, audit_leaf, seal as seals};
use liannong::db::{Database, grants};
use liannong::http::export::{harmless, line};
use liannong::seal::SealKey;
use liannong::verify::Trust;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

async fn auditor(t: &TestApp) -> Person {
    let office = t.organisation(OrganisationKind::AuditOffice, "520000").await;
    t.member(Role::Auditor, office).await
}

async fn found(t: &TestApp, auditor: &Person, query: &str) -> Vec<Value> {
    let page = t.get(&format!("/audit-events?limit=100&{query}")).by(auditor).await.ok();
    page["items"].as_array().unwrap().clone()
}

async fn newest(t: &TestApp) -> audit_event::Model {
    audit_event::Entity::find().order_by_desc(audit_event::Column::Id).one(t.direct()).await.unwrap().unwrap()
}

async fn put_in(t: &TestApp, id: uuid::Uuid) {
    let forged = audit_event::Model { id: AuditEventId::from_uuid(id), ..newest(t).await };
    audit_event::Entity::insert(forged.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
}

both! {
    /// By object, kind, person, organisation, operation and period, each alone and together.
    async fn an_auditor_finds_what_was_done(t: TestApp) {
        let (first, second) = (household::county(t, "522625").await, household::county(t, "532324").await);
        let id = household::household(t, &first, 1).await;
        t.clock.advance(chrono::Duration::days(3));
        household::household(t, &second, 2).await;
        let purpose = json!({ "purpose": "核对一卡通账号以发放收益" });
        t.post(&format!("/households/{id}/reveal")).by(&first.officer).from("203.0.113.7").json(purpose).await.ok();
        let auditor = auditor(t).await;
        let names = async |query: &str| -> Vec<String> {
            let rows = found(t, &auditor, query).await;
            rows.iter().map(|row| row["operation"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&format!("object_id={id}")).await, ["household.revealed", "household.registered"]);
        let officer = first.officer.member.person;
        assert_eq!(names(&format!("person_id={officer}")).await, ["household.revealed", "household.registered"]);
        let office = second.officer.member.organisation;
        assert_eq!(names(&format!("organisation_id={office}")).await, ["household.registered"]);
        assert_eq!(names("operation=household.registered").await.len(), 2);
        assert_eq!(names("object_kind=household&from=2026-03-05").await, ["household.revealed", "household.registered"]);
        assert_eq!(names("object_kind=household&to=2026-03-04").await, ["household.registered"]);
        assert_eq!(names("from=2026-03-03&to=2026-03-04").await.len(), 0);
        let row = &found(t, &auditor, "operation=household.revealed").await[0];
        assert_eq!(row["address"], "203.0.113.7");
        assert_eq!(row["role"], "revitalisation_officer");
        assert_eq!(row["reason"], "核对一卡通账号以发放收益");
        assert!(row["request_id"].as_str().unwrap().len() == 36, "{row}");
        let wrong = t.get("/audit-events?from=2026-03-05&to=2026-03-04").by(&auditor).await;
        assert_eq!(wrong.refused(400, "invalid_fields")["errors"][0]["pointer"], "?from");
        t.get("/audit-events").by(&first.officer).await.refused(403, "forbidden");
    }

    /// Who takes the audit away, when and why stands in it, in the file's name and at its head.
    async fn an_export_leaves_a_trace_and_says_whose_it_is(t: TestApp) {
        let county = household::county(t, "522625").await;
        let id = household::household(t, &county, 1).await;
        let evil = json!({ "purpose": "=HYPERLINK(\"http://x\",\"点我\")" });
        t.post(&format!("/households/{id}/reveal")).by(&county.officer).json(evil).await.ok();
        let auditor = auditor(t).await;
        let wanted = json!({ "purpose": "2026年第一季度抽查", "object_kind": "household" });
        let reply = t.post("/audit-events/export").by(&auditor).json(wanted).await;
        assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
        let kept = newest(t).await;
        assert_eq!((kept.operation.as_str(), kept.reason.as_deref()), ("audit.exported", Some("2026年第一季度抽查")));
        assert_eq!(kept.person_id, Some(auditor.member.person));
        let disposition = reply.header("content-disposition").unwrap();
        assert!(disposition.contains(&format!("audit-20260302T020000Z-{}.csv", kept.object_id)), "{disposition}");
        let text = String::from_utf8(reply.body).unwrap();
        let (head, table) = text.strip_prefix('\u{FEFF}').unwrap().split_once("\r\n\r\n").unwrap();
        assert!(head.contains("用途 why,2026年第一季度抽查") && head.contains(&auditor.member.person.to_string()), "{head}");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.iter().map(|row| &row[5]).collect::<Vec<_>>(), ["household.revealed", "household.registered"]);
        assert_eq!(&rows[0][10], "'=HYPERLINK(\"http://x\",\"点我\")", "no cell is a formula");
        t.post("/audit-events/export").by(&auditor).json(json!({ "purpose": "" })).await.refused(400, "invalid_fields");
    }

    /// More rows than one piece of the file holds.
    async fn a_long_export_is_whole(t: TestApp) {
        let auditor = auditor(t).await;
        t.app.transact(&liannong::access::Actor::System, async |tx| {
            let rows = (0..1203).map(|n| liannong::db::Change::made("test.made", "test", uuid::Uuid::nil(), json!(n)));
            tx.audit_all(rows.collect()).await
        }).await.unwrap();
        let reply = t.post("/audit-events/export").by(&auditor).json(json!({ "purpose": "全部" })).await;
        let text = String::from_utf8(reply.body).unwrap();
        assert_eq!(text.lines().filter(|line| line.contains("test.made")).count(), 1203);
    }

    /// Every row is sealed once, with the journal, and counted.
    async fn the_audit_is_under_the_same_chain(t: TestApp) {
        world(t).await;
        let rows = audit_event::Entity::find().count(t.direct()).await.unwrap();
        let made = seal_all(t).await;
        assert_eq!((made.len(), made[0].posting_count), (1, 11));
        assert_eq!(made[0].audit_count, i64::try_from(rows).ok());
        let auditor = auditor(t).await;
        t.post("/audit-events/export").by(&auditor).json(json!({ "purpose": "看看" })).await;
        let found = trusting_the_key(t).await;
        assert!(found.is_sound(), "{found}");
        assert_eq!((found.sealed_audit, found.unsealed_audit), (rows, 1));
        // A seal may cover the audit alone.
        let second = seal_all(t).await;
        assert_eq!((second[0].posting_count, second[0].audit_count), (0, Some(1)));
        assert!(trusting_the_key(t).await.is_sound());
        assert!(seal_all(t).await.is_empty());
        let shown = t.get("/seals/1").await.ok();
        assert_eq!(shown["audit_count"], rows);
    }

    async fn a_changed_row_is_named(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        unlock_all(t).await;
        for change in ["reason = 'x'", "reason = coalesce(reason, '')", "after = '{}'", "role = 'system'", "address = ''"] {
            let before = newest(t).await;
            let id = if t.is_postgres() { format!("'{}'", before.id) } else { format!("x'{}'", before.id.uuid().simple()) };
            assert_eq!(t.sql(&format!("update audit_event set {change} where id = {id}")).await.unwrap(), 1);
            faulty(t, Trust::default(), "audit_event", "rewritten after seal 1").await;
            assert_eq!(report(t).await.fault.unwrap().id, before.id.to_string());
            audit_event::Entity::update(before.into_active_model().reset_all()).exec(t.direct()).await.unwrap();
            assert!(report(t).await.is_sound(), "put back after {change}");
        }
    }

    async fn a_deleted_row_is_named(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        unlock_all(t).await;
        let gone = newest(t).await;
        audit_event::Entity::delete_by_id(gone.id).exec(t.direct()).await.unwrap();
        faulty(t, Trust::default(), "audit_event", "is not there").await;
        assert_eq!(report(t).await.fault.unwrap().id, gone.id.to_string());
        let leaf = audit_leaf::Entity::delete_many().filter(audit_leaf::Column::AuditEventId.eq(gone.id));
        leaf.exec(t.direct()).await.unwrap();
        faulty(t, Trust::default(), "audit_leaf", "of the audit of seal 1 is not there").await;
    }

    /// A row put in as if it were old is under no seal, though newer ones are.
    async fn an_inserted_row_is_named(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        unlock_all(t).await;
        // The identifier of two hours ago.
        let ago = (newest(t).await.id.uuid().as_u128() >> 80) - 7_200_000;
        let id = uuid::Uuid::from_u128((ago << 80) | (7 << 76) | (2 << 62) | 5);
        put_in(t, id).await;
        faulty(t, Trust::default(), "audit_event", "put in afterwards").await;
        assert_eq!(report(t).await.fault.unwrap().id, id.to_string());
        // With a leaf of its own the tree has one too many.
        let count = audit_leaf::Entity::find().count(t.direct()).await.unwrap();
        let row = audit_event::Entity::find_by_id(AuditEventId::from_uuid(id)).one(t.direct()).await.unwrap().unwrap();
        let leaf = audit_leaf::Model {
            seal_number: 1,
            leaf_index: i32::try_from(count).unwrap(),
            audit_event_id: row.id,
            digest: hex::encode(liannong::seal::audit_digest(&row)),
        };
        audit_leaf::Entity::insert(leaf.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        faulty(t, Trust::default(), "seal", "the root of seal 1 is not that of the rows of the audit").await;
    }

    async fn the_audit_and_its_leaves_are_neither_changed_nor_deleted(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        for table in ["audit_event", "audit_leaf"] {
            let set = if table == "audit_event" { "reason = 'x'" } else { "digest = 'x'" };
            for change in [format!("update {table} set {set}"), format!("delete from {table}")] {
                let refusal = t.sql(&change).await.unwrap_err().to_string();
                assert!(refusal.contains("append_only"), "{change}: {refusal}");
            }
        }
    }

    /// Seals from before the audit was sealed stay valid, and what was audited since is under the next one.
    async fn a_chain_begun_without_the_audit_goes_on_with_it(t: TestApp) {
        world(t).await;
        let new = seal_all(t).await.remove(0);
        unlock_all(t).await;
        t.sql("delete from audit_leaf").await.unwrap();
        let old = liannong::seal::Unsigned {
            number: 1,
            previous: [0; 32],
            root: hex::decode(&new.merkle_root).unwrap().try_into().unwrap(),
            posting_count: new.posting_count,
            audit: None,
            sealed_at: new.sealed_at,
        };
        let old = old.sign(&SealKey::of(&t.app.secrets).unwrap());
        seals::Entity::update(old.into_active_model().reset_all()).exec(t.direct()).await.unwrap();
        let found = trusting_the_key(t).await;
        assert!(found.is_sound(), "{found}");
        assert_eq!(found.sealed_audit, 0);
        assert_eq!(seal_all(t).await.len(), 1);
        let found = report_with(t, Trust { keys: vec![key(t)], ..Trust::default() }).await;
        assert!(found.is_sound() && found.unsealed_audit == 0, "{found}");
    }
}

/// On PostgreSQL the house is served through an account that cannot change the past, even where no trigger would stop it.
#[actix_web::test]
async fn the_house_works_through_an_account_that_cannot_change_the_past() {
    let t = TestApp::on_postgres().await;
    let account = format!("house_{}", uuid::Uuid::now_v7().simple());
    t.sql(&format!("create role {account} login")).await.unwrap();
    let statements = grants::statements(t.direct(), &account).await.unwrap();
    for statement in &statements {
        t.sql(statement).await.unwrap();
    }
    let house = t.through_account(&account).await;
    // It starts: the schema is current and nothing has to be made.
    liannong::start::prepare(&house.app.config.database(), t.clock.now()).await.unwrap();
    the_main_job(&house).await;
    assert!(!seal_all(&house).await.is_empty());
    let sound = report(&house).await;
    assert!(sound.is_sound() && sound.sealed_audit > 20, "{sound}");
    let past = ["audit_event", "audit_leaf", "entry", "posting", "seal", "seal_leaf", "household_status", "payout"];
    for table in past {
        let column = crate::verify::text(&t, &format!(
            "select column_name::text from information_schema.columns where table_name = '{table}' order by ordinal_position limit 1"
        )).await;
        for change in [
            format!("update {table} set {column} = {column}"),
            format!("delete from {table}"),
            format!("truncate {table}"),
            format!("alter table {table} disable trigger all"),
            format!("drop trigger {table}_append_only on {table}"),
            format!("drop table {table}"),
        ] {
            let refusal = house.sql(&change).await.expect_err(&change).to_string();
            assert!(refusal.contains("permission denied") || refusal.contains("must be owner"), "{change}: {refusal}");
        }
    }
    for change in
        ["create table mine (a int)", "delete from seaql_migrations", "set session_replication_role = replica"]
    {
        let refusal = house.sql(change).await.expect_err(change).to_string();
        assert!(refusal.contains("permission denied"), "{change}: {refusal}");
    }
    // What is not the past can be changed by it.
    house.sql("update person set display_name = display_name").await.unwrap();
    house.finish().await;
    t.sql(&format!("drop owned by {account}")).await.unwrap();
    t.sql(&format!("drop role {account}")).await.unwrap();
}

#[actix_web::test]
async fn grants_are_for_accounts_of_postgres_only() {
    let t = TestApp::on_sqlite().await;
    let refusal = grants::statements(t.direct(), "house").await.unwrap_err().to_string();
    assert!(refusal.contains("SQLite has no accounts"), "{refusal}");
    let t = TestApp::on_postgres().await;
    for wrong in ["", "House", "a; drop table person", "1st", "house-1"] {
        assert!(grants::statements(t.direct(), wrong).await.is_err(), "{wrong}");
    }
    let db = Database::open(&t.app.config.database(), 1).await.unwrap();
    assert_eq!(db.reader().get_database_backend(), sea_orm::DbBackend::Postgres);
    let all = grants::statements(db.reader(), "house").await.unwrap();
    assert!(all.contains(&"grant select, insert on \"audit_event\" to house".to_owned()), "{all:?}");
    assert!(all.contains(&"grant select, insert, update, delete on \"session\" to house".to_owned()), "{all:?}");
    db.close().await.unwrap();
}

#[test]
fn no_cell_becomes_a_formula() {
    for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"] {
        assert!(harmless(evil).starts_with('\''), "{evil:?}");
    }
    for plain in ["", "杨秀英", "2026-03-02", "a=b", "1"] {
        assert_eq!(harmless(plain), plain);
    }
    assert_eq!(line(["a,b", "说\"好\"", "x\ny", "1"]), "\"a,b\",\"说\"\"好\"\"\",\"x\ny\",1\r\n");
}
