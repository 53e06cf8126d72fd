//! Pages of a list: a limit, an opaque cursor, and the link to the next page.

use std::fmt::Display;
use std::str::FromStr;

use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::json::Json;

/// Most items of one page.
pub const LIMIT_MAX: usize = 1000;
/// Items of a page when the client does not say.
const LIMIT_DEFAULT: usize = 100;

/// How many items a page shall have: 1 to 1000, 100 when nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(usize);

/// Where a page begins: after the item of this key. Opaque to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<Key>(pub Key);

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Sent as `cursor`, it brings the next page; nothing on the last one.
    pub next_cursor: Option<String>,
}

/// A page as an answer, with the link to the next one.
#[derive(Clone, Debug)]
pub struct Linked<T> {
    /// Where the next page lies, when there is one.
    pub next: Option<String>,
    /// The page.
    pub body: T,
}

// === impl Page ===

impl<T> Page<T> {
    /// A page of at most `limit` out of `items`, which hold one more than that when there is a next page.
    pub fn cut<Key: Display>(mut items: Vec<T>, limit: Limit, key: impl Fn(&T) -> Key) -> Self {
        let more = items.len() > limit.0;
        items.truncate(limit.0);
        let last = items.last().filter(|_| more);
        let next_cursor = last.map(|last| Cursor(key(last)).to_string());
        Self { items, next_cursor }
    }

    /// A page out of a list that is short enough to be read whole, sorted by its keys.
    pub fn of_all<Key>(
        all: Vec<T>,
        limit: Limit,
        after: Option<&Cursor<Key>>,
        key: impl Fn(&T) -> Key,
    ) -> Self
    where
        Key: Display + Ord,
    {
        let is_after = |item: &T| after.is_none_or(|cursor| key(item) > cursor.0);
        let rest = all.into_iter().filter(is_after).take(limit.with_next());
        Self::cut(rest.collect(), limit, key)
    }

    /// The page with each of its items turned into what is shown.
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(show).collect(),
            next_cursor: self.next_cursor,
        }
    }

    /// The page as the answer to the request for `uri`.
    #[must_use]
    pub fn linked(self, uri: &Uri) -> Linked<Self> {
        let next = self.next_cursor.as_deref();
        Linked {
            next: next.map(|cursor| next_address(uri, cursor)),
            body: self,
        }
    }
}

/// The same address with another cursor.
pub(super) fn next_address(uri: &Uri, cursor: &str) -> String {
    let query = uri.query().unwrap_or_default();
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("cursor", cursor)
        .finish();
    format!("{}?{query}", uri.path())
}

impl<T: Serialize> IntoResponse for Linked<T> {
    fn into_response(self) -> Response {
        let link = self.next.map(|next| format!("<{next}>; rel=\"next\""));
        let mut response = Json(self.body).into_response();
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

// === impl Limit ===

impl Limit {
    /// The limit itself.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }

    /// How many items to ask for: one more, which tells whether there is a next page.
    #[must_use]
    pub const fn with_next(self) -> usize {
        self.0 + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT_DEFAULT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(limit @ 1..=LIMIT_MAX) => Ok(Self(limit)),
            _ => Err(D::Error::custom(format!(
                "a limit is a number from 1 to {LIMIT_MAX}"
            ))),
        }
    }
}

// === impl Cursor ===

impl<Key: Display> Display for Cursor<Key> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0.to_string()))
    }
}

impl<'de, Key: FromStr> Deserialize<'de> for Cursor<Key> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let key = bytes.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
        key.map(Self).ok_or_else(|| {
            D::Error::custom("this is no cursor; take `next_cursor` of the page before as it is")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(after: Option<u32>, limit: usize) -> (Vec<u32>, Option<String>) {
        let cursor = after.map(Cursor);
        let page = Page::of_all((1..=5).collect(), Limit(limit), cursor.as_ref(), |item| {
            *item
        });
        (page.items, page.next_cursor)
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        assert_eq!(page(None, 2), (vec![1, 2], Some(Cursor(2).to_string())));
        assert_eq!(page(Some(2), 2), (vec![3, 4], Some(Cursor(4).to_string())));
        assert_eq!(page(Some(4), 2), (vec![5], None));
        assert_eq!(page(None, 5), (vec![1, 2, 3, 4, 5], None));
    }

    #[test]
    fn a_cursor_comes_back_as_it_went_out() {
        let json = format!("\"{}\"", Cursor("Größe/42"));
        let back: Cursor<String> = serde_json::from_str(&json).unwrap();
        assert_eq!(back.0, "Größe/42");
        assert!(serde_json::from_str::<Cursor<u32>>("\"!!\"").is_err());
    }

    #[test]
    fn the_next_address_keeps_the_filters() {
        let uri: Uri = "/api/v1/orders?status=on_hold&cursor=old&limit=2"
            .parse()
            .unwrap();
        assert_eq!(
            next_address(&uri, "new"),
            "/api/v1/orders?status=on_hold&limit=2&cursor=new"
        );
    }
}
