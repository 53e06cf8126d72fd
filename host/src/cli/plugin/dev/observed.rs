//! The host's side of the boundary, with everything that the adapter asks of it shown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bestand_plugin_api::call::host::{
    HttpHead, HttpSend, Log, LogRecord, Sleep, StateCommit, StateGet, StateList,
};
use bestand_plugin_api::call::{self, Method, Port, PortFuture, Request};
use bestand_plugin_api::http::{Auth, HttpRequest};
use bestand_plugin_api::testing::{FakeHost, NamedAuth};

use super::screen::Screen;

/// A host that shows what it is asked.
pub(super) struct Observed {
    pub(super) host: FakeHost,
    pub(super) screen: Arc<Screen>,
}

/// What is worth showing.
enum Asked {
    Http(HttpRequest),
    Log(LogRecord),
    Other(String),
}

impl Port for Observed {
    fn call(&self, bytes: Vec<u8>) -> PortFuture {
        let asked = call::read_request(&bytes)
            .ok()
            .and_then(|request| Asked::of(&request));
        let began = Instant::now();
        let answer = self.host.call(bytes);
        let screen = Arc::clone(&self.screen);
        match asked {
            None => answer,
            // Nobody waits for the answer.
            Some(Asked::Log(record)) => {
                screen.log(&record);
                answer
            }
            Some(asked) => Box::pin(async move {
                let bytes = answer.await;
                screen.asked(&asked.told(&bytes), began.elapsed());
                bytes
            }),
        }
    }
}

// === impl Asked ===

impl Asked {
    fn of(request: &Request<'_>) -> Option<Self> {
        let params = request.params;
        match request.method {
            HttpSend::NAME => call::decode(params).ok().map(Self::Http),
            Log::NAME => call::decode(params).ok().map(Self::Log),
            Sleep::NAME => {
                let wait = Duration::from_millis(call::decode(params).ok()?);
                Some(Self::Other(format!("waits {wait:?}; the clock is moved")))
            }
            StateGet::NAME | StateList::NAME => Some(Self::Other("reads its state".into())),
            StateCommit::NAME => Some(Self::Other("writes its state".into())),
            _ => None,
        }
    }

    /// What was asked, and what came of it.
    fn told(&self, response: &[u8]) -> String {
        let failed = call::read_response(response).err();
        match (self, failed) {
            (Self::Http(request), _) => told_of_http(request, response),
            (Self::Other(asked), None) => asked.clone(),
            (Self::Other(asked), Some(error)) => format!("{asked}: {error}"),
            (Self::Log(record), _) => record.message.clone(),
        }
    }
}

/// Credentials are names, as everywhere on this side.
fn told_of_http(request: &HttpRequest, response: &[u8]) -> String {
    let HttpRequest {
        method, url, auth, ..
    } = request;
    let auth = match auth {
        Auth::None => String::new(),
        auth => format!("  {}", NamedAuth(auth.clone())),
    };
    let answer = call::read_response(response).and_then(call::decode::<HttpHead>);
    let came = answer.map_or_else(|error| error.to_string(), |head| head.status.to_string());
    format!("{method} {url}{auth}  {came}")
}
