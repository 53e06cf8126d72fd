//! The whole of a check, as scripts and people read it.

use std::path::Path;

use bestand_plugin_api::conformance::{Finding, Gravity, Outcome, TestReport};
use bestand_plugin_api::{CONTRACT, Manifest};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Isolation;
use super::verdict::{self, Verdict};

/// What was checked, and what came out.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub(super) passed: bool,
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) adapter: Option<AdapterNamed>,
    /// The version of the contract this kit is of.
    pub(super) kit: &'static str,
    pub(super) upstream: Option<String>,
    pub(super) must_fix: usize,
    pub(super) should_fix: usize,
    pub(super) notes: usize,
    pub(super) not_applicable: usize,
    pub(super) skipped: usize,
    pub(super) tests: Vec<Verdict>,
}

/// Who the adapter is.
#[derive(Debug, Serialize)]
pub(super) struct AdapterNamed {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) contract: String,
    pub(super) publisher: String,
}

// === impl Summary ===

impl Summary {
    pub(super) fn new(
        library: &Path,
        upstream: Option<String>,
        manifest: Option<&Manifest>,
        tests: Vec<Verdict>,
    ) -> anyhow::Result<Self> {
        let digest = Sha256::digest(std::fs::read(library)?);
        let found = |gravity| {
            tests
                .iter()
                .flat_map(|test| &test.findings)
                .filter(|finding: &&Finding| finding.gravity == gravity)
                .count()
        };
        let ended =
            |is_so: fn(&Outcome) -> bool| tests.iter().filter(|test| is_so(&test.outcome)).count();
        let must_fix = found(Gravity::MustFix);
        Ok(Self {
            passed: must_fix == 0,
            file: library.display().to_string(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            adapter: manifest.map(AdapterNamed::from),
            kit: CONTRACT,
            upstream,
            must_fix,
            should_fix: found(Gravity::ShouldFix),
            notes: found(Gravity::Note),
            not_applicable: ended(|outcome| matches!(outcome, Outcome::NotApplicable { .. })),
            skipped: ended(|outcome| matches!(outcome, Outcome::Skipped { .. })),
            tests,
        })
    }

    /// All findings of a gravity, with the tests they are from.
    pub(super) fn findings(&self, gravity: Gravity) -> impl Iterator<Item = (&Verdict, &Finding)> {
        self.tests.iter().flat_map(move |test| {
            test.findings
                .iter()
                .filter(move |finding| finding.gravity == gravity)
                .map(move |finding| (test, finding))
        })
    }

    /// What people read at the end: the findings, gravest first, and the sum.
    pub(super) fn told(&self) -> String {
        let mut text = String::new();
        for gravity in [Gravity::MustFix, Gravity::ShouldFix, Gravity::Note] {
            for (test, finding) in self.findings(gravity) {
                text.push_str(&format!("\n{}\n  {finding}", test.test));
            }
        }
        let name = self
            .adapter
            .as_ref()
            .map_or("the library".into(), |adapter| {
                format!("{} {}", adapter.name, adapter.version)
            });
        let verdict = if self.passed {
            "passes"
        } else {
            "does not pass"
        };
        text.push_str(&format!(
            "\n{name} {verdict}: {} tests, {} must fix, {} should fix, {} notes, {} not applicable, {} skipped",
            self.tests.len(), self.must_fix, self.should_fix, self.notes, self.not_applicable, self.skipped
        ));
        text
    }
}

impl From<&Manifest> for AdapterNamed {
    fn from(manifest: &Manifest) -> Self {
        Self {
            id: manifest.id.clone(),
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            contract: manifest.contract.clone(),
            publisher: manifest.publisher.clone(),
        }
    }
}

/// A test that has just ended, in a line.
pub(super) fn line(isolation: Isolation, report: &TestReport) -> String {
    let more = match &report.outcome {
        Outcome::NotApplicable { reason } | Outcome::Skipped { reason } => format!(" ({reason})"),
        _ if report.findings.is_empty() => String::new(),
        _ => format!(" ({} findings)", report.findings.len()),
    };
    let word = verdict::word(&report.outcome);
    format!(
        "{word:>14}  {:<10}  {}::{}{more}",
        isolation.word(),
        report.area,
        report.test
    )
}
