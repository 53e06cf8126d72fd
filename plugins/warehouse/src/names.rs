//! What places may be called.
//!
//! **Invariant:** this module does no I/O; whether a name is taken is `places`' business.

/// Longest name in characters: what fits a label and, in any script, a state key.
const NAME_CHARS_MAX: usize = 200;
/// Longest part of a bin's name in characters.
const PART_CHARS_MAX: usize = 40;
/// Area, unit, shelf, bin.
const PARTS: usize = 4;

/// The name of an inventory warehouse, tidied.
///
/// # Errors
/// Why it cannot be one.
pub(crate) fn site(name: &str) -> Result<String, String> {
    let name = name.trim();
    if name.is_empty() {
        return Err("a name must not be empty".into());
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(format!("a name has at most {NAME_CHARS_MAX} characters"));
    }
    if name.chars().any(char::is_control) {
        return Err("a name must not hold control characters".into());
    }
    Ok(name.into())
}

/// The name of a location in a warehouse, tidied: area-unit-shelf-bin.
///
/// # Errors
/// Why it cannot be one.
pub(crate) fn bin(name: &str) -> Result<String, String> {
    let name = name.trim();
    let well_formed = |part: &str| {
        (1..=PART_CHARS_MAX).contains(&part.chars().count())
            && part.chars().all(char::is_alphanumeric)
    };
    if name.split('-').count() != PARTS || !name.split('-').all(well_formed) {
        return Err(format!(
            "a location is named area-unit-shelf-bin, such as A-01-3-B, each part of letters and digits and at most \
             {PART_CHARS_MAX} characters"
        ));
    }
    Ok(name.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_has_four_parts_of_letters_and_digits() {
        for good in ["A-01-3-B", " 1-2-3-4 ", "Größe-Ü-03-x"] {
            assert_eq!(bin(good).as_deref(), Ok(good.trim()));
        }
        for bad in [
            "",
            "A",
            "A-1-2",
            "A-1-2-3-4",
            "A--2-3",
            "A-1-2-",
            "A 1-2-3-4",
            "A-1-2-3/4",
        ] {
            assert!(bin(bad).is_err(), "{bad}");
        }
        assert!(bin(&format!("A-1-2-{}", "x".repeat(41))).is_err());
    }

    #[test]
    fn a_warehouse_has_a_name_that_a_label_can_carry() {
        assert_eq!(site("  Hall 3 ").as_deref(), Ok("Hall 3"));
        assert!(site(" ").is_err());
        assert!(site("a\nb").is_err());
        assert!(site(&"x".repeat(201)).is_err());
    }
}
