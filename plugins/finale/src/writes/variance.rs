//! Inventory variances: posting one, and finding one again by our operation id in its comments.

use std::time::Duration;

use bestand_plugin_api::{AdapterError, Ctx, Result, StockOperation, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::plan::Change;
use crate::client::{Client, Failure};
use crate::columns::{Columns, ROWS_MAX};
use crate::filter::DateFilter;

const COLLECTION: &str = "inventoryvariance";
const COMMITTED: &str = "PHSCL_INV_COMMITTED";
/// More than Finale's clock and ours, or two time zones, can be apart.
const CLOCKS_APART_MAX: Duration = Duration::from_secs(24 * 3600);
/// Finale's own reasons begin so; any other word goes into the comments.
const REASON_PREFIX: &str = "VAR_";

/// What became of a post.
#[derive(Debug)]
pub(super) enum Posted {
    Done,
    /// Finale says no; nothing changed.
    Refused(String),
    /// Nothing changed, and it may be tried again.
    NotDone(AdapterError),
    /// Finale says no in a way that does not tell whether anything changed.
    Doubtful(String),
    /// No answer, or none that can be understood.
    Lost(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    status_id: String,
}

/// Posts one committed change.
pub(super) async fn post(
    client: &Client,
    ctx: &Ctx,
    operation: &StockOperation,
    change: &Change,
) -> Posted {
    match client
        .post(ctx, &format!("{COLLECTION}/"), &body(operation, change))
        .await
    {
        Ok(answer) => match serde_json::from_slice::<Record>(&answer.bytes) {
            Ok(record) if record.status_id == COMMITTED => Posted::Done,
            Ok(record) => Posted::Lost(format!("Finale left the change as {}", record.status_id)),
            Err(error) => Posted::Lost(format!("Finale's answer cannot be read: {error}")),
        },
        Err(Failure::Refused(why)) => Posted::Doubtful(format!("Finale refuses the change: {why}")),
        Err(failure) if !failure.is_certain() => Posted::Lost(AdapterError::from(failure).message),
        Err(Failure::Status { status, error }) if !matches!(status, 401 | 403 | 429) => {
            Posted::Refused(error.message)
        }
        Err(failure) => Posted::NotDone(failure.into()),
    }
}

/// Whether a variance with our operation id was made and committed since a day before `posted_at`.
///
/// # Errors
/// Also when there is one that is a draft or cancelled: whether it changes the stock is for a person to say.
pub(super) async fn is_there(
    client: &Client,
    ctx: &Ctx,
    operation: &StockOperation,
    posted_at: Timestamp,
) -> Result<bool> {
    let now = ctx.now().await?;
    let mark = mark(operation);
    let mut uncommitted = None;
    let windows = DateFilter::windows(
        posted_at.before(CLOCKS_APART_MAX),
        now.after(CLOCKS_APART_MAX),
    );
    for window in windows {
        let body = client.collection(ctx, COLLECTION, Some(window)).await?;
        let columns = Columns::parse(COLLECTION, "statusId", &body.bytes)?;
        let (statuses, comments) = (columns.text("statusId")?, columns.text("generalComments")?);
        let is_marked = |row: &usize| {
            let comment = comments.str(*row);
            comment.is_some_and(|comment| comment.contains(&mark))
        };
        for row in (0..comments.len()).filter(is_marked) {
            match statuses.str(row) {
                Some(COMMITTED) => return Ok(true),
                status => uncommitted = Some(status.unwrap_or("without a status").to_owned()),
            }
        }
        if statuses.len() >= ROWS_MAX {
            return Err(AdapterError::protocol(
                "Finale cuts the list of variances, so the change may be behind the cut",
            ));
        }
    }
    match uncommitted {
        None => Ok(false),
        Some(status) => Err(AdapterError::protocol(format!(
            "Finale holds the change as {status} and not as committed: look there, and commit it if it is to count"
        ))),
    }
}

fn body(operation: &StockOperation, change: &Change) -> Value {
    let reason = operation
        .reason
        .as_deref()
        .filter(|reason| reason.starts_with(REASON_PREFIX));
    json!({
        "statusId": COMMITTED,
        "physicalInventoryTypeId": "SINGLE",
        "facilityUrl": change.facility_url,
        "generalComments": comments(operation),
        "inventoryItemVarianceList": [{
            "productUrl": change.product_url,
            "facilityUrl": change.facility_url,
            "lotId": operation.lot,
            "varianceReasonId": reason,
            "normalizedPackingString": null,
            "quantityOnHandVar": change.by,
        }],
    })
}

/// What people read first, and our mark at the end. The brackets keep one id from being found within a longer one.
fn comments(operation: &StockOperation) -> String {
    let reason = operation
        .reason
        .as_deref()
        .filter(|reason| !reason.starts_with(REASON_PREFIX));
    let words = [reason, operation.note.as_deref()]
        .into_iter()
        .flatten()
        .filter(|word| !word.is_empty());
    words.map(|word| format!("{word} ")).collect::<String>() + &mark(operation)
}

fn mark(operation: &StockOperation) -> String {
    format!("[bestand {}]", operation.op_id)
}
