//! The check in progress: what it may look at, and what it has found wrong.

use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::key_path::KeyPath;
use super::origin::Origin;
use super::problem::{Place, Problem};

/// Collects problems, each with its place.
pub(super) struct Check<'a> {
    origin: &'a Origin,
    pub(super) environment: &'a Environment,
    problems: Vec<Problem>,
}

// === impl Check ===

impl<'a> Check<'a> {
    pub(super) fn new(origin: &'a Origin, environment: &'a Environment) -> Self {
        Self {
            origin,
            environment,
            problems: Vec::new(),
        }
    }

    /// Notes a problem, unless the same key or one that holds it has one already: a wrong table needs no list of all
    /// that is missing from it.
    pub(super) fn refuse(&mut self, key: &KeyPath, message: impl Into<String>) {
        if !self.problems.iter().any(|problem| problem.key.holds(key)) {
            let problem = self.problem(key, message);
            self.problems.push(problem);
        }
    }

    /// Notes a problem with a value in which, and above which, nothing has been noted yet.
    pub(super) fn refuse_unless_told(&mut self, key: &KeyPath, message: &str) {
        if !self.problems.iter().any(|problem| key.holds(&problem.key)) {
            self.refuse(key, message);
        }
    }

    /// A problem that is not held against the config as a whole.
    pub(super) fn problem(&self, key: &KeyPath, message: impl Into<String>) -> Problem {
        Problem {
            place: self.place(key),
            key: key.clone(),
            message: message.into(),
        }
    }

    /// Where a key was written.
    pub(super) fn place(&self, key: &KeyPath) -> Place {
        self.origin.place(key)
    }

    /// The config file.
    pub(super) fn file(&self) -> Option<&Path> {
        self.origin.file()
    }

    /// A path of the config, made to start where relative paths start.
    pub(super) fn resolve(&self, path: impl AsRef<Path>) -> PathBuf {
        self.origin.folder().join(path)
    }

    /// All problems, in the order of the file, then of the variables.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems
            .sort_by(|a, b| (&a.place, &a.key).cmp(&(&b.place, &b.key)));
        self.problems
    }
}
