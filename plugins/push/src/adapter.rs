//! Who this adapter is, and what it expects.

use std::time::Duration;

use bestand_plugin_api::{
    Absent, Account, Adapter, Ctx, Cursor, Listing, Location, Manifest, PushRhythm, Result,
    Semantics, StockPushes, Support,
};

use crate::settings::Settings;

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0f6b5c" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M3 12h11M10 8l4 4-4 4"/><path d="M14 4h5a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-5"/></svg>"##;

/// A partner that pushes.
#[derive(Debug)]
pub struct Push {
    silent_after: Duration,
}

impl Adapter for Push {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("push", "Partner push", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description =
            "Levels that a partner's system sends by itself, with an API key made for that partner."
                .into();
        manifest.semantics = Semantics::new("as the partner says in each push", Absent::Unknown);
        manifest.icon = Some(ICON.into());
        manifest.support = Support::named("the partner whose system pushes")
            .with_check(
                "Is the API key that was made for the partner still the one its system uses?",
            )
            .with_check("Does the partner's system say that its last push was accepted?");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        Ok(Self {
            silent_after: settings.silent_after(),
        })
    }

    /// There is nobody to ask: whether the partner's key works shows with its next push.
    async fn check(&self, _: &Ctx) -> Result<Account> {
        Ok(Account::default())
    }

    /// The partner tells its places itself.
    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(Vec::new()))
    }
}

impl StockPushes for Push {
    async fn push_rhythm(&self, _: &Ctx) -> Result<PushRhythm> {
        Ok(PushRhythm::silent_after(self.silent_after))
    }
}
