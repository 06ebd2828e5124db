//! What is typed for a new password. What holds one has no `Debug`.

use crate::identity::view::NewPassword;
use serde::Deserialize;
use utoipa::ToSchema;

/// Whose password is forgotten.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgottenPassword {
    /// The user name.
    #[schema(max_length = 200, example = "leishan-clerk")]
    pub username: String,
}

/// The token of the mail, and the new password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The token.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// The new password.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128, example = "correct horse battery")]
    pub password: NewPassword,
}

/// The password until now, and from now on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// Until now.
    #[schema(format = Password, example = "correct horse battery")]
    pub current_password: String,
    /// From now on; another.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128, example = "staple correct horse")]
    pub new_password: NewPassword,
}
