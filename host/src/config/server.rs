//! `[server]`: where the daemon listens and what it takes.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::duration;

/// Where the daemon listens and what it takes. Changes take effect after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on, without TLS: put a proxy in front. Default `127.0.0.1:7070`; port 0 takes a
    /// free one.
    #[schemars(with = "String", extend("format" = "socket-address"))]
    pub listen: SocketAddr,
    /// The address at which others reach the daemon, for the links and webhooks it hands out. Default: made from
    /// `listen`.
    #[schemars(extend("format" = "http-url"))]
    pub public_url: Option<String>,
    /// The longest request body taken, in bytes. Default 16 MiB, which is about 100,000 levels; from 1 KiB to 1 GiB.
    #[schemars(range(min = 1024, max = 1_073_741_824))]
    pub body_bytes_max: usize,
    /// How many requests a minute one API key may make. Default 6,000; 0 for no limit.
    #[serde(deserialize_with = "no_limit_at_zero")]
    #[schemars(with = "u32", range(min = 0, max = 10_000_000))]
    pub requests_per_minute: Option<NonZeroU32>,
    /// How long a request may take before it is given up, in seconds. Default 30; from 1 to 3,600.
    #[serde(rename = "request_timeout_secs", deserialize_with = "duration::secs")]
    #[schemars(with = "u64", range(min = 1, max = 3600))]
    pub request_timeout: Duration,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7070)),
            public_url: None,
            body_bytes_max: 16 << 20,
            requests_per_minute: NonZeroU32::new(6000),
            request_timeout: Duration::from_secs(30),
        }
    }
}

fn no_limit_at_zero<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NonZeroU32>, D::Error> {
    u32::deserialize(deserializer).map(NonZeroU32::new)
}
