//! Metrics: what is counted with the `metrics` macros, and its text for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper ends of the buckets of every metric named `…_seconds`: from an answer out of memory to a long sync.
const SECONDS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0,
    600.0,
];
/// How often single observations are put into their buckets, so that they do not pile up between two scrapes: under
/// full load some ten thousand, which takes a millisecond or two.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(1);

/// What this process counts. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

// === impl Metrics ===

impl Metrics {
    /// The metrics of this process, set up by whoever asks first.
    pub fn of_process() -> Self {
        static OF_PROCESS: OnceLock<Metrics> = OnceLock::new();
        OF_PROCESS
            .get_or_init(|| {
                let recorder = builder().build_recorder();
                let handle = recorder.handle();
                // Taken already only if another library of the process counts on its own; then `/metrics` stays empty.
                if ::metrics::set_global_recorder(recorder).is_err() {
                    tracing::warn!("metrics are recorded elsewhere; /metrics stays empty");
                }
                Self(handle)
            })
            .clone()
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Keeps the memory of what is counted bounded; never ends, drop it to stop.
    pub async fn keep_up(self) {
        let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
        loop {
            ticks.tick().await;
            let handle = self.0.clone();
            // On a thread of its own: requests that wait behind it on a worker would all be late.
            let _ = tokio::task::spawn_blocking(move || handle.run_upkeep()).await;
        }
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

fn builder() -> PrometheusBuilder {
    let seconds = Matcher::Suffix("_seconds".into());
    PrometheusBuilder::new()
        .set_buckets_for_metric(seconds, SECONDS)
        .expect("the buckets are not empty")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_durations_are_rendered_for_prometheus() {
        let recorder = builder().build_recorder();
        let metrics = Metrics(recorder.handle());
        ::metrics::with_local_recorder(&recorder, || {
            ::metrics::counter!("bestand_orders_total", "verdict" => "short").increment(2);
            ::metrics::histogram!("bestand_request_duration_seconds").record(0.003);
        });
        let text = metrics.render();
        assert!(
            text.contains("bestand_orders_total{verdict=\"short\"} 2"),
            "{text}"
        );
        assert!(
            text.contains("bestand_request_duration_seconds_bucket{le=\"0.005\"} 1"),
            "{text}"
        );
        assert!(
            text.contains("bestand_request_duration_seconds_bucket{le=\"0.0025\"} 0"),
            "{text}"
        );
    }

    #[test]
    fn all_who_ask_get_the_same_metrics() {
        let metrics = Metrics::of_process();
        ::metrics::counter!("bestand_asked_total").increment(1);
        assert!(metrics.render().contains("bestand_asked_total 1"));
        assert!(
            Metrics::of_process()
                .render()
                .contains("bestand_asked_total 1")
        );
    }
}
