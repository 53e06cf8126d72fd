//! The link that makes the first admin: for whoever can read what the daemon prints, and for one use.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::secret::SecretText;

/// How long a link is good: long enough to be fetched by somebody else, and not lying in a terminal for ever.
pub const SET_UP_TOKEN_LIFE: Duration = Duration::from_secs(24 * 3600);

/// The link with this token, at the address where others reach the daemon, or at the one it listens on.
#[must_use]
pub fn set_up_link(public_url: Option<&str>, listen: SocketAddr, token: &SecretText) -> SecretText {
    let address = match public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", reachable(listen)),
    };
    format!("{address}/set-up?token={}", token.reveal()).into()
}

/// A daemon that listens everywhere is reached on this machine at least.
fn reachable(listen: SocketAddr) -> SocketAddr {
    match listen.ip().is_unspecified() {
        true => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port()),
        false => listen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_where_the_daemon_is_reached() {
        let link = |public_url, listen: &str| {
            let link = set_up_link(public_url, listen.parse().unwrap(), &"T".into());
            link.reveal().to_owned()
        };
        assert_eq!(
            link(None, "127.0.0.1:7070"),
            "http://127.0.0.1:7070/set-up?token=T"
        );
        assert_eq!(
            link(None, "[::]:7070"),
            "http://127.0.0.1:7070/set-up?token=T"
        );
        assert_eq!(
            link(Some("https://stock.example/"), "0.0.0.0:80"),
            "https://stock.example/set-up?token=T"
        );
    }
}
