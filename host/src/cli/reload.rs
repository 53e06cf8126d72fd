//! `bestand reload`: asks the running daemon to read its config again, and says what came of it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use rustix::process::{Pid, Signal, kill_process};

use super::context::Context;
use super::exit::Exit;
use super::output::OutputArguments;
use crate::config::store::Store;
use crate::running::pid_file::PidFile;
use crate::running::reload_report::ReloadReport;

/// How long the daemon may take: it tries what is new with every connection.
const DEADLINE: Duration = Duration::from_secs(120);
/// How often its report is looked for.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// Make the running daemon read its config again
///
/// Enables, disables and upgrades adapters and changes connections without a restart. The config is checked first; a
/// wrong one changes nothing. What needs a restart is named.
#[derive(Debug, Args)]
pub struct Reload {
    #[command(flatten)]
    output: OutputArguments,
}

// === impl Reload ===

impl Reload {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let store = context.config()?.store;
        let Some(report) = ask(&store).await? else {
            bail!(
                "no daemon is running here: `{}` is not held by any",
                store.pid_file().display()
            );
        };
        self.output.one(&report, text)?;
        Ok(if report.taken {
            Exit::Done
        } else {
            Exit::Failed
        })
    }
}

/// Asks the daemon that runs here, and answers its report; `None` when none runs.
pub(super) async fn ask(store: &Store) -> anyhow::Result<Option<ReloadReport>> {
    let Some(pid) = PidFile::holder(&store.pid_file())? else {
        return Ok(None);
    };
    let before = ReloadReport::read(&store.dir)?.map_or(0, |report| report.number);
    send_hangup(pid)?;
    let report = next_report(&store.dir, before).await?.with_context(|| {
        format!("process {pid} was asked to reload but has not answered; its log says more")
    })?;
    Ok(Some(report))
}

fn send_hangup(pid: u32) -> anyhow::Result<()> {
    let process = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .context("the pid file holds no process id")?;
    kill_process(process, Signal::HUP).with_context(|| format!("cannot signal process {pid}"))
}

/// The report after number `before`; `None` when there is none in time.
async fn next_report(folder: &Path, before: u64) -> anyhow::Result<Option<ReloadReport>> {
    let look = async {
        loop {
            match ReloadReport::read(folder)? {
                Some(report) if report.number > before => return Ok(report),
                _ => tokio::time::sleep(LOOK_INTERVAL).await,
            }
        }
    };
    tokio::time::timeout(DEADLINE, look).await.ok().transpose()
}

/// How a report reads.
pub(super) fn text(report: &ReloadReport) -> String {
    let outcome = match (report.taken, report.lines.is_empty()) {
        (true, true) => "reloaded; nothing changed",
        (true, false) => "reloaded:",
        (false, _) => "not reloaded, the daemon goes on as before:",
    };
    std::iter::once(outcome)
        .chain(report.lines.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_report_that_is_newer_than_the_request_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        ReloadReport::write(folder.path(), false, vec!["old".into()], Vec::new()).unwrap();
        let waiting = next_report(folder.path(), 1);
        ReloadReport::write(
            folder.path(),
            true,
            vec!["adapter `finale` is enabled".into()],
            Vec::new(),
        )
        .unwrap();
        let report = waiting.await.unwrap().unwrap();
        assert_eq!(text(&report), "reloaded:\n  adapter `finale` is enabled");
    }
}
