//! Access tokens: JSON Web Tokens signed with Ed25519, short-lived.
//!
//! The cryptography behind `jsonwebtoken` is `ring`, which the database and mail connections already bring;
//! the provider below knows EdDSA and nothing else, so a token that names another algorithm cannot be checked at all.
//!
//! Promises: a token names the key that signed it by the key's thumbprint (RFC 7638), and only keys this house knows
//! are asked; the public keys are there for everybody ([`Tokens::key_set`]). A token lives minutes and is not looked
//! up: the end of a session is known at once to the server that was told, and to the others when the token expires.

use super::{AccessError, Actor, Member};
use crate::secrecy::Secrets;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::value::role::Role;
use entity::value::{AreaCode, OrganisationId, PersonId, SessionId, Timestamp};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header, Validation};
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
}

/// A key whose signatures are accepted.
struct Known {
    /// Its thumbprint, which tokens name.
    kid: String,
    /// The public key, base64url: `x` of RFC 8037.
    x: String,
    checking: DecodingKey,
}

impl Known {
    fn of(seed: &[u8; 32]) -> Result<Self, AccessError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| AccessError::TokenInvalid)?;
        let public = pair.public_key().as_ref();
        let x = URL_SAFE_NO_PAD.encode(public);
        Ok(Self { kid: thumbprint(&x), x, checking: DecodingKey::from_ed_der(public) })
    }
}

/// The thumbprint of an Ed25519 key (RFC 7638): the members that make the key, in the order of their names.
#[must_use]
pub fn thumbprint(x: &str) -> String {
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(digest(&SHA256, members.as_bytes()))
}

/// Makes and checks tokens.
pub struct Tokens {
    signing: EncodingKey,
    /// The key that signs comes first.
    known: Vec<Known>,
    lifetime: chrono::Duration,
    /// Sessions ended on this server, until the last of their tokens has expired.
    ended: Mutex<HashMap<SessionId, Timestamp>>,
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
        Ok(Self {
            signing: EncodingKey::from_ed_der(secrets.token_seed()),
            known: vec![Known::of(secrets.token_seed())?],
            lifetime: chrono::Duration::minutes(i64::from(minutes)),
            ended: Mutex::default(),
        })
    }

    /// Accepts tokens that these secrets signed as well: those given out before the secret was changed.
    ///
    /// # Errors
    /// [`AccessError::TokenInvalid`] when the seed is not a key.
    pub fn accepting(mut self, previous: &Secrets) -> Result<Self, AccessError> {
        let previous = Known::of(previous.token_seed())?;
        if self.known.iter().all(|known| known.kid != previous.kid) {
            self.known.push(previous);
        }
        Ok(self)
    }

    /// The public keys, as a JSON Web Key Set (RFC 7517, RFC 8037).
    #[must_use]
    pub fn key_set(&self) -> serde_json::Value {
        let key = |known: &Known| {
            serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": known.kid, "x": known.x,
            })
        };
        serde_json::json!({ "keys": self.known.iter().map(key).collect::<Vec<_>>() })
    }

    /// From now on this server refuses the tokens of these sessions.
    pub fn end(&self, sessions: &[SessionId], now: Timestamp) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, at| *at + self.lifetime > now);
        ended.extend(sessions.iter().map(|id| (*id, now)));
    }

    fn has_ended(&self, session: SessionId) -> bool {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&session)
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
            sid: member.session,
        };
        let mut head = Header::new(Algorithm::EdDSA);
        head.kid = self.known.first().map(|known| known.kid.clone());
        let token = jsonwebtoken::encode(&head, &claims, &self.signing).map_err(|_| AccessError::TokenInvalid)?;
        Ok((token, expires))
    }

    /// Who a token speaks for.
    ///
    /// # Errors
    /// [`AccessError::TokenInvalid`] when it is malformed, signed by another key, expired, or of an ended session.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Actor, AccessError> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[ISSUER]);
        // Expiry is judged by the house's own clock, below.
        rules.validate_exp = false;
        let head = jsonwebtoken::decode_header(token).map_err(|_| AccessError::TokenInvalid)?;
        let known = self.known.iter().find(|known| head.kid.as_ref() == Some(&known.kid));
        let checking = &known.ok_or(AccessError::TokenInvalid)?.checking;
        let claims =
            jsonwebtoken::decode::<Claims>(token, checking, &rules).map_err(|_| AccessError::TokenInvalid)?.claims;
        if claims.exp <= now.timestamp() || claims.sid.is_some_and(|session| self.has_ended(session)) {
            return Err(AccessError::TokenInvalid);
        }
        Ok(Actor::Member(Member {
            person: claims.sub,
            organisation: claims.org,
            role: claims.role,
            division: claims.div,
            session: claims.sid,
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
