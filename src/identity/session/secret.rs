//! Refresh tokens: 256 random bits, of which only the hash is kept.

use crate::identity::IdentityError;
use crate::secrecy::sha256_hex;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};

/// A refresh token on its way to its owner. No `Debug`.
pub struct RefreshToken {
    text: String,
}

impl RefreshToken {
    /// A new one.
    pub fn generate() -> Result<Self, IdentityError> {
        let mut bits = [0; 32];
        SystemRandom::new().fill(&mut bits).map_err(|_| IdentityError::NoRandomness)?;
        Ok(Self { text: URL_SAFE_NO_PAD.encode(bits) })
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hash_of(&self.text)
    }

    /// The token, for its owner only.
    pub fn reveal(self) -> String {
        self.text
    }
}

/// What is kept of a token.
pub fn hash_of(token: &str) -> String {
    sha256_hex(token.as_bytes())
}
