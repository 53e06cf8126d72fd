//! The schema every operation is validated against: the real one when it lies beside the project.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use flate2::read::GzDecoder;

/// The part this simulation answers, which is always there.
pub const PRUNED: &str = include_str!("admin.graphql");

/// The real schema's file in the data folder, which is never committed.
const REAL_FILE: &str = "shopify-admin-2026-10.graphql.gz";

/// Needed to read the real schema: the export that made it leaves this directive out, and the parser lacks it.
const ONE_OF: &str = "\ndirective @oneOf on INPUT_OBJECT\n";

static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| match real() {
    Some(real) => parse(&real, REAL_FILE),
    None => parse(PRUNED, "admin.graphql"),
});

pub(crate) fn schema() -> &'static Valid<Schema> {
    &SCHEMA
}

/// The real schema's text, when the data folder is there: `BESTAND_DATA`, or `../shared/data` beside the project.
#[must_use]
pub fn real() -> Option<String> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(data_dir()?.join(REAL_FILE)).ok()?)
        .read_to_string(&mut text)
        .ok()?;
    Some(text + ONE_OF)
}

fn data_dir() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let dir = std::env::var_os("BESTAND_DATA").map_or(beside, PathBuf::from);
    dir.is_dir().then_some(dir)
}

fn parse(text: &str, name: &str) -> Valid<Schema> {
    Schema::parse_and_validate(text, name)
        .unwrap_or_else(|errors| panic!("`{name}` is not a schema: {errors}"))
}
