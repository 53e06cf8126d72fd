//! A batch: rows that fit into one mutation, its key, and what Shopify says to it.

use std::collections::HashSet;

use bestand_plugin_api::{Ctx, Result, WriteOutcome};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcomes, rejected};
use crate::Shopify;
use crate::client::Answered;
use crate::graph::UserError;
use crate::operations::{ADJUST_QUANTITIES, SET_QUANTITIES};
use crate::throttle::Urgency;

/// The most rows one mutation may have.
pub(super) const ROWS_MAX: usize = 250;

/// Attempts that took no row out before a batch is given up.
const FRUITLESS_ATTEMPTS_MAX: u32 = 3;

/// Which mutation, about which quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Form {
    SetAvailable,
    SetOnHand,
    Adjust,
}

/// One operation, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    /// Where the operation stood in its call; of no meaning in the journal.
    #[serde(skip)]
    pub(super) index: usize,
    pub(super) op_id: String,
    pub(super) form: Form,
    pub(super) reason: String,
    pub(super) item: String,
    pub(super) location: String,
    /// The new number, or the difference.
    pub(super) quantity: i32,
    pub(super) expected: Option<i32>,
}

/// Rows of one mutation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Batch {
    pub(super) rows: Vec<Row>,
    /// Part of the key, so that a changed batch is not taken for the old one.
    attempt: u32,
    #[serde(default)]
    fruitless: u32,
}

/// What became of a batch that was sent.
#[derive(Debug)]
pub(super) enum Sent {
    Applied,
    /// Nothing was done.
    Refused(Vec<UserError>),
    /// Nothing was done, and the key is of no more use.
    KeySpent,
    /// It may or may not have been done.
    Lost(String),
}

#[derive(Deserialize)]
struct Written {
    written: Option<Payload>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    user_errors: Vec<UserError>,
}

/// Rows in their order, cut where the mutation changes, is full, or would touch a level twice.
pub(super) fn batches(rows: Vec<Row>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut touched = HashSet::new();
    for row in rows {
        let level = (row.item.clone(), row.location.clone());
        let fits = batches
            .last()
            .and_then(|batch| batch.rows.last().map(|last| (batch, last)))
            .is_some_and(|(batch, last)| {
                let same = last.form == row.form && last.reason == row.reason;
                same && batch.rows.len() < ROWS_MAX && !touched.contains(&level)
            });
        match batches.last_mut().filter(|_| fits) {
            Some(batch) => batch.rows.push(row),
            None => {
                touched.clear();
                batches.push(Batch {
                    rows: vec![row],
                    attempt: 0,
                    fruitless: 0,
                });
            }
        }
        touched.insert(level);
    }
    batches
}

