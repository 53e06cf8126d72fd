//! The host as an adapter sees it during one call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::call::host::{HmacClaim, HmacVerify, Now, Sleep};
use crate::call::{self, Method, Port};
use crate::http::Http;
use crate::state::State;
use crate::{Result, Timestamp};

/// Host services on behalf of one call: they count against its deadline and its priority.
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

    /// The time.
    ///
    /// # Errors
    /// Only when the host is going down.
    pub async fn now(&self) -> Result<Timestamp> {
        self.ask::<Now>(&()).await
    }

    /// Waits.
    ///
    /// # Errors
    /// Only when the host is going down.
    pub async fn sleep(&self, duration: Duration) -> Result<()> {
        self.ask::<Sleep>(&u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
            .await
    }

    /// Whether `signature` is the HMAC-SHA256 of `data` under one of the named secrets.
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
        call::ask::<M>(&*self.host, self.call, &self.connection, params).await
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
