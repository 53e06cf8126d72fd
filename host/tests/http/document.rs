//! The API's description.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::Api;

/// Every operation, as method, path and description.
pub(crate) fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    operations
}

#[tokio::test]
async fn the_description_is_openapi_3_1() {
    let api = Api::open().await;
    let document = api.document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    assert!(!document["info"]["title"].as_str().unwrap().is_empty());
    assert!(!document["info"]["version"].as_str().unwrap().is_empty());
    assert_eq!(
        document["components"]["securitySchemes"]["key_and_secret"]["scheme"],
        "basic"
    );
}

#[tokio::test]
async fn every_operation_is_named_explained_and_says_how_it_fails() {
    let api = Api::open().await;
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(api.document()) {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name.clone()), "{name} twice");
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
        assert!(
            operation["security"].is_array(),
            "{name} does not say who may call it"
        );
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name}"
        );
        assert!(responses.contains_key("500"), "{name}");
        if path.starts_with("/api/v1") {
            for status in ["401", "403", "429"] {
                assert!(responses.contains_key(status), "{name} lacks {status}");
            }
        }
        if operation["requestBody"].is_object() {
            for status in ["400", "413", "415", "422"] {
                assert!(
                    responses.contains_key(status),
                    "{method} {path} lacks {status}"
                );
            }
        }
    }
}

#[tokio::test]
async fn every_parameter_of_a_path_is_described() {
    let api = Api::open().await;
    for (method, path, operation) in operations(api.document()) {
        let named = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let named: BTreeSet<&str> = named.collect();
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let in_path = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path");
        let described: BTreeSet<&str> = in_path
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(named, described, "{method} {path}");
        for parameter in &parameters {
            assert!(
                parameter["schema"].is_object(),
                "{method} {path}: {parameter}"
            );
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_schema_is_one() {
    let api = Api::open().await;
    let document = api.document();
    let mut references = BTreeSet::new();
    collect_references(document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference
            .strip_prefix('#')
            .expect("nothing outside is needed");
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(
            jsonschema::meta::is_valid(schema),
            "{name} is no JSON Schema"
        );
    }
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            found.extend(
                object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            object
                .values()
                .for_each(|value| collect_references(value, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect_references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_pages_are_served_from_here_and_may_load_nothing_else() {
    let api = Api::open().await;
    let page = api.call("GET /docs/").expect(200).await;
    assert!(page.text().contains("swagger-ui"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
    assert_eq!(
        page.text().matches("http://").count() + page.text().matches("https://").count(),
        0
    );
    let start = api
        .call("GET /docs/swagger-initializer.js")
        .expect(200)
        .await
        .text();
    assert!(
        start.contains("/openapi.json") && start.contains("\"validatorUrl\": \"none\""),
        "{start}"
    );
    api.call("GET /docs/swagger-ui-bundle.js").expect(200).await;
}
