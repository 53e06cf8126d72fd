//! What went wrong, as the newer API tells it: an envelope of errors, each with where it comes from and of what sort.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

use crate::http::problem::Problem;

/// What a field that must be there is told.
pub(super) const REQUIRED: &str = "it is required";
/// What serde says of one.
const MISSING: &str = "missing field";

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Errors of one request.
#[derive(Serialize)]
struct Envelope {
    request_id: String,
    errors: Vec<Fault>,
}

/// One error.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Fault {
    error_source: &'static str,
    error_type: &'static str,
    error_code: &'static str,
    message: String,
}

/// Tells a problem in their words.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let envelope = Envelope {
        request_id: request_id(&response),
        errors: faults(&problem),
    };
    let json = serde_json::to_vec(&envelope).expect("texts are JSON");
    if response.status() == StatusCode::UNPROCESSABLE_ENTITY {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::WWW_AUTHENTICATE);
    *response.body_mut() = Body::from(json);
    response
}

fn request_id(response: &Response) -> String {
    let id = response.headers().get("x-request-id");
    let id = id.and_then(|id| Uuid::parse_str(id.to_str().ok()?).ok());
    id.unwrap_or_else(Uuid::now_v7).to_string()
}

fn faults(problem: &Problem) -> Vec<Fault> {
    let of_field = |error: &crate::http::problem::FieldError| {
        let code = match error.reason.starts_with(MISSING) || error.reason == REQUIRED {
            true => "field_value_required",
            false => "invalid_field_value",
        };
        Fault::new(
            "validation",
            code,
            format!("{}: {}", error.field, error.reason),
        )
    };
    match problem.errors() {
        [] => vec![of_whole(problem)],
        errors => errors.iter().map(of_field).collect(),
    }
}

fn of_whole(problem: &Problem) -> Fault {
    let (error_type, error_code) = match problem.status().as_u16() {
        401 => {
            let message = "the header `api-key` must hold an API key and its secret with a colon between them";
            return Fault::new(
                "security",
                "unauthorized",
                format!("{message}: {}", problem.detail()),
            );
        }
        400 => ("business_rules", "unspecified"),
        403 => ("security", "forbidden"),
        404 => ("validation", "invalid_identifier"),
        409 => ("business_rules", "warehouse_conflict"),
        429 => ("system", "rate_limit_exceeded"),
        status if status < 500 => ("validation", "invalid_object"),
        503 => ("integrations", "unspecified"),
        _ => ("system", "unspecified"),
    };
    Fault::new(error_type, error_code, problem.detail().to_owned())
}

// === impl Fault ===

impl Fault {
    fn new(error_type: &'static str, error_code: &'static str, message: String) -> Self {
        Self {
            error_source: "ShipStation",
            error_type,
            error_code,
            message,
        }
    }

    /// A connection that could not answer, while others did.
    pub(super) fn of_connection(message: String) -> Self {
        Self::new("integrations", "unspecified", message)
    }
}
