//! A JSON object on each line: a bad line costs itself and no other.

use super::{Flaw, Found, OBJECT_BYTES_MAX};

/// Lines, as far as they were read.
#[derive(Debug)]
pub struct Lines {
    /// The line under way.
    raw: Vec<u8>,
    line: u64,
    /// Whether the line under way is over-long and already refused.
    skipping: bool,
}

// === impl Lines ===

impl Default for Lines {
    fn default() -> Self {
        Self {
            raw: Vec::new(),
            line: 1,
            skipping: false,
        }
    }
}

impl Lines {
    pub(super) fn push(&mut self, bytes: &[u8], found: &mut impl FnMut(Found<'_>)) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            if !self.skipping {
                self.raw.extend_from_slice(piece);
            }
            if self.raw.len() > OBJECT_BYTES_MAX {
                found(Found::flaw(self.line, &self.raw, Flaw::TooLong));
                self.raw.clear();
                self.skipping = true;
            }
            if piece.ends_with(b"\n") {
                self.end_line(found);
            }
        }
    }

    pub(super) fn finish(&mut self, found: &mut impl FnMut(Found<'_>)) {
        self.end_line(found);
    }

    fn end_line(&mut self, found: &mut impl FnMut(Found<'_>)) {
        let object = self.raw.strip_prefix(b"\xef\xbb\xbf");
        let object = object.unwrap_or(&self.raw).trim_ascii();
        if !object.is_empty() {
            found(Found::object(self.line, object));
        }
        self.raw.clear();
        self.line += 1;
        self.skipping = false;
    }
}
