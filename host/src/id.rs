//! Ids: UUIDv7, one type per thing, so that they sort by age and cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {kind} id; ids look like 019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90")]
pub struct InvalidId {
    kind: &'static str,
    text: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $kind:literal;)+) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[derive(utoipa::ToSchema, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(#[schemars(with = "String")] pub Uuid);

        impl $name {
            /// A new id, later than all before.
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let shown = || text.chars().take(40).collect();
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId { kind: $kind, text: shown() })
            }
        })+
    };
}

ids! {
    /// Whose rows these are.
    AccountId, "account";
    /// A key and secret pair.
    ApiKeyId, "API key";
    /// An account's configured instance of an adapter.
    ConnectionId, "connection";
    /// A selectable place that holds stock.
    SourceId, "inventory source";
    /// Where orders ship from.
    ShipFromId, "ship-from location";
    /// One run that brings levels in.
    SyncId, "sync";
    /// A change of a level; a later change has a greater one.
    ChangeId, "change";
    /// Somebody who signs in to the console.
    UserId, "user";
    /// A browser that somebody has signed in with.
    UserSessionId, "session";
    /// An address that is told of what happens.
    WebhookId, "webhook";
    /// A stock take.
    StockTakeId, "stock take";
}
