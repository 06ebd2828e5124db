//! Members: who is invited and accepts, what an administrator decides about others, and what stays of those who go.

use crate::harness::*;
use chrono::Duration;
use entity::value::{Clock, OrganisationId, OrganisationKind, Role};
use rust_xlsxwriter::Workbook;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";

/// A unit with its administrator.
async fn unit(t: &TestApp) -> (OrganisationId, Person) {
    let unit = t.organisation(OrganisationKind::BudgetUnit, "520100").await;
    (unit, t.member(Role::Administrator, unit).await)
}

fn invite<'t>(t: &'t TestApp, by: &Person, email: &str, role: &str) -> Call<'t> {
    t.post("/invitations").by(by).json(json!({ "email": email, "display_name": "吴秀英", "role": role }))
}

fn accept<'t>(t: &'t TestApp, token: &str, username: &str, has_account: bool) -> Call<'t> {
    let body = json!({ "token": token, "username": username, "password": PASSWORD, "has_account": has_account });
    t.post("/invitations/accept").json(body)
}

fn sign_in<'t>(t: &'t TestApp, username: &str) -> Call<'t> {
    t.post("/sessions").json(json!({ "username": username, "password": PASSWORD }))
}

/// Invites somebody new, who accepts; gives the token they used and their membership.
async fn joined(t: &TestApp, by: &Person, username: &str, role: &str) -> (String, Value) {
    let email = format!("{username}@danwei.example");
    invite(t, by, &email, role).await.created();
    t.drain().await;
    let token = t.token_in_mail(&email, "邀请码");
    let member = accept(t, &token, username, false).await.created();
    (token, member)
}

fn path(member: &Value) -> String {
    format!("/members/{}", member["membership"]["id"].as_str().unwrap())
}

fn because() -> Value {
    json!({ "reason": "借调期满" })
}

