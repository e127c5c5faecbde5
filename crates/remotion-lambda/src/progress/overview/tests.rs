//! By states of renders that Remotion writes, and by some that it does not.

use super::{Artifact, Location, Overview, Poll, Progress, Status};
use serde_json::{Value, json};

const LAUNCHED: u64 = 1_767_225_600_000;

const POLL: Poll<'static> = Poll {
    render_id: "1pwhfhh11z",
    bucket_name: "remotionlambda-useast1-abc",
    function_name: "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec",
    region: "us-east-1",
    now: LAUNCHED + 10_000,
    max_event_age: 0,
};

const OVERDUE: Poll<'static> = Poll {
    now: LAUNCHED + 140_001,
    ..POLL
};

/// A render of ten frames, half done, with something over it.
fn with(others: Value) -> Value {
    let mut file = json!({
        "framesRendered": 5, "framesEncoded": 2, "lambdasInvoked": 1, "timeoutTimestamp": LAUNCHED + 120_000,
        "functionLaunched": LAUNCHED, "serveUrlOpened": LAUNCHED + 1, "compositionValidated": LAUNCHED + 2,
        "renderMetadata": {
            "type": "video", "startedDate": LAUNCHED, "totalChunks": 1, "estimatedRenderLambdaInvokations": 1,
            "codec": "h264", "frameRange": [0, 9], "everyNthFrame": 1, "compositionId": "intro",
        },
    });
    let Value::Object(others) = others else {
        panic!("an object")
    };
    file.as_object_mut().expect("an object").extend(others);
    file
}

fn seen(file: &Value, poll: &Poll<'_>, output: Option<u64>) -> Overview {
    let file = file.to_string();
    let progress = Progress::parse(file.as_bytes()).expect("a file");
    progress.overview(poll, output)
}

#[track_caller]
fn assert_status(others: Value, poll: &Poll<'_>, output: Option<u64>, status: Status) {
    assert_eq!(seen(&with(others), poll, output).status, status);
}

#[track_caller]
fn assert_undecided(others: Value, poll: &Poll<'_>, undecided: bool) {
    let file = with(others).to_string();
    let progress = Progress::parse(file.as_bytes()).expect("a file");
    let output = Location {
        bucket: POLL.bucket_name.into(),
        key: "renders/1pwhfhh11z/out.mp4".into(),
    };
    assert_eq!(progress.undecided_output(poll), undecided.then_some(output));
}

fn fatal(message: &str) -> Value {
    json!([{"message": message, "isFatal": true, "willRetry": false, "chunk": 0}])
}

#[test]
fn queued() {
    let nothing = Progress::default().overview(&POLL, None);
    assert_eq!(nothing.status, Status::Queued);
    assert_eq!(nothing.frames_total, None);
    assert_eq!(nothing.started_at, None);
    let started = json!({"renderMetadata": null, "serveUrlOpened": null});
    assert_status(started, &POLL, None, Status::Queued);
}

#[test]
fn rendering() {
    assert_status(json!({}), &POLL, None, Status::Rendering);
    let opened = json!({"renderMetadata": null});
    assert_status(opened, &POLL, None, Status::Rendering);
    // Nobody asked, so that there is no answer.
    assert_status(json!({}), &POLL, Some(7), Status::Rendering);
}

#[test]
fn encoding() {
    assert_status(json!({"framesRendered": 10}), &POLL, None, Status::Encoding);
    let retried = json!([{"message": "x", "isFatal": true, "willRetry": true}]);
    assert_status(
        json!({"framesRendered": 10, "errors": retried}),
        &POLL,
        None,
        Status::Encoding,
    );
}

#[test]
fn done() {
    let finish = json!({"outputSize": 7, "timeToFinish": 5, "endTime": LAUNCHED + 6, "errors": []});
    let file = with(json!({"postRenderData": finish, "errors": fatal("x")}));
    let overview = seen(&file, &OVERDUE, None);
    assert_eq!(overview.status, Status::Done);
    assert_eq!(overview.output_size_in_bytes, Some(7));
    assert_eq!(overview.frames_rendered, 10);
    assert_eq!(overview.finished_at, Some(LAUNCHED + 6));
    assert_eq!(
        overview.output.map(|output| output.key).as_deref(),
        Some("renders/1pwhfhh11z/out.mp4")
    );
}

#[test]
fn failed() {
    assert_status(
        json!({"errors": fatal("x")}),
        &OVERDUE,
        Some(7),
        Status::Failed,
    );
    let overview = seen(&with(json!({"errors": fatal("x")})), &POLL, None);
    assert_eq!(overview.errors[0].message, "x");
    assert_eq!(overview.output, None);
    // Remotion cancels the rest of a render that failed.
    let rest = json!([fatal("x")[0], fatal("renderMedia() got cancelled")[0]]);
    assert_status(json!({"errors": rest}), &POLL, None, Status::Failed);
}

#[test]
fn cancelled() {
    let errors = fatal("renderMedia() got cancelled");
    assert_status(
        json!({"errors": errors, "fatalErrorTimestamp": LAUNCHED + 3}),
        &POLL,
        None,
        Status::Cancelled,
    );
}

