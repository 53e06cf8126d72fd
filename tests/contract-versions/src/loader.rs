//! A host in small: opens one plugin with the daemon's own loader, speaks to it, and prints as JSON what came of it.
//!
//! The version test builds it against several versions of the contract, so it names nothing that only one of them
//! has: the method and the field that 1.1 adds are asked for by their names on the wire.

#![expect(clippy::print_stdout, reason = "the test reads what it prints")]

use std::path::PathBuf;
use std::sync::Arc;

use bestand_plugin_api::call::adapter::{Check, Describe, ListStock, Open, Settings};
use bestand_plugin_api::call::{self, Method, Port};
use bestand_plugin_api::testing::FakeHost;
use bestand_plugin_api::{CONTRACT, Result, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

#[path = "../../../host/src/plugin/library.rs"]
#[expect(unreachable_pub, reason = "the daemon's loader, which is public there")]
#[expect(dead_code, reason = "what only a worker does")]
mod library;

use library::{Library, LoadError};

/// A method that 1.0 does not know.
struct Greet;

impl Method for Greet {
    const NAME: &'static str = "greet";
    type Params = ();
    type Reply = String;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let path = std::env::args_os().nth(1).map(PathBuf::from);
    let path = path.expect("usage: contract-loader PLUGIN");
    let told = match load(&path) {
        Ok((library, adapter)) => conversation(&library, &*adapter).await,
        Err(refusal) => json!({ "refused": refusal.to_string(), "report": refusal.report() }),
    };
    println!("{told}");
}

fn load(path: &std::path::Path) -> std::result::Result<(Library, Arc<dyn Port>), LoadError> {
    let library = Library::open(path, &library::seal(path)?)?;
    let host = FakeHost::at(Timestamp::from_secs(0));
    let adapter = library.start(Arc::new(host))?;
    Ok((library, adapter))
}

async fn conversation(library: &Library, adapter: &dyn Port) -> Value {
    let settings = Settings { json: "{}".into() };
    json!({
        "daemon": CONTRACT,
        "plugin": library.contract(),
        "manifest": told(call::ask::<Describe>(adapter, 1, "", &()).await),
        "open": told(call::ask::<Open>(adapter, 2, "a", &settings).await),
        "check": told(call::ask::<Check>(adapter, 3, "a", &()).await),
        "levels": told(call::ask::<ListStock>(adapter, 4, "a", &None).await),
        "greet": told(call::ask::<Greet>(adapter, 5, "a", &()).await),
    })
}

fn told<T: Serialize>(answer: Result<T>) -> Value {
    match answer {
        Ok(answer) => json!({ "ok": answer }),
        Err(error) => json!({ "error": error }),
    }
}
