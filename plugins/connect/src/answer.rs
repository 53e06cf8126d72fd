//! What modules answer, as the published contract has it.
//!
//! **Invariant:** nothing here does I/O, and what cannot be read is told, never guessed.

use std::collections::BTreeMap;
use std::time::Duration;

use bestand_plugin_api::{AdapterError, Quantity, Result, Sku, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// Longest wait that a module is granted; the host asks again then anyhow.
const POLL_MAX: Duration = Duration::from_secs(600);

/// One item that could be read.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: Option<String>,
    pub(crate) sku: Sku,
    pub(crate) available: Option<Quantity>,
    pub(crate) allocated: Option<Quantity>,
    pub(crate) on_hand: Option<Quantity>,
    pub(crate) committed: Option<Quantity>,
    pub(crate) fetched_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
    pub(crate) warehouse: Option<String>,
}

/// An item that could not be read, and why.
#[derive(Clone, Debug)]
pub(crate) struct BrokenItem {
    pub(crate) sku: Option<String>,
    pub(crate) why: String,
}

/// What went wrong with one item, as the module tells it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ItemError {
    #[serde(default, alias = "integration_entity_id")]
    pub(crate) integration_inventory_item_id: Option<String>,
    #[serde(default)]
    pub(crate) sku: Option<String>,
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) category: Option<String>,
}

/// An answer of either method. Its shape tells how it goes on, not a word in it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) items: Vec<Item>,
    pub(crate) broken: Vec<BrokenItem>,
    pub(crate) errors: Vec<ItemError>,
    pub(crate) next: Next,
}

/// How an answer goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// That was all.
    Done,
    /// The same again with this cursor.
    Page(String),
    /// The same again, not before this; with the cursor, where there is one.
    Later(Duration, Option<String>),
}

#[derive(Deserialize)]
struct RawAnswer<'a> {
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    poll_after_ms: Option<f64>,
    #[serde(default)]
    errors: Option<Vec<ItemError>>,
    #[serde(default)]
    message: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct RawItem {
    #[serde(default)]
    integration_entity_id: Option<String>,
    #[serde(default)]
    integration_inventory_item_id: Option<String>,
    sku: Sku,
    #[serde(default)]
    available_quantity: Option<Quantity>,
    #[serde(default)]
    allocated_quantity: Option<Quantity>,
    #[serde(default)]
    onhand_quantity: Option<Quantity>,
    #[serde(default)]
    committed_quantity: Option<Quantity>,
    #[serde(default)]
    fetched_at: Option<String>,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    warehouse_id: Option<String>,
}

// === impl Answer ===

impl Answer {
    /// What `/inventory_fetch` answered: without items it must at least ask for patience.
    ///
    /// # Errors
    /// `Protocol` when it is of none of the three shapes, or not one of its items can be read.
    pub(crate) fn of_fetch(body: &[u8]) -> Result<Self> {
        let raw = RawAnswer::read(body)?;
        match raw.items.is_some() || raw.poll_after_ms.is_some() {
            true => raw.answer(),
            false => Err(AdapterError::protocol(
                "the module's answer has neither `items` nor `poll_after_ms`",
            )),
        }
    }

    /// What `/inventory_push` answered: no error is success, so it may be empty, but not something else.
    ///
    /// # Errors
    /// `Protocol` when it is no answer of this contract.
    pub(crate) fn of_push(body: &[u8]) -> Result<Self> {
        let raw = RawAnswer::read(body)?;
        let is_known = raw.items.is_some()
            || raw.cursor.is_some()
            || raw.poll_after_ms.is_some()
            || raw.errors.is_some()
            || raw.message.is_some();
        let members: BTreeMap<String, IgnoredAny> =
            serde_json::from_slice(body).unwrap_or_default();
        if !is_known && !members.is_empty() {
            let message = "the module's answer is none of the contract, so whether it took the counts is not known";
            return Err(AdapterError::protocol(message));
        }
        // What it says of the items is deprecated; they are what we sent.
        RawAnswer { items: None, ..raw }.answer()
    }
}

impl<'a> RawAnswer<'a> {
    fn read(body: &'a [u8]) -> Result<Self> {
        serde_json::from_slice(body).map_err(|error| {
            let start: String = String::from_utf8_lossy(body).chars().take(60).collect();
            AdapterError::protocol(format!(
                "the module's answer is not the JSON of the contract ({error}); it starts with: {start:?}"
            ))
        })
    }

