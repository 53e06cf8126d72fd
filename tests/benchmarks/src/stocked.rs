//! A site whose daemon has brought in the whole listing.

use std::time::Duration;

use anyhow::{Context, bail};
use bestand::api_key::{Keyring, NewApiKey, Role};
use bestand::clock::Clock;
use bestand::id::ShipFromId;
use bestand::ship_from::{Buffer, Policy, ShipFromLocation};
use bestand::store::{self, Db};
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::bench::Bench;
use crate::daemon::Daemon;
use crate::question::Asker;
use crate::site::Site;

/// A site whose daemon has brought in the whole listing, and what that took. The daemon has ended since.
#[derive(Debug)]
pub(crate) struct Stocked {
    pub(crate) site: Site,
    /// Levels that were brought in.
    pub(crate) levels: u64,
    /// From the beginning of the listing to its end, as the daemon noted them.
    pub(crate) listing: Duration,
    /// Memory the daemon held right after it.
    pub(crate) resident_bytes: u64,
}

/// A listing as the daemon noted it, times in milliseconds.
struct Run {
    state: String,
    levels: u64,
    error: Option<String>,
    started_at: i64,
    finished_at: Option<i64>,
}

// === impl Stocked ===

impl Stocked {
    /// Lets a daemon bring in the listing: its first, into an empty database.
    pub(crate) fn fill(bench: &mut Bench) -> anyhow::Result<Self> {
        let levels = bench.sizes.levels;
        let site = Site::make(bench, Some(levels))?;
        let mut daemon = Daemon::start(&site)?;
        let run = daemon.wait_for("the listing does not end", |site| {
            Run::newest(site)
                .ok()
                .flatten()
                .filter(|run| run.finished_at.is_some())
        })?;
        let resident_bytes = daemon.resident_bytes()?;
        daemon.stop()?;
        let listing = run.duration(levels)?;
        Ok(Self {
            site,
            levels,
            listing,
            resident_bytes,
        })
    }

    /// Somebody who may ask this site's daemon: a new key, and a new ship-from location linked to the flood's source.
    pub(crate) fn asker(&self, role: Role) -> anyhow::Result<Asker> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(new_asker(&self.site, role))
    }

    /// Levels brought in per second.
    pub(crate) fn levels_per_second(&self) -> f64 {
        self.levels as f64 / self.listing.as_secs_f64()
    }
}

async fn new_asker(site: &Site, role: Role) -> anyhow::Result<Asker> {
    let db = Db::open(&format!("sqlite:{}", site.database.display())).await?;
    let now = Clock::system().now();
    let account = store::account::first(&db, now).await?.id;
    let new = NewApiKey {
        name: "bench".into(),
        role,
        partner: None,
        expires_at: None,
    };
    let issued = Keyring::new(db.clone()).create(account, new, now).await?;
    let sources = store::source::list(&db, account).await?;
    let source = sources.first().context("the flood has no source")?;
    let ship_from = ShipFromLocation {
        allocation: bestand::allocation::AllocationMode::default(),
        id: ShipFromId::new(),
        account_id: account,
        name: format!("Bench {}", issued.api_key.key),
        address: None,
        is_default: false,
        policy: Policy::Warn,
        buffer: Buffer::NONE,
        source_id: Some(source.id),
        version: 1,
        created_at: now,
    };
    store::ship_from::insert(&db, &ship_from).await?;
    db.close().await?;
    Ok(Asker {
        key: issued.api_key.key,
        secret: issued.secret.reveal().into(),
        ship_from: ship_from.id.to_string(),
    })
}

// === impl Run ===

impl Run {
    /// Read beside the running daemon; an error before it has made its tables.
    fn newest(site: &Site) -> rusqlite::Result<Option<Self>> {
        let connection =
            Connection::open_with_flags(&site.database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let select = "select state, levels, error, started_at, finished_at from sync_runs \
            where kind = 'listing' order by started_at desc limit 1";
        let run = connection.query_row(select, [], |row| {
            Ok(Self {
                state: row.get(0)?,
                levels: row.get::<_, i64>(1)?.unsigned_abs(),
                error: row.get(2)?,
                started_at: row.get(3)?,
                finished_at: row.get(4)?,
            })
        });
        run.optional()
    }

    /// How long it took to bring in all `levels`.
    fn duration(&self, levels: u64) -> anyhow::Result<Duration> {
        if self.state != "done" || self.levels != levels {
            let why = self
                .error
                .as_deref()
                .unwrap_or("it named another number of levels");
            bail!(
                "the listing went wrong: {} of {levels} levels, {}, {why}",
                self.levels,
                self.state
            );
        }
        let finished_at = self.finished_at.context("the listing has not ended")?;
        Ok(Duration::from_millis(
            (finished_at - self.started_at).unsigned_abs(),
        ))
    }
}
