//! `liannong openapi`: writes what the outside may rely on.

use crate::openapi::{Examples, document, problem_page, rights};
use crate::start::StartError;
use crate::{feed, routes};
use std::path::Path;

/// Every generated file with its content, relative to the folder.
///
/// # Errors
/// When the recorded examples cannot be read.
pub fn files(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    let document = document(&read_examples(&folder.join("examples"))?);
    let mut files = vec![
        ("openapi.json".to_owned(), serde_json::to_string_pretty(&document)? + "\n"),
        ("rights.md".to_owned(), rights::page(&document)),
        ("events.json".to_owned(), serde_json::to_string_pretty(&feed::catalogue_document())? + "\n"),
    ];
    for kind in routes::KINDS.iter().flat_map(|list| list.iter()) {
        files.push((format!("problems/{}.md", kind.code), problem_page(kind)));
    }
    Ok(files)
}

fn read_examples(folder: &Path) -> std::io::Result<Examples> {
    let mut examples = Examples::new();
    if !folder.exists() {
        return Ok(examples);
    }
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if let Some(operation) = path.file_stem().and_then(|stem| stem.to_str()) {
            examples.insert(operation.to_owned(), serde_json::from_slice(&std::fs::read(&path)?)?);
        }
    }
    Ok(examples)
}

/// Writes them, and removes pages of problems that no longer exist.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(folder: &Path) -> Result<(), StartError> {
    let failed = |error| StartError::Folder(folder.display().to_string(), error);
    let pages = folder.join("problems");
    if pages.exists() {
        std::fs::remove_dir_all(&pages).map_err(failed)?;
    }
    std::fs::create_dir_all(&pages).map_err(failed)?;
    for (name, content) in files(folder).map_err(failed)? {
        std::fs::write(folder.join(name), content).map_err(failed)?;
    }
    Ok(())
}
