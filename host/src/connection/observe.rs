//! What is measured by looking, when somebody asks for the metrics.

use std::sync::Arc;

use metrics::gauge;

use super::Connections;
use crate::plugin::Adapter;
use crate::plugin::sandbox::health::Phase;

impl Connections {
    /// Sets the gauges of adapters and connections to what they are now.
    pub fn observe(&self) {
        for adapter in self.directory().adapters() {
            observe_adapter(adapter);
        }
        for (connection, inbox) in self.inboxes() {
            gauge!("bestand_hooks_waiting", "connection" => connection)
                .set(as_f64(inbox.waiting()));
        }
        for (connection, buckets) in self.buckets() {
            for bucket in buckets.all() {
                let labels = [
                    ("connection", connection.clone()),
                    ("bucket", bucket.name().to_owned()),
                ];
                gauge!("bestand_rate_bucket_left", &labels).set(as_f64(bucket.left() as u64));
                gauge!("bestand_rate_bucket_capacity", &labels)
                    .set(as_f64(bucket.capacity() as u64));
            }
        }
    }
}

fn observe_adapter(adapter: &Arc<Adapter>) {
    let id = adapter.manifest().id.clone();
    let health = adapter.health();
    let is_up = health
        .as_ref()
        .is_none_or(|health| health.phase == Phase::Running);
    gauge!("bestand_adapter_up", "adapter" => id.clone()).set(f64::from(u8::from(is_up)));
    if let Some(bytes) = health.and_then(|health| health.memory_bytes()) {
        gauge!("bestand_adapter_memory_bytes", "adapter" => id).set(as_f64(bytes));
    }
}

fn as_f64(count: u64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge of Prometheus is a float"
    )]
    let count = count as f64;
    count
}
