//! JSON objects out of a stream of bytes, one at a time, however long the stream: an array, or one on each line.
//!
//! What could not be read costs no more than itself: a bad line its line; an array that is none, the rest of the array.

mod array;
mod lines;

use array::Array;
use lines::Lines;

/// Longest object taken, in bytes: an order of ten thousand lines has about one million.
pub const OBJECT_BYTES_MAX: usize = 4 << 20;

/// Cuts a stream into the objects it holds.
#[derive(Debug)]
pub enum JsonStream {
    /// An array of objects, or one object alone.
    Array(Array),
    /// An object on each line.
    Lines(Lines),
}

/// What was found in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The bytes of an object, which may still be no JSON; of what is none, as many as were kept.
    pub raw: &'a [u8],
    /// Why it is no object.
    pub flaw: Option<Flaw>,
}

/// Why something in a stream is no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is beyond the limit.
    #[error("is longer than {} MiB", OBJECT_BYTES_MAX >> 20)]
    TooLong,
    /// The stream ended before an array began.
    #[error("holds no JSON array")]
    NoArray,
    /// The stream ended in the middle of an array.
    #[error("the JSON array is cut off here")]
    CutOff,
    /// Something stands behind the array.
    #[error("something follows the end of the JSON array")]
    Tail,
    /// What is here cannot stand in an array of objects.
    #[error("is no JSON array of objects from here on; nothing behind was read")]
    Lost,
}

// === impl JsonStream ===

impl JsonStream {
    /// An array of objects, or one object alone.
    #[must_use]
    pub fn array() -> Self {
        Self::Array(Array::default())
    }

    /// An object on each line (NDJSON); empty lines are passed over.
    #[must_use]
    pub fn lines() -> Self {
        Self::Lines(Lines::default())
    }

    /// Takes the next bytes, which may end anywhere, and hands on what they complete.
    pub fn push(&mut self, bytes: &[u8], found: &mut impl FnMut(Found<'_>)) {
        match self {
            Self::Array(array) => array.push(bytes, found),
            Self::Lines(lines) => lines.push(bytes, found),
        }
    }

    /// Hands on what was left open when the bytes ended.
    pub fn finish(&mut self, found: &mut impl FnMut(Found<'_>)) {
        match self {
            Self::Array(array) => array.finish(found),
            Self::Lines(lines) => lines.finish(found),
        }
    }
}

// === impl Found ===

impl<'a> Found<'a> {
    fn object(line: u64, raw: &'a [u8]) -> Self {
        Self {
            line,
            raw,
            flaw: None,
        }
    }

    fn flaw(line: u64, raw: &'a [u8], flaw: Flaw) -> Self {
        Self {
            line,
            raw,
            flaw: Some(flaw),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in these bytes, whichever way they are cut.
    fn found(stream: fn() -> JsonStream, bytes: &[u8]) -> Vec<(u64, Vec<u8>, Option<Flaw>)> {
        let cut = |pieces: &[&[u8]]| {
            let (mut stream, mut all) = (stream(), Vec::new());
            let mut take =
                |found: Found<'_>| all.push((found.line, found.raw.to_vec(), found.flaw));
            pieces
                .iter()
                .for_each(|piece| stream.push(piece, &mut take));
            stream.finish(&mut take);
            all
        };
        let whole = cut(&[bytes]);
        let singly: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(cut(&singly), whole, "wherever the pieces end");
        whole
    }

    #[test]
    fn a_line_that_is_no_json_is_handed_on_as_it_is_and_costs_no_other() {
        let lines = found(
            JsonStream::lines,
            b"\xef\xbb\xbf{\"a\":1}\r\n\n  nonsense\n{}",
        );
        let object = |line, raw: &[u8]| (line, raw.to_vec(), None);
        let expected = [
            object(1, b"{\"a\":1}"),
            object(3, b"nonsense"),
            object(4, b"{}"),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn brackets_in_texts_are_no_brackets_of_the_array() {
        let array = found(JsonStream::array, br#"[ {"a":"]}\"["}, {"b":[{}]} ]"#);
        let objects: Vec<_> = array
            .iter()
            .map(|(_, raw, flaw)| (raw.as_slice(), *flaw))
            .collect();
        let expected: [(&[u8], _); 2] = [(br#"{"a":"]}\"["}"#, None), (br#"{"b":[{}]}"#, None)];
        assert_eq!(objects, expected);
    }

    #[test]
    fn an_array_that_is_cut_off_or_none_says_so_after_what_was_whole() {
        let flaws = |bytes| {
            let found = found(JsonStream::array, bytes);
            found
                .into_iter()
                .map(|(_, _, flaw)| flaw)
                .collect::<Vec<_>>()
        };
        assert_eq!(flaws(b"[{},{\"a\":"), [None, Some(Flaw::CutOff)]);
        assert_eq!(flaws(b"[{},7,{}]"), [None, Some(Flaw::Lost)]);
        assert_eq!(flaws(b"[{}] {}"), [None, Some(Flaw::Tail)]);
        assert_eq!(flaws(b"  "), [Some(Flaw::NoArray)]);
        assert_eq!(flaws(b"{}"), [None]);
    }

    #[test]
    fn an_object_beyond_the_limit_is_refused_once_and_the_next_is_taken() {
        let long = [b"{\"a\":\"", &vec![b'x'; OBJECT_BYTES_MAX][..], b"\"}"].concat();
        for (stream, bytes) in [
            (
                JsonStream::lines as fn() -> JsonStream,
                [&long[..], b"\n{}"].concat(),
            ),
            (JsonStream::array, [b"[", &long[..], b",{}]"].concat()),
        ] {
            let (mut stream, mut flaws) = (stream(), Vec::new());
            stream.push(&bytes, &mut |found| flaws.push(found.flaw));
            stream.finish(&mut |found| flaws.push(found.flaw));
            assert_eq!(flaws, [Some(Flaw::TooLong), None]);
        }
    }
}
