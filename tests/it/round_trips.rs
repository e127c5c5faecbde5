//! How many calls to AWS stand in a row, which is what a caller waits for: counted, by an AWS that takes 20 ms for each.
//!
//! Time is tokio's, which passes at once when all wait: nothing here depends on the machine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use lambda_http::http::Response;
use lambda_http::{Body, Context, LambdaEvent};
use remotion_lambda::webhook::signature;
use remotion_render_api::gateway::{event, http};
use remotion_render_api::{App, clock, ends};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep};

use crate::harness::{Deployment, FUNCTION, STARTED, post_render};

const CALL: Duration = Duration::from_millis(20);
const BUCKET: &str = "remotionlambda-useast1-abc";
const ID: &str = "1pwhfhh11z";
const SECRET: &str = "secret";

/// Answers by what is asked, each after its time, and notes what it was asked.
#[derive(Clone, Debug)]
struct SlowAws {
    record: Duration,
    state: Duration,
    /// Whether the record is there.
    known: bool,
    /// Whether it says that the render has ended.
    ended: bool,
    /// Whether it says that the render holds a place.
    placed: bool,
    /// How many renders a list has.
    listed: usize,
    /// How Remotion tells that it has ended; of a success the state says so too.
    told: String,
    asked: Arc<Mutex<Vec<&'static str>>>,
}

impl SlowAws {
    fn new() -> Self {
        Self {
            record: CALL,
            state: CALL,
            known: true,
            ended: false,
            told: String::new(),
            placed: false,
            listed: 0,
            asked: Arc::default(),
        }
    }

    fn answer(&self, request: &HttpRequest) -> (&'static str, Duration, u16, String) {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let sort = asked["Key"]["sk"]["S"].as_str().unwrap_or_default();
        match target.rsplit('.').next().unwrap_or_default() {
            "GetItem" if sort.starts_with("quota#") => {
                let item = json!({"Item": {"used": {"N": "1"}}});
                ("quota", CALL, 200, item.to_string())
            }
            "GetItem" if sort.starts_with("event#") => ("untold", CALL, 200, untold().to_string()),
            "GetItem" if self.known => {
                let mut item = if self.ended { ended(ID) } else { record() };
                if self.placed {
                    item["lease"] = json!({"S": "0123456789abcdefghij"});
                    item["leaseWeight"] = json!({"N": "6"});
                }
                (
                    "record",
                    self.record,
                    200,
                    json!({"Item": item}).to_string(),
                )
            }
            "GetItem" => ("record", self.record, 200, "{}".to_owned()),
            "TransactWriteItems" => ("transaction", CALL, 200, "{}".to_owned()),
            "Query" if asked["IndexName"].is_null() => {
                let item = if self.ended { ended(ID) } else { record() };
                let items = if self.known { vec![item] } else { Vec::new() };
                let answer = json!({"Count": items.len(), "Items": items});
                ("record", self.record, 200, answer.to_string())
            }
            "Query" => {
                let items = (0..self.listed).map(|at| ended(&format!("{at:010}")));
                let items: Vec<_> = items.collect();
                let answer = json!({"Count": items.len(), "Items": items});
                ("query", CALL, 200, answer.to_string())
            }
            "PutEvents" => (
                "tell",
                CALL,
                200,
                json!({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}).to_string(),
            ),
            "" if request.uri().ends_with("/invocations") => {
                ("start", CALL, 200, STARTED.to_owned())
            }
            "" if request.uri().contains("progress.json") => {
                let mut state = state();
                if self.told == "success" {
                    state["postRenderData"] = json!({"outputSize": 7, "timeToFinish": 5, "endTime": clock::now_ms(), "errors": []});
                }
                ("state", self.state, 200, state.to_string())
            }
            "" if request.uri().contains("cancel.json") => ("cancel", CALL, 200, String::new()),
            "" => panic!("{}", request.uri()),
            _ => ("write", CALL, 200, "{}".to_owned()),
        }
    }
}

impl HttpConnector for SlowAws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (name, time, status, body) = self.answer(&request);
        let asked = self.asked.clone();
        HttpConnectorFuture::new(async move {
            asked.lock().expect("no panic").push(name);
            sleep(time).await;
            let status = status.try_into().expect("a status");
            Ok(HttpResponse::new(status, SdkBody::from(body)))
        })
    }
}

fn record() -> Value {
    json!({
        "pk": {"S": "owner#x#y"}, "sk": {"S": format!("render#{ID}")}, "kind": {"S": "render"}, "bucketName": {"S": BUCKET},
        "functionName": {"S": FUNCTION}, "version": {"S": "4.0.520"}, "composition": {"S": "MyVideo"},
        "cancellable": {"BOOL": true}, "startedAt": {"N": clock::now_ms().to_string()},
    })
}

fn ended(id: &str) -> Value {
    let mut item = record();
    item["sk"] = json!({"S": format!("render#{id}")});
    item["ended"] = json!({"S": "done"});
    item["finishedAt"] = item["startedAt"].clone();
    item["frames"] = json!({"N": "10"});
    item["endBucket"] = json!({"S": BUCKET});
    item["endKey"] = json!({"S": format!("renders/{id}/out.mp4")});
    item
}

