//! One test, in all isolations it was run in.

use bestand_plugin_api::conformance::{Finding, Gravity, Outcome, TestReport};
use serde::Serialize;

use super::Isolation;

/// What became of a test, and where.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    pub(super) test: String,
    pub(super) area: String,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
    /// The outcome in each isolation; none for what is read from the file.
    pub(super) runs: Vec<Run>,
    /// What was found, told once.
    pub(super) findings: Vec<Finding>,
}

/// A test in one isolation.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    pub(super) isolation: Isolation,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

// === impl Verdict ===

impl Verdict {
    /// What was read from the file itself.
    pub(super) fn of_file(report: TestReport) -> Self {
        Self {
            test: report.test,
            area: report.area,
            outcome: report.outcome,
            runs: Vec::new(),
            findings: report.findings,
        }
    }

    /// The reports of each test put together, in their order.
    pub(super) fn of(reports: Vec<(Isolation, TestReport)>) -> Vec<Self> {
        let mut verdicts: Vec<Self> = Vec::new();
        for (isolation, report) in reports {
            match verdicts.last_mut() {
                Some(last) if last.test == report.test => last.add(isolation, report),
                _ => {
                    let run = Run {
                        isolation,
                        outcome: report.outcome.clone(),
                    };
                    let mut verdict = Self::of_file(report);
                    verdict.runs.push(run);
                    verdicts.push(verdict);
                }
            }
        }
        verdicts
    }

    fn add(&mut self, isolation: Isolation, report: TestReport) {
        let before = self
            .runs
            .first()
            .map(|run| (run.isolation, word(&run.outcome)));
        self.runs.push(Run {
            isolation,
            outcome: report.outcome.clone(),
        });
        let is_same = self.is_like(&report);
        let only_here = report
            .findings
            .into_iter()
            .filter(|finding| !self.findings.contains(finding));
        let only_here: Vec<_> = only_here.collect();
        if let (false, Some((other, outcome))) = (is_same, before) {
            self.findings.push(
                Finding::must_fix("ran the test in both isolation modes")
                    .expected("the same result")
                    .seen(differing(other, outcome, isolation, word(&report.outcome)))
                    .way_out("an adapter must not depend on files, threads, the environment or much memory"),
            );
            self.findings.extend(only_here);
        }
        if self
            .findings
            .iter()
            .any(|finding| finding.gravity == Gravity::MustFix)
        {
            self.outcome = Outcome::Failed;
        }
    }

    /// Whether another run found the same, whatever the numbers in it.
    fn is_like(&self, report: &TestReport) -> bool {
        let kinds = |findings: &[Finding]| -> Vec<(Gravity, String)> {
            findings
                .iter()
                .map(|finding| (finding.gravity, finding.done.clone()))
                .collect()
        };
        self.outcome == report.outcome && kinds(&self.findings) == kinds(&report.findings)
    }
}

/// In which way two runs differ.
fn differing(one: Isolation, ended: &str, other: Isolation, otherwise: &str) -> String {
    let (one, other) = (one.word(), other.word());
    match ended == otherwise {
        true => format!("it {ended} in both, but {one} and {other} found different things"),
        false => format!("{one}: {ended}; {other}: {otherwise}"),
    }
}

/// An outcome in a word.
pub(super) fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::NotApplicable { .. } => "not applicable",
        Outcome::Skipped { .. } => "skipped",
        _ => "unknown",
    }
}
