//! Instances come and go, calls are dropped where they stand, and nothing is left or mixed up.

use crate::call::host::LogRecord;
use crate::conformance::Bench;
use crate::conformance::deed::{Deed, Done};
use crate::conformance::finding::{Ended, Finding, Promised, told};
use crate::conformance::gate::both;
use crate::conformance::rig::Rig;
use crate::{ErrorKind, Result};

/// How often an instance is made and let go.
const CYCLES: usize = 100;
/// Growth of memory that may be an allocator's whim, in KiB.
const GROWTH_KIB_MAX: u64 = 16 * 1024;
/// Lines of log that one call may write before nobody reads them any more.
const LINES_MAX: usize = 200;
/// Host services behind which calls are dropped, per call of the adapter.
const DROPS_MAX: usize = 24;

/// What a process holds.
#[derive(Clone, Copy, Debug)]
struct Footprint {
    /// Its own, without what is mapped from files.
    memory_kib: u64,
    threads: u64,
    files: usize,
}

pub(in crate::conformance) async fn a_hundred_instances_leave_nothing_behind(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    cycle(&rig, 10).await?;
    let before = bench.subject.process().and_then(footprint);
    cycle(&rig, CYCLES).await?;
    let after = bench.subject.process().and_then(footprint);
    let (Some(before), Some(after)) = (before, after) else {
        return Ok(());
    };
    let done = format!("opened and closed {CYCLES} connections");
    if after.threads > before.threads || after.files > before.files {
        bench.found(
            Finding::must_fix(done.clone())
                .expected("no thread and no open file more than before")
                .seen(format!("{before:?}, then {after:?}"))
                .way_out("let an instance's things go with it; start no threads"),
        );
    }
    if after.memory_kib <= before.memory_kib + GROWTH_KIB_MAX {
        return Ok(());
    }
    // Once may be what an allocator keeps for later; what grows again is not given back.
    cycle(&rig, CYCLES).await?;
    match bench.subject.process().and_then(footprint) {
        Some(later) if later.memory_kib > after.memory_kib + GROWTH_KIB_MAX / 2 => {
            Err(Finding::must_fix(done)
                .expected("memory stays")
                .seen(format!(
                    "{} KiB, then {} KiB, and {} KiB after as many again",
                    before.memory_kib, after.memory_kib, later.memory_kib
                ))
                .way_out("keep nothing in statics that grows with each instance")
                .into())
        }
        _ => Ok(()),
    }
}

async fn cycle(rig: &Rig<'_>, times: usize) -> Ended {
    let line = rig.dial(rig.bench.system(), rig.credentials()?);
    for number in 0..times {
        line.connection
            .open_with(&rig.settings())
            .await
            .promised("opened a connection again")?;
        if number % 20 == 0 {
            line.connection
                .check()
                .await
                .promised("checked a connection that was opened again")?;
        }
        line.connection
            .close()
            .await
            .promised("closed a connection")?;
    }
    look_for_panics(rig, &line.host.logs());
    Ok(())
}

/// A panic while an instance is let go is caught, and stands in the log only.
fn look_for_panics(rig: &Rig<'_>, logs: &[LogRecord]) {
    let strays = rig.hub.strays();
    let mut records = logs.iter().chain(&strays);
    if let Some(panic) = records.find(|record| record.target == "panic") {
        rig.bench.found(
            Finding::must_fix("closed a connection")
                .expected("the instance is let go")
                .seen(format!("a panic: {}", panic.message))
                .way_out("no `unwrap` in `Drop`"),
        );
    }
}

