//! Whether a request that changes something was made by one of our own pages.
//!
//! Every browser of the last years says where a request comes from (`Sec-Fetch-Site`), over TLS and on this machine;
//! in the plain, all still name the page's origin with a form. A program that sends neither has no visitor's cookies.

use axum::http::{HeaderMap, Method, Uri, header};

/// Whether it may be worked on.
pub(super) fn allows(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let origin = text(header::ORIGIN.as_str()).and_then(|origin| origin.parse::<Uri>().ok());
    let from = origin.as_ref().and_then(Uri::authority);
    match (from, text(header::HOST.as_str())) {
        (Some(from), Some(host)) => from.as_str().eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn check(given: &[(&'static str, &'static str)], expected: bool) {
        let headers = given.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let headers: HeaderMap = headers.collect();
        assert_eq!(allows(&Method::POST, &headers), expected, "{given:?}");
        assert!(allows(&Method::GET, &headers));
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        let host = ("host", "stock.example:7070");
        check(&[host, ("origin", "http://stock.example:7070")], true);
        check(&[host, ("origin", "http://stock.example")], false);
        check(&[host, ("origin", "https://evil.example")], false);
        check(&[host, ("origin", "null")], false);
        check(&[host], false);
        check(
            &[
                ("sec-fetch-site", "cross-site"),
                host,
                ("origin", "http://stock.example:7070"),
            ],
            false,
        );
    }
}
