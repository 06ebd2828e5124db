//! Invitations as they come in and go out. What holds a password or a token has no `Debug`.

use crate::identity::view::{NewPassword, Username};
use crate::organisation::{Email, Name, OrganisationBrief};
use chrono::{DateTime, Utc};
use entity::invitation;
use entity::value::{InvitationId, InvitationState, OrganisationId, Role, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Somebody to be invited.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Where the mail goes.
    #[schema(value_type = String, format = Email, example = "wu@danwei.example")]
    pub email: Email,
    /// Their name.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "吴秀英")]
    pub display_name: Name,
    /// What they will be; of the roles that the kind of organisation has.
    pub role: Role,
    /// For which organisation; your own when not given. Operators name one.
    pub organisation_id: Option<OrganisationId>,
}

/// An invitation (邀请).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// For which organisation.
    pub organisation: OrganisationBrief,
    /// As what.
    pub role: Role,
    /// Where the mail went.
    #[schema(example = "wu@danwei.example")]
    pub email: String,
    /// The name of whoever is invited.
    #[schema(example = "吴秀英")]
    pub display_name: String,
    /// What became of it.
    pub state: InvitationState,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// What became of an invitation.
pub fn state_of(row: &invitation::Model, now: Timestamp) -> InvitationState {
    match row {
        row if row.accepted_at.is_some() => InvitationState::Accepted,
        row if row.revoked_at.is_some() => InvitationState::Revoked,
        row if row.expires_at <= now => InvitationState::Expired,
        _ => InvitationState::Open,
    }
}

/// Which invitations are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InvitationQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only of this organisation.
    pub organisation_id: Option<OrganisationId>,
}

/// The token of the mail, and the account that accepts.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The token.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// What a new person will sign in with, or what somebody who has an account signs in with.
    #[schema(value_type = String, min_length = 3, max_length = 32, pattern = "^[a-z0-9][a-z0-9._-]{2,31}$", example = "wuxiuying")]
    pub username: Username,
    /// A new password, or that of the account.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128, example = "correct horse battery")]
    pub password: NewPassword,
    /// Whether you have an account, to which the role is added.
    #[serde(default)]
    pub has_account: bool,
}

/// A sheet of accounts to be invited.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Whether to invite them; otherwise the rows are only looked at.
    pub commit: Option<bool>,
    /// For which organisation; your own when not given. Operators name one.
    pub organisation_id: Option<OrganisationId>,
}

/// What is wrong with one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CellFault {
    /// The column.
    #[schema(example = "email")]
    pub column: &'static str,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// One row of a sheet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetRow {
    /// Its line in the sheet, from 1; the heading is the first.
    pub line: u32,
    /// The name.
    pub display_name: String,
    /// The address.
    pub email: String,
    /// The role, where it is one.
    pub role: Option<Role>,
    /// What is wrong with it.
    pub faults: Vec<CellFault>,
}

/// What became of a sheet (导入结果).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportedMembers {
    /// Whether everybody was invited.
    pub committed: bool,
    /// How many rows can be accepted.
    pub rows_good: u32,
    /// How many cannot.
    pub rows_faulty: u32,
    /// Every row.
    pub rows: Vec<SheetRow>,
}

/// The sheet itself, in the description of the interface.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only describes a body")]
pub struct SheetContent(Vec<u8>);
