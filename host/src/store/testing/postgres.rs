//! A PostgreSQL server for the tests of one process: made in a temporary folder, gone when the process ends.
//!
//! A shell supervises it and waits for the end of its standard input, which comes however the test process ends,
//! so nothing is left running and nothing is left on disk.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Arguments: the folder of the programs. Prints the folder of the socket once the server answers.
///
/// The server refuses to run as root, so root steps down to the user that the package made.
const SUPERVISE: &str = r#"
bin=$1
folder=$(mktemp -d "${TMPDIR:-/tmp}/bestand-postgres-XXXXXX") || exit 1
as_server=
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as_server="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
cd "$folder"
trap '' INT
$as_server "$bin/initdb" -D "$folder/data" -U bestand -A trust -N --no-locale -E UTF8 >"$folder.log" 2>&1 &&
$as_server "$bin/postgres" -D "$folder/data" -h '' -k "$folder" -c fsync=off -c max_connections=200 \
    >>"$folder.log" 2>&1 </dev/null &
server=$!
until "$bin/pg_isready" -q -h "$folder"; do
    kill -0 $server 2>/dev/null || { tail -n 3 "$folder.log" >&2; rm -rf "$folder" "$folder.log"; exit 1; }
    sleep 0.05
done
echo "$folder"
cat >/dev/null
head -n 1 "$folder/data/postmaster.pid" | xargs kill -INT
wait $server
cd /
rm -rf "$folder" "$folder.log"
"#;

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    socket_folder: String,
    /// Holds the pipe whose end stops the server.
    _supervisor: Child,
}

static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();

/// The server of this process, started on first use; the error says why there is none.
pub(super) fn server() -> Result<&'static Server, &'static str> {
    SERVER.get_or_init(start).as_ref().map_err(String::as_str)
}

fn start() -> Result<Server, String> {
    let programs = programs().ok_or("PostgreSQL is not installed in /usr/lib/postgresql")?;
    let mut supervisor = Command::new("sh")
        .args(["-c", SUPERVISE, "sh"])
        .arg(programs)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run sh: {error}"))?;
    let output = supervisor.stdout.take().expect("stdout is piped above");
    let mut socket_folder = String::new();
    BufReader::new(output)
        .read_line(&mut socket_folder)
        .map_err(|error| error.to_string())?;
    match socket_folder.trim() {
        "" => Err("the server did not start, see above".into()),
        folder => Ok(Server {
            socket_folder: folder.into(),
            _supervisor: supervisor,
        }),
    }
}

/// The folder of the newest installed server's programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .max()
}

// === impl Server ===

impl Server {
    /// Where to connect; the socket's folder stands in a parameter because it holds slashes.
    pub(super) fn url(&self) -> String {
        format!(
            "postgres://bestand@localhost/postgres?host={}",
            self.socket_folder
        )
    }
}