fn untold() -> Value {
    json!({"Item": {"pk": {"S": "owner#x#y"}, "sk": {"S": format!("event#{ID}")}, "detail": {"S": "{}"}}})
}

fn state() -> Value {
    let launched = clock::now_ms();
    json!({
        "functionLaunched": launched, "timeoutTimestamp": launched + 120_000, "serveUrlOpened": launched + 1, "framesRendered": 5,
        "framesEncoded": 2, "chunks": [], "lambdasInvoked": 1, "errors": [], "receivedArtifact": [], "renderMetadata": {
            "type": "video", "codec": "h264", "frameRange": [0, 9], "everyNthFrame": 1, "totalChunks": 1, "startedDate": launched,
            "estimatedRenderLambdaInvokations": 1,
        },
    })
}

fn request(method: &str, path: &str, key: Option<&str>) -> Value {
    let mut event = post_render("{}");
    event["rawPath"] = path.into();
    event["requestContext"]["http"] = json!({"method": method, "path": path});
    if let Some(key) = key {
        event["headers"]["idempotency-key"] = key.into();
    }
    event
}

fn on_simulated_time(deployment: &Deployment, aws: &SlowAws) -> (Runtime, App) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let connector = SharedHttpConnector::new(aws.clone());
    let app = deployment.app(http_client_fn(move |_, _| connector.clone()));
    (runtime, app)
}

/// The response, how many calls stood in a row, and what was asked.
fn handled(
    deployment: &Deployment,
    aws: &SlowAws,
    event: &Value,
) -> (Response<Body>, u128, Vec<&'static str>) {
    let (runtime, app) = on_simulated_time(deployment, aws);
    let event: Box<RawValue> = serde_json::from_str(&event.to_string()).expect("JSON");
    let (_, request) = event::read(&event).expect("an event");
    let (response, time) = runtime.block_on(async {
        let begin = Instant::now();
        let response = http::handle(&app, &request).await;
        (response, begin.elapsed())
    });
    let asked = aws.asked.lock().expect("no panic").clone();
    (response, time.as_millis() / CALL.as_millis(), asked)
}

#[track_caller]
fn assert_in_a_row(deployment: &Deployment, event: &Value, count: u128, asked: &[&str]) {
    let (response, in_a_row, sent) = handled(deployment, &SlowAws::new(), event);
    assert!(response.status().is_success(), "{:?}", response.body());
    assert_eq!(sent, asked);
    assert_eq!(in_a_row, count, "{sent:?}");
}

