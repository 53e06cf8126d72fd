//! Where somebody signs in from: told to them in the list of their sessions, and what throttling goes by.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Longest description of a browser that is kept, in characters; real ones have some hundred.
const AGENT_CHARS_MAX: usize = 200;
/// The bits of an IPv6 address that one customer of a provider has: who has one address has all in it.
const IPV6_NETWORK: u128 = !0 << 64;

/// Where somebody signs in from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct From {
    /// The address of their end of the connection; `None` where a proxy hides it.
    pub address: Option<IpAddr>,
    /// What their browser calls itself.
    pub agent: String,
}

// === impl From ===

impl From {
    /// Where a request comes from: the other end of its connection; or, where that is a proxy of ours, whoever the proxy
    /// says it has it from.
    ///
    /// `forwarded_for` is `X-Forwarded-For`, nearest last. Only the last is our proxy's word, all before it may be made
    /// up. Whoever is on our own network may make up the last one too, and so be counted as many: the count of a name
    /// from strangers, which knows of no addresses, stops them.
    #[must_use]
    pub fn new(peer: Option<IpAddr>, forwarded_for: Option<&str>, agent: &str) -> Self {
        let peer = peer.map(|peer| peer.to_canonical());
        let nearest = forwarded_for.and_then(|list| list.rsplit(',').next());
        let forwarded = nearest.and_then(read_address);
        Self {
            address: match peer {
                Some(peer) if is_ours(peer) => forwarded.or(Some(peer)),
                other => other,
            },
            agent: agent.into(),
        }
    }

    /// The browser's description, short and on one line, whatever was sent.
    pub(super) fn shown_agent(&self) -> String {
        let one_line = |char: char| if char.is_control() { ' ' } else { char };
        let chars = self.agent.chars().map(one_line).take(AGENT_CHARS_MAX);
        chars.collect::<String>().trim().into()
    }

    /// Whom to hold responsible: an IPv4 address or an IPv6 network. Nobody for this machine itself: what comes from
    /// it comes through a proxy, from everybody.
    #[must_use]
    pub fn network(&self) -> Option<IpAddr> {
        match self.address?.to_canonical() {
            address if address.is_loopback() => None,
            IpAddr::V4(address) => Some(address.into()),
            IpAddr::V6(address) => {
                Some(Ipv6Addr::from_bits(address.to_bits() & IPV6_NETWORK).into())
            }
        }
    }
}

/// With a port or without: proxies differ.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    let address = text.parse().or_else(|_| with_port());
    address.ok().map(|address| address.to_canonical())
}

/// Whether an address is of this machine or its network, where proxies are.
fn is_ours(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_of_one_customer_are_one_network() {
        let network = |address: &str| {
            let address = Some(address.parse().unwrap());
            let from = From {
                address,
                agent: String::new(),
            };
            from.network().map(|network| network.to_string())
        };
        assert_eq!(network("192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(network("::ffff:192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(
            network("2001:db8:1:2:3:4:5:6").as_deref(),
            Some("2001:db8:1:2::")
        );
        assert_eq!((network("127.0.0.1"), network("::1")), (None, None));
    }

    #[test]
    fn a_proxy_of_ours_is_believed_and_nobody_else() {
        let address = |peer: &str, forwarded_for| {
            let from = From::new(peer.parse().ok(), forwarded_for, "");
            from.address.map(|address| address.to_string())
        };
        for (peer, forwarded_for, expected) in [
            ("192.0.2.7", None, "192.0.2.7"),
            ("192.0.2.7", Some("198.51.100.1"), "192.0.2.7"),
            ("127.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            (
                "::ffff:172.18.0.2",
                Some("203.0.113.9, 198.51.100.1:4711"),
                "198.51.100.1",
            ),
            ("::1", Some("[2001:db8::1]:443"), "2001:db8::1"),
            ("fd00::1", Some("2001:db8::1"), "2001:db8::1"),
            ("10.0.0.1", Some("unknown"), "10.0.0.1"),
        ] {
            let found = address(peer, forwarded_for);
            assert_eq!(found.as_deref(), Some(expected), "{peer} {forwarded_for:?}");
        }
        assert_eq!(From::new(None, Some("192.0.2.7"), "").address, None);
    }

    #[test]
    fn whatever_a_browser_calls_itself_is_kept_on_one_short_line() {
        let from = From {
            address: None,
            agent: format!(" Fire\nfox {}", "x".repeat(1_000)),
        };
        let shown = from.shown_agent();
        assert!(
            shown.starts_with("Fire fox x") && shown.len() < 200,
            "{shown}"
        );
    }
}
