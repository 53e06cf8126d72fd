//! An adapter at work: started once, with as many connections as a test wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::Bench;
use super::bench::misconfigured;
use super::finding::{Finding, Promised, Stop};
use super::gate::Gate;
use super::hub::Hub;
use crate::call::adapter::Describe;
use crate::call::{self, Port};
use crate::testing::{Connection, Credentials, FakeHost, Upstream};
use crate::{Capability, Manifest, Result};

/// An adapter that was started.
pub(super) struct Rig<'a> {
    pub(super) bench: &'a Bench,
    pub(super) port: Arc<dyn Port>,
    pub(super) manifest: Manifest,
    pub(super) hub: Arc<Hub>,
    connections: AtomicUsize,
}

/// One connection, its host, and the gate between them.
pub(super) struct Line {
    pub(super) connection: Connection,
    pub(super) host: FakeHost,
    pub(super) gate: Arc<Gate>,
    pub(super) credentials: Credentials,
}

// === impl Rig ===

impl<'a> Rig<'a> {
    pub(super) async fn start(bench: &'a Bench) -> Result<Self, Stop> {
        let hub = Arc::new(Hub::default());
        let port = bench.subject.start(Arc::clone(&hub) as Arc<dyn Port>).await;
        let port = port.promised("started the adapter")?;
        let manifest = call::ask::<Describe>(&*port, 0, "", &()).await;
        Ok(Self {
            bench,
            port,
            manifest: manifest.promised("asked the adapter who it is")?,
            hub,
            connections: AtomicUsize::new(0),
        })
    }

    /// A connection that works, to the system as it was recorded.
    pub(super) async fn connect(&self) -> Result<Line, Stop> {
        self.connect_to(self.bench.system()).await
    }

    /// A connection that works, to this system.
    pub(super) async fn connect_to(&self, upstream: Arc<dyn Upstream>) -> Result<Line, Stop> {
        let line = self.dial(upstream, self.credentials()?);
        line.connection
            .open_with(&self.settings())
            .await
            .promised("opened a connection")?;
        self.stock(&line).await?;
        Ok(line)
    }

    /// A connection that is not opened yet.
    pub(super) fn dial(&self, upstream: Arc<dyn Upstream>, credentials: Credentials) -> Line {
        let number = self.connections.fetch_add(1, Ordering::Relaxed);
        let name = format!("kit-{number}");
        let host = FakeHost::at(self.bench.now);
        host.credentials(credentials.clone()).upstream(upstream);
        host.allow(
            &self.manifest,
            &Value::Object(self.bench.profile.settings.clone()),
        );
        for source in &self.bench.profile.source {
            host.source(source.played(self.bench.now));
        }
        let gate = Arc::new(Gate::default());
        self.hub.seat(&name, &host, &gate);
        Line {
            connection: Connection::over(&self.port, &name, &self.manifest, &host),
            host,
            gate,
            credentials,
        }
    }

    pub(super) fn credentials(&self) -> Result<Credentials, Stop> {
        let credentials = self.bench.profile.credentials(&self.manifest);
        credentials
            .map_err(misconfigured)
            .promised("read the secrets")
    }

    pub(super) fn bad_credentials(&self) -> Result<Credentials, Stop> {
        let credentials = self.bench.profile.bad_credentials(&self.manifest);
        credentials
            .map_err(misconfigured)
            .promised("read the secrets that are wrong")
    }

    /// The settings that work, as JSON.
    pub(super) fn settings(&self) -> String {
        Value::Object(self.bench.profile.settings.clone()).to_string()
    }

    pub(super) fn can(&self, capability: impl Fn(&Capability) -> bool) -> bool {
        self.manifest.capabilities.iter().any(capability)
    }

    pub(super) fn lists(&self) -> bool {
        self.can(|capability| *capability == Capability::StockListing)
    }

    /// Only for an adapter that lists its stock.
    pub(super) fn expect_listing(&self) -> Result<(), Stop> {
        match self.lists() {
            true => Ok(()),
            false => Err(Stop::not_applicable(
                "the adapter does not serve `StockListing`",
            )),
        }
    }

    /// Only for an adapter that speaks to somebody.
    pub(super) fn expect_traffic(&self) -> Result<(), Stop> {
        match self.manifest.outbound.is_empty() {
            true => Err(Stop::not_applicable(
                "the adapter declares no outbound hosts",
            )),
            false => Ok(()),
        }
    }

    /// Stocks a connection that was opened anew, unless it keeps what it had.
    pub(super) async fn stock_again(&self, line: &Line) -> Result<(), Stop> {
        match line.host.state().is_empty() {
            true => self.stock(line).await,
            false => Ok(()),
        }
    }

    /// Puts stock where the profile wants some.
    async fn stock(&self, line: &Line) -> Result<(), Stop> {
        let Some(batch) = self.manifest.write_batch() else {
            return Ok(());
        };
        for operations in self.bench.profile.before.chunks(batch.max(1)) {
            let outcomes = line.connection.write_stock(operations).await;
            let outcomes = outcomes.promised("stocked the adapter as the profile says")?;
            if let Some(refused) = outcomes
                .iter()
                .find(|outcome| **outcome != crate::WriteOutcome::Applied)
            {
                return Err(Finding::must_fix("stocked the adapter as the profile says")
                    .expected("every `[[before]]` is applied")
                    .seen(format!("{refused:?}"))
                    .into());
            }
        }
        Ok(())
    }
}
