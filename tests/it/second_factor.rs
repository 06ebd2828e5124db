//! The second factor: set up, confirmed, demanded at the door, good once, and not to be had without in production.

use crate::harness::*;
use chrono::Duration;
use entity::value::{Clock, OrganisationKind, Role};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder, Secret};

const PASSWORD: &str = "correct horse battery";

/// Somebody with this role and a password.
async fn somebody(t: &TestApp, username: &str, role: &str, kind: OrganisationKind) {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
    let operator = t.member(Role::PlatformOperator, platform).await;
    let organisation = t.organisation(kind, "520000").await;
    let wanted = json!({
        "organisation_id": organisation, "role": role, "username": username, "display_name": "吴秀英",
        "password": PASSWORD,
    });
    t.post("/members").by(&operator).json(wanted).await.created();
}

async fn buyer(t: &TestApp) {
    somebody(t, "buyer", "procurement_officer", OrganisationKind::BudgetUnit).await;
}

/// What the authenticator shows now, or so many half minutes from now.
fn code_at(t: &TestApp, secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(t.clock.now().timestamp() + 30 * steps).unwrap()).to_string()
}

fn with_code<'t>(t: &'t TestApp, path: &str, username: &str, code: Option<&str>) -> Call<'t> {
    let mut body = json!({ "username": username, "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    t.post(path).json(body)
}

fn sign_in<'t>(t: &'t TestApp, code: Option<&str>) -> Call<'t> {
    with_code(t, "/sessions", "buyer", code)
}

