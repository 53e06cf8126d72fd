//! The load: requests over connections that are kept alive, as fast as they are answered or at a given rate.
//!
//! One thread serves all connections and does as little as it can, because it shares the cores with what it measures.
//! It is the same for floor and daemon. [`client`] is one connection by itself; [`closed`] asks anew as soon as it is
//! answered; [`paced`] asks when it is time.

pub(crate) mod client;
pub(crate) mod closed;
pub(crate) mod connection;
pub(crate) mod paced;

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What is asked, over and over.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// Who is asked.
    pub(crate) address: SocketAddr,
    /// The requests, whole; each connection goes through them in turn.
    pub(crate) requests: Arc<Vec<Vec<u8>>>,
}

/// A whole request that posts JSON.
pub(crate) fn post(path: &str, login: Option<(&str, &str)>, body: &str) -> Vec<u8> {
    send("POST", path, login, "application/json", body)
}

/// A whole request that sends something.
pub(crate) fn send(
    method: &str,
    path: &str,
    login: Option<(&str, &str)>,
    content_type: &str,
    body: &str,
) -> Vec<u8> {
    let (login, length) = (login_line(login), body.len());
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\n{login}content-type: {content_type}\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A whole request that reads.
pub(crate) fn get(path: &str, login: Option<(&str, &str)>) -> Vec<u8> {
    let login = login_line(login);
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{login}\r\n").into_bytes()
}

fn login_line(login: Option<(&str, &str)>) -> String {
    let line = |(key, secret)| {
        let pair = STANDARD.encode(format!("{key}:{secret}"));
        format!("authorization: Basic {pair}\r\n")
    };
    login.map(line).unwrap_or_default()
}
