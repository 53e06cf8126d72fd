//! Versions of things people edit: `ETag` on the way out, `If-Match` on the way in, so that nobody's change is lost.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::json::Json;
use super::problem::{Kind, Problem};

/// An answer that can be changed later, with the version that a change is to be based on.
#[derive(Clone, Copy, Debug)]
pub struct Tagged<T> {
    /// Its version.
    pub version: i64,
    /// The thing.
    pub body: T,
}

/// What the client bases its change on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(Option<String>);

// === impl IfMatch ===

impl IfMatch {
    /// Whether the client says what it is based on.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// Lets a change through that is based on the `current` version.
    ///
    /// # Errors
    /// 428 when the client does not say what it is based on, 412 when that is another version.
    pub fn require(&self, current: i64) -> Result<(), Problem> {
        match self.0 {
            Some(_) => self.allow(current),
            None => Err(Problem::new(
                Kind::UnconditionalChange,
                "read it first, and send the `ETag` of that answer as `If-Match` with the change",
            )),
        }
    }

    /// The same for changes that are safe without it: only a condition that fails is refused.
    ///
    /// # Errors
    /// 412 when the client names another version.
    pub fn allow(&self, current: i64) -> Result<(), Problem> {
        let Some(tags) = &self.0 else { return Ok(()) };
        let current = tag(current);
        if tags
            .split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag == current)
        {
            return Ok(());
        }
        let detail = format!("it is at {current} now, not {tags}; read it again");
        Err(Problem::new(Kind::Changed, detail))
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = value.to_str();
        let text = text.map_err(|_| Problem::field("If-Match", "it must be an `ETag`"))?;
        Ok(Self(Some(text.to_owned())))
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        let tag = HeaderValue::try_from(tag(self.version)).expect("digits in quotes are a header");
        response.headers_mut().insert(header::ETAG, tag);
        response
    }
}

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: Option<&str>, current: i64, expected: Result<(), Kind>) {
        let if_match = IfMatch(header.map(str::to_owned));
        let answer = if_match.require(current);
        let kind = answer.map_err(|problem| problem.status());
        assert_eq!(kind, expected.map_err(Kind::status), "{header:?}");
    }

    #[test]
    fn a_change_is_let_through_only_on_the_version_it_is_based_on() {
        check(Some("\"3\""), 3, Ok(()));
        check(Some("\"1\", \"3\""), 3, Ok(()));
        check(Some("*"), 3, Ok(()));
        check(Some("\"2\""), 3, Err(Kind::Changed));
        check(Some("3"), 3, Err(Kind::Changed));
        check(Some("W/\"3\""), 3, Err(Kind::Changed));
        check(None, 3, Err(Kind::UnconditionalChange));
    }
}
