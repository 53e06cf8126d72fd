//! Requests to Ecomdash: addresses, both keys, the rate bucket. What goes wrong with an answer is a [`Failure`].

mod failure;

use std::time::Duration;

use bestand_plugin_api::http::{Auth, HttpRequestBuilder, SecretPlace};
use bestand_plugin_api::{Ctx, RateBucket, Result, SecretSpec, Sku, Timestamp};
use serde_json::{Value, json};

pub(crate) use failure::Failure;

use crate::answer::{self, Page, Warehouse};
use crate::product::Product;
use crate::settings::Settings;

/// The secret that names the merchant's account.
const ACCOUNT_KEY: &str = "account_key";
/// The secret that lets into the API at all.
const PORTAL_KEY: &str = "portal_key";
const CALLS: &str = "calls";
/// The most that Ecomdash sends in one page.
const PAGE_ENTRIES_MAX: &str = "200";
/// What is asked for beside a product itself.
const INCLUDE: &str = "Warehouses,KitComponents";

/// Speaks to one account.
#[derive(Debug)]
pub(crate) struct Client {
    /// Up to and with `/api`.
    root: String,
    application_id: Option<String>,
    changed_since_parameter: String,
}

/// Something that was read, and when it was asked for.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub(crate) sent_at: Timestamp,
    pub(crate) value: T,
}

/// Ecomdash's published limit: 120 calls a minute for each account. Of one operation it takes three at once; who is
/// refused for that is asked again by the host.
pub(crate) fn buckets() -> Vec<RateBucket> {
    vec![RateBucket::new(CALLS, 120, Duration::from_secs(60))]
}

pub(crate) fn secrets() -> Vec<SecretSpec> {
    vec![
        SecretSpec::required(
            ACCOUNT_KEY,
            "Account integration key",
            "Ecomdash › Administration › Settings › Tools, or the page of the app in Ecomdash's App Store",
        ),
        SecretSpec::required(
            PORTAL_KEY,
            "API subscription key",
            "https://ecomdash.portal.azure-api.net › Profile › Subscriptions",
        ),
    ]
}

// === impl Client ===

impl Client {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            root: format!("{}/api", settings.base_url),
            application_id: settings.application_id.clone(),
            changed_since_parameter: settings.changed_since_parameter.clone(),
        }
    }

    /// One page of the active products, all or those whose quantity changed; the first page is 1.
    pub(crate) async fn products(
        &self,
        ctx: &Ctx,
        page: u32,
        changed_since: Option<Timestamp>,
    ) -> Result<Read<Page<Product>>, Failure> {
        let mut request = self.list(ctx, "Inventory", page).query("include", INCLUDE);
        if let Some(moment) = changed_since {
            request = request.query(&self.changed_since_parameter, &moment.to_string());
        }
        self.read(request, answer::products).await
    }

    /// One page of the warehouses; the first is 1.
    pub(crate) async fn warehouses(
        &self,
        ctx: &Ctx,
        page: u32,
    ) -> Result<Page<Warehouse>, Failure> {
        let request = self.list(ctx, "Warehouses", page);
        Ok(self.read(request, answer::warehouses).await?.value)
    }

    /// The active products that have these SKUs.
    pub(crate) async fn find(
        &self,
        ctx: &Ctx,
        skus: &[Sku],
    ) -> Result<Read<Vec<Product>>, Failure> {
        let body = json!({ "idType": "sku", "idList": skus });
        let request = self.post(ctx, "inventory/getProducts", &body)?;
        self.read(request, answer::found).await
    }

    /// Sets counts; the answer is Ecomdash's own.
    pub(crate) async fn set_on_hand(&self, ctx: &Ctx, counts: &Value) -> Result<Vec<u8>, Failure> {
        let request = self.post(ctx, "inventory/updateQuantityOnHand", counts)?;
        Ok(self.send(request).await?.value)
    }

    fn list<'a>(&self, ctx: &'a Ctx, name: &str, page: u32) -> HttpRequestBuilder<'a> {
        let request = ctx.http().get(format!("{}/{name}", self.root));
        request
            .query("pageNumber", &page.to_string())
            .query("resultsPerPage", PAGE_ENTRIES_MAX)
    }

    fn post<'a>(
        &self,
        ctx: &'a Ctx,
        path: &str,
        body: &Value,
    ) -> Result<HttpRequestBuilder<'a>, Failure> {
        let request = ctx.http().post(format!("{}/{path}", self.root));
        request.json(body).map_err(Failure::NoAnswer)
    }

    async fn read<T>(
        &self,
        request: HttpRequestBuilder<'_>,
        parse: impl Fn(&[u8]) -> Result<T>,
    ) -> Result<Read<T>, Failure> {
        let body = self.send(request).await?;
        Ok(Read {
            sent_at: body.sent_at,
            value: parse(&body.value).map_err(Failure::NoAnswer)?,
        })
    }

    async fn send(&self, request: HttpRequestBuilder<'_>) -> Result<Read<Vec<u8>>, Failure> {
        let mut request = request
            .auth(Auth::places([
                SecretPlace::header("ecd-subscription-key", ACCOUNT_KEY),
                SecretPlace::header("ocp-apim-subscription-key", PORTAL_KEY),
            ]))
            .header("accept", "application/json")
            .bucket(CALLS);
        if let Some(id) = &self.application_id {
            request = request.header("application-id", id);
        }
        let mut response = request.send().await.map_err(Failure::NoAnswer)?;
        if let Some(failure) = failure::of_status(&response) {
            return Err(failure);
        }
        Ok(Read {
            sent_at: response.sent_at(),
            value: response.bytes().await.map_err(Failure::NoAnswer)?,
        })
    }
}
