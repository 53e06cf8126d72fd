//! What happens to adapters, noted: crashes and quarantines as they are seen from outside, upgrades with a reload.
//!
//! Adapters belong to the installation; their news are told to the account whose the config file's connections are.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{Manifest, Timestamp};
use semver::Version;

use super::Parts;
use crate::activity::{Actor, Event, EventKind, Subject};
use crate::plugin::sandbox::health::{End, Health, Phase};
use crate::plugin::{Adapter, Directory};

/// How often it is looked. A process that crashes more often in between is told of once, with how often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks between two at its memory, which is read from the system.
const LOOKS_PER_MEMORY: u64 = 10;

/// What was seen of an adapter's process last.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    /// Which adapter it is: a new generation starts with a clean slate.
    adapter: usize,
    last_end: Option<Timestamp>,
    restarts: u64,
    is_quarantined: bool,
}

/// Looks for as long as the daemon lives.
pub(super) async fn watch(parts: Arc<Parts>) {
    let mut seen: HashMap<String, Seen> = HashMap::new();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    for look in 0_u64.. {
        ticks.tick().await;
        let directory = parts.connections.directory();
        seen.retain(|id, _| directory.adapter(id).is_some());
        for adapter in directory.adapters() {
            let Some(health) = adapter.health() else {
                continue;
            };
            if look % LOOKS_PER_MEMORY == 0 {
                adapter.note_memory(&health);
            }
            let now = Seen::of(adapter, &health);
            let before = seen.insert(adapter.manifest().id.clone(), now.clone());
            let before = before.filter(|before| before.adapter == now.adapter);
            for (kind, end, times) in news(before.as_ref(), &now, &health) {
                let event = event(&parts, kind, adapter.manifest());
                let event = event.with("reason", end.why.as_str()).with("times", times);
                parts.activity.note(event);
            }
        }
    }
}

/// What is new since it was looked last, with how the process ended and how often it did.
fn news<'a>(
    before: Option<&Seen>,
    now: &Seen,
    health: &'a Health,
) -> Vec<(EventKind, &'a End, u64)> {
    let Some(end) = &health.last_end else {
        return Vec::new();
    };
    let mut news = Vec::new();
    if before.is_none_or(|before| before.last_end != now.last_end) {
        let restarts = before.map_or(0, |before| before.restarts);
        let times = now.restarts.saturating_sub(restarts).max(1);
        news.push((EventKind::AdapterCrashed, end, times));
    }
    if now.is_quarantined && before.is_none_or(|before| !before.is_quarantined) {
        news.push((EventKind::AdapterQuarantined, end, 1));
    }
    news
}

/// The adapters that wait to be released.
pub(super) fn quarantined(directory: &Directory) -> Vec<Arc<Adapter>> {
    directory
        .adapters()
        .filter(|adapter| is_quarantined(adapter))
        .cloned()
        .collect()
}

fn is_quarantined(adapter: &Arc<Adapter>) -> bool {
    adapter
        .health()
        .is_some_and(|health| health.phase == Phase::Quarantined)
}

/// Notes that some of these were released.
pub(super) fn of_release(parts: &Parts, quarantined: &[Arc<Adapter>]) {
    for adapter in quarantined
        .iter()
        .filter(|adapter| !is_quarantined(adapter))
    {
        parts
            .activity
            .note(event(parts, EventKind::AdapterReleased, adapter.manifest()));
    }
}

/// Notes what a reload has changed about the adapters.
pub(super) fn of_reload(parts: &Parts, before: &Directory, now: &Directory) {
    for adapter in now.adapters() {
        let manifest = adapter.manifest();
        let old = before.adapter(&manifest.id);
        let Some(old) = old.filter(|old| !Arc::ptr_eq(old, adapter)) else {
            continue;
        };
        let (from, to) = (&old.manifest().version, &manifest.version);
        if let Some(kind) = turn(from, to) {
            let event = event(parts, kind, manifest);
            let event = event.with("from", from.as_str()).with("to", to.as_str());
            parts.activity.note(event);
        }
    }
    for setback in now.setbacks() {
        if let Some(adapter) = now.adapter(&setback.id) {
            let event = event(parts, EventKind::AdapterNotReplaced, adapter.manifest());
            parts
                .activity
                .note(event.with("reason", setback.reason.as_str()));
        }
    }
}

