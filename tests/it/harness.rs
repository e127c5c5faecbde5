//! One call: an event in; status, headers, body and what AWS was sent out.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_lambda::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::http::HttpClient;
use aws_smithy_types::body::SdkBody;
use lambda_http::Body;
use lambda_http::http::{Request, Response, StatusCode};
use remotion_render_api::App;
use remotion_render_api::config::Config;
use remotion_render_api::gateway::{event, http, path};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::openapi::assert_documented;

pub(crate) const FUNCTION: &str = "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec";
pub(crate) const STARTED: &str =
    r#"{"type":"success","bucketName":"remotionlambda-useast1-abc","renderId":"1pwhfhh11z"}"#;

/// A deployment and the answers that AWS will give it, in order.
pub(crate) struct Deployment {
    variables: BTreeMap<&'static str, String>,
    answers: Vec<Response<SdkBody>>,
}

/// What came out.
pub(crate) struct Outcome {
    pub(crate) response: Response<Body>,
    /// What AWS was sent.
    pub(crate) sent: Vec<Sent>,
}

/// A request to AWS.
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
}

/// An AWS that is reached by this client.
pub(crate) fn sdk(client: impl HttpClient + 'static) -> aws_types::sdk_config::Builder {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
        .http_client(client)
}

/// A deployment of these variables.
fn app(variables: &BTreeMap<&'static str, String>, sdk: &SdkConfig) -> App {
    let config =
        Config::from_vars(|name| variables.get(name).cloned()).expect("a valid configuration");
    App::new(config, sdk)
}

impl Deployment {
    pub(crate) fn new() -> Self {
        let variables = [
            ("REMOTION_FUNCTION_NAME", FUNCTION),
            (
                "REMOTION_SERVE_URL",
                "https://site.example/sites/demo/index.html",
            ),
            ("REMOTION_COMPOSITION", "MyVideo"),
        ];
        Self {
            variables: variables
                .map(|(name, value)| (name, value.to_owned()))
                .into(),
            answers: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.to_owned());
        self
    }

    /// AWS's next answer is this, with status 200.
    pub(crate) fn answering(self, body: &str) -> Self {
        self.responding(Response::new(SdkBody::from(body)))
    }

    /// AWS's next answer is this failure.
    pub(crate) fn failing(self, status: u16, code: &str, message: &str) -> Self {
        let body = json!({"Type": "User", "Message": message}).to_string();
        let response = Response::builder()
            .status(status)
            .header("x-amzn-errortype", code)
            .body(SdkBody::from(body));
        self.responding(response.expect("a response"))
    }

    /// AWS throttles the next calls to its functions, as many times.
    pub(crate) fn throttling(mut self, times: usize) -> Self {
        for _ in 0..times {
            self = self.failing(429, "TooManyRequestsException", "Rate Exceeded.");
        }
        self
    }

    pub(crate) fn responding(mut self, response: Response<SdkBody>) -> Self {
        self.answers.push(response);
        self
    }

    /// Handles an event as the function would.
    pub(crate) fn handle(self, event: &str) -> Outcome {
        let (responses, sent) = self.handle_all([event]);
        let [response] = responses.try_into().expect("one response");
        Outcome { response, sent }
    }

    /// Handles events one after another, as one instance of the function would: the responses, and what AWS was sent.
    pub(crate) fn handle_all<'e>(
        self,
        events: impl IntoIterator<Item = &'e str>,
    ) -> (Vec<Response<Body>>, Vec<Sent>) {
        let any = || {
            Request::builder()
                .uri("https://any.example")
                .body(SdkBody::empty())
                .expect("a request")
        };
        let client = StaticReplayClient::new(
            self.answers
                .into_iter()
                .map(|answer| ReplayEvent::new(any(), answer))
                .collect(),
        );
        let app = app(&self.variables, &sdk(client.clone()).build());
        // Nothing is waited for: a deadline passes only where all that is left waits for one.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let respond = |event: &str| {
            let event: Box<RawValue> = serde_json::from_str(event).expect("JSON");
            match event::read(&event) {
                Ok((_, request)) => {
                    let response = runtime.block_on(Box::pin(http::handle(&app, &request)));
                    let path = path::of(&request, app.base_path.as_ref());
                    assert_documented(request.method().as_str(), path, &response);
                    response
                }
                Err((_, error)) => http::refuse(&error),
            }
        };
        let responses = events.into_iter().map(respond).collect();
        let sent = client.actual_requests().map(|request| Sent {
            method: request.method().to_owned(),
            uri: request.uri().to_owned(),
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: serde_json::from_slice(request.body().bytes().unwrap_or_default())
                .unwrap_or_default(),
        });
        (responses, sent.collect())
    }

    /// The deployment, whose AWS is reached by this client instead.
    pub(crate) fn app(&self, client: impl HttpClient + 'static) -> App {
        self.app_on(&sdk(client).build())
    }

    /// The deployment on this AWS.
    pub(crate) fn app_on(&self, sdk: &SdkConfig) -> App {
        app(&self.variables, sdk)
    }

    /// `POST /render` by a signed-in user.
    pub(crate) fn post(self, body: &Value) -> Outcome {
        self.handle(&post_render(&body.to_string()).to_string())
    }
}

impl Outcome {
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response
            .headers()
            .get(name)
            .map(|value| value.to_str().expect("a readable header"))
    }

    pub(crate) fn body(&self) -> Value {
        serde_json::from_slice(self.response.body()).expect("a JSON body")
    }

    /// The payload of the only `start`.
    pub(crate) fn payload(&self) -> &Value {
        assert_eq!(self.sent.len(), 1, "one request to AWS");
        assert!(
            self.sent[0].uri.ends_with("/invocations"),
            "{}",
            self.sent[0].uri
        );
        &self.sent[0].body
    }

    /// Asserts a problem document, and gives its detail.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) -> String {
        let body = self.body();
        assert_eq!(
            (self.status().as_u16(), body["code"].as_str()),
            (status, Some(code)),
            "{body}"
        );
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(body["type"], "about:blank");
        assert_eq!(
            body["title"],
            self.status().canonical_reason().expect("a known status")
        );
        assert_eq!(body["status"], status);
        assert_eq!(body["detail"], body["message"]);
        body["detail"].as_str().expect("a detail").to_owned()
    }

    /// Asserts a 422, and gives its violations as `pointer: detail`.
    #[track_caller]
    pub(crate) fn violations(&self) -> Vec<String> {
        self.assert_problem(422, "invalid_options");
        assert!(self.sent.is_empty(), "nothing is sent");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let body = self.body();
        let errors = body["errors"].as_array().expect("errors");
        errors
            .iter()
            .map(|error| {
                let place = error.get("pointer").unwrap_or(&error["parameter"]);
                format!("{} {}", text(place), text(&error["detail"]))
            })
            .collect()
    }
}

/// A file of `events/`.
pub(crate) fn event(name: &str) -> String {
    let path = format!("{}/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("an event file")
}

/// The event of `POST /render` with this body.
pub(crate) fn post_render(body: &str) -> Value {
    let mut event: Value = serde_json::from_str(&event("render")).expect("an event");
    event["body"] = body.into();
    event
}
