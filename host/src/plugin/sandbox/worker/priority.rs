//! How far a worker stands back where a processor is wanted by others.

#![expect(
    unsafe_code,
    reason = "no library sets how long a thread may run in one go; the kernel is asked directly"
)]

use std::io;

/// As far as there is: a library that loops gets a sixtieth of what an order gets, and all of it when nobody else wants
/// it. `SCHED_IDLE` disturbs orders less still, but gives a worker next to nothing on a machine that is busy with
/// something else: 12 ms for a call instead of 15 µs, and no listing would ever end there.
const NICENESS: i32 = 19;
/// How long a worker may run in one go while others wait, in nanoseconds: the least that the kernel takes. Else an order
/// that wakes up beside a library that loops waits for the next tick of the clock, up to 4 ms. Linux 6.12 and newer;
/// older ones go by niceness alone.
const TURN_NANOS: u64 = 100_000;

/// Lets this thread wait before it lets others wait.
///
/// # Errors
/// When the kernel does not take it, which leaves the worker as eager as the daemon.
pub(super) fn stand_back() -> io::Result<()> {
    let size = size_of::<libc::sched_attr>();
    let wish = libc::sched_attr {
        size: size as u32,
        sched_policy: libc::SCHED_OTHER as u32,
        sched_flags: 0,
        sched_nice: NICENESS,
        sched_priority: 0,
        sched_runtime: TURN_NANOS,
        sched_deadline: 0,
        sched_period: 0,
    };
    let (this_thread, flags) = (0, 0);
    // SAFETY: the kernel reads `size` bytes of `wish`, which is as long and outlives the call.
    match unsafe { libc::syscall(libc::SYS_sched_setattr, this_thread, &raw const wish, flags) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_stands_back_is_nice() {
        let niceness = std::thread::spawn(|| {
            stand_back().unwrap();
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            let (_, fields) = stat.rsplit_once(") ").unwrap();
            fields.split(' ').nth(16).map(str::to_owned)
        });
        assert_eq!(niceness.join().unwrap(), Some(NICENESS.to_string()));
    }
}
