//! What a command left: its words, its exit code, and hopefully no processes.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

// === impl Ran ===

impl Ran {
    /// The same, if it ended with this code.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{} {}", self.stdout, self.stderr);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect("JSON on stdout")
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// The processes that were started in this folder, by what its temporary files are.
pub(crate) fn processes_in(folder: &Path) -> Vec<String> {
    let mark = format!("TMPDIR={}", folder.display());
    let is_marked = |process: &PathBuf| {
        let environment = std::fs::read(process.join("environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|variable| variable == mark.as_bytes())
    };
    let processes = std::fs::read_dir("/proc").expect("this is Linux");
    processes
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_marked)
        .map(|process| std::fs::read_to_string(process.join("comm")).unwrap_or_default())
        .filter(|name| !name.is_empty())
        .collect()
}
