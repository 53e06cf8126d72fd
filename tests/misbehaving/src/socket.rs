//! Frames on the socket to the daemon, written behind the back of whoever speaks on it.

use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use bestand_plugin_api::call::host::Sleep;
use bestand_plugin_api::call::{self, MESSAGE_BYTES_MAX};
use bestand_plugin_api::{AdapterError, Result};

/// The kinds of frame, as the daemon counts them.
const CALL: u8 = 1;
const STARTED: u8 = 5;
const ANSWER: u8 = 6;
const ASK: u8 = 7;
/// More requests than anybody may have open.
const ASKS: u64 = 10_000;
/// Calls that were never made.
const ANSWERS: u64 = 10_000;
/// How long a request is to go on, in milliseconds.
const LONG_MILLIS: u64 = 600_000;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Frames {
    Garbage,
    Oversized,
    Foreign,
    SameNumber,
    UnaskedAnswers,
}

/// Writes it.
pub(crate) fn send(frames: Frames) -> Result<()> {
    let bytes = match frames {
        Frames::Garbage => frame(0xc1, 0, &[0xc1; 100]),
        Frames::Oversized => u32::try_from(MESSAGE_BYTES_MAX * 2)
            .unwrap_or(u32::MAX)
            .to_le_bytes()
            .into(),
        Frames::Foreign => frame(CALL, 1, b"call me"),
        Frames::SameNumber => {
            // Of whichever call is under way.
            let ask = call::request::<Sleep>(1, "", &LONG_MILLIS)?;
            (0..ASKS).flat_map(|_| frame(ASK, 7, &ask)).collect()
        }
        Frames::UnaskedAnswers => {
            let numbers = (0..ANSWERS).map(|number| number << 32);
            numbers
                .flat_map(|number| frame(ANSWER, number, b"42"))
                .collect()
        }
    };
    write(&bytes).map_err(|error| AdapterError::transient(error.to_string()))
}

/// Says that all is well before anything is, and more than anybody wants to hear.
pub(crate) fn say_started() -> io::Result<()> {
    let missing = "nothing\nis missing\u{1b}[2J ".repeat(1_000);
    let said = serde_json::json!({ "ready": { "confinement": {
        "landlock": 99, "seccomp": true, "missing": [missing],
    } } });
    write(&frame(STARTED, 0, said.to_string().as_bytes()))
}

fn frame(kind: u8, number: u64, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(1 + 8 + body.len()).unwrap_or(u32::MAX);
    let mut frame = length.to_le_bytes().to_vec();
    frame.push(kind);
    frame.extend(number.to_le_bytes());
    frame.extend(body);
    frame
}

/// All of it, however long the other side takes: the socket does not wait.
fn write(mut bytes: &[u8]) -> io::Result<()> {
    let mut socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    while !bytes.is_empty() {
        match socket.write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::hint::spin_loop(),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
