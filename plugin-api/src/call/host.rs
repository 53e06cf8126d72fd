//! What an adapter asks of the host. The host answers on behalf of the connection of the call that is being served.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Method;
use crate::http::HttpRequest;
use crate::sources::{SkuPage, SourceInfo, SourceLevels, SourceQuery};
use crate::state::{Entry, EntryRange, Write, Written};
use crate::{Sku, Timestamp};

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
    /// Send a request; the answer holds the first part of the body.
    HttpSend = "http.send": HttpRequest => HttpHead;
    /// The next part of a body. A body that is not read to its end is closed with the call.
    HttpRead = "http.read": u64 => HttpChunk;
    /// Some entries of this connection, in the order asked for.
    StateGet = "state.get": Vec<String> => Vec<Option<Entry>>;
    /// Entries in order of their keys.
    StateList = "state.list": EntryRange => Vec<Entry>;
    /// All writes or none.
    StateCommit = "state.commit": Vec<Write> => Written;
    /// The sources that this connection may read.
    SourcesList = "sources.list": () => Vec<SourceInfo>;
    /// What some of them know of some SKUs.
    SourcesLevels = "sources.levels": SourceQuery => Vec<SourceLevels>;
    /// SKUs that any of them has a level of.
    SourcesSkus = "sources.skus": SkuPage => Vec<Sku>;
    /// The time.
    Now = "clock.now": () => Timestamp;
    /// Wait this many milliseconds.
    Sleep = "sleep": u64 => ();
    /// Note something; nobody waits for the answer.
    Log = "log": LogRecord => ();
    /// Is this the HMAC-SHA256 of these bytes under one of these secrets?
    HmacVerify = "hmac.verify": HmacClaim => bool;
}

/// The head of an HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpHead {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// When the request went out.
    pub sent_at: Timestamp,
    /// The first part of the body.
    pub first: HttpChunk,
    /// What to read the rest with.
    #[serde(default)]
    pub body: u64,
}

/// A part of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpChunk {
    /// The bytes.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// Whether the body ends here.
    #[serde(default)]
    pub last: bool,
}

/// Something worth noting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRecord {
    /// How grave.
    pub level: LogLevel,
    /// The module it comes from.
    #[serde(default)]
    pub target: String,
    /// A sentence that reads alone.
    pub message: String,
    /// What belongs to it. Never a secret.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// How grave a [`LogRecord`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Somebody must act.
    Error,
    /// Somebody should look.
    Warn,
    /// What happened.
    Info,
    /// For the author.
    Debug,
    /// Every step.
    Trace,
}

/// A signature to be checked by the host, which holds the secrets; compared in constant time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HmacClaim {
    /// Names of the secrets, any of which may have signed; several while one is being rotated.
    pub secrets: Vec<String>,
    /// What was signed.
    #[serde(with = "serde_bytes")]
    pub data: Vec<u8>,
    /// The raw signature.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
}
