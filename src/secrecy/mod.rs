//! Keeps personal data unreadable at rest and unforgeable in tokens.
//!
//! One master secret gives, by HKDF, a key for columns, one for look-ups, one for tokens and one for seals. While the
//! secret is changed a second one is accepted beside it: what it sealed still opens, what is sealed now is sealed with
//! the present one.
//! Promises: a ciphertext opens only in the table, row and column it was made for and says which key made it; equal
//! values have different ciphertexts and equal look-up hashes; no key is ever printed.
//! Knows no table: callers name the [`Place`], and list their columns as [`SealedColumn`] for the change of keys.
//!
//! # Format
//!
//! A ciphertext is Base64 over: the byte 2; the first five bytes of the key's name; a nonce of 12 bytes; the text under
//! AES-256-GCM with its place (`table/row/column`) as associated data. The first six bytes are the first eight
//! characters, so a question in SQL finds what another key sealed. Those of the first format begin with the byte 1 and
//! do not name their key.

mod rotation;

pub use rotation::{Lookup, SealedColumn};

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{aead, digest, hkdf, hmac, rand::SecureRandom};
use std::path::Path;

/// What went wrong with a secret or a ciphertext.
#[derive(Debug, thiserror::Error)]
pub enum SecrecyError {
    /// The master secret is not 64 hexadecimal digits.
    #[error("the master secret must be 64 hexadecimal digits")]
    MalformedSecret,
    /// The key file can be read by others.
    #[error("the key file {0} can be read by others; run chmod 600 on it")]
    OpenPermissions(String),
    /// Files.
    #[error("the key file {0} cannot be read or written: {1}")]
    File(String, #[source] std::io::Error),
    /// The machine gave no random numbers.
    #[error("the machine gave no random numbers")]
    NoRandomness,
    /// The ciphertext was made for another place, by another key, or was changed.
    #[error("a ciphertext does not open in this place")]
    DoesNotOpen,
}

/// Where a ciphertext lives: it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Table.
    pub table: &'static str,
    /// Primary key of the row.
    pub row: uuid::Uuid,
    /// Column.
    pub column: &'static str,
}

impl Place {
    fn context(&self) -> String {
        format!("{}/{}/{}", self.table, self.row, self.column)
    }
}

/// The keys derived from one master secret.
struct Keys {
    name: [u8; NAME_LENGTH],
    column: aead::LessSafeKey,
    lookup: hmac::Key,
    token_seed: [u8; 32],
    seal_seed: [u8; 32],
}

/// The keys of the house: those of the present secret, and those of the one before while it is accepted.
pub struct Secrets {
    present: Keys,
    previous: Option<Keys>,
    random: ring::rand::SystemRandom,
}

/// Never prints a key.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// First byte of a ciphertext that does not name its key.
const NAMELESS: u8 = 1;
/// First byte of a ciphertext that does.
const NAMED: u8 = 2;
/// So much of a key's name stands in each ciphertext.
const NAME_LENGTH: usize = 5;

struct Length32;
impl hkdf::KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(master: &hkdf::Prk, purpose: &[u8]) -> Result<[u8; 32], SecrecyError> {
    let mut key = [0; 32];
    let parts = [purpose];
    let material = master.expand(&parts, Length32).map_err(|_| SecrecyError::MalformedSecret)?;
    material.fill(&mut key).map_err(|_| SecrecyError::MalformedSecret)?;
    Ok(key)
}

impl Keys {
    fn from_hex(secret: &str) -> Result<Self, SecrecyError> {
        let bytes = hex::decode(secret.trim()).map_err(|_| SecrecyError::MalformedSecret)?;
        if bytes.len() != 32 {
            return Err(SecrecyError::MalformedSecret);
        }
        let master = hkdf::Salt::new(hkdf::HKDF_SHA256, b"liannong master secret v1").extract(&bytes);
        let column = derive(&master, b"column")?;
        let column = aead::UnboundKey::new(&aead::AES_256_GCM, &column).map_err(|_| SecrecyError::MalformedSecret)?;
        let mut name = [0; NAME_LENGTH];
        name.copy_from_slice(&derive(&master, b"column key name")?[..NAME_LENGTH]);
        Ok(Self {
            name,
            column: aead::LessSafeKey::new(column),
            lookup: hmac::Key::new(hmac::HMAC_SHA256, &derive(&master, b"lookup")?),
            token_seed: derive(&master, b"token")?,
            seal_seed: derive(&master, b"seal")?,
        })
    }

