//! One GraphQL request: signed in, waiting its turn, and every way of refusing told apart.

use std::sync::Mutex;
use std::time::Duration;

use bestand_plugin_api::http::{Auth, HttpResponse};
use bestand_plugin_api::{AdapterError, Ctx, ErrorKind, Result, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::graph::{Cost, Envelope, GraphError};
use crate::operations::Operation;
use crate::throttle::{Reservation, Throttle, Urgency, wait_after_refusal};

/// The version every operation is written and validated for.
pub const API_VERSION: &str = "2026-10";

/// The header that says which version really answered.
const VERSION_HEADER: &str = "x-shopify-api-version";

/// How often a throttled background query is sent again before the host is told to come back later.
const THROTTLED_RETRIES_MAX: u32 = 3;

/// The longest wait inside a call; a longer one is the host's to wait.
const BACKGROUND_WAIT_MAX: Duration = Duration::from_secs(20);
const ORDER_WAIT_MAX: Duration = Duration::from_millis(1_000);

/// Codes that say the query itself is wrong; asking again cannot help.
const OUR_FAULTS: [&str; 6] = [
    "BAD_REQUEST",
    "GRAPHQL_VALIDATION_FAILED",
    "INVALID_FIELD_ARGUMENTS",
    "INVALID_VARIABLE",
    "MAX_INPUT_SIZE_EXCEEDED",
    "undefinedField",
];

/// Speaks GraphQL to one shop.
#[derive(Debug)]
pub(crate) struct Client {
    endpoint: String,
    auth: Auth,
    throttle: Throttle,
    /// Another version than ours that served us last; nothing while all is well.
    served_by: Mutex<Option<String>>,
}

/// Data and the time it was asked for.
#[derive(Debug)]
pub(crate) struct Answered<T> {
    pub(crate) data: T,
    pub(crate) sent_at: Timestamp,
}

/// Why there is no data.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The query costs more than any query may: ask for less.
    TooExpensive(String),
    /// Anything else.
    Failed(AdapterError),
}

/// A single attempt's end, when it is not an answer.
enum Attempt {
    Throttled(Option<Cost>),
    Refused(Refusal),
}

// === impl Client ===

impl Client {
    pub(crate) fn new(origin: &str, auth: Auth) -> Self {
        let endpoint = format!("{origin}/admin/api/{API_VERSION}/graphql.json");
        Self {
            endpoint,
            auth,
            throttle: Throttle::default(),
            served_by: Mutex::default(),
        }
    }

    /// Sends the operation, waiting for points before and after being throttled as far as `urgency` allows.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        ctx: &Ctx,
        operation: &Operation,
        variables: Value,
        urgency: Urgency,
    ) -> Result<Answered<T>, Refusal> {
        let body = json!({ "query": operation.text, "operationName": operation.name, "variables": variables });
        for _ in 0..=THROTTLED_RETRIES_MAX {
            let now = ctx.now().await?;
            let reservation = self.throttle.reserve(operation.name, urgency, now);
            self.wait(ctx, reservation.wait, urgency).await?;
            let attempt = self.attempt(ctx, &reservation, &body).await;
            drop(reservation);
            match attempt {
                Ok((envelope, sent_at)) => return read(operation, envelope, sent_at),
                Err(Attempt::Refused(refusal)) => return Err(refusal),
                Err(Attempt::Throttled(cost)) => {
                    self.wait(ctx, wait_after_refusal(cost.as_ref()), urgency)
                        .await?
                }
            }
        }
        let message = format!("shopify throttles `{}` again and again", operation.name);
        Err(AdapterError::rate_limited(None, message).into())
    }

    /// Sends a paged operation, with half the page size for as long as the query is too expensive.
    pub(crate) async fn ask_page<T: DeserializeOwned>(
        &self,
        ctx: &Ctx,
        operation: &Operation,
        page_size_max: usize,
        urgency: Urgency,
        variables: impl Fn(usize) -> Value,
    ) -> Result<Answered<T>> {
        let mut page_size = page_size_max;
        loop {
            match self
                .ask(ctx, operation, variables(page_size), urgency)
                .await
            {
                Err(Refusal::TooExpensive(_)) if page_size > 1 => page_size /= 2,
                answer => return answer.map_err(AdapterError::from),
            }
        }
    }

    /// The warning that another API version answers than the one this adapter is written for.
    pub(crate) fn version_warning(&self) -> Option<String> {
        let served_by = self
            .served_by
            .lock()
            .expect("no holder of the version panics");
        served_by.as_ref().map(|version| {
            format!(
                "Shopify answers with API version {version} although {API_VERSION} was asked for; \
                 install a newer release of this adapter."
            )
        })
    }

    async fn attempt(
        &self,
        ctx: &Ctx,
        reservation: &Reservation<'_>,
        body: &Value,
    ) -> Result<(Envelope, Timestamp), Attempt> {
        let (envelope, sent_at) = self.send(ctx, body).await?;
        if let Some(cost) = &envelope.extensions.cost {
            reservation.learn(cost, ctx.now().await?);
        }
        match envelope.errors.first() {
            Some(error) if error.code() == "THROTTLED" => {
                Err(Attempt::Throttled(envelope.extensions.cost))
            }
            Some(error) => Err(Attempt::Refused(refusal(error))),
            None => Ok((envelope, sent_at)),
        }
    }

    async fn send(&self, ctx: &Ctx, body: &Value) -> Result<(Envelope, Timestamp)> {
        let request = ctx
            .http()
            .post(&self.endpoint)
            .auth(self.auth.clone())
            .json(body)?;
        let mut answer = request.send().await?;
        check_status(&answer)?;
        self.note_version(&answer);
        Ok((answer.json().await?, answer.sent_at()))
    }

    fn note_version(&self, answer: &HttpResponse) {
        let Some(version) = answer.header(VERSION_HEADER) else {
            return;
        };
        let other = (version != API_VERSION).then(|| version.to_owned());
        let mut served_by = self
            .served_by
            .lock()
            .expect("no holder of the version panics");
        if *served_by != other {
            if let Some(version) = &other {
                tracing::warn!(
                    version,
                    "Shopify answers with another API version than {API_VERSION}"
                );
            }
            *served_by = other;
        }
    }

    async fn wait(&self, ctx: &Ctx, wait: Duration, urgency: Urgency) -> Result<()> {
        let wait_max = match urgency {
            Urgency::Order => ORDER_WAIT_MAX,
            Urgency::Background => BACKGROUND_WAIT_MAX,
        };
        if wait.is_zero() {
            return Ok(());
        }
        if wait > wait_max {
            let retry_at = ctx.now().await?.after(wait);
            return Err(AdapterError::rate_limited(
                Some(retry_at),
                "shopify's throttle bucket is empty",
            ));
        }
        ctx.sleep(wait).await
    }
}

