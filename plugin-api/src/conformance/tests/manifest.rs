//! What an adapter says of itself.

use crate::call::adapter::{
    ChangeLocation, Describe, ListStock, PushRhythm, Receive, Since, StockBySku, StockChanges,
    WriteStock,
};
use crate::call::{self, Method};
use crate::conformance::Bench;
use crate::conformance::finding::{Ended, Finding, Promised, told};
use crate::conformance::rig::Line;
use crate::testing::regrets;
use crate::{Capability, ErrorKind, InboundRequest, LocationChange, SkuQuery, Timestamp};

pub(in crate::conformance) async fn the_manifest_is_in_order(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for problem in rig.manifest.problems() {
        bench.found(
            Finding::must_fix("read the manifest")
                .expected("the daemon can use it")
                .seen(problem)
                .way_out(
                    "mend it in `Adapter::manifest`; `testing::check_manifest` finds the same",
                ),
        );
    }
    for regret in regrets(&rig.manifest) {
        let finding = Finding::should_fix("read the manifest").seen(regret);
        bench.found(finding.way_out("add it in `Adapter::manifest`"));
    }
    if rig.manifest.contract != crate::CONTRACT {
        let contract = &rig.manifest.contract;
        let finding = Finding::note(format!("read the version of the contract: {contract}"));
        bench.found(finding.seen(format!("this kit is of {}", crate::CONTRACT)));
    }
    Ok(())
}

pub(in crate::conformance) async fn the_manifest_is_the_same_each_time(bench: &Bench) -> Ended {
    let (first, second) = (bench.start().await?, bench.start().await?);
    let again = call::ask::<Describe>(&*first.port, 0, "", &()).await;
    let again = again.promised("asked the adapter again who it is")?;
    if first.manifest != again || first.manifest != second.manifest {
        return Err(
            Finding::must_fix("read the manifest three times, twice of one start")
                .expected("it is the same each time")
                .seen("it differs")
                .way_out("make it of constants only: no time, no environment, no counters")
                .into(),
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn what_is_not_declared_is_refused(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let line = rig.connect().await?;
    let can = |capability: fn(&Capability) -> bool| rig.can(capability);
    let change = LocationChange::Unknown;
    let push = InboundRequest::new(
        "POST",
        "https://bestand.example/",
        Vec::new(),
        Timestamp::default(),
    );
    if !can(|capability| *capability == Capability::StockListing) {
        refused::<ListStock>(bench, &line, None).await;
    }
    if !can(|capability| matches!(capability, Capability::StockBySku { .. })) {
        refused::<StockBySku>(bench, &line, SkuQuery::default()).await;
    }
    if !can(|capability| matches!(capability, Capability::StockChanges { .. })) {
        refused::<StockChanges>(bench, &line, Since::default()).await;
    }
    if !can(|capability| *capability == Capability::Inbound) {
        refused::<Receive>(bench, &line, push).await;
    }
    if !can(|capability| matches!(capability, Capability::StockWrites { .. })) {
        refused::<WriteStock>(bench, &line, Vec::new()).await;
    }
    if !can(|capability| *capability == Capability::LocationWrites) {
        refused::<ChangeLocation>(bench, &line, change).await;
    }
    if !can(|capability| *capability == Capability::StockPushes) {
        refused::<PushRhythm>(bench, &line, ()).await;
    }
    Ok(())
}

async fn refused<M: Method>(bench: &Bench, line: &Line, params: M::Params) {
    let seen = match line.connection.ask::<M>(&params).await {
        Err(error) if error.kind == ErrorKind::Unsupported => return,
        Err(error) => told(&error),
        Ok(_) => "an answer".into(),
    };
    bench.found(
        Finding::must_fix(format!(
            "called `{}`, which the manifest does not declare",
            M::NAME
        ))
        .expected("`Unsupported`")
        .seen(seen)
        .way_out("name the capability in `export_adapter!`"),
    );
}
