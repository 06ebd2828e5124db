//! What sessions promise: a token is one organisation's and short-lived, a copy is noticed, guessing is slow, and
//! nobody is locked out by somebody else.

use crate::harness::*;
use chrono::Duration;
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use entity::value::{Clock, OrganisationId};
use liannong::access::token::{self, Tokens};
use liannong::secrecy::Secrets;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";
const HOME: &str = "203.0.113.9";
/// The one proxy that the tests' house trusts.
const PROXY: &str = "192.0.2.1";

/// Somebody with two roles: buys for a unit, keeps the money of its union.
struct Buyer {
    unit: OrganisationId,
    union: OrganisationId,
    operator: Person,
}

async fn buyer(t: &TestApp) -> Buyer {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
    let operator = t.member(Role::PlatformOperator, platform).await;
    let unit = t.organisation(OrganisationKind::BudgetUnit, "520000").await;
    let union = t.organisation(OrganisationKind::TradeUnion, "520000").await;
    let wanted = json!({
        "organisation_id": unit, "role": "procurement_officer", "username": "buyer",
        "display_name": "吴秀英", "password": PASSWORD,
    });
    t.post("/members").by(&operator).json(wanted).await.created();
    let second = json!({ "organisation_id": union, "role": "finance_officer", "username": "buyer" });
    t.post("/members").by(&operator).json(second).await.created();
    Buyer { unit, union, operator }
}

fn try_password<'t>(t: &'t TestApp, password: &str, from: &str) -> Call<'t> {
    t.post("/sessions").json(json!({ "username": "buyer", "password": password })).from(from)
}

async fn sign_in(t: &TestApp) -> Value {
    let call = try_password(t, PASSWORD, HOME).header("User-Agent", "Firefox/140.0");
    call.await.created()
}

fn refresh<'t>(t: &'t TestApp, session: &Value) -> Call<'t> {
    t.post("/sessions/refresh").json(json!({ "refresh_token": session["refresh_token"] }))
}

fn switch<'t>(t: &'t TestApp, session: &Value, to: OrganisationId) -> Call<'t> {
    t.post("/sessions/switch").json(json!({ "refresh_token": session["refresh_token"], "organisation_id": to }))
}

fn bearer(session: &Value) -> String {
    format!("Bearer {}", session["token"].as_str().unwrap())
}

/// The operations the audit holds, of those at the door, in order.
async fn audited(t: &TestApp) -> Vec<entity::audit_event::Model> {
    let mut rows = entity::audit_event::Entity::find().all(t.direct()).await.unwrap();
    rows.retain(|row| row.operation.starts_with("session."));
    rows.sort_by_key(|row| row.id);
    rows
}

async fn operations(t: &TestApp) -> Vec<String> {
    audited(t).await.into_iter().map(|row| row.operation).collect()
}

