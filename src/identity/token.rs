//! Tokens that travel by mail: made from the house's secret and the identifier of what they open, so that they stand
//! in no table, no event and no log; only their hash is kept, by which they are found again.

use crate::secrecy::{Secrets, sha256_hex};
use uuid::Uuid;

/// What a token opens.
#[derive(Debug, Clone, Copy)]
pub enum Opens {
    /// An invitation.
    Invitation,
    /// A new password.
    PasswordReset,
}

impl Opens {
    fn kind(self) -> &'static str {
        match self {
            Self::Invitation => "mail_token.invitation",
            Self::PasswordReset => "mail_token.password_reset",
        }
    }
}

/// The token for one object.
pub fn made_for(secrets: &Secrets, opens: Opens, id: Uuid) -> String {
    secrets.lookup(opens.kind(), &id.to_string())
}

/// What is kept of a token.
pub fn hash_of(token: &str) -> String {
    sha256_hex(token.as_bytes())
}
