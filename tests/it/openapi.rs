//! `openapi.yaml` says what the code does.

mod answers;
mod errors;
mod options;

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

pub(crate) use answers::assert_documented;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../openapi.yaml");
    serde_saphyr::from_str(text).expect("YAML")
});

/// The object itself, where a reference stands in its place.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("a local reference");
            DOCUMENT.pointer(pointer).expect(reference)
        }
        None => value,
    }
}

/// A validator of a schema that stands in this document, so that its references lead somewhere.
fn validator(schema: &Value, document: &Value) -> Validator {
    let mut root = document.clone();
    root["allOf"] = json!([schema]);
    jsonschema::validator_for(&root).expect("a schema")
}

fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    let fault =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(value).map(fault).collect()
}

/// Every operation: method, path, and what is said of it.
fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").iter();
        methods
            .filter(|(method, _)| *method != "parameters")
            .map(|(method, operation)| (method.as_str(), path.as_str(), operation))
    })
}

/// Every response of an operation: the status, and what is said of it.
fn responses(operation: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let responses = operation["responses"].as_object().expect("responses");
    responses
        .iter()
        .map(|(status, response)| (status.as_str(), resolved(response)))
}

/// Everything with a schema and examples beside it: bodies, parameters, headers.
fn exemplified() -> Vec<(String, &'static Value)> {
    fn gather(at: &str, value: &'static Value, found: &mut Vec<(String, &'static Value)>) {
        match value {
            Value::Object(object) => {
                if value["schema"].is_object() {
                    found.push((at.to_owned(), value));
                }
                for (name, value) in object {
                    gather(&format!("{at}/{name}"), value, found);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    gather(&format!("{at}/{index}"), value, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather("", &DOCUMENT["paths"], &mut found);
    gather("", &DOCUMENT["components"], &mut found);
    found
}

/// The values of `example` and `examples`, of a medium or of a schema.
fn examples(holder: &'static Value) -> Vec<&'static Value> {
    let several = match &holder["examples"] {
        Value::Object(named) => named
            .values()
            .map(|named| &resolved(named)["value"])
            .collect(),
        Value::Array(values) => values.iter().collect(),
        _ => Vec::new(),
    };
    holder.get("example").into_iter().chain(several).collect()
}

#[test]
fn every_example_is_valid_and_every_body_has_one() {
    let holders = exemplified();
    assert!(holders.len() > 40);
    for (at, holder) in holders {
        let validator = validator(&holder["schema"], &DOCUMENT);
        let examples = examples(holder);
        let optional = holder["schema"]["default"] != Value::Null;
        assert!(!examples.is_empty() || optional, "{at} has no example");
        for example in examples {
            assert_eq!(faults(&validator, example), [""; 0], "{at}");
        }
    }
}

#[test]
fn examples_and_defaults_of_schemas_are_valid() {
    let mut seen = 0;
    let schemas = DOCUMENT["components"]["schemas"].as_object();
    for (name, schema) in schemas.expect("schemas") {
        let properties = schema["properties"].as_object().into_iter().flatten();
        for (property, schema) in properties.chain([(name, schema)]) {
            let validator = validator(schema, &DOCUMENT);
            for value in examples(schema).into_iter().chain(schema.get("x-default")) {
                assert_eq!(faults(&validator, value), [""; 0], "{name} {property}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20);
}

#[test]
fn every_operation_but_the_page_needs_a_token() {
    assert_eq!(DOCUMENT["security"], json!([{"cognito": []}]));
    for (method, path, operation) in operations() {
        let without = ["/", "/hooks/remotion"].contains(&path);
        let own = if without { json!([]) } else { Value::Null };
        assert_eq!(operation["security"], own, "{method} {path}");
        assert!(
            responses(operation).any(|(status, _)| status == "401"),
            "{method} {path}"
        );
    }
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(DOCUMENT["info"]["version"], env!("CARGO_PKG_VERSION"));
}
