//! One GraphQL request from its body to its answer: validate, price, charge, execute, settle.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::{ExecutionResponse, JsonMap, JsonValue};
use apollo_compiler::validation::{DiagnosticList, Valid};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::bulk;
use super::cost::{Cost, QUERY_COST_MAX};
use super::fault::Fault;
use super::resolve::{Context, Kind, Object, plain};
use super::schema::schema;
use super::shop::Shop;

/// The most elements any array of the input may have.
const INPUT_ARRAY_MAX: usize = 250;

/// The body of a request.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) query: String,
    #[serde(default, rename = "operationName")]
    pub(crate) operation_name: Option<String>,
    #[serde(default)]
    pub(crate) variables: Option<Value>,
}

/// The body of an answer and the points it was charged.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) body: Value,
    pub(crate) requested_cost: Option<u64>,
}

impl Request {
    /// The operation's name, said or found in the document.
    pub(crate) fn find_name(&self) -> Option<String> {
        if self.operation_name.is_some() {
            return self.operation_name.clone();
        }
        let mut words = self
            .query
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        words.find(|word| matches!(*word, "query" | "mutation"))?;
        words.find(|word| !word.is_empty()).map(str::to_owned)
    }
}

/// Answers a request, whatever is wrong with it.
pub(crate) fn answer(
    shop: &mut Shop,
    request: &Request,
    faults: Vec<Fault>,
    now: Timestamp,
) -> Answered {
    bulk::advance(shop, now);
    let document =
        match ExecutableDocument::parse_and_validate(schema(), &request.query, "request.graphql") {
            Ok(document) => document,
            Err(invalid) => {
                return Answered::refused(json!({ "errors": validation_errors(&invalid.errors) }));
            }
        };
    let Ok(operation) = document.operations.get(request.operation_name.as_deref()) else {
        return Answered::refused(one_error(
            "No operation with that name",
            json!({ "code": "BAD_REQUEST" }),
        ));
    };
    let variables = match variables(operation, request.variables.as_ref()) {
        Ok(variables) => variables,
        Err(body) => return Answered::refused(body),
    };
    run(shop, &document, operation, &variables, faults, now)
}

/// The answer of status 200 that says the bucket is empty.
pub(crate) fn throttled(shop: &mut Shop, requested_cost: u64, now: Timestamp) -> Value {
    let extensions = json!({ "code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits" });
    let mut body = one_error("Throttled", extensions);
    body["extensions"] = cost(shop, requested_cost, None, now);
    body
}

/// The answer of status 200 that says something broke inside.
pub(crate) fn internal_error() -> Value {
    let message = "Internal error. Looks like something went wrong on our end.\nRequest ID: simulated (include this in support requests).";
    one_error(
        message,
        json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": "simulated" }),
    )
}

impl Answered {
    fn refused(body: Value) -> Self {
        Self {
            body,
            requested_cost: None,
        }
    }
}

fn run(
    shop: &mut Shop,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    variables: &Valid<JsonMap>,
    faults: Vec<Fault>,
    now: Timestamp,
) -> Answered {
    let prices = Cost {
        document,
        variables,
    };
    let requested = prices.requested(operation);
    if requested > QUERY_COST_MAX {
        let message = format!(
            "Query cost is {requested}, which exceeds the single query max cost limit ({QUERY_COST_MAX})."
        );
        let extensions =
            json!({ "code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": QUERY_COST_MAX });
        return Answered::refused(one_error(&message, extensions));
    }
    if !shop.bucket.take(requested, now) {
        return Answered {
            body: throttled(shop, requested, now),
            requested_cost: Some(requested),
        };
    }
    let warned = faults.contains(&Fault::SearchWarning);
    let mut ctx = Context::new(shop, variables, now);
    ctx.faults = faults;
    let kind = if operation.is_mutation() {
        Kind::Mutation
    } else {
        Kind::Query
    };
    let root = Object { ctx: &ctx, kind };
    let execution = Execution::new(schema(), document)
        .operation(operation)
        .coerced_variable_values(variables);
    let executed = execution
        .enable_schema_introspection(true)
        .execute_sync(&root);
    let (codes, mut searches) = (ctx.codes.into_inner(), ctx.searches.into_inner());
    if warned {
        let warning = json!({ "field": "sku", "message": "Invalid search field for this query.", "code": "invalid_field" });
        searches.push(
            json!({ "path": ["inventoryItems"], "query": "", "parsed": {}, "warnings": [warning] }),
        );
    }
    let actual = match &executed {
        Ok(ExecutionResponse {
            data: Some(data), ..
        }) => prices.actual(operation, data).min(requested),
        _ => 0,
    };
    shop.bucket.give_back(requested - actual);
    let mut body = match executed {
        Ok(response) => response_body(response, &codes),
        Err(error) => one_error(
            &error.message().to_string(),
            json!({ "code": "BAD_REQUEST" }),
        ),
    };
    body["extensions"] = cost(shop, requested, Some(actual), now);
    if !searches.is_empty() {
        body["extensions"]["search"] = searches.into();
    }
    Answered {
        body,
        requested_cost: Some(requested),
    }
}

