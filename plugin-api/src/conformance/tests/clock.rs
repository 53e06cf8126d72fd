//! The host's clock jumps: it is set, or the machine slept.

use std::time::Duration;

use crate::conformance::Bench;
use crate::conformance::deed::Deed;
use crate::conformance::finding::{Ended, Finding, Promised, told};

const DAY: Duration = Duration::from_secs(24 * 3600);

pub(in crate::conformance) async fn a_clock_that_jumps_does_no_harm(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for deed in Deed::all(&rig).await? {
        let line = rig.connect().await?;
        let baseline = deed
            .on(&line)
            .await
            .promised(&format!("called `{}`", deed.name()))?;
        let year = DAY * 365;
        for (jump, now) in [
            ("a day ahead", bench.now.after(DAY)),
            ("two days back", bench.now.before(DAY)),
            ("fifty years ahead", bench.now.after(year * 50)),
            ("to 1970", crate::Timestamp::default()),
        ] {
            line.host.set_now(now);
            line.host.upstream(bench.system());
            let seen = match deed.on(&line).await {
                Ok(done) if done == baseline => continue,
                Ok(done) => format!("another answer: {}", done.told()),
                Err(error) => told(&error),
            };
            bench.found(
                Finding::must_fix(format!("set the clock {jump} and called `{}`", deed.name()))
                    .expected("the same answer")
                    .seen(seen)
                    .way_out("take `Timestamp::since`, which is never negative, and keep nothing for ever by the clock"),
            );
        }
    }
    Ok(())
}
