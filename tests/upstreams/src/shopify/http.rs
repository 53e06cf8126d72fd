//! The server: authentication, versions, scripted faults, and the files of bulk operations.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::fault::{Fault, Stage};
use super::graphql::{self, Answered, Request};
use super::log::Logged;
use super::shop::Shop;
use super::{control, token, version};
use crate::clock::Clock;

/// What every handler shares.
#[derive(Debug)]
pub(crate) struct Site {
    /// One lock for the whole shop: requests are worked one after the other, never across an `.await`.
    shop: Mutex<Shop>,
    pub(crate) clock: Clock,
    /// For delivering webhooks.
    pub(crate) client: reqwest::Client,
}

/// Room for a body of 250 long rows and then some.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

impl Site {
    pub(crate) fn new(shop: Shop, clock: Clock) -> Self {
        Self {
            shop: Mutex::new(shop),
            clock,
            client: reqwest::Client::new(),
        }
    }

    /// Works on the shop.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Shop, Timestamp) -> T) -> T {
        let now = self.clock.now();
        work(
            &mut self.shop.lock().expect("no holder of the shop panics"),
            now,
        )
    }
}

pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/admin/api/{version}/graphql.json", post(serve))
        .route("/admin/oauth/access_token", post(token::grant))
        .route("/_storage/{file}", get(download))
        .merge(control::router())
        .fallback(|| async {
            (
                StatusCode::NOT_FOUND,
                axum::Json(json!({ "errors": "Not Found" })),
            )
        })
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(site)
}

async fn serve(
    State(site): State<Arc<Site>>,
    Path(wanted): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = serde_json::from_slice::<Request>(&body);
    let operation = request.as_ref().ok().and_then(Request::find_name);
    let faults = site.with(|shop, _| shop.faults.take(Stage::Arrival, operation.as_deref()));
    let mut entry = Logged {
        at: site.clock.now(),
        path: uri.path().to_owned(),
        variables: request
            .as_ref()
            .ok()
            .and_then(|request| request.variables.clone())
            .unwrap_or_default(),
        operation,
        with_token: headers.contains_key("x-shopify-access-token"),
        status: 0,
        requested_cost: None,
    };
    let response = match version::find_serving(&wanted) {
        None => error(StatusCode::NOT_FOUND),
        Some(serving) => match arrive(&site, &headers, faults).await {
            Some(response) => response,
            None => match request {
                Err(_) => error(StatusCode::BAD_REQUEST),
                Ok(request) => work(Arc::clone(&site), request, serving, &mut entry).await,
            },
        },
    };
    entry.status = response
        .extensions()
        .get::<Broken>()
        .map_or(response.status().as_u16(), |_| 0);
    site.with(|shop, _| shop.log.push(entry));
    response
}

/// What answers before the operation is looked at: scripted faults, then a missing or dead token.
async fn arrive(site: &Site, headers: &HeaderMap, faults: Vec<Fault>) -> Option<Response> {
    for fault in faults {
        match fault {
            Fault::Slow { millis } => tokio::time::sleep(Duration::from_millis(millis)).await,
            Fault::Throttled => {
                let body = site.with(|shop, now| graphql::throttled(shop, 100, now));
                return Some(axum::Json(body).into_response());
            }
            Fault::Status {
                code,
                retry_after_secs,
            } => return Some(status(code, retry_after_secs)),
            Fault::HtmlBody => return Some(web_page()),
            Fault::Reset => return Some(broken()),
            Fault::InternalError => {
                return Some(axum::Json(graphql::internal_error()).into_response());
            }
            _ => {}
        }
    }
    let token = headers
        .get("x-shopify-access-token")
        .and_then(|token| token.to_str().ok());
    let known = site.with(|shop, now| token.is_some_and(|token| token::is_live(shop, token, now)));
    (!known).then(|| error(StatusCode::UNAUTHORIZED))
}

async fn work(
    site: Arc<Site>,
    request: Request,
    serving: &'static str,
    entry: &mut Logged,
) -> Response {
    let operation = entry.operation.clone();
    let faults = site.with(|shop, _| shop.faults.take(Stage::Answer, operation.as_deref()));
    let known = faults.clone();
    let worked = tokio::task::spawn_blocking(move || {
        site.with(|shop, now| graphql::answer(shop, &request, known, now))
    });
    let Ok(Answered {
        body,
        requested_cost,
    }) = worked.await
    else {
        return error(StatusCode::INTERNAL_SERVER_ERROR);
    };
    entry.requested_cost = requested_cost;
    let mut served = serving.to_owned();
    for fault in faults {
        match fault {
            Fault::AnswerLost => return broken(),
            Fault::FallForward { version } => served = version,
            _ => {}
        }
    }
    ([("X-Shopify-API-Version", served)], axum::Json(body)).into_response()
}

