//! A library that tries to get out of its process is told that it may not, and the operator what it tried.

use std::path::Path;

use bestand::config::adapter::{Adapter, Isolation};
use bestand::plugin::PluginState;

use crate::support::misbehaving::{behaving, health};
use crate::support::neighbour::Neighbour;
use crate::support::processes::Process;
use crate::support::{Life, Site, enabled};

/// What it tries, and by which name it tells of it.
const ESCAPES: [(&str, &str); 11] = [
    ("threads", "Threads"),
    ("fork", "Fork"),
    ("exec", "Exec"),
    ("read_file", "ReadFile"),
    ("write_file", "WriteFile"),
    ("connect_tcp", "Tcp"),
    ("connect_udp", "Udp"),
    ("connect_unix", "Unix"),
    ("read_environment", "Environment"),
    ("read_descriptors", "Descriptors"),
    ("signal_parent", "SignalParent"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_library_tries_it_stays_where_it_is() {
    let site = Site::with(&["misbehaving", "warehouse"]);
    let life = site.start().await;
    let neighbour = Neighbour::of(&life).await;
    let worker = Process::of(health(&life).pid.unwrap());
    let before = worker.traces();
    for (fault, name) in ESCAPES {
        let connection = life.connect(behaving(fault, fault, "check")).await;
        let reason = life.degraded(connection.id).await;
        assert!(
            reason.starts_with(&format!("{name} was refused: ")),
            "{reason}"
        );
    }
    neighbour.is_well(&life).await;
    assert_eq!(worker.traces(), before, "threads, children and descriptors");
    assert!(!Path::new("/tmp/bestand-was-here").exists());
    assert!(health(&life).last_end.is_none(), "it was never ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_a_secret_or_more_than_fits_is_refused_by_name() {
    for isolation in [Isolation::Sandbox, Isolation::InProcess] {
        let site = site_with(isolation);
        let life = site.start().await;
        let granted = [
            ("foreign_host", "may not speak to `collector.example`"),
            (
                "greedy_state",
                "have more than 33554432 bytes; ask for fewer at once",
            ),
            ("foreign_secret", "has no secret `somebody_elses_token`"),
        ];
        for (fault, said) in granted {
            let connection = life.connect(behaving(fault, fault, "check")).await;
            let (reason, _) = life.needs_attention(connection.id).await;
            assert!(reason.contains(said), "{reason}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_constructor_is_confined_like_the_rest_of_its_library() {
    for word in ["early-open", "early-write", "early-thread", "early-socket"] {
        let site = Site::with(&[]);
        site.plugins.put_misbehaving("early.so", word);
        let life = site.start().await;
        assert_eq!(
            state(&life, "early.so"),
            PluginState::Disabled,
            "{word}: it was refused, and loads"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_constructor_that_ends_or_keeps_its_process_is_a_plugin_that_does_not_start() {
    let site = Site::with(&["warehouse"]);
    for word in ["early-abort", "early-hang", "early-started"] {
        site.plugins.put_misbehaving(&format!("{word}.so"), word);
    }
    let life = site.start().await;
    let told = [
        (
            "early-abort",
            "does not start: it was ended by signal 6 (SIGABRT, an abort of its own)",
        ),
        ("early-hang", "does not start: it was not ready within"),
        // Before it is asked what it is, or while it is.
        ("early-started", "does not start: the adapter's process "),
    ];
    for (word, said) in told {
        let PluginState::Refused { reason, .. } = state(&life, &format!("{word}.so")) else {
            panic!("{word} is not refused")
        };
        assert!(
            reason.contains(said) && !reason.contains('\n'),
            "{word}: {reason}"
        );
    }
    Neighbour::of(&life).await.is_well(&life).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_library_that_says_another_thing_where_it_is_trusted_is_not_trusted() {
    let mut site = Site::with(&[]);
    site.plugins.put_misbehaving("lies.so", "lies");
    site.adapters = vec![enabled("misbehaving")];
    let life = site.start().await;
    assert_eq!(
        state(&life, "lies.so"),
        PluginState::Ready,
        "in the sandbox it has nobody to lie to"
    );
    drop(life);

    site.adapters = vec![in_process("misbehaving")];
    let life = site.start().await;
    let PluginState::Refused { reason, .. } = state(&life, "lies.so") else {
        panic!("it is not refused")
    };
    assert!(
        reason.contains("says one thing of itself in the sandbox"),
        "{reason}"
    );
}

fn site_with(isolation: Isolation) -> Site {
    let mut site = Site::with(&["misbehaving"]);
    site.adapters[0].isolation = isolation;
    site
}

fn in_process(id: &str) -> Adapter {
    Adapter {
        isolation: Isolation::InProcess,
        ..enabled(id)
    }
}

fn state(life: &Life, file: &str) -> PluginState {
    let directory = life.connections.directory();
    let mut plugins = directory.plugins().iter();
    let plugin = plugins.find(|plugin| plugin.path.ends_with(file));
    plugin.expect("it was looked at").state.clone()
}
