//! What the operator fills in, and what follows from it: how requests sign in.

use std::collections::BTreeMap;

use bestand_plugin_api::http::{Auth, SecretPlace};
use bestand_plugin_api::{AdapterError, Registration, Result, SecretSpec};
use schemars::JsonSchema;
use serde::Deserialize;

const USERNAME: &str = "username";
const PASSWORD: &str = "password";
const API_KEY: &str = "api_key";
const ACCESS_TOKEN: &str = "access_token";

/// A connection to one account behind one module.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the module answers, up to the part before `/inventory_fetch`: `https://modules.acme.example/stock`.
    pub base_url: String,
    /// The code by which the module knows the kind of order source, as its maker tells it: `acme_wms`.
    pub order_source_api_code: String,
    /// Which credentials the system behind the module wants; they go into the body of every request.
    #[serde(default)]
    pub sign_in: SignIn,
    /// The address of the merchant's own store or warehouse, where the module serves many: `https://acme.example`.
    #[serde(default)]
    pub store_url: Option<String>,
    /// Which of the module's connections to take, such as `production`, where its maker tells of several.
    #[serde(default)]
    pub connection_name: Option<String>,
    /// What else the module wants to know of the account, by the names that its maker tells. No secrets: these are shown.
    #[serde(default)]
    pub connection_context: BTreeMap<String, String>,
    /// Names for the warehouses, by the ids that the module uses. One without a name is shown by its id.
    #[serde(default)]
    pub warehouse_names: BTreeMap<String, String>,
}

/// Which credentials a module is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// An API key.
    #[default]
    ApiKey,
    /// A user name and a password.
    Basic,
    /// An access token that does not end.
    AccessToken,
    /// None.
    None,
}

// === impl Settings ===

impl Settings {
    /// The settings, or the first one that cannot be right.
    ///
    /// # Errors
    /// `Config` that names the field.
    pub(crate) fn checked(mut self) -> Result<Self> {
        let bare = self.base_url.trim_end_matches('/');
        let rest = bare
            .strip_prefix("https://")
            .or_else(|| bare.strip_prefix("http://"));
        if rest.is_none_or(|rest| {
            rest.is_empty() || rest.starts_with('/') || rest.contains(['?', '#'])
        }) {
            let shown: String = bare.chars().take(100).collect();
            let message =
                format!("`{shown}` is no address like https://modules.acme.example/stock");
            return Err(AdapterError::config("base_url", message));
        }
        if self.order_source_api_code.trim().is_empty() {
            let message = "the code of the order source is empty: the module's maker tells it";
            return Err(AdapterError::config("order_source_api_code", message));
        }
        self.base_url = bare.to_owned();
        Ok(self)
    }

    /// What the host puts into the body of every request.
    pub(crate) fn auth(&self) -> Auth {
        let place = |name: &str| SecretPlace::json(format!("auth.{name}"), name);
        match self.sign_in {
            SignIn::ApiKey => Auth::places([place(API_KEY)]),
            SignIn::Basic => Auth::places([place(USERNAME), place(PASSWORD)]),
            SignIn::AccessToken => Auth::places([place(ACCESS_TOKEN)]),
            SignIn::None => Auth::None,
        }
    }
}

/// The secrets a connection may have; which it needs depends on how it signs in.
pub(crate) fn secrets() -> Vec<SecretSpec> {
    let spec = |name, label, help: &str| {
        let help = format!("{help}, as the maker of the module says");
        SecretSpec::optional(name, label, &help)
    };
    vec![
        spec(
            API_KEY,
            "API key",
            "Of the system behind the module, where `sign_in` is `api_key`",
        ),
        spec(
            USERNAME,
            "User name",
            "Of the system behind the module, where `sign_in` is `basic`",
        ),
        spec(
            PASSWORD,
            "Password",
            "Of the system behind the module, where `sign_in` is `basic`",
        ),
        spec(
            ACCESS_TOKEN,
            "Access token",
            "Of the system behind the module, where `sign_in` is `access_token`",
        ),
    ]
}

/// What the credentials of a partner become that registers itself: `sign_in` says which of them are sent.
pub(crate) fn registration() -> Registration {
    Registration::new([PASSWORD, ACCESS_TOKEN], [API_KEY, USERNAME])
}
