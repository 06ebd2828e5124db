//! Pages become a PDF in the configured type: the same pages and the same font file are the same bytes.

use super::PaperError;
use super::layout::{Mark, PAGE};
use crate::secrecy::sha256_hex;
use krilla::Document;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The faces of a collection in the order in which they are tried: that of even widths first.
const FACES: [u32; 2] = [1, 0];

/// The type papers are set in: read when the first is.
pub struct Typesetter {
    path: PathBuf,
    font: OnceLock<Arc<Vec<u8>>>,
}

impl Typesetter {
    /// A typesetter with this font file, which need not be there yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path, font: OnceLock::new() }
    }

    /// The bytes of the font.
    ///
    /// # Errors
    /// [`PaperError::NoFont`], which says what to do.
    fn bytes(&self) -> Result<Arc<Vec<u8>>, PaperError> {
        if let Some(font) = self.font.get() {
            return Ok(font.clone());
        }
        let missing = |error: std::io::Error| {
            tracing::error!(path = %self.path.display(), %error, "the font of papers cannot be read; install the \
                Debian package fonts-wqy-microhei or set LIANNONG_FONT");
            PaperError::NoFont(self.path.display().to_string())
        };
        let read = Arc::new(std::fs::read(&self.path).map_err(missing)?);
        Ok(self.font.get_or_init(|| read).clone())
    }

    fn font(&self) -> Result<Font, PaperError> {
        let bytes = self.bytes()?;
        let face = FACES.iter().find_map(|face| Font::new(bytes.clone().into(), *face));
        face.ok_or_else(|| PaperError::NoFont(self.path.display().to_string()))
    }

    /// Whether papers can be set here.
    ///
    /// # Errors
    /// [`PaperError::NoFont`], which says what to do.
    pub fn check(&self) -> Result<(), PaperError> {
        self.font().map(drop)
    }

    /// Sets pages: the PDF and its hash.
    ///
    /// # Errors
    /// No font; a page that cannot be written.
    pub fn set(&self, pages: &[Vec<Mark>], title: &str, code: &str) -> Result<(Vec<u8>, String), PaperError> {
        let font = self.font()?;
        let mut document = Document::new();
        for marks in pages {
            let settings = PageSettings::from_wh(points(PAGE.0)?, points(PAGE.1)?).ok_or(PaperError::Unwritable)?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                draw(&mut surface, mark, &font)?;
            }
            surface.finish();
            page.finish();
        }
        let metadata = Metadata::new()
            .title(title.to_owned())
            .creator("联农 Liannong".to_owned())
            .language("zh-CN".to_owned())
            .document_id(code.to_owned());
        document.set_metadata(metadata);
        let pdf = document.finish().map_err(|error| {
            tracing::error!(?error, "a paper cannot be written");
            PaperError::Unwritable
        })?;
        let hash = sha256_hex(&pdf);
        Ok((pdf, hash))
    }
}

/// Whole points as the writer wants them.
fn points(number: i32) -> Result<f32, PaperError> {
    i16::try_from(number).map(f32::from).map_err(|_| PaperError::Unwritable)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, font: &Font) -> Result<(), PaperError> {
    match mark {
        Mark::Text { x, y, size, text } => {
            let start = Point::from_xy(points(*x)?, points(*y)?);
            surface.draw_text(start, font.clone(), points(*size)?, text, false, TextDirection::LeftToRight);
        }
        Mark::Rule { from, to } => {
            let mut line = PathBuilder::new();
            line.move_to(points(from.0)?, points(from.1)?);
            line.line_to(points(to.0)?, points(to.1)?);
            let line = line.finish().ok_or(PaperError::Unwritable)?;
            surface.set_stroke(Some(Stroke { width: 0.5, ..Stroke::default() }));
            surface.draw_path(&line);
            surface.set_stroke(None);
        }
        Mark::Module { at, side } => surface.draw_path(&module(*at, *side)?),
    }
    Ok(())
}

fn module(at: (i32, i32), side: i32) -> Result<Path, PaperError> {
    let side = points(side)?;
    let rect = Rect::from_xywh(points(at.0)?, points(at.1)?, side, side).ok_or(PaperError::Unwritable)?;
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    path.finish().ok_or(PaperError::Unwritable)
}
