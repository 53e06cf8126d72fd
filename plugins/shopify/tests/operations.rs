//! Every GraphQL operation is valid against the real schema of the pinned version.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read;
use std::path::{Path, PathBuf};

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use bestand_plugin_shopify::operations::ALL;
use bestand_plugin_shopify::{API_VERSION, wiring};

/// The real schema, when the data folder lies beside the project.
fn find_schema() -> Option<Valid<Schema>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let dir = std::env::var_os("BESTAND_DATA").map_or(beside, PathBuf::from);
    let file =
        std::fs::File::open(dir.join(format!("shopify-admin-{API_VERSION}.graphql.gz"))).ok()?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    // The export leaves this directive out, and the parser does not know it by itself.
    text.push_str("\ndirective @oneOf on INPUT_OBJECT\n");
    Some(Schema::parse_and_validate(text, "schema.graphql").unwrap())
}

#[test]
fn every_operation_is_valid_against_the_real_schema() {
    let Some(schema) = find_schema() else {
        println!("skipped: ../shared/data (or BESTAND_DATA) has no Shopify schema {API_VERSION}");
        return;
    };
    for operation in ALL {
        let document =
            ExecutableDocument::parse_and_validate(&schema, operation.text, operation.name);
        let document =
            document.unwrap_or_else(|invalid| panic!("{}: {}", operation.name, invalid.errors));
        assert!(
            document.operations.get(Some(operation.name)).is_ok(),
            "the file of {} names another",
            operation.name
        );
        for field in document
            .operations
            .iter()
            .flat_map(|found| found.all_fields(&document))
        {
            assert!(
                field.definition.directives.get("deprecated").is_none(),
                "{}: `{}` is deprecated",
                operation.name,
                field.name
            );
        }
    }
}

#[test]
fn the_schema_refuses_what_is_not_in_it() {
    let Some(schema) = find_schema() else {
        println!("skipped: ../shared/data (or BESTAND_DATA) has no Shopify schema {API_VERSION}");
        return;
    };
    let wrong = "query Wrong { inventoryItems(first: 1) { nodes { stock } } }";
    assert!(ExecutableDocument::parse_and_validate(&schema, wrong, "wrong").is_err());
}

#[test]
fn the_manifest_names_every_capability_and_marks_every_secret() {
    let wiring = wiring();
    let manifest = wiring.manifest();
    assert_eq!(
        (manifest.id.as_str(), manifest.capabilities.len()),
        ("shopify", 5)
    );
    let form = manifest.form_schema();
    for secret in &manifest.secrets {
        assert_eq!(
            form["properties"][&secret.name]["writeOnly"], true,
            "{}",
            secret.name
        );
    }
}
