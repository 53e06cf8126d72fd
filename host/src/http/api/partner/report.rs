//! What became of each level of a push: a byte for each, and a sentence for those that were refused.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clip::clip;
use crate::http::json::Json;
use crate::http::problem::{FieldError, Problem};
use crate::json_stream::Found;
use crate::stock::Outcome;

/// Refused levels that are told with the reason; the others are counted, and told as refused.
const REFUSALS_TOLD_MAX: usize = 1000;
/// Levels whose results are told in an answer that is one JSON object.
const RESULTS_TOLD_MAX: usize = 10_000;
/// Result lines of one piece of an answer.
const LINES_PER_PIECE: usize = 4096;

const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// What became of a push.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(in crate::http) struct PushReport {
    /// Levels that came.
    received: u64,
    /// They said something new.
    changed: u64,
    /// They said what was known, as of a newer moment.
    confirmed: u64,
    /// They were older than what is known and changed nothing.
    older: u64,
    /// They cannot be right.
    refused: u64,
    /// The first thousand that were refused, and why.
    refusals: Vec<RefusedLevel>,
    /// Of each level, in their order, what became of it; only of pushes of at most 10,000.
    results: Option<Vec<PushResult>>,
}

/// What became of a pushed level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum PushResult {
    /// It said something new.
    Changed,
    /// It said what was known, as of a newer moment.
    Confirmed,
    /// It was older than what is known and changed nothing.
    Older,
    /// It cannot be right.
    Refused,
    /// It was read and is not stored yet; never told.
    #[serde(skip)]
    Waiting,
}

/// A level that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RefusedLevel {
    /// Its place among all levels of the push, from 1.
    position: u64,
    /// The line of the body that it begins on, from 1.
    line: u64,
    /// The field at fault, where it is one.
    field: Option<String>,
    /// What is wrong with it.
    reason: String,
    /// How it begins.
    text: String,
}

/// A line of an answer that has one for each level.
#[derive(Serialize)]
struct ResultLine<'a> {
    position: u64,
    result: PushResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// The results as they come in.
#[derive(Debug, Default)]
pub(super) struct Results {
    /// Of each level, in their order.
    each: Vec<PushResult>,
    refusals: Vec<RefusedLevel>,
    /// How many of the first are decided; those behind them wait.
    decided: usize,
}

// === impl Results ===

impl Results {
    /// How many levels came so far.
    pub(super) fn len(&self) -> usize {
        self.each.len()
    }

    /// A level was read that is stored later.
    pub(super) fn wait(&mut self) {
        self.each.push(PushResult::Waiting);
    }

    /// A level was refused.
    pub(super) fn refuse(&mut self, found: &Found<'_>, field: Option<String>, reason: String) {
        self.each.push(PushResult::Refused);
        if self.refusals.len() < REFUSALS_TOLD_MAX {
            self.refusals.push(RefusedLevel {
                position: self.each.len() as u64,
                line: found.line,
                field,
                reason,
                text: clip(found.raw),
            });
        }
    }

    /// All levels that waited are stored.
    pub(super) fn stored(&mut self, outcomes: Vec<Outcome>) {
        let waiting = self.each[self.decided..].iter_mut();
        let waiting = waiting.filter(|result| **result == PushResult::Waiting);
        for (result, outcome) in waiting.zip(outcomes) {
            *result = outcome.into();
        }
        self.decided = self.each.len();
    }

    /// The problem that ended it all, saying what was stored before.
    pub(super) fn stored_so_far(&self, problem: Problem) -> Problem {
        match self.count(PushResult::Changed) + self.count(PushResult::Confirmed) {
            0 => problem,
            levels => problem.with_detail(format!(
                "{levels} levels were stored before that; send the whole push again, which changes nothing about them"
            )),
        }
    }

    /// What the sender is told: a problem when nothing at all could be taken.
    pub(super) fn answer(self, headers: &HeaderMap) -> Result<Response, Problem> {
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        if accept.is_some_and(|accept| accept.contains("ndjson")) {
            return Ok(self.lines());
        }
        let report = self.report();
        if report.refused > 0 && report.refused == report.received {
            let errors = report.refusals.iter().take(100).map(FieldError::from);
            return Err(Problem::fields(errors.collect()));
        }
        Ok(Json(report).into_response())
    }

    fn report(self) -> PushReport {
        PushReport {
            received: self.each.len() as u64,
            changed: self.count(PushResult::Changed),
            confirmed: self.count(PushResult::Confirmed),
            older: self.count(PushResult::Older),
            refused: self.count(PushResult::Refused),
            refusals: self.refusals,
            results: Some(self.each).filter(|each| each.len() <= RESULTS_TOLD_MAX),
        }
    }

    fn count(&self, wanted: PushResult) -> u64 {
        self.each.iter().filter(|result| **result == wanted).count() as u64
    }

    /// A line for each level, made as they are sent.
    fn lines(self) -> Response {
        let mut refusals = self.refusals.into_iter().peekable();
        let each = self.each;
        let starts = (0..each.len()).step_by(LINES_PER_PIECE);
        let pieces = starts.map(move |start| {
            let end = each.len().min(start + LINES_PER_PIECE);
            let mut piece = Vec::new();
            for (result, position) in each[start..end].iter().zip(start as u64 + 1..) {
                let refusal = refusals.next_if(|refusal| refusal.position == position);
                let line = ResultLine {
                    position,
                    result: *result,
                    field: refusal
                        .as_ref()
                        .and_then(|refusal| refusal.field.as_deref()),
                    reason: refusal.as_ref().map(|refusal| refusal.reason.as_str()),
                };
                serde_json::to_writer(&mut piece, &line).map_err(std::io::Error::from)?;
                piece.push(b'\n');
            }
            Ok::<_, std::io::Error>(piece)
        });
        let body = Body::from_stream(stream::iter(pieces));
        ([(header::CONTENT_TYPE, NDJSON)], body).into_response()
    }
}

impl From<Outcome> for PushResult {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Changed => Self::Changed,
            Outcome::Confirmed => Self::Confirmed,
            Outcome::Older => Self::Older,
        }
    }
}

impl From<&RefusedLevel> for FieldError {
    fn from(refused: &RefusedLevel) -> Self {
        let field = refused.field.as_deref().unwrap_or("level");
        Self::new(
            format!("{}.{field}", refused.position),
            refused.reason.clone(),
        )
    }
}