    fn open(&self, place: Place, nonce_and_body: &[u8]) -> Result<String, SecrecyError> {
        let (nonce, body) = nonce_and_body.split_at_checked(aead::NONCE_LEN).ok_or(SecrecyError::DoesNotOpen)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| SecrecyError::DoesNotOpen)?;
        let mut body = body.to_vec();
        let clear = self
            .column
            .open_in_place(nonce, aead::Aad::from(place.context()), &mut body)
            .map_err(|_| SecrecyError::DoesNotOpen)?;
        String::from_utf8(clear.to_vec()).map_err(|_| SecrecyError::DoesNotOpen)
    }

    fn lookup(&self, kind: &str, clear: &str) -> String {
        let mut context = hmac::Context::with_key(&self.lookup);
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(clear.as_bytes());
        hex::encode(context.sign())
    }

    fn mark(&self) -> Vec<u8> {
        let mut mark = vec![NAMED];
        mark.extend_from_slice(&self.name);
        mark
    }
}

impl Secrets {
    /// Derives the keys from the master secret.
    ///
    /// # Errors
    /// [`SecrecyError::MalformedSecret`] unless it is 64 hexadecimal digits.
    pub fn from_hex(secret: &str) -> Result<Self, SecrecyError> {
        Ok(Self { present: Keys::from_hex(secret)?, previous: None, random: ring::rand::SystemRandom::new() })
    }

    /// These, and what the other secret sealed opens as well.
    #[must_use]
    pub fn accepting(self, previous: Self) -> Self {
        Self { previous: Some(previous.present), ..self }
    }

    /// Whether a second secret is accepted.
    #[must_use]
    pub fn accepts_another(&self) -> bool {
        self.previous.is_some()
    }

    /// Reads a key file that must be there.
    ///
    /// # Errors
    /// When it is missing, can be read by others, or is malformed.
    pub fn from_file(path: &Path) -> Result<Self, SecrecyError> {
        let name = path.display().to_string();
        let secret = std::fs::read_to_string(path).map_err(|e| SecrecyError::File(name.clone(), e))?;
        Self::refuse_open_permissions(path, &name)?;
        Self::from_hex(&secret)
    }

