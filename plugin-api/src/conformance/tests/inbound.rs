//! Pushes: anybody can send one.

use crate::conformance::Bench;
use crate::conformance::finding::{Ended, Finding, Promised, Stop, told};
use crate::conformance::profile::{Sample, Signed};
use crate::conformance::rig::Rig;
use crate::{Capability, ErrorKind, InboundEvent, InboundOutcome, InboundRequest, Result};

pub(in crate::conformance) async fn a_push_may_come_twice(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for sample in samples(&rig)? {
        let line = rig.connect().await?;
        let request = sample.request(&line.credentials, bench.now);
        let first = line
            .connection
            .receive(&request)
            .await
            .promised("received a push")?;
        let second = line
            .connection
            .receive(&request)
            .await
            .promised("received the same push again")?;
        if !first.reply.is_success() {
            bench.found(
                Finding::must_fix("received a push")
                    .expected("2xx")
                    .seen(format!("{}", first.reply.status))
                    .way_out("mend the sample, or the adapter"),
            );
        }
        if steady(first.clone()) != steady(second) {
            bench.found(
                Finding::must_fix("received the same push twice")
                    .expected("the same meaning and the same event id, so that the host drops the second")
                    .seen("they differ")
                    .way_out("read a push without remembering the last one; take the sender's id of the delivery as event id"),
            );
        }
        if first.event_id.is_none()
            && matches!(
                first.event,
                InboundEvent::Hint { .. } | InboundEvent::ResyncNeeded
            )
        {
            bench.found(
                Finding::note("received a push")
                    .seen("it has no event id, so a repeat is worked on again")
                    .way_out("take the sender's id of the delivery, where there is one"),
            );
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn an_altered_push_is_refused(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for sample in samples(&rig)? {
        let Some(signature) = &sample.signature else {
            bench.found(
                Finding::should_fix("looked at the sample of a push")
                    .expected("a signature: anybody can send to a public address")
                    .seen("none in the profile")
                    .way_out("describe it in `signature`; a system that signs nothing needs a secret in a header at least"),
            );
            continue;
        };
        let line = rig.connect().await?;
        let good = sample.request(&line.credentials, bench.now);
        for (done, request) in alterations(&good, &signature.header, signature.signed) {
            judge(bench, done, line.connection.receive(&request).await);
        }
    }
    Ok(())
}

/// The push with one thing changed each.
fn alterations(
    good: &InboundRequest,
    header: &str,
    signed: Signed,
) -> Vec<(&'static str, InboundRequest)> {
    let header = header.to_ascii_lowercase();
    let mut altered = vec![];
    let mut body = good.clone();
    if let Some(byte) = body.body.last_mut() {
        *byte ^= 1;
    }
    altered.push(("changed one bit of the body of a push", body));
    let mut unsigned = good.clone();
    unsigned.headers.retain(|(name, _)| *name != header);
    altered.push(("left the signature of a push out", unsigned));
    for (done, value) in [
        ("emptied the signature of a push", ""),
        ("put nonsense for the signature of a push", "bm9uc2Vuc2U="),
    ] {
        let mut other = good.clone();
        for (_, signature) in other.headers.iter_mut().filter(|(name, _)| *name == header) {
            *signature = value.into();
        }
        altered.push((done, other));
    }
    if signed == Signed::UrlAndBody {
        let mut elsewhere = good.clone();
        elsewhere.url.push_str("?x=1");
        altered.push((
            "sent a push to another address than it was signed for",
            elsewhere,
        ));
    }
    altered
}

fn judge(bench: &Bench, done: &str, answer: Result<InboundOutcome>) {
    let seen = match answer {
        Err(error) if error.kind == ErrorKind::Auth => return,
        Ok(outcome) if [401, 403].contains(&outcome.reply.status) => return,
        Ok(outcome) => format!("{} and {:?}", outcome.reply.status, outcome.event),
        Err(error) => told(&error),
    };
    bench.found(
        Finding::must_fix(done)
            .expected("`Auth`: it is answered 401, and nothing happens")
            .seen(seen)
            .way_out("call `Ctx::hmac_verify` on the raw body before anything is read"),
    );
}

/// When it was read is no part of its meaning.
fn steady(mut outcome: InboundOutcome) -> InboundOutcome {
    if let InboundEvent::Levels(levels) = outcome.event {
        outcome.event = InboundEvent::Levels(crate::conformance::deed::timeless(levels));
    }
    outcome
}

fn samples<'a>(rig: &'a Rig<'_>) -> Result<&'a [Sample], Stop> {
    if !rig.can(|capability| *capability == Capability::Inbound) {
        return Err(Stop::not_applicable("the adapter does not serve `Inbound`"));
    }
    match rig.bench.profile.inbound.as_slice() {
        [] => Err(Finding::should_fix("looked for a sample of a push")
            .expected("one at least, because the adapter serves `Inbound`")
            .seen("none, so nothing was tried")
            .way_out("add an `[[inbound]]` to the profile, with its `signature`")
            .into()),
        samples => Ok(samples),
    }
}
