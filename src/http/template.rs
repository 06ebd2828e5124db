//! Pages to be printed: a template that is read once, whenever it is first wanted.

use minijinja::{Environment, Error, Value};
use std::sync::OnceLock;

/// A page. Its name ends in `.html`, which turns escaping on.
#[derive(Debug)]
pub struct Template {
    name: &'static str,
    text: &'static str,
    read: OnceLock<Environment<'static>>,
}

impl Template {
    /// The page of this text; kept in a `static`.
    #[must_use]
    pub const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, read: OnceLock::new() }
    }

    /// The page with these facts.
    ///
    /// # Errors
    /// When the text is no template, or the facts do not fit it.
    pub fn render(&self, facts: Value) -> Result<String, Error> {
        let pages = match self.read.get() {
            Some(pages) => pages,
            None => {
                let mut pages = Environment::new();
                pages.add_template(self.name, self.text)?;
                self.read.get_or_init(|| pages)
            }
        };
        pages.get_template(self.name)?.render(facts)
    }
}