/// Which way a version has changed; nothing when it has not.
fn turn(from: &str, to: &str) -> Option<EventKind> {
    let is_older = match (Version::parse(from), Version::parse(to)) {
        (Ok(from), Ok(to)) => to < from,
        _ => false,
    };
    match (from == to, is_older) {
        (true, _) => None,
        (false, true) => Some(EventKind::AdapterRolledBack),
        (false, false) => Some(EventKind::AdapterUpgraded),
    }
}

fn event(parts: &Parts, kind: EventKind, manifest: &Manifest) -> Event {
    let subject = Subject::adapter(&manifest.id, &manifest.name);
    Event::new(parts.account.id, kind, Actor::DAEMON, subject)
}

// === impl Seen ===

impl Seen {
    fn of(adapter: &Arc<Adapter>, health: &Health) -> Self {
        Self {
            adapter: Arc::as_ptr(adapter).addr(),
            last_end: health.last_end.as_ref().map(|end| end.at),
            restarts: health.restarts,
            is_quarantined: health.phase == Phase::Quarantined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::sandbox::confine::Confinement;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn health(phase: Phase, restarts: u64, ended_at: Option<Timestamp>) -> Health {
        Health {
            phase,
            trouble: None,
            pid: None,
            restarts,
            last_end: ended_at.map(|at| End {
                at,
                why: "killed by signal 11".into(),
                stderr: Vec::new(),
            }),
            confinement: Confinement::default(),
        }
    }

    fn seen(health: &Health) -> Seen {
        Seen {
            adapter: 1,
            last_end: health.last_end.as_ref().map(|end| end.at),
            restarts: health.restarts,
            is_quarantined: health.phase == Phase::Quarantined,
        }
    }

    fn check(before: Option<&Health>, now: &Health, expected: &[(EventKind, u64)]) {
        let before = before.map(seen);
        let told = news(before.as_ref(), &seen(now), now);
        let told: Vec<_> = told
            .iter()
            .map(|(kind, _, times)| (*kind, *times))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn each_crash_is_told_once_and_several_between_two_looks_with_their_number() {
        let well = health(Phase::Running, 0, None);
        let crashed = health(Phase::Restarting, 0, Some(NOON));
        let again = health(Phase::Running, 3, Some(NOON.after(LOOK_EVERY)));
        check(None, &well, &[]);
        check(None, &crashed, &[(EventKind::AdapterCrashed, 1)]);
        check(Some(&well), &crashed, &[(EventKind::AdapterCrashed, 1)]);
        check(Some(&crashed), &crashed, &[]);
        check(Some(&crashed), &again, &[(EventKind::AdapterCrashed, 3)]);
    }

    #[test]
    fn a_quarantine_is_told_after_the_crash_that_led_to_it() {
        let crashed = health(Phase::Restarting, 4, Some(NOON));
        let quarantined = health(Phase::Quarantined, 4, Some(NOON.after(LOOK_EVERY)));
        let both = [
            (EventKind::AdapterCrashed, 1),
            (EventKind::AdapterQuarantined, 1),
        ];
        check(Some(&crashed), &quarantined, &both);
        check(Some(&quarantined), &quarantined, &[]);
    }

    #[test]
    fn a_version_goes_up_or_down_or_stays() {
        assert_eq!(turn("1.2.0", "1.10.0"), Some(EventKind::AdapterUpgraded));
        assert_eq!(turn("1.10.0", "1.2.0"), Some(EventKind::AdapterRolledBack));
        assert_eq!(turn("1.2.0", "1.2.0"), None);
        assert_eq!(turn("spring", "autumn"), Some(EventKind::AdapterUpgraded));
    }
}
