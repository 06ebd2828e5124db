//! People, roles and registrations as they come in and go out. What holds a password has no `Debug`.

use crate::organisation::{Contact, Email, Name, Organisation, OrganisationBrief};
use entity::value::{AreaCode, CreditCode, Malformed, MembershipId, OrganisationId, OrganisationKind, PersonId, Role};
use entity::{membership, person};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody signs in with: 3–32 lower-case letters, digits, `.`, `_` or `-`, the first a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Username(String);

impl Username {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Username {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let fits = (3..=32).contains(&text.len())
            && text.bytes().next().is_some_and(is_plain)
            && text.bytes().all(|b| is_plain(b) || matches!(b, b'.' | b'_' | b'-'));
        if fits {
            Ok(Self(text))
        } else {
            Err(Malformed {
                zh: "用户名应为 3 至 32 个小写字母、数字、点、下划线或连字符，以字母或数字开头",
                en: "a user name has 3 to 32 lower-case letters, digits, dots, underscores or hyphens and begins with a letter or digit",
            })
        }
    }
}

/// A password somebody chose: 10–128 characters. No `Debug`, no `Serialize`.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct NewPassword(String);

impl NewPassword {
    /// The password, for hashing only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NewPassword {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        if (10..=128).contains(&text.chars().count()) {
            Ok(Self(text))
        } else {
            Err(Malformed { zh: "密码应为 10 至 128 个字符", en: "a password has 10 to 128 characters" })
        }
    }
}

/// A human being (人员).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// Their identifier.
    pub id: PersonId,
    /// What they sign in with.
    #[schema(example = "leishan-clerk")]
    pub username: String,
    /// The name others see.
    #[schema(example = "杨阿依")]
    pub display_name: String,
}

impl From<&person::Model> for Person {
    fn from(row: &person::Model) -> Self {
        Self { id: row.id, username: row.username.clone(), display_name: row.display_name.clone() }
    }
}

/// An organisation and the role held in it (岗位).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Membership {
    /// Its identifier.
    pub id: MembershipId,
    /// For whom.
    pub organisation: OrganisationBrief,
    /// As what.
    pub role: Role,
}

impl Membership {
    pub(super) fn of(row: &membership::Model, organisation: &entity::organisation::Model) -> Self {
        Self { id: row.id, organisation: organisation.into(), role: row.role }
    }
}

/// Who is signed in, for whom they act, and for whom they could.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    /// Who.
    pub person: Person,
    /// For whom, as what.
    pub acting_for: Membership,
    /// Every role they hold.
    pub memberships: Vec<Membership>,
}

/// Which kinds of organisation register themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationKind {
    /// A farmers' cooperative (农民专业合作社).
    Cooperative,
    /// A company that sells (企业供应商).
    Company,
    /// A family farm (家庭农场).
    FamilyFarm,
    /// Sells what others grow (代理经销商).
    AgentTrader,
    /// An enterprise that helps villages (帮扶企业).
    Enterprise,
}

impl RegistrationKind {
    /// The kind of the organisation, and the role of its first clerk.
    #[must_use]
    pub fn becomes(self) -> (OrganisationKind, Role) {
        match self {
            Self::Cooperative => (OrganisationKind::Cooperative, Role::CooperativeClerk),
            Self::Company => (OrganisationKind::Company, Role::CooperativeClerk),
            Self::FamilyFarm => (OrganisationKind::FamilyFarm, Role::CooperativeClerk),
            Self::AgentTrader => (OrganisationKind::AgentTrader, Role::CooperativeClerk),
            Self::Enterprise => (OrganisationKind::Enterprise, Role::EnterpriseOfficer),
        }
    }
}

/// The first clerk of an organisation that registers.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Clerk {
    /// What they will sign in with.
    #[schema(value_type = String, min_length = 3, max_length = 32, pattern = "^[a-z0-9][a-z0-9._-]{2,31}$", example = "leishan-clerk")]
    pub username: Username,
    /// The name others see.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "杨阿依")]
    pub display_name: Name,
    /// Their password.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128, example = "correct horse battery")]
    pub password: NewPassword,
}

/// A supplier or enterprise that registers with its first clerk (注册).
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// What it is.
    pub kind: RegistrationKind,
    /// Its registered name.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "雷山县西江银球茶叶专业合作社")]
    pub name: Name,
    /// Its unified social credit code (统一社会信用代码).
    pub credit_code: CreditCode,
    /// The county in which it is registered.
    pub division_code: AreaCode,
    /// Whom to ask.
    pub contact: Contact,
    /// Its first clerk.
    pub clerk: Clerk,
}

/// What a registration made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Registered {
    /// The organisation.
    pub organisation: Organisation,
    /// Its first clerk, who can sign in now.
    pub clerk: Person,
}

/// A role for somebody, who is entered when not known yet.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// In which organisation.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// The user name of somebody known, or of a new person.
    #[schema(value_type = String, min_length = 3, max_length = 32, pattern = "^[a-z0-9][a-z0-9._-]{2,31}$", example = "leishan-officer")]
    pub username: Username,
    /// The name others see; for a new person only.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, example = "吴秀英")]
    pub display_name: Option<Name>,
    /// Where mail reaches them; for a new person only.
    #[schema(value_type = Option<String>, format = Email)]
    pub email: Option<Email>,
    /// The first password; for a new person only.
    #[schema(value_type = Option<String>, format = Password, min_length = 10, max_length = 128, example = "correct horse battery")]
    pub password: Option<NewPassword>,
}

/// Somebody and the role they were given.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// Where and as what.
    pub membership: Membership,
}
