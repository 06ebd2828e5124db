//! API keys: what software may do by one, who makes and ends it, and what is kept of it.

use crate::harness::*;
use chrono::Duration;
use entity::value::{OrganisationId, OrganisationKind, Role};
use liannong::access::{Caller, policy};
use liannong::identity::key::allowed_in;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

/// A cooperative with its administrator.
async fn cooperative(t: &TestApp) -> (OrganisationId, Person) {
    let cooperative = t.organisation(OrganisationKind::Cooperative, "522634").await;
    (cooperative, t.member(Role::Administrator, cooperative).await)
}

fn make<'t>(t: &'t TestApp, by: &Person, scopes: &[&str], days: u32) -> Call<'t> {
    t.post("/api-keys").by(by).json(json!({ "name": "仓储系统", "scopes": scopes, "days": days }))
}

fn with_key<'t>(call: Call<'t>, made: &Value) -> Call<'t> {
    call.header("Authorization", &format!("Bearer {}", made["key"].as_str().unwrap()))
}

async fn kept(t: &TestApp) -> entity::api_key::Model {
    entity::api_key::Entity::find().one(t.direct()).await.unwrap().unwrap()
}

both! {
    /// A key allows what it names, for its organisation, as somebody of its own; and nothing else of its role.
    async fn a_key_allows_what_it_names_and_nothing_else(t: TestApp) {
        let (cooperative, administrator) = cooperative(t).await;
        let made = make(t, &administrator, &["self.view", "organisation.view", "file.upload"], 90).await;
        assert_eq!(made.header("cache-control"), Some("no-store"));
        let made = made.created();
        let me = with_key(t.get("/me"), &made).await.ok();
        assert_eq!(me["acting_for"]["role"], "integrator");
        assert_eq!(me["acting_for"]["organisation"]["id"], json!(cooperative));
        assert_ne!(me["person"]["id"], json!(administrator.member.person));
        let seen = with_key(t.get("/organisations"), &made).await.ok();
        assert_eq!(seen["items"].as_array().unwrap().len(), 1);
        // The role may see orders and lots; this key may not.
        with_key(t.get("/supplier-orders"), &made).await.refused(403, "forbidden");
        with_key(t.get("/lots"), &made).await.refused(403, "forbidden");
        with_key(t.get("/members"), &made).await.refused(403, "forbidden");
        // What everybody may, a key may as well.
        with_key(t.get("/products"), &made).await.ok();
        let pdf = b"%PDF-1.4\n%%EOF\n".to_vec();
        with_key(t.post("/files?name=a.pdf"), &made).bytes("application/pdf", pdf).await.created();
        let file = entity::stored_file::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert_eq!(json!(file.created_by), me["person"]["id"], "what it did is its own");
    }

    /// The key itself is shown once and kept as its hash; lists show where it begins and when it was used.
    async fn a_key_is_shown_once_and_its_use_noted_by_the_minute(t: TestApp) {
        let (_, administrator) = cooperative(t).await;
        let made = make(t, &administrator, &["self.view"], 90).await.created();
        let key = made["key"].as_str().unwrap();
        assert!(key.starts_with("lnk_") && key.len() == 47, "{key}");
        let row = kept(t).await;
        assert!(!format!("{row:?}").contains(&key[12..]), "the key is kept as it is");
        let listed = t.get("/api-keys").by(&administrator).await.ok();
        assert_eq!(listed["items"][0]["prefix"], key[..12]);
        assert_eq!(listed["items"][0]["last_used_at"], Value::Null);
        assert!(!listed.to_string().contains(key));
        with_key(t.get("/me"), &made).await.ok();
        let first = kept(t).await.last_used_at.unwrap();
        t.clock.advance(Duration::seconds(59));
        with_key(t.get("/me"), &made).await.ok();
        assert_eq!(kept(t).await.last_used_at, Some(first), "written on every request");
        t.clock.advance(Duration::seconds(1));
        with_key(t.get("/me"), &made).await.ok();
        assert_eq!(kept(t).await.last_used_at, Some(first + Duration::minutes(1)));
        for event in entity::audit_event::Entity::find().all(t.direct()).await.unwrap() {
            assert!(!format!("{event:?}").contains(key));
        }
    }

    /// It ends on its day, when it is revoked, and with its organisation; at once.
    async fn a_key_ends(t: TestApp) {
        let (_, administrator) = cooperative(t).await;
        let (_, stranger) = cooperative(t).await;
        let short = make(t, &administrator, &["self.view"], 1).await.created();
        let long = make(t, &administrator, &["self.view"], 366).await.created();
        t.clock.advance(Duration::days(1));
        with_key(t.get("/me"), &short).await.refused(401, "token_invalid");
        with_key(t.get("/me"), &long).await.ok();
        let path = format!("/api-keys/{}", long["id"].as_str().unwrap());
        t.get(&path).by(&stranger).await.refused(404, "not_found");
        t.post(&format!("{path}/revoke")).by(&stranger).await.refused(404, "not_found");
        assert_eq!(t.get(&path).by(&administrator).await.ok()["is_active"], true);
        let revoked = t.post(&format!("{path}/revoke")).by(&administrator).await.ok();
        assert_eq!(revoked["is_active"], false);
        t.post(&format!("{path}/revoke")).by(&administrator).await.refused(409, "wrong_state");
        with_key(t.get("/me"), &long).await.refused(401, "token_invalid");
        let third = make(t, &administrator, &["self.view"], 9).await.created();
        t.sql("update organisation set is_active = false").await.unwrap();
        with_key(t.get("/me"), &third).await.refused(401, "token_invalid");
        t.sql("update organisation set is_active = true").await.unwrap();
        with_key(t.get("/me"), &third).await.ok();
        let nonsense = json!({ "key": "lnk_nonsense" });
        with_key(t.get("/me"), &nonsense).await.refused(401, "token_invalid");
    }

    /// Only an administrator makes one, of rights that software can have in such an organisation.
    async fn a_key_has_rights_that_its_organisation_has(t: TestApp) {
        let (cooperative, administrator) = cooperative(t).await;
        let clerk = t.member(Role::CooperativeClerk, cooperative).await;
        make(t, &clerk, &["self.view"], 90).await.refused(403, "forbidden");
        let unfit: [(&[&str], usize); 4] =
            [(&["self.view", "plan.approve"], 1), (&["member.keep"], 0), (&["no.such"], 0), (&[], 0)];
        for (scopes, at) in unfit {
            let refused = make(t, &administrator, scopes, 90).await.refused(422, "key_scope_unfit");
            assert_eq!(refused["errors"][0]["pointer"], format!("/scopes/{at}"));
        }
        for days in [0, 367] {
            let refused = make(t, &administrator, &["self.view"], days).await.refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], "/days");
        }
        let scopes = t.get("/api-keys/scopes").by(&administrator).await.ok();
        assert!(scopes["scopes"].as_array().unwrap().contains(&json!("order.serve")));
        // A buyer's software does not sell, and nobody's administers.
        let unit = t.organisation(OrganisationKind::BudgetUnit, "520100").await;
        let keeper = t.member(Role::Administrator, unit).await;
        make(t, &keeper, &["order.serve"], 90).await.refused(422, "key_scope_unfit");
        make(t, &keeper, &["order.view"], 90).await.created();
        // Software signs in nowhere, and no person is made software.
        let sign_in = json!({ "username": "key.0", "password": "!" });
        t.post("/sessions").json(sign_in).await.refused(401, "wrong_credentials");
    }
}

#[test]
fn a_key_never_allows_more_than_an_integrator_of_the_table() {
    for kind in OrganisationKind::ALL {
        for name in allowed_in(*kind) {
            let (_, rows) = policy::TABLE.iter().find(|(action, _)| *action == name).unwrap();
            assert!(rows.iter().any(|(caller, _)| *caller == Caller::Role(Role::Integrator)), "{kind}: {name}");
        }
    }
    assert!(allowed_in(OrganisationKind::Cooperative).contains(&"product.keep"));
    assert!(!allowed_in(OrganisationKind::BudgetUnit).contains(&"product.keep"));
    assert!(!allowed_in(OrganisationKind::AuditOffice).contains(&"order.serve"));
}