/// Sets a second factor up; gives its secret and the recovery codes.
async fn set_up(t: &TestApp, username: &str) -> (String, Vec<String>) {
    let begun = with_code(t, "/second-factors", username, None).await.created();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let confirmed = with_code(t, "/second-factors/confirm", username, Some(&code_at(t, &secret, 0))).await.created();
    let codes: Vec<Value> = confirmed["recovery_codes"].as_array().unwrap().clone();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

both! {
    /// From the confirmation on a code is asked for; each is good once, half a minute early or late.
    async fn signing_in_asks_for_a_code_that_is_good_once(t: TestApp) {
        buyer(t).await;
        let before = sign_in(t, None).await.created();
        let begun = with_code(t, "/second-factors", "buyer", None).await;
        assert_eq!(begun.header("cache-control"), Some("no-store"));
        let begun = begun.created();
        let secret = begun["secret"].as_str().unwrap();
        assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/Liannong:buyer?"), "{begun}");
        assert!(begun["qr_svg"].as_str().unwrap().contains("<svg"));
        // Not before it is confirmed.
        sign_in(t, None).await.created();
        let kept = entity::second_factor::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert!(!format!("{kept:?}").contains(secret), "the secret is kept as it is");
        with_code(t, "/second-factors/confirm", "buyer", Some("000000")).await.refused(401, "second_factor_wrong");
        let code = code_at(t, secret, 0);
        let confirmed = with_code(t, "/second-factors/confirm", "buyer", Some(&code)).await.created();
        assert_eq!(confirmed["recovery_codes"].as_array().unwrap().len(), 10);
        let old = json!({ "refresh_token": before["refresh_token"] });
        t.post("/sessions/refresh").json(old).await.refused(401, "session_ended");

        sign_in(t, None).await.refused(401, "second_factor_needed");
        sign_in(t, Some(&code)).await.refused(401, "second_factor_wrong");
        t.clock.advance(Duration::seconds(30));
        let code = code_at(t, secret, 0);
        sign_in(t, Some(&code)).await.created();
        sign_in(t, Some(&code)).await.refused(401, "second_factor_wrong");
        // The one after is accepted early; then the one between counts no more.
        t.clock.advance(Duration::seconds(60));
        let (now, next) = (code_at(t, secret, 0), code_at(t, secret, 1));
        sign_in(t, Some(&next)).await.created();
        sign_in(t, Some(&now)).await.refused(401, "second_factor_wrong");
        t.clock.advance(Duration::minutes(5));
        sign_in(t, Some(&code_at(t, secret, 2))).await.refused(401, "second_factor_wrong");
        sign_in(t, Some(&code_at(t, secret, -1))).await.created();
    }

    /// Of two who present the same code at the same moment, one comes in.
    async fn a_code_lets_one_in(t: TestApp) {
        buyer(t).await;
        let (secret, _) = set_up(t, "buyer").await;
        t.clock.advance(Duration::minutes(1));
        let code = code_at(t, &secret, 0);
        let (one, two) =
            futures_util::join!(sign_in(t, Some(&code)).into_future(), sign_in(t, Some(&code)).into_future());
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401]);
    }

    /// A recovery code stands in, once; it is kept as a hash, and wrong codes cost the delay of wrong passwords.
    async fn recovery_codes_are_good_once(t: TestApp) {
        buyer(t).await;
        let (_, codes) = set_up(t, "buyer").await;
        let kept = entity::recovery_code::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(kept.len(), 10);
        assert!(kept.iter().all(|row| codes.iter().all(|code| !row.hash.contains(code.as_str()))));
        sign_in(t, Some(&codes[0])).await.created();
        sign_in(t, Some(&codes[0])).await.refused(401, "second_factor_wrong");
        // As it was written down: without dashes, in capitals.
        sign_in(t, Some(&codes[1].replace('-', "").to_uppercase())).await.created();
        for _ in 0..5 {
            sign_in(t, Some("123456")).await.refused(401, "second_factor_wrong");
        }
        sign_in(t, Some(&codes[2])).await.refused(429, "too_many_attempts");
    }

    /// Replacing it asks for the one in use, which holds until the new one is confirmed; so does taking it away.
    async fn it_is_replaced_and_taken_away_by_its_owner(t: TestApp) {
        buyer(t).await;
        let (secret, codes) = set_up(t, "buyer").await;
        with_code(t, "/second-factors", "buyer", None).await.refused(401, "second_factor_needed");
        let begun = with_code(t, "/second-factors", "buyer", Some(&codes[0])).await.created();
        t.clock.advance(Duration::minutes(1));
        sign_in(t, Some(&code_at(t, &secret, 0))).await.created();
        let newer = begun["secret"].as_str().unwrap();
        with_code(t, "/second-factors/confirm", "buyer", Some(&code_at(t, newer, 0))).await.created();
        t.clock.advance(Duration::minutes(1));
        sign_in(t, Some(&code_at(t, &secret, 0))).await.refused(401, "second_factor_wrong");
        sign_in(t, Some(&codes[1])).await.refused(401, "second_factor_wrong");
        sign_in(t, Some(&code_at(t, newer, 0))).await.created();
        t.clock.advance(Duration::minutes(1));
        let wrong = with_code(t, "/second-factors/remove", "buyer", Some("000000")).await;
        wrong.refused(401, "second_factor_wrong");
        let code = code_at(t, newer, 0);
        assert_eq!(with_code(t, "/second-factors/remove", "buyer", Some(&code)).await.status, 204);
        sign_in(t, None).await.created();
        with_code(t, "/second-factors/remove", "buyer", Some(&code)).await.refused(409, "no_second_factor");
    }

    /// In production, who keeps money or the platform needs one; it is set up at the door, and stays.
    async fn production_demands_it_of_operators_and_finance(t: TestApp) {
        somebody(t, "keeper", "finance_officer", OrganisationKind::FinanceDepartment).await;
        buyer(t).await;
        let open = with_code(t, "/sessions", "keeper", None).await.created();
        let house = t.in_production().await;
        sign_in(&house, None).await.created();
        with_code(&house, "/sessions", "keeper", None).await.refused(403, "second_factor_to_set_up");
        let refresh = json!({ "refresh_token": open["refresh_token"] });
        house.post("/sessions/refresh").json(refresh).await.refused(403, "second_factor_to_set_up");
        let wrong = json!({ "username": "keeper", "password": "wrong horse battery" });
        house.post("/second-factors").json(wrong).await.refused(401, "wrong_credentials");
        let (secret, codes) = set_up(&house, "keeper").await;
        house.clock.advance(Duration::minutes(1));
        with_code(&house, "/sessions", "keeper", Some(&code_at(&house, &secret, 0))).await.created();
        let kept = with_code(&house, "/second-factors/remove", "keeper", Some(&codes[0])).await;
        kept.refused(409, "second_factor_demanded");
        // The refusal uses no code up.
        with_code(&house, "/sessions", "keeper", Some(&codes[0])).await.created();
    }
}

proptest! {
    /// A code is accepted in its own half minute and the two beside it, and only after the last that was used.
    #[test]
    fn a_code_belongs_to_its_moment(seconds in 1_000_000_u64..4_000_000_000, off in -5_i64..=5, used in -3_i64..=3) {
        let secret = [7_u8; 20];
        let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build().unwrap();
        let step = i64::try_from(seconds / 30).unwrap();
        let code = totp.generate(u64::try_from((step + off) * 30).unwrap()).to_string();
        let seen = liannong::identity::factor::totp::step_of(&secret, &code, seconds, step + used).unwrap();
        // Two moments may share a code by chance; then the nearer counts.
        if let Some(seen) = seen {
            prop_assert!((seen - step).abs() <= 1 && seen > step + used);
        } else {
            prop_assert!(off.abs() > 1 || off <= used);
        }
    }
}
