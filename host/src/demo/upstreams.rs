//! The process of the simulated systems; it ends when its input does.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::{Options, Scenario, beside_this_program};

/// How long they may take to stand.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// The running process. Dropping it closes its input, which ends it; it is killed as well, should it not listen.
pub(super) struct Upstreams {
    _child: Child,
}

// === impl Upstreams ===

impl Upstreams {
    pub(super) async fn start(options: &Options) -> anyhow::Result<(Self, Scenario)> {
        let program = beside_this_program("bestand-upstreams")?;
        let mut command = Command::new(&program);
        command
            .arg("demo")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        if let Some(orders) = &options.orders {
            command.arg("--orders").arg(orders);
        }
        if let Some(map) = &options.map {
            command.arg("--map").arg(map);
        }
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", program.display()))?;
        let output = child
            .stdout
            .take()
            .context("the simulated systems have no output")?;
        let mut line = String::new();
        let read =
            tokio::time::timeout(START_DEADLINE, BufReader::new(output).read_line(&mut line)).await;
        read.context("the simulated systems did not start in time")??;
        let scenario = serde_json::from_str(&line)
            .context("the simulated systems did not start; see above")?;
        Ok((Self { _child: child }, scenario))
    }
}
