//! A form that a browser sends, and what was wrong with it: whatever was typed comes back with the sentence beside it.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::explain;
use super::text::Text;
use crate::http::problem::{Kind, Problem};

/// Longest form taken, in bytes: no field of one holds more than a thousand characters. What may be longer, a connection's
/// settings and a selection of orders, is read as a body, of two megabytes at most.
const FORM_BYTES_MAX: usize = 256 << 10;

/// A form's fields as a `T`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form<T>(pub(super) T);

/// What is wrong with a form's fields: each with its sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<(String, String)>);

// === impl Form ===

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let request = request
            .map(|body| axum::body::Body::new(http_body_util::Limited::new(body, FORM_BYTES_MAX)));
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_| Problem::new(Kind::TooLarge, "this form is too long"))?;
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(&body));
        serde_path_to_error::deserialize(pairs)
            .map(Self)
            .map_err(|error| {
                let field = error.path().to_string();
                Problem::field(field, error.into_inner().to_string())
            })
    }
}

// === impl Faults ===

impl Faults {
    /// One field and its sentence.
    pub(super) fn one(field: &str, sentence: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), sentence.into())])
    }

    /// What a problem says of the fields or, where it names none, of the whole.
    pub(super) fn of_problem(problem: &Problem, text: Text) -> Self {
        match problem.errors() {
            [] => Self::one("", explain::problem::whole(problem, text)),
            errors => Self(
                errors
                    .iter()
                    .map(|error| {
                        let sentence = explain::problem::field(error, text);
                        (explain::problem::place(error), sentence)
                    })
                    .collect(),
            ),
        }
    }

    /// The sentence beside a field; empty for one that is right.
    pub(super) fn of(&self, field: &str) -> &str {
        let found = self.0.iter().find(|(place, _)| place == field);
        found.map_or("", |(_, sentence)| sentence)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What belongs to no field that the form shows.
    pub(super) fn general(&self) -> &str {
        self.of("")
    }
}
