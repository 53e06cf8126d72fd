//! Reading the bodies of hooks, which anybody may send, within memory that all of them share.
//!
//! A body takes its room as it arrives: ten thousand senders that send nothing take nothing, and keep nobody waiting.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::body::{Body, Bytes};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::body::{self, Pieces};
use super::super::problem::{Kind, Problem};

/// Largest body taken from outside: no known system sends more than a few hundred KiB at once.
pub(super) const HOOK_BYTES_MAX: usize = 1 << 20;
/// Bytes of bodies held at once, until their senders are answered.
const HELD_BYTES_MAX: usize = 64 << 20;
/// Bodies that arrive at once, however slowly: a quarter of the connections that the daemon holds, so that strangers who
/// send theirs drop by drop keep nobody out.
const ARRIVING_MAX: usize = 2_048;
/// When somebody who found no room may try again, in seconds.
const RETRY_SECS: u64 = 5;

/// A permit for each byte.
static ROOM: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(HELD_BYTES_MAX)));

static ARRIVING: Semaphore = Semaphore::const_new(ARRIVING_MAX);

/// A body, and the room it takes for as long as this lives.
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

/// Reads a body whose pieces come within `patience` of each other, all of it within `patience` again.
pub(super) async fn read(body: Body, patience: Duration) -> Result<Held, Problem> {
    let _arriving = ARRIVING.try_acquire().map_err(|_| no_room())?;
    let mut held = Held {
        bytes: Vec::new(),
        room: None,
    };
    let mut pieces = Pieces::of(body, patience);
    let all = async {
        while let Some(piece) = pieces.next().await? {
            held.add(&piece)?;
        }
        Ok(())
    };
    match tokio::time::timeout(patience, all).await {
        Ok(read) => read.map(|()| held),
        Err(_) => Err(body::too_slow(patience)),
    }
}

// === impl Held ===

impl Held {
    fn add(&mut self, piece: &Bytes) -> Result<(), Problem> {
        if self.bytes.len() + piece.len() > HOOK_BYTES_MAX {
            return Err(body::too_large(HOOK_BYTES_MAX));
        }
        let permits = u32::try_from(piece.len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&ROOM).try_acquire_many_owned(permits);
        let room = room.map_err(|_| no_room())?;
        match &mut self.room {
            Some(held) => held.merge(room),
            None => self.room = Some(room),
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

fn no_room() -> Problem {
    Problem::new(
        Kind::Unavailable,
        "too much is being sent at once; try again later",
    )
    .retry_after_secs(RETRY_SECS)
}
