//! What a browser calls itself, as people know it: `Firefox on Linux`.
//!
//! Browsers claim to be each other for the sake of old pages, so whoever is claimed to be by others is looked for after
//! them.

use crate::http::console::text::Text;

/// What gives a browser away, and its name.
const BROWSERS: [(&str, &str); 11] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// What gives a system away, and its name.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The browser and its system; what is known of neither is shown as it is.
pub(super) fn shown(agent: &str, text: Text) -> String {
    match (find(&BROWSERS, agent), find(&SYSTEMS, agent)) {
        (Some(browser), Some(system)) => text.with(
            "session-browser-on",
            &[("browser", browser.into()), ("system", system.into())],
        ),
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) if agent.is_empty() => text.say("session-browser-unknown"),
        (None, None) => agent.to_owned(),
    }
}

fn find(known: &[(&str, &'static str)], agent: &str) -> Option<&'static str> {
    let mut known = known.iter();
    known
        .find(|(mark, _)| agent.contains(mark))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::console::language::Language;

    fn check(agent: &str, expected: &str) {
        assert_eq!(shown(agent, Text::new(Language::En)), expected, "{agent}");
    }

    #[test]
    fn a_browser_is_called_what_its_user_calls_it() {
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Firefox on Linux",
        );
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 \
             Safari/537.36 Edg/141.0.0.0",
            "Edge on Windows",
        );
        check(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile \
             Safari/537.36",
            "Chrome on Android",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        );
        check(
            "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 \
             Mobile/15E148 Safari/604.1",
            "Chrome on iPad",
        );
        check(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 \
             Safari/605.1.15",
            "Safari on macOS",
        );
    }

    #[test]
    fn what_is_no_known_browser_is_shown_as_it_calls_itself() {
        check("curl/8.14.1", "curl/8.14.1");
        check("", "Unknown browser");
    }

    #[test]
    fn it_is_said_in_the_visitors_language() {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
        assert_eq!(shown(agent, Text::new(Language::De)), "Firefox unter Linux");
    }
}
