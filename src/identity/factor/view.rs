//! What is typed and shown when a second factor is set up. What holds a secret has no `Debug`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose second factor is to be set up.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {
    /// The user name.
    #[schema(example = "leishan-clerk")]
    pub username: String,
    /// The password.
    #[schema(format = Password, example = "correct horse battery")]
    pub password: String,
    /// A code of the second factor in use, or a recovery code, when there is one to be replaced.
    #[schema(max_length = 40, example = "123456")]
    pub code: Option<String>,
}

/// A second factor to be confirmed, or taken away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProveSecondFactor {
    /// The user name.
    #[schema(example = "leishan-clerk")]
    pub username: String,
    /// The password.
    #[schema(format = Password, example = "correct horse battery")]
    pub password: String,
    /// The code that the authenticator shows; for taking it away, a recovery code will do.
    #[schema(max_length = 40, example = "123456")]
    pub code: String,
}

/// What an authenticator must know; shown once (绑定信息).
#[derive(Clone, Serialize, ToSchema)]
pub struct SecondFactorSecret {
    /// The address that authenticators read.
    #[schema(
        example = "otpauth://totp/Liannong:leishan-clerk?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Liannong"
    )]
    pub uri: String,
    /// The secret, for typing.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    pub secret: String,
    /// The address as a picture to be scanned, SVG.
    #[schema(example = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    pub qr_svg: String,
}

/// Codes that stand in for the second factor, each once; shown once (恢复码).
#[derive(Clone, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Keep them where the authenticator is not.
    #[schema(example = json!(["abcd-efgh-ijkl-mnop"]))]
    pub recovery_codes: Vec<String>,
}
