//! The adapter: honest, but for what an author could do wrong.

use std::time::Duration;

use bestand_plugin_api::export::{Wiring, capability};
use bestand_plugin_api::{
    Account, Adapter, AdapterError, Ctx, Cursor, Inbound, InboundEvent, InboundOutcome,
    InboundReply, InboundRequest, Listing, Location, Manifest, Quantities, Quantity, Result, Sku,
    SkuAnswers, SkuError, SkuQuery, StockBySku, StockLevel, StockListing, Timestamp,
};
use serde::Deserialize;

use crate::greed::OWN_HOST;
use crate::settings::{Entry, Fault, Settings};
use crate::{levels, start};

/// Longer than any cursor may be.
const HUGE_CURSOR_BYTES: usize = 1024 * 1024;

/// What its system sends by itself.
#[derive(Debug, Deserialize)]
struct Delivery {
    id: Option<String>,
    sent_at: Option<String>,
    sku: String,
    available: Option<i64>,
}

/// One connection that misbehaves.
#[derive(Debug)]
pub(crate) struct Misbehaving {
    settings: Settings,
}

/// What `export_adapter!` would have written.
pub(crate) fn wiring() -> Wiring<Misbehaving> {
    Wiring::new()
        .with(capability::StockListing)
        .with(capability::StockBySku)
        .with(capability::Inbound)
}

impl Adapter for Misbehaving {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("misbehaving", "Misbehaving", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description = "Goes wrong in the way its settings say.".into();
        manifest.support.email = "nobody@misbehaving.example".into();
        manifest.outbound = vec![OWN_HOST.into()];
        start::act(&mut manifest);
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        settings.act_at_once(Entry::Open)?;
        Ok(Self { settings })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        self.settings.act(Entry::Check, ctx).await?;
        Ok(Account::named("misbehaving"))
    }

    async fn locations(&self, ctx: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        self.settings.act(Entry::Locations, ctx).await?;
        Ok(Listing::done(vec![Location::site(
            levels::SITE,
            "The site",
        )]))
    }
}

impl Drop for Misbehaving {
    fn drop(&mut self) {
        self.settings.act_on_drop();
    }
}

impl StockListing for Misbehaving {
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        self.settings.act(Entry::ListStock, ctx).await?;
        let items = levels::all(self.settings.fault, ctx.now().await?);
        let page: u64 = cursor.map_or(0, |cursor| cursor.0.parse().unwrap_or(0)) + 1;
        let next = match self.settings.fault {
            Fault::EndlessListing => page.to_string(),
            Fault::StuckCursor => "1".into(),
            Fault::HugeCursor => "x".repeat(HUGE_CURSOR_BYTES),
            Fault::EndlessPending => {
                return Ok(Listing::pending(
                    Duration::from_millis(100),
                    page.to_string(),
                ));
            }
            _ => return Ok(Listing::done(items)),
        };
        Ok(Listing::page(items, next))
    }
}

impl StockBySku for Misbehaving {
    const MAX_BATCH: usize = 100;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        self.settings.act(Entry::StockBySku, ctx).await?;
        let all = levels::all(self.settings.fault, ctx.now().await?);
        let asked = |level: &StockLevel| {
            self.settings.fault == Fault::UnaskedSkus || query.skus.contains(&level.sku)
        };
        let levels: Vec<_> = all.into_iter().filter(asked).collect();
        let answered = |sku| levels.iter().any(|level| level.sku == sku);
        let missing = query.skus.iter().filter(|sku| !answered((*sku).clone()));
        let errors = missing
            .map(|sku| SkuError::not_found(sku.clone(), "there is no such article"))
            .collect();
        Ok(SkuAnswers::found(levels).with_errors(errors))
    }
}

impl Inbound for Misbehaving {
    async fn receive(&self, ctx: &Ctx, request: InboundRequest) -> Result<InboundOutcome> {
        if request.method == "GET" {
            let challenge = request.url.split('=').next_back().unwrap_or_default();
            let reply = InboundReply::status(200).with_body("text/plain", challenge);
            return Ok(reply.into());
        }
        self.settings.act(Entry::Receive, ctx).await?;
        if request.header("x-signature") != Some("ours") {
            return Err(AdapterError::auth("the signature is wrong"));
        }
        let delivery: Delivery = serde_json::from_slice(&request.body)
            .map_err(|error| AdapterError::protocol(error.to_string()))?;
        let sent_at: Option<Timestamp> = delivery.sent_at.and_then(|text| text.parse().ok());
        let sku =
            Sku::new(&delivery.sku).map_err(|error| AdapterError::protocol(error.to_string()))?;
        let event = match delivery.available {
            Some(units) => InboundEvent::Levels(vec![StockLevel::counted(
                sku,
                levels::SITE.into(),
                Quantities::available(Quantity::units(units)),
                request.received_at,
            )]),
            None => InboundEvent::hint(vec![sku]),
        };
        let outcome = InboundOutcome::ok(event, delivery.id);
        Ok(match sent_at {
            Some(sent_at) => outcome.sent_at(sent_at),
            None => outcome,
        })
    }

    async fn register(&self, _: &Ctx, _: &str) -> Result<()> {
        Ok(())
    }

    async fn unregister(&self, _: &Ctx, _: &str) -> Result<()> {
        Ok(())
    }
}
