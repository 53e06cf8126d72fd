//! Adapters: the kinds of system that can be connected, and those that cannot, with the reason.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use bestand_plugin_api::{Capability, Manifest, SecretSpec, Support};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::plugin::sandbox::health::{Health, Phase};
use crate::plugin::trust::{Trust, TrustWord};
use crate::plugin::{Directory, Plugin, PluginState};
use crate::source::Owner;

mod process;
mod recent;
mod usage;

use process::Process;
pub(in crate::http) use recent::{__path_recent, recent};
use usage::Usage;

/// List adapters
///
/// Every library in the plugin directory: those that run, those that are not enabled, and those that cannot be used.
/// A partner's key sees that partner's own.
#[utoipa::path(get, path = "/adapters", operation_id = "list_adapters", tag = "Adapters",
    params(AdapterQuery), responses((status = 200, description = "A page of adapters", body = Page<Adapter>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Query(query): Query<AdapterQuery>,
    uri: Uri,
) -> Result<Linked<Page<Adapter>>, Problem> {
    let directory = parts.connections.directory();
    let of = |plugin| Adapter::of(plugin, &directory);
    let adapters = directory.plugins().iter().map(of);
    let visible = adapters
        .filter(|adapter| caller.may_see(&Owner::adapter(adapter.id.as_deref().unwrap_or(""))));
    let page = Page::of_all(
        visible.collect(),
        query.limit,
        query.cursor.as_ref(),
        |adapter| adapter.file.clone(),
    );
    Ok(page.linked(&uri))
}

/// Release an adapter from quarantine
///
/// An adapter whose process ended five times within five minutes is not started again before somebody has looked at
/// it. One that is not quarantined goes on as it is.
#[utoipa::path(post, path = "/adapters/{id}/release", operation_id = "release_adapter", tag = "Adapters",
    params(("id" = String, Path)), responses((status = 200, description = "As it is now", body = Adapter)))]
pub(in crate::http) async fn release(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<String>,
) -> Result<Json<Adapter>, Problem> {
    if let Some(subject) = let_go(&parts, &id)? {
        parts
            .activity
            .note(caller.did(EventKind::AdapterReleased, subject));
    }
    let directory = parts.connections.directory();
    let is_it = |plugin: &&Plugin| plugin.manifest.as_ref().is_some_and(|known| known.id == id);
    let plugin = directory.plugins().iter().find(is_it);
    let plugin = plugin.ok_or_else(|| directory.why_missing(&id))?;
    Ok(Json(Adapter::of(plugin, &directory)))
}

/// Releases an adapter; answers what was released, when it was quarantined.
pub(in crate::http) fn let_go(parts: &Parts, id: &str) -> Result<Option<Subject>, Problem> {
    let directory = parts.connections.directory();
    let adapter = directory
        .adapter(id)
        .ok_or_else(|| directory.why_missing(id))?;
    let health = adapter.health();
    adapter.release();
    let was_quarantined = health.is_some_and(|health| health.phase == Phase::Quarantined);
    Ok(was_quarantined.then(|| Subject::adapter(id, &adapter.manifest().name)))
}

/// Which adapters to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct AdapterQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<String>>,
}

/// A library in the plugin directory.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Adapter {
    /// Its id; nothing when the library did not get so far as to say it.
    id: Option<String>,
    /// The file.
    file: String,
    /// Whether it can be connected.
    state: AdapterState,
    /// What its signature is worth; nothing when it did not get so far.
    signature: Option<TrustWord>,
    /// The publisher of the config file whose key signed it.
    signed_by: Option<String>,
    /// Which of the packages installed one after the other it is; nothing for a library that is not installed.
    generation: Option<u64>,
    /// Why it is in that state, and the way out.
    reason: Option<String>,
    /// The process it runs in; nothing for one that runs in the daemon itself, or not at all.
    process: Option<Process>,
    /// What it was asked and what it asked for, since it was started; nothing for one that does not run.
    usage: Option<Usage>,
    /// What it says of itself.
    #[serde(flatten)]
    #[schema(value_type = About)]
    about: Option<About>,
}