impl Shopify {
    /// Sends a batch once; nothing while an earlier request with its key is being worked.
    ///
    /// # Errors
    /// What kept it from being sent: nothing was done.
    pub(super) async fn send_batch(&self, ctx: &Ctx, batch: &Batch) -> Result<Option<Sent>> {
        let (operation, input) = match batch.form() {
            Form::Adjust => (ADJUST_QUANTITIES, batch.adjust_input()),
            Form::SetAvailable => (SET_QUANTITIES, batch.set_input("available")),
            Form::SetOnHand => (SET_QUANTITIES, batch.set_input("on_hand")),
        };
        let variables = json!({ "input": input, "key": batch.key() });
        let answer: Answered<Written> = match self
            .client
            .ask(ctx, &operation, variables, Urgency::Background)
            .await
        {
            Ok(answer) => answer,
            Err(refusal) if refusal.is_lost() => {
                let error = bestand_plugin_api::AdapterError::from(refusal);
                return Ok(Some(Sent::Lost(format!(
                    "shopify's answer was lost: {error}"
                ))));
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let Some(payload) = answer.data.written else {
            return Ok(Some(Sent::Lost(
                "shopify answered without a result".to_owned(),
            )));
        };
        let code = payload
            .user_errors
            .first()
            .map(|error| error.code.as_deref().unwrap_or_default());
        Ok(match code {
            None => Some(Sent::Applied),
            Some("IDEMPOTENCY_CONCURRENT_REQUEST") => None,
            Some("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED") => Some(Sent::KeySpent),
            // Something was done under this key; under a new one it would be done twice.
            Some("IDEMPOTENCY_KEY_PARAMETER_MISMATCH") => Some(Sent::Lost(
                "shopify did something else for this operation before: compare the numbers"
                    .to_owned(),
            )),
            Some(_) => Some(Sent::Refused(payload.user_errors)),
        })
    }
}

// === impl Batch ===

impl Batch {
    /// The same for the same rows and attempt, whoever computes it.
    pub(super) fn key(&self) -> String {
        let ids: Vec<_> = self.rows.iter().map(|row| row.op_id.as_str()).collect();
        let name = format!("{}\n{}", self.attempt, ids.join("\n"));
        Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
    }

    pub(super) fn settle(&self, outcomes: &mut Outcomes, outcome: &WriteOutcome) {
        self.rows
            .iter()
            .for_each(|row| row.settle(outcomes, outcome));
    }

    /// Takes the rows out that Shopify names, or all of them when it names none of them.
    pub(super) fn reject(&mut self, outcomes: &mut Outcomes, errors: &[UserError]) {
        let named = |error: &UserError| error.row().filter(|row| *row < self.rows.len());
        let bad: Vec<_> = errors.iter().map(|error| (named(error), error)).collect();
        let whole = bad.iter().all(|(row, _)| row.is_none());
        let mut position = 0;
        self.rows.retain(|row| {
            let found = bad.iter().find(|(bad, _)| whole || *bad == Some(position));
            position += 1;
            found
                .into_iter()
                .for_each(|(_, error)| row.settle(outcomes, &rejected(error.reason())));
            found.is_none()
        });
        self.fruitless = 0;
    }

    pub(super) fn next_attempt(&mut self) {
        self.attempt += 1;
        self.fruitless += 1;
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.fruitless > FRUITLESS_ATTEMPTS_MAX
    }

    fn form(&self) -> Form {
        self.rows.first().map_or(Form::Adjust, |row| row.form)
    }

    fn input(&self, name: &str, rows_name: &str, rows: Vec<Value>) -> Value {
        let reason = self.rows.first().map(|row| row.reason.as_str());
        json!({
            "name": name,
            "reason": reason,
            "referenceDocumentUri": format!("gid://bestand/StockOperations/{}", self.key()),
            rows_name: rows,
        })
    }

    fn set_input(&self, name: &str) -> Value {
        let row = |row: &Row| {
            json!({
                "inventoryItemId": row.item,
                "locationId": row.location,
                "quantity": row.quantity,
                // Null must be said: Shopify refuses a row that leaves it out.
                "changeFromQuantity": row.expected,
            })
        };
        self.input(name, "quantities", self.rows.iter().map(row).collect())
    }

    fn adjust_input(&self) -> Value {
        let row = |row: &Row| {
            json!({
                "inventoryItemId": row.item,
                "locationId": row.location,
                "delta": row.quantity,
                "changeFromQuantity": null,
            })
        };
        self.input("available", "changes", self.rows.iter().map(row).collect())
    }
}

// === impl UserError ===

impl UserError {
    /// The row at fault, from `["input", "quantities", "71", "inventoryItemId"]`.
    fn row(&self) -> Option<usize> {
        self.field.as_ref()?.get(2)?.parse().ok()
    }

    fn reason(&self) -> String {
        match self.code.as_deref() {
            Some("CHANGE_FROM_QUANTITY_STALE") => {
                "Shopify holds another number than was expected; read it again and decide anew"
                    .to_owned()
            }
            Some("NON_MUTABLE_INVENTORY_ITEM") => {
                "Shopify computes the stock of this bundle from its parts; it cannot be written"
                    .to_owned()
            }
            Some(code) => format!("Shopify refuses it ({code}): {}", self.message),
            None => format!("Shopify refuses it: {}", self.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(op_id: &str, form: Form, item: &str) -> Row {
        Row {
            index: 0,
            op_id: op_id.into(),
            form,
            reason: "correction".into(),
            item: item.into(),
            location: "L".into(),
            quantity: 1,
            expected: None,
        }
    }

    fn sizes(rows: Vec<Row>) -> Vec<usize> {
        batches(rows).iter().map(|batch| batch.rows.len()).collect()
    }

    #[test]
    fn a_batch_is_cut_where_the_mutation_changes_or_a_level_comes_twice() {
        let set = |op_id: &str, item: &str| row(op_id, Form::SetAvailable, item);
        assert_eq!(
            sizes(vec![
                set("1", "A"),
                set("2", "B"),
                set("3", "A"),
                set("4", "B")
            ]),
            [2, 2]
        );
        assert_eq!(
            sizes(vec![
                set("1", "A"),
                row("2", Form::Adjust, "B"),
                set("3", "C")
            ]),
            [1, 1, 1]
        );
        let many = (0..251)
            .map(|number| set(&number.to_string(), &number.to_string()))
            .collect();
        assert_eq!(sizes(many), [250, 1]);
    }

    #[test]
    fn the_key_depends_on_the_operations_and_the_attempt() {
        let batch = |op_id: &str| batches(vec![row(op_id, Form::Adjust, "A")]).remove(0);
        assert_eq!(batch("1").key(), batch("1").key());
        assert_ne!(batch("1").key(), batch("2").key());
        let mut later = batch("1");
        later.next_attempt();
        assert_ne!(later.key(), batch("1").key());
    }
}