/// The file of a bulk operation, at an address that is its own permission.
async fn download(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if headers.contains_key("x-shopify-access-token") || headers.contains_key(header::AUTHORIZATION)
    {
        return storage_error(
            StatusCode::BAD_REQUEST,
            "InvalidArgument",
            "A signed URL takes no credentials.",
        );
    }
    let faults = site.with(|shop, _| shop.faults.take(Stage::Download, None));
    let id = file
        .strip_prefix("bulk-")
        .and_then(|file| file.strip_suffix(".jsonl"))
        .and_then(|id| id.parse().ok());
    let signed = uri
        .query()
        .is_some_and(|query| query.contains("Signature="));
    let jsonl = site.with(|shop, now| {
        let job = id.and_then(|id| shop.jobs.find(id)).filter(|_| signed)?;
        Some(job.find_file(now).map(<[u8]>::to_vec))
    });
    match jsonl {
        None => storage_error(
            StatusCode::FORBIDDEN,
            "SignatureDoesNotMatch",
            "Access denied.",
        ),
        Some(None) => storage_error(
            StatusCode::BAD_REQUEST,
            "ExpiredToken",
            "The provided token has expired.",
        ),
        Some(Some(_)) if faults.contains(&Fault::ExpiredUrl) => storage_error(
            StatusCode::BAD_REQUEST,
            "ExpiredToken",
            "The provided token has expired.",
        ),
        Some(Some(mut jsonl)) => {
            if faults.contains(&Fault::TruncatedJsonl) {
                jsonl.truncate(jsonl.len() * 2 / 3);
            }
            part(jsonl, find_start(&headers))
        }
    }
}

/// The byte a `Range: bytes=N-` asks to begin with.
fn find_start(headers: &HeaderMap) -> Option<usize> {
    let range = headers.get(header::RANGE)?.to_str().ok()?;
    range
        .strip_prefix("bytes=")?
        .strip_suffix('-')?
        .parse()
        .ok()
}

/// The file from that byte on, as the storage serves it.
fn part(mut jsonl: Vec<u8>, start: Option<usize>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/jsonl")];
    match start {
        None => (content_type, jsonl).into_response(),
        Some(start) if start >= jsonl.len() => storage_error(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "InvalidRange",
            "The requested range cannot be satisfied.",
        ),
        Some(start) => (
            StatusCode::PARTIAL_CONTENT,
            content_type,
            jsonl.split_off(start),
        )
            .into_response(),
    }
}

/// The real bodies of the statuses that are not GraphQL answers.
fn status(code: u16, retry_after_secs: Option<u32>) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match code {
        502..=504 => (
            status,
            [(header::CONTENT_TYPE, "text/html")],
            "<html><body>Bad Gateway</body></html>",
        )
            .into_response(),
        _ => error(status),
    };
    if let Some(secs) = retry_after_secs {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, secs.into());
    }
    response
}

fn error(status: StatusCode) -> Response {
    let errors = match status.as_u16() {
        400 => json!({ "query": "Required parameter missing or invalid" }),
        401 => {
            json!("[API] Invalid API key or access token (unrecognized login or wrong password)")
        }
        402 => json!("Unavailable Shop"),
        403 => json!("[API] This action requires merchant approval for the required scope."),
        404 => json!("Not Found"),
        423 => json!("Locked"),
        429 => {
            json!("Exceeded API rate limit. Reduce request rates to resume uninterrupted service.")
        }
        430 => json!("Shopify Security Rejection"),
        _ => json!("Internal Server Error"),
    };
    let body: Value = json!({ "errors": errors });
    (status, axum::Json(body)).into_response()
}

fn storage_error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (
        status,
        [(header::CONTENT_TYPE, "application/xml; charset=UTF-8")],
        body,
    )
        .into_response()
}

fn web_page() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Something went wrong</title></head><body>Please try again.</body></html>";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// Marks an answer that never arrives whole.
#[derive(Clone, Copy)]
struct Broken;

/// An answer whose body fails, which makes the server drop the connection.
fn broken() -> Response {
    let failure = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = Body::from_stream(futures::stream::iter([Err::<Bytes, _>(failure)]));
    let mut response = Response::new(body);
    response.extensions_mut().insert(Broken);
    response
}