both! {
    /// Renewing gives new tokens for the same session, and only the hash of a refresh token is kept.
    async fn a_session_is_renewed_and_its_tokens_are_kept_as_hashes(t: TestApp) {
        t.tells_the_examples();
        buyer(t).await;
        let first = sign_in(t).await;
        assert_eq!(first["expires_at"], "2026-03-02T02:15:00Z");
        assert_eq!(first["refresh_expires_at"], "2026-03-16T02:00:00Z");
        t.clock.advance(Duration::minutes(14));
        let answer = refresh(t, &first).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let second = answer.created();
        assert_eq!(second["session_id"], first["session_id"]);
        assert_eq!(second["acting_for"], first["acting_for"]);
        assert_eq!(second["expires_at"], "2026-03-02T02:29:00Z");
        assert_ne!(second["refresh_token"], first["refresh_token"]);
        t.clock.advance(Duration::minutes(2));
        t.get("/me").header("Authorization", &bearer(&first)).await.refused(401, "token_invalid");
        t.get("/me").header("Authorization", &bearer(&second)).await.ok();

        let kept = entity::refresh_token::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(kept.len(), 2);
        for session in [&first, &second] {
            let token = session["refresh_token"].as_str().unwrap();
            assert_eq!(token.len(), 43, "256 bits in base64url");
            let hash = liannong::secrecy::sha256_hex(token.as_bytes());
            assert!(kept.iter().any(|row| row.hash == hash));
            assert!(kept.iter().all(|row| !format!("{row:?}").contains(token)));
        }
        assert!(kept.iter().any(|row| row.used_at.is_some() && row.replaced_by.is_some()));
        assert_eq!(operations(t).await, ["session.began"]);
    }

    /// A second use ends every session of the family, the thief's and the owner's, and the audit knows.
    async fn a_refresh_token_used_twice_ends_its_whole_family(t: TestApp) {
        let who = buyer(t).await;
        let other = sign_in(t).await;
        let first = sign_in(t).await;
        let second = refresh(t, &first).await.created();
        let third = switch(t, &second, who.union).await.created();
        t.get("/me").header("Authorization", &bearer(&third)).await.ok();
        refresh(t, &first).await.refused(401, "session_ended");
        refresh(t, &third).await.refused(401, "session_ended");
        t.get("/me").header("Authorization", &bearer(&third)).await.refused(401, "token_invalid");
        // What did not come from that password goes on.
        refresh(t, &other).await.created();
        let rows = audited(t).await;
        let found = rows.iter().find(|row| row.operation == "session.reuse_detected").unwrap();
        assert!(found.after.as_ref().unwrap().contains(third["session_id"].as_str().unwrap()));
        // Again: nothing is left to end, and nothing to tell.
        refresh(t, &first).await.refused(401, "session_ended");
        switch(t, &first, who.union).await.refused(401, "session_ended");
        assert_eq!(operations(t).await.iter().filter(|name| *name == "session.reuse_detected").count(), 1);
    }

    /// Of two at once one is renewed; the other counts as a second use.
    async fn two_at_once_with_one_refresh_token_do_not_both_succeed(t: TestApp) {
        buyer(t).await;
        let session = sign_in(t).await;
        let (one, other) = futures_util::future::join(
            async { refresh(t, &session).await },
            async { refresh(t, &session).await },
        )
        .await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401]);
        let open = entity::session::Entity::find().all(t.direct()).await.unwrap();
        assert!(open.iter().all(|row| row.revoked_at.is_some()));
    }

    /// Unknown, expired, of somebody whose role or account is gone: all are answered alike.
    async fn a_refresh_token_that_is_worth_nothing_says_no_more(t: TestApp) {
        buyer(t).await;
        let unknown = json!({ "refresh_token": "A".repeat(43) });
        refresh(t, &unknown).await.refused(401, "session_ended");
        refresh(t, &json!({ "refresh_token": "" })).await.refused(401, "session_ended");
        let session = sign_in(t).await;
        t.sql("update membership set is_active = false").await.unwrap();
        refresh(t, &session).await.refused(401, "session_ended");
        t.sql("update membership set is_active = true").await.unwrap();
        t.sql("update person set is_active = false").await.unwrap();
        refresh(t, &session).await.refused(401, "session_ended");
        t.sql("update person set is_active = true").await.unwrap();
        t.clock.advance(Duration::days(14));
        refresh(t, &session).await.refused(401, "session_ended");
        t.clock.set(start_of_tests() + Duration::days(14) - Duration::seconds(1));
        refresh(t, &session).await.created();
    }

    /// A token names one organisation; going on for another exchanges the session, and the old one ends.
    async fn who_acts_for_several_exchanges_the_session(t: TestApp) {
        t.tells_the_examples();
        let who = buyer(t).await;
        let first = sign_in(t).await;
        assert_eq!(first["acting_for"]["organisation"]["id"], json!(who.unit));
        let foreign = t.organisation(OrganisationKind::BudgetUnit, "520000").await;
        switch(t, &first, foreign).await.refused(403, "not_a_member");
        // The refusal used nothing up.
        let second = switch(t, &first, who.union).await.created();
        assert_eq!(second["acting_for"]["organisation"]["id"], json!(who.union));
        assert_eq!(second["acting_for"]["role"], "finance_officer");
        assert_ne!(second["session_id"], first["session_id"]);
        t.get("/me").header("Authorization", &bearer(&first)).await.refused(401, "token_invalid");
        let me = t.get("/me").header("Authorization", &bearer(&second)).await.ok();
        assert_eq!(me["acting_for"], second["acting_for"]);
        assert_eq!(operations(t).await, ["session.began", "session.switched"]);
        let rows = entity::session::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(rows.iter().filter(|row| row.revoked_at.is_none()).count(), 1);
        assert_eq!(rows[0].family, rows[1].family);
    }

    /// One's own sessions are seen and ended; somebody else's are not there, except for the operator.
    async fn sessions_are_listed_and_ended_by_their_owner_and_the_operator(t: TestApp) {
        t.tells_the_examples();
        let who = buyer(t).await;
        let (here, there) = (sign_in(t).await, sign_in(t).await);
        let list = t.get("/sessions").header("Authorization", &bearer(&here)).await.ok();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items[0]["id"], there["session_id"]);
        assert_eq!((&items[0]["is_current"], &items[1]["is_current"]), (&json!(false), &json!(true)));
        assert_eq!(items[0]["address"], HOME);
        assert_eq!(items[0]["user_agent"], "Firefox/140.0");
        let page = t.get("/sessions?limit=1").header("Authorization", &bearer(&here)).await.ok();
        let next = format!("/sessions?limit=1&cursor={}", page["next"].as_str().unwrap());
        let rest = t.get(&next).header("Authorization", &bearer(&here)).await.ok();
        assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&here["session_id"], &Value::Null));

        let path = |session: &Value| format!("/sessions/{}", session["session_id"].as_str().unwrap());
        let stranger = t.member(Role::ProcurementOfficer, who.unit).await;
        t.delete(&path(&there)).by(&stranger).await.refused(404, "not_found");
        t.delete("/sessions/nonsense").by(&stranger).await.refused(404, "not_found");
        let unknown = format!("/sessions/{}", OrganisationId::generate());
        t.delete(&unknown).by(&who.operator).await.refused(404, "not_found");

        assert_eq!(t.delete(&path(&there)).header("Authorization", &bearer(&here)).await.status, 204);
        t.get("/me").header("Authorization", &bearer(&there)).await.refused(401, "token_invalid");
        refresh(t, &there).await.refused(401, "session_ended");
        // Ending it again changes nothing.
        assert_eq!(t.delete(&path(&there)).header("Authorization", &bearer(&here)).await.status, 204);
        assert_eq!(t.delete(&path(&here)).by(&who.operator).await.status, 204);
        t.get("/sessions").header("Authorization", &bearer(&here)).await.refused(401, "token_invalid");
        refresh(t, &here).await.refused(401, "session_ended");
        let expected = ["session.began", "session.began", "session.end", "session.end"];
        assert_eq!(operations(t).await, expected);
        let reasons = entity::session::Entity::find().all(t.direct()).await.unwrap();
        let reasons: Vec<_> = reasons.into_iter().map(|row| row.revoke_reason.unwrap().as_str()).collect();
        assert!(reasons.contains(&"signed_out") && reasons.contains(&"ended_by_operator"), "{reasons:?}");
        // Another server, which was told nothing, accepts the access token until it expires.
        let elsewhere = Tokens::new(&t.app.secrets, 15).unwrap();
        let token = here["token"].as_str().unwrap();
        elsewhere.check(token, t.clock.now()).unwrap();
        elsewhere.check(token, t.clock.now() + Duration::minutes(15)).unwrap_err();
    }

    /// From the fifth wrong password on, the same address waits: a second, two, four … a quarter of an hour.
    async fn wrong_passwords_cost_a_growing_delay(t: TestApp) {
        buyer(t).await;
        for _ in 0..4 {
            try_password(t, "wrong", HOME).await.refused(401, "wrong_credentials");
        }
        let mut delays = Vec::new();
        for _ in 5..=16 {
            try_password(t, "wrong", HOME).await.refused(401, "wrong_credentials");
            let held_up = try_password(t, PASSWORD, HOME).await;
            let seconds: i64 = held_up.header("retry-after").unwrap().parse().unwrap();
            held_up.refused(429, "too_many_attempts");
            t.clock.advance(Duration::seconds(seconds) - Duration::milliseconds(1));
            try_password(t, PASSWORD, HOME).await.refused(429, "too_many_attempts");
            t.clock.advance(Duration::milliseconds(1));
            delays.push(seconds);
        }
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        // The right password after the wait clears it.
        sign_in(t).await;
        for _ in 0..4 {
            try_password(t, "wrong", HOME).await.refused(401, "wrong_credentials");
        }
        sign_in(t).await;
    }

    /// Few failures are forgotten after a quiet quarter of an hour.
    async fn a_few_slips_are_forgotten(t: TestApp) {
        buyer(t).await;
        for _ in 0..3 {
            for _ in 0..4 {
                try_password(t, "wrong", HOME).await.refused(401, "wrong_credentials");
            }
            t.clock.advance(Duration::minutes(15));
        }
        sign_in(t).await;
    }

    /// An attacker elsewhere delays neither the owner's own address nor, for long, any other.
    async fn nobody_is_locked_out_by_somebody_else(t: TestApp) {
        buyer(t).await;
        sign_in(t).await;
        for _ in 0..5 {
            try_password(t, "guess", "198.51.100.1").await.refused(401, "wrong_credentials");
        }
        try_password(t, "guess", "198.51.100.1").await.refused(429, "too_many_attempts");
        // One customer's IPv6 addresses are one.
        for last in 1..=5 {
            try_password(t, "guess", &format!("2001:db8:1:2::{last}")).await.refused(401, "wrong_credentials");
        }
        try_password(t, "guess", "2001:db8:1:2:ffff::").await.refused(429, "too_many_attempts");
        sign_in(t).await;

        // Very many failures from everywhere: an address never seen waits, at most a minute; the owner's does not.
        t.sql("update sign_in_attempt set failures = 120, blocked_until = null").await.unwrap();
        try_password(t, "guess", "198.51.100.2").await.refused(401, "wrong_credentials");
        let held_up = try_password(t, PASSWORD, "198.51.100.3").await;
        assert_eq!(held_up.header("retry-after"), Some("60"));
        held_up.refused(429, "too_many_attempts");
        sign_in(t).await;
        t.clock.advance(Duration::seconds(60));
        try_password(t, PASSWORD, "198.51.100.3").await.created();
    }

    /// A name that does not exist is delayed like one that does, and the audit does not repeat what was typed.
    async fn the_door_tells_nothing_and_writes_nothing_down(t: TestApp) {
        buyer(t).await;
        let typed = json!({ "username": "my secret passphrase", "password": "another secret" });
        for _ in 0..5 {
            t.post("/sessions").json(typed.clone()).from(HOME).await.refused(401, "wrong_credentials");
        }
        t.post("/sessions").json(typed.clone()).from(HOME).await.refused(429, "too_many_attempts");
        try_password(t, "wrong secret", HOME).await.refused(401, "wrong_credentials");
        let rows = audited(t).await;
        assert_eq!(rows.len(), 6, "an attempt that is not looked at is not recorded");
        for row in &rows {
            assert_eq!((row.operation.as_str(), row.reason.as_deref()), ("session.refused", Some("wrong_credentials")));
            assert!(row.after.as_ref().unwrap().contains(HOME));
            assert!(!format!("{row:?}").contains("secret"), "{row:?}");
        }
        assert!(rows[..5].iter().all(|row| row.object_id.is_nil()));
        assert!(!rows[5].object_id.is_nil(), "a known person is named by their identifier");
        let counted = entity::sign_in_attempt::Entity::find().all(t.direct()).await.unwrap();
        assert!(counted.iter().all(|row| !row.key.contains("secret") && !row.key.contains("buyer")));
        // A role that one does not have is recorded as well.
        let foreign = json!({ "username": "buyer", "password": PASSWORD, "role": "auditor" });
        t.post("/sessions").json(foreign).from(HOME).await.refused(403, "not_a_member");
        assert_eq!(audited(t).await[6].reason.as_deref(), Some("not_a_member"));
    }

    /// Guesses sent all at once gain nothing over guesses sent one by one.
    async fn of_many_guesses_at_once_only_the_first_few_are_answered(t: TestApp) {
        buyer(t).await;
        let guesses = (0..12).map(|_| async { try_password(t, "guess", HOME).await.status });
        let statuses = futures_util::future::join_all(guesses).await;
        let answered = statuses.iter().filter(|status| **status == 401).count();
        assert_eq!(answered, 5, "{statuses:?}");
        let counted = entity::sign_in_attempt::Entity::find().all(t.direct()).await.unwrap();
        assert!(counted.iter().all(|row| row.failures == 5), "{counted:?}");
    }

    /// One address may knock thirty times a minute, whatever it says.
    async fn an_address_that_knocks_too_often_waits(t: TestApp) {
        for _ in 0..30 {
            t.post("/sessions").json(json!({})).from(HOME).await.refused(400, "invalid_fields");
        }
        let refused = t.post("/registrations").json(json!({})).from(HOME).await;
        assert_eq!(refused.header("retry-after"), Some("2"));
        refused.refused(429, "too_many_requests");
        t.post("/sessions").json(json!({})).from("203.0.113.10").await.refused(400, "invalid_fields");
        // A header is believed only from our own proxies.
        let disguised = t.post("/sessions").json(json!({})).from(HOME).header("X-Forwarded-For", "203.0.113.11");
        disguised.await.refused(429, "too_many_requests");
        t.clock.advance(Duration::seconds(2));
        t.post("/sessions").json(json!({})).from(HOME).await.refused(400, "invalid_fields");
        t.post("/sessions").json(json!({})).from(HOME).await.refused(429, "too_many_requests");
    }

    /// Behind our own proxy the sender is who the proxy says, and nobody further away is believed.
    async fn the_sender_is_who_our_own_proxy_says(t: TestApp) {
        buyer(t).await;
        let said = [
            ("198.51.100.9", Some("203.0.113.77"), "198.51.100.9"),
            (PROXY, None, PROXY),
            (PROXY, Some("203.0.113.77"), "203.0.113.77"),
            (PROXY, Some("10.0.0.1, 203.0.113.77"), "203.0.113.77"),
            (PROXY, Some("203.0.113.77, 192.0.2.1"), "203.0.113.77"),
            (PROXY, Some("nonsense"), PROXY),
            ("::ffff:192.0.2.1", Some("2001:db8::7"), "2001:db8::7"),
        ];
        for (from, forwarded, address) in said {
            let mut call = try_password(t, PASSWORD, from);
            if let Some(forwarded) = forwarded {
                call = call.header("X-Forwarded-For", forwarded);
            }
            let session = call.await.created();
            let list = t.get("/sessions?limit=1").header("Authorization", &bearer(&session)).await.ok();
            assert_eq!(list["items"][0]["address"], address, "{from} {forwarded:?}");
        }
    }

    /// Anybody can check our tokens by the published keys; nothing secret is among them.
    async fn the_public_keys_are_published(t: TestApp) {
        let reply = t.get("//.well-known/jwks.json").await;
        assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
        let set = reply.ok();
        let key = &set["keys"][0];
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
        assert_eq!(set["keys"].as_array().unwrap().len(), 1);
        assert!(key.get("d").is_none());
        assert_eq!(key["kid"], token::thumbprint(key["x"].as_str().unwrap()));
        buyer(t).await;
        let session = sign_in(t).await;
        let head = session["token"].as_str().unwrap().split('.').next().unwrap();
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
        assert_eq!(head["kid"], key["kid"]);
    }
}

