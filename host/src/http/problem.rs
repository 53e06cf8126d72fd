//! Problems: every answer that is an error, told as RFC 9457 does.
//!
//! A problem has an outside text for the client and, when the fault is ours, an inside text for the log. It travels
//! as an extension of its response to the [`gate`](super::gate), which knows the request: there it is written out,
//! and logged once when the fault is ours.

use std::error::Error;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

mod cause;
mod convert;
mod fault;
mod kind;

pub use cause::Cause;
pub use fault::Fault;
pub use kind::Kind;

/// What went wrong with a request. Small, because every `Result` of this module carries room for it.
#[derive(Clone, Debug)]
pub struct Problem(Box<Told>);

/// Something wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field, by its path in the body, or the name of a header or query parameter.
    #[schema(example = "items[0].quantity")]
    pub field: String,
    /// What is wrong with it.
    #[schema(example = "`two` is not a decimal number")]
    pub reason: String,
    /// The same by its kind, for pages.
    #[serde(skip)]
    pub fault: Fault,
}

#[derive(Clone, Debug)]
struct Told {
    kind: Kind,
    detail: String,
    cause: Cause,
    errors: Vec<FieldError>,
    headers: HeaderMap,
    /// For the log only.
    inside: Option<String>,
}

/// An error, as RFC 9457 tells it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// What sort of problem this is; the part to program against.
    #[serde(rename = "type")]
    #[schema(example = "urn:bestand:problem:invalid-field")]
    kind: String,
    /// The sort of problem, for people.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong this time, and the way out.
    detail: &'a str,
    /// The path that was asked for.
    instance: &'a str,
    /// The request, as the log calls it.
    request_id: &'a str,
    /// Every field that is wrong, where fields are.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

/// The media type of a problem.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

// === impl Problem ===

impl Problem {
    /// A problem of this kind; `detail` is shown to the client.
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Told {
            kind,
            detail: detail.into(),
            cause: Cause::Other,
            errors: Vec::new(),
            headers: HeaderMap::new(),
            inside: None,
        }))
    }

    /// One that only a page tells, in its visitor's language.
    #[must_use]
    pub fn for_visitor(kind: Kind, sentence: impl Into<String>) -> Self {
        Self::new(kind, sentence).by(Cause::ForVisitor)
    }

    /// The same, with its cause by its kind.
    #[must_use]
    pub fn by(mut self, cause: Cause) -> Self {
        self.0.cause = cause;
        self
    }

    /// A fault of ours: the client learns that there is one, the log learns which.
    #[must_use]
    pub fn internal(inside: &(impl Error + ?Sized)) -> Self {
        let outside =
            "something went wrong in the daemon; its log tells more under this request id";
        Self::new(Kind::Internal, outside).because(inside)
    }

    /// One field is wrong.
    #[must_use]
    pub fn field(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::fields(vec![FieldError::new(field, reason)])
    }

    /// One field is wrong, told in the language of a form's visitor.
    #[must_use]
    pub fn field_for_visitor(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self::fields(vec![FieldError::for_visitor(field, sentence)])
    }

    /// These fields are wrong.
    #[must_use]
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let named: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let detail = match &*errors {
            [only] => format!("`{}`: {}", only.field, only.reason),
            _ => format!("these fields are not valid: {}", named.join(", ")),
        };
        let mut problem = Self::new(Kind::InvalidField, detail);
        problem.0.errors = errors;
        problem
    }

    /// Nobody answers under this path.
    #[must_use]
    pub fn no_such_path() -> Self {
        Self::new(
            Kind::NotFound,
            "there is nothing at this address; /openapi.json lists what there is",
        )
    }

    /// The same, with one more sentence for the client.
    #[must_use]
    pub fn with_detail(mut self, more: impl AsRef<str>) -> Self {
        self.0.detail = format!("{}; {}", self.0.detail, more.as_ref());
        self
    }

    /// The same, with a header on its response.
    #[must_use]
    pub fn with_header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// The same, telling the client after how many seconds it may try again.
    #[must_use]
    pub fn retry_after_secs(self, secs: u64) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(secs))
    }

    /// The same, with what the log shall say of it.
    #[must_use]
    pub fn because(mut self, inside: &(impl Error + ?Sized)) -> Self {
        let mut text = inside.to_string();
        let mut cause = inside.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        self.0.inside = Some(text);
        self
    }

    /// What the client is told.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The fields that are wrong, where fields are.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// What caused it, as far as a page says more than its kind.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// What sort of problem it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Its HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.kind.status()
    }

    /// Writes it out as the answer to this request, and logs it when the fault is ours.
    pub(super) fn tell(&self, response: &mut Response, uri: &Uri, request_id: &str) {
        let told = &*self.0;
        if let Some(inside) = &told.inside {
            tracing::error!(request.id = request_id, path = uri.path(), error = %inside, "a request failed");
        }
        let body = ProblemBody {
            kind: told.kind.uri(),
            title: told.kind.title(),
            status: told.kind.status().as_u16(),
            detail: &told.detail,
            instance: uri.path(),
            request_id,
            errors: &told.errors,
        };
        let json = serde_json::to_vec(&body).expect("texts and numbers are JSON");
        *response.body_mut() = Body::from(json);
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.headers_mut().extend(self.0.headers.clone());
        let media_type = HeaderValue::from_static(MEDIA_TYPE);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        response.extensions_mut().insert(self);
        response
    }
}

// === impl FieldError ===

impl FieldError {
    /// `reason` is what is wrong with `field`.
    #[must_use]
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
            fault: Fault::Other,
        }
    }

    /// `fault` is what is wrong with `field`.
    #[must_use]
    pub fn of(field: impl Into<String>, fault: Fault) -> Self {
        Self {
            field: field.into(),
            reason: fault.to_string(),
            fault,
        }
    }

    /// `sentence` is what is wrong with `field`, in the language of a form's visitor.
    #[must_use]
    pub fn for_visitor(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            fault: Fault::ForVisitor,
            ..Self::new(field, sentence)
        }
    }
}
