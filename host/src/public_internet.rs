//! Which addresses are on the public internet: what others name must not lead into the installation's own network.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

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

/// Resolves names, and leaves out private addresses: a public name that points inwards reaches nothing.
pub struct PublicResolver;

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
    /// One for a client to use.
    #[must_use]
    pub fn shared() -> Arc<Self> {
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

    #[test]
    fn what_is_not_on_the_public_internet_is_known_in_every_spelling() {
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

    #[tokio::test]
    async fn a_name_that_points_inwards_is_not_resolved() {
        let resolved = PublicResolver.resolve("localhost".parse().unwrap()).await;
        let refused = resolved.err().unwrap().to_string();
        assert_eq!(refused, "`localhost` has no public address");
    }
}
