//! What a process holds, as the kernel tells it: what is more than before has leaked.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// A process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process(u32);

/// What it holds. Threads of a pool come and go; only those of adapters are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Traces {
    pub(crate) children: usize,
    pub(crate) adapter_threads: usize,
    /// Descriptors by what they are of: `socket`, `pipe`, `/memfd`, …
    pub(crate) descriptors: BTreeMap<String, usize>,
}

// === impl Process ===

impl Process {
    pub(crate) fn of(id: u32) -> Self {
        Self(id)
    }

    pub(crate) fn runs(self) -> bool {
        let stat = fs::read_to_string(self.folder("stat")).unwrap_or_default();
        // One that has ended and that nobody has asked after yet is a zombie.
        let state = stat.rsplit_once(") ").map_or("X", |(_, rest)| rest);
        !state.starts_with(['X', 'Z'])
    }

    /// Processor time it has used, in ticks of the kernel's clock for people.
    pub(crate) fn processor_ticks(self) -> u64 {
        let stat = fs::read_to_string(self.folder("stat")).unwrap_or_default();
        let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let ticks = rest.split_whitespace().nth(11);
        ticks.and_then(|ticks| ticks.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn children(self) -> Vec<Self> {
        let threads = self.entries("task");
        let children = threads
            .iter()
            .map(|thread| fs::read_to_string(thread.join("children")).unwrap_or_default());
        let all: Vec<String> = children.collect();
        let ids = all.iter().flat_map(|ids| ids.split_whitespace());
        ids.map(|id| Self(id.parse().expect("a number"))).collect()
    }

    pub(crate) fn traces(self) -> Traces {
        let names = self.entries("task").into_iter();
        let names = names.map(|thread| fs::read_to_string(thread.join("comm")).unwrap_or_default());
        let mut descriptors = BTreeMap::new();
        for entry in self.entries("fd") {
            let target = fs::read_link(entry).unwrap_or_default();
            let target = target.to_string_lossy();
            let kind = target.split([':', ' ']).next().unwrap_or_default();
            *descriptors.entry(kind.to_owned()).or_default() += 1;
        }
        Traces {
            children: self.children().len(),
            adapter_threads: names.filter(|name| name.starts_with("a:")).count(),
            descriptors,
        }
    }

    /// What its descriptors are of.
    pub(crate) fn open_files(self) -> Vec<PathBuf> {
        let entries = self.entries("fd").into_iter();
        entries
            .filter_map(|entry| fs::read_link(entry).ok())
            .collect()
    }

    fn entries(self, folder: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder(folder)).into_iter().flatten();
        entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect()
    }

    fn folder(self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.0))
    }
}
