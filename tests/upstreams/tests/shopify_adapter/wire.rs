//! A host whose HTTP is real and whose clock is the simulated shop's; the rest is the fake host's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bestand_plugin_api::call::adapter::{
    Check, ListStock, Locations, Open, Receive, Register, Settings, Since, StockBySku,
    StockChanges, WriteStock,
};
use bestand_plugin_api::call::host::{HttpChunk, HttpHead, HttpRead, HttpSend, Now, Sleep};
use bestand_plugin_api::call::{self, Method, Port, PortFuture};
use bestand_plugin_api::http::{Auth, HttpBody, HttpRequest};
use bestand_plugin_api::testing::FakeHost;
use bestand_plugin_api::{
    Account, AdapterError, Changes, Checkpoint, Cursor, InboundOutcome, InboundRequest, Listing,
    Location, LocationId, Result, Sku, SkuAnswers, SkuQuery, StockLevel, StockOperation, Timestamp,
    WriteOutcome,
};
use bestand_upstreams::clock::Clock;
use bestand_upstreams::shopify::stock::NewLocation;
use bestand_upstreams::shopify::{Shopify, ShopifyOptions};
use jiff::SignedDuration;
use serde_json::json;

/// A shop with one location, and the adapter connected to it.
pub(crate) struct Connected {
    pub(crate) shop: Shopify,
    pub(crate) location: u64,
    port: Arc<dyn Port>,
}

#[derive(Clone)]
struct Wire {
    fake: FakeHost,
    clock: Clock,
    client: reqwest::Client,
    bodies: Arc<Mutex<HashMap<u64, reqwest::Response>>>,
}

impl Connected {
    pub(crate) async fn new() -> Self {
        Self::with(ShopifyOptions::default(), 2_000).await
    }

    pub(crate) async fn with(options: ShopifyOptions, bulk_above_items: u32) -> Self {
        let clock = Clock::frozen("2026-11-20T10:00:00Z".parse().unwrap());
        let shop = Shopify::start(ShopifyOptions {
            clock: clock.clone(),
            ..options
        })
        .await
        .unwrap();
        let location = shop.add_location(NewLocation::named("Main"));
        let fake = FakeHost::at(Timestamp::from_millis(clock.now().as_millisecond()));
        fake.secret("client_secret", "shpss_simulated")
            .secret("previous_client_secret", "shpss_simulated_before");
        let wire = Wire {
            fake,
            clock,
            client: reqwest::Client::new(),
            bodies: Arc::default(),
        };
        let port: Arc<dyn Port> = Arc::new(bestand_plugin_shopify::wiring().serve(Arc::new(wire)));
        let settings = json!({
            "shop": "simulated.myshopify.com", "base_url": shop.url(), "bulk_above_items": bulk_above_items,
        });
        let connected = Self {
            shop,
            location,
            port,
        };
        connected
            .ask::<Open>(&Settings {
                json: settings.to_string(),
            })
            .await
            .unwrap();
        connected
    }

    pub(crate) async fn check(&self) -> Result<Account> {
        self.ask::<Check>(&()).await
    }

    pub(crate) async fn locations(&self) -> Vec<Location> {
        match self.ask::<Locations>(&None).await.unwrap() {
            Listing::Done { items, .. } => items,
            other => panic!("more than one page of locations: {other:?}"),
        }
    }

    pub(crate) async fn step(&self, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        self.ask::<ListStock>(&cursor).await
    }

    /// The whole listing as a host would follow it, trying again after a failure at most `retries` times.
    pub(crate) async fn list(&self, mut retries: u32) -> Result<Vec<StockLevel>> {
        let (mut levels, mut cursor) = (Vec::new(), None);
        loop {
            match self.step(cursor.clone()).await {
                Ok(Listing::Page { items, next, .. }) => {
                    levels.extend(items);
                    cursor = Some(next);
                }
                Ok(Listing::Pending {
                    poll_after_ms,
                    cursor: next,
                    ..
                }) => {
                    self.shop.clock().advance(SignedDuration::from_millis(
                        i64::try_from(poll_after_ms).unwrap(),
                    ));
                    cursor = Some(next);
                }
                Ok(Listing::Done { items, .. }) => {
                    levels.extend(items);
                    return Ok(levels);
                }
                Ok(step) => panic!("a step of another contract: {step:?}"),
                Err(error) if retries == 0 => return Err(error),
                Err(_) => retries -= 1,
            }
        }
    }

