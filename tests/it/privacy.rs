//! What people agreed to, who saw their data, how long it is kept, and the change of keys.

use crate::harness::*;
use crate::household::{self, County};
use entity::value::person::{MASKS, PersonalField, mask};
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use entity::value::{Clock, HouseholdId, LegalBasis, ProcessingPurpose};
use entity::{audit_event, household_member, idempotency_key, job, session};
use liannong::access::{Actor, SmallestGroup};
use liannong::app::App;
use liannong::config::Config;
use liannong::listeners;
use liannong::privacy::rotation::{Pace, Rotated, rotate};
use liannong::privacy::{consents_on, require_consent, retention, terms};
use liannong::secrecy::{Place, SecrecyError, Secrets};
use liannong::start;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde_json::{Value, json};

pub(crate) const NEW_SECRET: &str = "c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4";

async fn operator(t: &TestApp) -> Person {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
    t.member(Role::PlatformOperator, platform).await
}

fn notice(purpose: &str, from: &str) -> Value {
    json!({
        "purpose": purpose, "title": "向结对企业提供联系方式告知书", "body": "我们将向结对企业提供您的姓名和电话。",
        "recipients": ["结对帮扶企业"], "data_categories": ["姓名", "电话"], "kept": "结对期满后三年", "effective_from": from,
    })
}

async fn evidence(t: &TestApp, by: &Person) -> Value {
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec();
    t.post("/files?name=consent.pdf").by(by).bytes("application/pdf", pdf).await.created()["id"].clone()
}

/// The members of a household, the head first.
async fn members(t: &TestApp, county: &County, id: HouseholdId) -> Vec<Value> {
    let shown = t.get(&format!("/households/{id}")).by(&county.officer).await.ok();
    shown["members"].as_array().unwrap().iter().map(|member| member["id"].clone()).collect()
}

async fn reveal(t: &TestApp, by: &Person, id: HouseholdId, kind: &str) -> Reply {
    let wanted = json!({ "purpose": "向结对企业提供联系方式", "purpose_kind": kind });
    t.post(&format!("/households/{id}/reveal")).by(by).json(wanted).await
}

/// The same database, served with the new secret beside the old one.
pub(crate) async fn with_new_secret(t: &TestApp, folder: &tempfile::TempDir, previous: bool) -> App {
    let old = t.app.config.secret.clone();
    let config = Config {
        data: folder.path().to_owned(),
        secret: Some(NEW_SECRET.to_owned()),
        previous_secret: if previous { old } else { None },
        ..t.app.config.clone()
    };
    let clock: std::sync::Arc<dyn Clock> = t.clock.clone();
    start::open(config, clock).await.unwrap()
}

