//! A complete adapter, with one flaw at a time where a test wants one.

use bestand_plugin_api::http::{HttpRequestBuilder, HttpResponse};
use bestand_plugin_api::*;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    base_url: String,
    /// What an author might have got wrong.
    #[serde(default)]
    flaw: Flaw,
}

/// What an author might have got wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flaw {
    #[default]
    None,
    /// A panic for an odd address.
    PanicsOnSettings,
    /// 401 is an error like any other.
    RefusalIsTrouble,
    /// The answer of the system is quoted.
    QuotesAnswers,
    /// A secret that is missing is not told.
    HidesMissingSecrets,
    /// Two levels of one article.
    Duplicates,
    /// A place that is not listed.
    UnlistedPlace,
    /// The cursor counts from where the instance is.
    CursorInMemory,
    /// An unknown article is none.
    UnknownIsZero,
    /// By SKU, what is free is what is there.
    CountsOtherwise,
    /// All places, whatever was asked.
    IgnoresPlaces,
    /// No look at signatures.
    TrustsPushes,
    /// The event id is made anew each time.
    NewEventIds,
    /// Adjustments without an operation id are called idempotent, and a lost answer is a success.
    LostIsDone,
    /// What is kept is changed before the call is done.
    HalfDone,
    /// 429 is sent again at once.
    Hurries,
    /// 429 is a reset of its own.
    EarlyReset,
    /// A 5xx is empty stock.
    TroubleIsEmpty,
    /// Anything that is no list is an empty one.
    NonsenseIsEmpty,
    /// A fault of the system is called the adapter's.
    TroubleIsBug,
    /// Fields are counted.
    StrictFields,
    /// SKUs are made lower case.
    LowersSkus,
    /// Quantities go through a double.
    Floats,
    /// Moments are subtracted.
    SubtractsMoments,
}

pub(crate) struct Shelf {
    settings: Settings,
    kept: std::sync::Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    page: u32,
    is_busy: bool,
    events: u32,
    last: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct Rows {
    rows: Vec<Row>,
    more: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    sku: Sku,
    free: Quantity,
    there: Quantity,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only that it can be read matters")]
struct StrictRows {
    rows: Vec<serde::de::IgnoredAny>,
    more: bool,
}

#[derive(Deserialize)]
struct AccountName {
    name: String,
}

const SHELF: &str = "shelf";

impl Adapter for Shelf {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("acme-shelf", "Acme Shelf", "1.0.0");
        manifest.publisher = "Acme".into();
        manifest.secrets = vec![
            SecretSpec::required("api_key", "API key", "Settings › API"),
            SecretSpec::required("webhook_secret", "Webhook secret", "Settings › Webhooks"),
        ];
        manifest.outbound = vec!["{base_url}".into()];
        manifest.semantics = Semantics::new("free", Absent::Zero);
        manifest.support = Support::email("help@acme.example");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        if !settings.base_url.starts_with("https://") {
            assert!(settings.flaw != Flaw::PanicsOnSettings, "what an address");
            return Err(AdapterError::config("base_url", "must begin with https://"));
        }
        Ok(Self {
            settings,
            kept: std::sync::Mutex::default(),
        })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        if self.has(Flaw::SubtractsMoments) {
            let now = ctx.now().await?;
            let last = self.kept.lock().unwrap().last.replace(now).unwrap_or(now);
            assert!(last <= now, "time went back");
        }
        let account: Result<AccountName> = self.ask(self.request(ctx, "GET", "/account")).await;
        match account {
            Ok(account) => Ok(Account::named(account.name)),
            Err(error) if self.has(Flaw::HidesMissingSecrets) => {
                Err(AdapterError::transient(error.message))
            }
            Err(error) => Err(error),
        }
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(vec![
            Location::site(SHELF, "The shelf"),
            Location::site("back", "The back room"),
        ]))
    }
}

impl Shelf {
    fn has(&self, flaw: Flaw) -> bool {
        self.settings.flaw == flaw
    }

