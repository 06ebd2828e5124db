//! Cursors of the feed: opaque to whoever holds one, good for one organisation, and never a time.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::value::OrganisationId;

/// So many bytes of an organisation's identifier stand in its cursors: its last, which are random.
const OWNER: usize = 4;

/// A place in the feed of an organisation, as text.
#[must_use]
pub fn write(owner: OrganisationId, position: i64) -> String {
    let mut bytes = position.to_be_bytes().to_vec();
    bytes.extend_from_slice(&owner.uuid().as_bytes()[16 - OWNER..]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position of a cursor; none when it was not made for this organisation's feed.
#[must_use]
pub fn read(owner: OrganisationId, cursor: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (position, of) = bytes.split_at_checked(8)?;
    let position = i64::from_be_bytes(position.try_into().ok()?);
    (of == &owner.uuid().as_bytes()[16 - OWNER..] && position >= 0).then_some(position)
}
