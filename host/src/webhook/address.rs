//! Where messages may go: an address of the public internet over TLS, unless the installation allows more.

use std::net::IpAddr;

use reqwest::Url;

use crate::public_internet::is_private;

/// Longest address, in characters: what servers commonly take.
pub const URL_CHARS_MAX: usize = 2_000;

/// How far messages may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses, over TLS.
    Public,
    /// To the installation's own network too, and without TLS.
    Everywhere,
}

/// Why messages may not go to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// It is none.
    #[error("it is no `https://` address with a host")]
    Malformed,
    /// It is too long.
    #[error("it must have at most {URL_CHARS_MAX} characters")]
    TooLong,
    /// It holds a user name or a password.
    #[error("it must hold no user name and no password; the signature says who sends")]
    Credentials,
    /// It is not protected on the way.
    #[error("it must begin with `https://`, unless `webhooks.allow_private_network` is set")]
    Plain,
    /// It lies in the installation's own network.
    #[error(
        "it is an address of the installation's own network, which needs `webhooks.allow_private_network`"
    )]
    Private,
}

/// The address that `text` is, when messages may go there. Names are resolved later, by a resolver that leaves out
/// private addresses.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(text: &str, reach: Reach) -> Result<Url, AddressFault> {
    if text.chars().count() > URL_CHARS_MAX {
        return Err(AddressFault::TooLong);
    }
    let url = Url::parse(text).map_err(|_| AddressFault::Malformed)?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    if host.is_empty() || !["http", "https"].contains(&url.scheme()) {
        return Err(AddressFault::Malformed);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressFault::Credentials);
    }
    let is_private = host.parse::<IpAddr>().is_ok_and(is_private);
    match reach {
        Reach::Everywhere => Ok(url),
        Reach::Public if url.scheme() != "https" => Err(AddressFault::Plain),
        Reach::Public if is_private => Err(AddressFault::Private),
        Reach::Public => Ok(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, reach: Reach) -> Option<AddressFault> {
        check(text, reach).err()
    }

    #[test]
    fn messages_go_to_public_addresses_over_tls() {
        assert_eq!(
            refused("https://example.com/hooks?a=1", Reach::Public),
            None
        );
        let plain = Some(AddressFault::Plain);
        assert_eq!(refused("http://example.com/", Reach::Public), plain);
        for inside in [
            "https://127.0.0.1/",
            "https://[::1]:8443/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            let private = Some(AddressFault::Private);
            assert_eq!(refused(inside, Reach::Public), private, "{inside}");
            assert_eq!(refused(inside, Reach::Everywhere), None, "{inside}");
        }
    }

    #[test]
    fn what_is_no_address_or_says_who_sends_is_refused_everywhere() {
        for none in [
            "",
            "example.com",
            "ftp://example.com/",
            "https://",
            "mailto:a@b.example",
        ] {
            let fault = refused(none, Reach::Everywhere);
            assert_eq!(fault, Some(AddressFault::Malformed), "{none}");
        }
        let user = refused("https://user:word@example.com/", Reach::Everywhere);
        assert_eq!(user, Some(AddressFault::Credentials));
        let long = format!("https://example.com/{}", "x".repeat(URL_CHARS_MAX));
        assert_eq!(
            refused(&long, Reach::Everywhere),
            Some(AddressFault::TooLong)
        );
    }
}
