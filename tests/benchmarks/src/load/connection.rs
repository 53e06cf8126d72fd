//! Reading answers off a connection: only as much of HTTP/1.1 as the servers measured here speak.

use std::io::{self, ErrorKind};

/// Bytes that an answer may have.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// What has been read so far.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    bytes: Vec<u8>,
    length: usize,
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Where its body begins.
    pub(crate) body_at: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

// === impl Reading ===

impl Reading {
    /// Room for what comes next.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.length == self.bytes.len() {
            let grown = (self.bytes.len() * 2).clamp(16 * 1024, ANSWER_BYTES_MAX);
            self.bytes.resize(grown, 0);
        }
        &mut self.bytes[self.length..]
    }

    /// Takes `count` bytes that were put into the room; the head of the answer once all of it is there.
    pub(crate) fn took(&mut self, count: usize) -> io::Result<Option<Head>> {
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.length += count;
        let head = Head::read(&self.bytes[..self.length])?;
        Ok(head.filter(|head| head.end <= self.length))
    }

    /// The body of an answer that is there.
    pub(crate) fn body(&self, head: Head) -> &[u8] {
        &self.bytes[head.body_at..head.end]
    }

    /// Forgets an answer; the next one begins.
    pub(crate) fn forget(&mut self) {
        self.length = 0;
    }
}

// === impl Head ===

impl Head {
    /// The head at the beginning of `bytes`, once all of it is there.
    fn read(bytes: &[u8]) -> io::Result<Option<Self>> {
        let Some(head_end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            return Ok(None);
        };
        let broken = || io::Error::from(ErrorKind::InvalidData);
        let head = std::str::from_utf8(&bytes[..head_end]).map_err(|_| broken())?;
        let status = head
            .get(9..12)
            .and_then(|status| status.parse().ok())
            .ok_or_else(broken)?;
        let length: usize = content_length(head).ok_or_else(broken)?;
        let body_at = head_end + 4;
        Ok(Some(Self {
            status,
            body_at,
            end: body_at + length,
        }))
    }
}

fn content_length(head: &str) -> Option<usize> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_once_its_last_byte_is_there() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        let mut reading = Reading::default();
        for byte in &text[..text.len() - 1] {
            reading.room()[0] = *byte;
            assert_eq!(reading.took(1).unwrap(), None);
        }
        reading.room()[0] = b'i';
        let head = reading.took(1).unwrap().unwrap();
        assert_eq!((head.status, reading.body(head)), (200, &b"hi"[..]));
    }

    #[test]
    fn a_connection_that_ends_is_an_error() {
        assert!(Reading::default().took(0).is_err());
    }
}
