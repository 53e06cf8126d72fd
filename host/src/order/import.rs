//! Orders from a stream of bytes: CSV, NDJSON or a JSON array in, batches of orders and a report out.
//!
//! `bytes → decoder → record → row → group → batch`. **Invariants:** no I/O in here, so a file, a request body and a
//! test feed it alike; memory is bounded however long the stream; every line is either taken or reported as refused.
//! A line that is refused although its order is known stays on the order as [unreadable](super::LineKind), so that no
//! order is called complete that is not. Storing the batches is left to [`book`](super::book).

use uuid::Uuid;

use super::OrderDraft;
use decode::Decoder;
use group::Group;
use mapping::Mapping;
use record::{Input, Record};
use report::{Refusal, Report};
use row::{Row, Rules};

mod csv;
mod decode;
mod group;
mod object;

pub mod mapping;
pub mod record;
pub mod report;
pub mod row;

#[cfg(test)]
pub(in crate::order) mod tests;

pub use decode::Format;

/// An import under way.
pub struct Import {
    decoder: Decoder,
    rules: Rules,
    group: Group,
    report: Report,
    /// Refusals nobody has taken yet.
    refusals: Vec<Refusal>,
}

/// Why an import cannot go on at all; single bad lines are [refusals](Refusal) instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file lacks a column that is mapped or needed.
    #[error("no column `{column}` for {field}; {hint}the file has: {found}")]
    MissingColumn {
        /// What the column is for.
        field: &'static str,
        /// The name that was looked for.
        column: String,
        /// A way out, ending in a blank when there is one.
        hint: String,
        /// What is there instead.
        found: String,
    },
    /// A column that is used stands in the header twice.
    #[error(
        "column `{0}` stands in the header more than once, so it cannot be told which is meant"
    )]
    RepeatedColumn(String),
    /// Several columns could be meant.
    #[error("`{columns}` could each be {field}; say which one it is with {field}=…")]
    AmbiguousColumn {
        /// What is looked for.
        field: &'static str,
        /// The columns, with backticks between them.
        columns: String,
    },
    /// There is no header.
    #[error("the file has no header line that names its columns")]
    NoHeader,
}

// === impl Import ===

impl Import {
    /// An import of this format. Rows of one order are joined across the whole stream under a fresh import id.
    #[must_use]
    pub fn new(format: Format, mapping: Mapping, rules: Rules) -> Self {
        Self {
            decoder: Decoder::new(format, mapping),
            rules,
            group: Group::new(Uuid::now_v7()),
            report: Report::default(),
            refusals: Vec::new(),
        }
    }

    /// Takes the next bytes; they may end anywhere.
    ///
    /// # Errors
    /// When the header shows that the file cannot be what the mapping says.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        self.report.bytes += bytes.len() as u64;
        let mut inputs = Vec::new();
        self.decoder.push(bytes, &mut inputs)?;
        self.note_guessed();
        self.take(inputs);
        Ok(())
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub fn finish(&mut self) -> Result<(), ImportError> {
        let mut inputs = Vec::new();
        self.decoder.finish(&mut inputs)?;
        self.note_guessed();
        self.take(inputs);
        self.group.close();
        Ok(())
    }

    /// The next orders that are ready to be stored, when there are enough of them or the stream has ended.
    pub fn next_batch(&mut self) -> Option<Vec<OrderDraft>> {
        self.group.next_batch()
    }

    /// The refusals since this was last asked.
    pub fn take_refusals(&mut self) -> Vec<Refusal> {
        std::mem::take(&mut self.refusals)
    }

    /// What came of it so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Adds to the report what became of a batch.
    pub(super) fn count_stored(&mut self, created: u64, replaced: u64) {
        self.report.created += created;
        self.report.replaced += replaced;
    }

    fn note_guessed(&mut self) {
        if self.report.guessed.is_empty() {
            self.report.guessed = self.decoder.guessed().to_vec();
        }
    }

    fn take(&mut self, inputs: Vec<Input>) {
        for input in inputs {
            match input {
                Input::Row(record) => self.take_row(record),
                Input::Order(head, records) => self.take_order(&head, records),
                Input::Refused(refusal, head) => {
                    self.report.lines += 1;
                    self.refuse(refusal, head.as_ref());
                }
            }
        }
    }

    fn take_row(&mut self, record: Record) {
        self.report.lines += 1;
        let taken = row::read(&record, &self.rules).and_then(|row| {
            let goods = row.line.is_goods();
            self.group.add(row).map(|()| goods)
        });
        match taken {
            Ok(goods) => self.report.count_line(goods),
            Err(refusal) => self.refuse(refusal, Some(&record)),
        }
    }

    /// An order that came whole: its head is read once, its lines like rows; the lines are reported one by one.
    fn take_order(&mut self, head: &Record, records: Vec<Record>) {
        let head = match row::read_head(head, &self.rules) {
            Ok(read) => read,
            Err(refusal) => return self.refuse_order(&refusal, records.len()),
        };
        self.report.lines += records.len() as u64;
        if self.group.start_whole(head.clone()) {
            self.report.repeated += 1;
        }
        for record in records {
            let line = row::read_line(&record, &self.rules);
            let added = line.and_then(|line| {
                let goods = line.is_goods();
                let row = Row {
                    head: head.clone(),
                    line,
                    at: record.at(),
                };
                self.group.add(row).map(|()| goods)
            });
            match added {
                Ok(goods) => self.report.count_line(goods),
                Err(refusal) => {
                    self.group.add_unreadable(&head.number, &record, &refusal);
                    self.note(refusal);
                }
            }
        }
    }

    /// Every line of an order that cannot be taken is refused for the same reason.
    fn refuse_order(&mut self, refusal: &Refusal, lines: usize) {
        for _ in 0..lines.max(1) {
            self.report.lines += 1;
            self.note(refusal.clone());
        }
    }

    fn refuse(&mut self, refusal: Refusal, record: Option<&Record>) {
        if let Some((number, record)) =
            record.and_then(|record| Some((row::number(record)?, record)))
        {
            self.group.add_unreadable(&number, record, &refusal);
        }
        self.note(refusal);
    }

    fn note(&mut self, refusal: Refusal) {
        self.report.refused += 1;
        self.refusals.push(refusal);
    }
}
