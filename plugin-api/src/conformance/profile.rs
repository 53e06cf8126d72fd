//! What the kit must know of an adapter to try it: settings, secrets, what stands behind it, what is skipped.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use crate::testing::{Credentials, SourceSample};
use crate::{InboundRequest, Manifest, StockOperation, Timestamp};

/// A profile: TOML beside the adapter's tests, and what `bestand plugin check --settings` reads.
///
/// ```
/// use bestand_plugin_api::conformance::Profile;
///
/// let profile: Profile = r#"
///     upstream = "cassette.toml"              # or an address; a relative path is beside this file
///
///     [settings]
///     base_url = "https://api.shelf.example"
///
///     [secrets]                               # without it, and with a cassette, the kit makes some up
///     api_key = { env = "SHELF_KEY" }         # or { file = "key.txt" }, or the value itself
///
///     [bad_secrets]                           # what the system must refuse; else the kit spoils the good ones
///     api_key = "revoked"
///
///     [[inbound]]                             # a push that the adapter takes
///     body = '{ "sku": "TEA-1", "free": 3, "there": 5 }'
///     headers = { "x-shelf-delivery" = "1" }
///     signature = { header = "x-shelf-signature", secret = "webhook_secret", encoding = "hex" }
///
///     [[source]]                              # another source of the account, that the settings name
///     id = "1"
///     name = "East"
///     levels = [{ sku = "TEA-1", available = 3, on_hand = 5 }]
///
///     [[skip]]
///     test = "a_body_that_stalls_is_passing_trouble"
///     reason = "the shelf has no bodies"
/// "#.parse()?;
/// assert_eq!(profile.skip.len(), 1);
/// # Ok::<(), bestand_plugin_api::conformance::ProfileError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Profile {
    /// What stands behind the adapter: a cassette's path, or an address that gets all its requests.
    pub upstream: Option<String>,
    /// Settings that work.
    pub settings: serde_json::Map<String, Value>,
    /// Secrets that work, by name.
    pub secrets: Option<BTreeMap<String, Secret>>,
    /// Secrets that the system refuses.
    pub bad_secrets: BTreeMap<String, Secret>,
    /// Pushes that the adapter takes.
    pub inbound: Vec<Sample>,
    /// Other inventory sources of the account, for an adapter that reads them.
    pub source: Vec<SourceSample>,
    /// Changes of stock done before each test, for an adapter that keeps stock itself.
    pub before: Vec<StockOperation>,
    /// Tests that do not apply, and why.
    pub skip: Vec<Skip>,
}

/// A secret: its value, or where it is.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Secret {
    /// Itself.
    Plain(String),
    /// Itself, or where it is.
    Source(SecretSource),
}

/// Where a secret is.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SecretSource {
    /// Here.
    Value(String),
    /// In a variable of the environment.
    Env(String),
    /// In a file.
    File(PathBuf),
}

/// A push that the adapter takes; the kit signs it with the secret it makes up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Sample {
    /// `POST` unless told.
    #[serde(default = "post")]
    pub method: String,
    /// The address it arrives at.
    #[serde(default = "public_url")]
    pub url: String,
    /// Headers but the signature.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
    /// How it is signed.
    #[serde(default)]
    pub signature: Option<Signature>,
}

/// How a push is signed: HMAC-SHA256.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Signature {
    /// The header that carries it.
    pub header: String,
    /// The secret that makes it.
    pub secret: String,
    /// How it is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// What is signed.
    #[serde(default)]
    pub signed: Signed,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Encoding {
    /// `Base64`.
    #[default]
    Base64,
    /// Hexadecimal digits.
    Hex,
}

/// What a signature is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Signed {
    /// The body.
    #[default]
    Body,
    /// The full address and the body behind it.
    UrlAndBody,
}

/// A test that is left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Skip {
    /// Its name.
    pub test: String,
    /// Why it does not apply; at least a few words.
    pub reason: String,
}

/// Why a file is no profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ProfileError(String);

fn post() -> String {
    "POST".into()
}

fn public_url() -> String {
    "https://bestand.example/hooks/kit".into()
}

