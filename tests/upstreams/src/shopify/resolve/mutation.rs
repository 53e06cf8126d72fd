//! Fields of the mutation root: writes, bulk operations and webhook subscriptions.

use apollo_compiler::executable::Value as Literal;
use apollo_compiler::resolvers::{FieldError, ResolveInfo};
use serde_json::{Value, json};

use super::{Context, Resolved, plain, query, record};
use crate::shopify::bulk;
use crate::shopify::fault::Fault;
use crate::shopify::gid::find_number;
use crate::shopify::idempotency::{Remembered, Repeat};
use crate::shopify::inventory::{self, Form};
use crate::shopify::quantities::Quantities;
use crate::shopify::stock::LevelKey;
use crate::shopify::webhook;

pub(crate) fn field(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Resolved {
    query::check_scope(ctx, info.field_name())?;
    let arguments = plain(info.arguments());
    let payload = match info.field_name() {
        "inventorySetQuantities" => write(ctx, info, &arguments, Form::Set)?,
        "inventoryAdjustQuantities" => write(ctx, info, &arguments, Form::Adjust)?,
        "inventoryActivate" => once(ctx, info, &arguments, || Ok(activate(ctx, &arguments)))?,
        "bulkOperationRunQuery" => bulk::run(&mut ctx.shop.borrow_mut(), &arguments, ctx.now),
        "bulkOperationCancel" => bulk::cancel(&mut ctx.shop.borrow_mut(), &arguments, ctx.now),
        "webhookSubscriptionCreate" => {
            webhook::create(&mut ctx.shop.borrow_mut(), &arguments, ctx.now)
        }
        "webhookSubscriptionDelete" => webhook::delete(&mut ctx.shop.borrow_mut(), &arguments),
        _ => return Ok(None),
    };
    record::answer(ctx, &payload, info.field_definition().ty.inner_named_type()).map(Some)
}

fn write(
    ctx: &Context<'_>,
    info: &ResolveInfo<'_>,
    arguments: &Value,
    form: Form,
) -> Result<Value, FieldError> {
    let input = &arguments["input"];
    once(ctx, info, arguments, || {
        if let Some(message) = inventory::missing_argument(input, form) {
            return Err(ctx.error("INVALID_FIELD_ARGUMENTS", message));
        }
        Ok(inventory::write(
            &mut ctx.shop.borrow_mut(),
            input,
            form,
            ctx.now,
        ))
    })
}

/// Does the work unless its idempotency key was seen, which every write must carry.
fn once(
    ctx: &Context<'_>,
    info: &ResolveInfo<'_>,
    arguments: &Value,
    work: impl FnOnce() -> Result<Value, FieldError>,
) -> Result<Value, FieldError> {
    let Some(key) = idempotency_key(ctx, info) else {
        let message =
            "The @idempotent directive is required for this mutation but was not provided.";
        return Err(ctx.error("BAD_REQUEST", message));
    };
    if ctx.faults.contains(&Fault::IdempotencyConcurrent) {
        let message = "Another request with this idempotency key is still being processed.";
        return Ok(refusal("IDEMPOTENCY_CONCURRENT_REQUEST", message));
    }
    ctx.shop.borrow_mut().forget_old_keys(ctx.now);
    let fingerprint = format!("{} {arguments}", info.field_name());
    match Repeat::of(ctx.shop.borrow().idempotency.get(&key), &fingerprint) {
        Repeat::Same(payload) => return Ok(payload),
        Repeat::Refused(code, message) => return Ok(refusal(code, message)),
        Repeat::New => {}
    }
    let payload = work()?;
    let failed = payload["userErrors"]
        .as_array()
        .is_some_and(|errors| !errors.is_empty());
    let remembered = Remembered {
        fingerprint,
        payload: payload.clone(),
        failed,
        at: ctx.now,
    };
    ctx.shop.borrow_mut().idempotency.insert(key, remembered);
    Ok(payload)
}

fn refusal(code: &str, message: &str) -> Value {
    json!({
        "inventoryAdjustmentGroup": null,
        "inventoryLevel": null,
        "userErrors": [{ "code": code, "field": null, "message": message }],
    })
}

fn idempotency_key(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Option<String> {
    let directive = info
        .field_selections()
        .first()?
        .directives
        .get("idempotent")?;
    let key = match &**directive.specified_argument_by_name("key")? {
        Literal::String(key) => key.clone(),
        Literal::Variable(name) => ctx.variables.get(name.as_str())?.as_str()?.to_owned(),
        _ => return None,
    };
    (!key.is_empty()).then_some(key)
}

fn activate(ctx: &Context<'_>, arguments: &Value) -> Value {
    let number = |name: &str, kind: &str| {
        arguments[name]
            .as_str()
            .and_then(|id| find_number(id, kind))
    };
    let ids = (
        number("inventoryItemId", "InventoryItem"),
        number("locationId", "Location"),
    );
    let available = arguments["available"]
        .as_i64()
        .and_then(|quantity| i32::try_from(quantity).ok());
    let mut shop = ctx.shop.borrow_mut();
    let activated = match ids {
        (Some(item), Some(location)) => {
            let key = LevelKey { item, location };
            shop.activate(key, Quantities::available(available.unwrap_or(0)), ctx.now)
                .then_some(key)
        }
        _ => None,
    };
    let level = activated.and_then(|key| {
        shop.locations
            .get(&key.location)
            .map(|found| found.level_gid(key.item))
    });
    match level {
        Some(gid) => json!({ "inventoryLevel": { "$ref": gid }, "userErrors": [] }),
        None => json!({
            "inventoryLevel": null,
            "userErrors": [{ "field": ["inventoryItemId"], "message": "The inventory item or location could not be found." }],
        }),
    }
}
