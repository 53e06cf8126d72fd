//! Adapters: the kinds of system that can be connected, and those that cannot, with the reason.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use bestand_plugin_api::{Capability, Manifest, SecretSpec, Support};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::plugin::{Plugin, PluginState};

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
    let adapters = directory.plugins().iter().map(Adapter::of);
    let visible = adapters.filter(|adapter| caller.may_see(adapter.id.as_deref().unwrap_or("")));
    let page = Page::of_all(
        visible.collect(),
        query.limit,
        query.cursor.as_ref(),
        |adapter| adapter.file.clone(),
    );
    Ok(page.linked(&uri))
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
    /// Why it is in that state, and the way out.
    reason: Option<String>,
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
    fn of(plugin: &Plugin) -> Self {
        let id = plugin.manifest.as_ref().map(|manifest| manifest.id.clone());
        let (state, reason) = match &plugin.state {
            PluginState::Ready => (AdapterState::Ready, None),
            PluginState::Disabled => (AdapterState::Disabled, Some(how_to_enable(id.as_deref()))),
            PluginState::Refused { reason, .. } => (AdapterState::Refused, Some(reason.clone())),
        };
        let file = plugin.path.file_name().unwrap_or_default();
        Self {
            id,
            file: file.to_string_lossy().into_owned(),
            state,
            reason,
            about: plugin.manifest.as_ref().map(About::of),
        }
    }
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
