//! Lists as CSV files: asked for by `Accept: text/csv` or `?format=csv`, and sent as they are read, however long they are.

use std::convert::Infallible;
use std::future::Future;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::report::csv::{Column, CsvFile};

/// Rows of one piece: what waits for a slow reader stays below a megabyte.
pub(super) const PIECE_ROWS: u32 = 1_000;

/// How a list is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// Page by page.
    Json,
    /// All of it at once.
    Csv,
}

/// Whether the client would rather have CSV.
#[derive(Clone, Copy, Debug)]
pub(super) struct AcceptsCsv(bool);

// === impl AcceptsCsv ===

impl AcceptsCsv {
    /// Whether CSV is to be answered: what the query says goes before the header.
    pub(super) fn or(self, format: Option<Format>) -> bool {
        match format {
            Some(format) => format == Format::Csv,
            None => self.0,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for AcceptsCsv {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts.headers.get(ACCEPT);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        Ok(Self(
            accepted.is_some_and(|accepted| accepted.contains("text/csv")),
        ))
    }
}

/// A file of this name: `next` reads some rows at a time from its place on, and none at the end.
///
/// # Errors
/// When the first rows cannot be read. Later the answer breaks off, so that nobody takes a part for the whole.
pub(super) async fn file<Row, Place, Read, Rows, Error>(
    name: &'static str,
    columns: &'static [Column<Row>],
    first: Place,
    next: Read,
) -> Result<Response, Problem>
where
    Row: Send + 'static,
    Place: Send + 'static,
    Read: Fn(Place) -> Rows + Send + 'static,
    Rows: Future<Output = Result<Option<(Vec<Row>, Place)>, Error>> + Send,
    Error: std::error::Error + Send + Sync + 'static,
    Problem: From<Error>,
{
    let (rows, place) = match next(first).await? {
        Some((rows, place)) => (rows, Some(place)),
        None => (Vec::new(), None),
    };
    let head = piece(CsvFile::begin(columns, Vec::new()), &rows);
    let head = head.map_err(|error| Problem::internal(&error))?;
    let rest = stream::try_unfold((next, place), move |(next, place)| async move {
        let Some(place) = place else {
            return Ok(None);
        };
        let Some((rows, place)) = next(place).await.map_err(std::io::Error::other)? else {
            return Ok(None);
        };
        let bytes = piece(Ok(CsvFile::go_on(columns, Vec::new())), &rows)?;
        Ok::<_, std::io::Error>(Some((bytes, (next, Some(place)))))
    });
    let rest = rest.inspect(|read| {
        if let Err(error) = read {
            tracing::warn!(%error, "a CSV file broke off");
        }
    });
    let head = stream::once(async { Ok(head) });
    Ok((headers(name), Body::from_stream(head.chain(rest))).into_response())
}

/// The same of rows that are few enough to be read at once.
pub(super) fn whole<Row>(
    name: &'static str,
    columns: &'static [Column<Row>],
    rows: &[Row],
) -> Result<Response, Problem> {
    let all = piece(CsvFile::begin(columns, Vec::new()), rows);
    let all = all.map_err(|error| Problem::internal(&error))?;
    Ok((headers(name), all).into_response())
}

fn headers(name: &str) -> [(HeaderName, String); 2] {
    let attachment = format!("attachment; filename=\"{name}.csv\"");
    [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, attachment),
    ]
}

fn piece<Row>(
    file: std::io::Result<CsvFile<Row, Vec<u8>>>,
    rows: &[Row],
) -> std::io::Result<Bytes> {
    let mut file = file?;
    file.write(rows)?;
    file.finish().map(Bytes::from)
}
