//! Packages: releases and records with what is said about their publication. Text is put together from text, so that
//! amounts stay as they were written.

use super::{OpenDataError, json, service};
use entity::value::Timestamp;
use entity::{open_process, open_release};
use serde_json::{Value, json as value};

/// The edition of the standard.
const VERSION: &str = "1.1";

/// Where open data stand from outside.
#[derive(Debug, Clone)]
pub struct Place(String);

impl Place {
    /// From the address at which the public reaches the house.
    #[must_use]
    pub fn new(public_address: &str) -> Self {
        Self(format!("{public_address}/api/v1/open-data"))
    }

    /// The address of something below.
    #[must_use]
    pub fn of(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }

    /// The extension as it is served: its addresses are ours.
    #[must_use]
    pub fn extension(&self) -> String {
        include_str!("extension/extension.json").replace("{{base}}", &self.of("extension"))
    }
}

/// The schema of the extension.
pub const EXTENSION_SCHEMA: &str = include_str!("extension/release-schema.json");

/// What a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of releases.
    Releases,
    /// Of records.
    Records,
}

/// Everything up to the first thing in a package.
#[must_use]
pub fn head(place: &Place, kind: Kind, uri: &str, published: Timestamp, next: Option<&str>) -> String {
    let about = value!({
        "uri": uri,
        "version": VERSION,
        "extensions": [place.of("extension/extension.json")],
        "publishedDate": json::instant(published),
        "publisher": { "name": "联农 Liannong", "uri": place.0 },
    });
    let mut text = about.to_string();
    text.pop();
    if let Some(next) = next {
        text.push_str(&format!(",\"links\":{}", value!({ "next": next })));
    }
    let name = if kind == Kind::Releases { "releases" } else { "records" };
    text.push_str(&format!(",\"{name}\":["));
    text
}

/// What closes it.
pub const TAIL: &str = "]}";

/// A release as it was published.
///
/// # Errors
/// When what was kept cannot be read.
pub fn release(row: &open_release::Model) -> Result<String, OpenDataError> {
    Ok(json::text(&service::read(&row.content)?))
}

/// A record: its releases, embedded or by their addresses, and what they come to.
///
/// # Errors
/// When what was kept cannot be read.
pub fn record(
    place: &Place,
    process: &open_process::Model,
    releases: &[&open_release::Model],
    embedded: bool,
) -> Result<String, OpenDataError> {
    let mut said = Vec::with_capacity(releases.len());
    for row in releases {
        said.push(if embedded {
            release(row)?
        } else {
            let tags: Vec<&str> = row.tags.split(',').collect();
            let url = place.of(&format!("releases/{id}#{id}", id = row.release_id));
            value!({ "url": url, "date": json::instant(row.released_at), "tag": tags }).to_string()
        });
    }
    let mut compiled = service::read(&process.compiled)?;
    if let (Value::Object(members), Some(at)) = (&mut compiled, process.released_at) {
        let date = json::instant(at);
        members.insert("id".to_owned(), value!(format!("{}-{date}", process.ocid)));
        members.insert("date".to_owned(), value!(date));
        members.insert("tag".to_owned(), value!(["compiled"]));
    }
    Ok(format!(
        "{{\"ocid\":{},\"releases\":[{}],\"compiledRelease\":{}}}",
        value!(process.ocid),
        said.join(","),
        json::text(&compiled)
    ))
}