pub(in crate::conformance) async fn a_call_writes_few_lines_of_log(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for deed in Deed::all(&rig).await? {
        let line = rig.connect().await?;
        let before = line.host.logs().len();
        let done = format!("called `{}`", deed.name());
        deed.on(&line).await.promised(&done)?;
        let lines = line.host.logs().len() - before;
        if lines > LINES_MAX {
            bench.found(
                Finding::should_fix(done)
                    .expected(format!("at most {LINES_MAX} lines of log"))
                    .seen(format!("{lines}, most of which the daemon drops"))
                    .way_out("log what somebody should know; count the rest, and say the sum"),
            );
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn two_connections_keep_apart(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let alone = rig.connect().await?;
    let account = alone
        .connection
        .check()
        .await
        .promised("checked one connection")?;
    let places = alone
        .connection
        .locations()
        .await
        .promised("listed all places of one connection")?;
    let good = rig.connect().await?;
    let has_traffic = !rig.manifest.outbound.is_empty() && !rig.manifest.secrets.is_empty();
    let other = match has_traffic {
        true => rig.dial(bench.live_system(), rig.bad_credentials()?),
        false => rig.dial(bench.system(), rig.credentials()?),
    };
    other
        .connection
        .open_with(&rig.settings())
        .await
        .promised("opened a second connection")?;
    good.host.interleave();
    other.host.interleave();
    let (mine, theirs) = both(
        async {
            (
                good.connection.check().await,
                good.connection.locations().await,
            )
        },
        other.connection.check(),
    )
    .await;
    if mine.0.as_ref() != Ok(&account) || mine.1.as_ref() != Ok(&places) {
        bench.found(
            Finding::must_fix(
                "checked a connection while another one, with wrong credentials, was checked",
            )
            .expected("the same as alone")
            .seen(format!("{:?}", mine.0))
            .way_out("keep everything in the instance, nothing in statics"),
        );
    }
    let is_refused = matches!(&theirs, Err(error) if error.kind == ErrorKind::Auth);
    if has_traffic && !is_refused {
        bench.found(
            Finding::must_fix(
                "checked a connection with wrong credentials while a good one was checked",
            )
            .expected("`Auth`, as alone")
            .seen(format!("{theirs:?}"))
            .way_out("keep nothing that was learned for one connection where another finds it"),
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn closing_during_a_call_does_no_harm(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for deed in Deed::all(&rig).await? {
        let line = rig.connect().await?;
        let baseline = deed
            .on(&line)
            .await
            .promised(&format!("called `{}`", deed.name()))?;
        let line = rig.connect().await?;
        line.gate.hold_after(0);
        // Closed while the call waits for its first answer; the call is dropped only then.
        let (_, closed) = both(
            line.gate.until_held(deed.on(&line)),
            line.connection.close(),
        )
        .await;
        closed.promised("closed a connection during a call")?;
        line.gate.open();
        line.connection
            .open_with(&rig.settings())
            .await
            .promised("opened the connection again")?;
        rig.stock_again(&line).await?;
        let again = deed.on(&line).await;
        expect_same(
            bench,
            &format!(
                "called `{}` after the connection was closed during a call and opened again",
                deed.name()
            ),
            &baseline,
            again,
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn a_call_may_be_dropped_at_any_point(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for deed in Deed::all(&rig).await? {
        let line = rig.connect().await?;
        let passed = line.gate.passed();
        let baseline = deed
            .on(&line)
            .await
            .promised(&format!("called `{}`", deed.name()))?;
        let services = line.gate.passed() - passed;
        for number in points(services) {
            let line = rig.connect().await?;
            line.gate.hold_after(number);
            if line.gate.until_held(deed.on(&line)).await.is_some() {
                continue;
            }
            line.gate.open();
            // What was recorded goes on where it was; a second try needs it from the beginning.
            line.host.upstream(bench.system());
            let done = format!(
                "dropped `{}` behind answer {number} of the host, and called it again",
                deed.name()
            );
            expect_same(bench, &done, &baseline, deed.on(&line).await);
            line.connection
                .close()
                .await
                .promised("closed a connection")?;
        }
    }
    Ok(())
}

fn expect_same(bench: &Bench, done: &str, baseline: &Done, again: Result<Done>) {
    let seen = match again {
        Ok(again) if again == *baseline => return,
        Ok(again) => format!("another answer: {}", again.told()),
        Err(error) => told(&error),
    };
    bench.found(
        Finding::must_fix(done)
            .expected("the same as ever")
            .seen(seen)
            .way_out(
                "a call ends at any `.await`: change what is kept only when all of it is there",
            ),
    );
}

/// Every number of answers up to all, or some of them spread evenly.
fn points(services: usize) -> impl Iterator<Item = usize> {
    (0..services).step_by(services.div_ceil(DROPS_MAX).max(1))
}

/// What a process holds now; `None` where the system does not tell.
fn footprint(process: u32) -> Option<Footprint> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let number = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':')
            .split_whitespace()
            .next()?
            .parse()
            .ok()
    };
    Some(Footprint {
        memory_kib: number("RssAnon")?,
        threads: number("Threads")?,
        files: std::fs::read_dir(format!("/proc/{process}/fd"))
            .ok()?
            .count(),
    })
}
