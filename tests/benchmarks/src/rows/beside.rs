//! Orders beside an adapter that misbehaves: how long their answers take, without it and with it on the same daemon.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use bestand::api_key::Role;
use serde_json::Value;

use crate::bench::Bench;
use crate::daemon::Daemon;
use crate::figure::{Figure, Unit};
use crate::load::client::Client;
use crate::load::{Load, get, post};
use crate::question::{Asker, Question};
use crate::report::progress;
use crate::row::{Row, Target};
use crate::site::{MISBEHAVING, Site, Trouble};
use crate::sizes::{self, Sizes};
use crate::stats::{median, percentile, spread};

/// Different questions asked in turn.
const QUESTIONS: u64 = 4096;
/// Articles in each.
const LINES: u64 = 10;
/// Rounds of load on each side; between two of them the daemon is started anew.
const ROUNDS_MAX: usize = 3;
/// What beside a misbehaving adapter may take as often as without it: as much as two rounds without it differ.
const TIMES_MAX: f64 = 1.5;
/// And so much more, in milliseconds: a slice of the processor's time.
const MORE_MAX_MILLIS: f64 = 1.0;
/// Where connections are listed.
const CONNECTIONS: &str = "/api/v1/connections";
/// Where the quarantine of the adapter is ended.
const RELEASE: &str = "/api/v1/adapters/misbehaving/release";
/// How often an adapter that ends its process is made to go on.
const URGE_EVERY: Duration = Duration::from_millis(100);

/// One way to misbehave without end.
const TROUBLES: [Trouble; 3] = [
    Trouble {
        name: "crashes",
        fault: "abort",
        at: "check",
    },
    Trouble {
        name: "loops",
        fault: "busy_loop",
        at: "check",
    },
    Trouble {
        name: "floods the log",
        fault: "endless_log",
        at: "list_stock",
    },
];

/// Keeps an adapter misbehaving: what is quarantined is released at once. Dropped, it stops.
struct Urging {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    let sizes = bench.sizes;
    let stocked = bench.stocked()?;
    let (site, levels, asker) = (
        stocked.site.clone(),
        stocked.levels,
        stocked.asker(Role::Operator)?,
    );
    let questions = questions(levels);
    let load = Load {
        address: site.address,
        requests: Arc::new(questions.iter().map(|asked| asker.request(asked)).collect()),
    };
    let half = half_of_its_throughput(&site, &asker, &questions[0], &load, &sizes)?;
    let mut rows = Vec::new();
    for trouble in TROUBLES {
        let beside = site.with_trouble(bench, trouble)?;
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for _ in 0..sizes.load_rounds.min(ROUNDS_MAX) {
            without.push(p99(&site, &asker, &questions[0], &load, half, &sizes)?);
            with.push(p99(&beside, &asker, &questions[0], &load, half, &sizes)?);
        }
        rows.push(row(trouble, half, &without, &with));
    }
    Ok(rows)
}

fn questions(levels: u64) -> Vec<Question> {
    let article = |n: u64| n.wrapping_mul(7_919) % levels;
    let question = |first: u64| (first..first + LINES).map(article).collect();
    let firsts = (0..QUESTIONS).map(|n| n * LINES);
    firsts
        .map(|first| Question::of_articles(question(first)))
        .collect()
}

fn half_of_its_throughput(
    site: &Site,
    asker: &Asker,
    question: &Question,
    load: &Load,
    sizes: &Sizes,
) -> anyhow::Result<f64> {
    let mut daemon = Daemon::start(site)?;
    question.check(&daemon.ask_until_answered(&asker.request(question))?)?;
    let per_second = load.throughput(sizes::CONNECTIONS, sizes.load_time())?;
    daemon.stop()?;
    Ok(per_second / 2.0)
}

/// In how many milliseconds a daemon, started for this, answers 99 of 100 requests at this rate.
fn p99(
    site: &Site,
    asker: &Asker,
    question: &Question,
    load: &Load,
    per_second: f64,
    sizes: &Sizes,
) -> anyhow::Result<f64> {
    let mut daemon = Daemon::start(site)?;
    question.check(&daemon.ask_until_answered(&asker.request(question))?)?;
    let urging = Urging::begin(site.address, asker)?;
    // The first round warms up, and lets the adapter begin.
    load.latencies(per_second, sizes.load_time())?;
    let latencies = load.latencies(per_second, sizes.load_time())?;
    drop(urging);
    daemon.stop()?;
    Ok(percentile(&latencies, 0.99))
}

fn row(trouble: Trouble, per_second: f64, without: &[f64], with: &[f64]) -> Row {
    let (alone, beside) = (median(without), median(with));
    let (least, most) = spread(with);
    progress(&format!(
        "  beside an adapter that {}: {beside:.2} ms, without it {alone:.2} ms",
        trouble.name
    ));
    Row {
        what: format!("orders beside an adapter that {}, p99", trouble.name),
        floor: Some(Figure::new(alone, Unit::Milliseconds)),
        bestand: Figure::new(beside, Unit::Milliseconds),
        target: Some(Target::AtMost(TIMES_MAX * alone + MORE_MAX_MILLIS)),
        note: format!(
            "floor: the same daemon without it; {:.2} times as long, {least:.1} to {most:.1} ms, both at \
             {per_second:.0} requests/s, half of what the daemon can answer",
            beside / alone
        ),
    }
}

// === impl Urging ===

impl Urging {
    /// On both sides: without the adapter, what is asked for is not found.
    fn begin(address: SocketAddr, asker: &Asker) -> anyhow::Result<Self> {
        let login = Some((asker.key.as_str(), asker.secret.as_str()));
        let mut urges = vec![post(RELEASE, login, "")];
        if let Some(connection) = trouble_maker(address, login)? {
            let check = format!("{CONNECTIONS}/{connection}/check");
            urges.push(post(&check, login, ""));
        }
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                // An answer that does not come is the load's to notice.
                for urge in &urges {
                    let asked = Client::connect(address).and_then(|mut client| client.ask(urge));
                    drop(asked);
                }
                thread::sleep(URGE_EVERY);
            }
        });
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

/// The id of the connection that misbehaves, where there is one.
fn trouble_maker(
    address: SocketAddr,
    login: Option<(&str, &str)>,
) -> anyhow::Result<Option<String>> {
    let answer = Client::connect(address)?.ask(&get(CONNECTIONS, login))?;
    let all: Value = serde_json::from_slice(&answer.body)?;
    let mut items = all["items"].as_array().into_iter().flatten();
    let found = items.find(|item| item["adapter"] == MISBEHAVING);
    Ok(found
        .and_then(|item| item["id"].as_str())
        .map(str::to_owned))
}

impl Drop for Urging {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
