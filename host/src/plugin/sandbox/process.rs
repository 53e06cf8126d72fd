//! One worker as a process: started, listened to, ended.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::hello::Task;
use super::worker;
use super::{Image, Workers};

/// Lines of stderr that are kept for whoever asks why it ended.
const LINES_MAX: usize = 20;
/// The most that is kept of one line.
const LINE_BYTES_MAX: usize = 500;
/// How long a worker may take to end after its socket is closed.
const FAREWELL: Duration = Duration::from_secs(1);
/// How much of what it writes is read at a time.
const STEP_BYTES: usize = 16 << 10;
/// Pause after each step: a library that writes without end waits for us, instead of us being busy with it.
const STEP_PAUSE: Duration = Duration::from_millis(1);

/// A worker. Dropping it ends it.
pub(super) struct Process {
    child: Child,
    lines: Arc<Lines>,
    reading: [tokio::task::JoinHandle<()>; 2],
}

/// The last lines a worker wrote; what it writes is nobody's but the operator's.
#[derive(Debug, Default)]
pub(super) struct Lines(Mutex<VecDeque<String>>);

// === impl Process ===

impl Process {
    /// Starts one and tells it what to run; the socket is our end of its conversation.
    pub(super) fn start(workers: &Workers, image: &Image) -> io::Result<(Self, UnixStream)> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut child = Command::new(&workers.program)
            .arg(worker::COMMAND)
            .env_clear()
            .current_dir("/")
            // A Ctrl-C at the daemon's terminal is the daemon's business.
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let task = Task {
            path: image.path.clone(),
            sha256: image.library.sha256(),
            memory_bytes_max: workers.memory_bytes_max,
            must_be_confined: workers.must_be_confined,
        };
        task.send(&ours, &image.library)?;
        let lines = Arc::new(Lines::default());
        let reading = [
            tokio::spawn(keep(child.stdout.take(), Arc::clone(&lines))),
            tokio::spawn(keep(child.stderr.take(), Arc::clone(&lines))),
        ];
        let process = Self {
            child,
            lines,
            reading,
        };
        Ok((process, ours))
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for the end of a worker whose socket is closed, and helps where it does not come. `ended_by_us` is why.
    pub(super) async fn end(mut self, ended_by_us: Option<String>) -> (String, Vec<String>) {
        if ended_by_us.is_some() {
            let _ = self.child.start_kill();
        }
        let status = match tokio::time::timeout(FAREWELL, self.child.wait()).await {
            Ok(status) => status,
            Err(_) => {
                let _ = self.child.start_kill();
                self.child.wait().await
            }
        };
        // What it wrote last is still on its way.
        for reading in self.reading {
            let _ = tokio::time::timeout(FAREWELL, reading).await;
        }
        let why =
            ended_by_us.unwrap_or_else(|| status.map_or_else(|error| error.to_string(), told));
        (why, self.lines.all())
    }
}

/// What an exit status means, in words.
fn told(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("it was ended by {}", signal_name(signal)),
        (None, Some(code)) => format!("it exited with code {code}"),
        (None, None) => "it ended".into(),
    }
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGABRT => "SIGABRT, an abort of its own",
        libc::SIGSEGV => "SIGSEGV, an access to memory that is not its own",
        libc::SIGBUS => "SIGBUS, an access to memory that is not there",
        libc::SIGILL => "SIGILL, an instruction that is none",
        libc::SIGFPE => "SIGFPE, a division by zero or the like",
        libc::SIGKILL => "SIGKILL, from outside or for lack of memory",
        libc::SIGSYS => "SIGSYS, a system call it may not make",
        libc::SIGTERM => "SIGTERM, from outside",
        _ => return format!("signal {signal}"),
    };
    format!("signal {signal} ({name})")
}

// === impl Lines ===

impl Lines {
    fn push(&self, line: &[u8]) {
        let line = String::from_utf8_lossy(&line[..line.len().min(LINE_BYTES_MAX)]);
        let visible = |c: char| if c.is_control() { ' ' } else { c };
        let line: String = line.trim_end().chars().map(visible).collect();
        if line.is_empty() {
            return;
        }
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn all(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().cloned().collect()
    }
}

/// Keeps the last lines of `from` until it ends; what is beyond a line's length is read and thrown away.
async fn keep(from: Option<impl AsyncRead + Unpin>, lines: Arc<Lines>) {
    let Some(mut from) = from else { return };
    let (mut step, mut line) = (vec![0; STEP_BYTES], Vec::new());
    while let Ok(read) = from.read(&mut step).await {
        if read == 0 {
            break;
        }
        for byte in &step[..read] {
            match byte {
                b'\n' => {
                    lines.push(&line);
                    line.clear();
                }
                _ if line.len() < LINE_BYTES_MAX => line.push(*byte),
                _ => {}
            }
        }
        if read == STEP_BYTES {
            tokio::time::sleep(STEP_PAUSE).await;
        }
    }
    lines.push(&line);
}
