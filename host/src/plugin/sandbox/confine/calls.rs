//! The system calls that a worker may make: all that computing, waiting and speaking to the daemon take.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// Which list is in force from now on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The library is about to be mapped.
    Loading,
    /// It is mapped.
    Running,
}

/// Needed at any time.
const ALWAYS: &[c_long] = &[
    // Speaking, over what is open already.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_recvmsg,
    libc::SYS_sendmsg,
    libc::SYS_shutdown,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    // Waiting.
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_ppoll,
    libc::SYS_futex,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_sched_yield,
    libc::SYS_restart_syscall,
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Knowing the time, chance, and oneself.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getrusage,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    // Ending, and what leads to it.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_membarrier,
];

/// Calls that newer systems have replaced.
#[cfg(target_arch = "x86_64")]
const ALWAYS_OLD: &[c_long] = &[libc::SYS_epoll_wait, libc::SYS_poll, libc::SYS_time];
#[cfg(not(target_arch = "x86_64"))]
const ALWAYS_OLD: &[c_long] = &[];

/// Needed while a library is mapped; Landlock says which files.
const LOADING: &[c_long] = &[
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_pread64,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getcwd,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    // Going over to the next stage.
    libc::SYS_seccomp,
    libc::SYS_prctl,
];

#[cfg(target_arch = "x86_64")]
const LOADING_OLD: &[c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_access,
    libc::SYS_readlink,
];
#[cfg(not(target_arch = "x86_64"))]
const LOADING_OLD: &[c_long] = &[];

/// What may be done to a descriptor. Not on the list: having the kernel send a signal of one's choice to a process of
/// one's choice when there is something to read (`F_SETOWN`, `F_SETSIG`), which only newer Landlocks refuse; and leases,
/// which would hold up whoever opens the library next.
const DESCRIPTOR_COMMANDS: [i32; 6] = [
    libc::F_DUPFD,
    libc::F_DUPFD_CLOEXEC,
    libc::F_GETFD,
    libc::F_SETFD,
    libc::F_GETFL,
    libc::F_SETFL,
];

/// Puts the list of `stage` in force. Lists add up: a call must be on all of them.
pub(super) fn allow(stage: Stage) -> Result<(), String> {
    let program = program(stage).map_err(|error| error.to_string())?;
    seccompiler::apply_filter(&program).map_err(|error| error.to_string())
}

fn program(stage: Stage) -> Result<BpfProgram, seccompiler::BackendError> {
    let mut calls: BTreeMap<c_long, Vec<SeccompRule>> = BTreeMap::new();
    let mut always = |names: &[c_long]| calls.extend(names.iter().map(|name| (*name, Vec::new())));
    always(ALWAYS);
    always(ALWAYS_OLD);
    if stage == Stage::Loading {
        always(LOADING);
        always(LOADING_OLD);
    }
    let only = |name, conditions| Ok((name, vec![SeccompRule::new(conditions)?]));
    let mut narrow = vec![
        // `abort` sends a signal to its own process, and nobody else may be sent one.
        only(libc::SYS_tgkill, vec![own_process()?])?,
        // Limits can be read, not set.
        only(libc::SYS_prlimit64, vec![is(2, SeccompCmpOp::Eq, 0)?])?,
    ];
    if stage == Stage::Running {
        // No memory becomes code any more.
        let no_code = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
        narrow.push(only(libc::SYS_mmap, vec![is(2, no_code.clone(), 0)?])?);
        narrow.push(only(libc::SYS_mprotect, vec![is(2, no_code, 0)?])?);
    }
    calls.extend(narrow);
    let commands = DESCRIPTOR_COMMANDS
        .iter()
        .map(|command| SeccompRule::new(vec![is(1, SeccompCmpOp::Eq, *command as u64)?]));
    calls.insert(libc::SYS_fcntl, commands.collect::<Result<_, _>>()?);
    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let arch = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(calls, refused, SeccompAction::Allow, arch)?.try_into()
}

fn own_process() -> Result<SeccompCondition, seccompiler::BackendError> {
    is(0, SeccompCmpOp::Eq, u64::from(std::process::id()))
}

fn is(
    argument: u8,
    operation: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    // A pointer is as wide as a register; the other arguments compared here are 32 bits wide.
    let length = match argument == 2 && value == 0 {
        true => SeccompCmpArgLen::Qword,
        false => SeccompCmpArgLen::Dword,
    };
    SeccompCondition::new(argument, length, operation, value)
}
