//! `POST /availability`, authenticated, out of stored levels, against bare axum endpoints under the same load.

use std::sync::Arc;

use anyhow::{Context, ensure};
use bestand::api_key::Role;
use serde_json::Value;

use crate::bench::Bench;
use crate::daemon::Daemon;
use crate::figure::{Figure, Unit};
use crate::floor::FloorServer;
use crate::floor::server::{HASH_MAP, SAME_BYTES};
use crate::load::Load;
use crate::load::client::Client;
use crate::process::processor_time;
use crate::question::{Asker, Question};
use crate::report::progress;
use crate::row::{Row, Target};
use crate::sizes::{CONNECTIONS, Sizes};
use crate::stats::{median, percentile, spread};

/// Different questions asked in turn: more articles than a processor's cache holds levels of.
const QUESTIONS: u64 = 4096;

/// p99 at half of the daemon's own throughput.
const P99_TARGET: Target = Target::AtMost(3.0);

/// One of the two rows.
struct Case {
    lines: u64,
    floor_path: &'static str,
    floor_is: &'static str,
    target: Target,
}

const CASES: [Case; 2] = [
    Case {
        lines: 10,
        floor_path: HASH_MAP,
        floor_is: "bare axum over a hash map",
        target: Target::OfFloor(0.8),
    },
    Case {
        lines: 1,
        floor_path: SAME_BYTES,
        floor_is: "bare axum returning the same bytes",
        target: Target::OfFloor(0.6),
    },
];

/// Floor and daemon, each with its process, asked in turn. The first round of each warms up and is not counted.
struct Both<'a> {
    theirs: (&'a Load, u32),
    ours: (&'a Load, u32),
    sizes: &'a Sizes,
}

/// What the rounds of one side came to.
#[derive(Debug, Default)]
struct Rounds {
    per_second: Vec<f64>,
    processor_micros: Vec<f64>,
}

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    let sizes = bench.sizes;
    let sample = bench.folder("sample")?.join("answer.json");
    let stocked = bench.stocked()?;
    let asker = stocked.asker(Role::Reader)?;
    let mut daemon = Daemon::start(&stocked.site)?;
    let mut rows = Vec::new();
    for case in &CASES {
        let questions = case.questions(stocked.levels);
        let answer = daemon.ask_until_answered(&asker.request(&questions[0]))?;
        questions[0].check(&answer)?;
        std::fs::write(&sample, &answer)?;
        let floor = FloorServer::start(stocked.levels, &sample)?;
        rows.extend(case.measure(&sizes, &asker, &questions, &daemon, &floor)?);
    }
    daemon.stop()?;
    Ok(rows)
}

// === impl Case ===

impl Case {
    /// The questions: articles from all over the catalogue.
    fn questions(&self, levels: u64) -> Vec<Question> {
        let article = |n: u64| n.wrapping_mul(7_919) % levels;
        let question = |first: u64| (first..first + self.lines).map(article).collect();
        (0..QUESTIONS)
            .map(|n| Question::of_articles(question(n * self.lines)))
            .collect()
    }

    fn measure(
        &self,
        sizes: &Sizes,
        asker: &Asker,
        questions: &[Question],
        daemon: &Daemon,
        floor: &FloorServer,
    ) -> anyhow::Result<Vec<Row>> {
        let load = |address, path| Load {
            address,
            requests: Arc::new(
                questions
                    .iter()
                    .map(|question| asker.request_to(path, question))
                    .collect(),
            ),
        };
        let ours = load(daemon.address(), crate::question::PATH);
        let theirs = load(floor.address, self.floor_path);
        compare_answers(&ours, &theirs, questions, self.floor_path)?;
        let both = Both {
            theirs: (&theirs, floor.id()),
            ours: (&ours, daemon.id()),
            sizes,
        };
        let (theirs, ours) = both.throughputs(self.lines)?;
        let half = median(&ours.per_second) / 2.0;
        let (theirs_p99, ours_p99) = both.slowest(half)?;
        Ok(vec![
            self.throughput_row(&theirs, &ours),
            self.latency_row(half, &theirs_p99, &ours_p99),
        ])
    }

