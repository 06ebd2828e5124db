//! Mail about accounts: invitations, and sign-ins from places that are new.

use super::{MailError, Mailer};
use crate::app::App;
use crate::db::Event;
use crate::identity::event::{Invited, PasswordResetAsked, SignedInElsewhere};
use crate::identity::letter::{self, ElsewhereLetter, InvitationLetter, ResetLetter};
use crate::identity::role_in_words;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::problem::Problem;
use chrono::FixedOffset;
use entity::value::Timestamp;

/// Mails whoever is invited.
pub const INVITATION: JobKind = JobKind {
    name: "notice.invitation",
    outward: true,
    hears: &[Invited::TOPIC],
    run: |app, payload| Box::pin(invitation(app, payload)),
};

/// Mails whoever signed in from a new place.
pub const SIGN_IN: JobKind = JobKind {
    name: "notice.sign_in",
    outward: true,
    hears: &[SignedInElsewhere::TOPIC],
    run: |app, payload| Box::pin(sign_in(app, payload)),
};

/// Mails whoever asked for a new password.
pub const PASSWORD_RESET: JobKind = JobKind {
    name: "notice.password_reset",
    outward: true,
    hears: &[PasswordResetAsked::TOPIC],
    run: |app, payload| Box::pin(password_reset(app, payload)),
};

async fn password_reset(app: &App, payload: &str) -> Result<(), JobError> {
    let event: PasswordResetAsked = read_payload(payload)?;
    let Some(letter) = letter::password_reset(app.reader(), &app.secrets, &event, app.clock.now()).await? else {
        return Ok(());
    };
    let text = reset_text(&letter);
    send(app, &letter.to, &format!("password-reset.{}", event.reset), "重置密码 New password", text).await
}

async fn invitation(app: &App, payload: &str) -> Result<(), JobError> {
    let event: Invited = read_payload(payload)?;
    let Some(letter) = letter::invitation(app.reader(), &app.secrets, &event, app.clock.now()).await? else {
        return Ok(());
    };
    let subject = format!("邀请您加入 Invitation: {}", letter.organisation);
    let text = invitation_text(&letter);
    send(app, &letter.to, &format!("invitation.{}", event.invitation), &subject, text).await
}

async fn sign_in(app: &App, payload: &str) -> Result<(), JobError> {
    let event: SignedInElsewhere = read_payload(payload)?;
    let Some(letter) = letter::signed_in_elsewhere(app.reader(), &event).await? else { return Ok(()) };
    let text = sign_in_text(&letter);
    send(app, &letter.to, &format!("sign-in.{}", event.session), "新地点登录 New sign-in", text).await
}

/// An address that is none will not become one; everything else is tried again.
pub(super) async fn send(app: &App, to: &str, id: &str, subject: &str, text: String) -> Result<(), JobError> {
    match app.part::<Mailer>()?.send(to, id, subject, text).await {
        Ok(()) => Ok(()),
        Err(MailError::Address(..)) => {
            tracing::warn!(mail = id, "the mail address cannot be used");
            Ok(())
        }
        Err(error) => {
            tracing::warn!(%error, mail = id, "a mail was not sent");
            Err(JobError::Retry(Problem::internal().into()))
        }
    }
}

/// An instant as clocks in China show it.
pub(super) fn in_beijing(at: Timestamp) -> String {
    let beijing = FixedOffset::east_opt(8 * 3600).map(|offset| at.with_timezone(&offset));
    beijing.map_or_else(|| at.to_rfc3339(), |at| at.format("%Y-%m-%d %H:%M").to_string())
}

fn invitation_text(letter: &InvitationLetter) -> String {
    let InvitationLetter { display_name, organisation, role, token, expires_at, .. } = letter;
    let ((zh, en), until) = (role_in_words(*role), in_beijing(*expires_at));
    format!(
        "{display_name}，您好：\n\n{organisation} 邀请您在联农平台担任“{zh}”。\n邀请码（{until} 前一次有效，请勿转发）：\n\n\
         {token}\n\n请以此邀请码接受邀请（POST /api/v1/invitations/accept）；如非您本人相关，请忽略此邮件。\n\n\
         ----\n\n\
         Hello {display_name},\n\n{organisation} invites you to act for it on Liannong as {en}. \
         The code above is good once, until {until} (Beijing time); do not pass it on. \
         Accept with POST /api/v1/invitations/accept, or ignore this mail if it is not for you.\n"
    )
}

fn reset_text(letter: &ResetLetter) -> String {
    let ResetLetter { display_name, token, expires_at, .. } = letter;
    let until = in_beijing(*expires_at);
    format!(
        "{display_name}，您好：\n\n有人为您的联农账号申请重置密码。重置码（{until} 前一次有效，请勿转发）：\n\n{token}\n\n\
         请以此重置码设置新密码（POST /api/v1/password-resets/confirm）；若非本人操作，请忽略此邮件，原密码不变。\n\n\
         ----\n\n\
         Hello {display_name},\n\nsomebody asked for a new password of your Liannong account. The code above is good \
         once, until {until} (Beijing time); set the password with POST /api/v1/password-resets/confirm. If that was \
         not you, ignore this mail; your password stays as it is.\n"
    )
}

fn sign_in_text(letter: &ElsewhereLetter) -> String {
    let ElsewhereLetter { display_name, address, user_agent, at, .. } = letter;
    let at = in_beijing(*at);
    format!(
        "{display_name}，您好：\n\n您的账号于 {at} 从新的地址 {address} 登录（{user_agent}）。\n\
         若非本人操作，请立即修改密码并终止该会话。\n\n\
         ----\n\n\
         Hello {display_name},\n\nyour account was signed in to at {at} (Beijing time) from a new address, {address} \
         ({user_agent}). If that was not you, change your password and end the session at once.\n"
    )
}