    fn request<'a>(&self, ctx: &'a Ctx, method: &str, path: &str) -> HttpRequestBuilder<'a> {
        let url = format!("{}{path}", self.settings.base_url);
        ctx.http().request(method, url).bearer("api_key")
    }

    async fn ask<T: DeserializeOwned>(&self, request: HttpRequestBuilder<'_>) -> Result<T> {
        let mut response = request.send().await?;
        match self.trouble(&mut response).await {
            Some(error) => Err(error),
            None => response.json().await,
        }
    }

    async fn trouble(&self, response: &mut HttpResponse) -> Option<AdapterError> {
        let status = response.status();
        Some(match status {
            200..=299 => return None,
            _ if self.has(Flaw::QuotesAnswers) => AdapterError::auth(response.text().await.ok()?),
            401 | 403 if !self.has(Flaw::RefusalIsTrouble) => {
                AdapterError::auth("the shelf refuses the key")
            }
            429 if self.has(Flaw::EarlyReset) => {
                let soon = response.sent_at().after(std::time::Duration::from_secs(1));
                AdapterError::rate_limited(Some(soon), "the shelf is busy")
            }
            429 => AdapterError::rate_limited(response.retry_at(), "the shelf is busy"),
            _ if self.has(Flaw::TroubleIsBug) => AdapterError::bug("cannot be"),
            _ => AdapterError::upstream(status, "the shelf has trouble"),
        })
    }

    /// A page of rows, with what an author might get wrong about it.
    async fn rows(&self, ctx: &Ctx, page: u32) -> Result<(Rows, Timestamp)> {
        let request = || {
            self.request(ctx, "GET", "/stock")
                .query("page", &page.to_string())
        };
        let mut response = request().send().await?;
        if response.status() == 429 && self.has(Flaw::Hurries) {
            response = request().send().await?;
        }
        let sent_at = response.sent_at();
        let nothing = Rows {
            rows: Vec::new(),
            more: false,
        };
        if let Some(error) = self.trouble(&mut response).await {
            return match self.has(Flaw::TroubleIsEmpty) {
                true => Ok((nothing, sent_at)),
                false => Err(error),
            };
        }
        let body = response.bytes().await?;
        if self.has(Flaw::StrictFields) && serde_json::from_slice::<StrictRows>(&body).is_err() {
            return Err(AdapterError::protocol("fields nobody knows"));
        }
        match serde_json::from_slice(&body) {
            Ok(rows) => Ok((rows, sent_at)),
            Err(_) if self.has(Flaw::NonsenseIsEmpty) => Ok((nothing, sent_at)),
            Err(_) => Err(AdapterError::protocol("no rows")),
        }
    }

    fn level(&self, row: Row, fetched_at: Timestamp) -> StockLevel {
        let Row {
            mut sku,
            mut free,
            there,
        } = row;
        if self.has(Flaw::LowersSkus) {
            sku = Sku::new(&sku.to_lowercase()).unwrap();
        }
        if self.has(Flaw::Floats) {
            free = through_a_double(free);
        }
        let place = if self.has(Flaw::UnlistedPlace) {
            "cellar"
        } else {
            SHELF
        };
        let there = if self.has(Flaw::Floats) {
            through_a_double(there)
        } else {
            there
        };
        StockLevel::counted(sku, place.into(), Quantities::of(free, there), fetched_at)
    }
}

fn through_a_double(quantity: Quantity) -> Quantity {
    format!("{:.6}", f64::from(quantity.to_f64() as f32))
        .parse()
        .unwrap()
}

impl StockListing for Shelf {
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        if self.has(Flaw::HalfDone) {
            let was_busy = std::mem::replace(&mut self.kept.lock().unwrap().is_busy, true);
            if was_busy {
                return Err(AdapterError::transient("another call is under way"));
            }
        }
        let dead = |_| AdapterError::not_found("no cursor of this shelf");
        let page: u32 = match &cursor {
            Some(_) if self.has(Flaw::CursorInMemory) => self.kept.lock().unwrap().page,
            Some(Cursor(page)) => page.parse().map_err(dead)?,
            None => 1,
        };
        if !(1..1000).contains(&page) && !self.has(Flaw::CursorInMemory) {
            return Err(AdapterError::not_found("no cursor of this shelf"));
        }
        let (rows, sent_at) = self.rows(ctx, page.max(1)).await?;
        self.kept.lock().unwrap().page = page + 1;
        self.kept.lock().unwrap().is_busy = false;
        let mut levels: Vec<_> = rows
            .rows
            .into_iter()
            .map(|row| self.level(row, sent_at))
            .collect();
        if self.has(Flaw::Duplicates) {
            levels.extend(levels.first().cloned());
        }
        Ok(match rows.more {
            true => Listing::page(levels, (page + 1).to_string()),
            false => Listing::done(levels),
        })
    }
}

