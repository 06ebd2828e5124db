//! What a workbook unpacks to is measured before anybody unpacks it: a small file may hold a very large one.
//!
//! The sizes that an archive states are not believed; every part is unpacked once, into nothing, and counted.

use super::Fault;
use flate2::read::DeflateDecoder;
use std::io::Read;

/// The most that a workbook may unpack to, in bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The most parts it may have.
const MOST_PARTS: usize = 500;

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)).ok()
}

/// Lets through what unpacks to a bounded size.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    let most = measure(bytes).ok_or(Fault::NotAWorkbook)?;
    if most > MOST_BYTES { Err(Fault::TooLarge) } else { Ok(()) }
}

/// What it unpacks to, or a little more than the most; nothing when it is no archive that we read.
fn measure(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(66_000);
    let end = from + bytes.get(from..)?.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let (parts, mut at) = (u16_at(bytes, end + 10)?, u32_at(bytes, end + 16)?);
    if parts > MOST_PARTS {
        return Some(usize::MAX);
    }
    let mut sum = 0_usize;
    for _ in 0..parts {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let (method, size) = (u16_at(bytes, at + 10)?, u32_at(bytes, at + 20)?);
        let local = u32_at(bytes, at + 42)?;
        let start = local.checked_add(30)? + u16_at(bytes, local.checked_add(26)?)? + u16_at(bytes, local + 28)?;
        let content = bytes.get(start..start.checked_add(size)?)?;
        sum += match method {
            0 => content.len(),
            8 => unpacked(content, MOST_BYTES - sum)?,
            _ => return None,
        };
        if sum > MOST_BYTES {
            return Some(sum);
        }
        at += 46 + u16_at(bytes, at + 28)? + u16_at(bytes, at + 30)? + u16_at(bytes, at + 32)?;
    }
    Some(sum)
}

/// What a part unpacks to, counted to a little more than `most`.
fn unpacked(content: &[u8], most: usize) -> Option<usize> {
    let mut reader = DeflateDecoder::new(content);
    let mut buffer = vec![0; 64 * 1024];
    let mut sum = 0;
    loop {
        match reader.read(&mut buffer).ok()? {
            0 => return Some(sum),
            read => sum += read,
        }
        if sum > most {
            return Some(sum);
        }
    }
}
