//! A simulated Finale account and how to connect to it.

use std::collections::BTreeMap;

use bestand::connection::NewConnection;
use bestand::secret::SecretText;
use bestand_upstreams::finale::{Finale, FinaleOptions};
use serde_json::json;

use super::Site;
use super::secrets::Secrets;

/// A running account with a key and secret of its own.
#[derive(Debug)]
pub(crate) struct FinaleSystem {
    pub(crate) finale: Finale,
    key: String,
    secret: String,
}

// === impl FinaleSystem ===

impl FinaleSystem {
    pub(crate) async fn start(site: &Site) -> Self {
        let clock = site.upstream_clock.clone();
        let options = FinaleOptions {
            clock,
            ..FinaleOptions::default()
        };
        Self::with(&site.secrets, options).await
    }

    /// An account that lives by the time of the day, for programs that do.
    pub(crate) async fn in_real_time(secrets: &Secrets) -> Self {
        Self::with(secrets, FinaleOptions::default()).await
    }

    async fn with(secrets: &Secrets, options: FinaleOptions) -> Self {
        let (key, secret) = (secrets.make(), secrets.make());
        secrets.guard_pair(&key, &secret);
        let options = FinaleOptions {
            key: key.clone(),
            secret: secret.clone(),
            ..options
        };
        let finale = Finale::start(options).await.expect("a free port");
        Self {
            finale,
            key,
            secret,
        }
    }

    /// A connection that works.
    pub(crate) fn connection(&self) -> NewConnection {
        NewConnection {
            name: "Finale main".into(),
            adapter: "finale".into(),
            settings: json!({ "account": "demo", "base_url": self.finale.url() }),
            secrets: self.secrets(),
            allow_private_network: true,
            paused: false,
            sync_interval_secs: None,
            reconcile_secs: None,
        }
    }

    pub(crate) fn secrets(&self) -> BTreeMap<String, SecretText> {
        pair(&self.key, &self.secret)
    }

    /// How many requests of this resource came, such as `inventoryitem` or `graphql`.
    pub(crate) fn requests_of(&self, resource: &str) -> usize {
        let part = format!("/api/{resource}");
        let requests = self.finale.requests();
        requests
            .iter()
            .filter(|request| request.path.contains(&part))
            .count()
    }
}

/// A key and secret as the adapter names them.
pub(crate) fn pair(key: &str, secret: &str) -> BTreeMap<String, SecretText> {
    BTreeMap::from([
        ("api_key".to_owned(), SecretText::from(key)),
        ("api_secret".to_owned(), SecretText::from(secret)),
    ])
}
