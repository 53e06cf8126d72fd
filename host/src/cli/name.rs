//! Names that operators give: short, and on one line.

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 100;

/// Takes a name after trimming white space around it.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let name = text.trim();
    match name.chars().count() {
        0 => Err("a name must not be empty".into()),
        chars if chars > NAME_CHARS_MAX => Err(format!(
            "a name must be at most {NAME_CHARS_MAX} characters long"
        )),
        _ if name.contains(char::is_control) => {
            Err("a name must not hold control characters".into())
        }
        _ => Ok(name.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_on_one_line() {
        assert_eq!(parse(" Lager Süd "), Ok("Lager Süd".into()));
        for text in ["", "  ", "a\nb", &"x".repeat(101)] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
