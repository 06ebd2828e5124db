//! What can be wrong with people, their passwords and their roles.

use crate::access::AccessError;
use crate::organisation::OrganisationError;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::{OrganisationKind, Role};
use sea_orm::DbErr;

problem::kinds! {
    WRONG_CREDENTIALS = 401 "wrong_credentials", "用户名或密码不正确", "The user name or the password is wrong",
        "请核对后重试；忘记密码请联系平台运营员。", "Check both and try again; the platform operator helps when you forgot.";
    SESSION_ENDED = 401 "session_ended", "会话已结束", "The session has ended",
        "请重新登录。刷新令牌只能使用一次；若被重复使用，相关会话会全部终止，请在登录后检查您的会话。",
        "Sign in again. A refresh token is good for one use; a second use ends its sessions. Look at your sessions afterwards.";
    TOO_MANY_ATTEMPTS = 429 "too_many_attempts", "登录尝试过多", "Too many attempts to sign in",
        "请在 Retry-After 所示的秒数之后重试；等待期间的尝试不会被受理，也不会延长等待。",
        "Try again after the seconds that Retry-After names; attempts before are not looked at and do not lengthen it.";
    NOT_A_MEMBER = 403 "not_a_member", "您在该单位没有这一岗位", "You do not act for this organisation in this role",
        "请选择 memberships 中列出的单位与岗位，或联系平台运营员授予岗位。",
        "Choose one of your memberships, or ask the platform operator to give you the role.";
    ROLE_NOT_OF_KIND = 422 "role_not_of_kind", "该类单位没有这一岗位", "Such an organisation has no such role",
        "县级审核员属于相应的县级部门，经办人属于供应商，采购人与财务人员属于预算单位一侧。",
        "Officers belong to their county office, clerks to suppliers, buyers and finance to the side of the budget units.";
}

/// What can be wrong with people, their passwords and their roles.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Nobody by that name, or another password.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The refresh token is unknown, used up or too old, or its session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// There is no such session, or it is somebody else's.
    #[error("no such session")]
    NoSession,
    /// Too many wrong passwords.
    #[error("{seconds} seconds to wait before the next attempt")]
    TooManyAttempts {
        /// How long to wait.
        seconds: u32,
    },
    /// The machine gave no random numbers.
    #[error("the machine gave no random numbers")]
    NoRandomness,
    /// The person holds no such role.
    #[error("not a member in this role")]
    NotAMember,
    /// Nobody signed in, or the role was taken away.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The user name belongs to somebody.
    #[error("the user name is taken")]
    UsernameTaken,
    /// The same, of the first clerk in a registration.
    #[error("the clerk's user name is taken")]
    ClerkNameTaken,
    /// The person holds the role already.
    #[error("the membership is there already")]
    MembershipThere,
    /// A new person needs this field.
    #[error("a new person needs {0}")]
    NewPersonNeeds(&'static str),
    /// There is no such organisation.
    #[error("no such organisation")]
    NoOrganisation,
    /// The role does not belong in such an organisation.
    #[error("a {1} has no {0}")]
    RoleNotOfKind(Role, OrganisationKind),
    /// The organisation is refused.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// Hashing a password.
    #[error("hashing a password")]
    Hashing,
    /// Database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for IdentityError {
    fn problem(&self) -> Problem {
        match self {
            Self::WrongCredentials => Problem::plain(&WRONG_CREDENTIALS),
            Self::SessionEnded => Problem::plain(&SESSION_ENDED),
            Self::NoSession => Problem::plain(&problem::NOT_FOUND),
            Self::TooManyAttempts { seconds } => Problem::plain(&TOO_MANY_ATTEMPTS).retry_after(*seconds),
            Self::NotAMember => Problem::plain(&NOT_A_MEMBER),
            Self::Access(error) => error.problem(),
            Self::UsernameTaken => username_taken("/username"),
            Self::ClerkNameTaken => username_taken("/clerk/username"),
            Self::MembershipThere => Problem::new(
                &problem::ALREADY_EXISTS,
                "该人员已有此岗位。",
                "The person holds this role in the organisation already.",
            ),
            Self::NewPersonNeeds(field) => Problem::invalid(
                format!("/{field}"),
                "没有此用户名的人员；新建人员时必须填写。",
                "Nobody has this user name; a new person needs it.",
            ),
            Self::NoOrganisation => {
                Problem::invalid("/organisation_id", "没有此单位。", "There is no such organisation.")
            }
            Self::RoleNotOfKind(role, kind) => Problem::plain(&ROLE_NOT_OF_KIND).at(
                "/role",
                format!("{kind} 没有岗位 {role}。"),
                format!("A {kind} has no {role}."),
            ),
            Self::Organisation(error) => error.problem(),
            Self::Hashing | Self::NoRandomness => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}

fn username_taken(pointer: &str) -> Problem {
    Problem::new(&problem::ALREADY_EXISTS, "用户名已被使用，请另选一个。", "The user name is taken; choose another.")
        .at(pointer, "已被使用。", "It is taken.")
}
