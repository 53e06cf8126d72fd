//! What the system says of a process: the memory it holds, the processor time it has used.

use std::fs;
use std::time::Duration;

use anyhow::Context;

/// The kernel tells processor time in hundredths of a second, on every architecture.
const TICKS_PER_SECOND: u64 = 100;

/// Bytes of memory that process `id` holds.
pub(crate) fn resident_bytes(id: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kib: u64 = kib.context("the kernel tells no VmRSS")?.trim().parse()?;
    Ok(kib * 1024)
}

/// The processes that process `id` has started and that still run.
pub(crate) fn children(id: u32) -> anyhow::Result<Vec<u32>> {
    let mut found = Vec::new();
    for thread in fs::read_dir(format!("/proc/{id}/task"))? {
        let children = fs::read_to_string(thread?.path().join("children"))?;
        for child in children.split_whitespace() {
            found.push(child.parse()?);
        }
    }
    Ok(found)
}

/// Processor time that process `id` has used.
pub(crate) fn processor_time(id: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The command's name stands in parentheses and may hold anything.
    let (_, rest) = stat.rsplit_once(')').context("the kernel tells no stat")?;
    let field = |position: usize| -> anyhow::Result<u64> {
        let text = rest.split_whitespace().nth(position);
        Ok(text.context("the kernel's stat is short")?.parse()?)
    };
    let ticks = field(11)? + field(12)?;
    Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_knows_its_own_memory_and_time() {
        let own = std::process::id();
        assert!(resident_bytes(own).unwrap() > 100_000);
        assert!(processor_time(own).unwrap() < Duration::from_secs(3600));
    }
}
