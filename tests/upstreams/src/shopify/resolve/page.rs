//! Connections: pages of nodes with opaque cursors, and the limits the real service sets them.

use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ResolveInfo};
use apollo_compiler::response::JsonValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Answer, Context, Kind, Resolved, flag_argument, record, text_argument};

/// The most nodes one page may hold.
const PAGE_SIZE_MAX: i64 = 250;

/// One page of a connection.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) connection_type: &'static str,
    pub(crate) edge_type: &'static str,
    nodes: Vec<(u64, Kind)>,
    has_next: bool,
    has_previous: bool,
}

/// Which page was asked for.
#[derive(Debug)]
pub(crate) struct PageRequest {
    first: Option<usize>,
    last: Option<usize>,
    after: Option<u64>,
    before: Option<u64>,
    reverse: bool,
    is_root: bool,
}

/// The names of a connection's types.
pub(crate) struct ConnectionType(pub(crate) &'static str, pub(crate) &'static str);

impl PageRequest {
    /// The request for a connection below another object.
    pub(crate) fn nested(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Result<Self, FieldError> {
        let [first, last] =
            ["first", "last"].map(|name| info.arguments().get(name).and_then(JsonValue::as_i64));
        for (name, size) in [("first", first), ("last", last)] {
            let Some(size) = size else { continue };
            if size > PAGE_SIZE_MAX {
                let message = format!("{name} cannot exceed {PAGE_SIZE_MAX}");
                return Err(ctx.error("BAD_REQUEST", message));
            }
            if size < 0 {
                return Err(ctx.error("BAD_REQUEST", format!("{name} cannot be negative")));
            }
        }
        let before = text_argument(info, "before");
        match (first, last) {
            (None, None) if ctx.window.is_none() => {
                return Err(ctx.error("BAD_REQUEST", "you must provide one of first or last"));
            }
            (Some(_), Some(_)) => {
                return Err(ctx.error(
                    "BAD_REQUEST",
                    "providing both first and last is not supported",
                ));
            }
            (None, Some(_)) if before.is_none() => {
                return Err(ctx.error("BAD_REQUEST", "using last without before is not supported"));
            }
            _ => {}
        }
        let size = |size: Option<i64>| size.and_then(|size| usize::try_from(size).ok());
        let cursor = |text: Option<&str>| text.map(|text| number_of(ctx, text)).transpose();
        Ok(Self {
            first: size(first),
            last: size(last),
            after: cursor(text_argument(info, "after"))?,
            before: cursor(before)?,
            reverse: flag_argument(info, "reverse"),
            is_root: false,
        })
    }

    /// The request for a connection of the query root, which a bulk export takes window by window.
    pub(crate) fn root(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Result<Self, FieldError> {
        let request = Self {
            is_root: true,
            ..Self::nested(ctx, info)?
        };
        Ok(match &ctx.window {
            Some(window) => Self {
                first: Some(window.size),
                after: window.after,
                ..request
            },
            None => request,
        })
    }

    /// Cuts the page out of all numbers, in their order, and makes a node of each.
    pub(crate) fn cut(
        self,
        ctx: &Context<'_>,
        ConnectionType(connection_type, edge_type): ConnectionType,
        mut numbers: Vec<u64>,
        node: impl Fn(u64) -> Kind,
    ) -> Answer {
        if self.reverse {
            numbers.reverse();
        }
        let position = |cursor: u64| numbers.iter().position(|number| *number == cursor);
        let start = self.after.map_or(0, |cursor| {
            position(cursor).map_or_else(
                || numbers.partition_point(|number| *number <= cursor),
                |index| index + 1,
            )
        });
        let end = self
            .before
            .and_then(position)
            .unwrap_or(numbers.len())
            .max(start);
        let rows = &numbers[start..end];
        let kept = match (self.first, self.last) {
            (Some(first), _) => &rows[..rows.len().min(first)],
            (None, Some(last)) => &rows[rows.len() - rows.len().min(last)..],
            (None, None) => rows,
        };
        let has_next = self.last.is_none() && kept.len() < rows.len();
        if let Some(window) = ctx.window.as_ref().filter(|_| self.is_root) {
            window.last.set(kept.last().copied().filter(|_| has_next));
        }
        let nodes = kept.iter().map(|number| (*number, node(*number))).collect();
        Answer::Object(Kind::Page(Rc::new(Page {
            connection_type,
            edge_type,
            nodes,
            has_next,
            has_previous: start > 0,
        })))
    }
}

pub(crate) fn field(page: &Rc<Page>, info: &ResolveInfo<'_>) -> Resolved {
    Ok(Some(match info.field_name() {
        "nodes" => Answer::List(
            page.nodes
                .iter()
                .map(|(_, kind)| Answer::Object(kind.clone()))
                .collect(),
        ),
        "edges" => {
            let edges = 0..page.nodes.len();
            Answer::List(
                edges
                    .map(|index| Answer::Object(Kind::Edge(Rc::clone(page), index)))
                    .collect(),
            )
        }
        "pageInfo" => Answer::Object(record::kind("PageInfo", page_info(page))),
        _ => return Ok(None),
    }))
}

pub(crate) fn edge_field(page: &Page, index: usize, info: &ResolveInfo<'_>) -> Resolved {
    let (number, kind) = &page.nodes[index];
    Ok(Some(match info.field_name() {
        "cursor" => cursor(*number).into(),
        "node" => Answer::Object(kind.clone()),
        _ => return Ok(None),
    }))
}

fn page_info(page: &Page) -> Value {
    json!({
        "hasNextPage": page.has_next,
        "hasPreviousPage": page.has_previous,
        "startCursor": page.nodes.first().map(|(number, _)| cursor(*number)),
        "endCursor": page.nodes.last().map(|(number, _)| cursor(*number)),
    })
}

fn cursor(number: u64) -> String {
    STANDARD.encode(format!(r#"{{"last_id":{number},"last_value":"{number}"}}"#))
}

fn number_of(ctx: &Context<'_>, cursor: &str) -> Result<u64, FieldError> {
    let decoded = STANDARD
        .decode(cursor)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let number = decoded.and_then(|cursor| cursor["last_id"].as_u64());
    number.ok_or_else(|| {
        ctx.error(
            "BAD_REQUEST",
            format!("Invalid cursor for current pagination sort: {cursor}"),
        )
    })
}
