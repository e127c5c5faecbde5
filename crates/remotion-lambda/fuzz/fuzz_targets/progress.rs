//! Any bytes as the state that Remotion keeps of a render.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use remotion_lambda::{Overview, Poll, Progress, Status};
use remotion_lambda_fuzz::mutate;

const LAUNCHED: u64 = 1_767_225_600_000;

const POLL: Poll<'static> = Poll {
    render_id: "1pwhfhh11z",
    bucket_name: "remotionlambda-useast1-abc",
    function_name: "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec",
    region: "us-east-1",
    now: LAUNCHED,
    max_event_age: 21_600_000,
};

fuzz_target!(|file: &[u8]| {
    let Ok(progress) = Progress::parse(file) else {
        return;
    };
    for (now, region, function_name) in [
        (0, "nowhere", POLL.function_name),
        (LAUNCHED + 10_000, POLL.region, POLL.function_name),
        (LAUNCHED + 3_600_000, "cn-north-1", "renderer"),
        (u64::MAX, POLL.region, POLL.function_name),
    ] {
        let poll = Poll {
            function_name,
            region,
            now,
            ..POLL
        };
        for size in [None, Some(u64::MAX)] {
            assert_overview(&progress.overview(&poll, size));
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let dictionary = include_str!("../dictionaries/progress.dict");
    mutate::json(data, (size, max_size, seed), 0, &[dictionary])
});

fn assert_overview(overview: &Overview) {
    let progress = overview.overall_progress;
    assert!((0.0..=1.0).contains(&progress), "{progress}");
    if let Some(costs) = &overview.costs {
        assert!(costs.accrued_so_far.is_finite());
    }
    assert!(overview.output.is_none() || overview.status == Status::Done);
    for error in &overview.errors {
        let text = &error.message;
        assert!(
            !text.is_empty() && !text.contains(char::is_control),
            "{text:?}"
        );
        // `warn:` names none.
        let mut arns = text.match_indices("arn:aws");
        let names_a_resource = arns.any(|(at, _)| !text[..at].ends_with(char::is_alphabetic));
        assert!(
            !names_a_resource && !text.contains(".console.aws."),
            "{text}"
        );
    }
    // A number that is none would be written as `null`.
    let json = serde_json::to_value(overview).expect("JSON");
    assert!(json["overallProgress"].is_number());
    assert!(json["costs"].is_null() || json["costs"]["accruedSoFar"].is_number());
}
