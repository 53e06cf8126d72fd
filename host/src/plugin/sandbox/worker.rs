//! `bestand plugin-worker`: a process that runs one library, confined, and speaks to the daemon over its stdin.
//!
//! It has one thread. It ends when the daemon closes the socket, however the daemon ended; and with the thread of the
//! daemon that started it, for a library that loops never learns that its socket is closed.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;

use bestand_plugin_api::call::Port;
use futures::{SinkExt, StreamExt};
use rustix::process::{Signal, set_parent_process_death_signal};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio_util::codec::{FramedRead, FramedWrite};

use super::confine::Confinement;
use super::frame::{self, Frame, Frames, Kind};
use super::hello::{Started, Task};
use crate::plugin::library::{Library, Sealed};
use crate::plugin::refusal::Refusal;
use crate::plugin::sandbox::socket::{self, ReadHalf, WriteHalf};
use crate::plugin::sandbox::{MEMORY_BYTES_MAX, probe};

mod calls;
mod outbox;
mod pages;
mod priority;

use calls::Calls;
use outbox::Outbox;
use pages::Pages;

/// The name of the command, which nobody types.
pub const COMMAND: &str = "plugin-worker";

/// The socket with frames on it.
type Socket = (FramedRead<ReadHalf, Frames>, FramedWrite<WriteHalf, Frames>);

/// The library, its adapter's end of the boundary, and what it has to say.
struct Loaded {
    adapter: Arc<dyn Port>,
    outbox: Arc<Outbox>,
    frames: mpsc::UnboundedReceiver<Frame>,
    confinement: Confinement,
}

/// The life of a worker.
#[must_use]
pub fn run() -> ExitCode {
    close_what_was_left_open();
    // The thread is the adapter's own and lives as long as its workers are to. A daemon that has ended by now has closed
    // the socket, which is noticed before any library runs.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let mut arguments = std::env::args().skip(2);
    if arguments.next().as_deref() == Some(probe::ARGUMENT) {
        let memory = arguments.next().and_then(|bytes| bytes.parse().ok());
        return probe::live(memory.unwrap_or(MEMORY_BYTES_MAX));
    }
    match live() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(io::stderr(), "the worker cannot go on: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Closes what whoever started the daemon left open in it, such as a file with secrets on descriptor 3: the library
/// could read it. What the daemon opens itself does not come this far.
#[expect(unsafe_code, reason = "descriptors are closed by their numbers")]
fn close_what_was_left_open() {
    let all: (u32, u32, u32) = (3, u32::MAX, 0);
    // SAFETY: this is the first thing the process does; it owns no descriptor yet but the first three. Linux 5.9 and
    // newer have the call; an older one cannot confine a worker anyway.
    unsafe {
        libc::syscall(libc::SYS_close_range, all.0, all.1, all.2);
    }
}

fn live() -> io::Result<()> {
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (task, library) = Task::receive(&socket)?;
    // Before the confinement: a runtime opens descriptors that are refused later.
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let socket = {
        let _inside = runtime.enter();
        let (read, write) = socket::halves(socket)?;
        (
            FramedRead::new(read, Frames),
            FramedWrite::new(write, Frames),
        )
    };
    let library = Sealed::received(library.into(), task.sha256)?;
    let pages = Pages::of_program();
    let loaded = load(&task, &library);
    pages.give_back();
    converse(&runtime, socket, loaded)
}

/// Confines this process, then opens the library. An `Err` is what the operator is told.
fn load(task: &Task, library: &Sealed) -> Result<Loaded, Started> {
    // Where the kernel refuses, the worker is as eager as the daemon, and as confined as ever.
    let _ = priority::stand_back();
    let confinement =
        Confinement::before_loading(task.memory_bytes_max).map_err(Started::refused)?;
    if task.must_be_confined && !confinement.is_complete() {
        return Err(Started::refused(format!(
            "this system cannot confine plugins ({}); run `bestand doctor`",
            confinement.missing.join("; ")
        )));
    }
    let opened = Library::open(&task.path, library).map_err(Refusal::from)?;
    confinement.after_loading().map_err(Started::refused)?;
    let (outbox, frames) = Outbox::new();
    let host = Arc::clone(&outbox) as Arc<dyn Port>;
    let adapter = opened.start(host).map_err(Started::refused)?;
    Ok(Loaded {
        adapter,
        outbox,
        frames,
        confinement,
    })
}

fn converse(
    runtime: &Runtime,
    mut socket: Socket,
    loaded: Result<Loaded, Started>,
) -> io::Result<()> {
    runtime.block_on(async {
        match loaded {
            Err(refused) => socket.1.send(started(&refused)?).await,
            Ok(loaded) => {
                let confinement = loaded.confinement.clone();
                socket
                    .1
                    .send(started(&Started::Ready { confinement })?)
                    .await?;
                serve(socket, loaded).await
            }
        }
    })
}

fn started(started: &Started) -> io::Result<Frame> {
    Ok(Frame::new(Kind::Started, 0, serde_json::to_vec(started)?))
}

/// Until the daemon closes the socket. Reading goes on while the daemon is slow to read: each would wait for the other.
async fn serve((mut read, mut write): Socket, loaded: Loaded) -> io::Result<()> {
    let Loaded {
        adapter,
        outbox,
        mut frames,
        ..
    } = loaded;
    let mut calls = Calls::new(adapter, Arc::clone(&outbox));
    let listening = async {
        loop {
            tokio::select! {
                frame = read.next() => match frame {
                    None => return Ok(()),
                    Some(frame) => calls.take(frame?),
                },
                () = calls.work() => {}
            }
        }
    };
    let speaking = async {
        while let Some(frame) = frames.recv().await {
            frame::write(&mut write, frame, &mut frames, |_| outbox.written()).await?;
        }
        Ok(())
    };
    tokio::select! {
        ended = listening => ended,
        failed = speaking => failed,
    }
}
