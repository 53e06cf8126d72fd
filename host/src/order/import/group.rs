//! Joins rows into orders and orders into batches, in bounded memory.
//!
//! Rows of an order mostly stand together, so an order is handed out once no row of it has come for a while. When one
//! comes later all the same, the order is handed out again under the same import id and continued in the store.

use std::collections::HashMap;

use uuid::Uuid;

use super::mapping::Field;
use super::record::Record;
use super::report::Refusal;
use super::row::{Head, Row};
use crate::order::{LINES_PER_ORDER_MAX, LineKind, OrderDraft, OrderLine, OrderNumber, ShipFrom};
use bestand_plugin_api::{Quantity, Sku};

/// How many rows may lie between two of an order before it is handed out in two parts. A batch is about as large:
/// small enough to show progress and lose little, large enough that its commit does not count.
const ROWS_APART_MAX: u64 = 2_000;

/// How many lines are held before quiet orders are handed out.
const LINES_HELD_MAX: u64 = 2 * ROWS_APART_MAX;

/// How many lines are held before all orders are handed out, quiet or not: a bound on memory against a file that
/// weaves thousands of long orders into one another.
const LINES_HELD_AT_MOST: u64 = 20 * ROWS_APART_MAX;

/// The orders under way.
#[derive(Debug)]
pub(super) struct Group {
    import: Uuid,
    orders: Vec<Joined>,
    by_number: HashMap<OrderNumber, usize>,
    /// Each order counts as one more, so that orders without lines are bounded as well.
    lines_held: u64,
    rows_seen: u64,
    closed: bool,
}

/// An order as far as its rows have come.
#[derive(Debug)]
struct Joined {
    draft: OrderDraft,
    /// The row that was its last so far, counted over the whole stream.
    last_row: u64,
    /// The file's line that gave its head, for contradictions.
    head_line: u64,
}

// === impl Group ===

impl Group {
    pub(super) fn new(import: Uuid) -> Self {
        Self {
            import,
            orders: Vec::new(),
            by_number: HashMap::new(),
            lines_held: 0,
            rows_seen: 0,
            closed: false,
        }
    }

    /// Adds a row to its order.
    pub(super) fn add(&mut self, row: Row) -> Result<(), Refusal> {
        let line_no = row.at.line;
        let joined = self.order(&row.head.number, line_no);
        joined.take_head(&row)?;
        if joined.draft.lines.len() >= LINES_PER_ORDER_MAX {
            let reason = format!("the order has more than {LINES_PER_ORDER_MAX} lines");
            return Err(Refusal::new(row.at, reason));
        }
        joined.push(row.line);
        self.lines_held += 1;
        Ok(())
    }

    /// Starts an order that comes whole, in the place of one of the same number; tells whether there was one.
    pub(super) fn start_whole(&mut self, head: Head) -> bool {
        let known = self.by_number.contains_key(&head.number);
        let joined = self.order(&head.number, 0);
        let dropped = joined.draft.lines.len() as u64;
        joined.draft = OrderDraft {
            status: head.status,
            ship_from: head.ship_from.map_or(ShipFrom::Kept, ShipFrom::At),
            ordered_at: head.ordered_at,
            ..OrderDraft::new(head.number, Vec::new())
        };
        self.lines_held -= dropped;
        known
    }

    /// Marks an order as lacking a line that was refused, so that nobody takes it for complete.
    pub(super) fn add_unreadable(
        &mut self,
        number: &OrderNumber,
        record: &Record,
        refusal: &Refusal,
    ) {
        let joined = self.order(number, record.line);
        if joined.draft.lines.len() > LINES_PER_ORDER_MAX {
            return;
        }
        joined.push(OrderLine {
            line: 0,
            sku: record.get(Field::Sku).and_then(|text| Sku::new(text).ok()),
            name: record.get(Field::Name).map(str::to_owned),
            quantity: Quantity::ZERO,
            kind: LineKind::Unreadable(refusal.to_string()),
        });
        self.lines_held += 1;
    }

    /// Says that no more rows come.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Hands out quiet orders when enough lines are held, and at the end all that are left.
    pub(super) fn next_batch(&mut self) -> Option<Vec<OrderDraft>> {
        if self.orders.is_empty() || (!self.closed && self.lines_held < LINES_HELD_MAX) {
            return None;
        }
        let quiet_before = match self.closed || self.lines_held > LINES_HELD_AT_MOST {
            true => u64::MAX,
            false => self.rows_seen.saturating_sub(ROWS_APART_MAX),
        };
        let (quiet, recent) = std::mem::take(&mut self.orders)
            .into_iter()
            .partition(|joined| joined.last_row < quiet_before);
        self.keep(recent);
        let batch = quiet.into_iter().map(|joined: Joined| joined.draft);
        Some(batch.collect()).filter(|batch: &Vec<_>| !batch.is_empty())
    }

    fn keep(&mut self, recent: Vec<Joined>) {
        let numbers = recent.iter().map(|joined| joined.draft.number.clone());
        self.by_number = numbers.zip(0..).collect();
        self.lines_held = recent
            .iter()
            .map(|joined| joined.draft.lines.len() as u64 + 1)
            .sum();
        self.orders = recent;
    }

    fn order(&mut self, number: &OrderNumber, line_no: u64) -> &mut Joined {
        self.rows_seen += 1;
        let at = match self.by_number.get(number) {
            Some(&at) => at,
            None => {
                self.orders.push(Joined {
                    draft: OrderDraft {
                        import: Some(self.import),
                        ..OrderDraft::new(number.clone(), Vec::new())
                    },
                    last_row: 0,
                    head_line: line_no,
                });
                self.by_number.insert(number.clone(), self.orders.len() - 1);
                self.lines_held += 1;
                self.orders.len() - 1
            }
        };
        let joined = &mut self.orders[at];
        joined.last_row = self.rows_seen;
        joined
    }
}

// === impl Joined ===

impl Joined {
    fn push(&mut self, mut line: OrderLine) {
        line.line = u32::try_from(self.draft.lines.len() + 1).unwrap_or(u32::MAX);
        self.draft.lines.push(line);
    }

    /// The first row that says something of the order decides; a later one that says otherwise is refused. Rows of one
    /// order may lie minutes apart, so the time of the first is taken without a word.
    fn take_head(&mut self, row: &Row) -> Result<(), Refusal> {
        let contradicts = |field| {
            let reason = format!("contradicts line {} of the same order", self.head_line);
            Err(Refusal::of(field, row.at.clone(), reason))
        };
        match (self.draft.status, row.head.status) {
            (Some(first), Some(now)) if first != now => return contradicts(Field::Status),
            (first, now) => self.draft.status = first.or(now),
        }
        match (self.draft.ship_from, row.head.ship_from) {
            (ShipFrom::At(first), Some(now)) if first != now => {
                return contradicts(Field::ShipFrom);
            }
            (ShipFrom::Kept, Some(now)) => self.draft.ship_from = ShipFrom::At(now),
            _ => {}
        }
        self.draft.ordered_at = self.draft.ordered_at.or(row.head.ordered_at);
        Ok(())
    }
}
