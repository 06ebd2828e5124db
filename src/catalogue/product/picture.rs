//! Pictures drawn anew: turned upright, made smaller, and free of everything that is not the picture. Pure.
//!
//! Promises: what a camera wrote beside the picture (place, time, device) is not in what is shown; a file that would
//! unfold into more than the limits is refused before it does.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// The longest side of an uploaded picture, in pixels.
const LONGEST_IN: u32 = 10_000;
/// What reading one may cost in memory.
const MOST_MEMORY: u64 = 192 * 1024 * 1024;
/// The longest side of the large picture.
const LARGE: u32 = 1600;
/// The longest side of the thumbnail.
const SMALL: u32 = 320;
const QUALITY: u8 = 82;

/// A picture in its two sizes, both JPEG.
pub struct Drawn {
    /// At most 1600 pixels on its longer side.
    pub large: Vec<u8>,
    /// At most 320.
    pub small: Vec<u8>,
    /// Width of the large one.
    pub width: u32,
    /// Height of the large one.
    pub height: u32,
}

/// Draws a picture anew.
///
/// # Errors
/// When it is no picture, or one beyond the limits.
pub fn draw(content: &[u8]) -> image::ImageResult<Drawn> {
    let mut reader = ImageReader::new(Cursor::new(content)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_IN);
    limits.max_image_height = Some(LONGEST_IN);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    let large = flat(&within(picture, LARGE));
    let small = image::imageops::thumbnail(&large, scaled(&large).0, scaled(&large).1);
    Ok(Drawn { width: large.width(), height: large.height(), large: encode(&large)?, small: encode(&small)? })
}

fn within(picture: DynamicImage, longest: u32) -> DynamicImage {
    if picture.width() <= longest && picture.height() <= longest {
        return picture;
    }
    picture.resize(longest, longest, FilterType::Triangle)
}

/// The size of the thumbnail of a picture.
fn scaled(picture: &RgbImage) -> (u32, u32) {
    let longest = picture.width().max(picture.height());
    if longest <= SMALL {
        return (picture.width().max(1), picture.height().max(1));
    }
    let side = |side: u32| (side * SMALL).checked_div(longest).unwrap_or(1).max(1);
    (side(picture.width()), side(picture.height()))
}

/// Without transparency: on white.
fn flat(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let on_white = |part: u8| {
            let (part, alpha) = (u32::from(part), u32::from(alpha));
            u8::try_from((part * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([on_white(red), on_white(green), on_white(blue)])
    })
}

fn encode(picture: &RgbImage) -> image::ImageResult<Vec<u8>> {
    let mut content = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut content, QUALITY))?;
    Ok(content)
}
