//! A name and a password, looked at before anything is written, and what follows from them inside the transaction.
//!
//! Whoever demands a password beside signing in goes through here, so that guessing costs the same everywhere.

use super::delay::{self, FROM_ANYWHERE, FROM_ONE_ADDRESS};
use super::store;
use crate::db::Tx;
use crate::http::Origin;
use crate::identity::{IdentityError, password, store as people};
use crate::secrecy::Secrets;
use entity::person;
use entity::value::Timestamp;
use sea_orm::ConnectionTrait;

/// Under which keys failures are counted.
struct Keys {
    from_here: String,
    from_anywhere: String,
}

impl Keys {
    /// The name is hashed with a key: what is typed there is not always a name.
    fn of(secrets: &Secrets, username: &str, origin: &Origin) -> Self {
        let network = origin.network().map_or_else(|| "inside".to_owned(), |network| network.to_string());
        Self {
            from_here: secrets.lookup("sign_in.here", &format!("{network} {username}")),
            from_anywhere: secrets.lookup("sign_in.anywhere", username),
        }
    }

    fn both(&self) -> [&str; 2] {
        [&self.from_here, &self.from_anywhere]
    }

    /// How long to wait before the next attempt; others' failures do not count where this person was before.
    fn wait(
        &self,
        held: &[entity::sign_in_attempt::Model],
        was_here: bool,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        held.iter()
            .filter(|row| row.key == self.from_here || !was_here)
            .filter_map(|row| delay::seconds_left(row.blocked_until, now))
            .max()
            .map_or(Ok(()), |seconds| Err(IdentityError::TooManyAttempts { seconds }))
    }
}

/// Somebody with a name and a password.
pub struct Proof {
    keys: Keys,
    /// Whom the name belongs to, right password or not.
    pub person: Option<person::Model>,
    /// Whether that person was signed in from this address before.
    pub was_here: bool,
    /// Whether the password is theirs.
    pub is_right: bool,
}

impl Proof {
    /// Looks at a name and a password, unless they have to wait.
    pub async fn look(
        db: &impl ConnectionTrait,
        secrets: &Secrets,
        now: Timestamp,
        origin: &Origin,
        (username, typed): (&str, &str),
    ) -> Result<Self, IdentityError> {
        let keys = Keys::of(secrets, username, origin);
        let person = people::find_by_username(db, username).await?.filter(|person| person.is_active);
        let was_here = match (&person, origin.address) {
            (Some(person), Some(address)) => store::was_here(db, person.id, &address.to_string()).await?,
            _ => false,
        };
        keys.wait(&store::attempts(db, keys.both()).await?, was_here, now)?;
        let hash = person.as_ref().map(|person| person.password_hash.as_str());
        let is_right = password::is_right(typed, hash).await? && person.is_some();
        Ok(Self { keys, person, was_here, is_right })
    }

    /// The person, when the password is theirs.
    pub fn proven(&self) -> Option<&person::Model> {
        self.person.as_ref().filter(|_| self.is_right)
    }

    /// The wait is looked at again, under lock: of many guesses at once, those that came after the one too many are
    /// not answered, right or wrong.
    pub async fn recheck(&self, tx: &Tx) -> Result<(), IdentityError> {
        let counts = store::hold_attempts(tx, self.keys.both()).await?;
        self.keys.wait(&counts, self.was_here, tx.now())
    }

    /// Whoever was let in starts anew from this address.
    pub async fn forgive(&self, tx: &Tx) -> Result<(), IdentityError> {
        Ok(store::forget_failures(tx, &self.keys.from_here).await?)
    }

    /// Counts a failure, of the password or of what was asked beside it.
    pub async fn count_failure(&self, tx: &Tx) -> Result<(), IdentityError> {
        let keys = self.keys.both();
        store::forget_old_failures(tx, delay::forgotten_before(tx.now())).await?;
        store::begin_attempts(tx, keys).await?;
        let counts = store::hold_attempts(tx, keys).await?;
        self.keys.wait(&counts, self.was_here, tx.now())?;
        for row in &counts {
            let patience = if row.key == self.keys.from_here { FROM_ONE_ADDRESS } else { FROM_ANYWHERE };
            let (failures, until) = patience.after_failure(row.failures, row.last_failed_at, tx.now());
            store::count_failure(tx, &row.key, failures, until).await?;
        }
        Ok(())
    }

    /// The person when the password is right; otherwise the failure is counted, and the refusal given back inside
    /// `Ok`, so that the count is committed.
    pub async fn demand(&self, tx: &Tx) -> Result<Result<person::Model, IdentityError>, IdentityError> {
        match self.proven() {
            Some(person) => {
                self.recheck(tx).await?;
                Ok(Ok(person.clone()))
            }
            None => {
                self.count_failure(tx).await?;
                Ok(Err(IdentityError::WrongCredentials))
            }
        }
    }
}

/// Somebody proved to own a name in another way: they do not wait for guesses from this address.
pub async fn forgive(tx: &Tx, secrets: &Secrets, username: &str, origin: &Origin) -> Result<(), IdentityError> {
    Ok(store::forget_failures(tx, &Keys::of(secrets, username, origin).from_here).await?)
}
