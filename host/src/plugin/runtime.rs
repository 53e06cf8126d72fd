//! The small runtime of one adapter: a thread of its own, so that an adapter that blocks hurts nobody else.

use std::future::Future;
use std::time::Duration;

use bestand_plugin_api::AdapterError;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A thread that polls one adapter's futures and its I/O. It ends when this is dropped, or, when the adapter blocks
/// it, with the process.
#[derive(Debug)]
pub struct Runtime {
    handle: Handle,
    /// Dropping it lets the thread end.
    _stop: oneshot::Sender<()>,
}

/// Cancels the work when its caller goes away.
struct AbortOnDrop<T>(JoinHandle<T>);

// === impl Runtime ===

impl Runtime {
    /// Starts the thread, named after the adapter.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(adapter: &str) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        // Linux keeps 15 bytes of a thread's name.
        let name: String = format!("a:{adapter}").chars().take(15).collect();
        std::thread::Builder::new().name(name).spawn(move || {
            let _ = runtime.block_on(stopped);
            runtime.shutdown_background();
        })?;
        Ok(Self {
            handle,
            _stop: stop,
        })
    }

    /// Runs `work` on the adapter's thread and waits for it, but not longer than `deadline`.
    ///
    /// The deadline is kept on the caller's side: it holds even when the adapter blocks its thread.
    ///
    /// # Errors
    /// `Transient` when the deadline passes or the runtime is gone.
    pub async fn run<T, F>(&self, deadline: Duration, work: F) -> Result<T, AdapterError>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let mut task = AbortOnDrop(self.handle.spawn(work));
        match tokio::time::timeout(deadline, &mut task.0).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(AdapterError::bug(
                "the adapter's work ended without an answer",
            )),
            Err(_) => Err(AdapterError::transient(format!(
                "no answer within {deadline:?}"
            ))),
        }
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bestand_plugin_api::ErrorKind;

    #[tokio::test]
    async fn an_adapter_that_blocks_its_thread_still_meets_the_callers_deadline() {
        let blocked = Runtime::start("blocked").unwrap();
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let deadline = Duration::from_millis(20);
        let error = blocked
            .run(deadline, async move { wait.recv().ok() })
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Transient);

        let other = Runtime::start("other").unwrap();
        assert_eq!(other.run(Duration::from_secs(5), async { 1 }).await, Ok(1));
        drop(release);
    }
}
