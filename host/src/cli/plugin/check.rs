//! `bestand plugin check`: the conformance kit on a built library.
//!
//! `arguments → rehearsal → one process per test and isolation → verdicts → report`. This process opens nothing of
//! the plugin: what it does, it does in a child (`child`), which may crash, hang and be killed (`process`).

mod artifact;
mod child;
mod junit;
mod markdown;
mod process;
mod profile;
mod subject;
mod summary;
mod verdict;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use bestand_plugin_api::conformance::{TestReport, tests};
use clap::{Args, ValueEnum};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};

use self::process::{Job, Runner};
use self::summary::Summary;
use self::verdict::Verdict;
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output;
use crate::cli::progress::{Progress, Unit};

/// Try a built library: does it keep the promises of the contract?
///
/// Runs the conformance kit, each test in a process of its own and in both isolation modes. Settings, secrets and
/// samples come from a profile; behind the adapter stands a cassette, or a live system at an address that gets all
/// its requests. Exits with 1 when something must be fixed.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The library
    #[arg(value_name = "FILE.so")]
    library: PathBuf,
    /// The profile: `[settings]`, `[secrets]`, `[bad_secrets]`, `[[inbound]]`, `[[skip]]`
    #[arg(long, value_name = "FILE.toml")]
    settings: PathBuf,
    /// What stands behind the adapter: a cassette, or the address of a live system; else what the profile names
    #[arg(long, value_name = "FILE.toml|URL")]
    upstream: Option<String>,
    /// Run only tests whose name or area holds this text; may be given again
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Where the adapter runs
    #[arg(long, value_enum, default_value = "both")]
    isolation: Isolations,
    /// How long one test may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    /// Print the whole report as JSON
    #[arg(long)]
    json: bool,
    /// Write a JUnit report
    #[arg(long, value_name = "FILE.xml")]
    junit: Option<PathBuf>,
    /// Write a report to show
    #[arg(long, value_name = "FILE.md")]
    markdown: Option<PathBuf>,
    /// Keep what the live system answered as a cassette, without secrets
    #[arg(long, value_name = "FILE.toml")]
    record: Option<PathBuf>,
    #[command(flatten)]
    child: child::ChildArguments,
}

/// Where the adapter runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Isolations {
    /// In the program itself, and in a process that can do nothing else; results must be equal
    Both,
    /// In the program itself, fully trusted
    InProcess,
    /// In a process that can do nothing else
    Sandbox,
}

/// One way to run an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
enum Isolation {
    /// In the program itself
    InProcess,
    /// In a process that can do nothing else
    Sandbox,
}

// === impl Check ===

impl Check {
    pub(super) async fn run(self) -> anyhow::Result<Exit> {
        if self.child.is_child() {
            return child::run(&self.child, &self.library, &self.settings, self.upstream()?).await;
        }
        let upstream = self.upstream()?;
        self.look_over(upstream.as_deref())?;
        let wanted = self.wanted()?;
        let runner = Runner::new(&self, upstream.clone())?;
        let rehearsal = runner.rehearse().await?;
        let reports = self.try_all(&runner, &wanted, rehearsal.as_deref()).await;
        let artifact = match self.only.is_empty() {
            true => artifact::look_at(&self.library),
            false => Vec::new(),
        };
        let verdicts = artifact.into_iter().map(Verdict::of_file);
        let verdicts = verdicts.chain(Verdict::of(reports)).collect();
        let summary = Summary::new(&self.library, upstream, runner.manifest(), verdicts)?;
        self.keep(&runner, &summary)?;
        self.say(&summary)?;
        Ok(match summary.passed {
            true => Exit::Done,
            false => Exit::Failed,
        })
    }

    /// What stands behind the adapter: an address, or the path of a cassette.
    fn upstream(&self) -> anyhow::Result<Option<String>> {
        if let Some(upstream) = &self.upstream {
            return Ok(Some(upstream.clone()));
        }
        let profile = profile::load(&self.settings)?;
        Ok(profile
            .upstream
            .map(|upstream| match is_address(&upstream) {
                true => upstream,
                false => folder_of(&self.settings)
                    .join(upstream)
                    .display()
                    .to_string(),
            }))
    }

