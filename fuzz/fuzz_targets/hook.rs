//! Any bytes as what `POST /hooks/remotion` is sent, signed and not, through the whole function `ends`.

#![no_main]

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use remotion_lambda::json::Object;
use remotion_lambda::webhook::signature;
use remotion_lambda_fuzz::mutate;
use remotion_render_api_fuzz::api::{Answer, Api};
use remotion_render_api_fuzz::aws::{Sent, partitions};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

const SECRET: &str = "the secret";

static API: LazyLock<Api> = LazyLock::new(|| {
    Api::new(&[
        ("RENDERS_TABLE", "renders"),
        ("HOOK_URL", "https://hook.example/hooks/remotion"),
        ("HOOK_SECRET", SECRET),
        ("EVENT_BUS_NAME", "renders"),
    ])
});

fuzz_target!(|body: &[u8]| {
    let forged = told(body, &signature("another secret", body));
    assert_eq!(forged.status, 401, "{forged:?}");
    assert!(forged.sent.is_empty(), "{forged:?}");

    let answer = told(body, &signature(SECRET, body));
    assert!(matches!(answer.status, 204 | 400), "{answer:?}");
    let owner = owner(body);
    for sent in &answer.sent {
        let (owner, partition) = owner.as_ref().expect("AWS is asked of owners alone");
        match sent {
            Sent::Table(asked) => {
                let partitions = partitions(asked);
                assert!(!partitions.is_empty(), "{asked}");
                assert!(partitions.iter().all(|of| of == partition), "{asked}");
            }
            Sent::Storage(method, path) => assert!(is_read(method, path), "{method} {path}"),
            Sent::Event(detail) => assert_eq!(detail["owner"], owner.as_str()),
            Sent::Invoke(payload) => panic!("it starts nothing: {payload}"),
        }
    }
    let events = answer.sent.iter();
    let events = events.filter(|sent| matches!(sent, Sent::Event(_)));
    assert!(events.count() <= 1, "{answer:?}");
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let dictionary = include_str!("../dictionaries/hook.dict");
    mutate::json(data, (size, max_size, seed), 0, &[dictionary])
});

/// As API Gateway hands it over: what is no text in Base64.
fn told(body: &[u8], signature: &str) -> Answer {
    let text = std::str::from_utf8(body);
    let event = json!({
        "version": "2.0", "rawPath": "/hooks/remotion",
        "headers": {"content-type": "application/json", "x-remotion-signature": signature},
        "requestContext": {"http": {"method": "POST", "path": "/hooks/remotion"}},
        "isBase64Encoded": text.is_err(),
        "body": text.map_or_else(|_| STANDARD.encode(body), ToOwned::to_owned),
    });
    API.hear(to_raw_value(&event).expect("JSON"))
}

/// The owner that a webhook names, and their partition.
fn owner(body: &[u8]) -> Option<(String, String)> {
    // Whatever else the body has may be nested more deeply than a `Value` can be.
    let body = Object::parse(body).ok()?;
    let custom_data: Value = serde_json::from_str(body.get("customData")?.get()).ok()?;
    let text = |name: &str| {
        let coded = custom_data[name].as_str()?;
        String::from_utf8(URL_SAFE_NO_PAD.decode(coded).ok()?).ok()
    };
    let part = |value: &str| value.replace('~', "~0").replace('#', "~1");
    let (issuer, owner) = (text("issuer")?, text("owner")?);
    let partition = format!("owner#{}#{}", part(&issuer), part(&owner));
    Some((owner, partition))
}

/// Whether it reads what lies under the prefix of a render, in whichever bucket: Remotion has signed its name.
fn is_read(method: &str, path: &str) -> bool {
    let mut segments = path.split('/').skip_while(|segment| *segment != "renders");
    matches!(method, "GET" | "HEAD")
        && segments.nth(1).is_some_and(|id| {
            id.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}
