//! One JSON line for each request, and nothing private in it.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use serde_json::{Value, json};

use crate::harness::{Deployment, FUNCTION, STARTED, event, post_render};

thread_local! {
    /// A request is handled on one thread: what it logs is not mixed with another test's.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Lines;

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged while this runs.
fn logged(run: impl FnOnce()) -> String {
    static SUBSCRIBED: Once = Once::new();
    SUBSCRIBED.call_once(|| {
        let lines = remotion_render_api::log::json_lines(Some("api".to_owned()), || Lines);
        tracing::subscriber::set_global_default(lines).expect("the only subscriber");
    });
    LINES.take();
    run();
    String::from_utf8(LINES.take()).expect("text")
}

fn line(text: &str) -> Value {
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(text).expect("a JSON line")
}

#[test]
fn of_a_success() {
    let text = logged(|| {
        Deployment::new()
            .answering(STARTED)
            .handle(&event("render"));
    });
    let line = line(&text);
    assert_eq!(line["request.id"], "JKJaXmPLvHcESHA=");
    assert_eq!(line["user.id"], "5f0c1c1e-9a4e-4c57-8a55-0d6f6c1f8f11");
    assert_eq!(line["http.route"], "POST /render");
    assert_eq!(line["http.status"], 200);
    assert_eq!(line["render.id"], "1pwhfhh11z");
    assert!(line["duration_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    for secret in ["eyJ", "sample@test.com", "Hello from Rust"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// Some issuers' ids are e-mail addresses, or hold one.
#[test]
fn of_a_user_by_address_and_of_a_backend() {
    let text = logged(|| {
        let mut event: Value = serde_json::from_str(&event("render")).expect("an event");
        event["requestContext"]["authorizer"]["jwt"]["claims"] = serde_json::json!({
            "iss": "https://issuer.example", "sub": "machine", "azp": "machine", "scope": "act",
        });
        event["headers"]["on-behalf-of"] = "ada@test.com".into();
        Deployment::new()
            .with("ACT_AS_SCOPE", "act")
            .with("ACT_AS_CLIENTS", "machine")
            .answering(STARTED)
            .handle(&event.to_string());
    });
    let line = line(&text);
    assert_eq!(line["user.id"], "sha256:e82843800a40bbbc80ac3a05b487709a");
    assert_eq!(line["actor.id"], "machine");
    assert!(!text.contains('@'), "{text}");
}

#[test]
fn of_a_failure() {
    let text = logged(|| {
        Deployment::new()
            .failing(404, "ResourceNotFoundException", "Function not found: nope")
            .handle(&event("render"));
    });
    let line = line(&text);
    assert_eq!(line["http.status"], 503);
    assert_eq!(line["error.code"], "render_function_missing");
    assert!(
        line["error.cause"]
            .as_str()
            .is_some_and(|cause| cause.contains("Function not found: nope"))
    );
}

/// A composition may throw whatever it was given.
#[test]
fn what_a_composition_says_is_not_written() {
    let text = logged(|| {
        Deployment::new()
            .answering(
                r#"{"type":"error","message":"Error: No avatar for anna@example.com","stack":""}"#,
            )
            .handle(&event("render"));
    });
    assert_eq!(line(&text)["error.code"], "render_function_error");
    assert!(!text.contains("anna@example.com"), "{text}");
}

/// An answer that is kept for a while is kept with its cause.
#[test]
fn of_a_failure_that_is_remembered() {
    let mut event = post_render("");
    event["rawPath"] = "/health".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/health"});
    let text = logged(|| {
        Deployment::new()
            .failing(404, "ResourceNotFoundException", "Function not found: nope")
            .handle(&event.to_string());
    });
    let cause = line(&text)["error.cause"].clone();
    let cause = cause.as_str().unwrap_or_default();
    assert!(cause.contains("Function not found: nope"), "{text}");
}

/// What CloudWatch makes of a line: each metric, and the dimensions under which it is kept.
fn metrics(line: &Value) -> Vec<(String, f64)> {
    let written = line["_aws"]["Timestamp"].as_u64();
    assert!(written.is_some_and(|ms| ms > 1_700_000_000_000));
    let directives = line["_aws"]["CloudWatchMetrics"].as_array();
    let mut kept = Vec::new();
    for directive in directives.expect("directives") {
        assert_eq!(directive["Namespace"], "RemotionRenderApi");
        let metrics = directive["Metrics"].as_array().expect("metrics");
        for set in directive["Dimensions"].as_array().expect("dimensions") {
            let names = set.as_array().expect("names").iter();
            let values = names.map(|name| line[name.as_str().expect("a name")].as_str());
            let values: Vec<_> = values.map(|value| value.expect("a value")).collect();
            for metric in metrics {
                let name = metric["Name"].as_str().expect("a name");
                let value = line[name].as_f64().expect("a value");
                let value = if name == "Duration" { 0.0 } else { value };
                kept.push((format!("{name} {}", values.join(" ")), value));
            }
        }
    }
    kept
}

#[test]
fn metrics_count_what_was_to_start() {
    let start = logged(|| {
        Deployment::new()
            .answering(STARTED)
            .handle(&event("render"));
    });
    assert_eq!(
        metrics(&line(&start)),
        [
            ("Duration api".to_owned(), 0.0),
            ("RendersStarted api".to_owned(), 1.0)
        ]
    );
    let failure = logged(|| {
        Deployment::new()
            .failing(404, "ResourceNotFoundException", "")
            .handle(&event("render"));
    });
    assert_eq!(
        metrics(&line(&failure)),
        [
            ("Duration api".to_owned(), 0.0),
            ("StartsFailed api".to_owned(), 1.0),
            // How long it has taken is not kept by code: each metric with each code is paid for.
            ("StartsFailed api render_function_missing".to_owned(), 1.0)
        ]
    );
    let other = logged(|| {
        let mut event = crate::harness::post_render("");
        event["rawPath"] = "/nowhere".into();
        Deployment::new().handle(&event.to_string());
    });
    assert_eq!(metrics(&line(&other)), [("Duration api".to_owned(), 0.0)]);
}

#[test]
fn of_nobody() {
    let text = logged(|| {
        Deployment::new().handle(&event("no-claims"));
    });
    let line = line(&text);
    assert_eq!(line["http.status"], 401);
    assert_eq!(line.get("user.id"), None);
}

/// Whoever operates the function finds why Remotion's has failed without knowing how Remotion names its logs.
#[test]
fn where_remotions_log_is() {
    let failed = logged(|| {
        Deployment::new()
            .answering(r#"{"type":"error","message":"Error: no such bucket","stack":""}"#)
            .handle(&event("render"));
    });
    let line = line(&failed);
    assert_eq!(line["remotion.function"], FUNCTION);
    assert_eq!(
        line["remotion.log_group"],
        format!("/aws/lambda/{FUNCTION}")
    );
    // No render has come of it, so that there is no id to look for.
    assert_eq!(line.get("remotion.log_filter"), None);
}

/// The same of a render that fails after its start, when its state is read.
#[test]
fn where_the_log_of_a_failed_render_is() {
    let id = "1pwhfhh11z";
    let record = serde_json::json!({"Items": [{
        "pk": {"S": "owner#x#y"}, "sk": {"S": format!("render#{id}")}, "kind": {"S": "render"},
        "bucketName": {"S": "remotionlambda-useast1-abc"}, "functionName": {"S": FUNCTION},
        "version": {"S": "4.0.520"}, "composition": {"S": "MyVideo"}, "cancellable": {"BOOL": true}, "startedAt": {"N": "1"},
    }]});
    let state = serde_json::json!({
        "functionLaunched": 1, "timeoutTimestamp": 120_001, "framesRendered": 0, "framesEncoded": 0, "chunks": [],
        "lambdasInvoked": 0, "errors": [{
            "type": "stitcher", "message": "Error: the composition threw", "name": "Error", "stack": "", "frame": null,
            "chunk": null, "isFatal": true, "attempt": 1, "willRetry": false, "totalAttempts": 1,
        }],
    });
    let text = logged(|| {
        let mut event = crate::harness::post_render("");
        event["rawPath"] = format!("/render/{id}").into();
        event["requestContext"]["http"] =
            serde_json::json!({"method": "GET", "path": format!("/render/{id}")});
        let outcome = Deployment::new()
            .with("RENDERS_TABLE", "renders")
            .answering(&record.to_string())
            .answering(&state.to_string())
            .answering("{}")
            .handle(&event.to_string());
        assert_eq!(outcome.body()["status"], "failed", "{}", outcome.body());
    });
    // One line for the end, which is found out here, and one for the request.
    let (end, request) = text.split_once('\n').expect("two lines");
    let end = line(end);
    assert_eq!(end["render.status"], "failed");
    let counted: Vec<_> = metrics(&end);
    assert!(
        counted.contains(&("RendersFailed api failed".to_owned(), 1.0)),
        "{counted:?}"
    );
    let line = line(request);
    assert_eq!(line["render.status"], "failed");
    assert_eq!(
        line["remotion.log_group"],
        format!("/aws/lambda/{FUNCTION}")
    );
    assert_eq!(line["remotion.log_filter"], format!("\"renderId={id}\""));
}
