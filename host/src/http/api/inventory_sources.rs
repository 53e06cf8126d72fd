//! Inventory sources: the places that hold stock, under the headings staff choose from.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::extract::State;
use bestand_plugin_api::LocationKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::missing::{self, Missing};
use crate::activity::{EventKind, Subject};
use crate::connection::Connection;
use crate::connection::state::{ConnectionState, Moment, Status};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::etag::{IfMatch, Tagged};
use crate::http::json::{Json, present};
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::{AccountId, ConnectionId, SourceId};
use crate::source::{self, Direction, Heading, HeadingPlace, InventorySource, Owner};
use crate::store;
use crate::store::source::Decision;

/// Longest time after which a level may count as stale, in seconds: a year.
const MAX_AGE_SECS_MAX: i64 = 365 * 86_400;

/// List inventory sources under their headings
///
/// The installation's own warehouses stand first, under its heading; every other source under its adapter's. A heading
/// that could be here and is not is explained under `missing`. A partner's key sees that partner's own.
#[utoipa::path(get, path = "/inventory-sources", operation_id = "list_inventory_sources", tag = "Inventory sources",
    responses((status = 200, description = "All sources", body = SourceList)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
) -> Result<Json<SourceList>, Problem> {
    let account = caller.0.account_id;
    let list = all(&parts, account, |owner| caller.may_see(owner)).await?;
    Ok(Json(list))
}

/// The sources of an account, those of owners that may be seen, under their headings.
pub(in crate::http) async fn all(
    parts: &Parts,
    account: AccountId,
    may_see: impl Fn(&Owner) -> bool,
) -> Result<SourceList, Problem> {
    let mut sources = store::source::list_with_owner(&parts.db, account).await?;
    let connections = store::connection::list(&parts.db, account).await?;
    sources.retain(|(owner, _)| may_see(owner));
    let missing = missing::headings(parts, &connections, &sources, may_see);
    let shown = Shown::with(parts, connections);
    let groups = source::grouped(sources, |owner| heading(parts, owner));
    Ok(SourceList {
        groups: groups.into_iter().map(|group| shown.group(group)).collect(),
        missing,
    })
}

/// Read an inventory source
#[utoipa::path(get, path = "/inventory-sources/{id}", operation_id = "get_inventory_source",
    tag = "Inventory sources", params(("id" = SourceId, Path)),
    responses((status = 200, description = "The source", body = Source)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
) -> Result<Tagged<Source>, Problem> {
    let source = find(&parts, &caller, id).await?;
    tagged(&parts, caller.0.account_id, source).await
}

/// Decide about an inventory source
///
/// Whether it is offered for selection, when its levels count as stale, and which way stock goes.
#[utoipa::path(patch, path = "/inventory-sources/{id}", operation_id = "change_inventory_source",
    tag = "Inventory sources", params(("id" = SourceId, Path), ("If-Match" = String, Header)),
    request_body = SourceChange, responses((status = 200, description = "It is changed", body = Source)))]
pub(in crate::http) async fn change(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    if_match: IfMatch,
    Json(change): Json<SourceChange>,
) -> Result<Tagged<Source>, Problem> {
    let known = find(&parts, &caller, id).await?;
    let source = change.apply_to(known.clone(), &if_match)?;
    decide(&parts, &known, Decision::of(&source)).await?;
    let changed = caller.did(EventKind::SourceChanged, Subject::source(&source));
    parts
        .activity
        .note(changed.with("included", source.included));
    tagged(&parts, caller.0.account_id, source).await
}

/// Decides about a source as it was `known`. What is read again from now on is brought in at once.
pub(in crate::http) async fn decide(
    parts: &Parts,
    known: &InventorySource,
    decision: Decision,
) -> Result<(), Problem> {
    store::source::decide(&parts.db, known, decision).await?;
    if decision.direction.is_none_or(Direction::reads) && !known.reads() {
        // A connection that is paused brings it in once it runs again.
        let _ = parts
            .connections
            .sync_now(known.account_id, known.connection_id, true);
    }
    Ok(())
}

/// The source of this id, when the caller may see it.
pub(super) async fn find(
    parts: &Parts,
    caller: &Caller,
    id: SourceId,
) -> Result<InventorySource, Problem> {
    let account = caller.0.account_id;
    let no_such = || {
        Problem::new(
            Kind::NotFound,
            format!("there is no inventory source `{id}`"),
        )
    };
    let source = store::source::find(&parts.db, account, id)
        .await?
        .ok_or_else(no_such)?;
    if caller.0.partner.is_some() {
        let connection = store::connection::find(&parts.db, account, source.connection_id).await?;
        connection
            .filter(|connection| caller.may_see(&connection.owner()))
            .ok_or_else(no_such)?;
    }
    Ok(source)
}

