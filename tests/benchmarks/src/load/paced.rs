//! At a given rate: each connection asks when it is time, whether or not the server keeps up.
//!
//! A request that is late because the one before it was not answered in time counts from when it was due, so a server
//! that stalls is not spared the requests it kept waiting. One that is late because the generator's timer is (it ticks
//! once a millisecond, so requests come in small bursts) counts from when it was sent.

use std::io;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::Load;
use super::closed::Asking;
use crate::sizes::PACED_CONNECTIONS;

// === impl Load ===

impl Load {
    /// How long each answer took, in milliseconds, at `per_second` requests over `time`.
    pub(crate) fn latencies(&self, per_second: f64, time: Duration) -> anyhow::Result<Vec<f64>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let step = Duration::from_secs_f64(PACED_CONNECTIONS as f64 / per_second);
            let started = Instant::now();
            let mut connections = JoinSet::new();
            for connection in 0..PACED_CONNECTIONS {
                let first = started + step.mul_f64(connection as f64 / PACED_CONNECTIONS as f64);
                connections.spawn(
                    self.clone()
                        .on_time(connection, first, step, started + time),
                );
            }
            let mut latencies = Vec::new();
            while let Some(ended) = connections.join_next().await {
                latencies.extend(ended??);
            }
            Ok(latencies)
        })
    }

    async fn on_time(
        self,
        first: usize,
        mut due: Instant,
        step: Duration,
        until: Instant,
    ) -> io::Result<Vec<f64>> {
        let mut asking = Asking::connect(&self).await?;
        let mut latencies = Vec::new();
        for request in self
            .requests
            .iter()
            .cycle()
            .skip(first * self.requests.len() / PACED_CONNECTIONS)
        {
            if due >= until {
                break;
            }
            let asked = wait_until(due).await;
            asking.ask(request).await?;
            latencies.push(asked.elapsed().as_secs_f64() * 1000.0);
            due += step;
        }
        Ok(latencies)
    }
}

/// From when the request counts.
async fn wait_until(due: Instant) -> Instant {
    if Instant::now() >= due {
        return due;
    }
    tokio::time::sleep_until(due.into()).await;
    Instant::now()
}
