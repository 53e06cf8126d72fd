//! Numbers as a visitor's language writes them.

use bestand_plugin_api::Quantity;
use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_locale_core::locale;

use super::language::Language;

thread_local! {
    static ENGLISH: Option<DecimalFormatter> = formatter(Language::En);
    static GERMAN: Option<DecimalFormatter> = formatter(Language::De);
}

/// What stands for a count that nobody knows: never a zero.
pub(super) const UNKNOWN: &str = "–";

/// A whole number.
pub(super) fn whole(language: Language, number: i64) -> String {
    form(language, &Decimal::from(number))
}

/// A quantity, with its decimals where it has any.
pub(super) fn quantity(language: Language, quantity: Quantity) -> String {
    let text = quantity.to_string();
    match Decimal::try_from_str(&text) {
        Ok(decimal) => form(language, &decimal),
        Err(_) => text,
    }
}

fn form(language: Language, decimal: &Decimal) -> String {
    let formatter = match language {
        Language::En => &ENGLISH,
        Language::De => &GERMAN,
    };
    formatter.with(|formatter| match formatter {
        Some(formatter) => formatter.format(decimal).to_string(),
        None => decimal.to_string(),
    })
}

fn formatter(language: Language) -> Option<DecimalFormatter> {
    let locale = match language {
        Language::En => locale!("en"),
        Language::De => locale!("de"),
    };
    DecimalFormatter::try_new(locale.into(), Default::default()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_its_readers_write_it() {
        assert_eq!(whole(Language::En, 1_234_567), "1,234,567");
        assert_eq!(whole(Language::De, -1_234_567), "-1.234.567");
        let quantity_of = |text: &str| text.parse::<Quantity>().unwrap();
        assert_eq!(quantity(Language::En, quantity_of("1234.5")), "1,234.5");
        assert_eq!(quantity(Language::De, quantity_of("1234.5")), "1.234,5");
        assert_eq!(quantity(Language::De, quantity_of("3")), "3");
    }
}