/// One source, as it is shown.
pub(in crate::http) async fn shown(
    parts: &Parts,
    account: AccountId,
    source: InventorySource,
) -> Result<Source, Problem> {
    let connection = store::connection::find(&parts.db, account, source.connection_id).await?;
    Ok(Shown::with(parts, connection).source(source))
}

/// Several of them.
pub(in crate::http) async fn shown_all(
    parts: &Parts,
    account: AccountId,
    sources: Vec<InventorySource>,
) -> Result<Vec<Source>, Problem> {
    let connections = store::connection::list(&parts.db, account).await?;
    let shown = Shown::with(parts, connections);
    let sources = sources.into_iter();
    Ok(sources.map(|source| shown.source(source)).collect())
}

async fn tagged(
    parts: &Parts,
    account: AccountId,
    source: InventorySource,
) -> Result<Tagged<Source>, Problem> {
    Ok(Tagged {
        version: version_of(&source),
        body: shown(parts, account, source).await?,
    })
}

/// A number that changes with what the operator decides; the source has no version of its own, because its system
/// changes it as well.
fn version_of(source: &InventorySource) -> i64 {
    let mut hasher = DefaultHasher::new();
    Decision::of(source).hash(&mut hasher);
    // Shown as a positive number.
    i64::try_from(hasher.finish() >> 1).unwrap_or_default()
}

/// What stands above the sources of an owner.
pub(in crate::http) fn heading(parts: &Parts, owner: &Owner) -> Heading {
    let directory = parts.connections.directory();
    let adapter = directory.adapter(&owner.adapter);
    match (&owner.partner, adapter.map(|adapter| adapter.manifest())) {
        (Some(partner), _) => Heading {
            place: HeadingPlace::Partner,
            text: partner.clone(),
        },
        (None, Some(manifest)) if manifest.built_in => Heading {
            place: HeadingPlace::Own,
            text: parts.config.installation.heading.clone(),
        },
        (None, manifest) => Heading {
            place: HeadingPlace::Partner,
            text: manifest
                .map_or(&owner.adapter, |manifest| &manifest.name)
                .clone(),
        },
    }
}

/// All sources under their headings.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SourceList {
    /// The headings that have sources.
    pub(in crate::http) groups: Vec<Group>,
    /// The headings that could have some, and why they have none.
    pub(in crate::http) missing: Vec<Missing>,
}

/// The sources under one heading.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Group {
    /// What stands above them.
    #[schema(example = "Finale Inventory")]
    pub(in crate::http) heading: String,
    /// The adapter they come from.
    #[schema(example = "finale")]
    pub(in crate::http) adapter: String,
    /// The partner that pushes their levels, or registered itself to be asked for them; none of what an operator connected.
    pub(in crate::http) partner: Option<String>,
    /// In the order of their names.
    pub(in crate::http) sources: Vec<Source>,
}

/// A place that holds stock.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Source {
    /// Its id.
    pub(in crate::http) id: SourceId,
    /// What its system calls it.
    pub(in crate::http) name: String,
    /// The connection that reaches it.
    pub(in crate::http) connection_id: ConnectionId,
    /// What people call that connection.
    pub(in crate::http) connection_name: Option<String>,
    /// Its system's own id of the place.
    pub(in crate::http) location_id: String,
    /// What sort of place it is.
    #[schema(value_type = String, example = "site")]
    pub(in crate::http) kind: LocationKind,
    /// Whether its counts can be relied on.
    pub(in crate::http) status: SourceStatus,
    /// Why not, when not.
    pub(in crate::http) reason: Option<String>,
    /// What to do about it.
    pub(in crate::http) advice: Option<String>,
    /// Both by their kind, for pages.
    #[serde(skip)]
    pub(in crate::http) trouble: Option<source::trouble::Trouble>,
    /// The newest confirmation of any of its levels.
    #[schema(value_type = Option<String>)]
    pub(in crate::http) as_of: Option<Moment>,
    /// Levels that are stored of it.
    pub(in crate::http) levels: u64,
    /// Start of the last listing that was complete.
    #[schema(value_type = Option<String>)]
    pub(in crate::http) listed_at: Option<Moment>,
    /// Whether what lies here may be sold.
    pub(in crate::http) sellable: bool,
    /// Whether it is offered for selection.
    pub(in crate::http) included: bool,
    /// Seconds after which a level counts as stale, when it is not the installation's default.
    pub(in crate::http) max_age_secs: Option<i64>,
    /// Which way stock goes between it and its system.
    pub(in crate::http) direction: Direction,
}

