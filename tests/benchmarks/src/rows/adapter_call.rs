//! A call into an adapter: by itself, with the way to the adapter's thread and back, and into a process of its own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, anyhow};
use bestand::clock::Clock;
use bestand::config;
use bestand::config::adapter::Isolation;
use bestand::id::{AccountId, ConnectionId};
use bestand::plugin::candidate::Policy;
use bestand::plugin::library::{Library, seal};
use bestand::plugin::sandbox::{Image, Sandbox, Workers};
use bestand::plugin::services::{Common, Services, SourceReader};
use bestand::plugin::{Directory, Host, Priority, Session, SessionContext};
use bestand::store::Db;
use bestand::telemetry::Telemetry;
use bestand_flood::article;
use bestand_plugin_api::call::adapter::{Check, Open, Settings, StockBySku};
use bestand_plugin_api::call::{self, Port, PortFuture};
use bestand_plugin_api::{AdapterError, SkuQuery};
use serde_json::{Value, json};
use tokio::runtime;

use crate::bench::Bench;
use crate::figure::{Figure, Unit};
use crate::row::{Row, Target};
use crate::stats::{median, percentile};

const TARGET: Target = Target::AtMost(2.0);
const SANDBOX_TARGET: Target = Target::AtMost(40.0);

/// The connection as the bare call names it.
const CONNECTION: &str = "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90";

/// What is measured.
#[derive(Clone, Debug)]
struct Built {
    program: PathBuf,
    library: PathBuf,
}

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    let built = Built {
        program: bench.built("bestand")?,
        library: bench.built("libbestand_flood.so")?,
    };
    // The daemon counts its calls; so does this one.
    let _counting = Telemetry::start(&config::log::Log {
        filter: "warn".into(),
        ..Default::default()
    })?;
    let calls = bench.sizes.calls;
    let bare = on_its_thread(&built.library, &bench.folder("call")?, calls)?;
    let folder = bench.folder("call")?;
    let (check, by_sku) = from_a_worker(&built, Isolation::InProcess, &folder, calls)?;
    let boxed_bare = sandboxed_on_its_thread(&built, calls)?;
    let folder = bench.folder("call")?;
    let (boxed, boxed_by_sku) = from_a_worker(&built, Isolation::Sandbox, &folder, calls)?;
    Ok(vec![
        row(
            "call into an adapter, on its thread",
            &bare,
            Some(TARGET),
            "the smallest call: encoded, over the boundary, answered, decoded",
        ),
        row(
            "call into an adapter, from a worker",
            &check,
            None,
            "the same call as the daemon makes it, with the way to the adapter's thread and back",
        ),
        row(
            "query for one SKU, from a worker",
            &by_sku,
            None,
            "one SKU asked and its level answered; the adapter asks the daemon for the time",
        ),
        row(
            "sandboxed call, on the adapter's thread",
            &boxed_bare,
            Some(SANDBOX_TARGET),
            "the smallest call to an adapter in a process of its own: encoded, sent, answered, decoded",
        ),
        row(
            "sandboxed call, from a worker",
            &boxed,
            None,
            "the same call as the daemon makes it, with the way to the adapter's thread and back",
        ),
        row(
            "sandboxed query for one SKU, from a worker",
            &boxed_by_sku,
            None,
            "with a second way there and back: the adapter asks the daemon for the time",
        ),
    ])
}

fn row(what: &str, micros: &[f64], target: Option<Target>, note: &str) -> Row {
    Row {
        what: what.into(),
        floor: None,
        bestand: Figure::new(median(micros), Unit::Microseconds),
        target,
        note: format!("{note}; p99 {:.1} µs", percentile(micros, 0.99)),
    }
}

fn settings() -> Value {
    json!({ "levels": 1_000_000 })
}

/// The call by itself, on a thread like the adapter's own.
fn on_its_thread(library: &Path, folder: &Path, calls: usize) -> anyhow::Result<Vec<f64>> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let services = Services::new(common(folder).await?).map_err(|error| anyhow!("{error}"))?;
        let sealed = seal(library)?;
        let adapter = Library::open(library, &sealed)?.start(Arc::new(services))?;
        let settings = Settings {
            json: settings().to_string(),
        };
        call::ask::<Open>(&*adapter, 0, CONNECTION, &settings).await?;
        timed(calls, || bare_call(Arc::clone(&adapter))).await
    })
}

