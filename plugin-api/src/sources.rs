//! What the account's other inventory sources know, for an adapter that puts levels of its own together from theirs.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::call::host::{SourcesLevels, SourcesList, SourcesSkus};
use crate::{Adapter, Ctx, Result, Sku};

mod known;

pub use known::{SourceKnowledge, SourceLevel};

/// Most sources that a connection may read: every answer of it reads all of them.
pub const SOURCES_MAX: usize = 16;
/// Most SKUs of one question, and of one page of them.
pub const SOURCE_SKUS_MAX: usize = 1_000;
/// The `format` that marks a text of the settings as the id of an inventory source; [`SourceId`] has it.
pub const SOURCE_FORMAT: &str = "inventory-source";

/// Asks for the right to read other inventory sources of the same account, through [`Ctx::sources`].
///
/// A connection may read the sources that its own settings name in a [`SourceId`], and no other. The daemon refuses
/// settings that name a source of another account, or one that is in turn made of this connection's. When a level of a
/// named source changes, the connection is told by a hint, and reads those SKUs again.
///
/// An order's question always reaches [`StockBySku`](crate::StockBySku) of such an adapter, with how many are needed
/// in [`SkuQuery::needed`](crate::SkuQuery::needed); what is stored of its levels serves lists and pages.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl SourceReads for Shelf {}
///
/// async fn how_many(ctx: &Ctx, source: SourceId, sku: Sku) -> Result<Option<Quantity>> {
///     let told = ctx.sources().levels(&SourceQuery::of(vec![source], vec![sku])).await?;
///     Ok(told[0].levels[0].sellable())
/// }
/// ```
pub trait SourceReads: Adapter {}

/// The daemon's id of an inventory source. As a field of the settings it is chosen from the account's sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

/// An inventory source of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceInfo {
    /// Its id, as the settings name it.
    pub id: SourceId,
    /// What people call it; empty for one that is gone.
    #[serde(default)]
    pub name: String,
    /// What it stands under in lists: the name of its adapter or partner.
    #[serde(default)]
    pub heading: String,
    /// How it fares.
    #[serde(default)]
    pub state: SourceState,
    /// Why it is down or gone, for people: lower case, no final dot.
    #[serde(default)]
    pub reason: String,
    /// The newest confirmation of any of its levels.
    #[serde(default)]
    pub as_of: Option<crate::Timestamp>,
}

/// How a source fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SourceState {
    /// Its connection works.
    Ready,
    /// Its connection does not work, or its system has closed the place; what is stored of it may be told all the same.
    Down,
    /// The account has no such source; so is a state that only a newer contract knows.
    #[default]
    #[serde(other)]
    Gone,
}

/// Which sources, and which SKUs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceQuery {
    /// At most [`SOURCES_MAX`], named in the connection's settings.
    pub sources: Vec<SourceId>,
    /// At most [`SOURCE_SKUS_MAX`].
    pub skus: Vec<Sku>,
    /// Whether the sources' systems are asked for what is stale, for a second at most, when the call is made for an
    /// order that waits. Otherwise, and for any other call, what is stored is told.
    #[serde(default)]
    pub refresh: bool,
}

/// What one source knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceLevels {
    /// Which it is.
    pub source: SourceInfo,
    /// One for each SKU asked for, in that order; empty of a source that is gone.
    pub levels: Vec<SourceLevel>,
}

/// Which SKUs to name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SkuPage {
    /// Only SKUs after this one.
    #[serde(default)]
    pub after: Option<Sku>,
    /// At most so many, and at most [`SOURCE_SKUS_MAX`].
    pub limit: usize,
}

/// The sources that the connection being served may read.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    pub(crate) ctx: &'a Ctx,
}

// === impl Sources ===

impl Sources<'_> {
    /// All of them, in the order in which the settings name them.
    ///
    /// # Errors
    /// `Unsupported` without [`SourceReads`] in `export_adapter!`, and in a daemon that does not know it; `Transient`
    /// when the store is out of reach.
    pub async fn list(&self) -> Result<Vec<SourceInfo>> {
        self.ctx.ask::<SourcesList>(&()).await
    }

    /// What these sources know of these SKUs, source by source in the order asked for. Nothing waits for a system
    /// unless [`SourceQuery::refresh`] asks for it.
    ///
    /// # Errors
    /// As [`list`](Self::list), and `Bug` for a source that the settings do not name or beyond the limits.
    pub async fn levels(&self, query: &SourceQuery) -> Result<Vec<SourceLevels>> {
        self.ctx.ask::<SourcesLevels>(query).await
    }

    /// SKUs that any of the connection's sources has a level of, each once, in an order of the daemon's: `after` the
    /// last one of a page comes the next page.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn skus(&self, page: &SkuPage) -> Result<Vec<Sku>> {
        self.ctx.ask::<SourcesSkus>(page).await
    }
}

// === impl SourceQuery ===

impl SourceQuery {
    /// What is stored of these SKUs at these sources.
    #[must_use]
    pub fn of(sources: Vec<SourceId>, skus: Vec<Sku>) -> Self {
        Self {
            sources,
            skus,
            refresh: false,
        }
    }

    /// The same, asking their systems for what is stale while an order waits.
    #[must_use]
    pub fn refreshed(self) -> Self {
        Self {
            refresh: true,
            ..self
        }
    }
}

// === impl SkuPage ===

impl SkuPage {
    /// As many as a page may name, from the first on.
    #[must_use]
    pub fn first() -> Self {
        Self {
            after: None,
            limit: SOURCE_SKUS_MAX,
        }
    }

    /// The same, after this one.
    #[must_use]
    pub fn after(self, sku: Sku) -> Self {
        Self {
            after: Some(sku),
            ..self
        }
    }
}

// === impl SourceInfo ===

impl SourceInfo {
    /// A source that works.
    #[must_use]
    pub fn ready(id: SourceId, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            state: SourceState::Ready,
            ..Self::gone(id)
        }
    }

    /// An id that names no source of the account.
    #[must_use]
    pub fn gone(id: SourceId) -> Self {
        Self {
            id,
            name: String::new(),
            heading: String::new(),
            state: SourceState::Gone,
            reason: String::new(),
            as_of: None,
        }
    }

    /// What people call it; its id, when it is gone.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self.name.as_str() {
            "" => &self.id.0,
            name => name,
        }
    }
}

// === impl SourceLevels ===

impl SourceLevels {
    /// What this source knows.
    #[must_use]
    pub fn new(source: SourceInfo, levels: Vec<SourceLevel>) -> Self {
        Self { source, levels }
    }
}

// === impl SourceId ===

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for SourceId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl JsonSchema for SourceId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SourceId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": SOURCE_FORMAT })
    }
}
