//! What a manifest allows a connection's requests, as the daemon has it.

use std::net::IpAddr;

use serde_json::Value;
use url::Url;

use crate::http::{Auth, HttpBody, HttpRequest, SecretPlace};
use crate::{AdapterError, Manifest, Result};

#[derive(Debug)]
pub(super) struct Rules {
    hosts: Vec<Host>,
    buckets: Vec<String>,
    secrets: Vec<String>,
}

#[derive(Debug)]
enum Host {
    Exact(String),
    /// `.example.com`: any host below.
    Below(String),
}

// === impl Rules ===

impl Rules {
    pub(super) fn new(manifest: &Manifest, settings: &Value) -> Self {
        let rules = manifest.outbound.iter();
        let buckets = manifest.buckets.iter();
        let secrets = manifest.secrets.iter();
        Self {
            hosts: rules
                .filter_map(|rule| Host::parse(rule, settings))
                .collect(),
            buckets: buckets.map(|bucket| bucket.name.clone()).collect(),
            secrets: secrets.map(|secret| secret.name.clone()).collect(),
        }
    }

    pub(super) fn check(&self, request: &HttpRequest, allows_private: bool) -> Result<()> {
        let url = Url::parse(&request.url)
            .map_err(|error| AdapterError::bug(format!("`{}` is no URL: {error}", request.url)))?;
        self.reach(&url, allows_private)?;
        for name in &request.buckets {
            if !self.buckets.contains(name) {
                let message = format!("the manifest has no bucket `{name}`");
                return Err(AdapterError::bug(message));
            }
        }
        if !is_token(&request.method) {
            let message = format!("`{}` is no HTTP method", request.method);
            return Err(AdapterError::bug(message));
        }
        for (name, value) in &request.headers {
            if !is_token(name) || value.chars().any(|c| c.is_control() && c != '\t') {
                return Err(AdapterError::bug(format!("`{name}` is no valid header")));
            }
        }
        self.sign_in(request, allows_private)
    }

    pub(super) fn secret(&self, name: &str) -> Result<()> {
        if self.secrets.iter().any(|known| known == name) {
            return Ok(());
        }
        let message = format!("the manifest declares no secret `{name}`; add a `SecretSpec`");
        Err(AdapterError::config(name, message))
    }

    fn sign_in(&self, request: &HttpRequest, allows_private: bool) -> Result<()> {
        match &request.auth {
            Auth::None => Ok(()),
            Auth::Basic { user, password } => self.secret(user).and(self.secret(password)),
            Auth::Bearer { token: secret } | Auth::Header { secret, .. } => self.secret(secret),
            Auth::ClientCredentials {
                token_url,
                client_id,
                client_secret,
                ..
            } => {
                let url = Url::parse(token_url)
                    .map_err(|_| AdapterError::bug("the token URL is no URL"))?;
                self.reach(&url, allows_private)?;
                self.secret(client_id).and(self.secret(client_secret))
            }
            Auth::Places { places } => places
                .iter()
                .try_for_each(|place| self.put_in(place, &request.body)),
            Auth::Unknown => Err(AdapterError::unsupported("no such way to sign in")),
        }
    }

    fn put_in(&self, place: &SecretPlace, body: &HttpBody) -> Result<()> {
        match place {
            SecretPlace::Header { name, .. } if !is_token(name) => {
                Err(AdapterError::bug(format!("`{name}` is no valid header")))
            }
            SecretPlace::Header { secret, .. } => self.secret(secret),
            SecretPlace::Json { path, secret } => self
                .secret(secret)
                .and_then(|()| body.with_json_member(path, "").map(drop)),
            SecretPlace::Unknown => Err(AdapterError::unsupported("no such place for a secret")),
        }
    }

    fn reach(&self, url: &Url, allows_private: bool) -> Result<()> {
        let host = host_of(url);
        if !self.hosts.iter().any(|rule| rule.allows(&host)) {
            let message = format!(
                "the adapter may not speak to `{host}`: its manifest does not name that host"
            );
            return Err(AdapterError::config("outbound", message));
        }
        let is_private = host.parse().is_ok_and(is_private);
        if !allows_private && (url.scheme() != "https" || is_private) {
            let message = format!(
                "`{host}` must be a public address, reached over https, unless `allow_private_network` is set"
            );
            return Err(AdapterError::config("allow_private_network", message));
        }
        Ok(())
    }
}

// === impl Host ===

impl Host {
    /// A rule of a setting that is not there, or holds no URL, allows nothing.
    fn parse(rule: &str, settings: &Value) -> Option<Self> {
        let setting = rule
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(setting) = setting {
            let url = Url::parse(settings.get(setting)?.as_str()?).ok()?;
            return Some(Self::Exact(host_of(&url)));
        }
        Some(match rule.strip_prefix('*') {
            Some(below) => Self::Below(below.to_ascii_lowercase()),
            None => Self::Exact(rule.to_ascii_lowercase()),
        })
    }

    fn allows(&self, host: &str) -> bool {
        match self {
            Self::Exact(name) => host == name,
            Self::Below(suffix) => host.ends_with(suffix.as_str()) && host.len() > suffix.len(),
        }
    }
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.trim_matches(['[', ']']).to_ascii_lowercase()
}

/// The private addresses one meets in tests; the daemon knows all of them.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified()
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.is_unspecified()
        }
    }
}

/// RFC 9110's token: what methods and names of headers are made of.
fn is_token(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(legal)
}
