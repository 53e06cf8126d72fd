//! One round: build, start, and ask what the daemon asks, in its order and within its deadlines.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bestand_plugin_api::conformance::Profile;
use bestand_plugin_api::testing::{Connection, FakeHost};
use bestand_plugin_api::{
    AdapterError, Capability, Manifest, Sku, SkuAnswers, SkuQuery, StockLevel,
};
use serde_json::Value;

use super::adapter::Adapter;
use super::build;
use super::observed::Observed;
use super::project::Project;
use super::screen::{Screen, way_out};
use super::upstream::System;

/// The connection's name.
const CONNECTION: &str = "dev";
/// How long a step may take that is played: a cassette answers at once.
const PLAYED_DEADLINE: Duration = Duration::from_secs(10);
/// How long a whole listing of a live system may take.
const LIVE_DEADLINE: Duration = Duration::from_secs(30 * 60);
/// The daemon's deadlines for a check or a page of locations, and for an order's query.
const CHECK_DEADLINE: Duration = Duration::from_secs(30);
const ORDER_DEADLINE: Duration = Duration::from_secs(2);
/// After how long a step that is still going on says so; the next time after twice as long.
const PATIENCE: Duration = Duration::from_secs(3);
/// SKUs of the listing that are asked for as an order would.
const SKUS_MAX: usize = 5;
/// A SKU that no system has.
const UNKNOWN_SKU: &str = "bestand-dev-no-such-article";

/// Why a round goes no further; it has been shown.
enum Stop {
    Failed,
    ScreenIsGone(io::Error),
}

/// The adapter with a connection, and what is shown of it.
struct Round<'a> {
    screen: &'a Arc<Screen>,
    adapter: Adapter,
    connection: Connection,
    is_live: bool,
}

/// Whether all went well.
///
/// # Errors
/// Only when nothing can be shown any more.
pub(super) async fn run(project: &Project, screen: &Arc<Screen>) -> io::Result<bool> {
    match all(project, screen).await {
        Ok(()) => Ok(true),
        Err(Stop::Failed) => Ok(false),
        Err(Stop::ScreenIsGone(error)) => Err(error),
    }
}

async fn all(project: &Project, screen: &Arc<Screen>) -> Result<(), Stop> {
    let began = Instant::now();
    let round = Round::start(project, screen).await?;
    round.check().await?;
    round.locations().await?;
    let listed = round.listing().await?;
    round.by_sku(project, &listed).await?;
    screen.step("all went well")?;
    screen.well(&told_of(&round.adapter.manifest), began.elapsed())?;
    Ok(())
}

// === impl Round ===

impl<'a> Round<'a> {
    async fn start(project: &Project, screen: &'a Arc<Screen>) -> Result<Self, Stop> {
        let refuse = |why: String| refused(screen, &why);
        screen.step("build")?;
        let began = Instant::now();
        let library = build::build(&project.folder).await.map_err(refuse)?;
        screen.well(&library.display().to_string(), began.elapsed())?;

        screen.step("start")?;
        let began = Instant::now();
        let profile =
            Profile::load(&project.settings).map_err(|error| refuse(error.to_string()))?;
        let host = FakeHost::default();
        let observed = Observed {
            host: host.clone(),
            screen: Arc::clone(screen),
        };
        let adapter = Adapter::start(&library, Arc::new(observed))
            .await
            .map_err(refuse)?;
        if let Some(problem) = adapter.manifest.problems().first() {
            return Err(refuse(format!(
                "the daemon refuses the manifest: {problem}"
            )));
        }
        let system = System::of(project, &profile, &adapter.manifest).map_err(refuse)?;
        let credentials = profile.credentials(&adapter.manifest);
        host.set_now(system.now);
        host.allow_private_network().upstream(system.upstream);
        host.credentials(credentials.map_err(|error| refuse(error.to_string()))?);
        let settings = Value::Object(profile.settings);
        let opening = Connection::attach(
            &adapter.port,
            CONNECTION,
            &adapter.manifest,
            &settings,
            &host,
        );
        let connection = within(screen, &adapter, PLAYED_DEADLINE, opening).await?;
        screen.well(&told_of(&adapter.manifest), began.elapsed())?;
        Ok(Self {
            screen,
            adapter,
            connection,
            is_live: system.is_live,
        })
    }

    async fn check(&self) -> Result<(), Stop> {
        self.screen.step("check")?;
        let began = Instant::now();
        let account = self.within(CHECK_DEADLINE, self.connection.check()).await?;
        self.screen.well(&account.name, began.elapsed())?;
        for warning in &account.warnings {
            self.screen.remark(warning)?;
        }
        Ok(())
    }

    async fn locations(&self) -> Result<(), Stop> {
        self.screen.step("locations")?;
        let began = Instant::now();
        let locations = self
            .within(self.long(), self.connection.locations())
            .await?;
        let sources = locations
            .iter()
            .filter(|location| location.kind.is_source())
            .count();
        let found = format!(
            "{}, {}",
            count(locations.len(), "location"),
            count(sources, "inventory source")
        );
        self.screen.well(&found, began.elapsed())?;
        for location in locations.iter().take(SKUS_MAX) {
            let state = if location.active { "" } else { ", closed" };
            self.screen
                .detail(&format!("{}  {}{state}", location.id, location.name))?;
        }
        Ok(())
    }