fn with_a_table() -> Deployment {
    Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .with("REMOTION_BUCKET_NAME", BUCKET)
        .with("REMOTION_RENDER_DEFAULTS", r#"{"enableCancellation":true}"#)
}

fn with_a_quota() -> Deployment {
    with_a_table().with("RENDERS_PER_USER_PER_DAY", "5")
}

#[test]
fn of_a_start() {
    let plain = request("POST", "/render", None);
    let keyed = request("POST", "/render", Some("a"));
    assert_in_a_row(&Deployment::new(), &plain, 1, &["start"]);
    assert_in_a_row(&with_a_table(), &plain, 2, &["start", "transaction"]);
    let claimed = ["transaction", "start", "transaction"];
    assert_in_a_row(&with_a_table(), &keyed, 3, &claimed);
    // What is left is read while the function starts the render.
    let counted = ["transaction", "start", "quota", "transaction"];
    assert_in_a_row(&with_a_quota(), &keyed, 3, &counted);
    let counted = ["transaction", "start", "quota", "transaction"];
    assert_in_a_row(&with_a_quota(), &plain, 3, &counted);
}

#[test]
fn of_a_poll() {
    let path = format!("/render/{ID}");
    let asked = ["record", "state"];
    assert_in_a_row(&with_a_table(), &request("GET", &path, None), 1, &asked);
    // Which bucket it is only the record tells, where there is none configured.
    let unknown = Deployment::new().with("RENDERS_TABLE", "renders");
    assert_in_a_row(&unknown, &request("GET", &path, None), 2, &asked);
}

#[test]
fn of_all_else() {
    assert_in_a_row(
        &with_a_table(),
        &request("GET", "/render", None),
        1,
        &["query"],
    );
    let cancel = request("POST", &format!("/render/{ID}/cancel"), None);
    assert_in_a_row(&with_a_table(), &cancel, 2, &["record", "state", "cancel"]);
}

/// A page of renders that are done has a link to each output: signing one asks nobody.
#[test]
fn of_the_longest_list() {
    let aws = SlowAws {
        listed: 100,
        ..SlowAws::new()
    };
    let mut event = request("GET", "/render", None);
    event["rawQueryString"] = "limit=100".into();
    event["queryStringParameters"] = json!({"limit": "100"});
    let (response, in_a_row, asked) = handled(&with_a_table(), &aws, &event);
    let Body::Text(text) = response.body() else {
        panic!("{:?}", response.body());
    };
    let body: Value = serde_json::from_str(text).expect("JSON");
    let renders = body["renders"].as_array().expect("renders");
    let linked = renders
        .iter()
        .filter(|render| {
            let url = render["outputUrl"].as_str();
            url.is_some_and(|url| url.contains("X-Amz-Signature="))
        })
        .count();
    assert_eq!((renders.len(), linked), (100, 100));
    assert_eq!((in_a_row, &asked[..]), (1, &["query"][..]));
}

/// The status, how many calls stood in a row, and what was asked, when Remotion tells of an end.
fn told(deployment: &Deployment, aws: &SlowAws, kind: &str) -> (u64, u128, Vec<&'static str>) {
    let aws = &SlowAws {
        told: kind.to_owned(),
        ..aws.clone()
    };
    let (runtime, app) = on_simulated_time(deployment, aws);
    let body = json!({
        "type": kind, "renderId": ID, "bucketName": BUCKET, "expectedBucketOwner": "1",
        "customData": {"issuer": "eA", "owner": "eQ", "user": null, "id": null, "lease": null},
    })
    .to_string();
    let event = json!({
        "version": "2.0", "rawPath": "/hooks/remotion", "body": body,
        "headers": {"content-type": "application/json", "x-remotion-signature": signature(SECRET, body.as_bytes())},
        "requestContext": {"http": {"method": "POST", "path": "/hooks/remotion"}},
    });
    let event = LambdaEvent::new(to_raw_value(&event).expect("JSON"), Context::default());
    let (reply, time) = runtime.block_on(async {
        let begin = Instant::now();
        let reply = Box::pin(ends::handle(&app, event)).await.expect("a reply");
        (reply, begin.elapsed())
    });
    let reply = serde_json::to_value(reply).expect("JSON");
    let asked = aws.asked.lock().expect("no panic").clone();
    let status = reply["statusCode"].as_u64().expect("a status");
    (status, time.as_millis() / CALL.as_millis(), asked)
}

/// Remotion's function waits for the answer, and is paid for meanwhile.
#[test]
fn of_an_end_that_is_told() {
    let hooked = || {
        with_a_table()
            .with("HOOK_URL", "https://hook.example/hooks/remotion")
            .with("HOOK_SECRET", SECRET)
            .with("EVENT_BUS_NAME", "bus")
    };
    let first = ["record", "state", "transaction", "tell", "write"];
    for kind in ["success", "error", "timeout"] {
        let (status, in_a_row, asked) = told(&hooked(), &SlowAws::new(), kind);
        assert_eq!((status, in_a_row, &asked[..]), (204, 4, &first[..]));
    }
    let read_before = ["record", "state", "untold", "tell", "write"];
    let aws = SlowAws {
        ended: true,
        ..SlowAws::new()
    };
    let (status, in_a_row, asked) = told(&hooked(), &aws, "success");
    assert_eq!((status, in_a_row, &asked[..]), (204, 4, &read_before[..]));
    // Where places are counted, what has failed is asked to stop, and keeps its place until it has.
    let counted = || {
        hooked()
            .with(
                "REMOTION_RENDER_DEFAULTS",
                r#"{"enableCancellation":true,"concurrency":5}"#,
            )
            .with("REMOTION_MAX_EVENT_AGE_SECONDS", "60")
            .with("RENDER_CAPACITY", "10")
    };
    let placed = || SlowAws {
        placed: true,
        ..SlowAws::new()
    };
    let (status, in_a_row, asked) = told(&counted(), &placed(), "success");
    assert_eq!((status, in_a_row, &asked[..]), (204, 4, &first[..]));
    let stopped = [
        "record",
        "state",
        "transaction",
        "cancel",
        "write",
        "tell",
        "write",
    ];
    let (status, in_a_row, asked) = told(&counted(), &placed(), "error");
    assert_eq!(
        (status, in_a_row, asked.len()),
        (204, 4, stopped.len()),
        "{asked:?}"
    );
    // Where no bus is to be told.
    let (status, in_a_row, asked) = told(
        &hooked().with("EVENT_BUS_NAME", ""),
        &SlowAws::new(),
        "success",
    );
    assert_eq!((status, in_a_row, &asked[..]), (204, 2, &first[..3]));
}

/// Whichever comes first: what is somebody else's is not there, and takes as long as what is nowhere.
#[test]
fn nothing_is_told_before_the_record_has_said_whose_it_is() {
    let event = request("GET", &format!("/render/{ID}"), None);
    let (early, late) = (CALL, 5 * CALL);
    for (record, state) in [(early, late), (late, early), (early, early)] {
        let aws = SlowAws {
            record,
            state,
            known: false,
            ..SlowAws::new()
        };
        let (response, in_a_row, asked) = handled(&with_a_table(), &aws, &event);
        assert_eq!(response.status(), 404, "{:?}", response.body());
        assert!(!format!("{:?}", response.body()).contains("framesRendered"));
        assert_eq!(in_a_row, record.as_millis() / CALL.as_millis(), "{asked:?}");
    }
}
