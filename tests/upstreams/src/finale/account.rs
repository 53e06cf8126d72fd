//! One account: its books, its variances, and what watches over requests to it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::book::Book;
use super::columns::record;
use super::fault::Faults;
use super::limits::Limits;
use super::requests::Request;
use super::variance::{self, Variance};

const FIRST_VARIANCE: u32 = 100_000;

/// The state behind one simulated account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) book: Book,
    pub(crate) variances: BTreeMap<u32, Variance>,
    pub(crate) collection_rows_max: usize,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) requests: Vec<Request>,
}

impl Account {
    pub(crate) fn new(name: &str, collection_rows_max: usize) -> Self {
        Self {
            book: Book::new(name),
            variances: BTreeMap::new(),
            collection_rows_max,
            limits: Limits::default(),
            faults: Faults::default(),
            requests: Vec::new(),
        }
    }

    /// Keeps a posted variance and does what it says.
    pub(crate) fn post_variance(&mut self, body: &[u8], now: Timestamp) -> Result<Value, String> {
        let id = self
            .variances
            .keys()
            .next_back()
            .map_or(FIRST_VARIANCE, |last| last + 1);
        let variance = Variance::parse(body, id, &self.book, now)?;
        variance.apply(&mut self.book);
        let answer = record(variance::FIELDS, variance.cells(&self.book));
        self.variances.insert(id, variance);
        Ok(answer)
    }

    /// Commits or cancels a draft; `None` when there is no such variance.
    pub(crate) fn act_on_variance(
        &mut self,
        id: &str,
        action: &str,
        now: Timestamp,
    ) -> Option<Result<Value, String>> {
        let variance = self.variances.get_mut(&id.parse().ok()?)?;
        let done = variance.act(action, &mut self.book, now);
        Some(done.map(|()| record(variance::FIELDS, variance.cells(&self.book))))
    }

    /// One variance as a single record.
    pub(crate) fn variance(&self, id: &str) -> Option<Value> {
        let variance = self.variances.get(&id.parse().ok()?)?;
        Some(record(variance::FIELDS, variance.cells(&self.book)))
    }
}
