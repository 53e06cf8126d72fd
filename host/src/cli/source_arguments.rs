//! Which inventory sources a command works on.

use clap::Args;

use super::exit::BadArguments;
use crate::id::AccountId;
use crate::source::InventorySource;
use crate::store::{self, Db};

/// Which inventory sources a command works on.
#[derive(Clone, Debug, Args)]
pub(super) struct SourceArguments {
    /// Only this source, by its id or name; can be given several times
    #[arg(long = "source", value_name = "SOURCE")]
    names: Vec<String>,
}

// === impl SourceArguments ===

impl SourceArguments {
    /// Whether none was named, which means all.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The sources of the account that were named, or all of them.
    ///
    /// # Errors
    /// [`BadArguments`] when one of them is none of the account's.
    pub(super) async fn find(
        &self,
        db: &Db,
        account: AccountId,
    ) -> anyhow::Result<Vec<InventorySource>> {
        let all = store::source::list(db, account).await?;
        let is = |source: &InventorySource, name: &str| {
            source.name == name || source.id.to_string() == name
        };
        let is_known = |name: &&String| all.iter().any(|source| is(source, name));
        if let Some(name) = self.names.iter().find(|name| !is_known(name)) {
            return Err(no_such(name, &all).into());
        }
        let is_wanted = |source: &InventorySource| {
            self.names.is_empty() || self.names.iter().any(|name| is(source, name))
        };
        Ok(all.into_iter().filter(is_wanted).collect())
    }
}

/// The source of the account that is called so, by its id or name.
///
/// # Errors
/// [`BadArguments`] when none is.
pub(super) async fn find_one(
    db: &Db,
    account: AccountId,
    called: &str,
) -> anyhow::Result<InventorySource> {
    let named = SourceArguments {
        names: vec![called.to_owned()],
    };
    let mut found = named.find(db, account).await?.into_iter();
    let missing = || BadArguments(format!("there is no source `{called}`"));
    match (found.next(), found.next()) {
        (Some(source), None) => Ok(source),
        (None, _) => Err(missing().into()),
        (Some(_), Some(_)) => {
            let why = format!("several sources are called `{called}`; name one by its id");
            Err(BadArguments(why).into())
        }
    }
}

fn no_such(name: &str, all: &[InventorySource]) -> BadArguments {
    let known: Vec<_> = all
        .iter()
        .map(|source| format!("`{}`", source.name))
        .collect();
    let known = match known.is_empty() {
        true => "none yet".into(),
        false => known.join(", "),
    };
    BadArguments(format!("there is no source `{name}`; there are: {known}"))
}
