//! A partner's levels, from a body that is stored while it arrives.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bestand_plugin_api::StockLevel;

use super::level::PushedLevel;
use super::report::{PushReport, Results};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::body::{Pieces, format_of};
use crate::http::problem::{Kind, Problem};
use crate::json_stream::{Found, JsonStream};
use crate::order::import::Format;
use crate::partner::{Push, PushError};

/// Levels stored together: the size beyond which larger commits are no faster.
const BATCH_LEVELS: usize = 10_000;

/// Levels of one push: ten times what the largest merchants have, and a byte of memory for each.
const LEVELS_MAX: usize = 10_000_000;
/// Bytes read before it is looked whether a batch is full.
const PART_BYTES: usize = 64 << 10;

/// Push stock levels
///
/// One level as a JSON object, several as an array (`application/json`), or one on each line (`application/x-ndjson`), as
/// many as there are: they are stored while they arrive. What is answered is durable and readable. Of two levels of one
/// SKU at one location the newer wins, by `version` or else by `as_of`, so the same push may be sent again, and pushes
/// may overtake each other. A level that cannot be right costs itself and no other. The first push of a partner makes
/// its heading and its inventory sources.
///
/// With `Accept: application/x-ndjson` the answer has a line for each level instead of the counts alone.
#[utoipa::path(put, path = "/partner/levels", operation_id = "push_levels", tag = "Partner push",
    request_body(description = "Levels", content(
        (Vec<PushedLevel> = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "What became of them", content(
        (PushReport = "application/json"), (String = "application/x-ndjson")))))]
pub(in crate::http) async fn push(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let stream = stream(&headers)?;
    let mut intake = Intake {
        push: super::begin(&parts, &caller).await?,
        levels: Vec::new(),
        results: Results::default(),
    };
    let mut pieces = Pieces::of(body, parts.config.server.request_timeout);
    match intake.take(stream, &mut pieces).await {
        Ok(()) => intake.results.answer(&headers),
        Err(problem) => Err(intake.results.stored_so_far(problem)),
    }
}

fn stream(headers: &HeaderMap) -> Result<JsonStream, Problem> {
    match format_of(headers) {
        Some(Format::Json) => Ok(JsonStream::array()),
        Some(Format::Ndjson) => Ok(JsonStream::lines()),
        Some(Format::Csv) | None => Err(Problem::new(
            Kind::UnsupportedMediaType,
            "send levels as `application/json` or `application/x-ndjson`",
        )),
    }
}

/// A push as its body arrives.
struct Intake {
    push: Push,
    /// Read and not stored yet.
    levels: Vec<StockLevel>,
    results: Results,
}

// === impl Intake ===

impl Intake {
    async fn take(&mut self, mut stream: JsonStream, pieces: &mut Pieces) -> Result<(), Problem> {
        while let Some(piece) = pieces.next().await? {
            // In parts, so that what a large piece holds is never all in memory at once.
            for part in piece.chunks(PART_BYTES) {
                stream.push(part, &mut |found| self.read(found));
                if self.levels.len() >= BATCH_LEVELS {
                    self.store().await?;
                }
                if self.results.len() > LEVELS_MAX {
                    let detail = format!(
                        "a push may have {LEVELS_MAX} levels; send the others with another one"
                    );
                    return Err(Problem::new(Kind::TooLarge, detail));
                }
            }
        }
        stream.finish(&mut |found| self.read(found));
        Ok(self.store().await?)
    }

    fn read(&mut self, found: Found<'_>) {
        let received_at = self.push.now();
        let level = match found.flaw {
            Some(flaw) => Err((None, flaw.to_string())),
            None => PushedLevel::read(found.raw, received_at),
        };
        match level {
            Ok(level) => {
                self.results.wait();
                self.levels.push(level);
            }
            Err((field, reason)) => self.results.refuse(&found, field, reason),
        }
    }

    async fn store(&mut self) -> Result<(), PushError> {
        if self.levels.is_empty() {
            return Ok(());
        }
        let outcomes = self.push.levels(std::mem::take(&mut self.levels)).await?;
        self.results.stored(outcomes);
        Ok(())
    }
}
