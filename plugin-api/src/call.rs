//! The messages: one request and one response, either way, in MessagePack with named fields.
//!
//! A reader skips fields it does not know and defaults those it misses; a method it does not know is answered
//! `Unsupported`. So a newer contract adds methods and fields, and never changes the ABI. The same bytes serve a
//! plugin in-process and in a child process.

use std::future::Future;
use std::pin::Pin;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{AdapterError, Result};

pub mod adapter;
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
struct Response {
    /// The encoded [`Method::Reply`].
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    ok: Option<Vec<u8>>,
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
    read_response(&response).and_then(|reply| decode(&reply))
}

/// The bytes of a request.
///
/// # Errors
/// `Bug` when the parameters cannot be encoded.
pub fn request<M: Method>(call: u64, connection: &str, params: &M::Params) -> Result<Vec<u8>> {
    let params = encode(params)?;
    encode(&Request {
        call,
        connection,
        method: M::NAME,
        params: &params,
    })
}

/// Reads a request; the parameters stay encoded until the method is known.
///
/// # Errors
/// `Protocol` when it is too large or no request.
pub fn read_request(bytes: &[u8]) -> Result<Request<'_>> {
    limit(bytes)?;
    rmp_serde::from_slice(bytes)
        .map_err(|error| AdapterError::protocol(format!("unreadable request: {error}")))
}

/// The bytes of a response.
#[must_use]
pub fn response(result: Result<Vec<u8>>) -> Vec<u8> {
    let response = match result {
        Ok(ok) => Response {
            ok: Some(ok),
            error: None,
        },
        Err(error) => Response {
            ok: None,
            error: Some(error),
        },
    };
    rmp_serde::to_vec_named(&response).expect("bytes and strings can always be encoded")
}

/// Reads a response; an `Err` is what the other side answered, or why it cannot be read.
///
/// # Errors
/// See above.
pub fn read_response(bytes: &[u8]) -> Result<Vec<u8>> {
    limit(bytes)?;
    let response: Response = rmp_serde::from_slice(bytes)
        .map_err(|error| AdapterError::protocol(format!("unreadable response: {error}")))?;
    match response {
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
    rmp_serde::from_slice(bytes)
        .map_err(|error| AdapterError::protocol(format!("unreadable message: {error}")))
}

fn limit(bytes: &[u8]) -> Result<()> {
    if bytes.len() > MESSAGE_BYTES_MAX {
        return Err(AdapterError::protocol(format!(
            "a message of more than {MESSAGE_BYTES_MAX} bytes"
        )));
    }
    Ok(())
}
