//! What travels between the daemon and a worker: a kind, a number, and bytes.
//!
//! `length: u32 | kind: u8 | number: u64 | body`, little endian. Both sides read with the same limits; whatever is no
//! frame ends the conversation.

use std::io;

use bestand_plugin_api::call::MESSAGE_BYTES_MAX;
use bytes::{Buf, BufMut, BytesMut};
use futures::SinkExt;
use tokio::io::AsyncWrite;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::codec::{Decoder, Encoder, FramedWrite};

/// Kind and number.
const HEAD_BYTES: usize = 1 + 8;
const LENGTH_BYTES: usize = 4;
/// Largest frame: a message, and what stands before it.
const FRAME_BYTES_MAX: usize = MESSAGE_BYTES_MAX + HEAD_BYTES;

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// Which call or request it belongs to; 0 where it is about none.
    pub(super) number: u64,
    pub(super) body: Vec<u8>,
}

/// What a frame is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// Daemon: a call into the adapter.
    Call = 1,
    /// Daemon: nobody waits for that call any more.
    Cancel = 2,
    /// Daemon: the answer to a request.
    Reply = 3,
    /// Daemon: are you there?
    Ping = 4,
    /// Worker: the library is loaded, and how the worker is confined; or why not.
    Started = 5,
    /// Worker: the answer to a call.
    Answer = 6,
    /// Worker: a request to the host's services.
    Ask = 7,
    /// Worker: nobody waits for that request any more.
    Forget = 8,
    /// Worker: I am.
    Pong = 9,
}

/// Reads and writes frames.
#[derive(Debug, Default)]
pub(super) struct Frames;

/// Writes a frame and all that wait behind it, then sends them off. `written` is told the length of each body.
pub(super) async fn write<W: AsyncWrite + Unpin>(
    to: &mut FramedWrite<W, Frames>,
    first: Frame,
    behind: &mut UnboundedReceiver<Frame>,
    written: impl Fn(usize),
) -> io::Result<()> {
    let mut next = Some(first);
    while let Some(frame) = next {
        let bytes = frame.body.len();
        to.feed(frame).await?;
        written(bytes);
        next = behind.try_recv().ok();
    }
    to.flush().await
}

// === impl Frame ===

impl Frame {
    pub(super) fn new(kind: Kind, number: u64, body: Vec<u8>) -> Self {
        Self { kind, number, body }
    }

    /// One that says all by its kind.
    pub(super) fn bare(kind: Kind, number: u64) -> Self {
        Self::new(kind, number, Vec::new())
    }
}

// === impl Kind ===

impl Kind {
    fn of(byte: u8) -> io::Result<Self> {
        const ALL: [Kind; 9] = [
            Kind::Call,
            Kind::Cancel,
            Kind::Reply,
            Kind::Ping,
            Kind::Started,
            Kind::Answer,
            Kind::Ask,
            Kind::Forget,
            Kind::Pong,
        ];
        let known = ALL.into_iter().find(|kind| *kind as u8 == byte);
        known.ok_or_else(|| invalid(format!("a frame of the unknown kind {byte}")))
    }
}

impl Encoder<Frame> for Frames {
    type Error = io::Error;

    fn encode(&mut self, frame: Frame, to: &mut BytesMut) -> io::Result<()> {
        let length = HEAD_BYTES + frame.body.len();
        if length > FRAME_BYTES_MAX {
            return Err(too_long(length));
        }
        to.reserve(LENGTH_BYTES + length);
        to.put_u32_le(u32::try_from(length).expect("the limit is far below 4 GiB"));
        to.put_u8(frame.kind as u8);
        to.put_u64_le(frame.number);
        to.extend_from_slice(&frame.body);
        Ok(())
    }
}

impl Decoder for Frames {
    type Item = Frame;
    type Error = io::Error;

    fn decode(&mut self, from: &mut BytesMut) -> io::Result<Option<Frame>> {
        let Some(length) = from.first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*length) as usize;
        if length > FRAME_BYTES_MAX {
            return Err(too_long(length));
        }
        if length < HEAD_BYTES {
            return Err(invalid(format!("a frame of {length} bytes")));
        }
        if from.len() < LENGTH_BYTES + length {
            from.reserve(LENGTH_BYTES + length - from.len());
            return Ok(None);
        }
        from.advance(LENGTH_BYTES);
        let mut frame = from.split_to(length);
        let kind = Kind::of(frame.get_u8())?;
        let number = frame.get_u64_le();
        Ok(Some(Frame::new(kind, number, frame.to_vec())))
    }
}

fn too_long(length: usize) -> io::Error {
    invalid(format!(
        "a frame of {length} bytes; the most is {FRAME_BYTES_MAX}"
    ))
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(frame: Frame) -> BytesMut {
        let mut bytes = BytesMut::new();
        Frames.encode(frame, &mut bytes).unwrap();
        bytes
    }

    fn read(bytes: &[u8]) -> io::Result<Option<Frame>> {
        Frames.decode(&mut BytesMut::from(bytes))
    }

    #[test]
    fn a_frame_is_read_as_it_was_written_and_only_when_it_is_whole() {
        let bytes = written(Frame::new(Kind::Ask, 7, b"body".to_vec()));
        for present in 0..bytes.len() {
            assert_eq!(read(&bytes[..present]).unwrap(), None);
        }
        let frame = read(&bytes).unwrap().unwrap();
        assert_eq!(frame, Frame::new(Kind::Ask, 7, b"body".to_vec()));
    }

    #[test]
    fn what_is_no_frame_is_refused_before_its_body_is_waited_for() {
        fn check(bytes: &[u8], said: &str) {
            let error = read(bytes).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        check(&[255; 4], "a frame of 4294967295 bytes; the most is");
        check(&[3, 0, 0, 0], "a frame of 3 bytes");
        check(&[9, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0], "unknown kind 99");
    }

    #[test]
    fn a_body_beyond_the_limit_is_not_written() {
        let frame = Frame::new(Kind::Call, 1, vec![0; MESSAGE_BYTES_MAX + 1]);
        assert!(Frames.encode(frame, &mut BytesMut::new()).is_err());
    }
}
