//! The host's side of all connections of one adapter: each request goes to the host of its connection.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::gate::Gate;
use crate::AdapterError;
use crate::call::host::{Log, LogRecord};
use crate::call::{self, Method, Port, PortFuture};
use crate::testing::FakeHost;

/// How far apart the call numbers of two connections begin.
const CALLS_PER_HOST: u64 = 1_000_000;

/// Hosts by the names of their connections.
#[derive(Default)]
pub(super) struct Hub {
    hosts: Mutex<BTreeMap<String, Seat>>,
    /// Records that belong to no connection.
    strays: Mutex<Vec<LogRecord>>,
}

#[derive(Clone)]
struct Seat {
    host: FakeHost,
    gate: Arc<Gate>,
}

// === impl Hub ===

impl Hub {
    /// Serves `connection` by `host`, through `gate`.
    pub(super) fn seat(&self, connection: &str, host: &FakeHost, gate: &Arc<Gate>) {
        let mut hosts = self.lock();
        host.count_calls_from(CALLS_PER_HOST * (hosts.len() as u64 + 1));
        let seat = Seat {
            host: host.clone(),
            gate: Arc::clone(gate),
        };
        hosts.insert(connection.into(), seat);
    }

    pub(super) fn strays(&self) -> Vec<LogRecord> {
        self.strays
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Seat>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, params: &[u8]) {
        if let Ok(record) = call::decode(params) {
            self.strays
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(record);
        }
    }
}

impl Port for Hub {
    fn call(&self, bytes: Vec<u8>) -> PortFuture {
        let found = call::read_request(&bytes).map(|request| {
            let seat = self.lock().get(request.connection).cloned();
            if seat.is_none() && request.method == Log::NAME {
                self.keep(request.params);
            }
            (seat, request.method == Log::NAME)
        });
        match found {
            Ok((Some(seat), true)) => seat.host.call(bytes),
            Ok((Some(seat), false)) => seat.gate.pass(move || seat.host.call(bytes)),
            Ok((None, true)) => answered(Ok(Vec::new())),
            Ok((None, false)) => answered(Err(AdapterError::bug(
                "a host service was asked for on behalf of a connection that is not there",
            ))),
            Err(error) => answered(Err(error)),
        }
    }
}

fn answered(answer: crate::Result<Vec<u8>>) -> PortFuture {
    Box::pin(std::future::ready(call::response(answer)))
}