impl StockBySku for Shelf {
    const MAX_BATCH: usize = 50;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let request = self.request(ctx, "POST", "/search").json(&query.skus)?;
        let mut response = request.send().await?;
        if let Some(error) = self.trouble(&mut response).await {
            return Err(error);
        }
        let sent_at = response.sent_at();
        let rows: Rows = response.json().await?;
        let mut answers = SkuAnswers::default();
        for sku in query.skus {
            let row = rows.rows.iter().find(|row| row.sku == sku).cloned();
            match row {
                Some(mut row) => {
                    if self.has(Flaw::CountsOtherwise) {
                        row.free = row.there;
                    }
                    answers.levels.push(self.level(row, sent_at));
                }
                None if self.has(Flaw::UnknownIsZero) => {
                    let none = Row {
                        sku,
                        free: Quantity::ZERO,
                        there: Quantity::ZERO,
                    };
                    answers.levels.push(self.level(none, sent_at));
                }
                None => answers
                    .errors
                    .push(SkuError::not_found(sku, "the shelf has no such article")),
            }
        }
        let wanted = |level: &StockLevel| {
            query.locations.is_empty() || query.locations.contains(&level.location)
        };
        if self.has(Flaw::IgnoresPlaces) && !query.locations.is_empty() {
            let mut more = answers.levels.clone();
            more.iter_mut()
                .for_each(|level| level.location = "back".into());
            answers.levels.extend(more);
        } else {
            answers.levels.retain(wanted);
        }
        Ok(answers)
    }
}

impl StockChanges for Shelf {
    const MISSES: &'static str = "";

    async fn stock_changes(
        &self,
        ctx: &Ctx,
        since: Option<Checkpoint>,
        _: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        let now = ctx.now().await?.to_string();
        let Some(Checkpoint(since)) = since else {
            return Ok(Changes::last(Vec::new(), now));
        };
        if since.parse::<Timestamp>().is_err() {
            return Err(AdapterError::not_found("no checkpoint of this shelf"));
        }
        let _: Rows = self
            .ask(self.request(ctx, "GET", "/changes").query("since", &since))
            .await?;
        Ok(Changes::last(Vec::new(), now))
    }
}

impl Inbound for Shelf {
    async fn receive(&self, ctx: &Ctx, request: InboundRequest) -> Result<InboundOutcome> {
        let signature = request.header("x-shelf-signature").unwrap_or_default();
        let signature = unhex(signature).unwrap_or_default();
        let is_right = ctx
            .hmac_verify(&["webhook_secret"], &request.body, &signature)
            .await?;
        if !is_right && !self.has(Flaw::TrustsPushes) {
            return Err(AdapterError::auth("the signature is wrong"));
        }
        let row: Row = serde_json::from_slice(&request.body)
            .map_err(|_| AdapterError::protocol("not a row of stock"))?;
        let mut delivery = request.header("x-shelf-delivery").map(str::to_owned);
        if self.has(Flaw::NewEventIds) {
            let mut kept = self.kept.lock().unwrap();
            kept.events += 1;
            delivery = Some(kept.events.to_string());
        }
        let level = self.level(row, request.received_at);
        Ok(InboundOutcome::ok(
            InboundEvent::Levels(vec![level]),
            delivery,
        ))
    }

    async fn register(&self, _: &Ctx, _: &str) -> Result<()> {
        Ok(())
    }

    async fn unregister(&self, _: &Ctx, _: &str) -> Result<()> {
        Ok(())
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

impl StockWrites for Shelf {
    const MAX_BATCH: usize = 10;
    const IDEMPOTENCY: Idempotency = Idempotency::Native;

    async fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>> {
        let mut outcomes = Vec::new();
        for operation in operations {
            let StockChange::Adjust { delta } = operation.change else {
                outcomes.push(WriteOutcome::rejected("the shelf only takes adjustments"));
                continue;
            };
            if operation.location.0 != SHELF {
                outcomes.push(WriteOutcome::rejected("there is no such place"));
                continue;
            }
            let row = serde_json::json!({ "sku": operation.sku, "delta": delta });
            let request = self
                .request(ctx, "POST", "/adjust")
                .header("idempotency-key", &operation.op_id);
            outcomes.push(match request.json(&row)?.send().await {
                Ok(answer) if answer.is_success() => WriteOutcome::Applied,
                Ok(answer) => {
                    WriteOutcome::rejected(format!("the shelf answered {}", answer.status()))
                }
                Err(_) if self.has(Flaw::LostIsDone) => WriteOutcome::rejected("the shelf is gone"),
                Err(error) => WriteOutcome::unknown(error.message),
            });
        }
        Ok(outcomes)
    }
}

export_adapter!(Shelf: StockListing + StockBySku + StockChanges + Inbound + StockWrites);
