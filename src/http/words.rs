//! Texts that people write into requests.

use entity::value::Malformed;

/// A text of 1 to `MAX` characters that says something; outer blanks are taken off.
///
/// It has no control characters but line breaks and tabs: PostgreSQL keeps no NUL, and the others only confuse
/// whoever reads the text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Words<const MAX: usize>(String);

impl<const MAX: usize> Words<MAX> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Words<MAX> {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Malformed { zh: "不能为空", en: "it cannot be empty" });
        }
        if text.chars().count() > MAX {
            return Err(Malformed {
                zh: "文字过长，长度上限见接口文档",
                en: "it is longer than the documentation allows",
            });
        }
        if super::text::hides(text) {
            return Err(Malformed { zh: "不能含控制字符", en: "it cannot have control characters in it" });
        }
        Ok(Self(text.to_owned()))
    }
}

impl<const MAX: usize> From<Words<MAX>> for String {
    fn from(words: Words<MAX>) -> Self {
        words.0
    }
}
