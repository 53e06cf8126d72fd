//! What the demo shows: adapters, sources with their freshness, orders by verdict, and where to look.
//!
//! The sources are asked of the daemon's own API, with the key that is printed: what stands here stands there too.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::daemon::Parts;
use crate::secret::SecretText;
use crate::store;
use crate::store::order::Filter;

/// What the demo shows; as JSON, the one object of `--once --json`.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Where the API is.
    pub url: String,
    /// The adapters that run.
    pub adapters: Vec<Adapter>,
    /// The inventory sources under their headings, as the API lists them.
    pub groups: Vec<Value>,
    /// How many orders have which verdict.
    pub orders: Orders,
    /// Levels held, of all sources.
    pub levels: u64,
    /// `key:secret` of an administrator; on paper only.
    #[serde(skip)]
    key: String,
    /// The link that makes the first user of the console; on paper only.
    #[serde(skip)]
    link: SecretText,
}

/// An adapter that runs.
#[derive(Debug, Serialize)]
pub struct Adapter {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What became of it.
    pub state: &'static str,
}

/// How many orders have which verdict.
#[derive(Debug, Default, Serialize)]
pub struct Orders {
    /// All of it is there.
    pub can_ship: u64,
    /// Something is short.
    pub short: u64,
    /// Something is not known.
    pub unknown: u64,
}

/// A source, as the table shows it.
#[derive(Debug, Serialize)]
pub struct SourceRow {
    /// What stands above it.
    pub heading: String,
    /// Its name.
    pub name: String,
    /// How its connection is.
    pub status: String,
    /// The age of its newest level.
    pub as_of: String,
}

#[derive(Deserialize)]
struct SourceList {
    groups: Vec<Value>,
}

/// The daemon's API, with the demo's key.
struct Api<'a> {
    client: reqwest::Client,
    url: &'a str,
    key: &'a str,
}

// === impl Summary ===

impl Summary {
    pub(super) async fn of(
        parts: &Parts,
        url: &str,
        key: String,
        link: SecretText,
    ) -> anyhow::Result<Self> {
        let api = Api {
            client: reqwest::Client::new(),
            url,
            key: &key,
        };
        let sources: SourceList = api.get("/inventory-sources").await?;
        let tally = parts
            .availability
            .tally(parts.account.id, &Filter::default())
            .await?;
        let orders = Orders {
            can_ship: tally.can_ship,
            short: tally.short,
            unknown: tally.unknown,
        };
        let (url, adapters, levels) = (url.to_owned(), adapters(parts), levels(parts).await?);
        Ok(Self {
            url,
            adapters,
            groups: sources.groups,
            orders,
            levels,
            key,
            link,
        })
    }

    /// The sources, a row each.
    #[must_use]
    pub fn sources(&self) -> Vec<SourceRow> {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let rows = self.groups.iter().flat_map(|group| {
            let sources = group["sources"].as_array().into_iter().flatten();
            sources.map(|source| SourceRow {
                heading: text(&group["heading"]),
                name: text(&source["name"]),
                status: text(&source["status"]),
                as_of: text(&source["as_of"]),
            })
        });
        rows.collect()
    }

    /// The verdicts, a row each.
    #[must_use]
    pub fn verdicts(&self) -> [(&'static str, u64); 3] {
        let Orders {
            can_ship,
            short,
            unknown,
        } = self.orders;
        [
            ("can ship", can_ship),
            ("short", short),
            ("unknown", unknown),
        ]
    }

    /// Where to look, and with which key.
    #[must_use]
    pub fn hints(&self) -> String {
        let Self {
            levels,
            url,
            key,
            link,
            ..
        } = self;
        let link = link.reveal();
        format!(
            "{levels} levels held; the API is described at {url}/docs\n\
             the console, with a name and a password of your own: {link}\n\
             an administrator's key: {key}\n\
             try: curl -u {key} '{url}/api/v1/orders?verdict=short'"
        )
    }
}

fn adapters(parts: &Parts) -> Vec<Adapter> {
    let directory = parts.connections.directory();
    let manifests = directory
        .plugins()
        .iter()
        .filter_map(|plugin| Some((plugin.manifest.as_ref()?, plugin.state.word())));
    let adapter = |(manifest, state): (&bestand_plugin_api::Manifest, _)| Adapter {
        id: manifest.id.clone(),
        version: manifest.version.clone(),
        state,
    };
    manifests.map(adapter).collect()
}

async fn levels(parts: &Parts) -> anyhow::Result<u64> {
    let sources = store::source::list(&parts.db, parts.account.id).await?;
    Ok(sources.iter().map(|source| source.levels).sum())
}

// === impl Api ===

impl Api<'_> {
    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let (key, secret) = self
            .key
            .split_once(':')
            .context("the demo's key has no secret")?;
        let url = format!("{}/api/v1{path}", self.url);
        let answer = self
            .client
            .get(&url)
            .basic_auth(key, Some(secret))
            .send()
            .await?;
        let answer = answer
            .error_for_status()
            .with_context(|| format!("the daemon refuses `{path}`"))?;
        answer
            .json()
            .await
            .with_context(|| format!("the daemon's answer to `{path}` cannot be read"))
    }
}
