//! What the operator fills in. The API key and its secret are not here: the manifest names them.

use std::collections::BTreeMap;

use bestand_plugin_api::{AdapterError, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// A connection to one Finale account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The account's part of its Finale address: `acme` in `https://app.finaleinventory.com/acme/`.
    pub account: String,
    /// Where Finale answers.
    #[serde(default = "base_url")]
    #[schemars(title = "Base URL")]
    pub base_url: String,
    /// Which of Finale's numbers counts as available.
    #[serde(default)]
    pub available: Available,
    /// Names of sublocations whose stock must not be sold, such as `Quarantine`. Transit sublocations never are.
    #[serde(default)]
    pub excluded_sublocations: Vec<String>,
    /// What a quantity with a packing (`36 cs 36/1`) counts.
    #[serde(default)]
    pub packed_quantities: PackedQuantities,
    /// Which sublocation takes stock changes, by the name of its location. Needed where a location has several.
    #[serde(default)]
    pub write_sublocations: BTreeMap<String, String>,
}

/// Which of Finale's numbers counts as available.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Available {
    /// On hand minus reserved.
    #[default]
    RemainingAfterReservations,
    /// On hand minus reserved plus on order.
    AvailableToPromise,
}

/// What a quantity with a packing counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackedQuantities {
    /// Single units.
    #[default]
    Units,
    /// Packs of as many units as the packing begins with.
    Packs,
}

fn base_url() -> String {
    "https://app.finaleinventory.com".into()
}

// === impl Settings ===

impl Settings {
    /// The settings, or the first one that cannot be right.
    pub(crate) fn checked(mut self) -> Result<Self> {
        let plain = |letter: char| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter)
        };
        if self.account.is_empty() || !self.account.chars().all(plain) {
            let message = format!(
                "`{}` is no account path: take the lower-case part behind the host of your Finale address",
                self.account
            );
            return Err(AdapterError::config("account", message));
        }
        let bare = self.base_url.trim_end_matches('/');
        let host = bare
            .strip_prefix("https://")
            .or_else(|| bare.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
            let message = format!("`{bare}` is no address like https://app.finaleinventory.com");
            return Err(AdapterError::config("base_url", message));
        }
        self.base_url = bare.to_owned();
        Ok(self)
    }
}
