//! A worker that has nothing to run, and tries what a library must not be able to do.

use std::fs::File;
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode, Stdio};

use serde::{Deserialize, Serialize};

use super::Workers;
use super::confine::Confinement;
use super::worker;

/// The argument that makes a worker a probe.
pub(super) const ARGUMENT: &str = "--probe";

/// What a confined worker found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// How it is confined.
    pub confinement: Confinement,
    /// What it tried.
    pub attempts: Vec<Attempt>,
}

/// Something that a library must not be able to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// What.
    pub what: String,
    /// Whether the system refused it, as it should.
    pub refused: bool,
}

// === impl Probe ===

impl Probe {
    /// Lets a worker try.
    ///
    /// # Errors
    /// When there is no worker, or it cannot say what it found.
    pub fn run(workers: &Workers) -> std::io::Result<Self> {
        let output = Command::new(&workers.program)
            .args([worker::COMMAND, ARGUMENT])
            .arg(workers.memory_bytes_max.to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::null())
            .output()?;
        serde_json::from_slice(&output.stdout).map_err(|_| {
            let told = String::from_utf8_lossy(&output.stderr);
            std::io::Error::other(format!("{}: {}", output.status, told.trim()))
        })
    }

    /// Whether everything was refused that should be.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.confinement.is_complete() && self.attempts.iter().all(|attempt| attempt.refused)
    }
}

/// The life of a probe.
pub(super) fn live(memory_bytes_max: u64) -> ExitCode {
    let tried = Confinement::before_loading(memory_bytes_max).map(|confinement| {
        let told = confinement.after_loading();
        Probe {
            attempts: attempts(memory_bytes_max),
            confinement: Confinement {
                missing: confinement.missing.into_iter().chain(told.err()).collect(),
                ..confinement
            },
        }
    });
    let written = tried.and_then(|probe| Ok(serde_json::to_writer(std::io::stdout(), &probe)?));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn attempts(memory_bytes_max: u64) -> Vec<Attempt> {
    let attempt = |what: &str, refused: bool| Attempt {
        what: what.into(),
        refused,
    };
    let more_memory = usize::try_from(memory_bytes_max).unwrap_or(usize::MAX);
    vec![
        attempt("read a file", File::open("/etc/passwd").is_err()),
        attempt("write a file", File::create("/tmp/bestand-probe").is_err()),
        attempt("open a socket", UnixStream::pair().is_err()),
        attempt(
            "reach the network",
            TcpStream::connect(("127.0.0.1", 9)).is_err_and(|error| {
                // Refused by the system, not by whoever would listen there.
                error.kind() == std::io::ErrorKind::PermissionDenied
            }),
        ),
        attempt(
            "start a program",
            Command::new("/bin/true").spawn().is_err(),
        ),
        attempt(
            "start a thread",
            std::thread::Builder::new().spawn(|| ()).is_err(),
        ),
        attempt(
            "take more memory than it may",
            Vec::<u8>::new().try_reserve_exact(more_memory).is_err(),
        ),
    ]
}