// === impl Profile ===

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// When the file cannot be read, is no profile, or skips without a reason.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        let path = path.as_ref();
        let place = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ProfileError(format!("{place}: {error}")))?;
        Self::read(&text, &place)
    }

    /// The connection's secrets: given, or made up for a system that is played. What is optional and not given is
    /// missing.
    ///
    /// # Errors
    /// When a secret is not where it should be.
    pub fn credentials(&self, manifest: &Manifest) -> Result<Credentials, ProfileError> {
        let mut credentials = Credentials::default();
        for spec in &manifest.secrets {
            let given = self
                .secrets
                .as_ref()
                .and_then(|secrets| secrets.get(&spec.name));
            credentials = match given {
                Some(secret) => credentials.with(&spec.name, &secret.read(&spec.name)?),
                None if spec.optional || self.secrets.is_some() => credentials.without(&spec.name),
                None => credentials.with(&spec.name, &format!("kit-{}-7f3a91c2", spec.name)),
            };
        }
        Ok(credentials)
    }

    /// The same secrets, spoilt.
    ///
    /// # Errors
    /// As [`credentials`](Self::credentials).
    pub fn bad_credentials(&self, manifest: &Manifest) -> Result<Credentials, ProfileError> {
        let good = self.credentials(manifest)?;
        let mut bad = good.clone().wrong();
        for (name, value) in good.values() {
            let spoilt = match self.bad_secrets.get(name) {
                Some(secret) => secret.read(name)?,
                None => format!("{value}x"),
            };
            bad = bad.with(name, &spoilt);
        }
        Ok(bad)
    }

    /// Why `test` is skipped.
    #[must_use]
    pub fn reason_to_skip(&self, test: &str) -> Option<&str> {
        let skip = self.skip.iter().find(|skip| skip.test == test)?;
        Some(&skip.reason)
    }

    fn read(text: &str, place: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml_edit::de::from_str(text)
            .map_err(|error| ProfileError(format!("{place}: {}", error.to_string().trim())))?;
        for Skip { test, reason } in &profile.skip {
            if reason.trim().is_empty() {
                return Err(ProfileError(format!(
                    "{place}: `{test}` is skipped without a reason; write why it does not apply"
                )));
            }
            if !super::tests().iter().any(|known| known.name == test) {
                return Err(ProfileError(format!(
                    "{place}: there is no test `{test}` to skip"
                )));
            }
        }
        Ok(profile)
    }
}

impl std::str::FromStr for Profile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        Self::read(text, "the profile")
    }
}

// === impl Secret ===

impl Secret {
    fn read(&self, name: &str) -> Result<String, ProfileError> {
        let missing = |place: &str, error: &dyn fmt::Display| {
            ProfileError(format!("secret `{name}` is not in {place}: {error}"))
        };
        match self {
            Self::Plain(value) | Self::Source(SecretSource::Value(value)) => Ok(value.clone()),
            Self::Source(SecretSource::Env(variable)) => {
                std::env::var(variable).map_err(|error| missing(&format!("${variable}"), &error))
            }
            Self::Source(SecretSource::File(path)) => std::fs::read_to_string(path)
                .map(|text| text.trim().to_owned())
                .map_err(|error| missing(&path.display().to_string(), &error)),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

// === impl Sample ===

impl Sample {
    /// The push as it arrives, signed with the connection's secret.
    #[must_use]
    pub fn request(&self, credentials: &Credentials, received_at: Timestamp) -> InboundRequest {
        let body = self.body.clone().into_bytes();
        let mut request = InboundRequest::new(&self.method, &self.url, body, received_at);
        for (name, value) in &self.headers {
            request = request.with_header(name, value);
        }
        let Some(signature) = &self.signature else {
            return request;
        };
        let key = credentials.value(&signature.secret).unwrap_or_default();
        request.with_header(&signature.header, signature.of(key, &self.url, &self.body))
    }
}

// === impl Signature ===

impl Signature {
    fn of(&self, key: &str, url: &str, body: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
        if self.signed == Signed::UrlAndBody {
            mac.update(url.as_bytes());
        }
        mac.update(body.as_bytes());
        let bytes = mac.finalize().into_bytes();
        match self.encoding {
            Encoding::Base64 => STANDARD.encode(bytes),
            Encoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}
