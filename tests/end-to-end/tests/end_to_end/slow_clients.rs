//! Ten thousand clients that are slow on purpose: everybody else is answered meanwhile, within bounded memory, and
//! afterwards all is as before.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::support::{Daemon, Install};

/// Whose heads never end; alone more than the daemon has places for.
const SLOW_HEADS: usize = 8_500;
/// Whose bodies never end; more than the daemon takes of them at once.
const SLOW_BODIES: usize = 2_200;
/// Who ask for a lot and read nothing of it. Fewer, because the system keeps for each what it does not read.
const NEVER_READING: usize = 100;
/// Answers that one of those asks for: more than the system keeps for it.
const ANSWERS_EACH: usize = 40;
/// What one of those lets the system keep, in bytes.
const KEPT_FOR_IT: u32 = 8_192;
/// Files this test needs beside the clients.
const OTHER_FILES: u64 = 500;
/// How long anybody else may wait for an answer on this machine, which also plays the slow ones.
const ANSWER_MAX: Duration = Duration::from_secs(3);
/// Of the daemon, in KiB: some 40 KiB for each connection held, and what it has without any.
const MEMORY_MAX_KIB: u64 = 512 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_slow_clients_keep_nobody_else_waiting() {
    if let Err(why) = raise_file_limit() {
        return println!("skipped: {why}");
    }
    let install = Install::with(&["misbehaving"]);
    install.configure(
        "[[adapter]]\nid = \"misbehaving\"\n[[connection]]\nname = \"Main\"\nadapter = \"misbehaving\"",
    );
    let daemon = install.serve().await;
    let connection = daemon.api.connection("Main").await;
    daemon.api.until(&connection, "ready").await;
    let address = daemon
        .api
        .url()
        .trim_start_matches("http://")
        .parse()
        .unwrap();

    let never_read = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(ANSWERS_EACH);
    let body =
        format!("POST /hooks/{connection} HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{{");
    let mut slow = Vec::new();
    for (count, said) in [
        (NEVER_READING, never_read),
        (SLOW_BODIES, body),
        (SLOW_HEADS / 2, "GET /healthz HTTP/1.1\r\nho".into()),
        (SLOW_HEADS / 2, String::new()),
    ] {
        slow.extend(crowd(address, count, &said).await);
        answers_others(&daemon).await;
    }
    assert!(slow.len() > 10_000, "{}", slow.len());
    let memory_kib = memory_kib(daemon.id());
    assert!(memory_kib < MEMORY_MAX_KIB, "{memory_kib} KiB");

    drop(slow);
    answers_others(&daemon).await;
    assert!(daemon.end().await.success());
}

/// So many connections on which this is said, and then nothing more.
async fn crowd(address: SocketAddr, count: usize, said: &str) -> Vec<TcpStream> {
    let mut crowd = Vec::with_capacity(count);
    for _ in 0..count {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(KEPT_FOR_IT).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        // The daemon may have had enough of it.
        let _ = stream.write_all(said.as_bytes()).await;
        crowd.push(stream);
    }
    crowd
}

/// Whoever comes anew, and asks for something that takes the database, is answered.
async fn answers_others(daemon: &Daemon) {
    for _ in 0..10 {
        let began = Instant::now();
        assert_eq!(daemon.api.alone().stored("A").await["sku"], "A");
        assert!(began.elapsed() < ANSWER_MAX, "{:?}", began.elapsed());
    }
}

fn memory_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}

/// Lets this process have a file for each client.
fn raise_file_limit() -> Result<(), String> {
    let needed = (SLOW_HEADS + SLOW_BODIES + NEVER_READING) as u64 + OTHER_FILES;
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|files| files >= needed) {
        return Ok(());
    }
    let raised = Rlimit {
        current: Some(needed),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised)
        .map_err(|error| format!("{needed} open files are not to be had: {error}"))
}
