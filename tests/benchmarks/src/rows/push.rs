//! Levels that a partner pushes, durable before they are answered: a whole catalogue in one body against upserts written
//! by hand, and one level at a time from many clients at once.

use std::fmt::Write;
use std::fs;
use std::sync::Arc;
use std::time::Instant;

use anyhow::ensure;
use bestand::api_key::{Keyring, NewApiKey, Role};
use bestand::clock::Clock;
use bestand::store::{self, Db};
use bestand_flood::article;
use bestand_plugin_api::{Quantity, Timestamp};
use serde_json::Value;

use crate::bench::Bench;
use crate::daemon::Daemon;
use crate::figure::{Figure, Unit};
use crate::floor::upsert;
use crate::load::client::Client;
use crate::load::{Load, get, send};
use crate::report::progress;
use crate::row::{Row, Target};
use crate::site::Site;
use crate::sizes::PUSHING;
use crate::stats::{median, spread};

const PATH: &str = "/api/v1/partner/levels";
const BULK_TARGET: Target = Target::OfFloor(0.5);
const SINGLE_TARGET: Target = Target::AtLeast(10_000.0);
/// Different levels that are pushed one by one.
const SINGLES: u64 = 65_536;

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    Ok(vec![bulk(bench)?, singles(bench)?])
}

fn bulk(bench: &mut Bench) -> anyhow::Result<Row> {
    let levels = bench.sizes.levels;
    let lines = lines(levels)?;
    let (mut floors, mut pushes) = (Vec::new(), Vec::new());
    for round in 0..bench.sizes.listing_rounds {
        let folder = bench.folder("floor")?;
        floors.push(upsert::rows_per_second(&folder.join("floor.db"), levels)?);
        fs::remove_dir_all(folder)?;
        pushes.push(one_bulk(bench, levels, &lines)?);
        progress(&format!(
            "  round {round}: floor {:.0}, push {:.0} rows/s",
            floors[round], pushes[round]
        ));
    }
    let figure = |rates: &[f64]| Figure::new(median(rates), Unit::RowsPerSecond);
    let ((floor_least, floor_most), (least, most)) = (spread(&floors), spread(&pushes));
    Ok(Row {
        what: format!("push of {levels} levels in one body"),
        floor: Some(figure(&floors)),
        bestand: figure(&pushes),
        target: Some(BULK_TARGET),
        note: format!(
            "NDJSON of {} MB, from its first byte to the answer; floor {floor_least:.0} to {floor_most:.0}, Bestand \
             {least:.0} to {most:.0} rows/s",
            lines.len() / 1_000_000
        ),
    })
}

/// Rows per second into an empty database.
fn one_bulk(bench: &mut Bench, levels: u64, lines: &str) -> anyhow::Result<f64> {
    let site = Site::make(bench, None)?;
    let (key, secret) = partner(&site)?;
    let mut daemon = Daemon::start(&site)?;
    daemon.ask_until_answered(&get("/healthz", None))?;
    let login = Some((key.as_str(), secret.as_str()));
    let request = send("PUT", PATH, login, "application/x-ndjson", lines);
    let mut client = Client::patient(daemon.address())?;
    let asked = Instant::now();
    let answer = client.ask(&request)?;
    let taken = asked.elapsed();
    let report: Value = serde_json::from_slice(&answer.body)?;
    ensure!(report["changed"] == levels, "not all was taken: {report:#}");
    daemon.stop()?;
    Ok(levels as f64 / taken.as_secs_f64())
}

fn singles(bench: &mut Bench) -> anyhow::Result<Row> {
    let sizes = bench.sizes;
    let site = Site::make(bench, None)?;
    let (key, secret) = partner(&site)?;
    let mut daemon = Daemon::start(&site)?;
    daemon.ask_until_answered(&get("/healthz", None))?;
    let login = Some((key.as_str(), secret.as_str()));
    let single = |n| line(n).map(|level| send("PUT", PATH, login, "application/json", &level));
    let load = Load {
        address: daemon.address(),
        requests: Arc::new((0..SINGLES).map(single).collect::<Result<_, _>>()?),
    };
    let mut rates = Vec::new();
    for round in 0..=sizes.load_rounds {
        let rate = load.throughput(PUSHING, sizes.load_time())?;
        // The first makes the partner's source and warms up.
        if round > 0 {
            progress(&format!("  round {round}: {rate:.0} pushes/s"));
            rates.push(rate);
        }
    }
    daemon.stop()?;
    let (least, most) = spread(&rates);
    Ok(Row {
        what: format!("single pushes, {PUSHING} clients"),
        floor: None,
        bestand: Figure::new(median(&rates), Unit::RequestsPerSecond),
        target: Some(SINGLE_TARGET),
        note: format!(
            "each a request of its own, durable before it is answered; {least:.0} to {most:.0} pushes/s"
        ),
    })
}

fn lines(levels: u64) -> anyhow::Result<String> {
    let mut text = String::new();
    for n in 0..levels {
        writeln!(text, "{}", line(n)?)?;
    }
    Ok(text)
}

/// The level that the flood has under this number, as a partner pushes it.
fn line(n: u64) -> anyhow::Result<String> {
    let level = article::level(n, Timestamp::default());
    let number = |quantity: Option<Quantity>| serde_json::to_string(&quantity);
    let quantities = &level.quantities;
    Ok(format!(
        r#"{{"sku":{},"available":{},"on_hand":{}}}"#,
        serde_json::to_string(level.sku.as_str())?,
        number(quantities.available)?,
        number(quantities.on_hand)?
    ))
}

/// A new key of a partner, and its secret.
fn partner(site: &Site) -> anyhow::Result<(String, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let db = Db::open(&format!("sqlite:{}", site.database.display())).await?;
        let now = Clock::system().now();
        let account = store::account::first(&db, now).await?.id;
        let new = NewApiKey {
            name: "bench".into(),
            role: Role::Partner,
            partner: Some("Bench".into()),
            expires_at: None,
        };
        let issued = Keyring::new(db.clone()).create(account, new, now).await?;
        db.close().await?;
        Ok((issued.api_key.key, issued.secret.reveal().into()))
    })
}
