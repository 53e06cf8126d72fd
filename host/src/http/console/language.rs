//! The languages the console speaks, and which one a visitor is answered in.

use axum::http::{HeaderMap, header};

use super::cookie;

/// A language of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

/// The cookie that keeps a choice.
pub(super) const COOKIE: &str = "bestand_language";

// === impl Language ===

impl Language {
    /// All there are, in the order of the switch.
    pub(super) const ALL: [Self; 2] = [Self::En, Self::De];

    /// As HTML and browsers name it.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// What its speakers call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// The language of this tag, whatever its region.
    pub(super) fn find(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What the visitor chose or, without a choice, the first of the browser's languages that is spoken here.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let chosen = cookie::find(headers, COOKIE).and_then(Self::find);
        chosen.or_else(|| preferred(headers)).unwrap_or_default()
    }
}

/// `Accept-Language` lists languages with weights; without one, the weight is 1.
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let weighed = accepted.split(',').filter_map(|range| {
        let mut parts = range.trim().split(';');
        let language = Language::find(parts.next()?.trim())?;
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
        Some((language, weight.unwrap_or(1.0_f32)))
    });
    let wanted = weighed.filter(|(_, weight)| *weight > 0.0);
    // The first of equals.
    let best = wanted.reduce(|best, next| match next.1 > best.1 {
        true => next,
        false => best,
    });
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn check(cookie: &str, accepted: &str, expected: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        headers.insert(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_str(accepted).unwrap(),
        );
        assert_eq!(Language::of(&headers), expected, "{cookie} {accepted}");
    }

    #[test]
    fn a_choice_goes_before_what_the_browser_prefers() {
        check("", "de-AT,de;q=0.9,en;q=0.8", Language::De);
        check("", "fr, en;q=0.2, de;q=0.7", Language::De);
        check("", "en;q=0, de;q=0.1", Language::De);
        check("", "fr", Language::En);
        check("", "", Language::En);
        check("a=b; bestand_language=de", "en", Language::De);
        check("bestand_language=xx", "de", Language::De);
    }
}
