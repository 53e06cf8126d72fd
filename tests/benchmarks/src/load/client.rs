//! One connection that asks one thing at a time.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::connection::Reading;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same for something long.
const MUCH_PATIENCE: Duration = Duration::from_secs(300);

/// One connection.
#[derive(Debug)]
pub(crate) struct Client {
    stream: TcpStream,
    reading: Reading,
}

/// What was answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

// === impl Client ===

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> io::Result<Self> {
        Self::waiting(address, PATIENCE)
    }

    /// One that asks for something long.
    pub(crate) fn patient(address: SocketAddr) -> io::Result<Self> {
        Self::waiting(address, MUCH_PATIENCE)
    }

    fn waiting(address: SocketAddr, patience: Duration) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(patience))?;
        Ok(Self {
            stream,
            reading: Reading::default(),
        })
    }

    pub(crate) fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request)?;
        self.reading.forget();
        loop {
            let count = self.stream.read(self.reading.room())?;
            if let Some(head) = self.reading.took(count)? {
                let body = self.reading.body(head).to_vec();
                return Ok(Answer {
                    status: head.status,
                    body,
                });
            }
        }
    }
}
