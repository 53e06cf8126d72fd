//! One push, asked again until the module has taken it, and what became of each item.

use std::time::Duration;

use bestand_plugin_api::{AdapterError, Ctx, ErrorKind, Result, WriteOutcome};

use crate::answer::{ItemError, Next};
use crate::client::{Client, Failure};
use crate::contract::{Push, PushItem};

/// How long a push is waited for; the deadline of a write is 30 s.
const WAIT_MAX: Duration = Duration::from_secs(20);
/// Requests of one push: a module that wants more does not end.
const STEPS_MAX: usize = 50;

/// How a push ended.
enum Ending {
    /// The module has worked on all of it.
    Done,
    /// It goes on by itself.
    StillWorking,
    /// It broke off after the first answer: part of it may be done.
    Lost(String),
}

/// What became of each item, in order.
///
/// # Errors
/// Only when certainly nothing was done.
pub(super) async fn push(
    client: &Client,
    ctx: &Ctx,
    items: &[PushItem],
) -> Result<Vec<WriteOutcome>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let mut errors = Vec::new();
    let ending = match follow(client, ctx, items, &mut errors).await {
        Ok(ending) => ending,
        Err(failure) if failure.is_certain() => return refused(items.len(), failure.into()),
        Err(failure) => Ending::Lost(AdapterError::from(failure).message),
    };
    let strays = errors
        .iter()
        .filter(|error| !items.iter().any(|item| error.is_of(item)));
    let stray = strays.map(ItemError::told).next();
    let outcome = |item: &PushItem| match errors.iter().find(|error| error.is_of(item)) {
        Some(error) => WriteOutcome::rejected(error.told()),
        None => ending.outcome(stray.as_deref()),
    };
    Ok(items.iter().map(outcome).collect())
}

/// Repeats the push for as long as the module asks for it.
///
/// # Errors
/// Why the first request was not answered.
async fn follow(
    client: &Client,
    ctx: &Ctx,
    items: &[PushItem],
    errors: &mut Vec<ItemError>,
) -> Result<Ending, Failure> {
    let (mut cursor, mut waited) = (None::<String>, Duration::ZERO);
    for step in 0..STEPS_MAX {
        let push = Push {
            cursor: cursor.as_deref(),
            items,
        };
        let answer = match client.push(ctx, push).await {
            Err(failure) if step > 0 => {
                return Ok(Ending::Lost(AdapterError::from(failure).message));
            }
            answer => answer?,
        };
        errors.extend(answer.errors);
        match answer.next {
            Next::Done => return Ok(Ending::Done),
            Next::Page(next) => cursor = Some(next),
            Next::Later(wait, next) => {
                waited += wait;
                if waited > WAIT_MAX || ctx.sleep(wait).await.is_err() {
                    return Ok(Ending::StillWorking);
                }
                cursor = next.or(cursor);
            }
        }
    }
    Ok(Ending::Lost("the module asks to go on without end".into()))
}

/// The host asks again by itself after some refusals; the others are the answer.
fn refused(items: usize, error: AdapterError) -> Result<Vec<WriteOutcome>> {
    match error.kind {
        ErrorKind::Upstream { .. } | ErrorKind::Unsupported => {
            Ok(vec![WriteOutcome::rejected(error.message); items])
        }
        _ => Err(error),
    }
}

// === impl Ending ===

impl Ending {
    /// What became of an item without an error of its own. One that is about no item of ours may be about any.
    fn outcome(&self, stray: Option<&str>) -> WriteOutcome {
        match (self, stray) {
            (Self::Lost(why), _) => WriteOutcome::unknown(why),
            (_, Some(stray)) => WriteOutcome::unknown(stray),
            (Self::Done, None) => WriteOutcome::Applied,
            (Self::StillWorking, None) => WriteOutcome::Accepted,
        }
    }
}

// === impl ItemError ===

impl ItemError {
    fn is_of(&self, item: &PushItem) -> bool {
        let id = self.integration_inventory_item_id.as_deref();
        id == Some(&item.integration_entity_id) || self.is_about(&item.sku)
    }
}