    async fn listing(&self) -> Result<Vec<StockLevel>, Stop> {
        if !self
            .adapter
            .manifest
            .capabilities
            .contains(&Capability::StockListing)
        {
            return Ok(Vec::new());
        }
        self.screen.step("listing")?;
        let began = Instant::now();
        let levels = self
            .within(self.long(), self.connection.list_stock(None))
            .await?;
        self.screen
            .well(&count(levels.len(), "level"), began.elapsed())?;
        self.screen.levels(&levels)?;
        Ok(levels)
    }

    async fn by_sku(&self, project: &Project, listed: &[StockLevel]) -> Result<(), Stop> {
        let Some(batch) = self.adapter.manifest.by_sku_batch() else {
            return Ok(());
        };
        self.screen.step("by SKU, as an order asks")?;
        let mut skus = project.skus.clone();
        if skus.is_empty() {
            skus = some_of(listed);
        }
        if skus.is_empty() {
            self.screen
                .remark("no SKU is known to ask for; name some with `--sku`")?;
        }
        let unknown =
            Sku::new(UNKNOWN_SKU).map_err(|error| refused(self.screen, &error.to_string()))?;
        for skus in skus.chunks(batch.max(1)).chain([&[unknown][..]]) {
            let query = SkuQuery::of(skus.to_vec());
            let began = Instant::now();
            let answers = self
                .within(ORDER_DEADLINE, self.connection.stock_by_sku(&query))
                .await?;
            self.answered(&answers, began.elapsed())?;
        }
        Ok(())
    }

    fn answered(&self, answers: &SkuAnswers, took: Duration) -> Result<(), Stop> {
        self.screen
            .well(&count(answers.levels.len(), "level"), took)?;
        self.screen.levels(&answers.levels)?;
        for error in &answers.errors {
            self.screen
                .detail(&format!("{}: {}", error.sku, error.message))?;
        }
        Ok(())
    }

    /// A listing's deadline.
    fn long(&self) -> Duration {
        match self.is_live {
            true => LIVE_DEADLINE,
            false => PLAYED_DEADLINE,
        }
    }

    async fn within<T>(
        &self,
        deadline: Duration,
        call: impl Future<Output = Result<T, AdapterError>>,
    ) -> Result<T, Stop> {
        within(self.screen, &self.adapter, deadline, call).await
    }
}

/// Waits for a call, says when it takes long, and shows what went wrong with it.
async fn within<T>(
    screen: &Screen,
    adapter: &Adapter,
    deadline: Duration,
    call: impl Future<Output = Result<T, AdapterError>>,
) -> Result<T, Stop> {
    let began = Instant::now();
    let deadline = tokio::time::sleep(deadline);
    tokio::pin!(call, deadline);
    let mut patience = PATIENCE;
    let answer = loop {
        tokio::select! {
            answer = &mut call => break answer,
            () = &mut deadline => return Err(hangs(screen, began.elapsed())),
            () = tokio::time::sleep(patience) => {
                screen.remark(&format!("no answer for {} s", began.elapsed().as_secs()))?;
                patience *= 2;
            }
        }
    };
    match answer {
        Ok(answer) => Ok(answer),
        Err(error) => Err(failed(screen, adapter, &error).await),
    }
}

async fn failed(screen: &Screen, adapter: &Adapter, error: &AdapterError) -> Stop {
    let told = match adapter.end(error).await {
        Some(end) => crashed(screen, &end),
        None => screen.failed(&format!("{}: {error}", kind_of(error)), way_out(error)),
    };
    told.map_or_else(Stop::from, |()| Stop::Failed)
}

fn crashed(screen: &Screen, end: &[String]) -> io::Result<()> {
    let (why, stderr) = end
        .split_first()
        .map_or(("", &[][..]), |(why, rest)| (why, rest));
    let way_out =
        "the daemon would start it anew; after five such ends in five minutes it stays off";
    screen.failed(&format!("the adapter's process ended: {why}"), way_out)?;
    stderr.iter().try_for_each(|line| screen.detail(line))
}

fn hangs(screen: &Screen, waited: Duration) -> Stop {
    let what = format!("no answer within {waited:.1?}; the daemon drops the call");
    let way_out =
        "look for a loop that does not end, and for waiting that does not go through `Ctx`";
    screen
        .failed(&what, way_out)
        .map_or_else(Stop::from, |()| Stop::Failed)
}

/// A few SKUs, each once.
fn some_of(levels: &[StockLevel]) -> Vec<Sku> {
    let mut skus: Vec<Sku> = Vec::new();
    for level in levels {
        if skus.len() < SKUS_MAX && !skus.contains(&level.sku) {
            skus.push(level.sku.clone());
        }
    }
    skus
}

fn count(number: usize, of: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {of}{ending}")
}

fn told_of(manifest: &Manifest) -> String {
    format!("{} {} ({})", manifest.id, manifest.version, manifest.name)
}

fn refused(screen: &Screen, why: &str) -> Stop {
    let (why, report) = why.split_once('\n').unwrap_or((why, ""));
    let told = screen
        .failed(why, "")
        .and_then(|()| report.lines().try_for_each(|line| screen.detail(line)));
    told.map_or_else(Stop::from, |()| Stop::Failed)
}

/// The word for the kind, as the wire has it.
fn kind_of(error: &AdapterError) -> String {
    let json = serde_json::to_value(error).unwrap_or_default();
    json["kind"].as_str().unwrap_or("error").into()
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::ScreenIsGone(error)
    }
}
