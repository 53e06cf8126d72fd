//! People from the command line, and the link that a daemon prints for the first of them.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a config, and `bestand` in it.
struct Shell(TempDir);

/// A daemon that is told to stop when the test is through with it.
struct Daemon(Child);

// === impl Shell ===

impl Shell {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = "[server]\nlisten = \"127.0.0.1:0\"\n[plugins]\ndir = \".\"\n[log]\nformat = \"json\"\n";
        fs::write(folder.path().join("bestand.toml"), config).unwrap();
        Self(folder)
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bestand"));
        command
            .env_clear()
            .current_dir(self.folder())
            .args(line.split_whitespace())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// What it prints when it ends well.
    fn run(&self, line: &str) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(line).output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        assert!(status.success(), "{line}: {said}");
        String::from_utf8(stdout).unwrap()
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.run(&format!("{line} --json"))).unwrap()
    }

    /// What it complains of when it does not.
    fn refusal(&self, line: &str) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(line).output().unwrap();
        assert!(!status.success() && stdout.is_empty(), "{line}");
        String::from_utf8(stderr).unwrap()
    }
}

// === impl Daemon ===

impl Daemon {
    fn start(shell: &Shell) -> Self {
        Self(shell.command("serve").spawn().unwrap())
    }

    /// Stops it once it has logged this; all that it printed, and all that it logged.
    fn stop_when(mut self, logged: &str) -> (String, String) {
        let mut stderr = BufReader::new(self.0.stderr.take().unwrap());
        let mut log = String::new();
        while !log.contains(logged) {
            assert!(stderr.read_line(&mut log).unwrap() > 0, "it ended: {log}");
        }
        let id = self.0.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        let mut printed = String::new();
        let mut stdout = self.0.stdout.take().unwrap();
        stdout.read_to_string(&mut printed).unwrap();
        (printed, log)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Nothing is left to be done when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn people_are_added_listed_and_removed_from_the_command_line() {
    let shell = Shell::new();
    fs::write(shell.folder().join("password"), "ein rotes Boot\n").unwrap();
    let anna = shell.json("user add Anna --role admin --password-file password");
    assert_eq!(
        (&anna["name"], &anna["role"]),
        (&"Anna".into(), &"admin".into())
    );
    shell.run("user add Berta --role reader --password-file password");
    assert_eq!(shell.json("user list").as_array().unwrap().len(), 2);
    shell.run("user password berta --password-file password");
    shell.run("user remove BERTA");
    assert_eq!(shell.json("user list"), Value::Array(vec![anna]));
}

#[test]
fn roles_are_changed_and_people_disabled_and_enabled_from_the_command_line() {
    let shell = Shell::new();
    fs::write(shell.folder().join("password"), "ein rotes Boot").unwrap();
    shell.run("user add Anna --role admin --password-file password");
    shell.run("user add Berta --role reader --password-file password");
    let promoted = shell.json("user role berta operator");
    assert_eq!(
        (&promoted["name"], &promoted["role"]),
        (&"Berta".into(), &"operator".into())
    );
    let disabled = shell.json("user disable berta");
    assert!(disabled["disabled_at"].is_string(), "{disabled}");
    assert!(shell.run("user list").contains("disabled 2"));
    let id = disabled["id"].as_str().unwrap();
    let enabled = shell.json(&format!("user enable {id}"));
    assert_eq!(enabled["disabled_at"], Value::Null);
    assert_eq!(shell.json("user list").as_array().unwrap()[1], enabled);
    let said = shell.run("user role Anna admin") + &shell.run("user enable Anna");
    assert_eq!(
        said,
        "`Anna` is admin now\n`Anna` may sign in again, with the same password\n"
    );
}

#[test]
fn what_cannot_be_done_with_people_is_said_in_words() {
    let shell = Shell::new();
    for (file, password) in [
        ("good", "ein rotes Boot"),
        ("short", "kurz"),
        ("common", "passwort1234"),
    ] {
        fs::write(shell.folder().join(file), password).unwrap();
    }
    shell.run("user add Anna --role admin --password-file good");
    for (line, reason) in [
        (
            "user add anna --role reader --password-file good",
            "there is already a user of this name",
        ),
        (
            "user add Berta --role reader --password-file short",
            "at least 12 characters",
        ),
        (
            "user add Berta --role reader --password-file common",
            "tried first",
        ),
        (
            "user add Berta --role partner --password-file good",
            "`partner` is for API keys only",
        ),
        (
            "user add Berta --role reader --password-file missing",
            "the password cannot be read from `missing`",
        ),
        ("user add Berta --role reader", "use `--password-file FILE`"),
        ("user remove Anna", "the last admin who can sign in"),
        ("user disable Anna", "the last admin who can sign in"),
        ("user role Anna reader", "the last admin who can sign in"),
        ("user role Anna partner", "`partner` is for API keys only"),
        ("user enable Berta", "`bestand user list` shows its users"),
        ("user remove Berta", "`bestand user list` shows its users"),
        ("user link", "has users already"),
    ] {
        let said = shell.refusal(line);
        assert!(said.contains(reason), "{line}: {said}");
    }
}

#[test]
fn a_password_can_come_in_through_a_pipe() {
    let shell = Shell::new();
    let mut adding = shell.command("user add Anna --role reader --password-file -");
    let mut adding = adding.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = adding.stdin.take().unwrap();
    stdin.write_all(b"ein rotes Boot\n").unwrap();
    drop(stdin);
    assert!(adding.wait().unwrap().success());
}

#[test]
fn a_daemon_prints_the_link_for_the_first_admin_until_there_is_one_and_never_logs_it() {
    let shell = Shell::new();
    let (printed, log) = Daemon::start(&shell).stop_when("is on stdout");
    let (address, token) = printed.trim().split_once("/set-up?token=").unwrap();
    assert!(
        address.contains("http://127.0.0.1:") && token.len() == 43,
        "{printed}"
    );
    assert!(!log.contains(token), "{log}");
    let again = shell.json("user link");
    assert!(again["link"].as_str().unwrap().contains("/set-up?token="));
    fs::write(shell.folder().join("password"), "ein rotes Boot").unwrap();
    shell.run("user add Anna --role admin --password-file password");
    let (printed, log) = Daemon::start(&shell).stop_when("listening on");
    assert!(
        printed.is_empty() && !log.contains("nobody can sign in"),
        "{printed}{log}"
    );
}
