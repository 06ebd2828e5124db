//! The forms of events: JSON Schema (2020-12) made of the very types that are written, each whole in itself.

use super::catalogue::{Audience, EVENTS, EventType};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The form of a type, with everything it refers to put in.
#[must_use]
pub fn of<T: ToSchema>() -> Value {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    let known: BTreeMap<String, Value> =
        parts.into_iter().map(|(name, part)| (name, serde_json::to_value(part).unwrap_or_default())).collect();
    whole(serde_json::to_value(T::schema()).unwrap_or_default(), &known)
}

/// Puts in what is referred to. Events nest two or three deep and never into themselves.
fn whole(schema: Value, known: &BTreeMap<String, Value>) -> Value {
    match schema {
        Value::Object(fields) => {
            let named = fields.get("$ref").and_then(Value::as_str).and_then(|place| place.rsplit('/').next());
            match named.and_then(|name| known.get(name)) {
                Some(meant) => whole(meant.clone(), known),
                None => Value::Object(fields.into_iter().map(|(name, field)| (name, whole(field, known))).collect()),
            }
        }
        Value::Array(items) => items.into_iter().map(|item| whole(item, known)).collect(),
        other => other,
    }
}

/// The published form of a kind of event: what stands in `data`.
#[must_use]
pub fn published(kind: &EventType) -> Value {
    let mut form = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:liannong:event:{}:{}", kind.topic, kind.version),
        "title": kind.topic,
    });
    let own = (kind.schema)();
    for (name, field) in own.as_object().into_iter().flat_map(Map::iter) {
        form[name] = field.clone();
    }
    form["description"] = format!("{} {}", kind.words.0, kind.words.1).into();
    form
}

/// Every kind of event that leaves the house, as the `webhooks` of an API description (OpenAPI 3.1).
#[must_use]
pub fn webhooks() -> Value {
    let told = EVENTS.iter().filter(|kind| kind.audience != Audience::House);
    let one = |kind: &EventType| {
        let mut data = (kind.schema)();
        data["description"] = format!("{} {}", kind.words.0, kind.words.1).into();
        let body = json!({
            "type": "object",
            "required": ["id", "type", "version", "timestamp", "aggregate_id", "data"],
            "properties": {
                "id": { "type": "string", "format": "uuid", "description": "The event: the same in every repetition." },
                "type": { "const": kind.topic },
                "version": { "type": "integer", "const": kind.version },
                "timestamp": { "type": "string", "format": "date-time", "description": "When it happened." },
                "aggregate_id": { "type": "string", "format": "uuid", "description": "The object it is about." },
                "data": data,
            },
        });
        let described = json!({ "post": {
            "summary": kind.words.1,
            "description": format!("{} · {} · version {}", kind.words.0, kind.words.1, kind.version),
            "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
            "responses": { "2XX": { "description": "Taken; anything else is tried again later." } },
        } });
        (kind.topic.to_owned(), described)
    };
    Value::Object(told.map(one).collect())
}

/// Every kind of event with its form, as one document.
#[must_use]
pub fn document() -> Value {
    let one = |kind: &EventType| {
        json!({
            "type": kind.topic, "version": kind.version, "zh": kind.words.0, "en": kind.words.1,
            "leaves_the_house": kind.audience != Audience::House, "schema": published(kind),
        })
    };
    json!({ "events": EVENTS.iter().map(one).collect::<Vec<_>>() })
}