/// Whether an adapter can be connected.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AdapterState {
    /// It runs.
    Ready,
    /// Its process ended and will be started anew.
    Restarting,
    /// Its process ended too often; it waits to be released.
    Quarantined,
    /// It could run, but the config file does not enable it.
    Disabled,
    /// It cannot be used.
    Refused,
}

/// What an adapter says of itself; nothing of it stands on a library that did not get so far.
#[derive(Debug, Serialize, ToSchema)]
struct About {
    /// What people call it; the heading of its sources.
    #[schema(required = false)]
    name: String,
    /// Its version.
    #[schema(required = false)]
    version: String,
    /// The version of the plugin contract it was built with.
    #[schema(required = false)]
    contract: String,
    /// Who ships it.
    #[schema(required = false)]
    publisher: String,
    /// One sentence.
    #[schema(required = false)]
    description: String,
    /// Whether its sources stand under the installation's own heading.
    #[schema(required = false)]
    built_in: bool,
    /// What it can do.
    #[schema(required = false, value_type = Vec<Object>)]
    capabilities: Vec<Capability>,
    /// JSON Schema of the settings of a connection.
    #[schema(required = false, value_type = Object)]
    settings_schema: Value,
    /// The secrets of a connection.
    #[schema(required = false, value_type = Vec<Object>)]
    secrets: Vec<SecretSpec>,
    /// The hosts it may speak to.
    #[schema(required = false)]
    outbound: Vec<String>,
    /// How `available` comes about.
    #[schema(required = false)]
    available_means: String,
    /// Whom to ask.
    #[schema(required = false, value_type = Object)]
    support: Support,
    /// An SVG.
    #[schema(required = false)]
    icon: Option<String>,
}

// === impl Adapter ===

impl Adapter {
    fn of(plugin: &Plugin, directory: &Directory) -> Self {
        let id = plugin.id().map(str::to_owned);
        let running = match (&plugin.state, &id) {
            (PluginState::Ready, Some(id)) => directory.adapter(id),
            _ => None,
        };
        let health = running.and_then(|adapter| adapter.health());
        let (state, reason) = match &plugin.state {
            PluginState::Ready => health.as_ref().map_or((AdapterState::Ready, None), told),
            PluginState::Disabled => (AdapterState::Disabled, Some(how_to_enable(id.as_deref()))),
            PluginState::Refused { reason, .. } => (AdapterState::Refused, Some(reason.clone())),
        };
        let file = plugin.path.file_name().unwrap_or_default();
        Self {
            id,
            file: file.to_string_lossy().into_owned(),
            state,
            signature: plugin.trust.as_ref().map(Trust::word),
            signed_by: plugin
                .trust
                .as_ref()
                .and_then(Trust::publisher)
                .map(str::to_owned),
            generation: plugin.installed.as_ref().map(|installed| installed.number),
            reason,
            process: health.map(Process::of),
            usage: running.map(|adapter| Usage::of(adapter)),
            about: plugin.manifest.as_ref().map(About::of),
        }
    }
}

/// The state of a process, and why it is not running.
fn told(health: &Health) -> (AdapterState, Option<String>) {
    let state = match health.phase {
        Phase::Running => AdapterState::Ready,
        Phase::Restarting => AdapterState::Restarting,
        Phase::Quarantined => AdapterState::Quarantined,
    };
    (state, health.trouble.clone())
}

fn how_to_enable(id: Option<&str>) -> String {
    let id = id.unwrap_or_default();
    format!(
        "it is not enabled; add `[[adapter]]` with `id = \"{id}\"` to the config file and reload"
    )
}

// === impl About ===

impl About {
    fn of(manifest: &Manifest) -> Self {
        let manifest = manifest.clone();
        Self {
            name: manifest.name,
            version: manifest.version,
            contract: manifest.contract,
            publisher: manifest.publisher,
            description: manifest.description,
            built_in: manifest.built_in,
            capabilities: manifest.capabilities,
            settings_schema: manifest.settings_schema,
            secrets: manifest.secrets,
            outbound: manifest.outbound,
            available_means: manifest.semantics.available,
            support: manifest.support,
            icon: manifest.icon,
        }
    }
}
