//! One form for what is typed: the same letters are the same bytes, whichever keyboard they come from.
//!
//! `ü` is one character from one keyboard and two from another. Names and passwords are brought into Unicode's composed
//! form, as RFC 8265 says, before they are compared or hashed.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

const COMPOSER: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();

/// `text` with every letter in its composed form.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    COMPOSER.normalize(text)
}

/// `text` without the difference between upper and lower case.
pub(super) fn without_case(text: &str) -> String {
    composed(&text.to_lowercase()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_one_or_two_characters_is_the_same_letter() {
        assert_eq!(composed("Mu\u{308}ller"), "Müller");
        assert_eq!(without_case("MU\u{308}LLER"), "müller");
    }
}
