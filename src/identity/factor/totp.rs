//! Codes from a secret and the time: pure.

use crate::identity::IdentityError;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// How many bytes a secret has (RFC 4226 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;

fn of(secret: &[u8], username: &str) -> Result<Totp, IdentityError> {
    // Authenticators know SHA-1, six digits and thirty seconds; some pretend to know more.
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(1)
        .with_secret(secret)
        .with_account_name(username)
        .with_issuer(Some("Liannong"))
        .build()
        .map_err(|_| IdentityError::NoRandomness)
}

/// The address that authenticators read, and the secret for typing.
///
/// # Errors
/// When the secret or the name cannot be written so.
pub fn shown(secret: &[u8], username: &str) -> Result<(String, String), IdentityError> {
    let totp = of(secret, username)?;
    let uri = totp.to_url().map_err(|_| IdentityError::NoRandomness)?;
    Ok((uri, Secret::from(secret).to_base32()))
}

/// The step whose code this is, one half minute early or late allowed, when it comes after the last that was used.
///
/// # Errors
/// When the secret cannot be used.
pub fn step_of(secret: &[u8], code: &str, seconds: u64, last_step: i64) -> Result<Option<i64>, IdentityError> {
    let found = of(secret, "member")?.check(code, seconds);
    Ok(found.and_then(|step| i64::try_from(step).ok()).filter(|step| *step > last_step))
}
