//! Where an adapter may speak to: the hosts of its manifest, and no private address unless the operator allows it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};

use bestand_plugin_api::{AdapterError, Result};
use ipnet::IpNet;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::Value;

/// Networks that are not the public internet (IANA special-purpose registries).
static PRIVATE_NETWORKS: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    let networks = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "::/128",
        "::1/128",
        "64:ff9b::/96",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    ];
    networks
        .iter()
        .map(|network| network.parse().expect("a network written out above"))
        .collect()
});

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

/// Resolves names, and leaves out private addresses: a public name that points inwards reaches nothing.
pub(super) struct PublicResolver;

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

// === impl PublicResolver ===

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> =
                found.filter(|address| !is_private(address.ip())).collect();
            if public.is_empty() {
                return Err(format!("`{}` has no public address", name.as_str()).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

impl PublicResolver {
    pub(super) fn shared() -> Arc<Self> {
        Arc::new(Self)
    }
}

/// Whether an address is not on the public internet.
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    let address = address.to_canonical(); // ::ffff:10.0.0.1 is 10.0.0.1.
    PRIVATE_NETWORKS
        .iter()
        .any(|network| network.contains(&address))
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
        for private in [
            "10.1.2.3",
            "::1",
            "::ffff:192.168.0.1",
            "169.254.169.254",
            "fd00::1",
            "100.64.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        assert!(!is_private("93.184.216.34".parse().unwrap()));
    }
}