fn secrets(byte: &str) -> Secrets {
    Secrets::from_hex(&byte.repeat(32)).unwrap()
}

async fn somebody() -> liannong::access::Member {
    let division = entity::value::AreaCode::parse("520000").unwrap();
    liannong::access::Member {
        person: entity::value::PersonId::generate(),
        organisation: OrganisationId::generate(),
        role: Role::Auditor,
        division,
        session: None,
    }
}

/// The example of RFC 8037, appendix A.3.
#[test]
fn a_thumbprint_is_that_of_the_standard() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    assert_eq!(token::thumbprint(x), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

/// After the secret was changed, tokens of the one before are good while it is named, and no longer.
#[tokio::test]
async fn keys_change_without_signing_everybody_out() {
    let (now, member) = (start_of_tests(), somebody().await);
    let old = Tokens::new(&secrets("0a"), 15).unwrap();
    let new = Tokens::new(&secrets("0b"), 15).unwrap();
    let between = Tokens::new(&secrets("0b"), 15).unwrap().accepting(&secrets("0a")).unwrap();
    let (old_token, _) = old.issue(&member, now).unwrap();
    let (new_token, _) = between.issue(&member, now).unwrap();
    new.check(&old_token, now).unwrap_err();
    between.check(&old_token, now).unwrap();
    between.check(&new_token, now).unwrap();
    new.check(&new_token, now).unwrap();
    old.check(&new_token, now).unwrap_err();
    let served = between.key_set();
    assert_eq!(served["keys"].as_array().unwrap().len(), 2);
    assert_eq!(served["keys"][0]["kid"], new.key_set()["keys"][0]["kid"]);
    assert_eq!(served["keys"][1]["kid"], old.key_set()["keys"][0]["kid"]);
    let same = Tokens::new(&secrets("0b"), 15).unwrap().accepting(&secrets("0b")).unwrap();
    assert_eq!(same.key_set()["keys"].as_array().unwrap().len(), 1);
}

/// Signed by us, and still not good: for somebody else, by somebody else, of yesterday, changed on the way, or with a
/// head that says more than ours.
#[tokio::test]
async fn only_a_token_for_us_and_of_now_is_good() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use ring::signature::Ed25519KeyPair;
    let (now, member) = (start_of_tests(), somebody().await);
    let ours = Tokens::new(&secrets("0a"), 15).unwrap();
    let kid = ours.key_set()["keys"][0]["kid"].clone();
    let (token, _) = ours.issue(&member, now).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let mine = Ed25519KeyPair::from_seed_unchecked(secrets("0a").token_seed()).unwrap();
    let theirs = Ed25519KeyPair::from_seed_unchecked(secrets("0b").token_seed()).unwrap();
    let sign = |pair: &Ed25519KeyPair, head: &Value, claims: &Value| {
        let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let text = format!("{}.{}", encoded(head), encoded(claims));
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(pair.sign(text.as_bytes())))
    };
    let head = json!({ "alg": "EdDSA", "kid": kid });
    ours.check(&sign(&mine, &head, &claims), now).unwrap();

    let mut forged = Vec::new();
    let mut with = |name: &str, value: Value| {
        let mut other = claims.clone();
        if value.is_null() {
            drop(other.as_object_mut().unwrap().remove(name))
        } else {
            other[name] = value
        }
        forged.push((name.to_owned(), sign(&mine, &head, &other)));
    };
    with("aud", json!("another"));
    with("aud", json!(null));
    with("iss", json!("another"));
    with("iss", json!(null));
    with("exp", json!(now.timestamp()));
    with("exp", json!(now.timestamp() - 86_400));
    with("exp", json!("never"));
    with("exp", json!(null));
    with("role", json!("castle_owner"));
    with("org", json!(null));
    for alg in ["none", "None", "NONE", "", "HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES384", "eddsa"] {
        forged.push((alg.to_owned(), sign(&mine, &json!({ "alg": alg, "kid": kid }), &claims)));
    }
    // Where to fetch the key is not for the token to say, nor which key it brings along.
    let place =
        json!({ "alg": "EdDSA", "kid": kid, "jku": "https://thief.example/keys", "x5u": "https://thief.example/c" });
    forged.push(("jku".to_owned(), sign(&theirs, &place, &claims)));
    let brought = json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": Tokens::new(&secrets("0b"), 15).unwrap().key_set()["keys"][0]["x"] });
    forged.push(("jwk".to_owned(), sign(&theirs, &json!({ "alg": "EdDSA", "kid": kid, "jwk": brought }), &claims)));
    let mut risen = claims.clone();
    risen["role"] = json!("platform_operator");
    let risen = URL_SAFE_NO_PAD.encode(risen.to_string());
    forged.push(("changed".to_owned(), format!("{}.{risen}.{}", parts[0], parts[2])));
    forged.push(("unsigned".to_owned(), format!("{}.{}.", parts[0], parts[1])));
    forged.push(("cut".to_owned(), format!("{}.{}", parts[0], parts[1])));
    forged.push(("more".to_owned(), format!("{token}.{}", parts[2])));
    forged.push(("nothing".to_owned(), String::new()));
    for (why, token) in &forged {
        assert!(ours.check(token, now).is_err(), "{why}: {token}");
    }
    let later = now + Duration::minutes(15);
    ours.check(&token, later - Duration::seconds(1)).unwrap();
    ours.check(&token, later).unwrap_err();
}

