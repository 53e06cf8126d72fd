//! Cookies: found among what a browser sends, and made for it to keep.

use axum::http::{HeaderMap, HeaderValue, header};

/// The value of a cookie that the browser sent.
pub(super) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let mut pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// A cookie for the browser to keep; `value` has no character but letters, digits, `-`, `_` and `/`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cookie<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) keep_secs: u64,
    /// Whether scripts may not read it.
    pub(super) is_secret: bool,
    /// Whether it may travel only over TLS.
    pub(super) over_tls: bool,
}

// === impl Cookie ===

impl Cookie<'_> {
    /// The header that hands it over.
    pub(super) fn header(self) -> HeaderValue {
        let Self {
            name,
            value,
            keep_secs,
            ..
        } = self;
        let secret = if self.is_secret { "; HttpOnly" } else { "" };
        let tls = if self.over_tls { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={keep_secs}{secret}{tls}");
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("xa=1; a=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=3"));
        assert_eq!(find(&headers, "a"), Some("2"));
        assert_eq!(find(&headers, "b"), Some("3"));
        assert_eq!(find(&headers, "c"), None);
    }
}
