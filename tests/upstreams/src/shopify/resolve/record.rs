//! A record of JSON answered field by field, with the schema saying what a nested object is.

use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ResolveInfo};
use serde_json::{Map, Value};

use super::{Answer, Context, Kind, Resolved};
use crate::shopify::gid::find_gid;
use crate::shopify::schema::schema;

/// A record of that type; `fields` that are no object make an empty one.
pub(crate) fn kind(type_name: &str, fields: Value) -> Kind {
    let fields = match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    Kind::Record {
        type_name: type_name.into(),
        fields: Rc::new(fields),
    }
}

pub(crate) fn field(
    ctx: &Context<'_>,
    fields: &Map<String, Value>,
    info: &ResolveInfo<'_>,
) -> Resolved {
    let Some(value) = fields.get(info.field_name()) else {
        return Ok(None);
    };
    answer(ctx, value, info.field_definition().ty.inner_named_type()).map(Some)
}

/// The answer a JSON value of that type stands for.
pub(crate) fn answer(
    ctx: &Context<'_>,
    value: &Value,
    type_name: &str,
) -> Result<Answer, FieldError> {
    let is_leaf = schema()
        .types
        .get(type_name)
        .is_none_or(|definition| definition.is_leaf());
    match value {
        Value::Array(values) => {
            let answers: Result<_, _> = values
                .iter()
                .map(|value| answer(ctx, value, type_name))
                .collect();
            answers.map(Answer::List)
        }
        Value::Object(fields) if !is_leaf => match fields.get("$ref").and_then(Value::as_str) {
            Some(text) => Ok(Answer::node(
                find_gid(text).and_then(|gid| ctx.find_node(&gid)),
            )),
            None => Ok(Answer::Object(kind(type_name, value.clone()))),
        },
        leaf => Ok(Answer::Leaf(leaf.clone())),
    }
}
