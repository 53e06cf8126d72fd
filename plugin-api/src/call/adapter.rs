//! What the host asks of an adapter.

use serde::{Deserialize, Serialize};

use super::Method;
use crate::adapter::Account;
use crate::{
    Changes, Checkpoint, Cursor, InboundOutcome, InboundRequest, LedgerCheck, LedgerEntry,
    LedgerQuery, Listing, Location, LocationChange, Manifest, SkuAnswers, SkuQuery, StockLevel,
    StockOperation, WriteOutcome,
};

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $wire:literal: $params:ty => $reply:ty;)+) => {
        $($(#[$doc])* #[derive(Clone, Copy, Debug)] pub struct $name;
        impl Method for $name {
            const NAME: &'static str = $wire;
            type Params = $params;
            type Reply = $reply;
        })+
    };
}

methods! {
    /// Who are you? Needs no connection.
    Describe = "describe": () => Manifest;
    /// Make an instance for the connection of this request, replacing one that is there.
    Open = "open": Settings => ();
    /// Drop the instance.
    Close = "close": () => ();
    /// [`crate::Adapter::check`].
    Check = "check": () => Account;
    /// [`crate::Adapter::locations`].
    Locations = "locations": Option<Cursor> => Listing<Location>;
    /// [`crate::StockListing::list_stock`].
    ListStock = "stock.list": Option<Cursor> => Listing<StockLevel>;
    /// [`crate::StockBySku::stock_by_sku`].
    StockBySku = "stock.by_sku": SkuQuery => SkuAnswers;
    /// [`crate::StockChanges::stock_changes`].
    StockChanges = "stock.changes": Since => Changes<StockLevel>;
    /// [`crate::StockWrites::write_stock`].
    WriteStock = "stock.write": Vec<StockOperation> => Vec<WriteOutcome>;
    /// [`crate::StockLedger::list_ledger`].
    ListLedger = "ledger.list": LedgerQuery => Listing<LedgerEntry>;
    /// [`crate::StockLedger::verify_ledger`].
    VerifyLedger = "ledger.verify": Since => LedgerCheck;
    /// [`crate::LocationWrites::change_location`].
    ChangeLocation = "locations.change": LocationChange => Location;
    /// [`crate::StockPushes::push_rhythm`].
    PushRhythm = "stock.push_rhythm": () => crate::PushRhythm;
    /// [`crate::Inbound::receive`].
    Receive = "inbound.receive": InboundRequest => InboundOutcome;
    /// [`crate::Inbound::register`].
    Register = "inbound.register": String => ();
    /// [`crate::Inbound::unregister`].
    Unregister = "inbound.unregister": String => ();
}

/// A connection's settings as JSON text: they are the author's type, and JSON is what operators write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// A JSON object that matches the manifest's settings schema.
    pub json: String,
}

/// From where changes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The last checkpoint kept; none at first.
    #[serde(default)]
    pub checkpoint: Option<Checkpoint>,
    /// The page.
    #[serde(default)]
    pub cursor: Option<Cursor>,
}
