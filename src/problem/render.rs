//! Writes problems in the caller's language, and turns the framework's own bare refusals into problems.

use super::{
    INTERNAL, Kind, METHOD_NOT_ALLOWED, NOT_FOUND, PAYLOAD_TOO_LARGE, Problem, Text, UNREADABLE, UNSUPPORTED_MEDIA_TYPE,
};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpResponse, body::MessageBody, dev::ServiceResponse};
use serde_json::json;

/// Chinese unless the caller prefers English; weights are read, other languages passed over.
fn prefers_english(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let weight_of = |language: &str| {
        let weights = accepted.split(',').filter_map(|part| {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let tag = tag.trim().to_ascii_lowercase();
            let is_meant = tag.split('-').next() == Some(language);
            is_meant.then(|| thousandths(parameters))
        });
        weights.max().unwrap_or_default()
    };
    weight_of("en") > weight_of("zh")
}

/// The weight in `q=0.8`, in thousandths; one when none is given, nothing when it cannot be read.
fn thousandths(parameters: &str) -> u16 {
    let written =
        parameters.split(';').find_map(|parameter| parameter.split_once('=').filter(|(q, _)| q.trim() == "q"));
    let Some((_, weight)) = written else { return 1000 };
    let (whole, decimals) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let is_number = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" if is_number => 1000,
        "0" if is_number => format!("{decimals:0<3}").parse().unwrap_or_default(),
        _ => 0,
    }
}

/// The document of RFC 9457, in one language.
fn document(problem: &Problem, english: bool, instance: &str) -> serde_json::Value {
    let say = |text: &Text| if english { text.en.to_string() } else { text.zh.to_string() };
    let mut document = json!({
        "type": format!("/problems/{}", problem.kind.code),
        "code": problem.kind.code,
        "title": if english { problem.kind.en } else { problem.kind.zh },
        "status": problem.kind.status,
        "detail": say(&problem.detail),
        "instance": instance,
    });
    if !problem.errors.is_empty() {
        document["errors"] = problem
            .errors
            .iter()
            .map(|field| json!({ "pointer": field.pointer, "detail": say(&field.detail) }))
            .collect();
    }
    document
}

/// What the framework refuses on its own has a status but no problem yet.
fn problem_for_status(status: u16) -> Option<Problem> {
    let kind: &'static Kind = match status {
        400 => &UNREADABLE,
        404 => &NOT_FOUND,
        405 => &METHOD_NOT_ALLOWED,
        413 => &PAYLOAD_TOO_LARGE,
        415 => &UNSUPPORTED_MEDIA_TYPE,
        500..=599 => &INTERNAL,
        _ => return None,
    };
    Some(Problem::plain(kind))
}

/// Gives a refused response its body; leaves every other response as it is.
pub fn render<B: MessageBody + 'static>(response: ServiceResponse<B>, instance: &str) -> ServiceResponse {
    let carried = response.response().extensions().get::<Problem>().cloned();
    let is_ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t == "application/problem+json");
    let problem = carried.or_else(|| {
        let status = response.status();
        (status.is_client_error() || status.is_server_error())
            .then(|| problem_for_status(status.as_u16()))
            .flatten()
            .filter(|_| !is_ours)
    });
    let Some(problem) = problem else { return response.map_into_boxed_body() };
    let english = prefers_english(response.request().headers());
    let (request, bare) = response.into_parts();
    let status = bare.status();
    let mut answer = HttpResponse::build(status);
    for (name, value) in bare.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.insert_header((name.clone(), value.clone()));
        }
    }
    if problem.kind.status == 401 {
        answer.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    }
    if let Some(seconds) = problem.retry_after_seconds {
        answer.insert_header((header::RETRY_AFTER, seconds));
    }
    let answer = answer
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json")))
        .insert_header((header::CONTENT_LANGUAGE, HeaderValue::from_static(if english { "en" } else { "zh-CN" })))
        .insert_header((header::VARY, HeaderValue::from_static("accept-language")))
        .body(document(&problem, english, instance).to_string());
    ServiceResponse::new(request, answer)
}

/// The kind with this code, among the given lists.
#[must_use]
pub fn find_kind(lists: &[&'static [&'static Kind]], code: &str) -> Option<&'static Kind> {
    lists.iter().flat_map(|list| list.iter()).copied().find(|kind| kind.code == code)
}
