//! The entrance to every page: a visitor is known by the session's cookie, and what is not for that visitor is refused.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::visitor::{Reader, Visitor};
use super::{address, cookie, same_origin};
use crate::api_key::Role;
use crate::daemon::Parts;
use crate::http::problem::{Kind, Problem};

/// The cookie with the token of a session.
pub(super) const COOKIE: &str = "bestand_session";

/// Who may open a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Anybody.
    Anyone,
    /// People of this role or a higher one, who have signed in.
    Of(Role),
}

/// The entrance to one page.
pub(super) struct Entrance {
    pub(super) parts: Arc<Parts>,
    pub(super) entry: Entry,
}

/// Lets a request in.
pub(super) async fn pass(
    State(entrance): State<Arc<Entrance>>,
    mut request: Request,
    next: Next,
) -> Response {
    if !same_origin::allows(request.method(), request.headers()) {
        let said = Reader::of(request.headers()).text.say("problem-other-site");
        return Problem::for_visitor(Kind::Forbidden, said).into_response();
    }
    let Entry::Of(role) = entrance.entry else {
        return next.run(request).await;
    };
    match entrance.visitor(request.headers()).await {
        Ok(Some(visitor)) if visitor.may(role) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(Some(visitor)) => forbidden(&visitor, role).into_response(),
        Ok(None) => to_sign_in(request.method(), request.uri(), request.headers()),
        Err(problem) => problem.into_response(),
    }
}

// === impl Entrance ===

impl Entrance {
    async fn visitor(&self, headers: &HeaderMap) -> Result<Option<Visitor>, Problem> {
        let Some(token) = cookie::find(headers, COOKIE) else {
            return Ok(None);
        };
        let found = self.parts.users.visitor(token).await?;
        Ok(found.map(|found| Visitor {
            user: found.user,
            session: found.session_id,
            reader: Reader::of(headers),
            now: self.parts.clock.now(),
        }))
    }
}

fn forbidden(visitor: &Visitor, needed: Role) -> Problem {
    let role = |role: Role| visitor.text().say(&format!("role-{}", role.as_str()));
    let detail = visitor.text().with(
        "problem-role",
        &[
            ("needed", role(needed).into()),
            ("has", role(visitor.user.role).into()),
        ],
    );
    Problem::for_visitor(Kind::Forbidden, detail)
}

/// Back to the page afterwards, where it is one; a part of a page sends the whole page there.
fn to_sign_in(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let is_part = headers.contains_key("hx-request");
    let back = match (method, is_part) {
        (&Method::GET, false) => uri.path_and_query().map(|path| path.as_str()),
        _ => None,
    };
    let path = address::with_query("/sign-in", back.map(|back| ("next", back)));
    match is_part {
        true => {
            let path = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/sign-in"));
            ([("hx-redirect", path)], ()).into_response()
        }
        false => Redirect::to(&path).into_response(),
    }
}

/// Where to go after signing in: a path of ours, and nothing that a browser would take for another host.
pub(super) fn safe_next(next: Option<&str>) -> &str {
    let is_ours = |next: &&str| {
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t'])
    };
    next.filter(is_ours).unwrap_or("/orders")
}

/// Says that no cache may keep what only this visitor may see.
pub(super) const PRIVATE: (header::HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leads_to_another_host() {
        assert_eq!(
            safe_next(Some("/orders?verdict=short")),
            "/orders?verdict=short"
        );
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/\t/x",
        ] {
            assert_eq!(safe_next(Some(elsewhere)), "/orders", "{elsewhere}");
        }
        assert_eq!(safe_next(None), "/orders");
    }
}