fn read<T: DeserializeOwned>(
    operation: &Operation,
    envelope: Envelope,
    sent_at: Timestamp,
) -> Result<Answered<T>, Refusal> {
    let ignored = envelope
        .extensions
        .search
        .iter()
        .flat_map(|search| &search.warnings)
        .next();
    if let Some(warning) = ignored {
        let message = format!(
            "shopify ignored the filter `{}`: {}",
            warning.field, warning.message
        );
        return Err(AdapterError::protocol(message).into());
    }
    match envelope.read() {
        Ok(data) => Ok(Answered { data, sent_at }),
        Err(error) => {
            let message = format!(
                "the answer to `{}` is not what was asked for: {error}",
                operation.name
            );
            Err(AdapterError::protocol(message).into())
        }
    }
}

fn check_status(answer: &HttpResponse) -> Result<()> {
    let status = answer.status();
    Err(match status {
        200 => return Ok(()),
        401 => AdapterError::auth(
            "shopify refuses the credentials: the token was revoked or is another shop's",
        ),
        403 => AdapterError::auth(
            "shopify refuses access (403): check the app's scopes and that it is installed",
        ),
        402 => AdapterError::upstream(
            status,
            "the shop is frozen (402): its owner has to pay Shopify's bill",
        ),
        404 => AdapterError::config("shop", "shopify knows no such shop (404)"),
        423 => AdapterError::upstream(
            status,
            "the shop is locked (423): its owner has to ask Shopify's support",
        ),
        429 => AdapterError::rate_limited(answer.retry_at(), "shopify asks to slow down (429)"),
        430 => AdapterError::upstream(
            status,
            "shopify rejects the requests for security reasons (430)",
        ),
        _ => AdapterError::upstream(status, format!("shopify answered {status}")),
    })
}

/// What a top-level error means; they come at status 200.
fn refusal(error: &GraphError) -> Refusal {
    let message = error.message.lines().next().unwrap_or_default();
    match error.code() {
        "MAX_COST_EXCEEDED" => Refusal::TooExpensive(message.to_owned()),
        "ACCESS_DENIED" => Refusal::Failed(AdapterError::auth(format!(
            "shopify denies access: {message} grant it to the app"
        ))),
        "INTERNAL_SERVER_ERROR" | "TIMEOUT" => Refusal::Failed(AdapterError::transient(format!(
            "shopify failed inside: {message}"
        ))),
        "SHOP_INACTIVE" => Refusal::Failed(AdapterError::upstream(402, "the shop is inactive")),
        code if OUR_FAULTS.contains(&code) => Refusal::Failed(AdapterError::bug(format!(
            "shopify refuses this adapter's query ({code}): {message}"
        ))),
        code => Refusal::Failed(AdapterError::protocol(format!(
            "shopify refused the query ({code}): {message}"
        ))),
    }
}

impl GraphError {
    fn code(&self) -> &str {
        self.extensions.code.as_deref().unwrap_or_default()
    }
}

// === impl Refusal ===

impl Refusal {
    /// Whether the request may have been worked all the same.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Refusal::TooExpensive(_) => false,
            Refusal::Failed(error) => match error.kind {
                ErrorKind::Transient | ErrorKind::Protocol => true,
                ErrorKind::Upstream { status } => status >= 500,
                _ => false,
            },
        }
    }
}

impl From<AdapterError> for Refusal {
    fn from(error: AdapterError) -> Self {
        Refusal::Failed(error)
    }
}

impl From<Refusal> for AdapterError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooExpensive(message) => AdapterError::protocol(message),
            Refusal::Failed(error) => error,
        }
    }
}

impl From<AdapterError> for Attempt {
    fn from(error: AdapterError) -> Self {
        Attempt::Refused(Refusal::Failed(error))
    }
}
