//! What is answered to a call.

use hyper::Method;
use hyper::body::Bytes;
use hyper::http::request::Parts;
use serde_json::{Value, json};

/// Which releases of Remotion everything follows.
const RELEASES: &str = include_str!("../../../crates/remotion-lambda/releases.json");

const BUCKET: &str = "remotionlambda-useast1-abc";
const RENDER: &str = "1pwhfhh11z";
const OWNER: &str = "owner#https://cognito-idp.us-east-1.amazonaws.com/us-east-1_bVwFsBUGO#ada";

/// One for each call.
pub struct Answers {
    started: Bytes,
    record: Bytes,
    quota: Bytes,
    progress: Bytes,
}

impl Answers {
    /// Of a render whose state this is.
    pub fn new(progress: Vec<u8>) -> Self {
        let releases: Value = serde_json::from_str(RELEASES).expect("releases.json is JSON");
        let version = releases["function"]
            .as_str()
            .expect("the function's release");
        let function = format!(
            "remotion-render-{}-mem2048mb-disk2048mb-120sec",
            version.replace('.', "-")
        );
        let started = json!({"type": "success", "bucketName": BUCKET, "renderId": RENDER});
        let record = json!({
            "pk": {"S": OWNER},
            "sk": {"S": format!("render#{RENDER}")},
            "kind": {"S": "render"},
            "bucketName": {"S": BUCKET},
            "functionName": {"S": function},
            "version": {"S": version},
            "composition": {"S": "MyVideo"},
            "cancellable": {"BOOL": true},
            "startedAt": {"N": "1795463131638"},
            "expiresAt": {"N": "1826999131"},
        });
        let sent = json!({
            "pk": {"S": OWNER},
            "sk": {"S": format!("render#{RENDER}#sent")},
            "options": {"S": r#"{"composition":"MyVideo"}"#},
            "inputProps": {"S": r#"{"title":"Hello"}"#},
            "expiresAt": {"N": "1826999131"},
        });
        let record = json!({"Items": [record, sent], "Count": 2});
        let quota = json!({"Item": {
            "pk": {"S": OWNER},
            "sk": {"S": "quota#20783"},
            "used": {"N": "3"},
            "expiresAt": {"N": "1795824000"},
        }});
        Self {
            started: bytes(&started),
            record: bytes(&record),
            quota: bytes(&quota),
            progress: progress.into(),
        }
    }

    /// A render has started.
    pub fn started(&self) -> Bytes {
        self.started.clone()
    }

    /// To any other call, of DynamoDB or S3. What is written is taken.
    pub fn to(&self, request: &Parts, body: &[u8]) -> Bytes {
        let target = request.headers.get("x-amz-target");
        let target = target.map(|target| target.to_str().unwrap_or_default());
        match (target, &request.method) {
            (Some("DynamoDB_20120810.GetItem"), _) if is_of_a_quota(body) => self.quota.clone(),
            (Some("DynamoDB_20120810.Query"), _) => self.record.clone(),
            (Some(_), _) => Bytes::from_static(b"{}"),
            (None, &Method::GET) if request.uri.path().ends_with("/progress.json") => {
                self.progress.clone()
            }
            (None, &Method::GET) => Bytes::from_static(b"<ListBucketResult></ListBucketResult>"),
            (None, _) => Bytes::new(),
        }
    }
}

fn is_of_a_quota(request: &[u8]) -> bool {
    let quota = b"\"quota#";
    request.windows(quota.len()).any(|window| window == quota)
}

fn bytes(value: &Value) -> Bytes {
    value.to_string().into()
}
