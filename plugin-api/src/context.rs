//! The host as an adapter sees it during one call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::call::host::{HmacClaim, HmacVerify, Now, Sleep};
use crate::call::{self, Method, Port};
use crate::http::Http;
use crate::sources::Sources;
use crate::state::State;
use crate::{Result, Timestamp};

/// Host services on behalf of one call: they count against its deadline and its priority, and end with it. A [`Ctx`]
/// kept beyond its call is refused with [`Bug`](crate::ErrorKind::Bug).
#[derive(Clone)]
pub struct Ctx {
    host: Arc<dyn Port>,
    call: u64,
    connection: Arc<str>,
}

// === impl Ctx ===

impl Ctx {
    /// The services of `host` for call number `call` of `connection`.
    #[must_use]
    pub fn new(host: Arc<dyn Port>, call: u64, connection: &str) -> Self {
        Self {
            host,
            call,
            connection: connection.into(),
        }
    }

    /// HTTP, the only way out.
    #[must_use]
    pub fn http(&self) -> Http<'_> {
        Http { ctx: self }
    }

    /// Durable keys and values of this connection.
    #[must_use]
    pub fn state(&self) -> State<'_> {
        State { ctx: self }
    }

    /// Other inventory sources of the account: those that the connection's settings name, for an adapter with
    /// [`SourceReads`](crate::SourceReads).
    #[must_use]
    pub fn sources(&self) -> Sources<'_> {
        Sources { ctx: self }
    }

    /// The time, as the host has it; in tests it stands still.
    ///
    /// # Errors
    /// Only when the host is going down.
    pub async fn now(&self) -> Result<Timestamp> {
        self.ask::<Now>(&()).await
    }

    /// Waits, at most 10 min; the call's deadline goes on. Waiting for a rate limit is better left to the host: declare
    /// a bucket, or answer [`rate_limited`](crate::AdapterError::rate_limited).
    ///
    /// # Errors
    /// Only when the host is going down.
    pub async fn sleep(&self, duration: Duration) -> Result<()> {
        self.ask::<Sleep>(&u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
            .await
    }

    /// Whether `signature` (raw bytes, not their hex or base64) is the HMAC-SHA256 of `data` under one of the named
    /// secrets; several while one is being rotated. Compared in constant time.
    ///
    /// # Errors
    /// `Config` when none of the secrets is there.
    pub async fn hmac_verify(
        &self,
        secrets: &[&str],
        data: &[u8],
        signature: &[u8],
    ) -> Result<bool> {
        let claim = HmacClaim {
            secrets: secrets.iter().map(ToString::to_string).collect(),
            data: data.to_vec(),
            signature: signature.to_vec(),
        };
        self.ask::<HmacVerify>(&claim).await
    }

    pub(crate) async fn ask<M: Method>(&self, params: &M::Params) -> Result<M::Reply> {
        self.ask_with::<M>(params).await
    }

    /// Asks with something that is encoded like the parameters, such as a slice for a `Vec`.
    pub(crate) async fn ask_with<M: Method>(
        &self,
        params: &(impl Serialize + ?Sized),
    ) -> Result<M::Reply> {
        let request = call::request_with::<M>(self.call, &self.connection, params)?;
        let response = self.host.call(request).await;
        call::read_response(&response).and_then(call::decode)
    }
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("call", &self.call)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
