//! Access tokens: JSON Web Tokens signed with Ed25519, short-lived.
//!
//! The cryptography behind `jsonwebtoken` is `ring`, which the database and mail connections already bring;
//! the provider below knows EdDSA and nothing else, so a token that names another algorithm cannot be checked at all.

use super::{AccessError, Actor, Member};
use crate::secrecy::Secrets;
use entity::value::role::Role;
use entity::value::{AreaCode, OrganisationId, PersonId, Timestamp};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

/// Who made our tokens, and for whom.
const ISSUER: &str = "liannong";

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: PersonId,
    jti: uuid::Uuid,
    iat: i64,
    exp: i64,
    org: OrganisationId,
    role: Role,
    div: AreaCode,
}

/// Makes and checks tokens.
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    lifetime: chrono::Duration,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl Tokens {
    /// Tokens signed with the key of these secrets, valid for so many minutes.
    ///
    /// # Errors
    /// [`AccessError::TokenInvalid`] when the seed is not a key.
    pub fn new(secrets: &Secrets, minutes: u32) -> Result<Self, AccessError> {
        // Installing twice is harmless: the first stays, and it is the same.
        let _installed_before = PROVIDER.install_default();
        let pair = Ed25519KeyPair::from_seed_unchecked(secrets.token_seed()).map_err(|_| AccessError::TokenInvalid)?;
        Ok(Self {
            signing: EncodingKey::from_ed_der(secrets.token_seed()),
            checking: DecodingKey::from_ed_der(pair.public_key().as_ref()),
            lifetime: chrono::Duration::minutes(i64::from(minutes)),
        })
    }

    /// A token for a member, with the instant of its expiry.
    ///
    /// # Errors
    /// [`AccessError::TokenInvalid`] when it cannot be signed.
    pub fn issue(&self, member: &Member, now: Timestamp) -> Result<(String, Timestamp), AccessError> {
        let expires = now + self.lifetime;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: member.person,
            jti: uuid::Uuid::now_v7(),
            iat: now.timestamp(),
            exp: expires.timestamp(),
            org: member.organisation,
            role: member.role,
            div: member.division.clone(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.signing)
            .map_err(|_| AccessError::TokenInvalid)?;
        Ok((token, expires))
    }

    /// Who a token speaks for.
    ///
    /// # Errors
    /// [`AccessError::TokenInvalid`] when it is malformed, signed by another key, or expired.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Actor, AccessError> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[ISSUER]);
        // Expiry is judged by the house's own clock, below.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &rules)
            .map_err(|_| AccessError::TokenInvalid)?
            .claims;
        if claims.exp <= now.timestamp() {
            return Err(AccessError::TokenInvalid);
        }
        Ok(Actor::Member(Member {
            person: claims.sub,
            organisation: claims.org,
            role: claims.role,
            division: claims.div,
        }))
    }
}

struct Signer(Ed25519KeyPair);

impl signature::Signer<Vec<u8>> for Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Verifier(Vec<u8>);

impl signature::Verifier<Vec<u8>> for Verifier {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> Result<(), signature::Error> {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signed).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

/// Refuses every algorithm but EdDSA.
fn only_eddsa(algorithm: Algorithm, family: AlgorithmFamily) -> Result<(), Error> {
    if algorithm == Algorithm::EdDSA && family == AlgorithmFamily::Ed {
        Ok(())
    } else {
        Err(ErrorKind::InvalidAlgorithm.into())
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        only_eddsa(*algorithm, key.family())?;
        let pair = Ed25519KeyPair::from_seed_unchecked(key.as_bytes()).map_err(|_| ErrorKind::InvalidEddsaKey)?;
        Ok(Box::new(Signer(pair)) as Box<dyn JwtSigner>)
    },
    verifier_factory: |algorithm, key| {
        only_eddsa(*algorithm, key.family())?;
        Ok(Box::new(Verifier(key.try_get_as_bytes()?.to_vec())) as Box<dyn JwtVerifier>)
    },
    key_utils: KeyUtils::new_unimplemented(),
};
