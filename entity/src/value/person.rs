//! Personal data in clear: held in memory only, encrypted in every column, masked in every answer.
//!
//! These types have no column behaviour on purpose: a table cannot hold them, only their ciphertext.
//! Their `Debug` shows the mask, so a log line cannot leak them.

use super::Malformed;
use chrono::NaiveDate;

/// A resident identity number (公民身份号码), GB 11643: 17 digits and a check character.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct ResidentId(String);

const RESIDENT_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

impl ResidentId {
    /// # Errors
    /// [`Malformed`] when the length, a digit, the birth date or the check character is wrong.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        const MALFORMED: Malformed = Malformed {
            zh: "公民身份号码应为 18 位，出生日期存在且校验码正确（GB 11643）",
            en: "a resident identity number has 18 characters, a real birth date and a valid check character (GB 11643)",
        };
        let text = text.to_ascii_uppercase();
        let body = text.get(..17).ok_or(MALFORMED)?;
        let check = Self::check_character(body).ok_or(MALFORMED)?;
        let born = body.get(6..14).and_then(|d| NaiveDate::parse_from_str(d, "%Y%m%d").ok());
        if text.len() == 18 && text.ends_with(check) && born.is_some() { Ok(Self(text)) } else { Err(MALFORMED) }
    }

    /// The 18th character for the first seventeen digits, by ISO 7064 MOD 11-2.
    #[must_use]
    pub fn check_character(body: &str) -> Option<char> {
        if body.len() != 17 {
            return None;
        }
        let sum = body
            .chars()
            .zip(RESIDENT_WEIGHTS)
            .try_fold(0, |sum, (digit, weight)| Some(sum + digit.to_digit(10)? * weight))?;
        "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
    }

    /// The whole number, for encryption only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The birth date inside the number.
    #[must_use]
    pub fn born_on(&self) -> Option<NaiveDate> {
        self.0.get(6..14).and_then(|d| NaiveDate::parse_from_str(d, "%Y%m%d").ok())
    }
}

/// A mobile or fixed-line number in China: 11 digits beginning with 1, or an area code with a number.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// # Errors
    /// [`Malformed`] unless it is a mobile number or `0xx-xxxxxxx`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let digits: String = text.chars().filter(|c| *c != '-' && *c != ' ').collect();
        let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let mobile = digits.len() == 11 && digits.starts_with('1');
        let fixed = digits.starts_with('0') && (10..=12).contains(&digits.len());
        if all_digits && (mobile || fixed) {
            Ok(Self(digits))
        } else {
            Err(Malformed {
                zh: "电话应为 11 位手机号，或带区号的固定电话",
                en: "a phone number is a mobile number of 11 digits or a fixed line with its area code",
            })
        }
    }

    /// The whole number, for encryption only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A personal bank card number: 16 to 19 digits with a Luhn check digit.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct BankAccount(String);

impl BankAccount {
    /// # Errors
    /// [`Malformed`] when the length or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        const MALFORMED: Malformed = Malformed {
            zh: "个人银行卡号应为 16 至 19 位数字且校验位正确",
            en: "a personal bank card number has 16 to 19 digits and a valid check digit",
        };
        if !(16..=19).contains(&text.len()) {
            return Err(MALFORMED);
        }
        let sum = text.chars().rev().enumerate().try_fold(0, |sum, (place, digit)| {
            let digit = digit.to_digit(10)?;
            let doubled = if place % 2 == 1 { digit * 2 } else { digit };
            Some(sum + doubled / 10 + doubled % 10)
        });
        if sum.is_some_and(|s| s % 10 == 0) { Ok(Self(text.to_owned())) } else { Err(MALFORMED) }
    }

    /// The whole number, for encryption only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A kind of personal data that is shown masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalField {
    /// Name (姓名).
    Name,
    /// Resident identity number (公民身份号码).
    IdNumber,
    /// Phone number (电话).
    Phone,
    /// Bank card (银行卡).
    BankAccount,
    /// Address (住址).
    Address,
}

/// How each kind is masked, and what that looks like.
pub const MASKS: [(PersonalField, Mask, &str, &str); 5] = [
    (PersonalField::Name, Mask::Ends { head: 1, tail: 0 }, "杨秀英", "杨**"),
    (PersonalField::IdNumber, Mask::Ends { head: 4, tail: 4 }, "522625199001010012", "5226**********0012"),
    (PersonalField::Phone, Mask::Ends { head: 3, tail: 4 }, "13812345678", "138****5678"),
    (PersonalField::BankAccount, Mask::Ends { head: 4, tail: 4 }, "6222020100012345672", "6222***********5672"),
    (PersonalField::Address, Mask::UpToCounty, "贵州省镇远县舞阳镇西街12号", "贵州省镇远县********"),
];

/// What a mask leaves to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// So many characters at each end.
    Ends {
        /// At the beginning.
        head: usize,
        /// At the end.
        tail: usize,
    },
    /// The divisions of an address down to the county; the whole of it goes when it names none.
    UpToCounty,
}

impl PersonalField {
    /// The form that may be shown to anyone who may see the record.
    #[must_use]
    pub fn masked(self, text: &str) -> String {
        let rule = MASKS.iter().find(|(field, ..)| *field == self).map(|(_, rule, ..)| *rule);
        match rule {
            Some(Mask::Ends { head, tail }) => mask(text, head, tail),
            Some(Mask::UpToCounty) => mask(text, county_ends(text), 0),
            None => mask(text, 0, 0),
        }
    }
}

/// How many characters the divisions take, down to the county (县, 区, 旗) or else the prefecture (市, 州, 盟).
fn county_ends(address: &str) -> usize {
    let first = |marks: &[char]| {
        let mut before = ' ';
        address.chars().take(20).enumerate().find_map(|(at, character)| {
            // The 区 of an autonomous region (自治区) is that of a province.
            let is_end = marks.contains(&character) && !(character == '区' && before == '治');
            before = character;
            is_end.then_some(at + 1)
        })
    };
    first(&['县', '区', '旗']).or_else(|| first(&['市', '州', '盟'])).or_else(|| first(&['省'])).unwrap_or(0)
}

/// Keeps the first and last characters and puts stars for the rest: `5226**********0012`.
#[must_use]
pub fn mask(text: &str, head: usize, tail: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= head + tail {
        return "*".repeat(chars.len());
    }
    let hidden = chars.len() - head - tail;
    chars[..head].iter().collect::<String>()
        + &"*".repeat(hidden)
        + &chars[chars.len() - tail..].iter().collect::<String>()
}

/// Keeps a person's family name: `杨**`.
#[must_use]
pub fn mask_name(name: &str) -> String {
    PersonalField::Name.masked(name)
}

macro_rules! personal {
    ($($name:ident, $field:ident, $example:literal;)+) => {$(
        impl $name {
            /// The form that may be shown to anyone who may see the record.
            #[must_use]
            pub fn masked(&self) -> String {
                PersonalField::$field.masked(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = Malformed;
            fn try_from(text: String) -> Result<Self, Malformed> {
                Self::parse(&text)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.masked())
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    )+};
}

personal! {
    ResidentId, IdNumber, "999999190001010014";
    PhoneNumber, Phone, "13800005678";
    BankAccount, BankAccount, "6222020100012345672";
}
