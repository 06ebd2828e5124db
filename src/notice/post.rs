//! Posting a letter to a person: once, in their language, not in their quiet hours, gathered with others when they wish
//! so, and not at all when they do not want its kind. What concerns the account itself always comes, and at once. The one
//! way on which mail leaves the house: whatever becomes of it stands in the list of mails.

use super::letter::Letter;
use super::mailer::{Mailer, Outgoing};
use super::{store, wish};
use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::jobs::JobError;
use crate::problem::Problem;
use entity::mail;
use entity::mail_preference;
use entity::value::{MailCategory, MailId, MailState, OrganisationId, PersonId};

/// Somebody who is written to.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Who; none when it is an organisation's address, or that of somebody who is invited.
    pub person: Option<PersonId>,
    /// Where mail reaches them.
    pub address: String,
    /// How they wish to be told.
    pub wish: mail_preference::Model,
}

impl Recipient {
    /// An address that is no person's: nobody said how they wish to be told there.
    pub fn nobody_in_particular(address: String) -> Self {
        Self { person: None, address, wish: wish::usual(PersonId::from_uuid(uuid::Uuid::nil())) }
    }
}

/// Which letter it is.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// What it is about: the same for the same mail.
    pub key: &'a str,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// Which kind of mail.
    pub category: MailCategory,
}

impl About<'_> {
    /// The same for the same mail to the same recipient.
    fn key_to(&self, to: &Recipient) -> String {
        match (to.person, self.organisation) {
            (Some(person), _) => format!("{}.{person}", self.key),
            (None, Some(organisation)) => format!("{}.{organisation}", self.key),
            (None, None) => self.key.to_owned(),
        }
    }
}

fn row(app: &App, to: &Recipient, about: About<'_>, letter: &Letter, state: MailState) -> mail::Model {
    let now = app.clock.now();
    mail::Model {
        id: MailId::generate(),
        key: about.key_to(to),
        person_id: to.person,
        organisation_id: about.organisation,
        category: about.category,
        state,
        subject: letter.subject.clone(),
        body: (state == MailState::Gathered).then(|| letter.text.clone()),
        error: None,
        created_at: now,
        sent_at: (state == MailState::Sent).then_some(now),
    }
}

/// Posts a letter. What was posted before is not posted again.
///
/// # Errors
/// [`JobError::Later`] in quiet hours; [`JobError::Retry`] when the server does not take it now.
pub async fn post(app: &App, to: &Recipient, about: About<'_>, letter: &Letter) -> Result<(), JobError> {
    let key = about.key_to(to);
    if store::is_posted(app.reader(), &key).await? {
        return Ok(());
    }
    if about.category != MailCategory::Account {
        if wish::is_muted(&to.wish, about.category) {
            return Ok(write(app, row(app, to, about, letter, MailState::Unwanted)).await?);
        }
        if to.wish.digest {
            return Ok(write(app, row(app, to, about, letter, MailState::Gathered)).await?);
        }
        if let Some(later) = wish::quiet_until(&to.wish, app.clock.now()) {
            return Err(JobError::Later(later));
        }
    }
    let state = hand_over(app, to, about.category, &key, letter).await?;
    let error = state.err();
    let state = if error.is_some() { MailState::Bounced } else { MailState::Sent };
    Ok(write(app, mail::Model { error, ..row(app, to, about, letter, state) }).await?)
}

async fn write(app: &App, row: mail::Model) -> Result<(), crate::problem::Failure> {
    app.transact(&Actor::System, async |tx: &Tx| store::insert(tx, row.clone()).await).await
}

/// Hands a mail over: taken, or come back with a reason.
///
/// # Errors
/// [`JobError::Retry`] when it may be taken later.
pub async fn hand_over(
    app: &App,
    to: &Recipient,
    category: MailCategory,
    id: &str,
    letter: &Letter,
) -> Result<Result<(), String>, JobError> {
    // What always comes cannot be taken off.
    let person = to.person.filter(|_| category != MailCategory::Account);
    let unsubscribe = person.map(|person| wish::unsubscribe_address(app, person, category));
    let (subject, text) = (letter.subject.as_str(), letter.text.as_str());
    let mail = Outgoing { to: &to.address, id, subject, text, unsubscribe: unsubscribe.as_deref() };
    match app.part::<Mailer>()?.hand_over(mail).await {
        Ok(()) => Ok(Ok(())),
        Err(error) => match error.bounce() {
            Some(why) => {
                tracing::warn!(mail = id, why, "a mail came back");
                Ok(Err(why))
            }
            None => {
                tracing::warn!(%error, mail = id, "a mail was not sent");
                Err(JobError::Retry(Problem::internal().into()))
            }
        },
    }
}
