//! The square code on a pack (二维码): the address of its page, as SVG and as PNG.
//!
//! Medium error correction: a seventh of it may be dirty. Four modules stay white around it, as the standard asks.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

/// Dots of the PNG for one module: about five centimetres at 200 dots an inch.
const DOTS: usize = 10;
/// White modules around it.
const QUIET: usize = 4;

/// Why a code cannot be drawn: the address is longer than any code holds, or the picture cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum QrError {
    /// Too long.
    #[error("no code holds so much")]
    Code(#[from] qrcode::types::QrError),
    /// Not written.
    #[error("the picture cannot be written")]
    Picture(#[from] image::ImageError),
    /// Too large.
    #[error("the picture is too large")]
    Size,
}

fn code(content: &str) -> Result<QrCode, QrError> {
    Ok(QrCode::with_error_correction_level(content, EcLevel::M)?)
}

/// As SVG, ten units a module.
///
/// # Errors
/// The content is too long.
pub fn svg(content: &str) -> Result<String, QrError> {
    let drawn = code(content)?;
    let mut picture = drawn.render::<Color<'_>>();
    Ok(picture.module_dimensions(10, 10).quiet_zone(true).build())
}

/// As PNG, ten dots a module.
///
/// # Errors
/// The content is too long; the picture cannot be written.
pub fn png(content: &str) -> Result<Vec<u8>, QrError> {
    let drawn = code(content)?;
    let width = drawn.width();
    let colours = drawn.to_colors();
    let side = (width + 2 * QUIET) * DOTS;
    let mut dots = vec![255_u8; side * side];
    for (at, dot) in dots.iter_mut().enumerate() {
        let (row, column) = (at / side / DOTS, at % side / DOTS);
        let inside = |place: usize| place.checked_sub(QUIET).filter(|place| *place < width);
        if let (Some(row), Some(column)) = (inside(row), inside(column))
            && colours.get(row * width + column) == Some(&qrcode::Color::Dark)
        {
            *dot = 0;
        }
    }
    let side = u32::try_from(side).map_err(|_| QrError::Size)?;
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(&dots, side, side, ExtendedColorType::L8)?;
    Ok(file)
}