    fn throughput_row(&self, theirs: &Rounds, ours: &Rounds) -> Row {
        let figure =
            |rounds: &Rounds| Figure::new(median(&rounds.per_second), Unit::RequestsPerSecond);
        let (least, most) = spread(&ours.per_second);
        Row {
            what: format!("availability, {} lines", self.lines),
            floor: Some(figure(theirs)),
            bestand: figure(ours),
            target: Some(self.target),
            note: format!(
                "floor: {}; {} to {} requests/s; processor time of the server per request {:.1} µs, floor {:.1} µs",
                self.floor_is,
                least.round(),
                most.round(),
                median(&ours.processor_micros),
                median(&theirs.processor_micros),
            ),
        }
    }

    fn latency_row(&self, half: f64, theirs: &[f64], ours: &[f64]) -> Row {
        let (least, most) = spread(ours);
        Row {
            what: format!("availability, {} lines, p99", self.lines),
            floor: Some(Figure::new(median(theirs), Unit::Milliseconds)),
            bestand: Figure::new(median(ours), Unit::Milliseconds),
            target: Some(P99_TARGET),
            note: format!(
                "both at {half:.0} requests/s, half of what the daemon can answer; {least:.1} to {most:.1} ms"
            ),
        }
    }
}

// === impl Both ===

impl Both<'_> {
    /// How much each answers.
    fn throughputs(&self, lines: u64) -> anyhow::Result<(Rounds, Rounds)> {
        let (mut theirs_rounds, mut ours_rounds) = (Rounds::default(), Rounds::default());
        for round in 0..=self.sizes.load_rounds {
            let theirs = Rounds::one(self.theirs, self.sizes)?;
            let ours = Rounds::one(self.ours, self.sizes)?;
            if round > 0 {
                progress(&format!(
                    "  {lines} lines, round {round}: floor {:.0}, Bestand {:.0} requests/s",
                    theirs.0, ours.0
                ));
                theirs_rounds.keep(theirs);
                ours_rounds.keep(ours);
            }
        }
        Ok((theirs_rounds, ours_rounds))
    }

    /// In how many milliseconds each answers 99 of 100 requests at this rate, round by round.
    fn slowest(&self, per_second: f64) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
        let p99 = |(load, _): (&Load, u32)| -> anyhow::Result<f64> {
            let latencies = load.latencies(per_second, self.sizes.load_time())?;
            Ok(percentile(&latencies, 0.99))
        };
        let mut rounds = Vec::new();
        for _ in 0..=self.sizes.load_rounds {
            rounds.push((p99(self.theirs)?, p99(self.ours)?));
        }
        Ok(rounds.into_iter().skip(1).unzip())
    }
}

// === impl Rounds ===

impl Rounds {
    /// Answers per second, and microseconds of the server's processor time for each.
    fn one((load, server): (&Load, u32), sizes: &Sizes) -> anyhow::Result<(f64, f64)> {
        let before = processor_time(server)?;
        let per_second = load.throughput(CONNECTIONS, sizes.load_time())?;
        let used = processor_time(server)? - before;
        let answers = per_second * sizes.load_time().as_secs_f64();
        Ok((per_second, used.as_secs_f64() * 1e6 / answers))
    }

    fn keep(&mut self, (per_second, processor_micros): (f64, f64)) {
        self.per_second.push(per_second);
        self.processor_micros.push(processor_micros);
    }
}

/// Refuses a floor that does not answer the same.
fn compare_answers(
    ours: &Load,
    theirs: &Load,
    questions: &[Question],
    floor_path: &str,
) -> anyhow::Result<()> {
    let ask = |load: &Load, n: usize| -> anyhow::Result<Vec<u8>> {
        let answer = Client::connect(load.address)?.ask(&load.requests[n])?;
        ensure!(
            answer.status == 200,
            "{} answered {}",
            load.address,
            answer.status
        );
        Ok(answer.body)
    };
    for n in [0, questions.len() - 1] {
        let (our_answer, their_answer) = (ask(ours, n)?, ask(theirs, n)?);
        questions[n].check(&our_answer).context("the daemon")?;
        let same = floor_path == SAME_BYTES
            || without_moments(&our_answer)? == without_moments(&their_answer)?;
        ensure!(
            same,
            "the floor answers {}, the daemon {}",
            String::from_utf8_lossy(&their_answer),
            String::from_utf8_lossy(&our_answer)
        );
    }
    Ok(())
}

/// An answer less the moments in it: the floor knows one, the daemon that of each page of the listing.
fn without_moments(answer: &[u8]) -> anyhow::Result<Value> {
    let mut answer: Value = serde_json::from_slice(answer)?;
    for line in answer["lines"].as_array_mut().into_iter().flatten() {
        line["as_of"].take();
    }
    Ok(answer)
}