    pub(crate) async fn by_sku(&self, skus: &[&str], locations: &[u64]) -> Result<SkuAnswers> {
        let skus = skus.iter().map(|sku| Sku::new(sku).unwrap()).collect();
        let locations = locations.iter().map(|location| place(*location)).collect();
        self.ask::<StockBySku>(&SkuQuery::of(skus).at(locations))
            .await
    }

    pub(crate) async fn changes(
        &self,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Changes<StockLevel>> {
        self.ask::<StockChanges>(&Since {
            checkpoint,
            cursor: None,
        })
        .await
    }

    pub(crate) async fn write(&self, operations: Vec<StockOperation>) -> Vec<WriteOutcome> {
        self.ask::<WriteStock>(&operations).await.unwrap()
    }

    pub(crate) async fn receive(&self, request: InboundRequest) -> Result<InboundOutcome> {
        self.ask::<Receive>(&request).await
    }

    pub(crate) async fn register(&self, url: &str) -> Result<()> {
        self.ask::<Register>(&url.to_owned()).await
    }

    async fn ask<M: Method>(&self, params: &M::Params) -> Result<M::Reply> {
        call::ask::<M>(&*self.port, 1, "test", params).await
    }
}

pub(crate) fn place(location: u64) -> LocationId {
    LocationId(format!("gid://shopify/Location/{location}"))
}

pub(crate) fn available(level: &StockLevel) -> Option<i64> {
    level
        .quantities
        .available
        .map(bestand_plugin_api::Quantity::floor)
}

// === impl Wire ===

impl Port for Wire {
    fn call(&self, request: Vec<u8>) -> PortFuture {
        let wire = self.clone();
        Box::pin(async move {
            let Ok(read) = call::read_request(&request) else {
                return wire.fake.call(request).await;
            };
            let (method, params) = (read.method.to_owned(), read.params.to_vec());
            match method.as_str() {
                HttpSend::NAME => call::response(wire.send(&params).await),
                HttpRead::NAME => call::response(wire.read(&params).await),
                Now::NAME => call::response(call::encode(&wire.now())),
                Sleep::NAME => {
                    let millis: u64 = call::decode(&params).unwrap();
                    wire.clock
                        .advance(SignedDuration::try_from(Duration::from_millis(millis)).unwrap());
                    call::response(call::encode(&()))
                }
                _ => wire.fake.call(request).await,
            }
        })
    }
}

impl Wire {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.clock.now().as_millisecond())
    }

    async fn send(&self, params: &[u8]) -> Result<Vec<u8>> {
        let request: HttpRequest = call::decode(params)?;
        let sent_at = self.now();
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).unwrap();
        let mut sending = self.client.request(method, &request.url);
        for (name, value) in &request.headers {
            sending = sending.header(name, value);
        }
        if let Auth::Header { name, secret, .. } = &request.auth {
            assert_eq!(secret, "access_token");
            sending = sending.header(name, "shpat_simulated");
        }
        if let HttpBody::Bytes(body) = request.body {
            sending = sending.body(body);
        }
        let mut response = sending
            .send()
            .await
            .map_err(|error| AdapterError::transient(error.to_string()))?;
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        let status = response.status().as_u16();
        let first = chunk(&mut response).await?;
        let mut bodies = self.bodies.lock().unwrap();
        let body = bodies.len() as u64 + 1;
        bodies.insert(body, response);
        call::encode(&HttpHead {
            status,
            headers,
            sent_at,
            first,
            body,
        })
    }

    async fn read(&self, params: &[u8]) -> Result<Vec<u8>> {
        let body: u64 = call::decode(params)?;
        let mut response = self.bodies.lock().unwrap().remove(&body).unwrap();
        let chunk = chunk(&mut response).await?;
        self.bodies.lock().unwrap().insert(body, response);
        call::encode(&chunk)
    }
}

async fn chunk(response: &mut reqwest::Response) -> Result<HttpChunk> {
    let bytes = response
        .chunk()
        .await
        .map_err(|error| AdapterError::transient(error.to_string()))?;
    Ok(HttpChunk {
        last: bytes.is_none(),
        bytes: bytes.unwrap_or_default().to_vec(),
    })
}
