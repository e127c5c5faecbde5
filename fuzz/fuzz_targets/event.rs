//! Any bytes as the event that AWS Lambda hands over, in either form, through the whole function.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use remotion_render_api_fuzz::api::Api;
use remotion_render_api_fuzz::aws::Sent;
use remotion_render_api_fuzz::mutate;
use serde_json::Value;
use serde_json::value::RawValue;

static API: LazyLock<Api> = LazyLock::new(|| {
    Api::new(&[
        ("RENDERS_TABLE", "renders"),
        ("RENDERS_PER_USER_PER_DAY", "50"),
    ])
});

fuzz_target!(|event: &[u8]| -> Corpus {
    // AWS Lambda hands over nothing but JSON.
    let Ok(event) = serde_json::from_slice::<Box<RawValue>>(event) else {
        return Corpus::Reject;
    };
    // Deeper than `Value` goes is skipped where it does not matter: then there is nothing to compare with.
    let expected = serde_json::from_str::<Value>(event.get()).ok();
    let answer = API.handle(event);
    assert!(answer.status < 500, "{answer:?}");
    let _ = answer.started();
    if let Some(expected) = expected {
        let sub = sub(&expected);
        for sent in &answer.sent {
            let sub = sub.expect("AWS is asked for callers with a claim");
            assert_own(sent, sub);
        }
    }
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let dictionaries = [
        include_str!("../dictionaries/event.dict"),
        include_str!("../dictionaries/body.dict"),
    ];
    mutate::json(data, (size, max_size, seed), 0, &dictionaries)
});

/// The claim, where either authorizer leaves it.
fn sub(event: &Value) -> Option<&str> {
    let authorizer = &event["requestContext"]["authorizer"];
    [
        &authorizer["jwt"]["claims"]["sub"],
        &authorizer["claims"]["sub"],
    ]
    .into_iter()
    .filter_map(Value::as_str)
    .find(|sub| !sub.trim().is_empty())
}

fn assert_own(sent: &Sent, sub: &str) {
    match sent {
        Sent::Ledger(asked) => assert_eq!(partition(asked), format!("user#{sub}")),
        Sent::Storage(_, path) => assert!(is_own(path), "{path}"),
        Sent::Invoke(_) => {}
    }
}

fn partition(asked: &Value) -> &str {
    let keys = [
        &asked["Key"]["pk"]["S"],
        &asked["Item"]["pk"]["S"],
        &asked["ExpressionAttributeValues"][":user"]["S"],
    ];
    keys.into_iter()
        .find_map(Value::as_str)
        .expect("a partition")
}

/// Whether it is a bucket, or lies under the prefix of a render or of props. A host-style path has no bucket in it.
fn is_own(path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    match (segments.next(), segments.next(), segments.next()) {
        (Some(""), None, None) | (Some("input-props"), Some(_), None) => true,
        (Some("renders"), Some(id), Some(_)) => id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
        _ => false,
    }
}
