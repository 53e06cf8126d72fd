//! One fault, in every call, at several of its requests.

use std::sync::Arc;

use crate::conformance::Bench;
use crate::conformance::deed::{Deed, Done};
use crate::conformance::fault::{Fault, Faulty};
use crate::conformance::finding::{Ended, Finding, Promised, Stop, told};
use crate::conformance::rig::{Line, Rig};
use crate::{ErrorKind, Result};

/// Requests of one call that go wrong, one by one: the first ones, and the last.
const FIRST_REQUESTS: usize = 3;

/// A fault and what may come of it.
pub(super) struct Trial {
    /// What is done, as it stands in a finding.
    pub(super) done: String,
    pub(super) fault: Fault,
    /// Errors that say what happened.
    pub(super) allowed: fn(&ErrorKind) -> bool,
    /// The same in words.
    pub(super) expected: &'static str,
    pub(super) way_out: &'static str,
}

/// A call of which one request went wrong.
pub(super) struct Tried {
    pub(super) deed: Deed,
    pub(super) at: usize,
    pub(super) line: Line,
    pub(super) baseline: Done,
    pub(super) result: Result<Done>,
}

// === impl Trial ===

impl Trial {
    /// Tries it everywhere and judges what comes.
    pub(super) async fn run(&self, bench: &Bench) -> Ended {
        each(bench, &self.fault, |tried| self.judge(bench, &tried)).await
    }

    fn judge(&self, bench: &Bench, tried: &Tried) {
        let seen = match &tried.result {
            Ok(done) if *done == tried.baseline || done.admits_trouble(&tried.baseline) => return,
            Ok(done) => format!(
                "an answer that looks whole: {} instead of {}",
                done.told(),
                tried.baseline.told()
            ),
            Err(error) if (self.allowed)(&error.kind) => return,
            Err(error) => told(error),
        };
        let finding = Finding::must_fix(format!("{} ({})", self.done, tried.place()));
        bench.found(
            finding
                .expected(self.expected)
                .seen(seen)
                .way_out(self.way_out),
        );
    }
}

// === impl Tried ===

impl Tried {
    /// Which request it was.
    pub(super) fn place(&self) -> String {
        format!("request {} of `{}`", self.at + 1, self.deed.name())
    }
}

/// Lets the fault happen at several requests of every call.
pub(super) async fn each(bench: &Bench, fault: &Fault, mut judge: impl FnMut(Tried)) -> Ended {
    let rig = bench.start().await?;
    rig.expect_traffic()?;
    let mut tried = 0;
    for deed in Deed::all(&rig).await? {
        let (baseline, requests) = rehearse(&rig, &deed).await?;
        for at in positions(requests) {
            let faulty = Arc::new(Faulty::new(bench.system(), at, fault.clone()));
            let line = rig.connect_to(faulty).await?;
            let result = deed.on(&line).await;
            line.connection
                .close()
                .await
                .promised("closed a connection")?;
            tried += 1;
            judge(Tried {
                deed: deed.clone(),
                at,
                line,
                baseline: baseline.clone(),
                result,
            });
        }
    }
    match tried {
        0 => Err(Stop::not_applicable(
            "the adapter sends no request in any call",
        )),
        _ => Ok(()),
    }
}

/// What a call brings when all is well, and how many requests it takes.
async fn rehearse(rig: &Rig<'_>, deed: &Deed) -> Result<(Done, usize), Stop> {
    let line = rig.connect().await?;
    let done = deed
        .on(&line)
        .await
        .promised(&format!("called `{}`", deed.name()))?;
    Ok((done, line.host.sent().len()))
}

fn positions(requests: usize) -> impl Iterator<Item = usize> {
    let last = requests
        .checked_sub(1)
        .filter(|last| *last >= FIRST_REQUESTS);
    (0..requests.min(FIRST_REQUESTS)).chain(last)
}
