//! Which API a request speaks, and making it one that our router knows.
//!
//! The older API lies at the root, where the console's pages are too: `/orders` is a page for people and a list for
//! programs. Whoever wants no doubt puts `/ssapi` before its paths.

use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Where the older API's routes lie.
pub(super) const V1_PREFIX: &str = "/ssapi";
/// Where the newer API's routes lie.
pub(super) const V2_PREFIX: &str = "/v2";

/// What the paths of the older API begin with.
const V1_BEGINNINGS: [&str; 6] = [
    "accounts",
    "integratedapp",
    "orders",
    "products",
    "stores",
    "warehouses",
];

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const REQUEST_ID: &str = "x-request-id";

/// Makes a request for one of these APIs one that our router, gate and handlers know; leaves all others alone.
pub(super) fn addressed(mut request: Request) -> Request {
    let path = request.uri().path();
    if lies_under(path, V2_PREFIX) {
        show_key(request.headers_mut());
        name(request.headers_mut());
    } else if let Some(v1_path) = v1_path(path, request.headers()) {
        *request.uri_mut() = at(request.uri(), &v1_path);
    } else {
        return request;
    }
    // Neither API takes anything else, whatever its clients call it.
    request.headers_mut().insert(header::CONTENT_TYPE, JSON);
    request
}

/// The path under [`V1_PREFIX`], when the request speaks the older API. Its paths are the same in any case.
fn v1_path(path: &str, headers: &HeaderMap) -> Option<String> {
    let beginning = path.strip_prefix('/')?.split('/').next()?;
    let begins_with = |word: &str| beginning.eq_ignore_ascii_case(word);
    if begins_with(V1_PREFIX.trim_start_matches('/')) {
        return Some(path.to_ascii_lowercase());
    }
    let is_v1 = V1_BEGINNINGS.into_iter().any(begins_with) && !is_for_people(headers);
    is_v1.then(|| format!("{V1_PREFIX}{}", path.to_ascii_lowercase()))
}

/// Whether a browser asks, for a page or for a part of one. A proxy may have added credentials to what it sends.
fn is_for_people(headers: &HeaderMap) -> bool {
    let says = |name, part: &str| {
        let value = headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok());
        value.is_some_and(|value| value.contains(part))
    };
    let has_key = says(header::AUTHORIZATION, "Basic ") || says(header::AUTHORIZATION, "basic ");
    says(header::ACCEPT, "text/html")
        || headers.contains_key("hx-request")
        || headers.contains_key(header::COOKIE) && !has_key
}

fn lies_under(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn at(uri: &Uri, path: &str) -> Uri {
    let path = path.trim_end_matches('/');
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    // What was a path before is one in small letters too.
    parts.path_and_query = PathAndQuery::try_from(text).ok();
    Uri::from_parts(parts).unwrap_or_default()
}

/// The newer API has one text for key and secret, in a header of its own.
fn show_key(headers: &mut HeaderMap) {
    let Some(pasted) = headers.get("api-key") else {
        return;
    };
    let basic = format!("Basic {}", STANDARD.encode(pasted.as_bytes()));
    let basic = HeaderValue::try_from(basic).expect("base64 is a header");
    headers.insert(header::AUTHORIZATION, basic);
}

/// The newer API calls every request by a UUID, which is then the log's name for it too.
fn name(headers: &mut HeaderMap) {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    if given.is_none_or(|given| Uuid::parse_str(given).is_err()) {
        let made = Uuid::now_v7().to_string();
        let made = HeaderValue::try_from(made).expect("a UUID is a header");
        headers.insert(REQUEST_ID, made);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn check(line: &str, headers: &[(&str, &str)], expected: &str) {
        let mut request = Request::builder().uri(line);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = addressed(request.body(Body::empty()).unwrap());
        assert_eq!(request.uri(), expected, "{line} {headers:?}");
    }

    #[test]
    fn programs_and_people_find_their_own_orders_at_the_same_path() {
        let basic = ("authorization", "Basic Yms6YnM=");
        let (cookie, html) = (("cookie", "session=1"), ("accept", "text/html,*/*"));
        check("/orders", &[basic], "/ssapi/orders");
        check("/orders", &[("accept", "*/*")], "/ssapi/orders");
        check("/Orders/List?page=2", &[basic], "/ssapi/orders/list?page=2");
        check(
            "/Integratedapp/Register",
            &[basic],
            "/ssapi/integratedapp/register",
        );
        check("/orders?page=2", &[html], "/orders?page=2");
        check("/orders/A1/panel", &[cookie], "/orders/A1/panel");
        check(
            "/orders/A1/panel",
            &[cookie, basic, ("hx-request", "true")],
            "/orders/A1/panel",
        );
        check("/products", &[cookie, basic], "/ssapi/products");
    }

    #[test]
    fn a_prefix_leaves_no_doubt_and_other_paths_are_left_alone() {
        check(
            "/ssapi/Warehouses/",
            &[("accept", "text/html")],
            "/ssapi/warehouses",
        );
        for path in [
            "/api/v1/orders",
            "/ordersx",
            "/connections",
            "/",
            "/v2/inventory",
            "/v20",
        ] {
            check(path, &[], path);
        }
    }

    #[test]
    fn the_pasted_key_becomes_credentials_and_every_request_has_a_uuid() {
        let request = Request::builder()
            .uri("/v2/inventory")
            .header("API-Key", "bk:bs");
        let request = addressed(request.body(Body::empty()).unwrap());
        assert_eq!(request.headers()["authorization"], "Basic Yms6YnM=");
        let id = request.headers()[REQUEST_ID].to_str().unwrap();
        assert!(Uuid::parse_str(id).is_ok());
    }
}
