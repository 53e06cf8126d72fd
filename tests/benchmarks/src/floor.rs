//! Floors: what the same work costs with nothing around it.

pub(crate) mod server;
pub(crate) mod upsert;

mod answer;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

/// A process of this program that serves the floors of availability. Dropped, it is killed.
pub(crate) struct FloorServer {
    process: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

// === impl FloorServer ===

impl FloorServer {
    /// Starts it; it listens when this returns.
    pub(crate) fn start(levels: u64, sample: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("floor")
            .arg("--levels")
            .arg(levels.to_string())
            .arg("--sample")
            .arg(sample);
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = String::new();
        let stdout = process.stdout.take().context("the floor has no stdout")?;
        BufReader::new(stdout).read_line(&mut said)?;
        let address = said
            .trim()
            .parse()
            .with_context(|| format!("the floor said `{said}`"))?;
        Ok(Self { process, address })
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for FloorServer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