    /// Says what is wrong with the files before any process is started.
    fn look_over(&self, upstream: Option<&str>) -> anyhow::Result<()> {
        if !self.library.is_file() {
            return Err(misuse(format!(
                "there is no library `{}`",
                self.library.display()
            )));
        }
        if let Some(cassette) = upstream.filter(|upstream| !is_address(upstream)) {
            profile::cassette(cassette)?;
        }
        match self.record.is_some() && !upstream.is_some_and(is_address) {
            true => Err(misuse(
                "`--record` needs a live system: `--upstream URL`".into(),
            )),
            false => Ok(()),
        }
    }

    /// The tests to run, in order.
    fn wanted(&self) -> anyhow::Result<Vec<&'static str>> {
        let is_wanted = |name: &str, area: &str| {
            self.only.is_empty()
                || self
                    .only
                    .iter()
                    .any(|text| name.contains(text.as_str()) || area == text)
        };
        let wanted: Vec<_> = tests()
            .iter()
            .filter(|test| is_wanted(test.name, test.area))
            .map(|test| test.name)
            .collect();
        match wanted.is_empty() {
            true => Err(misuse(format!(
                "no test's name or area holds `{}`",
                self.only.join("` or `")
            ))),
            false => Ok(wanted),
        }
    }

    /// Every test in every isolation. What changes a live system is done last and one by one; the rest, some at once.
    async fn try_all(
        &self,
        runner: &Runner,
        wanted: &[&str],
        rehearsal: Option<&Path>,
    ) -> Vec<(Isolation, TestReport)> {
        let isolations = self.isolation.each();
        let mut progress =
            Progress::new(Unit::Tests, Some((wanted.len() * isolations.len()) as u64));
        let (changing, reading): (Vec<&str>, Vec<&str>) =
            wanted.iter().partition(|test| changes_the_system(test));
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        let mut reports = Vec::new();
        for (tests, at_once) in [(reading, at_once), (changing, 1)] {
            let jobs = tests.iter().flat_map(|test| {
                isolations.iter().map(move |isolation| Job {
                    test,
                    isolation: *isolation,
                    rehearsal,
                })
            });
            let mut running = futures::stream::iter(jobs)
                .map(|job| async move { (job.isolation, runner.run(job).await) })
                .buffered(at_once);
            while let Some((isolation, report)) = running.next().await {
                if !self.json {
                    progress.note(&summary::line(isolation, &report));
                }
                reports.push((isolation, report));
                progress.set(reports.len() as u64, String::new);
            }
        }
        progress.finish();
        reports
    }

    fn keep(&self, runner: &Runner, summary: &Summary) -> anyhow::Result<()> {
        let write = |path: &Path, text: String| {
            std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
        };
        if let Some(path) = &self.junit {
            write(path, junit::of(summary))?;
        }
        if let Some(path) = &self.markdown {
            write(path, markdown::of(summary))?;
        }
        if let Some(path) = &self.record {
            write(path, runner.recording()?.to_toml())?;
        }
        Ok(())
    }

    fn say(&self, summary: &Summary) -> anyhow::Result<()> {
        match self.json {
            true => output::line(&serde_json::to_string(summary)?)?,
            false => output::line(&summary.told())?,
        }
        Ok(())
    }
}

/// Whether a test writes to what stands behind the adapter.
fn changes_the_system(test: &str) -> bool {
    tests()
        .iter()
        .any(|known| known.name == test && known.area == "writes")
}

// === impl Isolations ===

impl Isolations {
    fn each(self) -> &'static [Isolation] {
        match self {
            Self::Both => &[Isolation::InProcess, Isolation::Sandbox],
            Self::InProcess => &[Isolation::InProcess],
            Self::Sandbox => &[Isolation::Sandbox],
        }
    }
}

// === impl Isolation ===

impl Isolation {
    fn word(self) -> &'static str {
        match self {
            Self::InProcess => "in-process",
            Self::Sandbox => "sandbox",
        }
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

fn misuse(text: String) -> anyhow::Error {
    BadArguments(text).into()
}

/// Whether an upstream is an address rather than a file.
fn is_address(upstream: &str) -> bool {
    upstream.contains("://")
}

/// How long a rehearsal may take: a live system may have to prepare a report.
const REHEARSAL_TIMEOUT: Duration = Duration::from_secs(600);
