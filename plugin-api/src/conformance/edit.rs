//! Changes the JSON a system answers, to the letter: a value is not read and written again, which might round it.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::http::HttpRequest;
use crate::testing::{Answer, Credentials, Upstream, UpstreamFuture};

/// A place in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Behind the brace of an object that is a whole answer or lies in a list.
    Row { at: usize, is_empty: bool },
    /// A text that is no key, without its quotes.
    Text(Range<usize>),
    /// A number.
    Number(Range<usize>),
}

type Edit = Box<dyn Fn(usize, &str) -> Option<String> + Send + Sync>;

/// A system whose JSON is changed on its way. `edit` gets the number of the request, and the text.
pub(super) struct Edited {
    inner: Arc<dyn Upstream>,
    edit: Edit,
    asked: AtomicUsize,
}

// === impl Edited ===

impl Edited {
    pub(super) fn new(
        inner: Arc<dyn Upstream>,
        edit: impl Fn(usize, &str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner,
            edit: Box::new(edit),
            asked: AtomicUsize::new(0),
        }
    }
}

impl Upstream for Edited {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        Box::pin(async move {
            let number = self.asked.fetch_add(1, Ordering::Relaxed);
            let answer = self.inner.send(request, credentials).await;
            let text = String::from_utf8(answer.bytes()).unwrap_or_default();
            match (self.edit)(number, &text) {
                Some(edited) => answer.with_body(edited),
                None => answer,
            }
        })
    }
}

/// All places in a JSON text, or in lines of JSON; empty for anything else.
pub(super) fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut inside: Vec<u8> = Vec::new();
    let mut at = 0;
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                if byte == b'{' && inside.last().is_none_or(|outer| *outer == b'[') {
                    let is_empty = bytes[at + 1..].trim_ascii_start().first() == Some(&b'}');
                    marks.push(Mark::Row {
                        at: at + 1,
                        is_empty,
                    });
                }
                inside.push(byte);
            }
            b'}' | b']' => drop(inside.pop()),
            b'"' => {
                let range = at + 1..end_of_text(bytes, at + 1);
                at = range.end;
                let is_key = bytes
                    .get(at + 1..)
                    .is_some_and(|rest| rest.trim_ascii_start().first() == Some(&b':'));
                if !is_key {
                    marks.push(Mark::Text(range));
                }
            }
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
                let length = bytes[at..].iter().take_while(|byte| is_part(byte)).count();
                marks.push(Mark::Number(at..at + length));
                at += length - 1;
            }
            _ => {}
        }
        at += 1;
    }
    match text.trim_start().starts_with(['{', '[']) {
        true => marks,
        false => Vec::new(),
    }
}

/// Where the closing quote is.
fn end_of_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The text with a field nobody knows in each row.
pub(super) fn with_unknown_fields(text: &str) -> String {
    let mut edited = String::with_capacity(text.len() * 2);
    let mut from = 0;
    for mark in marks(text) {
        let Mark::Row { at, is_empty } = mark else {
            continue;
        };
        edited.push_str(&text[from..at]);
        edited.push_str(r#""x_added_by_a_later_version":{"a":[1,null]}"#);
        if !is_empty {
            edited.push(',');
        }
        from = at;
    }
    edited.push_str(&text[from..]);
    edited
}

/// The text with `new` in place of `range`.
pub(super) fn replaced(text: &str, range: &Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

/// Where this value stands: as a text, or as a number.
pub(super) fn places_of(text: &str, is_it: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let leaves = marks(text).into_iter().filter_map(|mark| match mark {
        Mark::Text(range) | Mark::Number(range) => Some(range),
        Mark::Row { .. } => None,
    });
    leaves.filter(|range| is_it(&text[range.clone()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_get_a_field_more_and_stay_json() {
        let text = r#"{"a":[{"b":"{\"c\":1}"},{}],"d":{"e":-1.50}}"#;
        let edited = with_unknown_fields(text);
        let value: serde_json::Value = serde_json::from_str(&edited).unwrap();
        assert!(value["x_added_by_a_later_version"].is_object());
        assert!(value["a"][0]["x_added_by_a_later_version"].is_object());
        assert!(value["a"][1]["x_added_by_a_later_version"].is_object());
        assert!(value["d"].get("x_added_by_a_later_version").is_none());
        assert!(edited.contains("-1.50"));
    }

    #[test]
    fn a_value_is_found_where_it_stands_and_not_in_keys() {
        let text = r#"{"17":[17,"17",{"x":170}]}"#;
        let found = places_of(text, |leaf| leaf == "17");
        assert_eq!(found, [7..9, 11..13]);
        assert_eq!(
            replaced(text, &found[1], "0.1"),
            r#"{"17":[17,"0.1",{"x":170}]}"#
        );
        assert_eq!(marks("<html>17</html>"), []);
    }
}
