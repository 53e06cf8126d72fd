//! The beginning of something that was refused, fit to be shown.

/// How much is shown, in characters: enough to find it.
const TEXT_CHARS_MAX: usize = 120;

/// The beginning of `raw` without control characters, with an ellipsis when there is more.
#[must_use]
pub fn clip(raw: &[u8]) -> String {
    let start = &raw[..raw.len().min(4 * TEXT_CHARS_MAX)];
    let text = String::from_utf8_lossy(start);
    let clean = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = clean.take(TEXT_CHARS_MAX).collect();
    if shown.len() < raw.trim_ascii().len() && shown.chars().count() == TEXT_CHARS_MAX {
        shown.push('…');
    }
    shown
}
