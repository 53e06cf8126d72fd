//! An import that stores nothing: what would come of a file.

use std::collections::HashSet;

use bestand_plugin_api::Quantity;
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Event, ImportStopped, OrderBook, READ_BYTES};
use crate::id::AccountId;
use crate::order::import::Format;
use crate::order::import::mapping::Mapping;
use crate::order::import::report::Report;
use crate::order::{Order, OrderDraft, OrderLine, OrderNumber};

/// What would become of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its number.
    pub order: OrderNumber,
    /// Whether it would be new, or what is stored replaced.
    pub change: OrderChange,
    /// How many lines it has now; nothing for a new one.
    pub lines_before: Option<usize>,
    /// How many it would have.
    pub lines_after: usize,
    /// The sum of its goods now.
    pub quantity_before: Option<Quantity>,
    /// What it would be.
    pub quantity_after: Quantity,
}

/// What would become of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderChange {
    /// It is not there yet.
    New,
    /// What is stored would be replaced by something else.
    Changed,
    /// It is stored just so.
    Same,
}

impl OrderBook {
    /// Reads all that a reader gives as an import would, and stores nothing of it. Each order that would be stored is
    /// told to `on_difference`; of one whose rows stand far apart, what came first.
    ///
    /// # Errors
    /// When the bytes cannot be read, are no table of orders, or the store is out of reach.
    pub async fn rehearse(
        &self,
        account: AccountId,
        format: Format,
        mapping: Mapping,
        reader: &mut (dyn AsyncRead + Send + Unpin),
        on_event: &mut (dyn FnMut(Event<'_>) + Send),
        on_difference: &mut (dyn FnMut(Difference) + Send),
    ) -> Result<Report, ImportStopped> {
        let mut run = self.begin_import(account, format, mapping).await?;
        let (mut bytes, mut seen) = (vec![0; READ_BYTES], HashSet::new());
        loop {
            let read = reader.read(&mut bytes).await?;
            match read {
                0 => run.import.finish()?,
                read => run.import.push(&bytes[..read])?,
            }
            for refusal in run.import.take_refusals() {
                on_event(Event::Refused(&refusal));
            }
            while let Some(batch) = run.import.next_batch() {
                for draft in batch
                    .into_iter()
                    .filter(|draft| seen.insert(draft.number.clone()))
                {
                    let stored = self.find(account, &draft.number).await?;
                    let difference = Difference::of(draft, stored.as_ref());
                    let is_new = difference.change == OrderChange::New;
                    run.import
                        .count_stored(u64::from(is_new), u64::from(!is_new));
                    on_difference(difference);
                }
            }
            on_event(Event::Progress(run.report()));
            if read == 0 {
                return Ok(run.report().clone());
            }
        }
    }
}

// === impl Difference ===

impl Difference {
    fn of(draft: OrderDraft, stored: Option<&Order>) -> Self {
        let goods = |lines: &[OrderLine]| -> Quantity {
            let goods = lines.iter().filter(|line| line.is_goods());
            goods.map(|line| line.quantity).sum()
        };
        let lines = |lines: &[OrderLine]| -> Vec<_> {
            let lines = lines.iter();
            lines
                .map(|line| (line.sku.clone(), line.quantity))
                .collect()
        };
        let change = match stored {
            None => OrderChange::New,
            Some(stored) if lines(&stored.lines) == lines(&draft.lines) => OrderChange::Same,
            Some(_) => OrderChange::Changed,
        };
        Self {
            order: draft.number,
            change,
            lines_before: stored.map(|stored| stored.lines.len()),
            lines_after: draft.lines.len(),
            quantity_before: stored.map(|stored| goods(&stored.lines)),
            quantity_after: goods(&draft.lines),
        }
    }
}

// === impl OrderChange ===

impl OrderChange {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
        }
    }
}
