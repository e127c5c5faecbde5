//! What the other tests are answered is documented: the status, the body and the headers.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use jsonschema::Validator;
use lambda_http::{Body, Response};
use remotion_render_api::clock;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{DOCUMENT, faults, operations, resolved, responses, validator};
use crate::fixtures::fixture;
use crate::harness::{Deployment, FUNCTION, Outcome, post_render};

/// What every answer may have, or every page.
const COMMON: [&str; 7] = [
    "cache-control",
    "content-encoding",
    "content-type",
    "cross-origin-opener-policy",
    "referrer-policy",
    "vary",
    "x-content-type-options",
];

/// By method, path and status: by medium, what a body must be.
type Bodies = HashMap<(&'static str, &'static str, &'static str), HashMap<&'static str, Validator>>;

/// The document, where no object has more than what is said of it.
static CLOSED: LazyLock<Value> = LazyLock::new(|| {
    let mut document = DOCUMENT.clone();
    let schemas = document["components"]["schemas"].as_object_mut();
    for (name, schema) in schemas.expect("schemas") {
        // What is said of a problem stands in two places.
        if schema["properties"].is_object() && name != "Problem" {
            schema["unevaluatedProperties"] = false.into();
        }
    }
    document
});

static BODIES: LazyLock<Bodies> = LazyLock::new(|| {
    let mut bodies = Bodies::new();
    for (method, path, operation) in operations() {
        for (status, response) in responses(operation) {
            let content = response["content"].as_object().into_iter().flatten();
            let media = content.map(|(medium, holder)| {
                let closed = json!({"allOf": [holder["schema"]], "unevaluatedProperties": false});
                (medium.as_str(), validator(&closed, &CLOSED))
            });
            bodies.insert((method, path, status), media.collect());
        }
    }
    bodies
});

/// Asserts that the document knows this answer to this method on this path.
pub(crate) fn assert_documented(method: &str, path: &str, response: &Response<Body>) {
    let at = format!("{method} {path} {}", response.status());
    let status = response.status().as_u16().to_string();
    // The preflight is the browser's, not an operation.
    if method == "OPTIONS" && status == "204" {
        return;
    }
    let Some((method, template, operation)) = operation(method, path) else {
        // Another method on a path, or another path: no operation.
        assert!(
            ["400", "401", "404", "405"].contains(&status.as_str()),
            "{at}"
        );
        return;
    };
    let media = BODIES
        .get(&(method, template, status.as_str()))
        .unwrap_or_else(|| panic!("{at} is not documented"));
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().expect("text"))
    };
    match header("content-type") {
        None => assert!(
            media.is_empty() && *response.body() == Body::Empty,
            "{at} has no body"
        ),
        Some(medium) => {
            let medium = medium.split(';').next().unwrap_or_default();
            let validator = media
                .get(medium)
                .unwrap_or_else(|| panic!("{at}: {medium} is not documented"));
            if medium != "text/html" {
                let body: Value = serde_json::from_slice(response.body()).expect("JSON");
                assert_eq!(faults(validator, &body), [""; 0], "{at}: {body}");
            }
        }
    }
    let documented = &resolved(&operation["responses"][&status])["headers"];
    for (name, value) in response.headers() {
        if COMMON.contains(&name.as_str()) {
            continue;
        }
        let found = documented.as_object().into_iter().flatten();
        let (_, header) = found
            .map(|(known, header)| (known.to_lowercase(), header))
            .find(|(known, _)| known == name.as_str())
            .unwrap_or_else(|| panic!("{at}: {name} is not documented"));
        let text = json!(value.to_str().expect("text"));
        let validator = validator(&resolved(header)["schema"], &DOCUMENT);
        assert_eq!(faults(&validator, &text), [""; 0], "{at}: {name}");
    }
}

