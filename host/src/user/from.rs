//! Where somebody signs in from: told to them in the list of their sessions, and what throttling goes by.

use std::net::{IpAddr, Ipv6Addr};

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
    /// The browser's description, short and on one line, whatever was sent.
    pub(super) fn shown_agent(&self) -> String {
        let one_line = |char: char| if char.is_control() { ' ' } else { char };
        let chars = self.agent.chars().map(one_line).take(AGENT_CHARS_MAX);
        chars.collect::<String>().trim().into()
    }

    /// Whom to hold responsible: an IPv4 address or an IPv6 network. Nobody for this machine itself: what comes from
    /// it comes through a proxy, from everybody.
    pub(super) fn network(&self) -> Option<IpAddr> {
        match self.address?.to_canonical() {
            address if address.is_loopback() => None,
            IpAddr::V4(address) => Some(address.into()),
            IpAddr::V6(address) => {
                Some(Ipv6Addr::from_bits(address.to_bits() & IPV6_NETWORK).into())
            }
        }
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
