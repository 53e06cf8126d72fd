//! Changes of stock: a repeat must not count twice, and a lost answer is not a success.

use std::sync::Arc;

use crate::conformance::Bench;
use crate::conformance::fault::{Fault, Faulty};
use crate::conformance::finding::{Ended, Finding, Promised, Stop, told};
use crate::conformance::rig::{Line, Rig};
use crate::{
    Capability, Idempotency, LocationId, Quantity, Sku, SkuQuery, StockChange, StockLevel,
    StockOperation, WriteOutcome,
};

/// Requests of one write whose answers are lost, one by one.
const REQUESTS_MAX: usize = 6;

/// A level to be written to, and how.
pub(super) struct Target {
    pub(super) sku: Sku,
    location: LocationId,
    item: Option<crate::ItemRef>,
    on_hand: Quantity,
}

pub(in crate::conformance) async fn a_repeated_write_counts_once(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let idempotency = expect(&rig)?;
    let line = rig.connect_to(bench.live_system()).await?;
    let target = target(&line).await?;
    let operation = one_more(&target, &op_id(bench, 1));
    let first = write(&line, &operation).await?;
    let once = on_hand(bench, &line, &target).await?;
    if once == target.on_hand && !bench.is_rehearsal() {
        let done = format!(
            "wrote one more of `{}` ({first:?}) and read it again",
            target.sku
        );
        let seen = "the system shows the old number, so whether a repeat counts twice was not seen";
        bench.found(
            Finding::note(done)
                .seen(seen)
                .way_out("run the kit against a system that remembers: `--upstream URL`"),
        );
    }
    let second = write(&line, &operation).await?;
    let twice = on_hand(bench, &line, &target).await?;
    if twice != once {
        let finding = match idempotency {
            Idempotency::None => Finding::note("wrote the same operation twice"),
            _ => Finding::must_fix("wrote the same operation twice"),
        };
        bench.found(
            finding
                .expected(format!("{once} on hand, as after the first time: the manifest declares {idempotency:?}"))
                .seen(format!("{twice} ({first:?}, then {second:?})"))
                .way_out("let the system know the operation by its `op_id`, or look for it before it is repeated"),
        );
    } else if !matches!(second, WriteOutcome::Applied | WriteOutcome::Accepted) {
        bench.found(
            Finding::should_fix("wrote the same operation twice")
                .expected("`Applied` again: the host repeats because it does not know")
                .seen(format!("{first:?}, then {second:?}"))
                .way_out("answer a repeat as the first time"),
        );
    }
    put_back(bench, &line, &target).await
}

pub(in crate::conformance) async fn a_write_whose_answer_is_lost_is_not_called_done(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    let idempotency = expect(&rig)?;
    rig.expect_traffic()?;
    let calm = rig.connect_to(bench.live_system()).await?;
    let target = target(&calm).await?;
    for at in 0..REQUESTS_MAX {
        let faulty = Arc::new(Faulty::new(bench.live_system(), at, Fault::Lost));
        let line = rig.connect_to(faulty).await?;
        let before = on_hand(bench, &calm, &target).await?;
        let operation = one_more(&target, &op_id(bench, 2 + at));
        let first = line
            .connection
            .write_stock(std::slice::from_ref(&operation))
            .await;
        if line.host.sent().len() <= at {
            break;
        }
        judge(
            bench,
            at,
            before,
            on_hand(bench, &calm, &target).await?,
            first.map(|mut outcomes| outcomes.remove(0)),
        );
        // The host asks again with the same id; then it must be there, once.
        let second = line.connection.write_stock(&[operation]).await;
        let after = on_hand(bench, &calm, &target).await?;
        let once = before + Quantity::units(1);
        let is_there =
            bench.remembers() && matches!(second.as_deref(), Ok([WriteOutcome::Applied]));
        if after > once && idempotency != Idempotency::None || is_there && after != once {
            bench.found(
                Finding::must_fix(format!(
                    "lost the answer to request {} of a write, and wrote it again",
                    at + 1
                ))
                .expected(format!("{once} on hand: it counts once"))
                .seen(format!("{after}, and {second:?}"))
                .way_out("look for the operation by its `op_id` before it is repeated"),
            );
        }
    }
    put_back(bench, &calm, &target).await
}

/// What may be said of a write whose answer is lost.
fn judge(
    bench: &Bench,
    at: usize,
    before: Quantity,
    after: Quantity,
    outcome: crate::Result<WriteOutcome>,
) {
    let done = format!("lost the answer to request {} of a write", at + 1);
    let is_done = after != before;
    let seen = match outcome {
        Ok(WriteOutcome::Unknown { .. }) => return,
        Ok(WriteOutcome::Applied | WriteOutcome::Accepted) if is_done || !bench.remembers() => {
            return;
        }
        Ok(WriteOutcome::Rejected { .. }) | Err(_) if !is_done => return,
        Ok(outcome) => format!("{outcome:?}"),
        Err(error) => told(&error),
    };
    let truth = if is_done {
        "it was done"
    } else {
        "it was not done"
    };
    bench.found(
        Finding::must_fix(done)
            .expected(format!("`Unknown`, or what is true: {truth}"))
            .seen(seen)
            .way_out("answer `WriteOutcome::unknown(…)` when the answer to the request that changes something is lost"),
    );
}

