//! Many orders at once, from a body that is stored while it arrives.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::book;
use crate::activity::{EventKind, Subject};
use crate::config::server::Server;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::body::{Pieces, format_of, too_large};
use crate::http::json::Json;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::query::Query;
use crate::order::book::{ImportRun, ImportStopped};
use crate::order::import::Format;
use crate::order::import::mapping::Mapping;
use crate::order::import::report::{Refusal, Report};

/// Refused lines that are listed; the others are counted.
const REFUSALS_LISTED_MAX: usize = 1000;

/// Import orders
///
/// From a JSON array (`application/json`), a JSON object per line (`application/x-ndjson`) or a table with a header
/// (`text/csv`). Rows of one order number are joined, wherever they stand; an order that is stored already is replaced,
/// so the same import may be sent again. Every line that is not taken is reported with the reason.
#[utoipa::path(post, path = "/orders", operation_id = "import_orders", tag = "Orders", params(ImportQuery),
    request_body(description = "Orders", content(
        (Vec<serde_json::Value> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"))),
    responses((status = 200, description = "What came of it", body = ImportReport)))]
pub(in crate::http) async fn import(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<ImportQuery>,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    let (format, mapping) = (format(&headers)?, query.mapping()?);
    let run = book(&parts)
        .begin_import(caller.0.account_id, format, mapping)
        .await?;
    let mut stream = Stream {
        run,
        server: &parts.config.server,
        refusals: Vec::new(),
    };
    let taken = stream.take(body).await;
    // What was stored before the body broke off is news as well.
    let event = caller.did(EventKind::OrdersImported, Subject::orders(""));
    parts.activity.note(event.with_report(stream.run.report()));
    taken?;
    stream.report()
}

fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    format_of(headers).ok_or_else(|| {
        let detail = "send orders as `application/json`, `application/x-ndjson` or `text/csv`";
        Problem::new(Kind::UnsupportedMediaType, detail)
    })
}

/// How to read orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ImportQuery {
    /// Which column or key stands for which field; one that is not named is looked for under its own name. The fields
    /// are `order_number`, `sku`, `quantity`, `name`, `ordered_at`, `ship_from`, `status` and `adjustment`.
    #[param(example = "order_number=InvoiceNo,sku=StockCode,quantity=Quantity")]
    map: Option<String>,
}

/// What came of an import.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ImportReport {
    /// Lines read.
    lines: u64,
    /// Lines taken.
    taken: u64,
    /// How many of the lines taken are goods.
    goods: u64,
    /// Lines refused; together with those taken, all that were read.
    refused: u64,
    /// Orders that are new.
    created: u64,
    /// Orders that took the place of one that was stored.
    replaced: u64,
    /// Whole orders that came again in the same body; the last one counts.
    repeated: u64,
    /// The first thousand lines that were refused, and why.
    refusals: Vec<RefusedLine>,
}

/// A line that was not taken.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedLine {
    /// The line of the body, from 1.
    line: u64,
    /// The field at fault, where it is one.
    field: Option<&'static str>,
    /// What is wrong with it.
    reason: String,
    /// How the line begins.
    text: String,
}

/// An import as its body arrives.
struct Stream<'a> {
    run: ImportRun,
    server: &'a Server,
    refusals: Vec<Refusal>,
}

// === impl Stream ===

impl Stream<'_> {
    /// Takes the whole body, piece by piece.
    async fn take(&mut self, body: Body) -> Result<(), Problem> {
        let mut pieces = Pieces::of(body, self.server.request_timeout);
        let mut bytes_read = 0;
        while let Some(piece) = pieces
            .next()
            .await
            .map_err(|broken| self.stored_so_far(broken))?
        {
            bytes_read += piece.len();
            if bytes_read > self.server.body_bytes_max {
                return Err(self.stored_so_far(too_large(self.server.body_bytes_max)));
            }
            let refusals = self.run.push(&piece).await;
            self.keep(refusals.map_err(|stopped| self.stopped(stopped))?);
        }
        let refusals = self.run.finish().await;
        self.keep(refusals.map_err(|stopped| self.stopped(stopped))?);
        Ok(())
    }

    fn keep(&mut self, refusals: Vec<Refusal>) {
        let room = REFUSALS_LISTED_MAX - self.refusals.len();
        self.refusals.extend(refusals.into_iter().take(room));
    }

    fn stopped(&self, stopped: ImportStopped) -> Problem {
        match stopped {
            ImportStopped::Input(error) => Problem::field("body", error.to_string()),
            ImportStopped::Read(error) => Problem::internal(&error),
            ImportStopped::Store(error) => self.stored_so_far(error.into()),
        }
    }

    /// The same, saying what was stored before.
    fn stored_so_far(&self, problem: Problem) -> Problem {
        match self.run.report().orders() {
            0 => problem,
            orders => problem.with_detail(format!(
                "{orders} orders were stored before that; send the whole import again, which changes nothing about them"
            )),
        }
    }

    /// The report, or a problem when nothing at all could be taken.
    fn report(self) -> Result<Json<ImportReport>, Problem> {
        let report = self.run.report();
        if report.taken == 0 && report.refused > 0 {
            let errors = self.refusals.iter().take(100).map(FieldError::from);
            return Err(Problem::fields(errors.collect()));
        }
        Ok(Json(ImportReport::of(report, self.refusals)))
    }
}

// === impl ImportQuery ===

impl ImportQuery {
    fn mapping(&self) -> Result<Mapping, Problem> {
        let map = self.map.as_deref().unwrap_or_default();
        map.parse()
            .map_err(|error: crate::order::import::mapping::InvalidMapping| {
                Problem::field("map", error.to_string())
            })
    }
}

// === impl ImportReport ===

impl ImportReport {
    fn of(report: &Report, refusals: Vec<Refusal>) -> Self {
        Self {
            lines: report.lines,
            taken: report.taken,
            goods: report.goods,
            refused: report.refused,
            created: report.created,
            replaced: report.replaced,
            repeated: report.repeated,
            refusals: refusals.into_iter().map(RefusedLine::from).collect(),
        }
    }
}

impl From<Refusal> for RefusedLine {
    fn from(refusal: Refusal) -> Self {
        Self {
            line: refusal.at.line,
            field: refusal.field.map(|field| field.as_str()),
            reason: refusal.reason,
            text: refusal.at.text,
        }
    }
}

impl From<&Refusal> for FieldError {
    fn from(refusal: &Refusal) -> Self {
        let field = refusal.field.map_or("line", |field| field.as_str());
        Self::new(
            format!("line {}: {field}", refusal.at.line),
            refusal.reason.clone(),
        )
    }
}