fn operation(method: &str, path: &str) -> Option<(&'static str, &'static str, &'static Value)> {
    let alike = |template: &str| {
        let (ours, theirs) = (template.split('/'), path.split('/'));
        ours.clone().count() == theirs.clone().count()
            && ours
                .zip(theirs)
                .all(|(ours, theirs)| ours == theirs || ours.starts_with('{'))
    };
    operations().find(|(known, template, _)| known.eq_ignore_ascii_case(method) && alike(template))
}

const ID: &str = "1pwhfhh11z";

fn deployment() -> Deployment {
    Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .with("REMOTION_BUCKET_NAME", "remotionlambda-useast1-abc")
}

/// Where the table knows the render, and S3 its state.
fn knowing(state: &Value) -> Deployment {
    let item = json!({"Items": [{
        "pk": {"S": "owner#x#y"}, "kind": {"S": "render"}, "sk": {"S": format!("render#{ID}")}, "bucketName": {"S": "remotionlambda-useast1-abc"},
        "functionName": {"S": FUNCTION}, "version": {"S": "4.0.520"}, "composition": {"S": "MyVideo"},
        "cancellable": {"BOOL": true}, "startedAt": {"N": "1795463131638"},
    }]});
    deployment()
        .answering(&item.to_string())
        .answering(&state.to_string())
}

fn request(deployment: Deployment, method: &str, path: &str) -> Outcome {
    let mut event = post_render("");
    event["rawPath"] = path.into();
    event["requestContext"]["http"] = json!({"method": method, "path": path});
    deployment.handle(&event.to_string())
}

/// The harness compares them with the document; here they come about.
#[test]
fn successes() {
    let still = json!({"type": "success", "bucketName": "b", "renderId": ID, "outKey": "renders/x/out.png", "sizeInBytes": 7});
    let composition = json!({"id": "MyVideo", "width": 320, "height": 240, "fps": 29.97, "durationInFrames": 60, "defaultProps": {"a": 1}});
    let compositions = json!({"type": "success", "compositions": [composition]});
    let info = json!({"type": "success", "version": "4.0.520"});
    let answering = |answer: &Value| deployment().answering(&answer.to_string());
    let recorded = answering(&still).answering("{}");
    assert_eq!(request(recorded, "POST", "/still").status(), 200);
    assert_eq!(
        request(answering(&compositions), "GET", "/compositions").status(),
        200
    );
    assert_eq!(request(answering(&info), "GET", "/health").status(), 200);
    let running = knowing(&json!({})).answering("");
    let cancelled = request(running, "POST", &format!("/render/{ID}/cancel"));
    assert_eq!(cancelled.status(), 202);
    let none = "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";
    let over = json!({"errors": [{"message": "x", "isFatal": true, "willRetry": false}]});
    let deleted = knowing(&over)
        .answering("{}")
        .answering("{}")
        .answering(none)
        .answering("{}");
    assert_eq!(
        request(deleted, "DELETE", &format!("/render/{ID}")).status(),
        204
    );
}

#[derive(Deserialize)]
struct Case {
    progress: Value,
}

/// Every state of a render that the official client's cases know, long ago and now.
#[test]
fn states() {
    let cases: Vec<Case> = fixture("progress.json");
    let mut statuses = BTreeSet::new();
    for Case { mut progress } in cases {
        for timeout in [
            progress["timeoutTimestamp"].clone(),
            json!(clock::now_ms() + 60_000),
        ] {
            if progress.is_object() {
                progress["timeoutTimestamp"] = timeout;
            }
            // Whether there is an output is asked at times.
            let deployment = knowing(&progress).answering("");
            let outcome = request(deployment, "GET", &format!("/render/{ID}"));
            if outcome.status() == 200 {
                statuses.insert(outcome.body()["status"].as_str().map(ToOwned::to_owned));
            }
        }
    }
    // No state says this one: see `overview`.
    statuses.insert(Some("expired".to_owned()));
    let documented = &DOCUMENT["components"]["schemas"]["Render"]["properties"]["status"]["enum"];
    // All but `waiting`, of which Remotion knows nothing.
    assert_eq!(
        Some(statuses.len() + 1),
        documented.as_array().map(Vec::len)
    );
}
