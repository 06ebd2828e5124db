//! Organisations as they come in and go out.

use crate::secrecy::{Place, SealedColumn, SecrecyError, Secrets};
use chrono::{DateTime, Utc};
use entity::organisation;
use entity::value::{AreaCode, CreditCode, Malformed, OrganisationId, OrganisationKind, PhoneNumber};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name of a person or organisation: one line of 1–100 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// # Errors
    /// [`Malformed`] when it is empty, longer, or has control characters in it.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let length = text.chars().count();
        if (1..=100).contains(&length) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed {
                zh: "名称应为 1 至 100 个字符的一行文字", en: "a name is one line of 1 to 100 characters"
            })
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        Self::parse(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// An address for mail: something, one `@`, a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// # Errors
    /// [`Malformed`] when it cannot be an address.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let is_plain = text.len() <= 254 && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != ',');
        let parts = text.split_once('@');
        let has_parts = parts.is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && domain.contains('.')
        });
        if is_plain && has_parts {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed {
                zh: "电子邮箱格式不正确，例如 clerk@example.com",
                en: "this is not a mail address such as clerk@example.com",
            })
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// Whom to ask at an organisation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Their name (联系人).
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "杨阿依")]
    pub name: Name,
    /// Their phone number (联系电话); encrypted at rest, masked in every answer.
    pub phone: Option<PhoneNumber>,
    /// Where mail reaches them.
    #[schema(value_type = Option<String>, format = Email, example = "yang@hezuoshe.example")]
    pub email: Option<Email>,
}

/// An organisation of the public side, or an enterprise, entered by the platform.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddOrganisation {
    /// What it is (单位类型); suppliers register themselves.
    #[schema(example = "village_committee")]
    pub kind: OrganisationKind,
    /// Its registered name (单位名称).
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "平正村村民委员会")]
    pub name: Name,
    /// Its unified social credit code; enterprises must give one.
    pub credit_code: Option<CreditCode>,
    /// The division it belongs to; offices, townships, villages and enterprises name their county.
    pub division_code: AreaCode,
    /// The organisation above it (主管单位), where the kind has one.
    pub parent_id: Option<OrganisationId>,
    /// Whom to ask.
    pub contact: Option<Contact>,
}

/// An organisation in a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrganisationBrief {
    /// Its identifier.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its registered name.
    #[schema(example = "雷山县西江银球茶叶专业合作社")]
    pub name: String,
    /// The division it belongs to.
    pub division_code: AreaCode,
}

impl From<&organisation::Model> for OrganisationBrief {
    fn from(row: &organisation::Model) -> Self {
        Self { id: row.id, kind: row.kind, name: row.name.clone(), division_code: row.division_code.clone() }
    }
}

/// An organisation (单位).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Organisation {
    /// Its identifier.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its registered name.
    #[schema(example = "雷山县西江银球茶叶专业合作社")]
    pub name: String,
    /// Its unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// The division it belongs to.
    pub division_code: AreaCode,
    /// The organisation above it.
    pub parent_id: Option<OrganisationId>,
    /// Whom to ask.
    #[schema(example = "杨阿依")]
    pub contact_name: Option<String>,
    /// Their phone number, masked.
    #[schema(example = "138****5678")]
    pub contact_phone: Option<String>,
    /// Where mail reaches it.
    #[schema(example = "yang@hezuoshe.example")]
    pub contact_email: Option<String>,
    /// Whether it may act.
    pub is_active: bool,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// The columns of organisations that are sealed.
pub const SEALED: &[SealedColumn] = &[SealedColumn::new("organisation", "contact_phone_cipher")];

/// Where the phone number of a contact is kept.
pub(super) fn phone_place(id: OrganisationId) -> Place {
    Place { table: "organisation", row: id.uuid(), column: "contact_phone_cipher" }
}

impl Organisation {
    /// Shows an organisation, its contact's phone number masked.
    ///
    /// # Errors
    /// When the phone number does not open.
    pub fn of(row: organisation::Model, secrets: &Secrets) -> Result<Self, SecrecyError> {
        let phone = row.contact_phone_cipher.as_deref().map(|c| secrets.open(phone_place(row.id), c)).transpose()?;
        Ok(Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            credit_code: row.credit_code,
            division_code: row.division_code,
            parent_id: row.parent_id,
            contact_name: row.contact_name,
            contact_phone: phone.map(|phone| entity::value::person::PersonalField::Phone.masked(&phone)),
            contact_email: row.contact_email,
            is_active: row.is_active,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// Which organisations are wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrganisationFilter {
    /// Only of this kind.
    pub kind: Option<OrganisationKind>,
    /// Only of this division.
    pub division: Option<AreaCode>,
}
