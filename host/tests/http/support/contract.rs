//! The API's own description, held against what it answers.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Answer;

/// Asks for the description.
pub(super) async fn document(router: &Router) -> Value {
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Panics when a route answers what the description does not say.
pub(super) fn check(document: &Value, method: &str, path: &str, answer: &Answer) {
    let Some(operation) = find_operation(document, method, path) else {
        return;
    };
    let name = operation["operationId"].as_str().unwrap();
    let described = &operation["responses"][answer.status.to_string()];
    let described = resolve(document, described);
    assert!(
        described.is_object(),
        "{name} answers {}, which is not described: {}",
        answer.status,
        answer.text()
    );
    let content_type = answer.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap();
    let Some(content) = described["content"].as_object() else {
        return assert!(
            answer.body.is_empty() || name == "receive_hook",
            "{name}: {}",
            answer.text()
        );
    };
    let schema = content
        .get(media_type)
        .unwrap_or_else(|| panic!("{name} answers {media_type}"));
    if media_type.ends_with("json") {
        validate(document, &schema["schema"], &answer.json(), name);
    }
}

fn validate(document: &Value, schema: &Value, body: &Value, name: &str) {
    let root = json!({ "allOf": [schema], "components": document["components"] });
    let validator = jsonschema::validator_for(&root).unwrap();
    let errors = validator.iter_errors(body);
    let errors: Vec<String> = errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        errors.is_empty(),
        "{name} answers what its schema does not say: {errors:#?}\n{body:#}"
    );
}

/// The operation that answers this request, if the description has one.
fn find_operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let paths = document["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template
                .zip(path)
                .all(|(expected, found)| expected.starts_with('{') || expected == found)
    };
    let (_, item) = paths.iter().find(|(template, _)| fits(template))?;
    item.get(method.to_lowercase())
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}
