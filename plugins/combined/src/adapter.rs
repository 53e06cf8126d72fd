//! Who this adapter is, and its one place.

use bestand_plugin_api::{
    Absent, Account, Adapter, AdapterError, Ctx, Cursor, Listing, Location, LocationKind, Manifest,
    Result, Semantics, SourceInfo, SourceReads, SourceState, Support,
};

use crate::settings::Settings;

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#5b4a9c" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M4 5h6l4 7h6M4 19h6l4-7"/><circle cx="4" cy="5" r="1.5"/><circle cx="4" cy="19" r="1.5"/><path d="M18 9l3 3-3 3"/></svg>"##;

/// The one place there is; the daemon calls it as the connection is called.
pub(crate) const PLACE: &str = "combined";

/// Several sources as one.
#[derive(Debug)]
pub struct Combined {
    pub(crate) settings: Settings,
}

impl Adapter for Combined {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("combined", "Combined", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description =
            "Several inventory sources as one: added up, or each standing in for the one before it."
                .into();
        manifest.semantics = Semantics::new(
            "added up over the sources of the connection, or that of the first source which is fresh, works and has enough",
            Absent::Unknown,
        );
        manifest.icon = Some(ICON.into());
        manifest.support = Support::named("whoever set up the connection")
            .with_check("Is every inventory source that the connection names still there?")
            .with_check("Do the connections of these sources work?");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        settings.check()?;
        Ok(Self { settings })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        let sources = ctx.sources().list().await?;
        let is_gone = |source: &&SourceInfo| source.state == SourceState::Gone;
        let gone: Vec<&SourceInfo> = sources.iter().filter(is_gone).collect();
        if gone.len() == sources.len() {
            let message = "none of the inventory sources is there any more; choose others";
            return Err(AdapterError::config("sources", message));
        }
        let warning = |source: &&SourceInfo| {
            format!(
                "inventory source `{}` is no longer there; take it out or choose another",
                source.id
            )
        };
        Ok(Account::default().with_warnings(gone.iter().map(warning)))
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        let place = Location::new(PLACE, "", LocationKind::Virtual);
        Ok(Listing::done(vec![place]))
    }
}

impl SourceReads for Combined {}
