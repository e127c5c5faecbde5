//! AWS in memory, on simulated time: the table, the state of renders in S3, Remotion's function, and an EventBridge bus. Any
//! call can fail: refused, or carried out with its answer lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::dynamodb::Table;

pub(crate) const BUCKET: &str = "remotionlambda-useast1-abc";

/// How long a call takes.
const CALL: Duration = Duration::from_millis(5);

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) table: Table,
    /// The bucket's objects.
    pub(crate) objects: BTreeMap<String, String>,
    /// Those of which the bucket tells nothing.
    pub(crate) forbidden: BTreeSet<String>,
    /// What was put on the bus: each event's detail.
    pub(crate) events: Vec<Value>,
    /// What Remotion's function was started with, by the id that it gave.
    pub(crate) started: BTreeMap<String, Value>,
    /// With what the dispatcher was invoked.
    pub(crate) woken: Vec<Value>,
    /// How many calls there were, by what they ask for.
    pub(crate) calls: BTreeMap<String, usize>,
    /// The next calls that are carried out with their answers lost, by what they ask for.
    pub(crate) lost: BTreeMap<&'static str, usize>,
    /// How long Remotion's function takes to start a render.
    pub(crate) start_takes: Duration,
    /// Calls that fail: one in so many, or none.
    pub(crate) one_fails_in: Option<u32>,
    /// What is in the keys of items that cannot become larger.
    pub(crate) full_partition: Option<&'static str>,
    /// Whether the table and the bucket work; the bus does not then.
    pub(crate) bus_is_down: bool,
    random: Option<fastrand::Rng>,
}

/// How a call fails.
enum Fault {
    /// Nothing was done.
    Refused,
    /// It was done, and its answer is lost.
    Lost,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Aws {
    world: Arc<Mutex<World>>,
    invoked: Arc<Notify>,
}

impl Aws {
    pub(crate) fn seeded(seed: u64) -> Self {
        let aws = Self::default();
        aws.world().random = Some(fastrand::Rng::with_seed(seed));
        aws
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a function is invoked.
    pub(crate) async fn invocation(&self) {
        self.invoked.notified().await;
    }

    pub(crate) fn client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }
}

impl World {
    fn fault(&mut self, name: &str) -> Option<Fault> {
        if let Some(left) = self.lost.get_mut(name).filter(|left| **left > 0) {
            *left -= 1;
            return Some(Fault::Lost);
        }
        let one_in = self.one_fails_in?;
        let random = self.random.as_mut().expect("a seed");
        if random.u32(..one_in) > 0 {
            return None;
        }
        Some(if random.bool() {
            Fault::Refused
        } else {
            Fault::Lost
        })
    }

    fn answer(&mut self, request: &HttpRequest) -> (u16, Option<&'static str>, Value) {
        let uri = request.uri().to_owned();
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let target = request
            .headers()
            .get("x-amz-target")
            .unwrap_or_default()
            .to_owned();
        if let Some(operation) = target.strip_prefix("DynamoDB_20120810.") {
            let asked: Value = serde_json::from_slice(&body).expect("JSON");
            let is_full = |key: &str| asked.to_string().contains(key);
            if operation == "TransactWriteItems" && self.full_partition.is_some_and(is_full) {
                let reasons =
                    json!({"CancellationReasons": [{"Code": "ItemCollectionSizeLimitExceeded"}]});
                return (400, Some("TransactionCanceledException"), reasons);
            }
            return match self.table.call(operation, &asked) {
                Ok(answer) => (200, None, answer),
                Err((code, more)) => (400, Some(code), more),
            };
        }
        if target == "AWSEvents.PutEvents" {
            if self.bus_is_down {
                return (500, Some("InternalException"), json!({}));
            }
            let asked: Value = serde_json::from_slice(&body).expect("JSON");
            for entry in asked["Entries"].as_array().expect("entries") {
                let detail = entry["Detail"].as_str().expect("a detail");
                self.events
                    .push(serde_json::from_str(detail).expect("JSON"));
            }
            return (
                200,
                None,
                json!({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}),
            );
        }
        if uri.ends_with("/invocations") {
            return (200, None, self.invoked(&uri, &body));
        }
        self.stored(request.method(), &uri, body)
    }

    /// The render function starts a render; any other function is one that was woken.
    fn invoked(&mut self, uri: &str, body: &[u8]) -> Value {
        if !uri.contains("remotion-render") {
            self.woken.push(serde_json::from_slice(body).expect("JSON"));
            return json!({});
        }
        let payload: Value = serde_json::from_slice(body).expect("JSON");
        if payload["type"] == "still" {
            return json!({"type": "error", "message": "Error: it threw", "stack": ""});
        }
        assert_eq!(payload["type"], "start");
        let id = format!("{:010}", self.started.len());
        self.started.insert(id.clone(), payload);
        json!({"type": "success", "bucketName": BUCKET, "renderId": id})
    }

    fn stored(
        &mut self,
        method: &str,
        uri: &str,
        body: Vec<u8>,
    ) -> (u16, Option<&'static str>, Value) {
        let path = uri.split('?').next().unwrap_or_default();
        let key = path
            .rsplit_once(".com/")
            .map_or("", |(_, key)| key)
            .to_owned();
        match method {
            "PUT" => {
                self.objects
                    .insert(key, String::from_utf8(body).expect("text"));
                (200, None, Value::Null)
            }
            "DELETE" => {
                self.objects.remove(&key);
                (204, None, Value::Null)
            }
            "GET" if self.forbidden.contains(&key) => (403, Some("AccessDenied"), Value::Null),
            "GET" => match self.objects.get(&key) {
                Some(object) => (200, None, serde_json::from_str(object).expect("JSON")),
                None => (404, Some("NoSuchKey"), Value::Null),
            },
            _ => (404, Some("NotFound"), Value::Null),
        }
    }
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let aws = self.clone();
        HttpConnectorFuture::new(async move {
            let starts = request.uri().contains("remotion-render");
            let start_takes = aws.world().start_takes;
            sleep(if starts { CALL + start_takes } else { CALL }).await;
            let (fault, answer) = {
                let mut world = aws.world();
                let name = name(&request);
                let fault = world.fault(&name);
                *world.calls.entry(name).or_default() += 1;
                let answer = match fault {
                    Some(Fault::Refused) => None,
                    _ => Some(world.answer(&request)),
                };
                (fault, answer)
            };
            if request.uri().ends_with("/invocations") {
                aws.invoked.notify_one();
            }
            if let Some(Fault::Lost) = fault {
                let lost = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                return Err(ConnectorError::io(lost.into()));
            }
            Ok(response(answer))
        })
    }
}

fn name(request: &HttpRequest) -> String {
    match request.headers().get("x-amz-target") {
        Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        None if request.uri().contains("/invocations") => "Invoke".to_owned(),
        None => format!("S3 {}", request.method()),
    }
}

/// What was refused is throttled.
fn response(answer: Option<(u16, Option<&'static str>, Value)>) -> HttpResponse {
    let (status, code, body) = answer.unwrap_or((429, Some("ThrottlingException"), json!({})));
    let mut body = body;
    let text = match (&mut body, code) {
        (Value::Object(fields), Some(code)) => {
            fields.insert("__type".into(), format!("com.amazonaws#{code}").into());
            body.to_string()
        }
        (_, Some(code)) => format!("<Error><Code>{code}</Code></Error>"),
        (Value::Null, None) => String::new(),
        _ => body.to_string(),
    };
    let mut response = HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(text));
    if let Some(code) = code {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}
