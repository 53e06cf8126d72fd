//! From text to types: a record becomes a row of an order, or a refusal that names the field.

use std::collections::HashMap;

use bestand_plugin_api::{Quantity, Sku, Timestamp};

use super::mapping::Field;
use super::record::{At, Record};
use super::report::Refusal;
use crate::id::ShipFromId;
use crate::order::goods::{Adjustment, NotGoodsCodes};
use crate::order::{LINE_QUANTITY_MAX, OrderLine, OrderNumber, OrderStatus};

/// What a row is read by.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The codes that are not goods.
    pub not_goods: NotGoodsCodes,
    /// The account's ship-from locations.
    pub ship_from: ShipFromNames,
}

/// Ship-from locations by what a file may call them: id, or name without regard to case.
#[derive(Clone, Debug, Default)]
pub struct ShipFromNames(HashMap<String, ShipFromId>);

/// One line of an order, with what its row says of the order as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it says of the order.
    pub head: Head,
    /// The line; its place is given when the rows of an order are joined.
    pub line: OrderLine,
    /// Where it stands.
    pub at: At,
}

/// What a row says of its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which order.
    pub number: OrderNumber,
    /// How far it is.
    pub status: Option<OrderStatus>,
    /// Where it ships from.
    pub ship_from: Option<ShipFromId>,
    /// When it was placed.
    pub ordered_at: Option<Timestamp>,
}

// === impl ShipFromNames ===

impl ShipFromNames {
    /// Knows these locations.
    pub fn new(locations: impl IntoIterator<Item = (ShipFromId, String)>) -> Self {
        let names = locations
            .into_iter()
            .flat_map(|(id, name)| [(id.to_string(), id), (name.trim().to_lowercase(), id)]);
        Self(names.collect())
    }

    fn find(&self, text: &str) -> Option<ShipFromId> {
        self.0.get(&text.trim().to_lowercase()).copied()
    }
}

/// Reads a whole row.
pub(super) fn read(record: &Record, rules: &Rules) -> Result<Row, Refusal> {
    Ok(Row {
        head: read_head(record, rules)?,
        line: read_line(record, rules)?,
        at: record.at(),
    })
}

/// The order a record belongs to, where that can be made out.
pub(super) fn number(record: &Record) -> Option<OrderNumber> {
    record
        .get(Field::OrderNumber)
        .and_then(|text| OrderNumber::new(text).ok())
}

/// Reads what a record says of its order.
pub(super) fn read_head(record: &Record, rules: &Rules) -> Result<Head, Refusal> {
    let number = record.get(Field::OrderNumber).unwrap_or_default();
    let refuse =
        |field| move |error: &dyn std::fmt::Display| Refusal::of(field, record.at(), error);
    let status = record
        .get(Field::Status)
        .map(str::parse::<OrderStatus>)
        .transpose();
    let ship_from = record
        .get(Field::ShipFrom)
        .map(|text| ship_from(text, rules))
        .transpose();
    let ordered_at = record.get(Field::OrderedAt).map(moment).transpose();
    Ok(Head {
        number: OrderNumber::new(number).map_err(|error| refuse(Field::OrderNumber)(&error))?,
        status: status.map_err(|error| refuse(Field::Status)(&error))?,
        ship_from: ship_from.map_err(|error| refuse(Field::ShipFrom)(&error))?,
        ordered_at: ordered_at.map_err(|error| refuse(Field::OrderedAt)(&error))?,
    })
}

/// Reads the line itself.
pub(super) fn read_line(record: &Record, rules: &Rules) -> Result<OrderLine, Refusal> {
    let refuse = |field, reason: &dyn std::fmt::Display| Refusal::of(field, record.at(), reason);
    let sku = record.get(Field::Sku).map(Sku::new).transpose();
    let sku = sku.map_err(|error| refuse(Field::Sku, &error))?;
    let quantity = match (record.get(Field::Quantity), &sku) {
        (Some(text), _) => quantity(text).map_err(|reason| refuse(Field::Quantity, &reason))?,
        (None, None) => Quantity::ZERO,
        (None, Some(_)) => return Err(refuse(Field::Quantity, &"is missing")),
    };
    let flag = record.get(Field::Adjustment).map(flag).transpose();
    let flag = flag
        .map_err(|reason| refuse(Field::Adjustment, &reason))?
        .unwrap_or_default();
    Ok(OrderLine {
        line: 0,
        kind: rules.not_goods.kind(sku.as_ref(), quantity, flag),
        sku,
        name: record.get(Field::Name).map(str::to_owned),
        quantity,
    })
}

fn quantity(text: &str) -> Result<Quantity, String> {
    let quantity: Quantity = text.parse().map_err(|error| format!("{error}"))?;
    if quantity > LINE_QUANTITY_MAX || quantity < -LINE_QUANTITY_MAX {
        return Err(format!(
            "`{quantity}` is beyond the {LINE_QUANTITY_MAX} units a line may have"
        ));
    }
    Ok(quantity)
}

fn ship_from(text: &str, rules: &Rules) -> Result<ShipFromId, String> {
    let shown: String = text.chars().take(40).collect();
    rules.ship_from.find(text).ok_or_else(|| {
        format!("there is no ship-from location `{shown}`; make it first, or leave the field out")
    })
}

fn flag(text: &str) -> Result<Adjustment, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(Adjustment::Flagged),
        "false" | "no" | "0" => Ok(Adjustment::None),
        _ => Err("is neither true nor false".into()),
    }
}

/// A moment with an offset, or a date with or without a time of day, which is taken as UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let date_and_time = text.parse::<jiff::civil::DateTime>();
    let utc = date_and_time.and_then(|civil| civil.to_zoned(jiff::tz::TimeZone::UTC));
    utc.map(|zoned| Timestamp::from_millis(zoned.timestamp().as_millisecond()))
        .map_err(|_| {
            let shown: String = text.chars().take(40).collect();
            format!("`{shown}` is no time; write 2026-11-23, 2026-11-23 08:30 or 2026-11-23T08:30:00+01:00")
        })
}
