//! One process per test, with a time limit.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use bestand_plugin_api::Manifest;
use bestand_plugin_api::conformance::{Finding, TestReport, tests};
use bestand_plugin_api::testing::Cassette;
use tokio::process::Command;
use uuid::Uuid;

use super::child::Rehearsed;
use super::{Check, Isolation, REHEARSAL_TIMEOUT, is_address};

/// Of what a process wrote to stderr, the last that is shown.
const STDERR_CHARS_MAX: usize = 600;

/// Starts this program again for each test.
pub(super) struct Runner {
    arguments: Vec<String>,
    within: Isolation,
    folder: Folder,
    timeout: Duration,
    is_live: bool,
    rehearsed: std::sync::OnceLock<Rehearsed>,
}

/// A test to be run.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) test: &'a str,
    pub(super) isolation: Isolation,
    pub(super) rehearsal: Option<&'a Path>,
}

/// A folder of our own, gone with us.
struct Folder(PathBuf);

/// How a process ended.
enum End {
    Report(String),
    Stopped(String),
}

// === impl Runner ===

impl Runner {
    pub(super) fn new(check: &Check, upstream: Option<String>) -> anyhow::Result<Self> {
        let shown = |path: &Path| path.display().to_string();
        let mut arguments: Vec<String> = ["plugin", "check"].map(Into::into).into();
        arguments.push(shown(&check.library));
        arguments.extend(["--settings".into(), shown(&check.settings)]);
        let is_live = upstream.as_deref().is_some_and(is_address);
        arguments.extend(
            upstream
                .into_iter()
                .flat_map(|upstream| ["--upstream".into(), upstream]),
        );
        Ok(Self {
            arguments,
            within: *check.isolation.each().last().unwrap_or(&Isolation::Sandbox),
            folder: Folder::new()?,
            timeout: Duration::from_secs(check.timeout),
            is_live,
            rehearsed: std::sync::OnceLock::new(),
        })
    }

    /// Asks who the adapter is, and a live system what every test needs. Where it was kept, when it was.
    pub(super) async fn rehearse(&self) -> anyhow::Result<Option<PathBuf>> {
        let started = self.start(&[], self.within, "rehearsal.json", REHEARSAL_TIMEOUT);
        let report = match started.await? {
            End::Report(report) => report,
            // What keeps it from starting is what the tests will find.
            End::Stopped(_) => return Ok(None),
        };
        let _ = self.rehearsed.set(serde_json::from_str(&report)?);
        Ok(self.is_live.then(|| self.folder.0.join("rehearsal.json")))
    }

    /// Who the adapter is, if it came that far.
    pub(super) fn manifest(&self) -> Option<&Manifest> {
        self.rehearsed.get().map(|rehearsed| &rehearsed.manifest)
    }

    /// What the live system answered.
    pub(super) fn recording(&self) -> anyhow::Result<Cassette> {
        let rehearsed = self
            .rehearsed
            .get()
            .context("nothing was recorded: the adapter does not start")?;
        Ok(rehearsed.cassette.parse()?)
    }

    /// Runs one test. However its process ends, there is a report.
    pub(super) async fn run(&self, job: Job<'_>) -> TestReport {
        let Job {
            test,
            isolation,
            rehearsal,
        } = job;
        let mut arguments = vec!["--one".into(), test.into()];
        arguments.extend(
            rehearsal
                .into_iter()
                .flat_map(|path| ["--rehearsal".into(), path.display().to_string()]),
        );
        let name = format!("{test}-{}", isolation.word());
        let ended = self.start(&arguments, isolation, &name, self.timeout).await;
        let why = match ended {
            Ok(End::Report(report)) => match serde_json::from_str(&report) {
                Ok(report) => return report,
                Err(error) => format!("its report cannot be read: {error}"),
            },
            Ok(End::Stopped(why)) => why,
            Err(error) => format!("{error:#}"),
        };
        let area = tests()
            .iter()
            .find(|known| known.name == test)
            .map_or("", |known| known.area);
        let finding = Finding::must_fix("ran the test in a process of its own")
            .expected("it ends with a result")
            .seen(why)
            .way_out("no call may block its thread, wait for ever, abort or exit; all waiting goes through `Ctx`");
        TestReport::ended(test, area, vec![finding])
    }

    async fn start(
        &self,
        more: &[String],
        within: Isolation,
        name: &str,
        timeout: Duration,
    ) -> anyhow::Result<End> {
        let report = self.folder.0.join(name);
        let mut command = Command::new("/proc/self/exe");
        command
            .args(&self.arguments)
            .args(more)
            .args(["--within", within.word(), "--report-to"])
            .arg(&report);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let child = command
            .spawn()
            .context("cannot start a process for a test")?;
        let Ok(output) = tokio::time::timeout(timeout, child.wait_with_output()).await else {
            return Ok(End::Stopped(format!(
                "no end within {timeout:?}; it was killed"
            )));
        };
        let output = output?;
        match std::fs::read_to_string(&report) {
            Ok(text) if output.status.success() => Ok(End::Report(text)),
            _ => Ok(End::Stopped(told(output.status, &output.stderr))),
        }
    }
}

/// How a process ended, and what it last wrote.
fn told(status: ExitStatus, stderr: &[u8]) -> String {
    let ended = match (status.signal(), status.code()) {
        (Some(signal), _) => format!("signal {signal} ended it"),
        (None, code) => format!("it ended with code {}", code.unwrap_or_default()),
    };
    let text = String::from_utf8_lossy(stderr);
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    let skipped = text.chars().count().saturating_sub(STDERR_CHARS_MAX);
    match text.is_empty() {
        true => ended,
        false => format!(
            "{ended}: {}",
            text.chars().skip(skipped).collect::<String>()
        ),
    }
}

// === impl Folder ===

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("bestand-check-{}", Uuid::now_v7()));
        std::fs::create_dir(&path).with_context(|| format!("cannot make `{}`", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is the system's to clean up.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
