//! Finds out what became of operations whose answers were lost.

use bestand_plugin_api::WriteOutcome;

use super::Connections;
use super::desk::{idempotency, settlement, write};
use crate::operation::{Operation, look_up};
use crate::plugin::Session;
use crate::source::InventorySource;
use crate::store::operation::{changed_since, claim, due, settle};
use crate::store::{self, Error};

/// Operations looked at in one go.
const AT_ONCE: u32 = 200;
/// After how long it is looked again, while a connection is not open.
const CLOSED_PAUSE: std::time::Duration = std::time::Duration::from_secs(60);

impl Connections {
    /// Asks what became of the operations that are due to be asked about. Answers how many that were.
    ///
    /// # Errors
    /// When the store is out of reach; what was found out before that is kept.
    pub async fn look_up_operations(&self) -> Result<usize, Error> {
        let surroundings = &self.shared.surroundings;
        let due = due(&surroundings.db, surroundings.clock.now(), AT_ONCE).await?;
        for operation in &due {
            self.look_up(operation).await?;
        }
        Ok(due.len())
    }

    async fn look_up(&self, operation: &Operation) -> Result<(), Error> {
        let (db, now) = (
            &self.shared.surroundings.db,
            self.shared.surroundings.clock.now(),
        );
        let account = operation.account_id;
        let Some(source) = store::source::find(db, account, operation.source_id).await? else {
            return Ok(());
        };
        let Ok(session) = self.session_of(account, source.connection_id) else {
            let lost = lost(operation);
            let later = settlement(&operation.sent.op_id, &lost, Some(now.after(CLOSED_PAUSE)));
            return settle(db, account, &[later], now).await;
        };
        let changed_since = changed_since(db, operation).await?;
        let known = idempotency(session.adapter().manifest());
        let is_safe = look_up::is_safe(known, &operation.sent.change, changed_since);
        if !is_safe || self.may_write(&source).is_err() {
            let lost = lost(operation);
            let for_people = settlement(&operation.sent.op_id, &lost, None);
            return settle(db, account, &[for_people], now).await;
        }
        if claim(db, operation, Some(now.after(look_up::LOST_AFTER))).await? {
            self.repeat(operation, &source, &session).await?;
        }
        Ok(())
    }

    /// An error tells of the question, not of the operation.
    async fn repeat(
        &self,
        operation: &Operation,
        source: &InventorySource,
        session: &std::sync::Arc<Session>,
    ) -> Result<(), Error> {
        let sent = std::slice::from_ref(&operation.sent);
        let told = write(session, sent, &operation.actor).await;
        let outcome = match told.map(|told| told.into_iter().next()) {
            Ok(Some(outcome)) => outcome,
            Ok(None) => lost(operation),
            Err(error) => WriteOutcome::unknown(error.message),
        };
        let (db, clock) = (
            &self.shared.surroundings.db,
            &self.shared.surroundings.clock,
        );
        let due_at = look_up::next(operation.look_ups + 1, clock.now());
        let found = settlement(&operation.sent.op_id, &outcome, due_at);
        let is_settled = found.state.is_settled();
        settle(db, operation.account_id, &[found], clock.now()).await?;
        if is_settled {
            let skus = vec![operation.sent.sku.clone()];
            self.read_back(session, &operation.actor, source, skus)
                .await;
        }
        Ok(())
    }
}

fn lost(operation: &Operation) -> WriteOutcome {
    let lost = || "the answer was lost; look in its system whether it was done".to_owned();
    WriteOutcome::unknown(operation.reason.clone().unwrap_or_else(lost))
}
