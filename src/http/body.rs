//! JSON bodies: what is wrong is named by a JSON pointer, in Chinese and English.

use crate::problem::{self, Failure, Problem, Text};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
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
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move { parse(&read(bytes).await?).map(Self) })
    }
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
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let is_syntax = error.inner().is_syntax() || error.inner().is_eof();
        let pointer = pointer_of(error.path());
        let detail = explain(&error.inner().to_string());
        if is_syntax {
            Problem::new(
                &problem::UNREADABLE,
                format!("请求体不是有效的 JSON：{}", detail.en),
                format!("The body is not valid JSON: {}", detail.en),
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

/// `lines[0].packs` as `/lines/0/packs`.
fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect()
}

/// Our own values refuse in both languages, `english ¦ chinese`; the parser's own words are English.
pub(super) fn explain(message: &str) -> Text {
    // serde_json appends the place in the text, which the pointer already says better.
    let message = message.rsplit_once(" at line ").map_or(message, |(words, _)| words);
    match message.split_once(" ¦ ") {
        Some((en, zh)) => Text::new(zh.to_owned(), en.to_owned()),
        None => Text::new(translate(message), message.to_owned()),
    }
}

/// The parser's few sentences in Chinese.
fn translate(message: &str) -> String {
    let rules = [
        ("missing field ", "缺少字段 "),
        ("unknown field ", "未知字段 "),
        ("duplicate field ", "重复的字段 "),
        ("unknown variant ", "未知的取值 "),
        ("invalid type: ", "类型不符："),
        ("invalid value: ", "取值不符："),
        ("invalid length ", "长度不符 "),
    ];
    rules
        .iter()
        .find_map(|(en, zh)| {
            message.strip_prefix(en).map(|rest| format!("{zh}{}", rest.replace(", expected ", "，应为 ")))
        })
        .unwrap_or_else(|| format!("内容不可接受：{message}"))
}
