//! Any bytes as the state that Remotion keeps of a render, by way of the table and S3, and what a caller is told of it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use remotion_lambda::{Poll, Progress};
use remotion_lambda_fuzz::mutate;
use remotion_render_api_fuzz::api::Api;
use serde_json::json;
use serde_json::value::to_raw_value;

static API: LazyLock<Api> = LazyLock::new(|| Api::new(&[("RENDERS_TABLE", "renders")]));

const LAUNCHED: u64 = 1_767_225_600_000;

const POLL: Poll<'static> = Poll {
    render_id: "1pwhfhh11z",
    bucket_name: "remotionlambda-useast1-abc",
    function_name: "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec",
    region: "us-east-1",
    now: LAUNCHED,
    max_event_age: 21_600_000,
};

fuzz_target!(|file: &[u8]| assert_answer(file, Progress::parse(file).ok().as_ref()));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let dictionary = include_str!("../../crates/remotion-lambda/fuzz/dictionaries/progress.dict");
    mutate::json(data, (size, max_size, seed), 0, &[dictionary])
});

fn assert_answer(file: &[u8], progress: Option<&Progress>) {
    API.aws.progressing(file);
    let event = json!({
        "version": "2.0", "rawPath": "/render/1pwhfhh11z",
        "requestContext": {
            "authorizer": {"jwt": {"claims": {"iss": "https://issuer.example", "sub": "ada"}}}, "http": {"method": "GET", "path": "/render/1pwhfhh11z"},
        },
    });
    let answer = API.handle(to_raw_value(&event).expect("JSON"));
    match (progress, answer.status) {
        (Some(_), 200) => {}
        // Remotion writes no key like this, and there is no link to it.
        (Some(progress), 503) => assert!(has_empty_key(progress), "{answer:?}"),
        (None, 502) => assert_eq!(
            answer.body.expect("a problem")["code"],
            "render_state_invalid"
        ),
        _ => panic!("{answer:?}"),
    }
}

fn has_empty_key(progress: &Progress) -> bool {
    progress
        .output(&POLL)
        .is_some_and(|output| output.key.is_empty())
}
