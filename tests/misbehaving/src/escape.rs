//! Ways out of a process that is to compute and nothing else.

#![expect(
    unsafe_code,
    reason = "the standard library neither forks nor signals others"
)]

use std::fs::{self, File};
use std::io::{self, Error, Read};
use std::net::{TcpStream, UdpSocket};
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::thread;

use bestand_plugin_api::{AdapterError, Result};

/// As many threads as no adapter needs.
const THREADS: usize = 1_000;
/// Says which signal the kernel sends when a descriptor can be read from (Linux).
const F_SETSIG: i32 = 10;
/// Descriptors to look at.
const DESCRIPTORS: std::ops::Range<i32> = 3..64;

/// One way out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Escape {
    Threads,
    Fork,
    Exec,
    ReadFile,
    WriteFile,
    Tcp,
    Udp,
    Unix,
    Environment,
    Descriptors,
    SignalParent,
}

/// Tries it; either way it is an error, which says what came of it.
pub(crate) fn attempt(escape: Escape) -> Result<()> {
    Err(match escape.tried() {
        Err(error) => AdapterError::transient(format!("{escape:?} was refused: {error}")),
        Ok(got) => AdapterError::bug(format!("{escape:?} worked: {got}")),
    })
}

impl Escape {
    /// What was got by it.
    pub(crate) fn tried(self) -> io::Result<String> {
        match self {
            Self::Threads => threads(),
            Self::Fork => fork(),
            Self::Exec => Command::new("/bin/true")
                .spawn()
                .map(|child| child.id().to_string()),
            Self::ReadFile => fs::read_to_string("/etc/passwd"),
            Self::WriteFile => fs::write("/tmp/bestand-was-here", "out").map(|()| "written".into()),
            // Whoever listens there, or nobody: the attempt itself is what is to be refused.
            Self::Tcp => TcpStream::connect(("127.0.0.1", 9)).map(|_| "connected".into()),
            Self::Udp => UdpSocket::bind(("127.0.0.1", 0))
                .and_then(|socket| socket.send_to(b"out", ("127.0.0.1", 9)))
                .map(|_| "sent".into()),
            Self::Unix => UnixStream::pair().map(|_| "a pair of them".into()),
            Self::Environment => environment(),
            Self::Descriptors => descriptors(),
            Self::SignalParent => signal_parent(),
        }
    }
}

fn threads() -> io::Result<String> {
    for _ in 0..THREADS {
        thread::Builder::new().spawn(thread::park)?;
    }
    Ok(THREADS.to_string())
}

fn fork() -> io::Result<String> {
    // SAFETY: the child, should there be one, ends at once and touches nothing before.
    match unsafe { libc::fork() } {
        -1 => Err(Error::last_os_error()),
        0 => std::process::exit(0),
        child => Ok(child.to_string()),
    }
}

/// What was given to this process, and to the one that started it.
fn environment() -> io::Result<String> {
    let own: Vec<String> = std::env::vars()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    match own.is_empty() {
        false => Ok(own.join(" ")),
        true => {
            let mut parent = String::new();
            File::open("/proc/self/environ")?.read_to_string(&mut parent)?;
            Ok(parent)
        }
    }
}

/// Reads from every descriptor that can be read from at a place, which sockets and pipes cannot.
fn descriptors() -> io::Result<String> {
    let mut last = Error::other("there is none");
    for number in DESCRIPTORS {
        let mut bytes = [0; 32];
        // SAFETY: it is read from and given back, whosever it is; a number that is no descriptor is an error.
        let file = unsafe { <File as std::os::fd::FromRawFd>::from_raw_fd(number) };
        let read = file.read_at(&mut bytes, 0);
        std::mem::forget(file);
        match read {
            // The library itself, which everybody may read.
            Ok(_) if bytes.starts_with(b"\x7fELF") => {}
            Ok(_) => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Sends it, or has the kernel send it as soon as there is something to read on stdin.
fn signal_parent() -> io::Result<String> {
    // SAFETY: plain numbers in, plain numbers out.
    let results = unsafe {
        let parent = libc::getppid();
        [
            libc::kill(parent, libc::SIGTERM),
            libc::fcntl(0, libc::F_SETOWN, parent),
            libc::fcntl(0, F_SETSIG, libc::SIGTERM),
        ]
    };
    match results {
        [-1, -1, -1] => Err(Error::last_os_error()),
        _ => Ok(format!("{results:?}")),
    }
}
