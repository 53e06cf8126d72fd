//! What became of the tests.

use serde::{Deserialize, Serialize};

use super::finding::{Finding, Gravity};

/// What became of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TestReport {
    /// Its name, which is the sentence it proves.
    pub test: String,
    /// The part of the contract it is about.
    pub area: String,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What it found.
    pub findings: Vec<Finding>,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// As promised.
    Passed,
    /// Something must be fixed.
    Failed,
    /// It does not apply to this adapter.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// The author skips it.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// What became of all tests of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// Test by test.
    pub tests: Vec<TestReport>,
}

// === impl TestReport ===

impl TestReport {
    /// A test that ended, with what it found.
    #[must_use]
    pub fn ended(test: &str, area: &str, findings: Vec<Finding>) -> Self {
        let must_fix = findings
            .iter()
            .any(|finding| finding.gravity == Gravity::MustFix);
        Self::new(
            test,
            area,
            if must_fix {
                Outcome::Failed
            } else {
                Outcome::Passed
            },
            findings,
        )
    }

    /// A test with this outcome.
    #[must_use]
    pub fn new(test: &str, area: &str, outcome: Outcome, findings: Vec<Finding>) -> Self {
        Self {
            test: test.into(),
            area: area.into(),
            outcome,
            findings,
        }
    }
}

// === impl Report ===

impl Report {
    /// How many findings are of this gravity.
    #[must_use]
    pub fn count(&self, gravity: Gravity) -> usize {
        let findings = self.tests.iter().flat_map(|test| &test.findings);
        findings
            .filter(|finding| finding.gravity == gravity)
            .count()
    }

    /// Whether nothing must be fixed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.count(Gravity::MustFix) == 0
    }
}
