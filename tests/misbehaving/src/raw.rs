//! What goes wrong on the bytes, behind the SDK's back.

use std::collections::HashMap;
use std::future;
use std::sync::{Arc, Mutex, PoisonError};

use bestand_plugin_api::call::adapter::Open;
use bestand_plugin_api::call::{self, MESSAGE_BYTES_MAX, Method, Port, PortFuture, Request};

use crate::numbers;
use crate::settings::{Fault, Settings};

/// Passes calls on to the adapter, unless the connection is one whose answers are to be spoilt.
pub(crate) struct Spoiling {
    adapter: Arc<dyn Port>,
    /// Locked only to look up or keep a connection's settings.
    connections: Mutex<HashMap<String, Settings>>,
}

// === impl Spoiling ===

impl Spoiling {
    pub(crate) fn new(adapter: Arc<dyn Port>) -> Self {
        Self {
            adapter,
            connections: Mutex::default(),
        }
    }

    /// The settings of the connection a request is about; those of an `open` are kept.
    fn settings(&self, request: &Request<'_>) -> Option<Settings> {
        let connections = self.connections.lock();
        let mut connections = connections.unwrap_or_else(PoisonError::into_inner);
        if request.method == Open::NAME {
            let settings: call::adapter::Settings = call::decode(request.params).ok()?;
            let settings = serde_json::from_str(&settings.json).ok()?;
            connections.insert(request.connection.into(), settings);
        }
        connections.get(request.connection).copied()
    }

    /// What is to go wrong with the answer to this request.
    fn fault(&self, bytes: &[u8]) -> Option<Fault> {
        let request = call::read_request(bytes).ok()?;
        let settings = self.settings(&request)?;
        let is_it = settings.at.method() == request.method;
        is_it.then_some(settings.fault)
    }
}

impl Port for Spoiling {
    fn call(&self, request: Vec<u8>) -> PortFuture {
        let fault = self.fault(&request).unwrap_or_default();
        if let Some(answer) = spoilt_answer(fault) {
            return Box::pin(future::ready(answer));
        }
        let answer = self.adapter.call(request);
        match fault {
            Fault::Floats => Box::pin(async { numbers::floats(&answer.await) }),
            Fault::NotANumber => Box::pin(async { numbers::not_a_number(&answer.await) }),
            _ => answer,
        }
    }
}

fn spoilt_answer(fault: Fault) -> Option<Vec<u8>> {
    match fault {
        // 0xc1 is the one byte that MessagePack never uses.
        Fault::Garbage => Some(vec![0xc1; 1000]),
        Fault::OtherType => Some(call::response(call::encode("forty-two"))),
        Fault::Oversized => Some(vec![0; MESSAGE_BYTES_MAX + 1]),
        Fault::Empty => Some(Vec::new()),
        _ => None,
    }
}
