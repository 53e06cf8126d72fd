//! What an author logs, on its way to the host.
//!
//! A plugin has its own copies of `tracing`'s, `log`'s and std's statics, so they are set up here once per library.
//! Records made while a call is being served carry its connection; others (a stray thread) go without.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span;

use crate::call::host::{Log, LogLevel, LogRecord};
use crate::call::{self, Port};

/// The host of this library, for records made outside any call.
static HOST: OnceLock<Arc<dyn Port>> = OnceLock::new();

thread_local! {
    static SERVING: RefCell<Option<Serving>> = const { RefCell::new(None) };
}

struct Serving {
    call: u64,
    connection: String,
    host: Arc<dyn Port>,
}

/// Puts back what was served before.
pub(crate) struct Restore(Option<Serving>);

struct Forward;

#[derive(Default)]
struct Fields {
    message: String,
    fields: BTreeMap<String, String>,
}

/// Sends `tracing`, `log` and panics of this library to `host`. Later calls change nothing.
pub(crate) fn install(host: &Arc<dyn Port>) {
    if HOST.set(Arc::clone(host)).is_err() {
        return;
    }
    let _ = tracing::subscriber::set_global_default(Forward);
    if log::set_logger(&Forward).is_ok() {
        log::set_max_level(log::LevelFilter::Debug);
    }
    std::panic::set_hook(Box::new(|panic| {
        send(LogLevel::Error, "panic", panic.to_string(), BTreeMap::new())
    }));
}

/// Marks this thread as serving a call until the result is dropped.
pub(crate) fn serving(call: u64, connection: &str, host: &Arc<dyn Port>) -> Restore {
    let now = Serving {
        call,
        connection: connection.into(),
        host: Arc::clone(host),
    };
    Restore(SERVING.with(|serving| serving.replace(Some(now))))
}

impl Drop for Restore {
    fn drop(&mut self) {
        SERVING.with(|serving| serving.replace(self.0.take()));
    }
}

fn send(level: LogLevel, target: &str, message: String, fields: BTreeMap<String, String>) {
    let record = LogRecord {
        level,
        target: target.into(),
        message,
        fields,
    };
    SERVING.with(|serving| match (&*serving.borrow(), HOST.get()) {
        (Some(serving), _) => post(&*serving.host, serving.call, &serving.connection, &record),
        (None, Some(host)) => post(&**host, 0, "", &record),
        (None, None) => {}
    });
}

/// The host takes a record at the call itself; there is nothing to wait for.
fn post(host: &dyn Port, call: u64, connection: &str, record: &LogRecord) {
    if let Ok(request) = call::request::<Log>(call, connection, record) {
        drop(host.call(request));
    }
}

// === impl Forward ===

impl tracing::Subscriber for Forward {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::DEBUG
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = match *event.metadata().level() {
            tracing::Level::ERROR => LogLevel::Error,
            tracing::Level::WARN => LogLevel::Warn,
            tracing::Level::INFO => LogLevel::Info,
            tracing::Level::DEBUG => LogLevel::Debug,
            tracing::Level::TRACE => LogLevel::Trace,
        };
        send(
            level,
            event.metadata().target(),
            fields.message,
            fields.fields,
        );
    }

    /// Spans group an author's own events; the host has its own span for the whole call.
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

impl log::Log for Forward {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Debug
    }

    fn log(&self, record: &log::Record<'_>) {
        let level = match record.level() {
            log::Level::Error => LogLevel::Error,
            log::Level::Warn => LogLevel::Warn,
            log::Level::Info => LogLevel::Info,
            log::Level::Debug => LogLevel::Debug,
            log::Level::Trace => LogLevel::Trace,
        };
        send(
            level,
            record.target(),
            record.args().to_string(),
            BTreeMap::new(),
        );
    }

    fn flush(&self) {}
}

// === impl Fields ===

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        match field.name() {
            "message" => self.message = text,
            name => {
                self.fields.insert(name.into(), text);
            }
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}
