//! Letters to one organisation, whom the feed does not address in these words: to those of its people who hold one of the
//! rule's roles, each as they wish; to the address the organisation gave when mail reaches none of them.

use super::letter::{Letter, Rule};
use super::post::{About, Recipient, post};
use super::{store, wish};
use crate::app::App;
use crate::jobs::JobError;
use crate::organisation;
use crate::problem::Problem;
use entity::value::{MailLanguage, OrganisationId, PersonId, Role, Timestamp};
use serde_json::Value;

/// What became of several letters: one who sleeps, or whose server is away, holds up nobody else.
#[derive(Debug, Default)]
pub(super) struct Posted {
    later: Option<Timestamp>,
    failed: Option<JobError>,
}

impl Posted {
    /// Adds what became of one.
    pub(super) fn add(&mut self, outcome: Result<(), JobError>) {
        match outcome {
            Ok(()) => {}
            Err(JobError::Later(at)) => self.later = Some(self.later.map_or(at, |other| other.min(at))),
            Err(error) => self.failed = Some(error),
        }
    }

    /// What that means for the job.
    pub(super) fn end(self) -> Result<(), JobError> {
        match (self.failed, self.later) {
            (Some(error), _) => Err(error),
            (None, Some(at)) => Err(JobError::Later(at)),
            (None, None) => Ok(()),
        }
    }
}

/// A template that is wrong stays wrong until somebody mends it.
pub(super) fn unwritten(error: minijinja::Error) -> JobError {
    tracing::error!(%error, "a letter cannot be written");
    JobError::GiveUp(Problem::internal().into())
}

/// The people of an organisation who hold one of these roles and whom mail reaches, with what they wish.
pub(super) async fn recipients(
    app: &App,
    organisation: OrganisationId,
    roles: &[Role],
) -> Result<Vec<Recipient>, JobError> {
    let people = store::reached(app.reader(), organisation, roles).await?;
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<PersonId> = people.iter().map(|(person, _)| *person).collect();
    let mut wishes = store::wishes(app.reader(), &ids).await?;
    let to = |(person, address)| Recipient {
        person: Some(person),
        address,
        wish: wishes.remove(&person).unwrap_or_else(|| wish::usual(person)),
    };
    Ok(people.into_iter().map(to).collect())
}

/// Writes to an organisation. The same `key` is the same letter.
pub(super) async fn write_to(
    app: &App,
    organisation: OrganisationId,
    rule: &Rule,
    key: &str,
    data: &Value,
) -> Result<(), JobError> {
    let mut people = recipients(app, organisation, rule.roles).await?;
    if people.is_empty() {
        let found = organisation::find(app.reader(), organisation).await?;
        people.extend(found.and_then(|found| found.contact_email).map(Recipient::nobody_in_particular));
    }
    let about = About { key, organisation: Some(organisation), category: rule.category };
    let mut posted = Posted::default();
    for to in &people {
        let letter = rule.letter(None, data, to.wish.language).map_err(unwritten)?;
        posted.add(post(app, to, about, &letter).await);
    }
    posted.end()
}

/// The same letter in somebody's language, to one address.
pub(super) fn written(rule: &Rule, data: &Value, language: MailLanguage) -> Result<Letter, JobError> {
    rule.letter(None, data, language).map_err(unwritten)
}
