//! Any bytes as the render function's answer to each routine. The first byte says to which, and whether AWS Lambda marks it
//! as an error.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use remotion_lambda::{
    CompositionsPayload, InfoPayload, ReplyError, Routine, StartPayload, StatusPayload,
    StillPayload, decode,
};
use remotion_lambda_fuzz::mutate;
use remotion_render_api_fuzz::api::Api;
use remotion_render_api_fuzz::aws::Reply;
use serde_json::json;
use serde_json::value::to_raw_value;

static API: LazyLock<Api> = LazyLock::new(|| Api::new(&[("REMOTION_VERSION", "4.0.520")]));

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((first, body)) = data.split_first() else {
        return Corpus::Reject;
    };
    let function_error = first & 8 != 0;
    let (decoded, route) = match first % 8 {
        0 => (
            decoded::<StartPayload>(function_error, body),
            Some(("POST", "/render")),
        ),
        1 => (
            decoded::<StillPayload>(function_error, body),
            Some(("POST", "/still")),
        ),
        2 => (
            decoded::<CompositionsPayload>(function_error, body),
            Some(("GET", "/compositions")),
        ),
        3 => (
            decoded::<InfoPayload>(function_error, body),
            Some(("GET", "/health")),
        ),
        4 => (decoded::<StatusPayload>(function_error, body), None),
        _ => return Corpus::Reject,
    };
    if let Err(error) = &decoded {
        assert_readable(&error.to_string());
    }
    if let Some((method, path)) = route {
        assert_answer(
            method,
            path,
            Reply {
                body: body.to_owned(),
                function_error,
            },
            decoded.is_ok(),
        );
    }
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let dictionary = include_str!("../dictionaries/reply.dict");
    mutate::json(data, (size, max_size, seed), 1, &[dictionary])
});

fn decoded<R: Routine>(function_error: bool, body: &[u8]) -> Result<(), ReplyError> {
    let function_error = function_error.then_some("Unhandled");
    decode::<R::Reply>(function_error, body).map(drop)
}

/// What a caller may read: one line of bounded length, without the name of an AWS resource.
fn assert_readable(text: &str) {
    assert!(text.chars().count() <= 1_500, "{text}");
    assert!(!text.contains(char::is_control), "{text:?}");
    // `warn:` names none.
    let mut arns = text.match_indices("arn:aws");
    let names_a_resource = arns.any(|(at, _)| !text[..at].ends_with(char::is_alphabetic));
    assert!(
        !names_a_resource && !text.contains(".console.aws."),
        "{text}"
    );
}

fn assert_answer(method: &str, path: &str, reply: Reply, is_good: bool) {
    let event = json!({
        "version": "2.0", "rawPath": path,
        "requestContext": {
            "authorizer": {"jwt": {"claims": {"iss": "https://issuer.example", "sub": "ada"}}}, "http": {"method": method, "path": path}, "requestId": "r",
        },
    });
    API.aws.replying(reply);
    let answer = API.handle(to_raw_value(&event).expect("JSON"));
    let _ = answer.started();
    match answer.status {
        200 => assert!(is_good, "{answer:?}"),
        // Nonsense within a good answer, such as a bucket with an impossible name, or another version.
        429 | 502 | 503 => {
            let body = answer.body.expect("a problem document");
            assert_readable(body["detail"].as_str().expect("a detail"));
        }
        _ => panic!("{answer:?}"),
    }
}
