//! A JSON array, object by object, without ever holding more than one of them.
//!
//! Only the brackets and quotation marks are followed here; what stands between them is parsed when it is complete.

use super::mapping::Mapping;
use super::ndjson::{OBJECT_BYTES_MAX, refuse_long};
use super::object;
use super::record::{Input, Record};
use super::report::Refusal;

pub(super) struct JsonDecoder {
    mapping: Mapping,
    place: Place,
    /// The element under way, and the file's line it begins on.
    raw: Vec<u8>,
    raw_line: u64,
    line: u64,
    /// Brackets open within the element.
    depth: u32,
    text: Text,
    /// Whether the element under way is over-long and already refused.
    skipping: bool,
}

/// Where in the file the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before anything but a byte order mark.
    Start,
    /// In the array, where an element or its end may come.
    BeforeElement,
    /// In the array, where a comma or its end may come.
    AfterElement,
    /// In an element of the array.
    Element,
    /// In an object that stands alone.
    LoneElement,
    /// Behind it all.
    End,
    /// Behind something that makes the rest unreadable.
    Lost,
}

/// Whether the next byte belongs to a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    Escaped,
}

// === impl JsonDecoder ===

impl JsonDecoder {
    pub(super) fn new(mapping: Mapping) -> Self {
        Self {
            mapping,
            place: Place::Start,
            raw: Vec::new(),
            raw_line: 1,
            line: 1,
            depth: 0,
            text: Text::Outside,
            skipping: false,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8], inputs: &mut Vec<Input>) {
        for &byte in bytes {
            match self.place {
                Place::Element | Place::LoneElement => self.element(byte, inputs),
                _ => self.between(byte, inputs),
            }
            self.line += u64::from(byte == b'\n');
        }
    }

    pub(super) fn finish(&mut self, inputs: &mut Vec<Input>) {
        let reason = match self.place {
            Place::End | Place::Lost => return,
            Place::Start => "holds no JSON array of orders",
            _ => "the JSON array is cut off here",
        };
        self.lose(reason, inputs);
    }

    fn between(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        self.place = match (self.place, byte) {
            (place, b' ' | b'\t' | b'\r' | b'\n') => place,
            (Place::Start, 0xef | 0xbb | 0xbf) => Place::Start,
            (Place::Start, b'[') => Place::BeforeElement,
            (Place::Start, b'{') => return self.begin(byte, Place::LoneElement),
            (Place::BeforeElement | Place::AfterElement, b']') => Place::End,
            (Place::AfterElement, b',') => Place::BeforeElement,
            (Place::BeforeElement, b'{') => return self.begin(byte, Place::Element),
            (Place::Lost, _) => Place::Lost,
            (Place::End, _) => {
                return self.lose("something follows the end of the JSON array", inputs);
            }
            _ => {
                return self.lose(
                    "is no JSON array of objects from here on; nothing behind was read",
                    inputs,
                );
            }
        };
    }

    fn begin(&mut self, byte: u8, place: Place) {
        self.place = place;
        self.raw_line = self.line;
        self.raw.push(byte);
        self.depth = 1;
    }

    fn element(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        if !self.skipping {
            self.raw.push(byte);
        }
        if self.raw.len() > OBJECT_BYTES_MAX {
            inputs.push(refuse_long(self.raw_line, &self.raw));
            self.raw.clear();
            self.skipping = true;
        }
        match (self.text, byte) {
            (Text::Escaped, _) => self.text = Text::Inside,
            (Text::Inside, b'\\') => self.text = Text::Escaped,
            (Text::Inside, b'"') => self.text = Text::Outside,
            (Text::Inside, _) => {}
            (Text::Outside, b'"') => self.text = Text::Inside,
            (Text::Outside, b'{' | b'[') => self.depth += 1,
            (Text::Outside, b'}' | b']') => self.depth -= 1,
            (Text::Outside, _) => {}
        }
        if self.depth == 0 {
            self.end_element(inputs);
        }
    }

    fn end_element(&mut self, inputs: &mut Vec<Input>) {
        if !self.skipping {
            inputs.push(object::read(&self.raw, self.raw_line, &self.mapping));
        }
        self.raw.clear();
        self.skipping = false;
        self.place = match self.place {
            Place::LoneElement => Place::End,
            _ => Place::AfterElement,
        };
    }

    fn lose(&mut self, reason: &str, inputs: &mut Vec<Input>) {
        let line = if self.raw.is_empty() {
            self.line
        } else {
            self.raw_line
        };
        let at = Record::new(line, &self.raw).at();
        inputs.push(Input::Refused(Refusal::new(at, reason), None));
        self.place = Place::Lost;
    }
}