async fn texts(t: &TestApp, sql: &str) -> Vec<String> {
    let rows = t.direct().query_all_raw(Statement::from_string(t.direct().get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

both! {
    /// Every reveal is listed for the household's county: who, as what, why, what, when.
    async fn the_county_lists_who_saw_what_and_why(t: TestApp) {
        let (own, other) = (household::county(t, "522625").await, household::county(t, "532324").await);
        let id = household::household(t, &own, 1).await;
        let foreign = household::household(t, &other, 2).await;
        for _ in 0..3 {
            reveal(t, &own.officer, id, "register_keeping").await.ok();
            t.clock.advance(chrono::Duration::days(1));
        }
        let shown = reveal(t, &own.officer, id, "benefit_payout").await.ok();
        reveal(t, &other.officer, foreign, "audit_inspection").await.ok();

        let listed = t.get(&format!("/households/{id}/access-records")).by(&own.officer).await.ok();
        let newest = &listed["items"][0];
        assert_eq!(listed["items"].as_array().unwrap().len(), 4);
        assert_eq!(newest["id"], shown["access_record_id"]);
        assert_eq!(newest["person_id"], json!(own.officer.member.person));
        assert_eq!((&newest["role"], &newest["purpose"]), (&json!("revitalisation_officer"), &json!("benefit_payout")));
        assert_eq!((&newest["legal_basis"], &newest["members"]), (&json!("contract"), &json!(2)));
        assert_eq!(newest["fields"], json!(["name", "id_number", "phone", "bank_account", "health"]));
        assert_eq!(newest["reason"], "向结对企业提供联系方式");

        let count = async |by: &Person, query: &str| {
            t.get(&format!("/access-records?limit=100&{query}")).by(by).await.ok()["items"].as_array().unwrap().len()
        };
        assert_eq!(count(&own.officer, "").await, 4, "the county's own, and no other's");
        assert_eq!(count(&own.officer, "from=2026-03-03&to=2026-03-04").await, 2);
        assert_eq!(count(&own.officer, "purpose=benefit_payout").await, 1);
        assert_eq!(count(&own.officer, &format!("person_id={}", other.officer.member.person)).await, 0);
        let office = t.organisation(OrganisationKind::AuditOffice, "520000").await;
        let auditor = t.member(Role::Auditor, office).await;
        assert_eq!(count(&auditor, "").await, 5);
        t.get(&format!("/households/{id}/access-records")).by(&other.officer).await.refused(404, "not_found");
        t.get("/access-records").by(&operator(t).await).await.refused(403, "forbidden");
        t.get("/access-records?from=2026-03-04&to=2026-03-03").by(&auditor).await.refused(400, "invalid_fields");

        let first = t.get("/access-records?limit=3").by(&own.officer).await.ok();
        let next = first["next"].as_str().unwrap();
        let second = t.get(&format!("/access-records?limit=3&cursor={next}")).by(&own.officer).await.ok();
        assert_eq!(second["items"].as_array().unwrap().len(), 1);
        // The cursor goes on in its own list only.
        let path = format!("/households/{id}/access-records?cursor={next}");
        t.get(&path).by(&own.officer).await.refused(400, "invalid_fields");
        for change in ["update access_record set reason = 'x'", "delete from access_record"] {
            assert!(t.sql(change).await.unwrap_err().to_string().contains("append_only"));
        }
    }

    /// A refused reveal shows nothing and records nothing.
    async fn a_purpose_that_needs_consent_waits_for_it(t: TestApp) {
        let county = household::county(t, "522625").await;
        let operator = operator(t).await;
        let id = household::household(t, &county, 1).await;
        reveal(t, &county.officer, id, "enterprise_contact").await.refused(409, "consent_missing");
        assert_eq!(t.get("/access-records").by(&county.officer).await.ok()["items"], json!([]));

        let published = t.post("/privacy-notices").by(&operator).json(notice("enterprise_contact", "2026-03-01")).await.created();
        assert_eq!((&published["version"], &published["legal_basis"]), (&json!(1), &json!("consent")));
        let members = members(t, &county, id).await;
        let paper = evidence(t, &county.officer).await;
        let wanted = json!({
            "notice_id": published["id"], "member_id": members[1], "given_by": members[1], "method": "paper_signed",
            "evidence_file_id": paper, "effective_from": "2026-03-02", "valid_until": "2026-03-31",
        });
        let path = format!("/households/{id}/consents");
        let given = t.post(&path).by(&county.officer).json(wanted).await.created();
        assert_eq!((&given["is_effective"], &given["schema"]), (&json!(true), &json!("ISO/IEC TS 27560:2023")));
        assert_eq!(given["notice"]["recipients"], json!(["结对帮扶企业"]));

        // Only the one who agreed is shown.
        let shown = reveal(t, &county.officer, id, "enterprise_contact").await.ok();
        assert_eq!(shown["members"].as_array().unwrap().len(), 1);
        assert_eq!(shown["members"][0]["id"], members[1]);
        reveal(t, &county.officer, id, "publicity").await.refused(409, "consent_missing");
        let (db, purpose) = (t.app.reader(), ProcessingPurpose::EnterpriseContact);
        require_consent(db, id, purpose, date("2026-03-31")).await.unwrap();
        require_consent(db, id, purpose, date("2026-04-01")).await.unwrap_err();
        require_consent(db, id, ProcessingPurpose::AuditInspection, date("2020-01-01")).await.unwrap();

        // Withdrawn from the tenth on: a record of its own, and the past stays true.
        t.clock.set("2026-03-12T02:00:00Z".parse().unwrap());
        let withdrawal = json!({ "given_by": members[1], "method": "telephone", "effective_from": "2026-03-10" });
        let undo = format!("{path}/{}/withdrawal", given["id"].as_str().unwrap());
        let undone = t.post(&undo).by(&county.officer).json(withdrawal.clone()).await.created();
        assert_eq!((&undone["event"], &undone["withdraws"]), (&json!("withdrawn"), &given["id"]));
        t.post(&undo).by(&county.officer).json(withdrawal.clone()).await.refused(409, "consent_withdrawn");
        reveal(t, &county.officer, id, "enterprise_contact").await.refused(409, "consent_missing");
        assert_eq!(consents_on(db, &[id], purpose, date("2026-03-09")).await.unwrap().len(), 1);
        assert!(consents_on(db, &[id], purpose, date("2026-03-10")).await.unwrap().is_empty());
        let effective = async |on: &str| {
            let page = t.get(&format!("{path}?on={on}")).by(&county.officer).await.ok();
            let items = page["items"].as_array().unwrap().clone();
            assert_eq!(items.len(), 2, "both records stay");
            items.iter().filter(|item| item["is_effective"] == true).count()
        };
        assert_eq!((effective("2026-03-01").await, effective("2026-03-09").await, effective("2026-03-10").await), (0, 1, 0));
        // A withdrawal cannot be withdrawn; a consent of another household is not there.
        let again = format!("{path}/{}/withdrawal", undone["id"].as_str().unwrap());
        t.post(&again).by(&county.officer).json(withdrawal).await.refused(404, "not_found");
        for change in ["update consent_record set valid_until = null", "delete from consent_record", "update privacy_notice set body = ''"] {
            assert!(t.sql(change).await.unwrap_err().to_string().contains("append_only"), "{change}");
        }
    }

    /// The head speaks for the whole household; what contradicts itself is refused and named.
    async fn a_consent_is_given_by_one_of_the_household_under_a_notice_in_use(t: TestApp) {
        let (county, other) = (household::county(t, "522625").await, household::county(t, "532324").await);
        let operator = operator(t).await;
        let (id, foreign) = (household::household(t, &county, 1).await, household::household(t, &other, 2).await);
        let first = t.post("/privacy-notices").by(&operator).json(notice("publicity", "2026-03-01")).await.created();
        let later = t.post("/privacy-notices").by(&operator).json(notice("publicity", "2026-03-03")).await.created();
        assert_eq!(later["version"], 2);
        assert_eq!(t.get("/privacy-notices").await.ok()["items"].as_array().unwrap().len(), 2, "everybody may read what is told");
        assert_eq!(t.get("/privacy-notices").await.ok()["items"][0]["published_by"], Value::Null);
        t.post("/privacy-notices").by(&county.officer).json(notice("publicity", "2026-03-03")).await.refused(403, "forbidden");
        let members = members(t, &county, id).await;
        let paper = evidence(t, &county.officer).await;
        let good = json!({
            "notice_id": first["id"], "given_by": members[0], "method": "paper_signed", "evidence_file_id": paper,
            "effective_from": "2026-03-02",
        });
        let path = format!("/households/{id}/consents");
        let but = |field: &str, value: Value| { let mut wanted = good.clone(); wanted[field] = value; wanted };
        let strange = members_of(t, &other, foreign).await;
        for (status, code, pointer, wanted) in [
            (422, "notice_unfit", "/notice_id", but("notice_id", later["id"].clone())),
            (422, "notice_unfit", "/notice_id", but("notice_id", members[0].clone())),
            (400, "invalid_fields", "/given_by", but("given_by", strange.clone())),
            (400, "invalid_fields", "/member_id", but("member_id", strange)),
            (400, "invalid_fields", "/effective_from", but("effective_from", json!("2026-03-03"))),
            (400, "invalid_fields", "/valid_until", but("valid_until", json!("2026-03-01"))),
            (400, "invalid_fields", "/evidence_file_id", but("evidence_file_id", Value::Null)),
        ] {
            let refused = t.post(&path).by(&county.officer).json(wanted).await.refused(status, code);
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
        }
        let theirs = evidence(t, &other.officer).await;
        t.post(&path).by(&county.officer).json(but("evidence_file_id", theirs)).await.refused(422, "file_unknown");
        t.post(&path).by(&other.officer).json(good.clone()).await.refused(404, "not_found");
        assert_eq!(t.get(&path).by(&county.officer).await.ok()["items"], json!([]));
        t.post(&path).by(&county.officer).json(good).await.created();
        let shown = reveal(t, &county.officer, id, "publicity").await.ok();
        assert_eq!(shown["members"].as_array().unwrap().len(), 2, "the head spoke for all");
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
    }

    /// Killed and run again while people read and register: nothing is lost, nothing is done twice.
    async fn keys_are_changed_while_the_house_serves(t: TestApp) {
        let county = household::county(t, "522625").await;
        let mut ids = Vec::new();
        for number in 1..=6 {
            ids.push(household::household(t, &county, number).await);
        }
        let old = texts(t, "select id_number_cipher from household_member order by id").await;
        let hashes = texts(t, "select id_number_hash from household_member order by id").await;
        let folder = tempfile::tempdir().unwrap();
        let new = with_new_secret(t, &folder, true).await;
        // Both read everything before anything is changed, and know who is registered.
        let service = TestApp::served(t, new).await;
        service.get(&format!("/households/{}", ids[0])).by(&county.officer).await.ok();
        let known = service.post("/households").by(&county.officer).json(household::couple(county.village, 1)).await;
        known.refused(409, "household_number_taken");
        let mut twin = household::couple(county.village, 99);
        twin["members"][0]["id_number"] = json!(resident_id(2));
        service.post("/households").by(&county.officer).json(twin.clone()).await.refused(409, "person_already_registered");

        // Three batches, then the process is gone.
        let pace = Pace { batch: 2, batches: Some(3) };
        let first = rotate(&service.app, pace, |_, _| {}).await.unwrap();
        assert_eq!(first.resealed, 6);
        assert!(first.left > 0);
        let half = texts(t, "select id_number_cipher from household_member order by id").await;
        let changed = half.iter().zip(&old).filter(|(now, was)| now != was).count();
        assert_eq!(changed, 6, "half of twelve");
        service.post("/households").by(&county.officer).json(twin).await.refused(409, "person_already_registered");

        // Again, beside a reader of every household and somebody who registers new ones.
        let reader = async {
            for id in ids.iter().cycle().take(18) {
                let shown = service.get(&format!("/households/{id}")).by(&county.officer).await.ok();
                assert_eq!(shown["members"][0]["phone"], "138****5678");
            }
        };
        let writer = async {
            for number in 7..=10 {
                let wanted = household::couple(county.village, number);
                service.post("/households").by(&county.officer).json(wanted).await.created();
            }
        };
        let mut told = Vec::new();
        let rotating = rotate(&service.app, Pace { batch: 2, batches: None }, |column, left| told.push((column.column, left)));
        let (rest, (), ()) = futures_util::join!(rotating, reader, writer);
        let rest = rest.unwrap();
        assert_eq!(rest.left, 0);
        assert_eq!(told.last().unwrap().1, 0, "progress is told: {told:?}");
        assert_eq!(rotate(&service.app, Pace::default(), |_, _| {}).await.unwrap(), Rotated::default());
        let now = texts(t, "select id_number_hash from household_member order by id").await;
        assert!(hashes.iter().all(|hash| !now.contains(hash)), "the hashes were made anew too");

        // From here on the old secret is no longer needed, and no longer enough.
        let folder = tempfile::tempdir().unwrap();
        let alone = TestApp::served(t, with_new_secret(t, &folder, false).await).await;
        for id in &ids {
            alone.get(&format!("/households/{id}")).by(&county.officer).await.ok();
        }
        let taken = alone.post("/households").by(&county.officer).json({
            let mut twin = household::couple(county.village, 98);
            twin["members"][0]["id_number"] = json!(resident_id(20));
            twin
        }).await;
        taken.refused(409, "person_already_registered");
        t.get(&format!("/households/{}", ids[0])).by(&county.officer).await.refused(500, "internal");
        let recorded = audit_event::Entity::find().filter(audit_event::Column::Operation.eq("keys.rotated"));
        assert_eq!(recorded.count(t.direct()).await.unwrap(), 2);
    }

    /// The old key vouches for the new one, so the chain stays sound without being told.
    async fn a_chain_outlives_the_change_of_its_key(t: TestApp) {
        use crate::seal::{key, post, report_with, seal_all, trusting_the_key};
        use liannong::verify::Trust;
        post(t, 0..2).await;
        seal_all(t).await;
        let folder = tempfile::tempdir().unwrap();
        let new = TestApp::served(t, with_new_secret(t, &folder, true).await).await;
        for number in 2..4 {
            post(&new, number..number + 1).await;
            seal_all(&new).await;
        }
        let vouched = texts(t, "select coalesce(vouched_by, '') from seal order by number").await;
        assert_eq!(vouched.iter().map(String::is_empty).collect::<Vec<_>>(), [true, false, true]);
        for trust in [Trust::default(), Trust { keys: vec![key(t)], ..Trust::default() }, Trust { keys: vec![key(t), key(&new)], ..Trust::default() }] {
            let report = report_with(t, trust).await;
            assert!(report.is_sound(), "{report}");
        }
        assert!(!trusting_the_key(&new).await.is_sound(), "the new key alone says nothing of the first seal");
        crate::verify::unlock(t, "seal").await;
        t.sql("update seal set vouched_by = null").await.unwrap();
        assert!(report_with(t, Trust::default()).await.fault.unwrap().en.contains("signed with another key"));
    }

    /// What is due goes, in batches; what the law keeps stays; what is not due stays.
    async fn what_may_be_erased_is_erased_on_schedule(t: TestApp) {
        let county = household::county(t, "522625").await;
        let id = household::household(t, &county, 1).await;
        t.open_session(&county.officer).await;
        let now = t.clock.now();
        for number in 0..3 {
            let row = idempotency_key::Model {
                actor_id: county.officer.member.person,
                organisation_id: county.officer.member.organisation,
                key: format!("k{number}"),
                request_hash: String::new(),
                status: 200,
                body: "{}".to_owned(),
                created_at: now + chrono::Duration::days(number * 20),
            };
            let row: idempotency_key::ActiveModel = row.into();
            idempotency_key::Entity::insert(row).exec_without_returning(t.direct()).await.unwrap();
        }
        t.app.transact(&Actor::System, async |tx| liannong::jobs::enqueue(tx, "no.such", "{}".to_owned(), tx.now()).await).await.unwrap();
        t.sql("update job set done_at = created_at").await.unwrap();
        let old = t.folder().join("mail/old.eml");
        let young = t.folder().join("mail/young.eml");
        for (file, at) in [(&old, now - chrono::Duration::days(200)), (&young, now)] {
            std::fs::write(file, "text").unwrap();
            std::fs::File::options().write(true).open(file).unwrap().set_modified(at.into()).unwrap();
        }
        let households = texts(t, "select number from household").await;
        assert_eq!(retention::erase_all(&t.app).await.unwrap(), [("mail", 1)]);
        assert!(!old.exists() && young.exists());
        t.clock.advance(chrono::Duration::days(31));
        let erased = retention::erase_all(&t.app).await.unwrap();
        assert_eq!(erased, [("idempotency_key", 1), ("job", 1)]);
        assert_eq!(job::Entity::find().count(t.direct()).await.unwrap(), 0);
        t.clock.advance(chrono::Duration::days(200));
        let erased = retention::erase_all(&t.app).await.unwrap();
        assert_eq!(erased, [("idempotency_key", 2), ("session", 1), ("mail", 1)]);
        assert_eq!(session::Entity::find().count(t.direct()).await.unwrap(), 0);
        assert_eq!(texts(t, "select number from household").await, households);
        t.get(&format!("/households/{id}")).by(&county.officer).await.ok();
        assert!(audit_event::Entity::find().count(t.direct()).await.unwrap() > 0);
    }

    /// An upload that no row names is gone after its turn; one that is named stays.
    async fn a_refused_upload_does_not_stay(t: TestApp) {
        let county = household::county(t, "522625").await;
        let kept = evidence(t, &county.officer).await;
        let orphan = t.folder().join("files/2a");
        std::fs::create_dir_all(&orphan).unwrap();
        let orphan = orphan.join("ff".repeat(31));
        std::fs::write(&orphan, "nobody's").unwrap();
        let long_ago = t.clock.now() - chrono::Duration::days(3);
        for file in walk(&t.folder().join("files")) {
            std::fs::File::options().write(true).open(file).unwrap().set_modified(long_ago.into()).unwrap();
        }
        let mut erased = 0;
        for _ in 0..256 {
            erased += retention::erase_all(&t.app).await.unwrap().len();
            t.clock.advance(chrono::Duration::hours(1));
        }
        assert!(!orphan.exists());
        assert_eq!(erased, 1);
        let content = format!("/files/{}/content", kept.as_str().unwrap());
        assert_eq!(t.get(&content).by(&county.officer).await.status, 200);
    }

    async fn the_rules_of_keeping_are_shown(t: TestApp) {
        let rules = t.get("/retention-rules").await.ok();
        let items = rules["items"].as_array().unwrap();
        assert!(items.len() >= 10);
        for rule in items {
            assert!(rule["why_zh"].as_str().unwrap().contains('《'), "{rule} names its law");
            assert!(!rule["what_en"].as_str().unwrap().is_empty());
        }
        let kept = |name: &str| items.iter().find(|rule| rule["name"] == name).unwrap()["erased_after_days"].clone();
        assert_eq!((kept("idempotency_key"), kept("session"), kept("audit")), (json!(30), json!(180), Value::Null));
    }

    /// Below the smallest group nobody outside the county is told how many.
    async fn small_groups_are_not_counted_for_strangers(t: TestApp) {
        let market = crate::verify::world(t).await;
        let pairing = t.get("/pairings").by(&market.buyer).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/pairings/{pairing}/contributions");
        let inside = t.get(&path).by(&market.county.officer).await.ok();
        let few = inside["households"].as_i64().unwrap();
        assert!((1..5).contains(&few), "the world has {few} households");
        assert!(inside["items"][0]["households"].as_i64().unwrap() > 0);
        for outside in [&market.buyer, &market.operator] {
            let seen = t.get(&path).by(outside).await.ok();
            assert_eq!((&seen["households"], &seen["items"][0]["households"]), (&Value::Null, &Value::Null));
            assert_eq!(seen["totals"], inside["totals"]);
        }
    }
}

/// The first member of a household, in clear view of its own officer.
async fn members_of(t: &TestApp, county: &County, id: HouseholdId) -> Value {
    members(t, county, id).await[0].clone()
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn every_kind_of_personal_data_has_its_mask() {
    for (field, _, clear, masked) in MASKS {
        assert_eq!(field.masked(clear), masked);
        assert_eq!(field.masked(clear).chars().count(), clear.chars().count());
    }
    let address = |text: &str| PersonalField::Address.masked(text);
    assert_eq!(address("广西壮族自治区龙胜各族自治县泗水乡3组"), "广西壮族自治区龙胜各族自治县*****");
    assert_eq!(address("北京市朝阳区学校路1号"), "北京市朝阳区*****");
    assert_eq!(address("某处12号"), "*****");
    assert_eq!(PersonalField::Name.masked("杨"), "*");
    assert_eq!(PersonalField::IdNumber.masked("12345678"), "********", "what is too short is hidden whole");
    assert_eq!(mask("", 3, 4), "");
}

#[test]
fn a_purpose_has_one_basis_and_only_consent_needs_consent() {
    for purpose in ProcessingPurpose::ALL {
        assert_eq!(terms::needs_consent(*purpose), terms::basis(*purpose) == LegalBasis::Consent);
    }
    assert!(terms::needs_consent(ProcessingPurpose::Publicity));
    assert!(!terms::needs_consent(ProcessingPurpose::BenefitPayout));
}

#[test]
fn a_small_group_is_not_counted() {
    let strangers = SmallestGroup::seen_by(&Actor::Public, 5);
    assert_eq!([0, 1, 4, 5, 17].map(|count| strangers.shown(count)), [Some(0), None, None, Some(5), Some(17)]);
    assert_eq!(SmallestGroup::seen_by(&Actor::System, 5).shown(1), Some(1));
    assert_eq!(SmallestGroup::public(10).shown(9), None);
}

#[test]
fn a_ciphertext_opens_in_its_place_with_its_key_only() {
    let (old, new) = (Secrets::from_hex(&"5e".repeat(32)).unwrap(), Secrets::from_hex(NEW_SECRET).unwrap());
    let place = Place { table: "t", row: uuid::Uuid::nil(), column: "c" };
    let sealed = old.seal(place, "522625199001010012").unwrap();
    assert!(
        sealed.starts_with(&old.present_mark())
            && old.present_mark().len() == 8
            && old.present_mark() != new.present_mark()
    );
    assert!(matches!(new.open(place, &sealed), Err(SecrecyError::DoesNotOpen)));
    let both = new.accepting(Secrets::from_hex(&"5e".repeat(32)).unwrap());
    assert_eq!(both.open(place, &sealed).unwrap(), "522625199001010012");
    assert_eq!(both.lookups("k", "v"), [both.lookup("k", "v"), old.lookup("k", "v")]);
    for elsewhere in
        [Place { table: "u", ..place }, Place { column: "d", ..place }, Place { row: uuid::Uuid::max(), ..place }]
    {
        assert!(old.open(elsewhere, &sealed).is_err());
    }
    for broken in ["", "AA==", "AQ==", &sealed[..20], &format!("B{}", &sealed[1..])] {
        assert!(both.open(place, broken).is_err(), "{broken}");
    }
    // One of the first format, which did not name its key: 1, nonce, body.
    use base64::{Engine, engine::general_purpose::STANDARD};
    let whole = STANDARD.decode(&sealed).unwrap();
    let nameless = STANDARD.encode([&[1], &whole[6..]].concat());
    assert_eq!(both.open(place, &nameless).unwrap(), "522625199001010012");
    assert_eq!(old.fingerprint("name", "杨秀英"), old.fingerprint("name", "杨秀英"));
    assert_ne!(old.fingerprint("name", "杨秀英"), both.fingerprint("name", "杨秀英"));
    assert_eq!(format!("{both:?}"), "Secrets(…)");
}

/// A column of ciphertexts that nobody lists would be lost when the secret changes.
#[tokio::test]
async fn every_sealed_column_is_listed_for_the_change_of_keys() {
    let t = TestApp::on_sqlite().await;
    let mut kept = Vec::new();
    for table in texts(&t, "select name from sqlite_master where type = 'table'").await {
        for column in texts(&t, &format!("select name from pragma_table_info('{table}')")).await {
            if column.ends_with("_cipher") {
                kept.push(format!("{table}.{column}"));
            }
        }
    }
    let mut listed: Vec<_> =
        listeners::SEALED.iter().flat_map(|list| list.iter()).map(|c| format!("{}.{}", c.table, c.column)).collect();
    kept.sort();
    listed.sort();
    assert_eq!(kept, listed);
    assert_eq!(household_member::Entity::find().count(t.direct()).await.unwrap(), 0);
}

/// A key that others can read is no key.
#[cfg(unix)]
#[test]
fn a_key_file_with_loose_permissions_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret.key");
    std::fs::write(&file, NEW_SECRET).unwrap();
    for (mode, fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o660, false), (0o644, false)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let read = Secrets::from_file(&file);
        assert_eq!(read.is_ok(), fine, "{mode:o}");
        if let Err(refusal) = read {
            assert!(refusal.to_string().contains("chmod 600"), "{refusal}");
            assert!(!refusal.to_string().contains(NEW_SECRET));
        }
    }
    let made = folder.path().join("new.key");
    Secrets::from_file_or_new(&made).unwrap();
    assert_eq!(std::fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o600);
}

/// The names of everything a schema shows, with what it refers to.
fn fields_of(api: &Value, schema: &Value, found: &mut std::collections::BTreeSet<String>, depth: u32) {
    if depth > 12 {
        return;
    }
    match schema {
        Value::Object(parts) => {
            if let Some(place) = parts.get("$ref").and_then(Value::as_str) {
                fields_of(api, api.pointer(place.strip_prefix('#').unwrap()).unwrap(), found, depth + 1);
            }
            if let Some(properties) = parts.get("properties").and_then(Value::as_object) {
                found.extend(properties.keys().cloned());
            }
            parts
                .iter()
                .filter(|(name, _)| *name != "example")
                .for_each(|(_, part)| fields_of(api, part, found, depth + 1));
        }
        Value::Array(parts) => parts.iter().for_each(|part| fields_of(api, part, found, depth + 1)),
        _ => {}
    }
}

/// What everybody may read has a fixed list of fields: a new one is a new line here, for somebody to look at.
#[test]
fn what_everybody_may_read_is_a_fixed_list() {
    let api = liannong::openapi::document(&Default::default());
    let mut text = String::new();
    for (method, path, operation) in liannong::openapi::operations(&api) {
        let is_public = operation["security"][0].as_object().is_some_and(serde_json::Map::is_empty);
        // What a household reads of itself is opened by its own session, which is no account of ours.
        if method != "get" || !is_public || path.contains("/voice/") {
            continue;
        }
        let mut found = std::collections::BTreeSet::new();
        fields_of(&api, &operation["responses"]["200"], &mut found, 0);
        for personal in [
            "id_number",
            "phone",
            "bank_account",
            "household_id",
            "member_id",
            "head_name",
            "person_id",
            "household",
            "members",
        ] {
            assert!(!found.contains(personal), "{path} shows {personal} to everybody");
        }
        text.push_str(&format!("{path}\n    {}\n", found.into_iter().collect::<Vec<_>>().join(" ")));
    }
    insta::assert_snapshot!(text);
}
