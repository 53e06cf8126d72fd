//! The file of a bulk operation: one JSON object a line, children apart from their parents.

use std::cell::Cell;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::shopify::resolve::{Context, Kind, Object, Window, plain};
use crate::shopify::schema::schema;
use crate::shopify::shop::Shop;

/// How many root objects are resolved at a time.
const WINDOW_SIZE: usize = 500;

/// A finished file and its counts.
#[derive(Debug, Default)]
pub(super) struct Export {
    pub(super) jsonl: Vec<u8>,
    pub(super) objects: usize,
    pub(super) roots: usize,
}

impl Export {
    /// What a job that failed half-way leaves behind.
    pub(super) fn keep_half(&mut self) {
        let kept = self.objects / 2;
        let lines: Vec<_> = self
            .jsonl
            .split_inclusive(|byte| *byte == b'\n')
            .take(kept)
            .collect();
        self.jsonl = lines.concat();
        self.objects = kept;
    }

    fn push(&mut self, line: &Value) {
        self.jsonl.extend_from_slice(line.to_string().as_bytes());
        self.jsonl.push(b'\n');
        self.objects += 1;
    }
}

pub(super) fn run(
    shop: &mut Shop,
    document: &Valid<ExecutableDocument>,
    grouped: bool,
    now: Timestamp,
) -> Export {
    let mut export = Export::default();
    let mut after = None;
    loop {
        let variables = JsonMap::new();
        let window = Window {
            after,
            size: WINDOW_SIZE,
            last: Cell::new(None),
        };
        let mut ctx = Context::new(shop, &variables, now);
        ctx.window = Some(window);
        let root = Object {
            ctx: &ctx,
            kind: Kind::Query,
        };
        let response = Execution::new(schema(), document).execute_sync(&root);
        let data = response
            .ok()
            .and_then(|response| response.data)
            .unwrap_or_default();
        write_window(&mut export, plain(&data), grouped);
        match ctx.window.and_then(|window| window.last.get()) {
            Some(last) => after = Some(last),
            None => return export,
        }
    }
}

/// Writes one window: ungrouped, every parent first and then the children, last first, as "anywhere after it" allows.
fn write_window(export: &mut Export, data: Value, grouped: bool) {
    let Value::Object(fields) = data else { return };
    let mut children = Vec::new();
    for field in fields.into_iter().map(|(_, field)| field) {
        let nodes = match field.get("edges") {
            Some(_) => nodes_of(field),
            None => vec![field],
        };
        for node in nodes {
            export.roots += 1;
            let mut below = Vec::new();
            let line = split(node, None, &mut below);
            export.push(&line);
            match grouped {
                true => below.iter().for_each(|child| export.push(child)),
                false => children.extend(below),
            }
        }
    }
    children.iter().rev().for_each(|child| export.push(child));
}

/// The node's own line; what hangs below its connections goes to `children`.
fn split(node: Value, parent: Option<&str>, children: &mut Vec<Value>) -> Value {
    let Value::Object(fields) = node else {
        return node;
    };
    let id = fields.get("id").and_then(Value::as_str).map(str::to_owned);
    let mut line = Map::new();
    for (name, field) in fields {
        if field.get("edges").is_none() {
            line.insert(name, field);
            continue;
        }
        for child in nodes_of(field) {
            let mut below = Vec::new();
            let child = split(child, id.as_deref(), &mut below);
            children.push(child);
            children.extend(below);
        }
    }
    if let Some(parent) = parent {
        line.insert("__parentId".to_owned(), parent.into());
    }
    Value::Object(line)
}

fn nodes_of(connection: Value) -> Vec<Value> {
    let Value::Object(mut connection) = connection else {
        return Vec::new();
    };
    let Some(Value::Array(edges)) = connection.remove("edges") else {
        return Vec::new();
    };
    edges
        .into_iter()
        .filter_map(|mut edge| edge.get_mut("node").map(Value::take))
        .collect()
}
