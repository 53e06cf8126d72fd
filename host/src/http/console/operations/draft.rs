//! A change of stock as somebody types it.

use bestand_plugin_api::{Condition, Quantity, Sku, StockChange, StockOperation, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::http::console::visitor::Visitor;
use crate::http::problem::Problem;
use crate::id::SourceId;
use crate::source::InventorySource;

/// A change that somebody types; what is not shown, and so not sent, is empty.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct Draft {
    sku: String,
    change: ChangeWord,
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    /// The goods in this condition alone.
    #[serde(default)]
    condition: String,
    /// Of a regrade: the condition they are in now.
    #[serde(default)]
    to_condition: String,
    #[serde(default)]
    lot: String,
    /// The last day on which goods coming in may be used.
    #[serde(default)]
    usable_until: String,
    #[serde(default)]
    unit_cost: String,
    /// Of a move: the source it goes to.
    #[serde(default)]
    to_source: String,
    /// Made with the form, so that sending it twice does it once.
    operation_id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeWord {
    Set,
    Add,
    Take,
    Move,
    Regrade,
    Recost,
}

// === impl Draft ===

impl Draft {
    /// The operation at `source`; `others` are where goods of it can be moved to.
    pub(super) fn operation(
        self,
        source: &InventorySource,
        others: &[InventorySource],
        visitor: &Visitor,
    ) -> Result<StockOperation, Problem> {
        let wrong =
            |field: &str, id: &str| Problem::field_for_visitor(field, visitor.text().say(id));
        let sku = Sku::new(&self.sku).map_err(|_| wrong("sku", "operation-sku-invalid"))?;
        let change = self.change(others, &wrong)?;
        let place = source.location_id.clone();
        let mut operation = StockOperation::new(&self.operation_id, sku, place, change);
        operation.condition = condition(&self.condition);
        operation.lot = said(&self.lot);
        operation.reason = said(&self.reason);
        operation.note = said(&self.note);
        if matches!(self.change, ChangeWord::Set | ChangeWord::Add) {
            operation.unit_cost = number(&self.unit_cost)
                .map_err(|()| wrong("unit_cost", "operation-quantity-invalid"))?;
            operation.expires_at = end_of(&self.usable_until)
                .map_err(|()| wrong("usable_until", "adjust-date-invalid"))?;
        }
        Ok(operation)
    }

    fn change(
        &self,
        others: &[InventorySource],
        wrong: &dyn Fn(&str, &str) -> Problem,
    ) -> Result<StockChange, Problem> {
        let invalid = |field| move || wrong(field, "operation-quantity-invalid");
        let typed = number(&self.quantity).map_err(|()| invalid("quantity")())?;
        if self.change == ChangeWord::Recost {
            let cost = number(&self.unit_cost).ok().flatten();
            return Ok(StockChange::Recost {
                quantity: typed,
                unit_cost: cost.ok_or_else(invalid("unit_cost"))?,
            });
        }
        let quantity = typed.ok_or_else(invalid("quantity"))?;
        Ok(match self.change {
            ChangeWord::Set | ChangeWord::Recost => StockChange::Set {
                quantity,
                expected: None,
            },
            ChangeWord::Add => StockChange::Adjust { delta: quantity },
            ChangeWord::Take => StockChange::Adjust { delta: -quantity },
            ChangeWord::Regrade => StockChange::Regrade {
                quantity,
                to: condition(&self.to_condition)
                    .ok_or_else(|| wrong("to_condition", "adjust-condition-invalid"))?,
            },
            ChangeWord::Move => StockChange::Move {
                quantity,
                to: self
                    .destination(others)
                    .ok_or_else(|| wrong("to_source", "low-stock-source-invalid"))?,
            },
        })
    }

    fn destination(&self, others: &[InventorySource]) -> Option<bestand_plugin_api::LocationId> {
        let id: SourceId = self.to_source.parse().ok()?;
        let other = others.iter().find(|other| other.id == id)?;
        Some(other.location_id.clone())
    }
}

fn said(text: &str) -> Option<String> {
    Some(text.trim())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// As a visitor of either language writes it.
fn number(text: &str) -> Result<Option<Quantity>, ()> {
    let read = said(text).map(|text| text.replace(',', ".").parse());
    read.transpose().map_err(|_| ())
}

fn condition(word: &str) -> Option<Condition> {
    let known = [
        Condition::Sellable,
        Condition::Damaged,
        Condition::Expired,
        Condition::QaHold,
    ];
    known
        .into_iter()
        .find(|condition| condition.as_str() == word)
}

/// The end of a day, by universal time: a lot of which it is said is used on that day too.
fn end_of(day: &str) -> Result<Option<Timestamp>, ()> {
    let Some(day) = said(day) else {
        return Ok(None);
    };
    let day: Date = day.parse().map_err(|_| ())?;
    let next = day.tomorrow().and_then(|day| day.to_zoned(TimeZone::UTC));
    let next = next.map_err(|_| ())?;
    Ok(Some(Timestamp::from_millis(
        next.timestamp().as_millisecond(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_is_used_on_its_last_day_too_and_numbers_are_read_in_both_languages() {
        let end = end_of("2027-06-30").unwrap().unwrap();
        assert_eq!(end.to_string(), "2027-07-01T00:00:00Z");
        assert_eq!((end_of(" "), end_of("30.06.2027")), (Ok(None), Err(())));
        assert_eq!(number("2,5"), Ok(Some("2.5".parse().unwrap())));
        assert_eq!((number(""), number("two")), (Ok(None), Err(())));
        assert_eq!(condition("damaged"), Some(Condition::Damaged));
        assert_eq!((condition(""), condition("rotten")), (None, None));
    }
}
