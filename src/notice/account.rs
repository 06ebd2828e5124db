//! Mail about accounts: invitations, new passwords, and sign-ins from places that are new. It always comes, and at once:
//! no wish holds it back but that for a language.

use super::direct::written;
use super::letter::Rule;
use super::post::{About, Recipient, post};
use super::{store, wish};
use crate::app::App;
use crate::db::Event;
use crate::identity::event::{Invited, PasswordResetAsked, SignedInElsewhere};
use crate::identity::letter::{self, ElsewhereLetter, InvitationLetter, ResetLetter};
use crate::identity::role_in_words;
use crate::jobs::{JobError, JobKind, read_payload};
use chrono::FixedOffset;
use entity::value::{MailCategory, PersonId, Timestamp};
use serde_json::{Value, json};

/// Mails whoever is invited.
pub const INVITATION: JobKind = JobKind {
    name: "notice.invitation",
    outward: true,
    hears: &[Invited::TOPIC],
    run: |app, payload| Box::pin(invitation(app, payload)),
    together: None,
};

/// Mails whoever signed in from a new place.
pub const SIGN_IN: JobKind = JobKind {
    name: "notice.sign_in",
    outward: true,
    hears: &[SignedInElsewhere::TOPIC],
    run: |app, payload| Box::pin(sign_in(app, payload)),
    together: None,
};

/// Mails whoever asked for a new password.
pub const PASSWORD_RESET: JobKind = JobKind {
    name: "notice.password_reset",
    outward: true,
    hears: &[PasswordResetAsked::TOPIC],
    run: |app, payload| Box::pin(password_reset(app, payload)),
    together: None,
};

/// A rule about an account: it goes to one person, whatever their role.
const fn rule(topic: &'static str, zh: (&'static str, &'static str), en: (&'static str, &'static str)) -> Rule {
    Rule { topic, roles: &[], category: MailCategory::Account, zh, en }
}

pub(super) static INVITED: Rule = rule(
    Invited::TOPIC,
    (
        "邀请您加入 {{ data.organisation }}",
        "{{ data.organisation }} 邀请您在联农平台担任“{{ data.role_zh }}”。\n邀请码（{{ data.until }} 前一次有效，请勿转发）：\n\n{{ data.token }}\n\n请以此邀请码接受邀请（POST /api/v1/invitations/accept）；如非您本人相关，请忽略此邮件。",
    ),
    (
        "Invitation: {{ data.organisation }}",
        "{{ data.organisation }} invites you to act for it on Liannong as {{ data.role_en }}. This code is good once, until {{ data.until }} (Beijing time); do not pass it on:\n\n{{ data.token }}\n\nAccept with POST /api/v1/invitations/accept, or ignore this mail if it is not for you.",
    ),
);

pub(super) static RESET: Rule = rule(
    PasswordResetAsked::TOPIC,
    (
        "重置密码",
        "有人为您的联农账号申请重置密码。重置码（{{ data.until }} 前一次有效，请勿转发）：\n\n{{ data.token }}\n\n请以此重置码设置新密码（POST /api/v1/password-resets/confirm）；若非本人操作，请忽略此邮件，原密码不变。",
    ),
    (
        "New password",
        "Somebody asked for a new password of your Liannong account. This code is good once, until {{ data.until }} (Beijing time); do not pass it on:\n\n{{ data.token }}\n\nSet the password with POST /api/v1/password-resets/confirm. If that was not you, ignore this mail; your password stays as it is.",
    ),
);

pub(super) static ELSEWHERE: Rule = rule(
    SignedInElsewhere::TOPIC,
    (
        "新地点登录",
        "您的账号于 {{ data.at }} 从新的地址 {{ data.address }} 登录（{{ data.user_agent }}）。\n若非本人操作，请立即修改密码并终止该会话。",
    ),
    (
        "New sign-in",
        "Your account was signed in to at {{ data.at }} (Beijing time) from a new address, {{ data.address }} ({{ data.user_agent }}). If that was not you, change your password and end the session at once.",
    ),
);

async fn invitation(app: &App, payload: &str) -> Result<(), JobError> {
    let event: Invited = read_payload(payload)?;
    let found = letter::invitation(app.reader(), &app.secrets, &event, app.clock.now()).await?;
    let Some(InvitationLetter { to, display_name, organisation, role, token, expires_at }) = found else {
        return Ok(());
    };
    let (role_zh, role_en) = role_in_words(role);
    let data = json!({
        "display_name": display_name, "organisation": organisation, "role_zh": role_zh, "role_en": role_en,
        "token": token, "until": in_beijing(expires_at),
    });
    let to = Recipient::nobody_in_particular(to);
    send(app, &to, &INVITED, &format!("invitation.{}", event.invitation), &data).await
}

async fn password_reset(app: &App, payload: &str) -> Result<(), JobError> {
    let event: PasswordResetAsked = read_payload(payload)?;
    let found = letter::password_reset(app.reader(), &app.secrets, &event, app.clock.now()).await?;
    let Some(ResetLetter { person, to, display_name, token, expires_at }) = found else { return Ok(()) };
    let data = json!({ "display_name": display_name, "token": token, "until": in_beijing(expires_at) });
    let to = reached(app, person, to).await?;
    send(app, &to, &RESET, &format!("password-reset.{}", event.reset), &data).await
}

async fn sign_in(app: &App, payload: &str) -> Result<(), JobError> {
    let event: SignedInElsewhere = read_payload(payload)?;
    let Some(found) = letter::signed_in_elsewhere(app.reader(), &event).await? else { return Ok(()) };
    let ElsewhereLetter { to, display_name, address, user_agent, at } = found;
    let data = json!({
        "display_name": display_name, "address": address, "user_agent": user_agent, "at": in_beijing(at),
    });
    let to = reached(app, event.person, to).await?;
    send(app, &to, &ELSEWHERE, &format!("sign-in.{}", event.session), &data).await
}

async fn reached(app: &App, person: PersonId, address: String) -> Result<Recipient, JobError> {
    let wish = store::wish(app.reader(), person).await?.unwrap_or_else(|| wish::usual(person));
    Ok(Recipient { person: Some(person), address, wish })
}

async fn send(app: &App, to: &Recipient, rule: &Rule, key: &str, data: &Value) -> Result<(), JobError> {
    let letter = written(rule, data, to.wish.language)?;
    post(app, to, About { key, organisation: None, category: rule.category }, &letter).await
}

/// An instant as clocks in China show it.
fn in_beijing(at: Timestamp) -> String {
    let beijing = FixedOffset::east_opt(8 * 3600).map(|offset| at.with_timezone(&offset));
    beijing.map_or_else(|| at.to_rfc3339(), |at| at.format("%Y-%m-%d %H:%M").to_string())
}
