//! Forgotten passwords and new ones: nobody learns who is known, a token is good once, and old sessions end.

use crate::harness::*;
use chrono::Duration;
use entity::value::{OrganisationKind, Role};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const OLD: &str = "correct horse battery";
const NEW: &str = "staple correct horse";
const MAIL: &str = "wu@danwei.example";

/// Somebody with a password and a mail address.
async fn officer(t: &TestApp) {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
    let operator = t.member(Role::PlatformOperator, platform).await;
    let unit = t.organisation(OrganisationKind::BudgetUnit, "520000").await;
    let wanted = json!({
        "organisation_id": unit, "role": "procurement_officer", "username": "wuxiuying", "display_name": "吴秀英",
        "email": MAIL, "password": OLD,
    });
    t.post("/members").by(&operator).json(wanted).await.created();
}

fn sign_in<'t>(t: &'t TestApp, password: &str) -> Call<'t> {
    t.post("/sessions").json(json!({ "username": "wuxiuying", "password": password }))
}

fn ask<'t>(t: &'t TestApp, username: &str) -> Call<'t> {
    t.post("/password-resets").json(json!({ "username": username }))
}

fn reset<'t>(t: &'t TestApp, token: &str) -> Call<'t> {
    t.post("/password-resets/confirm").json(json!({ "token": token, "password": NEW }))
}

fn refresh<'t>(t: &'t TestApp, session: &Value) -> Call<'t> {
    t.post("/sessions/refresh").json(json!({ "refresh_token": session["refresh_token"] }))
}

both! {
    /// The whole way, and the answer to a name that is nobody's is the same to the byte.
    async fn a_forgotten_password_is_set_anew(t: TestApp) {
        officer(t).await;
        let session = sign_in(t, OLD).await.created();
        let (known, unknown) = (ask(t, "wuxiuying").await, ask(t, "nobody").await);
        assert_eq!((known.status, known.body.clone()), (202, unknown.body.clone()));
        assert_eq!(known.status, unknown.status);
        let rows = entity::password_reset::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(rows.len(), 2, "the same is written for both");
        // Asked again at once there is no second mail.
        assert_eq!(ask(t, "wuxiuying").await.status, 202);
        t.drain().await;
        assert_eq!(t.mails().len(), 1);
        let token = t.token_in_mail(MAIL, "重置码");
        assert!(rows.iter().all(|row| row.token_hash != token));

        reset(t, "nonsense").await.refused(422, "reset_invalid");
        assert_eq!(reset(t, &token).await.status, 204);
        reset(t, &token).await.refused(422, "reset_invalid");
        sign_in(t, OLD).await.refused(401, "wrong_credentials");
        sign_in(t, NEW).await.created();
        refresh(t, &session).await.refused(401, "session_ended");
        let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
        t.get("/me").header("Authorization", &bearer).await.refused(401, "token_invalid");
    }

    /// After half an hour the token is worth nothing; the next one works, and uses the others up.
    async fn a_token_ends_after_half_an_hour(t: TestApp) {
        officer(t).await;
        ask(t, "wuxiuying").await;
        t.drain().await;
        let first = t.token_in_mail(MAIL, "重置码");
        t.clock.advance(Duration::minutes(30));
        reset(t, &first).await.refused(422, "reset_invalid");
        assert_eq!(ask(t, "wuxiuying").await.status, 202);
        t.sql("update person set is_active = false where username = 'wuxiuying'").await.unwrap();
        t.drain().await;
        assert_eq!(t.mails().len(), 1, "an account that is closed has no mail");
    }

    /// Whoever owns the name and proved it does not wait for guesses made before.
    async fn a_reset_ends_the_wait(t: TestApp) {
        officer(t).await;
        for _ in 0..6 {
            sign_in(t, "wrong horse battery").from("203.0.113.9").await;
        }
        sign_in(t, OLD).from("203.0.113.9").await.refused(429, "too_many_attempts");
        ask(t, "wuxiuying").from("203.0.113.9").await;
        t.drain().await;
        let token = t.token_in_mail(MAIL, "重置码");
        assert_eq!(reset(t, &token).from("203.0.113.9").await.status, 204);
        sign_in(t, NEW).from("203.0.113.9").await.created();
    }

    /// One's own password is changed with the present one; other sessions end, this one goes on.
    async fn a_password_is_changed(t: TestApp) {
        officer(t).await;
        let (here, there) = (sign_in(t, OLD).await.created(), sign_in(t, OLD).await.created());
        let bearer = format!("Bearer {}", here["token"].as_str().unwrap());
        let change = |current: &str, new: &str| {
            let body = json!({ "current_password": current, "new_password": new });
            t.put("/me/password").header("Authorization", &bearer).json(body)
        };
        t.put("/me/password").json(json!({ "current_password": OLD, "new_password": NEW })).await
            .refused(401, "unauthenticated");
        change("wrong horse battery", NEW).await.refused(401, "wrong_credentials");
        assert_eq!(change(OLD, OLD).await.refused(400, "invalid_fields")["errors"][0]["pointer"], "/new_password");
        assert_eq!(change(OLD, "short").await.refused(400, "invalid_fields")["errors"][0]["pointer"], "/new_password");
        assert_eq!(change(OLD, NEW).await.status, 204);
        t.get("/me").header("Authorization", &bearer).await.ok();
        refresh(t, &there).await.refused(401, "session_ended");
        refresh(t, &here).await.created();
        sign_in(t, NEW).await.created();
        // Guessing here costs as much as at the door.
        for _ in 0..5 {
            change("wrong horse battery", "another horse battery").await.refused(401, "wrong_credentials");
        }
        change(NEW, "another horse battery").await.refused(429, "too_many_attempts");
    }
}
