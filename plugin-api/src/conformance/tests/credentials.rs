//! Credentials: good ones pass, wrong and missing ones are told apart, and none leaves the host.

use std::sync::Arc;

use crate::conformance::Bench;
use crate::conformance::deed::Deed;
use crate::conformance::fault::{Fault, Faulty};
use crate::conformance::finding::{Ended, Finding, Promised, Stop, told};
use crate::conformance::rig::{Line, Rig};
use crate::http::Auth;
use crate::testing::Redaction;
use crate::{AdapterError, ErrorKind};

pub(in crate::conformance) async fn good_credentials_pass(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let line = rig.connect().await?;
    let account = line
        .connection
        .check()
        .await
        .promised("checked good credentials")?;
    if account.name.trim().is_empty() {
        bench.found(
            Finding::should_fix("checked good credentials")
                .expected("the account's name, for the operator to recognise")
                .seen("an account without a name")
                .way_out("answer with `Account::named(…)`"),
        );
    }
    if !account.warnings.is_empty() {
        let warnings = account.warnings.join("; ");
        bench
            .found(Finding::note("checked good credentials").seen(format!("warnings: {warnings}")));
    }
    Ok(())
}

pub(in crate::conformance) async fn wrong_credentials_are_told_from_other_trouble(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    expect_secrets(&rig)?;
    let line = rig.dial(bench.live_system(), rig.bad_credentials()?);
    line.connection
        .open_with(&rig.settings())
        .await
        .promised("opened a connection")?;
    let seen = match line.connection.check().await {
        Err(error) if error.kind == ErrorKind::Auth => return Ok(()),
        Err(error) => told(&error),
        Ok(account) => format!("they pass, for account `{}`", account.name),
    };
    Err(Finding::must_fix("checked credentials that the system refuses")
        .expected("`Auth`: the operator is asked for others")
        .seen(seen)
        .way_out("make `AdapterError::auth(…)` of 401 and 403, and of whatever else the system says to a wrong key")
        .into())
}

pub(in crate::conformance) async fn each_missing_secret_is_named(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    expect_secrets(&rig)?;
    let used = secrets_used(&rig).await?;
    if used.is_empty() {
        return Err(Stop::not_applicable("`check` signs in with no secret"));
    }
    for secret in used {
        let line = rig.dial(bench.system(), rig.credentials()?.without(&secret));
        line.connection
            .open_with(&rig.settings())
            .await
            .promised("opened a connection")?;
        let seen = match line.connection.check().await {
            Err(AdapterError {
                kind: ErrorKind::Config { field },
                ..
            }) if field == secret => continue,
            Err(error) => told(&error),
            Ok(_) => "it passes".into(),
        };
        bench.found(
            Finding::must_fix(format!(
                "checked a connection without the secret `{secret}`"
            ))
            .expected(format!(
                "`Config` that names `{secret}`, as the host answers it"
            ))
            .seen(seen)
            .way_out("hand the host's errors on as they are: `request.send().await?`"),
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn no_secret_leaves_the_host(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    expect_secrets(&rig)?;
    let deeds = Deed::all(&rig).await?;
    for deed in &deeds {
        let line = rig.connect().await?;
        let said = deed.on(&line).await.map(|done| format!("{done:?}"));
        look_at(&rig, &line, deed, 200, said);
    }
    if rig.manifest.outbound.is_empty() {
        return Ok(());
    }
    for status in [400, 401, 403, 500] {
        for deed in &deeds {
            let faulty = Faulty::new(bench.system(), 0, Fault::Echo(status));
            let line = rig.connect_to(Arc::new(faulty)).await?;
            let said = deed.on(&line).await.map(|done| format!("{done:?}"));
            look_at(&rig, &line, deed, status, said);
        }
    }
    Ok(())
}

/// Looks for secrets in all that an adapter gives away.
fn look_at(rig: &Rig<'_>, line: &Line, deed: &Deed, status: u16, said: crate::Result<String>) {
    let redaction = Redaction::of(&line.credentials);
    let mut given = vec![(
        "the answer",
        said.unwrap_or_else(|error| format!("{error:?}")),
    )];
    let logs = [line.host.logs(), rig.hub.strays()].concat();
    given.extend(logs.iter().map(|record| ("the log", format!("{record:?}"))));
    let state = line.host.state();
    given.extend(state.iter().map(|entry| {
        (
            "what is stored",
            String::from_utf8_lossy(&entry.value).into_owned(),
        )
    }));
    given.extend(line.host.sent().iter().map(|sent| {
        (
            "a request",
            format!("{} {:?} {}", sent.line(), sent.request.headers, sent.body()),
        )
    }));
    for (place, text) in given {
        let Some(secret) = redaction.given_away(&text) else {
            continue;
        };
        let done = format!(
            "called `{}` of a system that quotes the key it refuses, with status {status}",
            deed.name()
        );
        // A refusal of the key is where systems quote it; elsewhere an author may have taken what was said for advice.
        let finding = match status {
            400 | 500 => Finding::should_fix(done),
            _ => Finding::must_fix(done),
        };
        rig.bench.found(
            finding
                .expected("no secret in answers, errors, logs, state or requests")
                .seen(format!("the secret `{secret}` in {place}"))
                .way_out("say it in your own words; never quote what a system answers to 4xx"),
        );
    }
}

/// The secrets that `check` signs in with.
async fn secrets_used(rig: &Rig<'_>) -> Result<Vec<String>, Stop> {
    let line = rig.connect().await?;
    line.connection
        .check()
        .await
        .promised("checked good credentials")?;
    let sent = line.host.sent();
    let auths = sent.iter().map(|sent| &sent.request.auth);
    let mut used: Vec<String> = auths.flat_map(Auth::secrets).map(Into::into).collect();
    used.sort();
    used.dedup();
    Ok(used)
}

fn expect_secrets(rig: &Rig<'_>) -> Ended {
    match rig.manifest.secrets.is_empty() {
        true => Err(Stop::not_applicable("the adapter declares no secrets")),
        false => Ok(()),
    }
}
