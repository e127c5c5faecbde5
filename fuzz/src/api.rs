//! The whole function, from an event to an answer, and what must hold of every answer.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_lambda::config::{Credentials, SharedCredentialsProvider};
use lambda_http::{Context, LambdaEvent};
use remotion_render_api::config::Config;
use remotion_render_api::gateway::{event, http};
use remotion_render_api::remembered::Remembered;
use remotion_render_api::{App, ends, log};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::runtime::{Builder, Runtime};

use crate::aws::{Aws, Sent};

/// The most that an error may say. AWS Lambda hands on 6 MB, and what is larger becomes a 5xx.
const PROBLEM_BYTES: usize = 64 * 1024;

/// A deployment, built once for a process.
#[derive(Debug)]
pub struct Api {
    /// What it reaches.
    pub aws: Aws,
    app: App,
    lines: Lines,
    runtime: Runtime,
}

/// What came out.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, if there is one.
    pub body: Option<Value>,
    /// What AWS was asked meanwhile.
    pub sent: Vec<Sent>,
}

impl Api {
    /// A deployment with these variables over the required ones.
    ///
    /// # Panics
    ///
    /// Where the variables are wrong.
    #[must_use]
    pub fn new(variables: &[(&str, &str)]) -> Self {
        let required = [
            (
                "REMOTION_FUNCTION_NAME",
                "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec",
            ),
            (
                "REMOTION_SERVE_URL",
                "https://site.example/sites/demo/index.html",
            ),
            ("REMOTION_COMPOSITION", "MyVideo"),
            ("REMOTION_BUCKET_NAME", "remotionlambda-useast1-abc"),
        ];
        let config = Config::from_vars(|name| {
            let mut all = variables.iter().chain(&required);
            all.find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        })
        .expect("a valid configuration");
        let lines = Lines::default();
        let writer = lines.clone();
        let log = log::json_lines(Some("api".to_owned()), move || writer.clone());
        tracing::subscriber::set_global_default(log).expect("one deployment in a process");
        let aws = Aws::default();
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
            .http_client(aws.client())
            .build();
        let mut app = App::new(config, &sdk);
        // Each input finds the process as the first one did.
        app.compositions = Remembered::for_a(Duration::ZERO);
        app.health = Remembered::for_a(Duration::ZERO);
        Self {
            app,
            aws,
            lines,
            runtime: Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime"),
        }
    }

    /// Handles an event as the function would, and asserts that the answer is one that a caller can work with.
    ///
    /// # Panics
    ///
    /// Where it is not.
    #[must_use]
    pub fn handle(&self, event: Box<RawValue>) -> Answer {
        let event = LambdaEvent::new(event, Context::default());
        let reply = self
            .runtime
            .block_on(Box::pin(event::handle(event, async |request| {
                http::handle(&self.app, &request).await
            })));
        self.answered(&serde_json::to_value(reply).expect("an answer is JSON"))
    }

    /// The same of an event of API Gateway's to the function `ends`.
    ///
    /// # Panics
    ///
    /// Where the answer is none that Remotion's function can work with.
    #[must_use]
    pub fn hear(&self, event: Box<RawValue>) -> Answer {
        let event = LambdaEvent::new(event, Context::default());
        let reply = self
            .runtime
            .block_on(Box::pin(ends::handle(&self.app, event)));
        let reply = reply.expect("only the sweep fails").expect("an answer");
        self.answered(&serde_json::to_value(reply).expect("an answer is JSON"))
    }

    fn answered(&self, reply: &Value) -> Answer {
        self.lines.assert_json();
        let text = reply["body"].as_str();
        let answer = Answer {
            status: reply["statusCode"]
                .as_u64()
                .and_then(|status| status.try_into().ok())
                .expect("a status"),
            body: text.map(parsed),
            sent: self.aws.sent(),
        };
        assert_eq!(reply["isBase64Encoded"], false);
        if answer.status >= 400 {
            assert_eq!(reply["headers"]["content-type"], "application/problem+json");
            assert!(
                text.is_some_and(|text| text.len() <= PROBLEM_BYTES),
                "{} bytes",
                text.map_or(0, str::len)
            );
            answer.assert_problem();
        }
        answer
    }
}

/// A body; null where it is too deep for a tree, as somebody's default props may be.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| {
        assert!(
            serde_json::from_str::<&RawValue>(text).is_ok(),
            "a body is JSON: {error}"
        );
        Value::Null
    })
}

/// What is logged meanwhile.
#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// A log that takes a caller's text for a line of its own would say what the caller likes.
    fn assert_json(&self) {
        let text = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut lines = text.split_inclusive(|b| *b == b'\n').peekable();
        assert!(lines.peek().is_some(), "a request is logged");
        for line in lines {
            let line: Value = serde_json::from_slice(line).expect("a line is JSON");
            assert!(line.is_object());
        }
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Answer {
    /// The payloads that start something, which must be one at most.
    ///
    /// # Panics
    ///
    /// Where there are more.
    #[must_use]
    pub fn started(&self) -> Option<&Value> {
        let starts: Vec<_> = self
            .sent
            .iter()
            .filter_map(|sent| match sent {
                Sent::Invoke(payload)
                    if payload["type"] == "start" || payload["type"] == "still" =>
                {
                    Some(payload)
                }
                _ => None,
            })
            .collect();
        assert!(starts.len() <= 1, "started twice");
        starts.first().copied()
    }

    fn assert_problem(&self) {
        let body = self.body.as_ref().expect("a problem document");
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        assert_eq!(body["status"], self.status);
        assert!(!text("code").is_empty() && !text("title").is_empty());
        assert!(!text("detail").is_empty());
        assert_eq!(body["detail"], body["message"]);
    }
}
