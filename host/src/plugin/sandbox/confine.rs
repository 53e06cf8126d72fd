//! What a worker may not do, put on by itself before it maps the library, for it cannot be taken off again.
//!
//! Three layers, none of which needs the others: limits on memory and descriptors (rlimits), no file but the system's
//! libraries and no network (Landlock), and a list of the system calls that a library of pure computation needs
//! (seccomp); every other call fails with `EPERM`. Threads, processes, programs, sockets and files are not on it.
//!
//! The list has two stages, because mapping a library opens files and makes memory executable. What is not even on
//! the first one is refused to the library's constructors as well. The first is the border: a constructor of ill will
//! need not let the second come. All that it has more by that is to read the system's libraries, to see which files
//! there are, and to make code of memory.

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};
use serde::{Deserialize, Serialize};

mod calls;

/// Descriptors a worker may hold: its own dozen, and room for what mapping a library opens.
const DESCRIPTORS_MAX: u64 = 64;
/// Where the dynamic linker finds the system's libraries.
const LIBRARIES: [&str; 6] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
];

/// How a worker is confined, as it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Version of Landlock's interface in force; 0 for none.
    #[serde(default)]
    pub landlock: i32,
    /// Whether the list of system calls is in force.
    #[serde(default)]
    pub seccomp: bool,
    /// Why one of them is not.
    #[serde(default)]
    pub missing: Vec<String>,
}

// === impl Confinement ===

impl Confinement {
    /// Confines this process, and all that it will ever run, as far as this kernel can. What it cannot stands in
    /// [`missing`](Self::missing).
    ///
    /// # Errors
    /// When a limit is refused, which is a fault of this installation.
    pub(super) fn before_loading(memory_bytes_max: u64) -> std::io::Result<Self> {
        limit(memory_bytes_max)?;
        give_up_rights();
        let mut confinement = Self::default();
        match restrict_files() {
            Ok(version) => confinement.landlock = version,
            Err(why) => confinement.missing.push(format!("Landlock: {why}")),
        }
        match calls::allow(calls::Stage::Loading) {
            Ok(()) => confinement.seccomp = true,
            Err(why) => confinement.missing.push(format!("seccomp: {why}")),
        }
        Ok(confinement)
    }

    /// Takes back what only mapping the library needed.
    ///
    /// # Errors
    /// When the kernel refuses what it has granted before.
    pub(super) fn after_loading(&self) -> Result<(), String> {
        match self.seccomp {
            true => calls::allow(calls::Stage::Running),
            false => Ok(()),
        }
    }

    /// Whether every layer is in force.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.landlock > 0 && self.seccomp
    }
}

/// A limit that is reached is an error in the library, not in the daemon.
fn limit(memory_bytes_max: u64) -> std::io::Result<()> {
    let limits = [
        (Resource::As, memory_bytes_max),
        (Resource::Nofile, DESCRIPTORS_MAX),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

/// A daemon that runs as root has workers that are root in name only. Without the rights in the first place there are
/// none to give up, so a refusal means nothing. The kernel shall end a worker before it ends anything else.
fn give_up_rights() {
    let none = CapabilitySet::empty();
    let sets = CapabilitySets {
        effective: none,
        permitted: none,
        inheritable: none,
    };
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    let _ = set_capabilities(None, sets);
}

/// Takes what this kernel's Landlock can do; the version it has is the answer.
fn restrict_files() -> Result<i32, String> {
    let told = |error: landlock::RulesetError| error.to_string();
    let ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(ABI::V4)))
        .and_then(|ruleset| ruleset.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .map_err(told)?;
    let readable = path_beneath_rules(LIBRARIES, AccessFs::ReadFile | AccessFs::ReadDir);
    let status = ruleset
        .add_rules(readable)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(told)?;
    match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, LandlockStatus::NotEnabled) => {
            Err("the kernel has it, but it is not enabled; add `landlock` to its `lsm=`".into())
        }
        (RulesetStatus::NotEnforced, _) => Err("the kernel has none; it takes Linux 5.13".into()),
        (_, LandlockStatus::Available { effective_abi, .. }) => Ok(effective_abi as i32),
        (_, other) => Err(format!("{other:?}")),
    }
}
