//! The messages: one request and one response, either way, in MessagePack with named fields. For hosts and tests;
//! authors need nothing of it.
//!
//! A reader skips fields it does not know and defaults those it misses; a method it does not know is answered
//! `Unsupported`. So a newer contract adds methods and fields, and never changes the ABI. The same bytes serve a
//! plugin in-process and in a child process.
//!
//! **Rules for a 1.x.** What was sent keeps its name and meaning. A new field has a default and may be ignored by who
//! does not know it; what must not be ignored is a new method. Parameters that are a bare value (`stock.list` takes a
//! cursor) cannot grow: what concerns any call goes into [`Request`]. A new variant of an enum is read by an older
//! side as the one its documentation names; enums that are *closed* get none.
//!
//! **Invariant:** whatever the bytes, reading them neither panics nor takes memory out of proportion: `call/check.rs`
//! looks at them first.

use std::future::Future;
use std::pin::Pin;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{AdapterError, Result};

pub mod adapter;
mod check;
pub mod host;

/// Largest message either way, in bytes: ten thousand fat levels. More is refused before it is read.
pub const MESSAGE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// A future that crosses the boundary.
pub type PortFuture = Pin<Box<dyn Future<Output = Vec<u8>> + Send>>;

/// One direction of the boundary: bytes in, bytes out. A library, a child process and a test double all look so.
pub trait Port: Send + Sync {
    /// Carries one request and its response.
    fn call(&self, request: Vec<u8>) -> PortFuture;
}

/// Something that can be asked for: a name, what it takes, what it gives.
pub trait Method {
    /// The name on the wire; never changes.
    const NAME: &'static str;
    /// What it takes.
    type Params: Serialize + DeserializeOwned + Send + 'static;
    /// What it gives.
    type Reply: Serialize + DeserializeOwned + Send + 'static;
}

/// One request on the wire.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request<'a> {
    /// Number of the adapter call; a plugin's requests to the host carry the number of the call they serve.
    #[serde(default)]
    pub call: u64,
    /// The connection it is about; empty for none.
    #[serde(default)]
    pub connection: &'a str,
    /// [`Method::NAME`].
    pub method: &'a str,
    /// The encoded [`Method::Params`].
    #[serde(with = "serde_bytes")]
    pub params: &'a [u8],
}

/// One response on the wire.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Response<'a> {
    /// The encoded [`Method::Reply`].
    #[serde(
        borrow,
        default,
        with = "serde_bytes",
        skip_serializing_if = "Option::is_none"
    )]
    ok: Option<&'a [u8]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<AdapterError>,
}

/// Asks `port` for `M` and waits for the answer.
///
/// # Errors
/// What the other side answered, or `Protocol` when its answer cannot be read.
pub async fn ask<M: Method>(
    port: &dyn Port,
    call: u64,
    connection: &str,
    params: &M::Params,
) -> Result<M::Reply> {
    let request = request::<M>(call, connection, params)?;
    let response = port.call(request).await;
    read_response(&response).and_then(decode)
}

/// The bytes of a request.
///
/// # Errors
/// `Bug` when the parameters cannot be encoded or are too large for a message.
pub fn request<M: Method>(call: u64, connection: &str, params: &M::Params) -> Result<Vec<u8>> {
    request_with::<M>(call, connection, params)
}

/// As [`request`], with something that is encoded like the parameters.
pub(crate) fn request_with<M: Method>(
    call: u64,
    connection: &str,
    params: &(impl Serialize + ?Sized),
) -> Result<Vec<u8>> {
    let params = encode(params)?;
    let request = encode(&Request {
        call,
        connection,
        method: M::NAME,
        params: &params,
    })?;
    if request.len() > MESSAGE_BYTES_MAX {
        return Err(AdapterError::bug(format!(
            "a `{}` of {} bytes; a message has at most {MESSAGE_BYTES_MAX}, so do it in parts",
            M::NAME,
            request.len()
        )));
    }
    Ok(request)
}

/// Reads a request; the parameters stay encoded until the method is known.
///
/// # Errors
/// `Protocol` when it is too large or no request.
pub fn read_request(bytes: &[u8]) -> Result<Request<'_>> {
    read(bytes, "request")
}

/// The bytes of a response. An answer too large for a message becomes a `Bug` that says so.
#[must_use]
pub fn response(result: Result<Vec<u8>>) -> Vec<u8> {
    let encoded = match &result {
        Ok(ok) => encode_response(Response {
            ok: Some(ok),
            error: None,
        }),
        Err(error) => encode_response(Response {
            ok: None,
            error: Some(error.clone()),
        }),
    };
    if encoded.len() <= MESSAGE_BYTES_MAX {
        return encoded;
    }
    let message = format!(
        "an answer of {} bytes; a message has at most {MESSAGE_BYTES_MAX}, so answer in smaller pages",
        encoded.len()
    );
    encode_response(Response {
        ok: None,
        error: Some(AdapterError::bug(message)),
    })
}

fn encode_response(response: Response<'_>) -> Vec<u8> {
    rmp_serde::to_vec_named(&response).expect("bytes and strings can always be encoded")
}

/// Reads a response; an `Err` is what the other side answered, or why it cannot be read.
///
/// # Errors
/// See above.
pub fn read_response(bytes: &[u8]) -> Result<&[u8]> {
    match read(bytes, "response")? {
        Response {
            error: Some(error), ..
        } => Err(error),
        Response { ok: Some(ok), .. } => Ok(ok),
        Response { .. } => Err(AdapterError::protocol(
            "a response that is neither answer nor error",
        )),
    }
}

/// Encodes any value of the contract.
///
/// # Errors
/// `Bug` when it cannot be encoded.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    rmp_serde::to_vec_named(value)
        .map_err(|error| AdapterError::bug(format!("cannot encode a message: {error}")))
}

/// Decodes any value of the contract.
///
/// # Errors
/// `Protocol` when the bytes are none.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    read(bytes, "message")
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8], what: &str) -> Result<T> {
    if bytes.len() > MESSAGE_BYTES_MAX {
        return Err(AdapterError::protocol(format!(
            "a message of more than {MESSAGE_BYTES_MAX} bytes"
        )));
    }
    let unreadable = |reason: &dyn std::fmt::Display| {
        AdapterError::protocol(format!("unreadable {what}: {reason}"))
    };
    check::check(bytes).map_err(|reason| unreadable(&reason))?;
    rmp_serde::from_slice(bytes).map_err(|error| unreadable(&error))
}
