//! Text that somebody else wrote, made fit to be shown and logged: cut to size, without control characters.

use bestand_plugin_api::{AdapterError, ErrorKind};

/// Longest sentence of somebody else's that is shown, in characters; it has to fit a line of a page.
pub(super) const SENTENCE_CHARS_MAX: usize = 1_000;
/// Longest name of somebody else's, in characters.
const NAME_CHARS_MAX: usize = 100;
/// Longest report, in characters: two layouts side by side are a thousand lines.
const REPORT_CHARS_MAX: usize = 200_000;

/// One line.
pub(super) fn line(text: &str, chars_max: usize) -> String {
    let mut line = String::new();
    // As many characters as could at most be left, so that a text of megabytes costs nothing.
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    for word in words {
        let gap = if line.is_empty() { "" } else { " " };
        let room = chars_max.saturating_sub(line.chars().count() + gap.len());
        if room == 0 {
            break;
        }
        line.push_str(gap);
        line.extend(word.chars().take(room));
    }
    line
}

/// Many lines.
pub(super) fn report(text: &str) -> String {
    let visible = |c: char| c == '\n' || !c.is_control();
    let shown = text.chars().take(REPORT_CHARS_MAX);
    shown.map(|c| if visible(c) { c } else { ' ' }).collect()
}

/// What an adapter says went wrong.
pub(super) fn error(error: AdapterError) -> AdapterError {
    let kind = match error.kind {
        ErrorKind::Config { field } => ErrorKind::Config {
            field: line(&field, NAME_CHARS_MAX),
        },
        kind => kind,
    };
    AdapterError::new(kind, line(&error.message, SENTENCE_CHARS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_of_so_many_characters_at_most() {
        fn check(text: &str, expected: &str) {
            assert_eq!(line(text, 12), expected);
        }
        check("two  words", "two words");
        check("a\nforged line", "a forged lin");
        check("\u{1b}[31mred\u{7}", "[31mred");
        check(&"ä".repeat(1_000_000), &"ä".repeat(12));
        check(" \n\t", "");
    }

    #[test]
    fn a_report_keeps_its_lines_and_nothing_else_that_moves_a_cursor() {
        assert_eq!(report("a\r\n\u{1b}b"), "a \n b");
        assert_eq!(report(&"x".repeat(1 << 20)).len(), REPORT_CHARS_MAX);
    }

    #[test]
    fn an_error_keeps_its_kind() {
        let long = AdapterError::config("a\nb", "x".repeat(1 << 20));
        let shown = error(long);
        assert_eq!(
            shown.kind,
            ErrorKind::Config {
                field: "a b".into()
            }
        );
        assert!(shown.message.len() <= SENTENCE_CHARS_MAX);
    }
}
