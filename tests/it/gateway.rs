//! The way in: preflights, stages, base paths, slashes; and what AWS's regions and keys come to on the way.

use aws_smithy_types::body::SdkBody;
use lambda_http::http::Response;
use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED, event, post_render};

fn at(domain: &str, stage: &str, path: &str) -> Value {
    let mut event = post_render("{}");
    event["rawPath"] = path.into();
    event["requestContext"]["domainName"] = domain.into();
    event["requestContext"]["stage"] = stage.into();
    event
}

fn status(deployment: Deployment, event: &Value) -> u16 {
    deployment
        .answering(STARTED)
        .handle(&event.to_string())
        .status()
        .as_u16()
}

/// API Gateway only adds the headers to what the function answers, and browsers want success.
#[test]
fn a_preflight_is_answered_without_a_token() {
    for path in ["/render", "/render/1pwhfhh11z", "/nowhere", "/"] {
        let mut event: Value = serde_json::from_str(&event("no-claims")).expect("an event");
        event["rawPath"] = path.into();
        event["requestContext"]["http"] = json!({"method": "OPTIONS", "path": path});
        event["headers"] =
            json!({"origin": "https://app.example", "access-control-request-method": "POST"});
        let outcome = Deployment::new().handle(&event.to_string());
        assert_eq!(outcome.status(), 204, "{path}");
        assert!(outcome.sent.is_empty() && outcome.response.body().is_empty());
        // Nobody asks for anything without a reason.
        event["headers"] = json!({"origin": "https://app.example"});
        assert_ne!(
            Deployment::new().handle(&event.to_string()).status(),
            204,
            "{path}"
        );
    }
}

#[test]
fn stages_and_base_paths() {
    let own = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
    assert_eq!(
        status(Deployment::new(), &at(own, "prod", "/prod/render")),
        200
    );
    assert_eq!(
        status(Deployment::new(), &at(own, "prod", "/prod/render/")),
        200
    );
    let mapped = || Deployment::new().with("BASE_PATH", "/video");
    assert_eq!(
        status(mapped(), &at("api.example.com", "prod", "/video/render")),
        200
    );
    assert_eq!(
        status(mapped(), &at("api.example.com", "prod", "/prod/render")),
        404
    );
    assert_eq!(status(mapped(), &at(own, "prod", "/video/render")), 404);
}

#[test]
fn rest_events_with_a_stage_or_a_base_path() {
    let mut event: Value = serde_json::from_str(&event("render-rest")).expect("an event");
    event["path"] = "/prod/render".into();
    assert_eq!(status(Deployment::new(), &event), 200);
    event["path"] = "/video/render".into();
    event["requestContext"]["path"] = "/video/render".into();
    event["requestContext"]["domainName"] = "api.example.com".into();
    assert_eq!(
        status(Deployment::new().with("BASE_PATH", "/video"), &event),
        200
    );
}

#[test]
fn a_slash_at_the_end() {
    let mut event = post_render("{}");
    event["rawPath"] = "/render/".into();
    assert_eq!(status(Deployment::new(), &event), 200);
}

fn watching(answer: Response<SdkBody>) -> Outcome {
    let record = json!({"Items": [{
        "pk": {"S": "owner#x#y"}, "sk": {"S": "render#1pwhfhh11z"}, "kind": {"S": "render"}, "bucketName": {"S": "remotionlambda-useast1-abc"},
        "functionName": {"S": "f"}, "version": {"S": "4.0.520"}, "composition": {"S": "c"}, "cancellable": {"BOOL": true}, "startedAt": {"N": "1"},
    }]});
    let mut event = post_render("");
    event["rawPath"] = "/render/1pwhfhh11z".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/render/1pwhfhh11z"});
    Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .answering(&record.to_string())
        .responding(answer)
        .handle(&event.to_string())
}

fn answered(status: u16, code: &str, message: &str, region: Option<&str>) -> Response<SdkBody> {
    let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    let mut response = Response::builder().status(status);
    if let Some(region) = region {
        response = response.header("x-amz-bucket-region", region);
    }
    response.body(SdkBody::from(body)).expect("a response")
}

#[test]
fn a_bucket_in_another_region_is_named_and_not_asked_again() {
    for (status, code) in [
        (301, "PermanentRedirect"),
        (400, "AuthorizationHeaderMalformed"),
    ] {
        let outcome = watching(answered(status, code, "", Some("eu-central-1")));
        let detail = outcome.assert_problem(503, "storage_in_other_region");
        assert!(detail.contains("eu-central-1"), "{detail}");
        assert_eq!(outcome.header("retry-after"), None);
        assert_eq!(outcome.sent.len(), 2);
    }
}

#[test]
fn a_bucket_under_a_key_of_its_own() {
    let message = "User: arn:aws:sts::1:assumed-role/r is not authorized to perform: kms:Decrypt on the resource";
    let outcome = watching(answered(403, "AccessDenied", message, None));
    let detail = outcome.assert_problem(503, "storage_denied");
    assert!(
        detail.contains("grant its role kms:Decrypt on that key"),
        "{detail}"
    );
    assert!(!outcome.body().to_string().contains("arn:"));
}

#[test]
fn a_function_in_another_region_is_called_there() {
    let arn = "arn:aws:lambda:eu-central-1:000000000000:function:remotion-render-4-0-520-mem2048mb-disk2048mb-120sec";
    let outcome = Deployment::new()
        .with("REMOTION_FUNCTION_NAME", arn)
        .answering(STARTED)
        .handle(&event("render"));
    assert!(
        outcome.sent[0]
            .uri
            .starts_with("https://lambda.eu-central-1.amazonaws.com/"),
        "{}",
        outcome.sent[0].uri
    );
    let signature = &outcome.sent[0].headers["authorization"];
    assert!(signature.contains("/eu-central-1/lambda/"), "{signature}");
}

/// What AWS Lambda cannot hand over, API Gateway would answer with its own 500.
#[test]
fn an_answer_that_is_too_large() {
    let composition = json!({"id": "MyVideo", "width": 1, "height": 1, "fps": 30, "durationInFrames": 1,
                             "defaultProps": {"text": "x".repeat(6_400_000)}});
    let reply = json!({"type": "success", "compositions": [composition]});
    let mut event = post_render("");
    event["rawPath"] = "/compositions".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/compositions"});
    let outcome = Deployment::new()
        .answering(&reply.to_string())
        .handle(&event.to_string());
    let detail = outcome.assert_problem(502, "response_too_large");
    assert!(detail.contains("shorter default props"), "{detail}");
}