    fn answer(self) -> Result<Answer> {
        let (mut items, mut broken) = (Vec::new(), Vec::new());
        for raw in self.items.unwrap_or_default() {
            match Item::read(raw) {
                Ok(item) => items.push(item),
                Err(why) => broken.push(why),
            }
        }
        if let (true, Some(first)) = (items.is_empty(), broken.first()) {
            let message = format!("not one item of the module can be read: {}", first.why);
            return Err(AdapterError::protocol(message));
        }
        let cursor = self.cursor.filter(|cursor| !cursor.is_empty());
        Ok(Answer {
            items,
            broken,
            errors: self.errors.unwrap_or_default(),
            next: match (self.poll_after_ms, cursor) {
                (Some(millis), cursor) => Next::Later(wait(millis), cursor),
                (None, Some(cursor)) => Next::Page(cursor),
                (None, None) => Next::Done,
            },
        })
    }
}

fn wait(millis: f64) -> Duration {
    Duration::from_secs_f64((millis / 1000.0).clamp(0.0, POLL_MAX.as_secs_f64()))
}

// === impl Item ===

impl Item {
    fn read(raw: &RawValue) -> Result<Self, BrokenItem> {
        let item: RawItem = serde_json::from_str(raw.get()).map_err(|error| BrokenItem {
            sku: sku_of(raw),
            why: error.to_string(),
        })?;
        if item.available_quantity.is_none() && item.onhand_quantity.is_none() {
            return Err(BrokenItem {
                sku: Some(item.sku.as_str().to_owned()),
                why: format!("`{}` has no `available_quantity`", item.sku),
            });
        }
        let moment = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let filled = |text: &String| !text.trim().is_empty();
        Ok(Self {
            id: item
                .integration_entity_id
                .or(item.integration_inventory_item_id)
                .filter(filled),
            sku: item.sku,
            available: item.available_quantity,
            allocated: item.allocated_quantity,
            on_hand: item.onhand_quantity,
            committed: item.committed_quantity,
            fetched_at: moment(item.fetched_at),
            updated_at: moment(item.updated_at),
            warehouse: item.warehouse_id.filter(filled),
        })
    }
}

fn sku_of(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        sku: String,
    }
    let named: Named = serde_json::from_str(raw.get()).ok()?;
    Some(named.sku)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(body: &str) -> Next {
        Answer::of_fetch(body.as_bytes()).unwrap().next
    }

    #[test]
    fn the_shape_of_an_answer_tells_how_it_goes_on() {
        assert_eq!(next(r#"{"items":[]}"#), Next::Done);
        assert_eq!(next(r#"{"items":[],"cursor":""}"#), Next::Done);
        assert_eq!(next(r#"{"items":[],"cursor":"2"}"#), Next::Page("2".into()));
        let later = |millis, cursor: Option<&str>| {
            Next::Later(Duration::from_millis(millis), cursor.map(Into::into))
        };
        assert_eq!(next(r#"{"poll_after_ms":500}"#), later(500, None));
        assert_eq!(
            next(r#"{"poll_after_ms":1.5e3,"cursor":"r"}"#),
            later(1500, Some("r"))
        );
        assert_eq!(
            next(r#"{"poll_after_ms":-7,"errors":null}"#),
            later(0, None)
        );
        assert_eq!(next(r#"{"poll_after_ms":1e300}"#), later(600_000, None));
        assert_eq!(next(r#"{"poll_after_ms":86400000}"#), later(600_000, None));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"error":"no"}"#,
            r#"{"items":[{"sku":"A"}]}"#,
        ] {
            assert!(Answer::of_fetch(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Answer::of_push(br#"{"error":"no"}"#).is_err());
        assert!(Answer::of_push(b"{}").is_ok());
    }

    #[test]
    fn an_item_is_read_under_both_names_of_its_id_and_with_decimals() {
        let body = r#"{"items":[
            {"integration_entity_id":"e-1","sku":"A","available_quantity":3},
            {"integration_inventory_item_id":"i-2","sku":"B","available_quantity":-2.5,"warehouse_id":" "},
            {"integration_entity_id":"e-3","integration_inventory_item_id":"i-3","sku":"C","onhand_quantity":"4"},
            {"integration_entity_id":"e-4","sku":"","available_quantity":1},
            {"integration_entity_id":"e-5","sku":"E","available_quantity":"many"}
        ]}"#;
        let answer = Answer::of_fetch(body.as_bytes()).unwrap();
        let ids: Vec<_> = answer.items.iter().map(|item| item.id.as_deref()).collect();
        assert_eq!(ids, [Some("e-1"), Some("i-2"), Some("e-3")]);
        assert_eq!(answer.items[1].available, Some("-2.5".parse().unwrap()));
        assert_eq!(answer.items[1].warehouse, None);
        let broken: Vec<_> = answer
            .broken
            .iter()
            .map(|item| item.sku.as_deref())
            .collect();
        assert_eq!(broken, [Some(""), Some("E")]);
    }
}
