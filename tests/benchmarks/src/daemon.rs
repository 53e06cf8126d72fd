//! A daemon that runs: the real program, in a process of its own.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::load::client::Client;
use crate::process;
use crate::site::Site;

/// Longest wait for a daemon to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A daemon that runs. Dropped, it is killed.
pub(crate) struct Daemon {
    process: Child,
    site: Site,
    started: Instant,
}

// === impl Daemon ===

impl Daemon {
    /// Starts the daemon of `site`; it may not listen yet.
    pub(crate) fn start(site: &Site) -> anyhow::Result<Self> {
        let started = Instant::now();
        let mut command = Command::new(&site.program);
        command.arg("--config").arg(&site.config).arg("serve");
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let process =
            process.with_context(|| format!("cannot start `{}`", site.program.display()))?;
        Ok(Self {
            process,
            site: site.clone(),
            started,
        })
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.site.address
    }

    /// Since when it runs.
    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// Memory it holds.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<u64> {
        process::resident_bytes(self.id())
    }

    /// Memory each of its workers holds.
    pub(crate) fn workers_resident_bytes(&self) -> anyhow::Result<Vec<u64>> {
        let workers = process::children(self.id())?;
        workers.into_iter().map(process::resident_bytes).collect()
    }

    /// Asks `request` until it answers it with 200, and returns the body.
    pub(crate) fn ask_until_answered(&mut self, request: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.wait_for("no answer", |site| {
            let mut client = Client::connect(site.address).ok()?;
            let answer = client.ask(request).ok()?;
            (answer.status == 200).then_some(answer.body)
        })
    }

    /// Waits until `found` finds something.
    pub(crate) fn wait_for<T>(
        &mut self,
        otherwise: &str,
        found: impl Fn(&Site) -> Option<T>,
    ) -> anyhow::Result<T> {
        let since = Instant::now();
        loop {
            if let Some(found) = found(&self.site) {
                return Ok(found);
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("the daemon ended by itself: {status}");
            }
            if since.elapsed() > PATIENCE {
                bail!("{otherwise} within {} s", PATIENCE.as_secs());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Tells it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let told = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -TERM {}", self.id()))
            .status()?;
        if !told.success() {
            bail!("the daemon cannot be told to end");
        }
        let since = Instant::now();
        while self.process.try_wait()?.is_none() {
            if since.elapsed() > PATIENCE {
                bail!("the daemon does not end");
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
