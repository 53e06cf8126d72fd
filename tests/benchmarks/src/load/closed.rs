//! As fast as it is answered: each connection asks anew as soon as it has its answer.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::Load;
use super::connection::Reading;

// === impl Load ===

impl Load {
    /// Answers per second over `time`, to as many connections. Any answer but 200 is an error.
    pub(crate) fn throughput(&self, connections: usize, time: Duration) -> anyhow::Result<f64> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let started = Instant::now();
        let answers = runtime.block_on(self.all_connections(connections, started + time))?;
        Ok(answers as f64 / started.elapsed().as_secs_f64())
    }

    async fn all_connections(&self, count: usize, until: Instant) -> anyhow::Result<u64> {
        let mut connections = JoinSet::new();
        for connection in 0..count {
            let first = connection * self.requests.len() / count;
            connections.spawn(self.clone().one_connection(first, until));
        }
        let mut answers = 0;
        while let Some(ended) = connections.join_next().await {
            answers += ended??;
        }
        Ok(answers)
    }

    async fn one_connection(self, first: usize, until: Instant) -> io::Result<u64> {
        let mut asking = Asking::connect(&self).await?;
        let mut answers = 0;
        for request in self.requests.iter().cycle().skip(first) {
            asking.ask(request).await?;
            answers += 1;
            if Instant::now() >= until {
                break;
            }
        }
        Ok(answers)
    }
}

/// A connection of the load.
pub(super) struct Asking {
    stream: TcpStream,
    reading: Reading,
}

// === impl Asking ===

impl Asking {
    pub(super) async fn connect(load: &Load) -> io::Result<Self> {
        let stream = TcpStream::connect(load.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            reading: Reading::default(),
        })
    }

    pub(super) async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await?;
        self.reading.forget();
        loop {
            let count = self.stream.read(self.reading.room()).await?;
            match self.reading.took(count)? {
                Some(head) if head.status == 200 => return Ok(()),
                Some(head) => return Err(io::Error::other(format!("answered {}", head.status))),
                None => {}
            }
        }
    }
}
