//! JSON bodies: what is wrong is named by a JSON pointer, in Chinese and English.

use super::text;
use crate::problem::{self, Failure, Problem, Text};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared = check_type(request);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            declared?;
            parse(&read(bytes).await?).map(Self)
        })
    }
}

/// Refuses a body that says it is something else than JSON; one that says nothing is read.
pub(super) fn check_type(request: &HttpRequest) -> Result<(), Failure> {
    let Some(declared) = request.headers().get(header::CONTENT_TYPE) else { return Ok(()) };
    let declared = declared.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let is_json = declared.eq_ignore_ascii_case("application/json");
    if is_json || declared.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        &problem::UNSUPPORTED_MEDIA_TYPE,
        "此处应为 JSON：请设 Content-Type: application/json。",
        "JSON is expected here: send Content-Type: application/json.",
    )
    .into())
}

/// Reads the whole body, within the limit.
pub(super) async fn read(
    bytes: impl Future<Output = Result<web::Bytes, actix_web::Error>>,
) -> Result<web::Bytes, Failure> {
    bytes.await.map_err(|error| {
        let status = error.as_response_error().status_code();
        let kind = if status == 413 { &problem::PAYLOAD_TOO_LARGE } else { &problem::UNREADABLE };
        Problem::plain(kind).into()
    })
}

/// Parses a JSON text into a value.
///
/// # Errors
/// 400 that names the first place at fault.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    refuse_hidden(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let is_syntax = error.inner().is_syntax() || error.inner().is_eof();
        let pointer = pointer_of(error.path());
        let detail = explain(&error.inner().to_string());
        if is_syntax {
            let (line, column) = (error.inner().line(), error.inner().column());
            Problem::new(
                &problem::UNREADABLE,
                format!("请求体不是有效的 JSON，问题在第 {line} 行第 {column} 列。"),
                format!("The body is not valid JSON; see line {line}, column {column}: {}.", detail.en),
            )
        } else {
            let mut refused = Problem::plain(&problem::INVALID_FIELDS);
            refused.errors.push(problem::FieldProblem { pointer, detail });
            refused
        }
    })?;
    reader.end().map_err(|_| {
        Problem::new(&problem::UNREADABLE, "JSON 之后还有多余内容。", "There is something after the JSON.")
    })?;
    Ok(value)
}

/// Refuses a body whose texts hold what nobody can see, and names the first place.
///
/// Here and not in each field, so that no field can be forgotten.
fn refuse_hidden(bytes: &[u8]) -> Result<(), Failure> {
    // Almost every body ends here: nothing in it can spell a hidden character.
    if !may_hide(bytes) {
        return Ok(());
    }
    // What is no JSON at all is refused by the parser in its own words.
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else { return Ok(()) };
    match find_hidden(&value, String::new()) {
        Some(pointer) => Err(text::refusal(pointer).into()),
        None => Ok(()),
    }
}

/// Whether a JSON text has an escape, a control character or the first bytes of a hidden one in it.
fn may_hide(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|two| {
        matches!(
            two,
            [b'\\', b'u' | b'b' | b'f'] | [0x7F, _] | [0xC2, 0x80..=0x9F] | [0xE2, 0x80 | 0x81] | [0xEF, 0xBB | 0xBF]
        )
    })
}

/// Where the first hidden character is.
fn find_hidden(value: &serde_json::Value, pointer: String) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(words) => text::hides(words).then_some(pointer),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| find_hidden(item, format!("{pointer}/{index}")))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            if text::hides(name) {
                Some(pointer.clone())
            } else {
                find_hidden(field, format!("{pointer}/{}", escape(name)))
            }
        }),
        _ => None,
    }
}

/// A name as a part of a JSON pointer.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// `lines[0].packs` as `/lines/0/packs`.
fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escape(key)),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect()
}

/// Our own values refuse in both languages, `english ¦ chinese`; the parser's own words are put into both here.
pub(super) fn explain(message: &str) -> Text {
    // serde_json appends the place in the text, which the pointer already says better.
    let message = message.rsplit_once(" at line ").map_or(message, |(words, _)| words);
    if let Some((en, zh)) = message.split_once(" ¦ ") {
        return Text::new(zh.to_owned(), en.to_owned());
    }
    if let Some((_, zh, en)) = PLAIN.iter().find(|(parser, ..)| message.starts_with(parser)) {
        return Text::new(*zh, *en);
    }
    let message = shorten(message);
    Text::new(translate(&message), message)
}

/// Sentences of the parsers below that say nothing to whoever did not write them.
const PLAIN: [(&str, &str, &str); 6] = [
    ("invalid digit found in string", "应为不带小数的数字", "a whole number is expected"),
    ("cannot parse integer from empty string", "应为数字，不能为空", "a whole number is expected, not nothing"),
    ("number too large to fit in target type", "数字过大", "the number is too large"),
    ("number too small to fit in target type", "数字过小", "the number is too small"),
    ("provided string was not `true` or `false`", "应为 true 或 false", "true or false is expected"),
    ("UUID parsing failed", "应为 UUID 形式的编号", "an identifier in the form of a UUID is expected"),
];

/// What was sent is not sent back at length: 80 characters say which it was.
fn shorten(message: &str) -> String {
    const SHOWN: usize = 80;
    let (sent, expected) = match message.rfind(", expected ") {
        Some(at) => message.split_at(at),
        None => (message, ""),
    };
    match sent.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…{expected}", &sent[..at]),
        None => message.to_owned(),
    }
}

/// The parser's few sentences in Chinese.
fn translate(message: &str) -> String {
    let beginnings = [
        ("missing field ", "缺少字段 "),
        ("unknown field ", "未知字段 "),
        ("duplicate field ", "重复的字段 "),
        ("unknown variant ", "未知的取值 "),
        ("invalid type: ", "类型不符："),
        ("invalid value: ", "取值不符："),
        ("invalid length ", "长度不符 "),
    ];
    let words = [
        (", expected one of ", "，应为下列之一："),
        (", expected ", "，应为 "),
        ("there are no fields", "不含任何字段"),
        ("floating point ", "小数 "),
        ("integer ", "整数 "),
        ("boolean ", "布尔值 "),
        ("string ", "文本 "),
        ("a string", "文本"),
        ("a sequence", "数组"),
        ("sequence", "数组"),
        ("a boolean", "布尔值"),
    ];
    let Some((rest, beginning)) =
        beginnings.iter().find_map(|(en, zh)| message.strip_prefix(en).map(|rest| (rest, zh)))
    else {
        return format!("内容不可接受：{message}");
    };
    let rest = words.iter().fold(rest.to_owned(), |rest, (en, zh)| rest.replacen(en, zh, 1));
    format!("{beginning}{rest}")
}