pub(in crate::conformance) async fn an_impossible_write_is_rejected(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect_to(bench.live_system()).await?;
    let target = target(&line).await?;
    let id = |number: usize| op_id(bench, number);
    let add = || StockChange::Adjust {
        delta: Quantity::units(1),
    };
    let nowhere = StockOperation::new(
        id(90),
        target.sku.clone(),
        "kit-no-such-place".into(),
        add(),
    );
    let newer = StockOperation::new(
        id(91),
        target.sku.clone(),
        target.location.clone(),
        StockChange::Unknown,
    );
    for (done, operation) in [
        ("wrote to a place that does not exist", nowhere),
        ("wrote a change that only a later contract knows", newer),
    ] {
        let seen = match line.connection.write_stock(&[operation]).await.as_deref() {
            Ok([WriteOutcome::Rejected { .. }]) => continue,
            Ok(outcomes) => format!("{outcomes:?}"),
            Err(error) => {
                let finding = Finding::should_fix(done)
                    .expected("`Rejected`, which leaves the others of a batch alone")
                    .seen(told(error));
                bench.found(finding.way_out("answer each operation by itself"));
                continue;
            }
        };
        bench.found(
            Finding::must_fix(done)
                .expected("`Rejected`")
                .seen(seen)
                .way_out("answer `WriteOutcome::rejected(…)` with the reason"),
        );
    }
    Ok(())
}

fn expect(rig: &Rig<'_>) -> Result<Idempotency, Stop> {
    let mut capabilities = rig.manifest.capabilities.iter();
    let declared = capabilities.find_map(|capability| match capability {
        Capability::StockWrites { idempotency, .. } => Some(*idempotency),
        _ => None,
    });
    declared.ok_or_else(|| Stop::not_applicable("the adapter does not serve `StockWrites`"))
}

/// A UUID that a live system has never seen, and a cassette has always seen: it was recorded at this moment.
pub(super) fn op_id(bench: &Bench, number: usize) -> String {
    let moment = bench.now.millis();
    let (salt, number) = match bench.remembers() {
        true => (std::process::id(), number),
        // A recording knows one write.
        false => (0, usize::from(number == 99)),
    };
    let high = moment.unsigned_abs() & 0xffff_ffff_ffff;
    format!(
        "{:08x}-{:04x}-7000-8{:03x}-{:04x}{salt:08x}",
        high >> 16,
        high & 0xffff,
        0,
        number
    )
}

/// A level whose number on hand is known.
pub(super) async fn target(line: &Line) -> Result<Target, Stop> {
    let levels = line
        .connection
        .list_stock(None)
        .await
        .promised("listed all stock, to write to some of it")?;
    let mut counted: Vec<StockLevel> = levels
        .into_iter()
        .filter(|level| level.quantities.on_hand.is_some())
        .collect();
    counted.sort_by(|one, other| (&one.sku, &one.location).cmp(&(&other.sku, &other.location)));
    // Whole numbers above zero are what any system can change.
    let fit = |level: &&StockLevel| {
        level
            .quantities
            .on_hand
            .is_some_and(|quantity| quantity.is_whole() && quantity > Quantity::ZERO)
    };
    let Some(level) = counted.iter().find(fit) else {
        return Err(Stop::not_applicable(
            "no level has a whole number on hand to write to",
        ));
    };
    Ok(Target {
        sku: level.sku.clone(),
        location: level.location.clone(),
        item: level.item.clone(),
        on_hand: level.quantities.on_hand.unwrap_or_default(),
    })
}

/// An operation that adds one, in the way the adapter takes it.
pub(super) fn one_more(target: &Target, op_id: &str) -> StockOperation {
    let change = StockChange::Adjust {
        delta: Quantity::units(1),
    };
    let mut operation =
        StockOperation::new(op_id, target.sku.clone(), target.location.clone(), change);
    operation.item.clone_from(&target.item);
    operation
}

pub(super) async fn write(line: &Line, operation: &StockOperation) -> Result<WriteOutcome, Stop> {
    let outcomes = line
        .connection
        .write_stock(std::slice::from_ref(operation))
        .await;
    let outcome = outcomes.promised("wrote one more")?.remove(0);
    match outcome {
        WriteOutcome::Rejected { reason } => Err(Stop::not_applicable(format!(
            "the adapter takes no adjustment of what is on hand: {reason}"
        ))),
        outcome => Ok(outcome),
    }
}

/// What is on hand now; with a cassette, what ever was.
async fn on_hand(bench: &Bench, line: &Line, target: &Target) -> Result<Quantity, Stop> {
    if !bench.remembers() {
        return Ok(target.on_hand);
    }
    let can_ask = line.connection.manifest().by_sku_batch().is_some();
    let levels = if can_ask {
        let query = SkuQuery::of(vec![target.sku.clone()]).at(vec![target.location.clone()]);
        line.connection
            .stock_by_sku(&query)
            .await
            .promised("asked for what was written")?
            .levels
    } else {
        line.connection
            .list_stock(None)
            .await
            .promised("listed what was written")?
    };
    let level = levels
        .into_iter()
        .find(|level| level.sku == target.sku && level.location == target.location);
    Ok(level
        .and_then(|level| level.quantities.on_hand)
        .unwrap_or_default())
}

/// Leaves the system as it was.
pub(super) async fn put_back(bench: &Bench, line: &Line, target: &Target) -> Ended {
    let delta = match bench.is_rehearsal() {
        true => Quantity::units(-1),
        false => target.on_hand - on_hand(bench, line, target).await?,
    };
    if delta != Quantity::ZERO {
        let change = StockChange::Adjust { delta };
        let mut operation = StockOperation::new(
            op_id(bench, 99),
            target.sku.clone(),
            target.location.clone(),
            change,
        );
        operation.item.clone_from(&target.item);
        write(line, &operation).await?;
    }
    Ok(())
}
