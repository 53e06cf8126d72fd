//! `bestand doctor`: what this system gives to keep plugins in bounds, tried and not only asked for.

use clap::Args;
use serde::Serialize;

use super::context::Context;
use super::exit::Exit;
use super::output::{self, Column, OutputArguments};
use crate::plugin::sandbox::confine::Confinement;
use crate::plugin::sandbox::probe::{Attempt, Probe};

/// A unit for systemd that leaves the daemon what it needs to confine its workers.
const UNIT: &str = include_str!("doctor/bestand.service");

/// Say what this system gives to keep plugins in bounds, and what to change
///
/// Starts the process that a sandboxed adapter would run in, and lets it try what it must not be able to do: read
/// files, reach the network, start programs and threads, take more memory than it may. Exit code 1 when something is
/// missing.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print a unit for systemd instead, to be put into /etc/systemd/system/bestand.service
    #[arg(long)]
    unit: bool,
    #[command(flatten)]
    output: OutputArguments,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: String,
    ok: bool,
    detail: String,
}

const COLUMNS: &[Column<Finding>] = &[
    ("CHECK", |finding| finding.what.clone()),
    ("RESULT", |finding| match finding.ok {
        true => "ok".into(),
        false => "MISSING".into(),
    }),
    ("DETAIL", |finding| finding.detail.clone()),
];

// === impl Doctor ===

impl Doctor {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if self.unit {
            output::line(UNIT.trim_end())?;
            return Ok(Exit::Done);
        }
        let workers = context.config()?.plugins.workers();
        let probe = Probe::run(&workers)?;
        let mut findings = vec![kernel()];
        findings.extend(layers(&probe.confinement));
        findings.extend(probe.attempts.iter().map(Finding::of));
        self.output.list(&findings, COLUMNS)?;
        output::note(verdict(&probe, workers.must_be_confined));
        Ok(match probe.holds() {
            true => Exit::Done,
            false => Exit::Failed,
        })
    }
}

// === impl Finding ===

impl Finding {
    /// What must not succeed.
    fn of(attempt: &Attempt) -> Self {
        let detail = match attempt.refused {
            true => "a plugin cannot",
            false => "a plugin can: the layers above do not hold",
        };
        Self {
            what: attempt.what.clone(),
            ok: attempt.refused,
            detail: detail.into(),
        }
    }
}

fn kernel() -> Finding {
    let release = rustix::system::uname();
    Finding {
        what: "Linux".into(),
        ok: true,
        detail: release.release().to_string_lossy().into_owned(),
    }
}

fn layers(confinement: &Confinement) -> [Finding; 2] {
    let missing = |layer: &str| {
        let told = confinement
            .missing
            .iter()
            .find(|told| told.starts_with(layer));
        told.map_or_else(|| "not in force".into(), Clone::clone)
    };
    let landlock = confinement.landlock;
    [
        Finding {
            what: "Landlock".into(),
            ok: landlock > 0,
            detail: match landlock {
                0 => missing("Landlock"),
                version => format!("version {version} of its interface"),
            },
        },
        Finding {
            what: "seccomp".into(),
            ok: confinement.seccomp,
            detail: match confinement.seccomp {
                true => "a list of the system calls a plugin may make".into(),
                false => missing("seccomp"),
            },
        },
    ]
}

fn verdict(probe: &Probe, must_be_confined: bool) -> &'static str {
    match (probe.holds(), must_be_confined) {
        (true, _) => "\nPlugins are kept in bounds.",
        (false, true) => {
            "\nPlugins are not kept in bounds here, so no sandboxed adapter starts (`plugins.sandbox = \"required\"`).\n\
             Under systemd, take the unit of `bestand doctor --unit`; in a container, allow the system calls \
             `landlock_*` and `seccomp`. With `plugins.sandbox = \"best-effort\"` adapters run with what there is."
        }
        (false, false) => {
            "\nPlugins are not kept in bounds here, and run all the same (`plugins.sandbox = \"best-effort\"`)."
        }
    }
}
