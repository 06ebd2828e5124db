//! Signatures after Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, Base64, marked `v1`.

use crate::secrecy::{SecrecyError, random_bytes};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;

/// How every secret begins.
const PREFIX: &str = "whsec_";

/// A secret that signs. Has no `Debug`: it is never printed.
pub struct Secret {
    text: String,
    key: hmac::Key,
}

impl Secret {
    /// A new secret that nobody can guess.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn generate() -> Result<Self, SecrecyError> {
        let bytes = random_bytes()?;
        Ok(Self::of(format!("{PREFIX}{}", STANDARD.encode(bytes)), &bytes))
    }

    /// A secret as it is written; none when it is not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        Some(Self::of(text.to_owned(), &bytes))
    }

    fn of(text: String, bytes: &[u8]) -> Self {
        Self { text, key: hmac::Key::new(hmac::HMAC_SHA256, bytes) }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The value of `webhook-signature`: one for each secret.
#[must_use]
pub fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &str) -> String {
    let one = |secret: &Secret| {
        let tag = hmac::sign(&secret.key, format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    };
    secrets.iter().map(one).collect::<Vec<_>>().join(" ")
}
