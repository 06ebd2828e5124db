//! Four eyes (不相容岗位分离): whoever decides or records is not whoever asked. Pure.
//!
//! Roles alone do not see to that, for one person may hold several: the rule compares people. Whoever keeps what was
//! asked for keeps who asked, and calls this before it takes effect.

use super::AccessError;
use crate::problem::{self, Kind};
use entity::value::PersonId;

problem::kinds! {
    FOUR_EYES = 403 "four_eyes", "不得由同一人经办与审批", "The same person may not ask and decide",
        "请由另一位有相应岗位的人员办理：提出、审批、付款与记账须由不同的人完成。",
        "Let somebody else with the role do it: asking, approving, paying and recording are done by different people.";
}

/// Refuses `decides` when it is one of those who asked.
///
/// # Errors
/// [`AccessError::SamePerson`].
pub fn apart(asked: impl IntoIterator<Item = PersonId>, decides: PersonId) -> Result<(), AccessError> {
    if asked.into_iter().any(|asked| asked == decides) { Err(AccessError::SamePerson) } else { Ok(()) }
}
