//! What identity promises: the door opens for the right password only, and a role is what it says.

use crate::harness::*;
use entity::value::OrganisationId;
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use serde_json::{Value, json};

/// A registration that is acceptable; each test spoils what it is about.
fn registration(username: &str) -> Value {
    json!({
        "kind": "cooperative",
        "name": "雷山县西江银球茶叶专业合作社",
        "credit_code": credit_code(OrganisationId::generate()),
        "division_code": "522634",
        "contact": { "name": "杨阿依", "phone": "13800005678", "email": "yang@hezuoshe.example" },
        "clerk": { "username": username, "display_name": "杨阿依", "password": "correct horse battery" },
    })
}

/// Asks for a session.
fn sign_in<'t>(t: &'t TestApp, username: &str, password: &str) -> Call<'t> {
    t.post("/sessions").json(json!({ "username": username, "password": password }))
}

async fn rows(t: &TestApp, table: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let sql = format!("select count(*) as n from {table}");
    let row = t.direct().query_one_raw(Statement::from_string(t.direct().get_database_backend(), sql)).await;
    row.unwrap().unwrap().try_get("", "n").unwrap()
}

both! {
    /// The whole way of a new cooperative: register, sign in, be known.
    async fn who_registers_can_sign_in(t: TestApp) {
        let made = t.post("/registrations").json(registration("leishan")).await.created();
        assert_eq!(made["organisation"]["kind"], "cooperative");
        assert_eq!(made["organisation"]["contact_phone"], "138****5678");
        let signed_in = sign_in(t, "leishan", "correct horse battery").await;
        assert_eq!(signed_in.header("cache-control"), Some("no-store"));
        let session = signed_in.created();
        assert_eq!(session["person"]["id"], made["clerk"]["id"]);
        assert_eq!(session["expires_at"], "2026-03-02T02:15:00Z");
        assert_eq!(session["acting_for"]["organisation"]["id"], made["organisation"]["id"]);
        assert_eq!(session["acting_for"]["role"], "cooperative_clerk");
        // Its first person keeps its members as well.
        assert_eq!(session["memberships"][1]["role"], "administrator");
        assert_eq!(session["memberships"].as_array().unwrap().len(), 2);
        let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
        let me = t.get("/me").header("Authorization", &bearer).await.ok();
        assert_eq!(me["acting_for"], session["acting_for"]);
        assert_eq!(me["person"]["display_name"], "杨阿依");
    }

    /// An enterprise's first clerk buys; a supplier's sells.
    async fn the_first_clerk_of_an_enterprise_is_its_officer(t: TestApp) {
        let mut wanted = registration("factory");
        wanted["kind"] = json!("enterprise");
        wanted["credit_code"] = json!(credit_code_of(OrganisationKind::Enterprise, OrganisationId::generate()));
        // Dongguan has no counties.
        wanted["division_code"] = json!("441900");
        t.post("/registrations").json(wanted).await.created();
        let session = sign_in(t, "factory", "correct horse battery").await;
        assert_eq!(session.created()["acting_for"]["role"], "enterprise_officer");
    }

    /// Nobody learns whether the name exists.
    async fn a_wrong_password_and_an_unknown_name_are_answered_alike(t: TestApp) {
        t.post("/registrations").json(registration("leishan")).await.created();
        let wrong = sign_in(t, "leishan", "correct horse").await;
        let unknown = sign_in(t, "nobody", "correct horse").await;
        let (wrong, unknown) = (wrong.refused(401, "wrong_credentials"), unknown.refused(401, "wrong_credentials"));
        assert_eq!(wrong["detail"], unknown["detail"]);
        t.sql("update person set is_active = false").await.unwrap();
        let closed = sign_in(t, "leishan", "correct horse battery").await;
        closed.refused(401, "wrong_credentials");
        // Somebody for whom no password was ever set.
        t.sql("update person set is_active = true, password_hash = '!'").await.unwrap();
        sign_in(t, "leishan", "!").await.refused(401, "wrong_credentials");
    }

    /// A token ends with its quarter of an hour, and a role that was taken away is no longer one.
    async fn a_token_ends(t: TestApp) {
        let office = t.organisation(OrganisationKind::AuditOffice, "520000").await;
        let auditor = t.member(Role::Auditor, office).await;
        assert_eq!(t.get("/me").by(&auditor).await.ok()["acting_for"]["role"], "auditor");
        t.get("/me").await.refused(401, "unauthenticated");
        t.get("/me").header("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30.").await.refused(401, "token_invalid");
        let (token, _) = t.app.tokens.issue(&auditor.member, t.app.clock.now()).unwrap();
        t.clock.advance(chrono::Duration::minutes(16));
        t.get("/me").header("Authorization", &format!("Bearer {token}")).await.refused(401, "token_invalid");
        t.sql("update membership set is_active = false").await.unwrap();
        t.get("/me").by(&auditor).await.refused(401, "token_invalid");
    }

    /// Each unacceptable registration is refused for its own reason and leaves nothing.
    async fn a_refused_registration_leaves_no_trace(t: TestApp) {
        let before = rows(t, "organisation").await;
        let spoil = |pointer: &str, value: Value| {
            let mut wanted = registration("leishan");
            *wanted.pointer_mut(pointer).unwrap() = value;
            t.post("/registrations").json(wanted)
        };
        let refused = spoil("/credit_code", json!("91350100M000100Y44")).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/credit_code");
        let refused = spoil("/division_code", json!("522699")).await.refused(422, "division_unknown");
        assert_eq!(refused["errors"][0]["pointer"], "/division_code");
        spoil("/division_code", json!("522600")).await.refused(422, "division_not_county");
        spoil("/division_code", json!("52263")).await.refused(400, "invalid_fields");
        spoil("/kind", json!("budget_unit")).await.refused(400, "invalid_fields");
        let refused = spoil("/clerk/password", json!("too short")).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/clerk/password");
        spoil("/clerk/username", json!("Capital")).await.refused(400, "invalid_fields");
        spoil("/contact/phone", json!("12")).await.refused(400, "invalid_fields");
        spoil("/contact/email", json!("nowhere")).await.refused(400, "invalid_fields");
        spoil("/name", json!("  ")).await.refused(400, "invalid_fields");
        let mut surplus = registration("leishan");
        surplus["is_admitted"] = json!(true);
        t.post("/registrations").json(surplus).await.refused(400, "invalid_fields");
        assert_eq!(rows(t, "organisation").await, before);
        assert_eq!(rows(t, "person").await, 0);
        assert_eq!(rows(t, "audit_event").await, 0);
    }

    /// One credit code, one organisation; one user name, one person; and what came before the refusal is undone.
    async fn codes_and_names_belong_to_one(t: TestApp) {
        let first = registration("leishan");
        t.post("/registrations").json(first.clone()).await.created();
        let mut same_code = registration("other");
        same_code["credit_code"] = first["credit_code"].clone();
        t.post("/registrations").json(same_code).await.refused(409, "credit_code_taken");
        let refused = t.post("/registrations").json(registration("leishan")).await.refused(409, "already_exists");
        assert_eq!(refused["errors"][0]["pointer"], "/clerk/username");
        assert_eq!(rows(t, "organisation").await, 1);
        assert_eq!(rows(t, "person").await, 1);
    }

    /// A person with two roles chooses, and gets the first when they do not.
    async fn somebody_with_two_roles_chooses(t: TestApp) {
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let unit = t.organisation(OrganisationKind::BudgetUnit, "520000").await;
        let union = t.organisation(OrganisationKind::TradeUnion, "520000").await;
        let wanted = json!({
            "organisation_id": unit, "role": "procurement_officer", "username": "buyer",
            "display_name": "吴秀英", "password": "correct horse battery",
        });
        let made = t.post("/members").by(&operator).json(wanted.clone()).await.created();
        assert_eq!(made["membership"]["organisation"]["id"], json!(unit));
        // The same again means a new person, and there is one by that name.
        t.post("/members").by(&operator).json(wanted).await.refused(409, "already_exists");
        let second = json!({ "organisation_id": union, "role": "finance_officer", "username": "buyer" });
        t.post("/members").by(&operator).json(second.clone()).await.created();
        t.post("/members").by(&operator).json(second).await.refused(409, "already_exists");

        let named = json!({ "username": "buyer", "password": "correct horse battery" });
        let session = t.post("/sessions").json(named.clone()).await.created();
        assert_eq!(session["acting_for"]["organisation"]["id"], json!(unit));
        assert_eq!(session["memberships"].as_array().unwrap().len(), 2);
        let mut chosen = named.clone();
        chosen["organisation_id"] = json!(union);
        let session = t.post("/sessions").json(chosen.clone()).await.created();
        assert_eq!(session["acting_for"]["role"], "finance_officer");
        chosen["role"] = json!("auditor");
        t.post("/sessions").json(chosen).await.refused(403, "not_a_member");
    }

    /// A role in the wrong kind of organisation would reach too far.
    async fn a_role_belongs_in_its_kind_of_organisation(t: TestApp) {
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let cooperative = t.organisation(OrganisationKind::Cooperative, "522634").await;
        let clerk = t.member(Role::CooperativeClerk, cooperative).await;
        let wanted = json!({
            "organisation_id": cooperative, "role": "revitalisation_officer", "username": "officer",
            "display_name": "吴秀英", "password": "correct horse battery",
        });
        t.post("/members").by(&operator).json(wanted.clone()).await.refused(422, "role_not_of_kind");
        t.post("/members").by(&clerk).json(wanted.clone()).await.refused(403, "forbidden");
        t.post("/members").json(wanted.clone()).await.refused(401, "unauthenticated");
        let mut nowhere = wanted.clone();
        nowhere["organisation_id"] = json!(OrganisationId::generate());
        let refused = t.post("/members").by(&operator).json(nowhere).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/organisation_id");
        let unnamed = json!({ "organisation_id": cooperative, "role": "cooperative_clerk", "username": "newcomer" });
        let refused = t.post("/members").by(&operator).json(unnamed).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/display_name");
        // A cooperative has people who only approve what its clerks put together.
        let mut approver = wanted;
        approver["role"] = json!("approver");
        let added = t.post("/members").by(&operator).json(approver).await.created();
        assert_eq!(added["membership"]["role"], "approver");
    }

    /// The hash is Argon2id of the stated strength, and no password is anywhere else.
    async fn passwords_are_kept_as_argon2id(t: TestApp) {
        use sea_orm::EntityTrait;
        t.post("/registrations").json(registration("leishan")).await.created();
        let person = entity::person::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert!(person.password_hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", person.password_hash);
        let audit = entity::audit_event::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(audit.len(), 4);
        assert!(audit.iter().all(|row| !format!("{row:?}").contains("horse")));
    }
}
