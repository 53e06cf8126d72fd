//! Where an adapter may speak to: the hosts of its manifest, and no private address unless the operator allows it.

use std::net::IpAddr;

use bestand_plugin_api::{AdapterError, Result};
use reqwest::Url;
use serde_json::Value;

use crate::public_internet::is_private;

/// What one connection may reach.
#[derive(Clone, Debug)]
pub struct Outbound {
    hosts: Vec<HostRule>,
    allow_private: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HostRule {
    Exact(String),
    /// `.example.com`: any host below.
    Below(String),
}

// === impl Outbound ===

impl Outbound {
    /// The rules of a manifest, with `{setting}` replaced by the host of that setting's URL.
    #[must_use]
    pub fn new(declared: &[String], settings: &Value, allow_private: bool) -> Self {
        let hosts = declared
            .iter()
            .filter_map(|rule| HostRule::parse(rule, settings))
            .collect();
        Self {
            hosts,
            allow_private,
        }
    }

    /// Whether private addresses may be reached.
    #[must_use]
    pub fn allows_private(&self) -> bool {
        self.allow_private
    }

    /// Refuses what may not be reached. Names are resolved later, by a resolver that refuses private addresses.
    ///
    /// # Errors
    /// `Config`, saying which rule is missing.
    pub fn check(&self, url: &Url) -> Result<()> {
        let host = url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_ascii_lowercase();
        if !self.hosts.iter().any(|rule| rule.allows(&host)) {
            let message = format!(
                "the adapter may not speak to `{host}`: its manifest does not name that host"
            );
            return Err(AdapterError::config("outbound", message));
        }
        if self.allow_private {
            return Ok(());
        }
        if url.scheme() != "https" {
            let message = format!(
                "`{host}` must be reached over https, unless `allow_private_network` is set"
            );
            return Err(AdapterError::config("allow_private_network", message));
        }
        match host.parse::<IpAddr>() {
            Ok(address) if is_private(address) => Err(AdapterError::config(
                "allow_private_network",
                format!(
                    "`{host}` is a private address; set `allow_private_network = true` to reach it"
                ),
            )),
            _ => Ok(()),
        }
    }
}

// === impl HostRule ===

impl HostRule {
    fn parse(rule: &str, settings: &Value) -> Option<Self> {
        if let Some(setting) = rule
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            let url = Url::parse(settings.get(setting)?.as_str()?).ok()?;
            let host = url.host_str()?.trim_matches(['[', ']']);
            return Some(Self::Exact(host.to_ascii_lowercase()));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, allow_private: bool) -> Result<()> {
        let declared = ["api.example.com", "*.shop.test", "{base_url}"].map(String::from);
        let settings = serde_json::json!({ "base_url": "http://127.0.0.1:8080/api" });
        Outbound::new(&declared, &settings, allow_private).check(&Url::parse(url).unwrap())
    }

    #[test]
    fn only_declared_hosts_are_reached() {
        assert!(check("https://api.example.com/x", false).is_ok());
        assert!(check("https://API.EXAMPLE.COM/x", false).is_ok());
        assert!(check("https://a.shop.test", false).is_ok());
        for foreign in [
            "https://evil.com",
            "https://shop.test",
            "https://evilshop.test",
            "https://api.example.com.evil.com",
        ] {
            assert!(check(foreign, true).is_err(), "{foreign}");
        }
    }

    #[test]
    fn private_addresses_and_plain_http_need_the_operators_leave() {
        assert!(check("http://api.example.com", false).is_err());
        let refused = check("https://127.0.0.1:8080/", false).unwrap_err();
        assert!(
            refused.message.contains("allow_private_network"),
            "{refused}"
        );
        assert!(check("http://127.0.0.1:8080/api", true).is_ok());
    }
}