/// A function whose time ends cancels its own render, in the words of a user's cancel.
#[test]
fn cancelled_by_its_own_timeout() {
    let errors = fatal("renderMedia() got cancelled");
    let file = with(json!({"errors": errors, "fatalErrorTimestamp": LAUNCHED + 119_812}));
    let overview = seen(&file, &POLL, None);
    assert_eq!(overview.status, Status::TimedOut);
    assert_eq!(
        overview.errors[0].message,
        "The render did not finish in time."
    );
    assert_eq!(overview.finished_at, Some(LAUNCHED + 119_812));
    assert_status(
        json!({"errors": errors, "fatalErrorTimestamp": LAUNCHED + 118_000}),
        &POLL,
        None,
        Status::Cancelled,
    );
    assert_status(
        json!({"errors": fatal("x"), "fatalErrorTimestamp": LAUNCHED + 119_812}),
        &POLL,
        None,
        Status::Failed,
    );
}

#[test]
fn timed_out() {
    assert_status(json!({}), &OVERDUE, None, Status::TimedOut);
    let at_the_end = Poll {
        now: OVERDUE.now - 1,
        ..POLL
    };
    assert_status(json!({}), &at_the_end, None, Status::Rendering);
    let nothing = json!({"renderMetadata": null, "serveUrlOpened": null});
    assert_status(nothing, &OVERDUE, None, Status::TimedOut);
    let overview = seen(&with(json!({})), &OVERDUE, None);
    assert_eq!(
        overview.errors[0].message,
        "The render did not finish in time."
    );
    // The output is there: only the last word is missing.
    let overview = seen(&with(json!({})), &OVERDUE, Some(7));
    assert_eq!(overview.status, Status::Done);
    assert_eq!(overview.output_size_in_bytes, Some(7));
    assert_eq!(overview.time_to_finish, Some(140_001));
    assert_eq!(overview.errors, []);
}

/// AWS keeps a launch that it cannot run yet, and runs it late.
#[test]
fn queued_until_it_can_no_longer_start() {
    let started = json!({"renderMetadata": null, "serveUrlOpened": null, "lambdasInvoked": 0});
    let at = |seconds: u64| Poll {
        now: LAUNCHED + seconds * 1_000,
        max_event_age: 6 * 3_600_000,
        ..POLL
    };
    let may_start = |poll: &Poll<'_>| {
        let file = with(started.clone()).to_string();
        Progress::parse(file.as_bytes())
            .expect("a file")
            .may_start(poll)
    };
    for (seconds, status, may) in [
        (150, Status::Queued, true),
        (21_599, Status::Queued, true),
        // It may have started in the last moment, and has its own time then.
        (21_601, Status::Queued, false),
        (21_740, Status::Queued, false),
        (21_741, Status::TimedOut, false),
    ] {
        assert_status(started.clone(), &at(seconds), None, status);
        assert_eq!(may_start(&at(seconds)), may, "{seconds}");
    }
    // One that has begun has its own timeout.
    assert_status(
        json!({"renderMetadata": null}),
        &at(150),
        None,
        Status::TimedOut,
    );
}

#[test]
fn artifacts() {
    let artifact = json!([{"filename": "captions.srt", "sizeInBytes": 7, "s3Key": "renders/1pwhfhh11z/artifacts/captions.srt", "s3Url": "x"}]);
    let overview = seen(&with(json!({"receivedArtifact": artifact})), &POLL, None);
    let captions = Artifact {
        name: "captions.srt".into(),
        size_in_bytes: 7,
        key: "renders/1pwhfhh11z/artifacts/captions.srt".into(),
    };
    assert_eq!(overview.artifacts, [captions]);
}

#[test]
fn undecided() {
    assert_undecided(json!({}), &POLL, false);
    assert_undecided(json!({}), &OVERDUE, true);
    assert_undecided(json!({"errors": fatal("x")}), &OVERDUE, false);
    assert_undecided(json!({"renderMetadata": null}), &OVERDUE, false);
    let combined = json!({"chunks": [0, 0], "combinedFrames": 10, "timeToCombine": 3});
    assert_undecided(combined, &POLL, true);
    let combining = json!({"chunks": [0, 0], "combinedFrames": 9.9, "timeToCombine": 3});
    assert_undecided(combining, &POLL, false);
}

#[test]
fn beyond_reason() {
    for metadata in [
        json!({"frameRange": [0, 9], "everyNthFrame": 0}),
        json!({"frameRange": [9, 0]}),
        json!({"frameRange": [0, 1e308], "everyNthFrame": 1e-308}),
        json!({}),
    ] {
        let file = with(json!({"renderMetadata": metadata, "framesRendered": -5}));
        for poll in [POLL, OVERDUE, Poll { now: 0, ..POLL }] {
            let overview = seen(&file, &poll, Some(7));
            assert!((0.0..=1.0).contains(&overview.overall_progress));
            assert_eq!(overview.frames_total, None);
            assert_eq!(overview.frames_rendered, 0);
        }
    }
    let overshot = seen(&with(json!({"framesRendered": 1e300})), &POLL, None);
    assert!((overshot.overall_progress - 1.0).abs() < f64::EPSILON);
}

/// What does not belong to the answer is not in it.
#[test]
fn names() {
    let answer = serde_json::to_value(seen(&with(json!({})), &POLL, None)).expect("JSON");
    let mut names: Vec<_> = answer.as_object().expect("an object").keys().collect();
    let mut expected = [
        "renderId",
        "bucketName",
        "status",
        "overallProgress",
        "framesRendered",
        "framesTotal",
        "framesEncoded",
        "chunks",
        "chunksTotal",
        "costs",
        "startedAt",
        "finishedAt",
        "timeToFinish",
        "timeoutAt",
        "errors",
        "outputSizeInBytes",
    ];
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(answer["status"], "rendering");
}
