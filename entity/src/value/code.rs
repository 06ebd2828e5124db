//! Codes that other registers gave: parsed once, valid ever after.

use super::{Malformed, text_value};

/// A county, prefecture or province in GB/T 2260: six digits, the first not zero (行政区划代码).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
)]
#[serde(try_from = "String", into = "String")]
#[sea_orm(value_type = "String")]
pub struct AreaCode(String);

impl AreaCode {
    /// # Errors
    /// [`Malformed`] unless it is six digits and the first is not zero.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed {
                zh: "行政区划代码应为六位数字，例如 522625",
                en: "an area code has six digits, for example 522625",
            })
        }
    }
}
text_value!(AreaCode, "522625", "^[1-9][0-9]{5}$");

/// A node of the category tree: two, four or six digits.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
)]
#[serde(try_from = "String", into = "String")]
#[sea_orm(value_type = "String")]
pub struct CategoryCode(String);

impl CategoryCode {
    /// # Errors
    /// [`Malformed`] unless it is two, four or six digits.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if matches!(text.len(), 2 | 4 | 6) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed {
                zh: "品类代码应为二、四或六位数字，例如 0101",
                en: "a category code has two, four or six digits, for example 0101",
            })
        }
    }
}
text_value!(CategoryCode, "0101", "^[0-9]{2}([0-9]{2}){0,2}$");

/// A unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, the last a check character.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
)]
#[serde(try_from = "String", into = "String")]
#[sea_orm(value_type = "String")]
pub struct CreditCode(String);

/// The alphabet of GB 32100-2015: no I, O, S, V, Z.
const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Powers of three modulo 31.
const CREDIT_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

impl CreditCode {
    /// # Errors
    /// [`Malformed`] when the length, a character or the check character is wrong.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let body = text.get(..17).ok_or(Self::MALFORMED)?;
        let expected = Self::check_character(body).ok_or(Self::MALFORMED)?;
        if text.len() == 18 && text.ends_with(expected) { Ok(Self(text.to_owned())) } else { Err(Self::MALFORMED) }
    }

    const MALFORMED: Malformed = Malformed {
        zh: "统一社会信用代码应为 18 位，且末位校验码正确（GB 32100-2015），例如 91350100M000100Y43",
        en: "a unified social credit code has 18 characters with a valid check character (GB 32100-2015), for example 91350100M000100Y43",
    };

    /// The 18th character for the first seventeen, or nothing when one is outside the alphabet.
    #[must_use]
    pub fn check_character(body: &str) -> Option<char> {
        if body.len() != 17 {
            return None;
        }
        let sum = body.bytes().zip(CREDIT_WEIGHTS).try_fold(0, |sum, (byte, weight)| {
            let value = CREDIT_ALPHABET.iter().position(|b| *b == byte)?;
            Some(sum + value * weight)
        })?;
        Some(char::from(CREDIT_ALPHABET[(31 - sum % 31) % 31]))
    }

    /// The first two characters: who registered it (登记管理部门), and as what (机构类别).
    #[must_use]
    pub fn category(&self) -> &str {
        self.part(0..2)
    }

    /// Characters 3 to 8: the division of the office that registered it (登记管理机关行政区划码). It is given for life:
    /// it stays when the division ends, and says little of where the organisation is today.
    #[must_use]
    pub fn registering_division(&self) -> &str {
        self.part(2..8)
    }

    /// Characters 9 to 17: which organisation it is (主体标识码).
    #[must_use]
    pub fn subject(&self) -> &str {
        self.part(8..17)
    }

    /// A parsed code is eighteen ASCII characters.
    fn part(&self, place: std::ops::Range<usize>) -> &str {
        self.0.get(place).unwrap_or_default()
    }
}
text_value!(CreditCode, "91350100M000100Y43", "^[0-9A-HJ-NPQRTUWXY]{18}$");

/// The number of a food production licence (食品生产许可证编号): `SC`, a category, six digits of the county, four of the
/// licence, and a check digit by MOD 11,10 of GB/T 17710.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
)]
#[serde(try_from = "String", into = "String")]
#[sea_orm(value_type = "String")]
pub struct FoodLicenceNumber(String);

impl FoodLicenceNumber {
    const MALFORMED: Malformed = Malformed {
        zh: "食品生产许可证编号应为 SC 加 14 位数字，末位校验码正确（GB/T 17710 的 MOD 11,10），例如 SC10652062300016",
        en: "the number of a food production licence is SC and 14 digits, the last a valid check digit (MOD 11,10), for example SC10652062300016",
    };

    /// # Errors
    /// [`Malformed`] unless it is `SC` and 14 digits with the right check digit.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let digits = text.strip_prefix("SC").ok_or(Self::MALFORMED)?;
        let (body, last) = digits.split_at_checked(13).ok_or(Self::MALFORMED)?;
        let expected = Self::check_digit(body).ok_or(Self::MALFORMED)?;
        let is_whole = last.len() == 1 && last.starts_with(expected) && body.starts_with(['1', '2']);
        if is_whole { Ok(Self(text.to_owned())) } else { Err(Self::MALFORMED) }
    }

    /// The 14th digit for the first thirteen, or nothing when one is no digit.
    #[must_use]
    pub fn check_digit(body: &str) -> Option<char> {
        if body.len() != 13 {
            return None;
        }
        let product = body.chars().try_fold(10_u32, |product, digit| {
            let sum = (product + digit.to_digit(10)?) % 10;
            Some((if sum == 0 { 10 } else { sum }) * 2 % 11)
        })?;
        char::from_digit((11 - product) % 10, 10)
    }

    /// The county that gave it, by its code of then.
    #[must_use]
    pub fn county_digits(&self) -> &str {
        self.0.get(5..11).unwrap_or_default()
    }
}
text_value!(FoodLicenceNumber, "SC10652062300016", "^SC[12][0-9]{13}$");

/// The number of a fully digital invoice (数电票): 20 digits.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
)]
#[serde(try_from = "String", into = "String")]
#[sea_orm(value_type = "String")]
pub struct InvoiceNumber(String);

impl InvoiceNumber {
    /// # Errors
    /// [`Malformed`] unless it is 20 digits.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if text.len() == 20 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed {
                zh: "数电票号码应为 20 位数字", en: "the number of a digital invoice has 20 digits"
            })
        }
    }
}
text_value!(InvoiceNumber, "25522000000000000017", "^[0-9]{20}$");
