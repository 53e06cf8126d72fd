//! A JSON array, object by object, without ever holding more than one of them.
//!
//! Only the brackets and quotation marks are followed here; what stands between them is parsed when it is complete.

use super::{Flaw, Found, OBJECT_BYTES_MAX};

/// An array, as far as it was read.
#[derive(Debug)]
pub struct Array {
    place: Place,
    /// The element under way, and the line it begins on.
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

// === impl Array ===

impl Default for Array {
    fn default() -> Self {
        Self {
            place: Place::Start,
            raw: Vec::new(),
            raw_line: 1,
            line: 1,
            depth: 0,
            text: Text::Outside,
            skipping: false,
        }
    }
}

impl Array {
    pub(super) fn push(&mut self, bytes: &[u8], found: &mut impl FnMut(Found<'_>)) {
        for &byte in bytes {
            match self.place {
                Place::Element | Place::LoneElement => self.element(byte, found),
                _ => self.between(byte, found),
            }
            self.line += u64::from(byte == b'\n');
        }
    }

    pub(super) fn finish(&mut self, found: &mut impl FnMut(Found<'_>)) {
        match self.place {
            Place::End | Place::Lost => {}
            Place::Start => self.lose(Flaw::NoArray, found),
            _ => self.lose(Flaw::CutOff, found),
        }
    }

    fn between(&mut self, byte: u8, found: &mut impl FnMut(Found<'_>)) {
        self.place = match (self.place, byte) {
            (place, b' ' | b'\t' | b'\r' | b'\n') => place,
            (Place::Start, 0xef | 0xbb | 0xbf) => Place::Start,
            (Place::Start, b'[') => Place::BeforeElement,
            (Place::Start, b'{') => return self.begin(byte, Place::LoneElement),
            (Place::BeforeElement | Place::AfterElement, b']') => Place::End,
            (Place::AfterElement, b',') => Place::BeforeElement,
            (Place::BeforeElement, b'{') => return self.begin(byte, Place::Element),
            (Place::Lost, _) => Place::Lost,
            (Place::End, _) => return self.lose(Flaw::Tail, found),
            _ => return self.lose(Flaw::Lost, found),
        };
    }

    fn begin(&mut self, byte: u8, place: Place) {
        self.place = place;
        self.raw_line = self.line;
        self.raw.push(byte);
        self.depth = 1;
    }

    fn element(&mut self, byte: u8, found: &mut impl FnMut(Found<'_>)) {
        if !self.skipping {
            self.raw.push(byte);
        }
        if self.raw.len() > OBJECT_BYTES_MAX {
            found(Found::flaw(self.raw_line, &self.raw, Flaw::TooLong));
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
            self.end_element(found);
        }
    }

    fn end_element(&mut self, found: &mut impl FnMut(Found<'_>)) {
        if !self.skipping {
            found(Found::object(self.raw_line, &self.raw));
        }
        self.raw.clear();
        self.skipping = false;
        self.place = match self.place {
            Place::LoneElement => Place::End,
            _ => Place::AfterElement,
        };
    }

    fn lose(&mut self, flaw: Flaw, found: &mut impl FnMut(Found<'_>)) {
        let line = match self.raw.is_empty() {
            true => self.line,
            false => self.raw_line,
        };
        found(Found::flaw(line, &self.raw, flaw));
        self.place = Place::Lost;
    }
}
