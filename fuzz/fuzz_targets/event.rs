//! Any bytes as the event that AWS Lambda hands over, in either form, through the whole function.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use remotion_lambda_fuzz::mutate;
use remotion_render_api_fuzz::api::Api;
use remotion_render_api_fuzz::aws::{Sent, partitions};
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
        let owner = owner(&expected);
        for sent in &answer.sent {
            let owner = owner
                .as_deref()
                .expect("AWS is asked for callers with claims");
            assert_own(sent, owner);
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

/// The partition of whoever the claims name, where either authorizer leaves them.
fn owner(event: &Value) -> Option<String> {
    let authorizer = &event["requestContext"]["authorizer"];
    let claims = [&authorizer["jwt"]["claims"], &authorizer["claims"]];
    let claim = |name: &str| {
        let mut values = claims.iter().filter_map(|claims| claims[name].as_str());
        values.find(|value| !value.trim().is_empty())
    };
    let part = |value: &str| value.replace('~', "~0").replace('#', "~1");
    Some(format!(
        "owner#{}#{}",
        part(claim("iss")?),
        part(claim("sub")?)
    ))
}

fn assert_own(sent: &Sent, owner: &str) {
    match sent {
        Sent::Table(asked) => {
            let partitions = partitions(asked);
            assert!(!partitions.is_empty(), "{asked}");
            assert!(
                partitions.iter().all(|partition| *partition == owner),
                "{asked}"
            );
        }
        Sent::Storage(_, path) => assert!(is_own(path), "{path}"),
        Sent::Invoke(_) => {}
        Sent::Event(_) => panic!("only the function that hears of ends tells of them"),
    }
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
