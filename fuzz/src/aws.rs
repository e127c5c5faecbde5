//! Plays AWS below the clients, and remembers what it was asked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_lambda::config::SharedHttpClient;
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use lambda_http::http::{Request, Response};
use serde_json::{Value, json};

/// What the render function answers: its body, and whether AWS Lambda marks it as an error.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The payload.
    pub body: Vec<u8>,
    /// The header `X-Amz-Function-Error`.
    pub function_error: bool,
}

/// A request to AWS.
#[derive(Debug)]
pub enum Sent {
    /// An invocation of the render function, with its payload.
    Invoke(Value),
    /// A call to the table of renders.
    Table(Value),
    /// A method on an object, or on the bucket, by its path.
    Storage(String, String),
    /// An event, by its detail.
    Event(Value),
}

/// AWS, as far as the API reaches it.
#[derive(Clone, Debug, Default)]
pub struct Aws(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sent: Vec<Sent>,
    /// None: a good answer.
    reply: Option<Reply>,
    /// None: of a render that is done.
    progress: Option<Vec<u8>>,
}

const STARTED: &str =
    r#"{"type":"success","bucketName":"remotionlambda-useast1-abc","renderId":"1pwhfhh11z"}"#;
const STILL: &str = r#"{"type":"success","bucketName":"remotionlambda-useast1-abc","renderId":"1pwhfhh11z","outKey":"renders/1pwhfhh11z/out.png","sizeInBytes":7}"#;
const COMPOSITIONS: &str = r#"{"type":"success","compositions":[{"id":"MyVideo","width":1280,"height":720,"fps":30,"durationInFrames":60,"defaultProps":{}}]}"#;
const TAKEN: &str = r#"{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}"#;
const INFO: &str = r#"{"type":"success","version":"4.0.520"}"#;
const DONE: &str = r#"{"chunks":[0],"framesRendered":60,"framesEncoded":60,"renderMetadata":{"type":"video","startedDate":1,"totalChunks":1,"codec":"h264","frameRange":[0,59]},"postRenderData":{"outputSize":7,"timeToFinish":5,"endTime":6,"errors":[]}}"#;

impl Aws {
    /// The client that reaches it.
    #[must_use]
    pub fn client(&self) -> SharedHttpClient {
        let aws = self.clone();
        infallible_client_fn(move |request| aws.state().answer(&request))
    }

    /// From now on the render function answers this.
    pub fn replying(&self, reply: Reply) {
        self.state().reply = Some(reply);
    }

    /// From now on this is the state of every render.
    pub fn progressing(&self, progress: &[u8]) {
        self.state().progress = Some(progress.to_owned());
    }

    /// What it was asked since the last time.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.state().sent)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn answer(&mut self, request: &Request<SdkBody>) -> Response<SdkBody> {
        let path = request.uri().path().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let target = request.headers().get("x-amz-target");
        if let Some(target) = target.and_then(|target| target.to_str().ok()) {
            let asked: Value = serde_json::from_slice(body).expect("the SDK sends JSON");
            if target == "AWSEvents.PutEvents" {
                self.sent.extend(details(&asked).map(Sent::Event));
                return Response::new(TAKEN.into());
            }
            let answer = table(target, &asked);
            self.sent.push(Sent::Table(asked));
            return Response::new(answer.to_string().into());
        }
        if path.ends_with("/invocations") {
            let payload: Value = serde_json::from_slice(body).expect("the payload is JSON");
            let answer = self.invoked(&payload);
            self.sent.push(Sent::Invoke(payload));
            return answer;
        }
        let method = request.method().to_string();
        let answer = self.stored(&method, request.uri().query().unwrap_or_default());
        self.sent.push(Sent::Storage(method, path));
        Response::new(answer.into())
    }

    fn invoked(&self, payload: &Value) -> Response<SdkBody> {
        let Some(reply) = &self.reply else {
            return Response::new(SdkBody::from(match payload["type"].as_str() {
                Some("start") => STARTED,
                Some("still") => STILL,
                Some("compositions") => COMPOSITIONS,
                Some("info") => INFO,
                other => panic!("the render function knows no {other:?}"),
            }));
        };
        let mut response = Response::new(SdkBody::from(reply.body.clone()));
        if reply.function_error {
            let unhandled = lambda_http::http::HeaderValue::from_static("Unhandled");
            response
                .headers_mut()
                .insert("x-amz-function-error", unhandled);
        }
        response
    }

    fn stored(&self, method: &str, query: &str) -> Vec<u8> {
        let deleted = || {
            self.sent
                .iter()
                .any(|sent| matches!(sent, Sent::Storage(method, _) if method == "POST"))
        };
        match method {
            "GET" if query.contains("list-type=2") && deleted() => b"<ListBucketResult/>".to_vec(),
            "GET" if query.contains("list-type=2") => {
                b"<ListBucketResult><Contents><Key>renders/1pwhfhh11z/out.mp4</Key></Contents></ListBucketResult>".to_vec()
            }
            "GET" => self
                .progress
                .clone()
                .unwrap_or_else(|| DONE.as_bytes().to_vec()),
            "POST" => b"<DeleteResult/>".to_vec(),
            _ => Vec::new(),
        }
    }
}

/// What events say.
fn details(asked: &Value) -> impl Iterator<Item = Value> {
    let entries = asked["Entries"].as_array().expect("events");
    entries.iter().map(|entry| {
        let detail = entry["Detail"].as_str().expect("a detail");
        serde_json::from_str(detail).expect("a detail is JSON")
    })
}

/// Every render exists, but for those whose id begins with a 0.
fn table(target: &str, asked: &Value) -> Value {
    let item = |sort: &str| {
        json!({
            "sk": {"S": sort}, "kind": {"S": "render"}, "bucketName": {"S": "remotionlambda-useast1-abc"},
            "functionName": {"S": "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec"}, "version": {"S": "4.0.520"},
            "composition": {"S": "MyVideo"}, "cancellable": {"BOOL": true}, "startedAt": {"N": "1767225600000"},
        })
    };
    match target {
        "DynamoDB_20120810.GetItem" => match asked["Key"]["sk"]["S"].as_str() {
            Some(sort) if !sort.starts_with("render#0") => json!({"Item": item(sort)}),
            _ => json!({}),
        },
        "DynamoDB_20120810.Query" => {
            json!({"Items": [item("render#1pwhfhh11z")], "Count": 1, "LastEvaluatedKey": {"pk": {"S": "x"}}})
        }
        _ => json!({}),
    }
}

/// Every partition that a request to the table names.
#[must_use]
pub fn partitions(asked: &Value) -> Vec<&str> {
    let writes = asked["TransactItems"].as_array().into_iter().flatten();
    let writes = writes.flat_map(|write| {
        write
            .as_object()
            .into_iter()
            .flat_map(|write| write.values())
    });
    std::iter::once(asked)
        .chain(writes)
        .flat_map(|asked| {
            [
                &asked["Key"]["pk"]["S"],
                &asked["Item"]["pk"]["S"],
                &asked["ExpressionAttributeValues"][":owner"]["S"],
            ]
        })
        .filter_map(Value::as_str)
        .collect()
}
