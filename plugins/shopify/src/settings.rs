//! What an operator fills in, and what follows from it: the address, and how requests are signed in.

use bestand_plugin_api::http::Auth;
use bestand_plugin_api::{AdapterError, Result, SecretSpec};
use schemars::JsonSchema;
use serde::Deserialize;

/// The secret with an admin-made access token.
const ACCESS_TOKEN: &str = "access_token";
/// The secret with the app's client id.
const CLIENT_ID: &str = "client_id";
/// The secret with the app's client secret, which also signs webhooks.
const CLIENT_SECRET: &str = "client_secret";
/// The client secret from before its rotation, by which Shopify may sign for another hour.
const PREVIOUS_CLIENT_SECRET: &str = "previous_client_secret";
/// The secret of webhooks made by hand in the shop's admin.
const WEBHOOK_SECRET: &str = "webhook_secret";

/// Every secret a webhook may be signed with.
pub(crate) const SIGNING_SECRETS: [&str; 3] =
    [CLIENT_SECRET, PREVIOUS_CLIENT_SECRET, WEBHOOK_SECRET];

/// The only domain whose hosts are given a token.
const SHOP_DOMAIN: &str = ".myshopify.com";

/// The settings of one Shopify connection.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The shop's own domain, such as `acme.myshopify.com` (not the storefront's).
    pub shop: String,
    /// How requests sign in.
    #[serde(default)]
    pub sign_in: SignIn,
    /// A shop with more inventory items than this is listed by a bulk operation, a smaller one page by page.
    #[serde(default = "default_bulk_above_items")]
    pub bulk_above_items: u32,
    /// Another address instead of the shop's, for tests against a simulated shop.
    #[serde(default)]
    pub base_url: Option<String>,
}

/// How requests sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// With the access token of a custom app made in the shop's admin (before 2026).
    #[default]
    AccessToken,
    /// With client id and secret of an app of the Dev Dashboard; tokens last a day and are renewed.
    ClientCredentials,
}

fn default_bulk_above_items() -> u32 {
    2_000
}

// === impl Settings ===

impl Settings {
    /// Where the shop answers, without a trailing slash.
    ///
    /// # Errors
    /// `Config` when the shop is no `….myshopify.com` domain, or the other address is no URL: a token must not go
    /// just anywhere.
    pub(crate) fn origin(&self) -> Result<String> {
        if !is_shop_domain(&self.shop) {
            let message = format!(
                "`{}` is not a shop's own domain, `name{SHOP_DOMAIN}`",
                self.shop
            );
            return Err(AdapterError::config("shop", message));
        }
        match &self.base_url {
            None => Ok(format!("https://{}", self.shop)),
            Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
                Ok(url.trim_end_matches('/').to_owned())
            }
            Some(url) => {
                let message = format!("`{url}` is not an http or https address");
                Err(AdapterError::config("base_url", message))
            }
        }
    }

    /// What the host puts into every request.
    pub(crate) fn auth(&self, origin: &str) -> Auth {
        let header = "x-shopify-access-token";
        match self.sign_in {
            SignIn::AccessToken => Auth::header(header, ACCESS_TOKEN),
            SignIn::ClientCredentials => {
                let token_url = format!("{origin}/admin/oauth/access_token");
                Auth::client_credentials(token_url, CLIENT_ID, CLIENT_SECRET).in_header(header)
            }
        }
    }
}

/// The secrets a connection may have; which it needs depends on how it signs in.
pub(crate) fn secrets() -> Vec<SecretSpec> {
    let spec = SecretSpec::optional;
    vec![
        spec(
            ACCESS_TOKEN,
            "Admin API access token",
            "Shopify admin › Apps › your custom app; begins with shpat_",
        ),
        spec(
            CLIENT_ID,
            "Client ID",
            "Dev Dashboard › your app › Settings; for signing in with client credentials",
        ),
        spec(
            CLIENT_SECRET,
            "Client secret",
            "Dev Dashboard › your app › Settings; also verifies webhooks",
        ),
        spec(
            PREVIOUS_CLIENT_SECRET,
            "Previous client secret",
            "Only while a new client secret is being brought in",
        ),
        spec(
            WEBHOOK_SECRET,
            "Secret of hand-made webhooks",
            "Shopify admin › Settings › Notifications › Webhooks",
        ),
    ]
}

fn is_shop_domain(shop: &str) -> bool {
    let Some(name) = shop.strip_suffix(SHOP_DOMAIN) else {
        return false;
    };
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && !name.starts_with('-') && name.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(shop: &str, base_url: Option<&str>) -> Result<String> {
        let base_url = base_url.map(str::to_owned);
        Settings {
            shop: shop.into(),
            sign_in: SignIn::default(),
            bulk_above_items: 0,
            base_url,
        }
        .origin()
    }

    #[test]
    fn a_token_goes_to_shop_domains_and_explicit_addresses_only() {
        assert_eq!(
            origin("acme-2.myshopify.com", None).unwrap(),
            "https://acme-2.myshopify.com"
        );
        for shop in [
            "acme.example",
            "acme.myshopify.com.evil.example",
            "a/b.myshopify.com",
            ".myshopify.com",
            "acme.myshopify.com@evil.example",
        ] {
            assert!(origin(shop, None).is_err(), "{shop}");
        }
        assert_eq!(
            origin("acme.myshopify.com", Some("http://127.0.0.1:9/")).unwrap(),
            "http://127.0.0.1:9"
        );
        assert!(origin("acme.myshopify.com", Some("file:///etc")).is_err());
    }
}