    /// Reads the key file, or makes it, readable by its owner only.
    ///
    /// # Errors
    /// When it can be read by others, is malformed, or cannot be written.
    pub fn from_file_or_new(path: &Path) -> Result<Self, SecrecyError> {
        match Self::from_file(path) {
            Err(SecrecyError::File(name, missing)) if missing.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                ring::rand::SystemRandom::new().fill(&mut bytes).map_err(|_| SecrecyError::NoRandomness)?;
                let secret = hex::encode(bytes);
                Self::write_private(path, &secret).map_err(|e| SecrecyError::File(name, e))?;
                Self::from_hex(&secret)
            }
            known => known,
        }
    }

    #[cfg(unix)]
    fn refuse_open_permissions(path: &Path, name: &str) -> Result<(), SecrecyError> {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_err(|e| SecrecyError::File(name.to_owned(), e))?.permissions().mode();
        if mode & 0o077 == 0 { Ok(()) } else { Err(SecrecyError::OpenPermissions(name.to_owned())) }
    }

    #[cfg(not(unix))]
    fn refuse_open_permissions(_: &Path, _: &str) -> Result<(), SecrecyError> {
        Ok(())
    }

    fn write_private(path: &Path, secret: &str) -> std::io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        std::io::Write::write_all(&mut options.open(path)?, secret.as_bytes())
    }

    /// The seed of the key that signs tokens (Ed25519).
    #[must_use]
    pub fn token_seed(&self) -> &[u8; 32] {
        &self.present.token_seed
    }

    /// The seed of the key that signs the seals of the journal (Ed25519).
    #[must_use]
    pub fn seal_seed(&self) -> &[u8; 32] {
        &self.present.seal_seed
    }

    /// The same of the secret before, while it is accepted: it vouches for the present one.
    #[must_use]
    pub fn previous_seal_seed(&self) -> Option<&[u8; 32]> {
        self.previous.as_ref().map(|keys| &keys.seal_seed)
    }

    /// The first characters of every ciphertext made now; whatever begins otherwise was sealed by another key.
    #[must_use]
    pub fn present_mark(&self) -> String {
        STANDARD.encode(self.present.mark())
    }

    /// Encrypts a text for one place (AES-256-GCM, random nonce).
    ///
    /// # Errors
    /// [`SecrecyError::NoRandomness`].
    pub fn seal(&self, place: Place, clear: &str) -> Result<String, SecrecyError> {
        let mut nonce = [0; aead::NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| SecrecyError::NoRandomness)?;
        let mut sealed = clear.as_bytes().to_vec();
        self.present
            .column
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(place.context()),
                &mut sealed,
            )
            .map_err(|_| SecrecyError::DoesNotOpen)?;
        let mut whole = self.present.mark();
        whole.extend_from_slice(&nonce);
        whole.extend_from_slice(&sealed);
        Ok(STANDARD.encode(whole))
    }

    /// Decrypts a text in the place it was made for, with the key that made it.
    ///
    /// # Errors
    /// [`SecrecyError::DoesNotOpen`] anywhere else.
    pub fn open(&self, place: Place, sealed: &str) -> Result<String, SecrecyError> {
        let whole = STANDARD.decode(sealed).map_err(|_| SecrecyError::DoesNotOpen)?;
        let all = || std::iter::once(&self.present).chain(&self.previous);
        match whole.split_first() {
            Some((&NAMED, rest)) => {
                let (name, rest) = rest.split_at_checked(NAME_LENGTH).ok_or(SecrecyError::DoesNotOpen)?;
                let keys = all().find(|keys| keys.name == name).ok_or(SecrecyError::DoesNotOpen)?;
                keys.open(place, rest)
            }
            Some((&NAMELESS, rest)) => {
                all().find_map(|keys| keys.open(place, rest).ok()).ok_or(SecrecyError::DoesNotOpen)
            }
            _ => Err(SecrecyError::DoesNotOpen),
        }
    }

    /// A keyed hash by which an equal value can be found without being readable. What is written holds this one.
    #[must_use]
    pub fn lookup(&self, kind: &str, clear: &str) -> String {
        self.present.lookup(kind, clear)
    }

    /// Every hash under which an equal value may stand: the present one, and that of the secret before while it is
    /// accepted. What is looked for is any of them.
    #[must_use]
    pub fn lookups(&self, kind: &str, clear: &str) -> Vec<String> {
        std::iter::once(&self.present).chain(&self.previous).map(|keys| keys.lookup(kind, clear)).collect()
    }

    /// A keyed hash for the audit, where equal values should be seen to be equal and not be readable. It names its key,
    /// because the audit is never written anew.
    #[must_use]
    pub fn fingerprint(&self, field: &str, clear: &str) -> String {
        let name = hex::encode(self.present.name);
        format!("{name}:{}", self.present.lookup(&format!("audit.{field}"), clear))
    }
}

/// Thirty-two bytes that nobody can guess.
///
/// # Errors
/// [`SecrecyError::NoRandomness`].
pub fn random_bytes() -> Result<[u8; 32], SecrecyError> {
    let mut bytes = [0; 32];
    ring::rand::SystemRandom::new().fill(&mut bytes).map_err(|_| SecrecyError::NoRandomness)?;
    Ok(bytes)
}

/// SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}
