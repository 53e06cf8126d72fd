//! What is seen of a request from outside: its id, its span, its time in the metrics.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use metrics::Histogram;
use tracing::Span;

use super::problem::Problem;

/// Longest request id taken over from a client or proxy, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 128;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A route, as metrics and spans name it.
#[derive(Debug)]
pub(super) struct Route {
    method: &'static str,
    path: String,
    /// Registered beforehand, because most answers are this one and looking a metric up costs.
    ok_seconds: Histogram,
}

/// One request on its way through.
#[derive(Debug)]
pub(super) struct Trace {
    id: HeaderValue,
    uri: Uri,
    started: Instant,
    span: Span,
}

/// Tells the requests of this run of the daemon from those of every other.
static RUN: LazyLock<u32> = LazyLock::new(rand::random);
static REQUESTS: AtomicU64 = AtomicU64::new(0);

// === impl Route ===

impl Route {
    /// The route of `method` to `path`, as it stands in the list of routes.
    pub(super) fn new(method: &'static str, path: String) -> Self {
        let ok_seconds = seconds(method, &path, StatusCode::OK);
        Self {
            method,
            path,
            ok_seconds,
        }
    }

    /// Begins a request.
    pub(super) fn begin(&self, request: &Request) -> Trace {
        let id = request_id(request.headers());
        let span = tracing::info_span!(
            "request",
            request.id = id.to_str().unwrap_or_default(),
            method = self.method_of(request.method()),
            route = self.path,
        );
        Trace {
            id,
            uri: request.uri().clone(),
            started: Instant::now(),
            span,
        }
    }

    fn measure(&self, status: StatusCode, started: Instant) {
        let elapsed = started.elapsed();
        tracing::debug!(status = status.as_u16(), duration = ?elapsed, "a request was answered");
        if status == StatusCode::OK {
            self.ok_seconds.record(elapsed);
        } else {
            seconds(self.method, &self.path, status).record(elapsed);
        }
    }

    /// The method as a metric's label: a route for any method would otherwise make one of whatever is sent.
    fn method_of<'a>(&'a self, method: &'a Method) -> &'a str {
        match self.method {
            "" => method.as_str(),
            known => known,
        }
    }
}

fn seconds(method: &'static str, path: &str, status: StatusCode) -> Histogram {
    metrics::histogram!(
        "bestand_http_request_seconds",
        "route" => path.to_owned(),
        "method" => method,
        "status" => status.as_str().to_owned(),
    )
}

// === impl Trace ===

impl Trace {
    /// The span of the work.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Ends the request: a problem is written out, the id and the time go where they belong.
    pub(super) fn end(self, route: &Route, mut response: Response) -> Response {
        let _entered = self.span.enter();
        // It stays with its response: a page tells it in its own way.
        if let Some(problem) = response.extensions().get::<Problem>().cloned() {
            let id = self.id.to_str().unwrap_or_default();
            problem.tell(&mut response, &self.uri, id);
        }
        route.measure(response.status(), self.started);
        response.headers_mut().insert(REQUEST_ID, self.id.clone());
        response
    }
}

/// The id that the client or a proxy gave, when it is one; else a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    let usable = |id: &&HeaderValue| {
        (1..=REQUEST_ID_BYTES_MAX).contains(&id.len()) && id.as_bytes().iter().all(plain)
    };
    headers
        .get(REQUEST_ID)
        .filter(usable)
        .cloned()
        .unwrap_or_else(new_request_id)
}

fn new_request_id() -> HeaderValue {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let text = format!("{:08x}-{number}", *RUN);
    HeaderValue::try_from(text).expect("digits are a header")
}
