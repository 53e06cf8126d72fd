//! Logs and metrics: set up once, at the start of the process.
//!
//! Logs go to stderr, so that what a command prints stays apart. Metrics are kept for `/metrics`.

pub mod metrics;

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, reload};

use self::metrics::Metrics;
use crate::config::log::{Log, LogFormat};

/// The process's logs and metrics. Cheap to clone.
#[derive(Clone)]
pub struct Telemetry {
    filter: Filter,
    metrics: Metrics,
}

/// Why logs or metrics could not be set up or changed.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is none; a checked config has a good one.
    #[error("`log.filter` cannot be used: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something in this process logs already.
    #[error("the log is set up already: {0}")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
    /// The log is gone.
    #[error("the log cannot be changed: {0}")]
    Gone(#[from] reload::Error),
}

type Filter = reload::Handle<EnvFilter, Registry>;

// === impl Telemetry ===

impl Telemetry {
    /// Starts logging to stderr and counting.
    ///
    /// # Errors
    /// When this process has started logging before.
    pub fn start(log: &Log) -> Result<Self, TelemetryError> {
        let (subscriber, filter) =
            subscriber(log, std::io::stderr, std::io::stderr().is_terminal())?;
        subscriber.try_init()?;
        Ok(Self {
            filter,
            metrics: Metrics::of_process(),
        })
    }

    /// Logs by another filter from now on.
    ///
    /// # Errors
    /// When it is no filter.
    pub fn set_filter(&self, filter: &str) -> Result<(), TelemetryError> {
        Ok(self.filter.reload(EnvFilter::try_new(filter)?)?)
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

impl std::fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Telemetry")
    }
}

fn subscriber<W>(
    log: &Log,
    writer: W,
    in_colour: bool,
) -> Result<(impl Subscriber + Send + Sync + use<W>, Filter), TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let (filter, handle) = reload::Layer::new(EnvFilter::try_new(&log.filter)?);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(in_colour);
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    Ok((
        tracing_subscriber::registry().with(filter).with(lines),
        handle,
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is written while `log` and the filter may be changed and events made.
    fn written(format: LogFormat, work: impl FnOnce(&Filter)) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = Log {
            format,
            filter: "info".into(),
        };
        let (subscriber, filter) = subscriber(&log, move || writer.clone(), false).unwrap();
        tracing::subscriber::with_default(subscriber, || work(&filter));
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_text_line_reads_as_a_sentence_with_fields() {
        let text = written(LogFormat::Text, |_| {
            tracing::info!(rows = 3, "sync is done")
        });
        assert!(
            text.contains("INFO") && text.ends_with("sync is done rows=3\n"),
            "{text}"
        );
    }

    #[test]
    fn a_json_line_is_one_object_with_the_fields_at_the_top() {
        let text = written(LogFormat::Json, |_| {
            tracing::warn!(rows = 3, "sync is late")
        });
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&line["level"], &line["message"], &line["rows"]),
            (&"WARN".into(), &"sync is late".into(), &3.into())
        );
    }

    #[test]
    fn the_filter_can_be_changed_while_logging() {
        let text = written(LogFormat::Text, |filter| {
            tracing::debug!("before");
            filter.reload(EnvFilter::new("debug")).unwrap();
            tracing::debug!("after");
        });
        assert!(!text.contains("before") && text.contains("after"), "{text}");
    }

    #[test]
    fn a_secret_in_a_log_line_is_stars() {
        let secret = crate::secret::SecretText::from("hunter2");
        let text = written(
            LogFormat::Json,
            |_| tracing::error!(%secret, other = ?secret, "refused"),
        );
        assert!(!text.contains("hunter2") && text.contains("***"), "{text}");
    }
}
