//! Why an order's goods cannot be promised, or what is promised cannot be changed.

use bestand_plugin_api::{AdapterError, Sku};

use crate::order::OrderStatus;
use crate::store;

/// Why an order's goods cannot be promised, or what is promised cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is not waiting to be shipped.
    #[error("the order is {0}; only one that awaits shipment is allocated")]
    Status(OrderStatus),
    /// An admin lets it ship without.
    #[error("the order ships without allocation, as {0} has decided; take that back first")]
    Overridden(String),
    /// It has lines nobody could read, so nobody knows what it needs.
    #[error(
        "the order has lines that could not be read, so nobody knows what it needs; send it again"
    )]
    Unreadable,
    /// There is nothing on it that has to be in stock.
    #[error("nothing on the order has to be in stock")]
    NoGoods,
    /// It ships from nowhere, or from where no stock is known.
    #[error("the order's ship-from location has no inventory source; link one first")]
    NoSource,
    /// Its stock lies in another system.
    #[error("stock of `{source_name}` is promised in its own system, not here")]
    NotOwn {
        /// Name of the source.
        source_name: String,
    },
    /// Not all of it is there; nothing is promised.
    #[error("`{sku}` cannot be promised, so nothing is: {reason}")]
    Short {
        /// The first article of which there are too few.
        sku: Sku,
        /// What its warehouse says.
        reason: String,
    },
    /// A step is under way and its outcome not known yet.
    #[error("what becomes of the order's allocation is being found out; look again in a moment")]
    UnderWay,
    /// It has shipped.
    #[error("what was promised has been deducted already")]
    Shipped,
    /// Its location promises by itself.
    #[error(
        "orders of this ship-from location are allocated by themselves; put the order on hold to release it"
    )]
    Automatic,
    /// The warehouse did not answer; nothing is promised.
    #[error("the warehouse cannot be asked: {0}")]
    Adapter(#[from] AdapterError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] store::Error),
}