/// Tricks with the head: no algorithm, the public key as a shared secret, another's key under our name, no name.
#[tokio::test]
async fn a_token_cannot_choose_how_it_is_checked() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use ring::hmac;
    use ring::signature::Ed25519KeyPair;
    let (now, member) = (start_of_tests(), somebody().await);
    let ours = Tokens::new(&secrets("0a"), 15).unwrap();
    let key = ours.key_set()["keys"][0].clone();
    let (token, _) = ours.issue(&member, now).unwrap();
    let body = token.split('.').nth(1).unwrap();
    let head = |head: Value| URL_SAFE_NO_PAD.encode(head.to_string());
    let kid = &key["kid"];
    let mut forged = vec![format!("{}.{body}.", head(json!({ "alg": "none", "kid": kid })))];
    let signed_text = format!("{}.{body}", head(json!({ "alg": "HS256", "kid": kid })));
    for shared in
        [key["x"].as_str().unwrap().as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap()]
    {
        let mark = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &shared), signed_text.as_bytes());
        forged.push(format!("{signed_text}.{}", URL_SAFE_NO_PAD.encode(mark)));
    }
    let theirs = Ed25519KeyPair::from_seed_unchecked(secrets("0b").token_seed()).unwrap();
    let mine = Ed25519KeyPair::from_seed_unchecked(secrets("0a").token_seed()).unwrap();
    let sign = |pair: &Ed25519KeyPair, named: Value| {
        let text = format!("{}.{body}", head(named));
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(pair.sign(text.as_bytes())))
    };
    forged.push(sign(&theirs, json!({ "alg": "EdDSA", "kid": kid })));
    forged.push(sign(&mine, json!({ "alg": "EdDSA", "kid": "another" })));
    forged.push(sign(&mine, json!({ "alg": "EdDSA" })));
    forged.push(sign(&theirs, json!({ "alg": "EdDSA", "jwk": key })));
    for token in &forged {
        assert!(ours.check(token, now).is_err(), "{token}");
    }
    ours.check(&sign(&mine, json!({ "alg": "EdDSA", "kid": kid })), now).unwrap();
}
