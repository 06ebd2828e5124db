//! What is in a file, judged by its bytes: pure.

/// Portable Document Format.
pub const PDF: &str = "application/pdf";
/// Portable Network Graphics.
pub const PNG: &str = "image/png";
/// JPEG.
pub const JPEG: &str = "image/jpeg";
/// A table as text.
pub const CSV: &str = "text/csv";
/// An Excel workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// How many of the first bytes are enough.
pub const HEAD: usize = 8 * 1024;
/// How many of the last bytes hold the list of a workbook's parts.
pub const TAIL: usize = 64 * 1024;

/// What is known of a file once it has all come in.
#[derive(Debug, Default, Clone)]
pub struct Traits {
    /// Its first bytes.
    pub head: Vec<u8>,
    /// Its last bytes, when it is an archive.
    pub tail: Vec<u8>,
    /// Whether there was a byte that no text has.
    pub has_control_bytes: bool,
}

impl Traits {
    /// Takes note of the next bytes.
    pub fn see(&mut self, bytes: &[u8]) {
        let wanted = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        self.has_control_bytes |=
            bytes.iter().any(|b| (*b < 0x20 && !matches!(b, b'\t' | b'\r' | b'\n')) || *b == 0x7f);
    }

    /// Whether it begins as an archive does.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        self.head.starts_with(b"PK\x03\x04")
    }

    /// The media type, when it is one of those that are kept.
    ///
    /// Text has no mark of its own: it is a table when the sender says so and nothing speaks against it, in whatever
    /// encoding; whoever imports it decides that.
    #[must_use]
    pub fn media_type(&self, declared: &str) -> Option<&'static str> {
        if self.is_archive() {
            // The parts are listed at the end, whatever order a program wrote them in.
            let is_workbook = self.tail.windows(WORKBOOK.len()).any(|window| window == WORKBOOK);
            return is_workbook.then_some(XLSX);
        }
        match infer::get(&self.head).map(|found| found.mime_type()) {
            Some(PDF) => Some(PDF),
            Some(PNG) => Some(PNG),
            Some(JPEG) => Some(JPEG),
            Some(_) => None,
            None => (declared == CSV && !self.has_control_bytes).then_some(CSV),
        }
    }
}

const WORKBOOK: &[u8] = b"xl/workbook.xml";
