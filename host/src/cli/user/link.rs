//! `bestand user link`: another link for the first admin, when the one that the daemon printed is lost or too old.

use serde::Serialize;

use super::{Opened, Target};
use crate::cli::context::Context;
use crate::cli::output;
use crate::user::set_up_link;

#[derive(Serialize)]
struct Shown {
    link: String,
}

pub(super) async fn make(context: &Context, target: &Target) -> anyhow::Result<()> {
    let server = context.config()?.server;
    let Opened { users, account } = Opened::open(context, target).await?;
    let Some(token) = users.new_set_up_token(account.id).await? else {
        let account = &account.name;
        anyhow::bail!(
            "account `{account}` has users already; an admin among them adds others, or `bestand user add` does"
        );
    };
    let link = set_up_link(server.public_url.as_deref(), server.listen, &token);
    let shown = Shown {
        link: link.reveal().into(),
    };
    target.output.one(&shown, |shown| shown.link.clone())?;
    output::note("it is good for 24 hours and for one use, and every link before it is void");
    if server.public_url.is_none() && server.listen.port() == 0 {
        output::note(
            "put the port in that the daemon listens on: the config leaves it to the system",
        );
    }
    Ok(())
}