/// Whether a source's counts can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum SourceStatus {
    /// They are kept up to date, or sent by the partner.
    Ready,
    /// Its first listing is not complete yet.
    Listing,
    /// Its connection fails for now and is tried again.
    Degraded,
    /// Its connection waits for somebody to do something.
    NeedsAttention,
    /// The operator has stopped its connection.
    Paused,
    /// Its system has closed the place.
    Closed,
    /// Its counts are not read, by its direction.
    NotRead,
    /// Its connection does not run, as when its adapter is not there.
    Stopped,
}

/// What is to be different about a source.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SourceChange {
    /// Whether it is offered for selection.
    included: Option<bool>,
    /// Seconds after which a level counts as stale; `null` for the installation's default.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 31_536_000)]
    max_age_secs: Option<Option<i64>>,
    /// Which way stock goes; `null` for what it is when nobody decides: `both` for a built-in warehouse, else `read`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Direction>)]
    direction: Option<Option<Direction>>,
}

/// What sources are shown with.
struct Shown<'a> {
    parts: &'a Parts,
    connections: HashMap<ConnectionId, Connection>,
}

// === impl SourceChange ===

impl SourceChange {
    fn apply_to(
        &self,
        mut source: InventorySource,
        if_match: &IfMatch,
    ) -> Result<InventorySource, Problem> {
        if_match.require(version_of(&source))?;
        if let Some(Some(secs)) = self.max_age_secs
            && !(1..=MAX_AGE_SECS_MAX).contains(&secs)
        {
            let reason = format!("it must be from 1 to {MAX_AGE_SECS_MAX}");
            return Err(Problem::field("max_age_secs", reason));
        }
        source.included = self.included.unwrap_or(source.included);
        source.max_age_secs = self.max_age_secs.unwrap_or(source.max_age_secs);
        source.direction = self.direction.unwrap_or(source.direction);
        Ok(source)
    }
}

// === impl Shown ===

impl<'a> Shown<'a> {
    fn with(parts: &'a Parts, connections: impl IntoIterator<Item = Connection>) -> Self {
        let by_id = connections
            .into_iter()
            .map(|connection| (connection.id, connection));
        Self {
            parts,
            connections: by_id.collect(),
        }
    }

    /// Whether a system sends its levels by itself, so that no listing will ever be complete.
    fn is_pushed_to(&self, connection: Option<&Connection>) -> bool {
        let directory = self.parts.connections.directory();
        let adapter = connection.and_then(|connection| directory.adapter(&connection.adapter));
        adapter.is_some_and(|adapter| adapter.manifest().takes_pushes())
    }

    fn is_built_in(&self, connection: Option<&Connection>) -> bool {
        connection.is_some_and(|connection| heading(self.parts, &connection.owner()).is_own())
    }

    fn group(&self, group: source::Group) -> Group {
        let sources = group.sources.into_iter().map(|source| self.source(source));
        Group {
            heading: group.heading,
            adapter: group.owner.adapter,
            partner: group.owner.partner,
            sources: sources.collect(),
        }
    }

    fn source(&self, source: InventorySource) -> Source {
        let status = self.parts.connections.status(source.connection_id);
        let trouble = source::trouble::Trouble::of(&source, status.as_ref());
        let connection = self.connections.get(&source.connection_id);
        let is_known = source.listed_at.is_some() || self.is_pushed_to(connection);
        Source {
            id: source.id,
            connection_id: source.connection_id,
            connection_name: connection.map(|connection| connection.name.clone()),
            kind: source.kind,
            status: SourceStatus::of(&source, is_known, status.as_ref()),
            reason: trouble.as_ref().map(source::trouble::Trouble::reason),
            advice: trouble.as_ref().map(source::trouble::Trouble::advice),
            trouble,
            as_of: source.as_of.map(Moment),
            levels: source.levels,
            listed_at: source.listed_at.map(Moment),
            sellable: source.sellable,
            included: source.included,
            max_age_secs: source.max_age_secs,
            direction: source.direction(self.is_built_in(connection)),
            name: source.name,
            location_id: source.location_id.0,
        }
    }
}

// === impl SourceStatus ===

impl SourceStatus {
    fn of(source: &InventorySource, is_known: bool, status: Option<&Status>) -> Self {
        match status.map(|status| &status.state) {
            _ if !source.active => Self::Closed,
            _ if !source.reads() => Self::NotRead,
            None => Self::Stopped,
            Some(ConnectionState::Degraded { .. }) => Self::Degraded,
            Some(ConnectionState::NeedsAttention { .. }) => Self::NeedsAttention,
            Some(ConnectionState::Paused) => Self::Paused,
            Some(_) if !is_known => Self::Listing,
            Some(_) => Self::Ready,
        }
    }
}
