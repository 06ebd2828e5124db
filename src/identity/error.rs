//! What can be wrong with people, their passwords and their roles.

use crate::access::AccessError;
use crate::organisation::OrganisationError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::secrecy::SecrecyError;
use entity::value::{InvitationState, MembershipState, OrganisationKind, Role};
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
    RESET_INVALID = 422 "reset_invalid", "重置码无效", "The code for a new password is not valid",
        "重置码一次有效，半小时内使用；请重新申请（POST /api/v1/password-resets）。",
        "It is good once, within half an hour; ask for another with POST /api/v1/password-resets.";
    SECOND_FACTOR_NEEDED = 401 "second_factor_needed", "需要动态口令", "The code of your second factor is needed",
        "请在 code 中填写身份验证器当前显示的六位数字，或一个恢复码。",
        "Give in code the six digits that your authenticator shows, or a recovery code.";
    SECOND_FACTOR_WRONG = 401 "second_factor_wrong", "动态口令不正确", "The code of the second factor is wrong",
        "每个口令只能使用一次；请等待下一个，或检查设备时间，或使用恢复码。",
        "Each code is good once; wait for the next, check the clock of your device, or use a recovery code.";
    SECOND_FACTOR_TO_SET_UP = 403 "second_factor_to_set_up", "此岗位须先绑定动态口令", "This role needs a second factor first",
        "请先绑定（POST /api/v1/second-factors）并确认，然后带动态口令登录。",
        "Set it up with POST /api/v1/second-factors, confirm it, and sign in with a code.";
    SECOND_FACTOR_DEMANDED = 409 "second_factor_demanded", "您的岗位必须使用动态口令", "A role of yours demands the second factor",
        "可以更换（POST /api/v1/second-factors），不能解绑。", "It can be replaced with POST /api/v1/second-factors, not taken away.";
    NO_SECOND_FACTOR = 409 "no_second_factor", "没有可确认或解绑的动态口令", "There is no second factor to confirm or take away",
        "请先申请绑定（POST /api/v1/second-factors）。", "Begin with POST /api/v1/second-factors.";
    KEY_SCOPE_UNFIT = 422 "key_scope_unfit", "密钥不能具有此权限", "A key cannot allow this right",
        "可选的权限见 GET /api/v1/api-keys/scopes。", "GET /api/v1/api-keys/scopes lists the rights a key may allow.";
    LAST_OF_ITS_KIND = 409 "last_administrator", "不能没有管理员", "Somebody must remain in this role",
        "请先让另一位成员担任管理员（平台则为运营员），再进行此操作。",
        "Make somebody else administrator (on the platform, operator) first.";
    ACCOUNT_CLOSED = 409 "account_closed", "账号已注销", "The account is closed",
        "已注销的账号不能恢复；其历史记录保留。", "A closed account is not opened again; what it did stays on record.";
    INVITATION_INVALID = 422 "invitation_invalid", "邀请无效", "The invitation is not valid",
        "邀请可能已被接受、撤回或过期；请联系单位管理员重新邀请。",
        "It was accepted, taken back or has expired; ask the administrator for another.";
    SHEET_UNREADABLE = 422 "sheet_unreadable", "无法读取表格", "The sheet cannot be read",
        "请使用 .xlsx 或 UTF-8 编码的 .csv，首行为：姓名、电子邮箱、岗位。",
        "Send .xlsx, or .csv in UTF-8, whose first line names: display_name, email, role.";
    SHEET_ROWS_REFUSED = 422 "sheet_rows_refused", "表格中有不能接受的行", "Some rows of the sheet are not acceptable",
        "请按 errors 更正；未更正前不会发出任何邀请。", "Correct the rows named in errors; nobody is invited before that.";
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
    /// Nothing there, or out of reach.
    #[error("nothing there, or out of reach")]
    NotFound,
    /// Somebody changed it meanwhile.
    #[error("it has another version")]
    Stale,
    /// Nobody else could do what this member does.
    #[error("the last in this role")]
    LastOfItsKind,
    /// The membership's state does not allow it.
    #[error("the membership is {0}")]
    MembershipIn(MembershipState),
    /// The account was closed.
    #[error("the account is closed")]
    Closed,
    /// No invitation has the token, or it is good no more.
    #[error("the invitation is not valid")]
    InvitationInvalid,
    /// The invitation's state does not allow it.
    #[error("the invitation is {0}")]
    InvitationIn(InvitationState),
    /// It is invited already.
    #[error("the address is invited to this role already")]
    InvitedAlready,
    /// Operators say for whom they act; others act for their own.
    #[error("an organisation must be named")]
    OrganisationMissing,
    /// Not a sheet.
    #[error("the sheet cannot be read")]
    SheetUnreadable(Text),
    /// Rows at fault.
    #[error("rows of the sheet are at fault")]
    SheetRows(Vec<FieldProblem>),
    /// No request for a new password has the token, or it is good no more.
    #[error("the request for a new password is not valid")]
    ResetInvalid,
    /// There is a second factor, and no code was given.
    #[error("a second factor is needed")]
    SecondFactorNeeded,
    /// The code is wrong or was used.
    #[error("the code of the second factor is wrong")]
    SecondFactorWrong,
    /// The role demands a second factor, and there is none.
    #[error("a second factor is to be set up")]
    SecondFactorToSetUp,
    /// A role demands the second factor.
    #[error("a role demands the second factor")]
    SecondFactorDemanded,
    /// Nothing to confirm or take away.
    #[error("there is no second factor")]
    NoSecondFactorPending,
    /// Encryption.
    #[error("sealing or opening a secret")]
    Secrecy(#[from] SecrecyError),
    /// A key's life out of bounds.
    #[error("a key is good for 1 to 366 days")]
    KeyDays,
    /// A right that a key of this organisation cannot allow; where it stands in the list.
    #[error("scope {0} is not one a key can have")]
    KeyScope(usize),
    /// The key was revoked before.
    #[error("the key is revoked")]
    KeyRevoked,
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
            Self::KeyDays => Problem::invalid("/days", "有效期应为 1 至 366 天。", "A key is good for 1 to 366 days."),
            Self::KeyScope(at) => Problem::plain(&KEY_SCOPE_UNFIT).at(
                format!("/scopes/{at}"),
                "密钥不能具有此权限。",
                "A key of your organisation cannot allow it.",
            ),
            Self::KeyRevoked => Problem::new(&problem::WRONG_STATE, "该密钥已被吊销。", "The key was revoked already."),
            Self::ResetInvalid => Problem::plain(&RESET_INVALID),
            Self::SecondFactorNeeded => Problem::plain(&SECOND_FACTOR_NEEDED),
            Self::SecondFactorWrong => Problem::plain(&SECOND_FACTOR_WRONG),
            Self::SecondFactorToSetUp => Problem::plain(&SECOND_FACTOR_TO_SET_UP),
            Self::SecondFactorDemanded => Problem::plain(&SECOND_FACTOR_DEMANDED),
            Self::NoSecondFactorPending => Problem::plain(&NO_SECOND_FACTOR),
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::LastOfItsKind => Problem::plain(&LAST_OF_ITS_KIND),
            Self::MembershipIn(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("该成员处于 {state} 状态。"),
                format!("The member is {state}."),
            ),
            Self::Closed => Problem::plain(&ACCOUNT_CLOSED),
            Self::InvitationInvalid => Problem::plain(&INVITATION_INVALID),
            Self::InvitationIn(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("该邀请处于 {state} 状态。"),
                format!("The invitation is {state}."),
            ),
            Self::InvitedAlready => Problem::new(
                &problem::ALREADY_EXISTS,
                "此邮箱已被邀请担任该岗位；请等待其接受，或先撤回。",
                "This address is invited to the role already; wait, or take the invitation back first.",
            )
            .at("/email", "已被邀请。", "It is invited already."),
            Self::OrganisationMissing => {
                Problem::invalid("/organisation_id", "请填写单位。", "Say for which organisation.")
            }
            Self::SheetUnreadable(why) => Problem::new(&SHEET_UNREADABLE, why.zh.clone(), why.en.clone()),
            Self::SheetRows(errors) => {
                let mut refused = Problem::plain(&SHEET_ROWS_REFUSED);
                refused.errors.clone_from(errors);
                refused
            }
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
            Self::Hashing | Self::NoRandomness | Self::Secrecy(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}

fn username_taken(pointer: &str) -> Problem {
    Problem::new(&problem::ALREADY_EXISTS, "用户名已被使用，请另选一个。", "The user name is taken; choose another.")
        .at(pointer, "已被使用。", "It is taken.")
}
