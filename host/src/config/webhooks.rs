//! `[webhooks]`: where messages about what happens may go.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::webhook::Reach;

/// Where messages about what happens may go. Changes take effect after a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Whether webhooks may lead into the installation's own network, and without TLS. Default `false`: whoever may make
    /// a webhook could otherwise have the daemon speak to systems that only it reaches.
    pub allow_private_network: bool,
}

// === impl Webhooks ===

impl Webhooks {
    /// How far messages may go.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        match self.allow_private_network {
            true => Reach::Everywhere,
            false => Reach::Public,
        }
    }
}
