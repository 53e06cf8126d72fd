//! Where operations are handed in for one source: written down, sent, and settled by what came of them.

use std::collections::HashSet;

use bestand_plugin_api::call::adapter::WriteStock;
use bestand_plugin_api::{
    AdapterError, Capability, ErrorKind, Idempotency, Manifest, StockOperation, WriteOutcome,
};

use super::Connections;
use crate::clock::Clock;
use crate::operation::{Operation, OperationState, look_up};
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::store::operation::{Settlement, begin, settle};
use crate::store::{self, Db};

/// Where operations are handed in for one source.
pub(super) struct Desk<'a> {
    db: &'a Db,
    clock: &'a Clock,
    session: &'a Session,
    source: &'a InventorySource,
    actor: &'a str,
}

/// What is known of operations before any of them is sent.
struct Sorted {
    /// One for each; none where it has to be sent.
    told: Vec<Option<WriteOutcome>>,
    to_send: Vec<StockOperation>,
}

// === impl Desk ===

impl<'a> Desk<'a> {
    pub(super) fn of(
        connections: &'a Connections,
        session: &'a Session,
        source: &'a InventorySource,
        actor: &'a str,
    ) -> Self {
        let surroundings = &connections.shared.surroundings;
        Self {
            db: &surroundings.db,
            clock: &surroundings.clock,
            session,
            source,
            actor,
        }
    }

    /// Sends all of them, batch by batch, until one fails.
    pub(super) async fn send_all(
        &self,
        operations: &[StockOperation],
    ) -> Result<Vec<WriteOutcome>, AdapterError> {
        let manifest = self.session.adapter().manifest();
        let batch = manifest.write_batch().ok_or_else(|| {
            AdapterError::unsupported(format!("adapter `{}` does not write stock", manifest.id))
        })?;
        let mut outcomes = Vec::with_capacity(operations.len());
        for operations in operations.chunks(batch.max(1)) {
            match self.send(operations).await {
                Ok((told, None)) => outcomes.extend(told),
                Ok((told, Some(_))) => {
                    outcomes.extend(told);
                    break;
                }
                Err(error) if outcomes.is_empty() => return Err(error),
                Err(_) => break,
            }
        }
        let not_sent = "it was not sent, because one before it failed";
        outcomes.resize(operations.len(), WriteOutcome::rejected(not_sent));
        Ok(outcomes)
    }

    /// Sends a batch; with why, when the call as a whole failed.
    async fn send(
        &self,
        operations: &[StockOperation],
    ) -> Result<(Vec<WriteOutcome>, Option<AdapterError>), AdapterError> {
        let sorted = self.write_down(operations).await?;
        if sorted.to_send.is_empty() {
            return Ok((sorted.told.into_iter().flatten().collect(), None));
        }
        let (sent, error) = match write(self.session, &sorted.to_send, self.actor).await {
            Ok(outcomes) => (outcomes, None),
            Err(error) => (vec![of_failed(&error); sorted.to_send.len()], Some(error)),
        };
        self.keep(&sorted.to_send, &sent).await;
        let mut sent = sent.into_iter();
        let told = sorted.told.into_iter();
        let outcomes = told.filter_map(|told| told.or_else(|| sent.next()));
        Ok((outcomes.collect(), error))
    }

    /// Writes operations down, and sorts out those that must not be sent again.
    async fn write_down(&self, operations: &[StockOperation]) -> Result<Sorted, AdapterError> {
        let now = self.clock.now();
        let (account, id) = (self.source.account_id, self.source.id);
        let due_at = now.after(look_up::LOST_AFTER);
        let known = begin(self.db, account, id, self.actor, operations, now, due_at).await;
        let known = known.map_err(|error| not_written_down(&error))?;
        let idempotency = idempotency(self.session.adapter().manifest());
        let mut seen = HashSet::new();
        let mut sorted = Sorted {
            told: Vec::with_capacity(operations.len()),
            to_send: Vec::new(),
        };
        for operation in operations {
            let told = match known.get(&operation.op_id) {
                _ if !seen.insert(&operation.op_id) => Some(used_twice(operation)),
                Some(known) => told_before(known, operation, idempotency),
                None => None,
            };
            if told.is_none() {
                sorted.to_send.push(operation.clone());
            }
            sorted.told.push(told);
        }
        Ok(sorted)
    }

    /// What cannot be kept now is found out later, by asking for it.
    async fn keep(&self, operations: &[StockOperation], outcomes: &[WriteOutcome]) {
        let now = self.clock.now();
        let settlements: Vec<Settlement<'_>> = operations
            .iter()
            .zip(outcomes)
            .map(|(operation, outcome)| {
                settlement(&operation.op_id, outcome, look_up::next(0, now))
            })
            .collect();
        if let Err(error) = settle(self.db, self.source.account_id, &settlements, now).await {
            let operations = settlements.len();
            tracing::warn!(operations, %error, "what became of operations cannot be kept; it is asked for later");
        }
    }
}

/// What is kept of an outcome; unknown, it is asked for at `due_at`.
pub(super) fn settlement<'a>(
    id: &'a str,
    outcome: &'a WriteOutcome,
    due_at: Option<bestand_plugin_api::Timestamp>,
) -> Settlement<'a> {
    let (state, reason) = OperationState::of(outcome);
    Settlement {
        id,
        state,
        reason,
        due_at: due_at.filter(|_| !state.is_settled()),
    }
}

/// What keeps the adapter of this manifest from counting a repeat twice.
pub(super) fn idempotency(manifest: &Manifest) -> Idempotency {
    let of_writes = |capability: &Capability| match capability {
        Capability::StockWrites { idempotency, .. } => Some(*idempotency),
        _ => None,
    };
    let declared = manifest.capabilities.iter().find_map(of_writes);
    declared.unwrap_or(Idempotency::None)
}

/// One call. Who wants the operations is said as they go out: it is no part of what is compared with a repeat.
pub(super) async fn write(
    session: &Session,
    operations: &[StockOperation],
    author: &str,
) -> Result<Vec<WriteOutcome>, AdapterError> {
    let signed = operations.iter().cloned();
    let signed = signed.map(|operation| operation.with_author(author));
    let told = session
        .call::<WriteStock>(Priority::Order, &signed.collect())
        .await?;
    match told.len() == operations.len() {
        true => Ok(told),
        false => Err(AdapterError::bug(
            "the adapter did not answer every operation",
        )),
    }
}

/// What became of operations whose call failed. An adapter fails only when it did nothing, but a call that is given
/// up, or an adapter at fault, may have done something.
fn of_failed(error: &AdapterError) -> WriteOutcome {
    match error.kind {
        ErrorKind::Transient | ErrorKind::Bug | ErrorKind::Protocol => {
            WriteOutcome::unknown(error.message.clone())
        }
        _ => WriteOutcome::rejected(error.message.clone()),
    }
}

/// What is told of an operation that was sent before; nothing when it may be sent again.
fn told_before(
    known: &Operation,
    operation: &StockOperation,
    idempotency: Idempotency,
) -> Option<WriteOutcome> {
    if known.sent != *operation {
        return Some(used_twice(operation));
    }
    let may_ask = look_up::is_safe(idempotency, &operation.change, true);
    (known.state.is_settled() || !may_ask).then(|| known.outcome())
}

fn used_twice(operation: &StockOperation) -> WriteOutcome {
    let id = &operation.op_id;
    WriteOutcome::rejected(format!("operation id `{id}` was used for another change"))
}

fn not_written_down(error: &store::Error) -> AdapterError {
    AdapterError::transient(format!(
        "nothing was sent, as it cannot be written down: {error}"
    ))
}
