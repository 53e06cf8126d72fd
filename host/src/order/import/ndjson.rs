//! A JSON object on each line: a bad line costs itself and no other.

use super::mapping::Mapping;
use super::object;
use super::record::{Input, Record};
use super::report::Refusal;

/// Longest JSON object taken, in bytes: an order of ten thousand lines has about one million.
pub(super) const OBJECT_BYTES_MAX: usize = 4 << 20;

pub(super) struct NdjsonDecoder {
    mapping: Mapping,
    /// The line under way.
    raw: Vec<u8>,
    line: u64,
    /// Whether the line under way is over-long and already refused.
    skipping: bool,
}

// === impl NdjsonDecoder ===

impl NdjsonDecoder {
    pub(super) fn new(mapping: Mapping) -> Self {
        Self {
            mapping,
            raw: Vec::new(),
            line: 1,
            skipping: false,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8], inputs: &mut Vec<Input>) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            if !self.skipping {
                self.raw.extend_from_slice(piece);
            }
            if self.raw.len() > OBJECT_BYTES_MAX {
                inputs.push(refuse_long(self.line, &self.raw));
                self.raw.clear();
                self.skipping = true;
            }
            if piece.ends_with(b"\n") {
                self.end_line(inputs);
            }
        }
    }

    pub(super) fn finish(&mut self, inputs: &mut Vec<Input>) {
        self.end_line(inputs);
    }

    fn end_line(&mut self, inputs: &mut Vec<Input>) {
        let raw = std::mem::take(&mut self.raw);
        let object = raw
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&raw)
            .trim_ascii();
        if !object.is_empty() {
            inputs.push(object::read(object, self.line, &self.mapping));
        }
        self.line += 1;
        self.skipping = false;
    }
}

/// The refusal of an object that is beyond the limit.
pub(super) fn refuse_long(line: u64, raw: &[u8]) -> Input {
    let reason = format!("is longer than {} MiB", OBJECT_BYTES_MAX >> 20);
    Input::Refused(Refusal::new(Record::new(line, raw).at(), reason), None)
}
