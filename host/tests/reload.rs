//! `bestand reload` and a daemon: this process plays the daemon, so that both sides of the agreement are seen.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails"
)]

use std::path::Path;
use std::process::Output;

use bestand::running::pid_file::PidFile;
use bestand::running::reload_report::ReloadReport;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

/// Asks for a reload in `folder`, and answers the signal with a report.
async fn reload(folder: &Path, taken: bool, lines: &[&str]) -> Output {
    let mut hangups = signal(SignalKind::hangup()).unwrap();
    let data = folder.join("data");
    let _held = PidFile::hold(&data.join("bestand.pid")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bestand"));
    let asked = command
        .env_clear()
        .current_dir(folder)
        .arg("reload")
        .output();
    let answered = async {
        hangups.recv().await.unwrap();
        ReloadReport::write(
            &data,
            taken,
            lines.iter().map(ToString::to_string).collect(),
            Vec::new(),
        )
        .unwrap();
    };
    let (asked, ()) = tokio::join!(asked, answered);
    asked.unwrap()
}

#[tokio::test]
async fn a_reload_tells_what_the_daemon_made_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let taken = reload(folder.path(), true, &["adapter `finale`: ready"]).await;
    assert_eq!(
        String::from_utf8_lossy(&taken.stdout),
        "reloaded:\n  adapter `finale`: ready\n"
    );
    assert_eq!(taken.status.code(), Some(0));
    let refused = reload(folder.path(), false, &["bestand.toml:1: wrong"]).await;
    assert!(
        String::from_utf8_lossy(&refused.stdout)
            .starts_with("not reloaded, the daemon goes on as before:")
    );
    assert_eq!(refused.status.code(), Some(1));
}

#[tokio::test]
async fn a_wrong_config_is_not_handed_to_the_daemon() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bestand.toml"), "nonsense = 1").unwrap();
    let _held = PidFile::hold(&folder.path().join("data/bestand.pid")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bestand"));
    let asked = command
        .env_clear()
        .current_dir(folder.path())
        .arg("reload")
        .output()
        .await
        .unwrap();
    assert_eq!(
        asked.status.code(),
        Some(64),
        "a signal would have ended this process"
    );
}
