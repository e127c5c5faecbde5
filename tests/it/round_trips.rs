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
use lambda_http::Body;
use lambda_http::http::Response;
use remotion_render_api::clock;
use remotion_render_api::gateway::{event, http};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::harness::{Deployment, FUNCTION, STARTED, post_render};

const CALL: Duration = Duration::from_millis(20);
const BUCKET: &str = "remotionlambda-useast1-abc";
const ID: &str = "1pwhfhh11z";

/// Answers by what is asked, each after its time, and notes what it was asked.
#[derive(Clone, Debug)]
struct SlowAws {
    record: Duration,
    state: Duration,
    /// Whether the record is there.
    known: bool,
    asked: Arc<Mutex<Vec<&'static str>>>,
}

impl SlowAws {
    fn new() -> Self {
        Self {
            record: CALL,
            state: CALL,
            known: true,
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
            "GetItem" if self.known => ("record", self.record, 200, record().to_string()),
            "GetItem" => ("record", self.record, 200, "{}".to_owned()),
            "TransactWriteItems" => ("transaction", CALL, 200, "{}".to_owned()),
            "Query" => (
                "query",
                CALL,
                200,
                json!({"Items": [], "Count": 0}).to_string(),
            ),
            "" if request.uri().ends_with("/invocations") => {
                ("start", CALL, 200, STARTED.to_owned())
            }
            "" if request.uri().contains("progress.json") => {
                ("state", self.state, 200, state().to_string())
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
    json!({"Item": {
        "pk": {"S": "owner#x#y"}, "sk": {"S": format!("render#{ID}")}, "kind": {"S": "render"}, "bucketName": {"S": BUCKET},
        "functionName": {"S": FUNCTION}, "version": {"S": "4.0.520"}, "composition": {"S": "MyVideo"},
        "cancellable": {"BOOL": true}, "startedAt": {"N": clock::now_ms().to_string()},
    }})
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

/// The response, how many calls stood in a row, and what was asked.
fn handled(
    deployment: &Deployment,
    aws: &SlowAws,
    event: &Value,
) -> (Response<Body>, u128, Vec<&'static str>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let connector = SharedHttpConnector::new(aws.clone());
    let app = deployment.app(http_client_fn(move |_, _| connector.clone()));
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
    assert_in_a_row(&with_a_table(), &plain, 2, &["start", "write"]);
    let claimed = ["transaction", "start", "transaction"];
    assert_in_a_row(&with_a_table(), &keyed, 3, &claimed);
    // What is left is read while the function starts the render.
    let counted = ["transaction", "start", "quota", "transaction"];
    assert_in_a_row(&with_a_quota(), &keyed, 3, &counted);
    let counted = ["transaction", "start", "quota", "write"];
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
