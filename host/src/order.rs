//! Orders: what is to ship, from where, and which of its lines are goods that have to be in stock.
//!
//! An order is taken whole from whoever sends it and replaced whole by the next one of the same number.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::allocation::Allocation;
use crate::id::{AccountId, ShipFromId};

pub mod book;
pub mod goods;
pub mod import;

use goods::NotGoods;

/// Longest order number taken, in bytes: four times the longest a known system sends (50 characters).
pub const ORDER_NUMBER_BYTES_MAX: usize = 200;

/// Most lines of one order; the longest real invoice seen has 1,114.
pub const LINES_PER_ORDER_MAX: usize = 10_000;

/// Most units of one line: with as many lines as an order may have, sums stay far inside a [`Quantity`].
pub const LINE_QUANTITY_MAX: Quantity = Quantity::units(100_000_000);

/// An order as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Whose it is.
    pub account_id: AccountId,
    /// Its number, unique in the account.
    pub number: OrderNumber,
    /// How far it is.
    pub status: OrderStatus,
    /// Where it ships from; none means the account's default location.
    pub ship_from_id: Option<ShipFromId>,
    /// What is on it.
    pub lines: Vec<OrderLine>,
    /// When it was placed, where the sender says so.
    pub ordered_at: Option<Timestamp>,
    /// When it was placed or, where nobody says, first stored: what lists are in the order of.
    pub sort_at: Timestamp,
    /// When it was last stored.
    pub updated_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
    /// What is promised to it, or was deducted for it, in the order of the articles.
    pub allocations: Vec<Allocation>,
    /// Who lets it ship without its goods being promised.
    pub overridden_by: Option<String>,
}

/// An order as it is handed in. What it leaves open keeps its stored value, or takes the default on a new order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDraft {
    /// Its number.
    pub number: OrderNumber,
    /// How far it is; awaiting shipment on a new order.
    pub status: Option<OrderStatus>,
    /// Where it ships from; the default location on a new order.
    pub ship_from: ShipFrom,
    /// When it was placed.
    pub ordered_at: Option<Timestamp>,
    /// What is on it; replaces what was.
    pub lines: Vec<OrderLine>,
    /// The import whose rows these are. A stored order of the same import is continued, any other is replaced.
    pub import: Option<Uuid>,
}

/// Where an order that is handed in ships from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShipFrom {
    /// The sender does not say: as stored.
    #[default]
    Kept,
    /// From the account's default location.
    Default,
    /// From this one.
    At(ShipFromId),
}

/// How far an order is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// To be shipped.
    #[default]
    AwaitingShipment,
    /// Held back by somebody.
    OnHold,
    /// Gone.
    Shipped,
    /// Called off.
    Cancelled,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// Its place on the order, from 1.
    pub line: u32,
    /// The article, where the line names one.
    pub sku: Option<Sku>,
    /// What the line says for people.
    pub name: Option<String>,
    /// How many; negative for returns.
    pub quantity: Quantity,
    /// Whether it has to be in stock.
    pub kind: LineKind,
}

/// Whether a line has to be in stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// It has.
    Goods,
    /// It has not, and why.
    NotGoods(NotGoods),
    /// Nobody can tell: the line was refused on import for this reason, so the order cannot be called complete.
    Unreadable(String),
}

/// An order's number: any text but empty, without surrounding white space or control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderNumber(Box<str>);

/// Why a text is no [`OrderNumber`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrderNumber {
    /// Nothing but white space.
    #[error("an order number must not be empty")]
    Empty,
    /// Longer than [`ORDER_NUMBER_BYTES_MAX`].
    #[error("an order number must not be longer than {ORDER_NUMBER_BYTES_MAX} bytes")]
    TooLong,
    /// Holds a control character.
    #[error("an order number must not hold control characters")]
    ControlCharacter,
}

/// A word that is no order status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no order status; they are awaiting_shipment, on_hold, shipped and cancelled")]
pub struct InvalidOrderStatus(String);

// === impl OrderDraft ===

impl OrderDraft {
    /// A whole order that leaves nothing but its lines to be said.
    #[must_use]
    pub fn new(number: OrderNumber, lines: Vec<OrderLine>) -> Self {
        Self {
            number,
            status: None,
            ship_from: ShipFrom::Kept,
            ordered_at: None,
            lines,
            import: None,
        }
    }

    /// Whether any of its lines could be read. One of which none could is not taken; it only adds to a stored order
    /// of the same import that lines of it are missing.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.lines.is_empty()
            || self
                .lines
                .iter()
                .any(|line| !matches!(line.kind, LineKind::Unreadable(_)))
    }
}

// === impl OrderNumber ===

impl OrderNumber {
    /// Takes a number after trimming white space around it.
    ///
    /// # Errors
    /// When it is empty, too long, or holds control characters.
    pub fn new(text: &str) -> Result<Self, InvalidOrderNumber> {
        match text.trim() {
            "" => Err(InvalidOrderNumber::Empty),
            long if long.len() > ORDER_NUMBER_BYTES_MAX => Err(InvalidOrderNumber::TooLong),
            dirty if dirty.chars().any(char::is_control) => {
                Err(InvalidOrderNumber::ControlCharacter)
            }
            number => Ok(Self(number.into())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OrderNumber {
    type Error = InvalidOrderNumber;
    fn try_from(text: String) -> Result<Self, InvalidOrderNumber> {
        Self::new(&text)
    }
}

impl FromStr for OrderNumber {
    type Err = InvalidOrderNumber;
    fn from_str(text: &str) -> Result<Self, InvalidOrderNumber> {
        Self::new(text)
    }
}

impl From<OrderNumber> for String {
    fn from(number: OrderNumber) -> Self {
        number.0.into()
    }
}

impl Borrow<str> for OrderNumber {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// === impl OrderStatus ===

impl OrderStatus {
    /// The word used in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingShipment => "awaiting_shipment",
            Self::OnHold => "on_hold",
            Self::Shipped => "shipped",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OrderStatus {
    type Err = InvalidOrderStatus;

    /// Case, blanks and hyphens are nobody's meaning: `On Hold` is `on_hold`.
    fn from_str(text: &str) -> Result<Self, InvalidOrderStatus> {
        let word = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        match word.as_str() {
            "awaiting_shipment" => Ok(Self::AwaitingShipment),
            "on_hold" => Ok(Self::OnHold),
            "shipped" => Ok(Self::Shipped),
            "cancelled" | "canceled" => Ok(Self::Cancelled),
            _ => Err(InvalidOrderStatus(text.chars().take(40).collect())),
        }
    }
}
