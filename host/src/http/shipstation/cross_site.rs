//! Refusing what another site makes a browser send.
//!
//! These APIs take any content type and know a caller by credentials that a browser may remember, so that a page of
//! anybody's could act with them. Programs send no `Sec-Fetch-Site`, and browsers let no page forge it.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::problem::{Kind, Problem};

/// Lets a request through to `next`, unless a page of another site has sent it.
pub(super) async fn refuse(request: Request, next: Next) -> Response {
    let site = request.headers().get("sec-fetch-site");
    if site.is_some_and(|site| site == "cross-site") {
        let detail = "a page of another site may not use this API; programs may";
        return Problem::new(Kind::Forbidden, detail).into_response();
    }
    next.run(request).await
}
