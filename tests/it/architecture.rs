//! Who may name whom. Reads the sources; when it fails it says which file may not name which module.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// They may name each other and nothing else of ours.
const FOUNDATIONS: &[&str] =
    &["config", "secrecy", "problem", "access", "db", "app", "jobs", "http", "meter", "outage", "telemetry"];

/// Each may name the foundations and those before it.
const ORDER: &[&str] = &[
    "region",
    "organisation",
    "identity",
    "document",
    "succession",
    "ledger",
    "seal", // where, who, papers, money and its proof
    "household",
    "adjustment",
    "assistance",
    "rectification",
    "privacy",
    "catalogue",
    "attribution",
    "harvest",
    "approval",
    "budget", // who it is for, what is sold, how it is shared
    "referral",
    "procurement",
    "purchase",
    "payment",
    "arrears",
    "complaint",
    "paper",
    "quota",
    "offplatform",
    "deadline",
    "settlement",
    "payout",
    "welfare",
    "monitoring",
    "comparison",
    "pairing", // the main job, in its order
    "opendata",
    "report",
    "reminder",
    "trace",
    "bulk",
    "search",
    "audit_trail",
    "verify",
    "receipt",
    "readings",
    "voice",
    "feed",
    "webhook",
    "notice",
    "upkeep", // they hear, read and check; nobody calls them
    "listeners",
    "routes",
    "openapi",
    "start",
    "server",
    "demo",
    "bench",
    "cli", // what puts the house together
];

/// Modules whose files may all speak to the database: the foundations do it for everybody, and the verifier reads
/// every table on purpose without calling the code that wrote it.
const MAY_QUERY_ANYWHERE: &[&str] = &["db", "jobs", "http", "verify"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules a text names by `crate::…`, also inside `crate::{…}`.
fn named(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut word, mut fresh) = (0, String::new(), true);
            for character in group.chars() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => fresh = true,
                    c if depth == 0 && fresh && (c.is_alphanumeric() || c == '_') => word.push(c),
                    _ if depth == 0 && !word.is_empty() => fresh = false,
                    _ => {}
                }
                if !word.is_empty() && (!fresh || character == ',') {
                    names.insert(std::mem::take(&mut word));
                    fresh = character == ',';
                }
            }
            names.insert(word);
        } else {
            names.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names.into_iter().filter(|name| FOUNDATIONS.contains(&name.as_str()) || ORDER.contains(&name.as_str())).collect()
}

fn files() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    found
        .into_iter()
        .filter_map(|path| {
            let inside = path.strip_prefix(&root).unwrap().to_owned();
            let module = inside.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
            let text = fs::read_to_string(&path).unwrap();
            (module != "main" && module != "lib").then_some((module, inside, text))
        })
        .collect()
}

#[test]
fn modules_name_only_what_stands_below_them() {
    let place = |name: &str| ORDER.iter().position(|module| *module == name);
    let mut wrong = Vec::new();
    for (module, file, text) in files() {
        for name in named(&text) {
            let allowed = name == module
                || FOUNDATIONS.contains(&name.as_str())
                || (!FOUNDATIONS.contains(&module.as_str()) && place(&name) < place(&module));
            if !allowed {
                wrong.push(format!("src/{} may not name `{name}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_its_place() {
    let strangers: BTreeSet<_> = files()
        .into_iter()
        .map(|(module, ..)| module)
        .filter(|module| !FOUNDATIONS.contains(&module.as_str()) && !ORDER.contains(&module.as_str()))
        .collect();
    assert!(strangers.is_empty(), "say where they stand: {strangers:?}");
}

#[test]
fn only_stores_speak_to_the_database() {
    let mut wrong = Vec::new();
    for (module, file, text) in files() {
        let is_store = file.file_stem().is_some_and(|stem| stem == "store") || file.iter().any(|part| part == "store");
        if !is_store && !MAY_QUERY_ANYWHERE.contains(&module.as_str()) && text.contains("::Entity::") {
            wrong.push(format!("src/{} speaks to the database; that is for its store", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_history_of_the_schema_does_not_see_todays_tables() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("migration/Cargo.toml")).unwrap();
    assert!(!manifest.contains("entity"));
}

/// Two schemas of one name are one schema in the description: the one registered last.
#[test]
fn no_two_schemas_have_one_name() {
    let mut places = std::collections::BTreeMap::<String, Vec<String>>::new();
    for (_, file, text) in files() {
        for (at, _) in text.match_indices("ToSchema)]\n") {
            // Between the derive and the type there are attributes and comments only.
            let head: Vec<&str> = text[at..].lines().skip(1).take(12).collect();
            let Some(end) = head.iter().position(|line| line.contains("struct ") || line.contains("enum ")) else {
                continue;
            };
            let renamed = head[..end].iter().find_map(|line| line.split_once("schema(as = ")).map(|(_, name)| name);
            let own = head[end].split_once("struct ").or_else(|| head[end].split_once("enum ")).map(|(_, name)| name);
            let name = renamed.or(own).unwrap_or_default();
            let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
            places.entry(name).or_default().push(file.display().to_string());
        }
    }
    assert!(places.len() > 50, "only {} schemas were found", places.len());
    let twice: Vec<_> = places.into_iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

/// A path without the names of its parameters: they tell nothing apart.
fn nameless(path: &str) -> String {
    path.split('{').enumerate().fold(String::new(), |whole, (place, part)| match part.split_once('}') {
        Some((_, rest)) if place > 0 => whole + "{}" + rest,
        _ => whole + part,
    })
}

/// Two handlers of one address: the first that is registered answers for both, and the description shows the last.
#[test]
fn no_two_handlers_answer_the_same_address() {
    let mut places = std::collections::BTreeMap::<(&str, String), Vec<String>>::new();
    for (_, file, text) in files() {
        for method in ["get", "post", "put", "patch", "delete", "head", "options"] {
            let head = format!("#[{method}(\"");
            for (at, _) in text.match_indices(&head) {
                let path = text[at + head.len()..].split('"').next().unwrap();
                places.entry((method, nameless(path))).or_default().push(file.display().to_string());
            }
        }
    }
    assert!(places.len() > 350, "only {} handlers were found", places.len());
    let twice: Vec<_> = places.into_iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert_eq!(
        nameless("/lots/{id}/certificates/{certificate_id}/revoke"),
        nameless("/lots/{lot}/certificates/{id}/revoke")
    );
    assert_ne!(nameless("/lots/{id}"), nameless("/lots/mine"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> =
        files().into_iter().filter(|(.., text)| !text.starts_with("//!")).map(|(_, file, _)| file).collect();
    assert!(silent.is_empty(), "they have no head: {silent:?}");
}
