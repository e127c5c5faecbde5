//! One JSON line for each request, and nothing private in it.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use serde_json::Value;

use crate::harness::{Deployment, STARTED, event};

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
        let lines = remotion_render_api::log::json_lines(|| Lines);
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

#[test]
fn of_nobody() {
    let text = logged(|| {
        Deployment::new().handle(&event("no-claims"));
    });
    let line = line(&text);
    assert_eq!(line["http.status"], 401);
    assert_eq!(line.get("user.id"), None);
}