fn response_body(response: ExecutionResponse, codes: &[(String, &'static str)]) -> Value {
    let mut body = json!({});
    if !response.errors.is_empty() {
        let errors = response.errors.iter().map(|error| {
            let mut shown = serde_json::to_value(error).unwrap_or_default();
            let message = error.message.trim_start_matches("resolver error: ");
            let code = codes.iter().find(|(known, _)| known == message);
            shown["message"] = message.into();
            shown["extensions"] =
                json!({ "code": code.map_or("NOT_SIMULATED", |(_, code)| *code) });
            shown
        });
        body["errors"] = errors.collect();
    }
    if let Some(data) = response.data {
        body["data"] = plain(&data);
    } else {
        body["data"] = Value::Null;
    }
    body
}

fn cost(shop: &mut Shop, requested: u64, actual: Option<u64>, now: Timestamp) -> Value {
    let throttle_status = shop.bucket.status(now);
    json!({
        "cost": {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": throttle_status,
        },
    })
}

fn one_error(message: &str, extensions: Value) -> Value {
    json!({ "errors": [{ "message": message, "extensions": extensions }] })
}

fn validation_errors(errors: &DiagnosticList) -> Value {
    let shown = errors.iter().map(|diagnostic| {
        let error = diagnostic.to_json();
        json!({
            "message": error.message,
            "locations": error.locations.iter().map(|at| json!({ "line": at.line, "column": at.column })).collect::<Value>(),
            "extensions": { "code": "GRAPHQL_VALIDATION_FAILED" },
        })
    });
    shown.collect()
}

/// The variables as the schema wants them, or the body that says what is wrong with them.
fn variables(operation: &Operation, given: Option<&Value>) -> Result<Valid<JsonMap>, Value> {
    let given = given.filter(|given| !given.is_null());
    if let Some(size) = given.and_then(oversized) {
        let message = format!(
            "The input array size of {size} is greater than the maximum allowed of {INPUT_ARRAY_MAX}."
        );
        return Err(one_error(
            &message,
            json!({ "code": "MAX_INPUT_SIZE_EXCEEDED" }),
        ));
    }
    let raw = match given.cloned().map(JsonValue::from) {
        None => JsonMap::new(),
        Some(JsonValue::Object(raw)) => raw,
        Some(_) => {
            return Err(one_error(
                "Variables must be an object",
                json!({ "code": "BAD_REQUEST" }),
            ));
        }
    };
    coerce_variable_values(schema(), operation, &raw).map_err(|error| {
        one_error(
            &error.message().to_string(),
            json!({ "code": "INVALID_VARIABLE" }),
        )
    })
}

fn oversized(value: &Value) -> Option<usize> {
    match value {
        Value::Array(values) if values.len() > INPUT_ARRAY_MAX => Some(values.len()),
        Value::Array(values) => values.iter().find_map(oversized),
        Value::Object(fields) => fields.values().find_map(oversized),
        _ => None,
    }
}