both! {
    /// The whole way: the mail goes out, its token makes a person once, and nothing but the hash is kept.
    async fn who_is_invited_becomes_a_member(t: TestApp) {
        let (unit, administrator) = unit(t).await;
        let made = invite(t, &administrator, "wu@danwei.example", "procurement_officer").await.created();
        assert_eq!((&made["state"], &made["organisation"]["id"]), (&json!("open"), &json!(unit)));
        invite(t, &administrator, "Wu@danwei.example", "procurement_officer").await.refused(409, "already_exists");
        t.drain().await;
        let token = t.token_in_mail("wu@danwei.example", "采购人经办人");
        let kept = entity::invitation::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert_ne!(kept.token_hash, token);
        for event in entity::outbox::Entity::find().all(t.direct()).await.unwrap() {
            assert!(!event.payload.contains(&token) && !event.payload.contains("danwei"), "{}", event.payload);
        }
        for event in entity::audit_event::Entity::find().all(t.direct()).await.unwrap() {
            assert!(!event.after.unwrap_or_default().contains("danwei"));
        }

        accept(t, "nonsense", "wuxiuying", false).await.refused(422, "invitation_invalid");
        let member = accept(t, &token, "wuxiuying", false).await.created();
        assert_eq!(member["membership"]["role"], "procurement_officer");
        accept(t, &token, "somebody", false).await.refused(422, "invitation_invalid");
        let session = sign_in(t, "wuxiuying").await.created();
        assert_eq!(session["acting_for"]["organisation"]["id"], json!(unit));
        let shown = t.get(&format!("/invitations/{}", made["id"].as_str().unwrap())).by(&administrator).await.ok();
        assert_eq!(shown["state"], "accepted");
    }

    /// One person, one identity: whoever has an account adds the role to it, with its own password.
    async fn a_known_person_adds_the_role_to_their_account(t: TestApp) {
        let (_, first) = unit(t).await;
        joined(t, &first, "wuxiuying", "procurement_officer").await;
        let (second_unit, second) = unit(t).await;
        invite(t, &second, "wuxiuying@danwei.example", "approver").await.created();
        t.drain().await;
        let token = t.token_in_mail("wuxiuying@danwei.example", "审批人");
        accept(t, &token, "wuxiuying", false).await.refused(409, "already_exists");
        let wrong = json!({ "token": token, "username": "wuxiuying", "password": "wrong horse battery", "has_account": true });
        t.post("/invitations/accept").json(wrong).await.refused(401, "wrong_credentials");
        let counted = entity::sign_in_attempt::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(counted.iter().map(|row| row.failures).max(), Some(1), "a guess here counts as one at the door");
        accept(t, &token, "wuxiuying", true).await.created();
        let session = sign_in(t, "wuxiuying").await.created();
        assert_eq!(session["memberships"].as_array().unwrap().len(), 2);
        assert_eq!(session["memberships"][1]["organisation"]["id"], json!(second_unit));
        assert_eq!(entity::person::Entity::find().all(t.direct()).await.unwrap().len(), 3);
    }

    /// An invitation that was taken back or is a week old is worth nothing; neither is one's own.
    async fn an_invitation_ends(t: TestApp) {
        let (unit, administrator) = unit(t).await;
        let made = invite(t, &administrator, "a@danwei.example", "approver").await.created();
        t.drain().await;
        let token = t.token_in_mail("a@danwei.example", "邀请码");
        let revoke = format!("/invitations/{}/revoke", made["id"].as_str().unwrap());
        assert_eq!(t.post(&revoke).by(&administrator).await.ok()["state"], "revoked");
        t.post(&revoke).by(&administrator).await.refused(409, "wrong_state");
        accept(t, &token, "anyone", false).await.refused(422, "invitation_invalid");

        invite(t, &administrator, "b@danwei.example", "approver").await.created();
        t.drain().await;
        let token = t.token_in_mail("b@danwei.example", "邀请码");
        t.clock.advance(Duration::days(7));
        accept(t, &token, "anyone", false).await.refused(422, "invitation_invalid");
        // It makes room for another.
        invite(t, &administrator, "b@danwei.example", "approver").await.created();

        // Somebody who administers cannot give themselves another role by mail.
        let (_, member) = joined(t, &administrator, "second", "administrator").await;
        let second = Person { member: liannong::access::Member {
            person: member["person"]["id"].as_str().unwrap().parse().unwrap(), organisation: unit,
            role: Role::Administrator, division: administrator.member.division.clone(), session: None,
        } };
        invite(t, &second, "c@danwei.example", "finance_officer").await.created();
        t.drain().await;
        let token = t.token_in_mail("c@danwei.example", "邀请码");
        accept(t, &token, "second", true).await.refused(403, "four_eyes");
        // A role that the kind does not have, software, or another organisation.
        for role in ["auditor", "integrator", "cooperative_clerk"] {
            invite(t, &administrator, "d@danwei.example", role).await.refused(422, "role_not_of_kind");
        }
        let elsewhere = t.organisation(OrganisationKind::BudgetUnit, "330106").await;
        let wanted = json!({ "email": "d@danwei.example", "display_name": "吴", "role": "approver", "organisation_id": elsewhere });
        t.post("/invitations").by(&administrator).json(wanted).await.refused(400, "invalid_fields");
    }

    /// What is decided about a member holds at once, for their sessions too, and can be taken back.
    async fn a_member_is_changed_suspended_reinstated_and_removed(t: TestApp) {
        let (unit, administrator) = unit(t).await;
        let (_, member) = joined(t, &administrator, "wuxiuying", "procurement_officer").await;
        let path = path(&member);
        let session = sign_in(t, "wuxiuying").await.created();
        let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
        t.get("/me").header("Authorization", &bearer).await.ok();
        let sessions = t.get(&format!("{path}/sessions")).by(&administrator).await.ok();
        assert_eq!(sessions["items"][0]["id"], session["session_id"]);
        assert_eq!(t.delete(&format!("{path}/sessions")).by(&administrator).await.status, 204);
        t.get("/me").header("Authorization", &bearer).await.refused(401, "token_invalid");
        let refresh = json!({ "refresh_token": session["refresh_token"] });
        t.post("/sessions/refresh").json(refresh).await.refused(401, "session_ended");
        let ended = entity::session::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert_eq!(ended.revoke_reason, Some(entity::value::SessionEnd::EndedByAdministrator));

        let session = sign_in(t, "wuxiuying").await.created();
        let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
        let change = json!({ "role": "approver" });
        t.patch(&path).by(&administrator).json(change.clone()).await.refused(428, "precondition_required");
        let changed = t.patch(&path).by(&administrator).version(&json!(1)).json(change.clone()).await.ok();
        assert_eq!((&changed["role"], &changed["version"]), (&json!("approver"), &json!(2)));
        t.get("/me").header("Authorization", &bearer).await.refused(401, "token_invalid");
        t.patch(&path).by(&administrator).version(&json!(1)).json(change).await.refused(412, "stale_version");
        let unfit = t.patch(&path).by(&administrator).version(&json!(2)).json(json!({ "role": "auditor" })).await;
        unfit.refused(422, "role_not_of_kind");

        let suspend = t.post(&format!("{path}/suspend")).by(&administrator).version(&json!(2));
        assert_eq!(suspend.json(because()).await.ok()["state"], "suspended");
        sign_in(t, "wuxiuying").await.refused(403, "not_a_member");
        let again = t.post(&format!("{path}/suspend")).by(&administrator).version(&json!(3)).json(because()).await;
        again.refused(409, "wrong_state");
        let back = t.post(&format!("{path}/reinstate")).by(&administrator).version(&json!(3)).await.ok();
        assert_eq!(back["state"], "active");
        sign_in(t, "wuxiuying").await.created();
        let removed = t.post(&format!("{path}/remove")).by(&administrator).version(&json!(4)).json(because()).await.ok();
        assert_eq!(removed["state"], "removed");
        sign_in(t, "wuxiuying").await.refused(403, "not_a_member");
        let listed = t.get("/members?state=removed").by(&administrator).await.ok();
        assert_eq!(listed["items"][0]["organisation"]["id"], json!(unit));
        let reasons: Vec<_> = entity::audit_event::Entity::find().all(t.direct()).await.unwrap().into_iter()
            .filter(|row| row.operation == "member.remove").map(|row| row.reason.unwrap()).collect();
        assert_eq!(reasons, ["借调期满"]);

        let (_, stranger) = self::unit(t).await;
        t.get(&path).by(&stranger).await.refused(404, "not_found");
        t.get(&format!("{path}/sessions")).by(&stranger).await.refused(404, "not_found");
        t.delete(&format!("{path}/sessions")).by(&stranger).await.refused(404, "not_found");
    }

    /// Nobody decides about themselves, and an organisation is never left alone.
    async fn the_last_administrator_stays(t: TestApp) {
        let (_, administrator) = unit(t).await;
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let own = t.get("/members").by(&administrator).await.ok()["items"][0].clone();
        let path = format!("/members/{}", own["id"].as_str().unwrap());
        let remove = |by: &Person| t.post(&format!("{path}/remove")).by(by).version(&json!(1)).json(because());
        remove(&administrator).await.refused(403, "four_eyes");
        remove(&operator).await.refused(409, "last_administrator");
        t.post(&format!("{path}/suspend")).by(&operator).version(&json!(1)).json(because()).await
            .refused(409, "last_administrator");
        t.patch(&path).by(&operator).version(&json!(1)).json(json!({ "role": "approver" })).await
            .refused(409, "last_administrator");
        t.post(&format!("{path}/close-account")).by(&operator).json(because()).await.refused(409, "last_administrator");
        // A second administrator whose account is closed is no help; one who can sign in is.
        let (_, second) = joined(t, &administrator, "second", "administrator").await;
        t.sql("update person set is_active = false where username = 'second'").await.unwrap();
        remove(&operator).await.refused(409, "last_administrator");
        t.sql("update person set is_active = true where username = 'second'").await.unwrap();
        remove(&operator).await.ok();
        let second = self::path(&second);
        t.post(&format!("{second}/remove")).by(&operator).version(&json!(1)).json(because()).await
            .refused(409, "last_administrator");
    }

    /// Of two administrators who remove each other at the same moment, one stays.
    async fn two_administrators_do_not_remove_each_other(t: TestApp) {
        let (unit, one) = unit(t).await;
        let two = t.member(Role::Administrator, unit).await;
        let id = async |person: &Person| {
            let all = t.get("/members").by(person).await.ok();
            let mine = all["items"].as_array().unwrap().iter().find(|m| m["person"]["id"] == json!(person.member.person));
            mine.unwrap()["id"].as_str().unwrap().to_owned()
        };
        let (first, second) = (id(&one).await, id(&two).await);
        let remove = |by: &Person, id: &str| {
            t.post(&format!("/members/{id}/remove")).by(by).version(&json!(1)).json(because()).into_future()
        };
        let (a, b) = futures_util::join!(remove(&one, &second), remove(&two, &first));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }

    /// An account is closed, never deleted: what it did keeps its name.
    async fn an_account_is_closed_and_its_history_stays(t: TestApp) {
        let (_, administrator) = unit(t).await;
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110000").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let (_, member) = joined(t, &administrator, "wuxiuying", "procurement_officer").await;
        let session = sign_in(t, "wuxiuying").await.created();
        let path = format!("{}/close-account", path(&member));
        t.post(&path).by(&administrator).json(because()).await.refused(403, "forbidden");
        t.post(&path).by(&operator).json(because()).await.ok();
        t.post(&path).by(&operator).json(because()).await.refused(409, "account_closed");
        sign_in(t, "wuxiuying").await.refused(401, "wrong_credentials");
        let refresh = json!({ "refresh_token": session["refresh_token"] });
        t.post("/sessions/refresh").json(refresh).await.refused(401, "session_ended");
        assert!(t.sql("delete from person where username = 'wuxiuying'").await.is_err(), "a person was deleted");
        let kept = t.get("/members?state=removed").by(&administrator).await.ok();
        assert_eq!(kept["items"][0]["person"]["username"], "wuxiuying");
    }

    /// A sheet is looked at row by row; nobody is invited before every row is good and it is asked for.
    async fn a_sheet_is_invited_whole_or_not_at_all(t: TestApp) {
        let (_, administrator) = unit(t).await;
        joined(t, &administrator, "known", "approver").await;
        let send = |path: &str, kind: &str, bytes: Vec<u8>| t.post(path).by(&administrator).bytes(kind, bytes);
        let csv = "岗位,姓名,电子邮箱\n采购人经办人,吴一,wu1@danwei.example\napprover,,nowhere\n审计员,吴三,wu3@danwei.example\n\
                   审批人,吴四,known@danwei.example\n采购人经办人,吴五,WU1@danwei.example\n";
        let seen = send("/members/import", "text/csv", csv.into()).await.ok();
        assert_eq!((&seen["committed"], &seen["rows_good"], &seen["rows_faulty"]), (&json!(false), &json!(1), &json!(4)));
        let columns = |row: usize| -> Vec<String> {
            let faults = seen["rows"][row]["faults"].as_array().unwrap();
            faults.iter().map(|fault| fault["column"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(columns(0), Vec::<String>::new());
        assert_eq!(columns(1), ["display_name", "email"]);
        assert_eq!(columns(2), ["role"]);
        assert_eq!(columns(3), ["email"]);
        assert_eq!(columns(4), ["email"]);
        let refused = send("/members/import?commit=true", "text/csv", csv.into()).await.refused(422, "sheet_rows_refused");
        assert_eq!(refused["errors"][0]["pointer"], "/rows/3/display_name");
        let before = entity::invitation::Entity::find().all(t.direct()).await.unwrap().len();
        assert_eq!(before, 1);

        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let lines = [["姓名", "电子邮箱", "岗位"], ["吴一", "wu1@danwei.example", "采购人经办人"], ["吴二", "wu2@danwei.example", "审批人"]];
        for (line, cells) in (0..).zip(lines) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(line, column, cell).unwrap();
            }
        }
        let book = book.save_to_buffer().unwrap();
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(send("/members/import", kind, book.clone()).await.ok()["rows_good"], 2);
        assert_eq!(entity::invitation::Entity::find().all(t.direct()).await.unwrap().len(), before);
        assert_eq!(send("/members/import?commit=true", kind, book).await.ok()["committed"], true);
        t.drain().await;
        for number in 1..=2 {
            let token = t.token_in_mail(&format!("wu{number}@danwei.example"), "邀请码");
            accept(t, &token, &format!("wu-number-{number}"), false).await.created();
        }
        for nonsense in [&b"PK\x03\x04 broken"[..], b"name,mail\na,b\n", b"\xd0\xd5\xc3\xfb\n", "姓名,电子邮箱,岗位\n".as_bytes()] {
            send("/members/import", "text/csv", nonsense.to_vec()).await.refused(422, "sheet_unreadable");
        }
    }

    /// Whoever signs in from where they never were has mail about it; from where they were, not.
    async fn a_sign_in_from_a_new_place_is_told(t: TestApp) {
        let (_, administrator) = unit(t).await;
        joined(t, &administrator, "wuxiuying", "procurement_officer").await;
        let told = || t.mails().iter().filter(|mail| mail.contains("203.0.113.77")).count();
        for from in ["203.0.113.9", "203.0.113.9", "203.0.113.77", "203.0.113.77"] {
            sign_in(t, "wuxiuying").from(from).await.created();
            t.drain().await;
            t.clock.advance(Duration::minutes(1));
        }
        assert_eq!(told(), 1);
        assert!(!t.mails().iter().any(|mail| mail.contains("203.0.113.9 ") || mail.contains("203.0.113.9（")), "the first place is not new");
        assert!(t.clock.now() > start_of_tests());
    }
}
