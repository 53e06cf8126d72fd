//! The forms a text of the config may have to take, named in the schema and checked with it.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Longest adapter id taken, in bytes; it names folders and sockets.
const ADAPTER_ID_BYTES_MAX: usize = 64;
/// Length of a minisign public key: algorithm, key number, Ed25519 key.
const MINISIGN_KEY_BYTES: usize = 2 + 8 + 32;
/// The only algorithm minisign has.
const MINISIGN_ALGORITHM: &[u8] = b"Ed";

/// A form a text must take.
pub(super) struct Format {
    /// Its name in the schema.
    pub(super) name: &'static str,
    /// Whether a text has it.
    pub(super) fits: fn(&str) -> bool,
    /// What to tell those whose text has not.
    pub(super) must: &'static str,
}

/// All of them.
pub(super) const FORMATS: &[Format] = &[
    Format {
        name: "socket-address",
        fits: |text| text.parse::<SocketAddr>().is_ok(),
        must: "must be an IP address and a port, such as `127.0.0.1:7070` or `[::]:7070`",
    },
    Format {
        name: "http-url",
        fits: is_http_url,
        must: "must be an `http://` or `https://` address without user, query or fragment",
    },
    Format {
        name: "database-url",
        fits: is_database_url,
        must: "must be `sqlite:path/to/file.db` or `postgres://user@host/name`",
    },
    Format {
        name: "log-filter",
        fits: is_log_filter,
        must: "must be levels such as `info` or `info,bestand::sync=debug`",
    },
    Format {
        name: "adapter-id",
        fits: |text| !text.contains('*') && is_adapter_pattern(text),
        must: "must be an adapter's id: lower case letters, digits and `-`, at most 64",
    },
    Format {
        name: "adapter-pattern",
        fits: is_adapter_pattern,
        must: "must be an adapter's id, in which `*` stands for any characters: `acme-*`",
    },
    Format {
        name: "minisign-key",
        fits: is_minisign_key,
        must: "must be a minisign public key: the second line of a `.pub` file, starting with `RW`",
    },
    Format {
        name: "day",
        fits: |text| text.parse::<jiff::civil::Date>().is_ok(),
        must: "must be a day, such as `2027-01-31`",
    },
    Format {
        name: "credential-name",
        fits: |text| !text.is_empty() && !text.contains('/') && !text.starts_with('.'),
        must: "must be the name of a systemd credential, not a path",
    },
];

/// What to tell those whose text does not have the form.
pub(super) fn must(name: &str) -> &'static str {
    FORMATS
        .iter()
        .find(|format| format.name == name)
        .map_or("has the wrong form", |format| format.must)
}

fn is_http_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

fn is_database_url(text: &str) -> bool {
    match text.split_once(':') {
        Some(("sqlite", path)) => {
            let path = path.trim_start_matches("//");
            !path.is_empty() && !path.starts_with(':') && !path.contains('?')
        }
        Some(("postgres" | "postgresql", _)) => Url::parse(text).is_ok(),
        _ => false,
    }
}

/// A single word is a level here: the library takes a misspelt one for the name of a part.
fn is_log_filter(text: &str) -> bool {
    let is_level = |word: &str| word.trim().parse::<LevelFilter>().is_ok();
    let fits = |directive: &str| directive.contains(['=', '[', ':']) || is_level(directive);
    text.split(',').all(fits) && EnvFilter::try_new(text).is_ok()
}

fn is_adapter_pattern(text: &str) -> bool {
    let fits = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'*');
    !text.is_empty() && text.len() <= ADAPTER_ID_BYTES_MAX && text.bytes().all(fits)
}

fn is_minisign_key(text: &str) -> bool {
    STANDARD
        .decode(text)
        .is_ok_and(|key| key.len() == MINISIGN_KEY_BYTES && key.starts_with(MINISIGN_ALGORITHM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, good: &[&str], bad: &[&str]) {
        let format = FORMATS.iter().find(|format| format.name == name).unwrap();
        assert_eq!(
            good.iter().find(|text| !(format.fits)(text)),
            None,
            "{name} refuses"
        );
        assert_eq!(
            bad.iter().find(|text| (format.fits)(text)),
            None,
            "{name} takes"
        );
    }

    #[test]
    fn each_form_takes_what_it_names_and_nothing_else() {
        check(
            "socket-address",
            &["127.0.0.1:7070", "[::1]:0"],
            &["7070", "localhost:7070", "127.0.0.1", "1.2.3.4:99999"],
        );
        check(
            "http-url",
            &["https://stock.example.com", "http://10.0.0.1:7070/bestand"],
            &[
                "stock.example.com",
                "ftp://example.com",
                "https://user:pass@example.com",
                "https://example.com/?a=b",
                "https://",
            ],
        );
        check(
            "database-url",
            &[
                "sqlite:data/a.db",
                "sqlite:///var/a.db",
                "postgres://u:p@db/bestand",
                "postgresql:///bestand?host=/run/pg",
            ],
            &[
                "sqlite:",
                "sqlite::memory:",
                "sqlite:a.db?mode=ro",
                "mysql://db/x",
                "data/a.db",
                "",
            ],
        );
        check(
            "log-filter",
            &["info", "info,bestand::sync=debug", "off"],
            &["loud", "bestand=noisy"],
        );
        check(
            "adapter-id",
            &["finale", "acme-wms-2"],
            &["", "Finale", "acme-*", "a/b", &"a".repeat(65)],
        );
        check(
            "adapter-pattern",
            &["acme-*", "*", "finale"],
            &["", "Acme*", "a?"],
        );
        check(
            "minisign-key",
            &["RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"],
            &[
                "",
                "RWQ…",
                "RWQf6LRCGA9i53ml",
                "AAQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3",
            ],
        );
        check(
            "day",
            &["2027-01-31"],
            &["", "2027-02-30", "31.01.2027", "tomorrow"],
        );
        check(
            "credential-name",
            &["finale", "a.b"],
            &["", "/run/x", "..", "a/b"],
        );
    }
}