/// The call to another process by itself, from a thread like the adapter's own.
fn sandboxed_on_its_thread(built: &Built, calls: usize) -> anyhow::Result<Vec<f64>> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let workers = Workers {
            program: built.program.clone(),
            ..Workers::default()
        };
        let image = Image {
            path: built.library.clone(),
            library: seal(&built.library)?,
        };
        // This call asks for none of the host's services.
        let nobody: Arc<dyn Port> = Arc::new(Nobody);
        let sandbox = Sandbox::start(workers, image, nobody, Clock::system()).await;
        let sandbox = sandbox.map_err(|refusal| anyhow!("{}", refusal.reason))?;
        let adapter: Arc<dyn Port> = Arc::new(sandbox);
        let settings = Settings {
            json: settings().to_string(),
        };
        call::ask::<Open>(&*adapter, 0, CONNECTION, &settings).await?;
        timed(calls, || bare_call(Arc::clone(&adapter))).await
    })
}

/// A host without any services.
struct Nobody;

impl Port for Nobody {
    fn call(&self, _: Vec<u8>) -> PortFuture {
        let error = AdapterError::unsupported("there are no services here");
        Box::pin(std::future::ready(call::response(Err(error))))
    }
}

async fn bare_call(adapter: Arc<dyn Port>) -> anyhow::Result<()> {
    call::ask::<Check>(&*adapter, 0, CONNECTION, &()).await?;
    Ok(())
}

/// The calls of the daemon, from one of its workers: the bare one, and a query for one SKU.
fn from_a_worker(
    built: &Built,
    isolation: Isolation,
    folder: &Path,
    calls: usize,
) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let (built, folder) = (built.clone(), folder.to_owned());
    let measured = async move {
        let session = Arc::new(open(&built, isolation, &folder).await?);
        let check = timed(calls, || check(Arc::clone(&session))).await?;
        let by_sku = timed(calls, || by_sku(Arc::clone(&session))).await?;
        anyhow::Ok((check, by_sku))
    };
    // Spawned, so that it runs on a worker and not on this thread.
    runtime.block_on(async { tokio::spawn(measured).await? })
}

async fn check(session: Arc<Session>) -> anyhow::Result<()> {
    session.call::<Check>(Priority::Order, &()).await?;
    Ok(())
}

async fn by_sku(session: Arc<Session>) -> anyhow::Result<()> {
    let query = SkuQuery::of(vec![article::sku(7)]);
    session.call::<StockBySku>(Priority::Order, &query).await?;
    Ok(())
}

async fn open(built: &Built, isolation: Isolation, folder: &Path) -> anyhow::Result<Session> {
    let Built { program, library } = built;
    let plugins = only(library, folder)?;
    let wanted = [config::adapter::Adapter {
        id: "flood".into(),
        enabled: true,
        isolation,
    }];
    let host = Host {
        policy: Policy::unsigned(&Clock::system()),
        common: common(folder).await?,
        workers: Workers {
            program: program.into(),
            ..Workers::default()
        },
    };
    let directory = Directory::scan(&plugins, &wanted, &host).await?;
    let adapter = directory
        .adapter("flood")
        .with_context(|| directory.why_missing("flood"))?;
    let context = SessionContext::new(
        AccountId::new(),
        ConnectionId::new(),
        "Flood",
        adapter.manifest(),
        &settings(),
        HashMap::new(),
        false,
    );
    Ok(Session::open(Arc::clone(adapter), context, &settings()).await?)
}

/// A plugin folder with this library alone.
fn only(library: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let plugins = folder.join("plugins");
    std::fs::create_dir(&plugins)?;
    std::os::unix::fs::symlink(library, plugins.join("flood.so"))?;
    Ok(plugins)
}

async fn common(folder: &Path) -> anyhow::Result<Common> {
    let url = format!("sqlite:{}", folder.join("bestand.db").display());
    let (clock, daemon) = (Clock::system(), runtime::Handle::current());
    Ok(Common {
        clock,
        db: Db::open(&url).await?,
        sources: SourceReader::default(),
        daemon,
    })
}

/// How long each of `calls` took, in microseconds, after some that are not counted.
async fn timed<F: Future<Output = anyhow::Result<()>>>(
    calls: usize,
    call: impl Fn() -> F,
) -> anyhow::Result<Vec<f64>> {
    for _ in 0..calls / 10 {
        call().await?;
    }
    let mut micros = Vec::with_capacity(calls);
    for _ in 0..calls {
        let started = Instant::now();
        call().await?;
        micros.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(micros)
}
