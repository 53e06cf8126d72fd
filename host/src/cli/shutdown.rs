//! How a command that runs until it is stopped learns that it is.

use tokio::signal::unix::{SignalKind, signal};

/// Ready when the process is asked to end: by SIGTERM or Ctrl-C.
pub(super) async fn asked() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => signals.recv().await,
            // Without this signal there is still Ctrl-C.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
