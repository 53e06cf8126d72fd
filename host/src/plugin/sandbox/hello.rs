//! The first words between the daemon and a worker: which library to run and within what, and what came of it.

use std::io::{self, IoSlice, IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};

use super::confine::Confinement;
use crate::plugin::quoted;
use crate::plugin::refusal::Refusal;

/// Longest task: a path and three numbers.
const TASK_BYTES_MAX: usize = 16 << 10;
/// Layers of a confinement that can be missing.
const MISSING_MAX: usize = 8;
/// Length of a task, before it.
const LENGTH_BYTES: usize = 4;

/// What a worker is to do. The library comes with it as an open descriptor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Task {
    /// Where the library came from, for its errors.
    pub(super) path: PathBuf,
    /// What the library holds, in short.
    pub(super) sha256: [u8; 32],
    /// How much memory the worker may map.
    pub(super) memory_bytes_max: u64,
    /// Whether a kernel that cannot confine it is a reason not to start.
    pub(super) must_be_confined: bool,
}

/// What became of the task.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Started {
    /// The adapter can be called.
    Ready {
        /// How the worker is confined.
        confinement: Confinement,
    },
    /// It cannot.
    Refused(Refusal),
}

// === impl Task ===

impl Task {
    /// Sends the task and the library. Blocks for as long as the socket is full, which it is not at the beginning.
    pub(super) fn send(&self, to: &UnixStream, library: &impl AsFd) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
        let descriptors = [library.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(&descriptors));
        let pieces = [IoSlice::new(&length), IoSlice::new(&text)];
        let sent = sendmsg(to, &pieces, &mut control, SendFlags::empty())?;
        match sent == LENGTH_BYTES + text.len() {
            true => Ok(()),
            false => Err(io::Error::other("the task was cut short")),
        }
    }

    /// Waits for a task and its library.
    pub(super) fn receive(mut from: &UnixStream) -> io::Result<(Self, OwnedFd)> {
        let mut length = [0; LENGTH_BYTES];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut pieces = [IoSliceMut::new(&mut length)];
        recvmsg(
            from,
            &mut pieces,
            &mut control,
            RecvFlags::WAITALL | RecvFlags::CMSG_CLOEXEC,
        )?;
        let library = control.drain().find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
            _ => None,
        });
        let library = library.ok_or_else(|| io::Error::other("a task without a library"))?;
        let length = u32::from_le_bytes(length) as usize;
        if length > TASK_BYTES_MAX {
            return Err(io::Error::other("a task that is no task"));
        }
        let mut text = vec![0; length];
        from.read_exact(&mut text)?;
        Ok((serde_json::from_slice(&text)?, library))
    }
}

// === impl Started ===

impl Started {
    /// What a worker says. It is the library's word: by then it could have written anything to the socket.
    pub(super) fn read(text: &[u8]) -> serde_json::Result<Self> {
        Ok(match serde_json::from_slice(text)? {
            Self::Ready { mut confinement } => {
                let why = |text: &String| quoted::line(text, quoted::SENTENCE_CHARS_MAX);
                let missing = confinement.missing.iter().take(MISSING_MAX).map(why);
                confinement.missing = missing.collect();
                Self::Ready { confinement }
            }
            Self::Refused(refusal) => Self::Refused(Refusal {
                kind: refusal.kind,
                reason: quoted::line(&refusal.reason, quoted::SENTENCE_CHARS_MAX),
                report: refusal.report.as_deref().map(quoted::report),
            }),
        })
    }

    pub(super) fn refused(reason: impl ToString) -> Self {
        Self::Refused(Refusal::new(reason))
    }
}

impl From<Refusal> for Started {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
