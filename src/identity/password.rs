//! Passwords: Argon2id with 19 MiB, two passes, one lane.
//!
//! Hashing takes memory and a core for tens of milliseconds, so it is done off the request threads and by two at a
//! time: a crowd at the door waits in line and the rest of the house goes on.

use super::error::IdentityError;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

static TURN: Semaphore = Semaphore::const_new(2);

/// Made with the same effort as any other and matching no password: checked when there is nobody by the name.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bGlhbm5vbmctbm9ib2R5IQ$Y4KzzIgUErd7/K7tAmABwA2eMCXmbCD25+kvB5hRRio";

fn argon2() -> Result<Argon2<'static>, IdentityError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| IdentityError::Hashing)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IdentityError> + Send + 'static,
) -> Result<T, IdentityError> {
    let _turn = TURN.acquire().await.map_err(|_| IdentityError::Hashing)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| IdentityError::Hashing)?
}

/// The hash of a password, in PHC form, with a salt of its own.
///
/// # Errors
/// [`IdentityError::Hashing`] when the machine has no memory or no random numbers.
pub async fn hash_password(password: &str) -> Result<String, IdentityError> {
    let password = password.to_owned();
    in_turn(move || {
        let hash = argon2()?.hash_password(password.as_bytes()).map_err(|_| IdentityError::Hashing)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password has this hash; with none, or one that nothing can have, does the same work and says no.
pub(super) async fn is_right(password: &str, hash: Option<&str>) -> Result<bool, IdentityError> {
    let known = hash.and_then(|hash| PasswordHash::new(hash).ok());
    let password = password.to_owned();
    in_turn(move || {
        let is_known = known.is_some();
        let hash = match known {
            Some(hash) => hash,
            None => PasswordHash::new(NOBODY).map_err(|_| IdentityError::Hashing)?,
        };
        Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && is_known)
    })
    .await
}
