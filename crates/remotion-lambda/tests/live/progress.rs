//! Thousands of states of renders, to this crate and to the official client: the same numbers.

#[path = "../official/official_progress.rs"]
mod official_progress;

use std::cell::RefCell;
use std::collections::HashMap;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use remotion_lambda::Status;
use serde_json::{Value, json};

use crate::official::Official;
use official_progress::{Call, differences};

const CASES: u32 = 3_000;
const LAUNCHED: u64 = 1_767_225_600_000;
const BUCKET: &str = "remotionlambda-useast1-abcdefghij";

const REGIONS: [&str; 25] = [
    "eu-central-1",
    "eu-central-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-south-1",
    "eu-north-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-south-1",
    "ap-east-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "sa-east-1",
];

/// A function as Remotion names it, with its timeout in seconds.
fn function() -> impl Strategy<Value = (String, u64)> {
    (512..=10_240_u32, 5..=900_u64).prop_map(|(memory, seconds)| {
        let name = format!("remotion-render-4-0-520-mem{memory}mb-disk2048mb-{seconds}sec");
        (name, seconds)
    })
}

fn error() -> impl Strategy<Value = Value> {
    (
        select(vec![
            "deliberate failure at frame 7",
            "renderMedia() got cancelled",
            "TypeError: x is undefined\n    at f (/var/task/index.js:1:1)",
            "ä ☃ \u{1f600}",
        ]),
        option::of(0..5_000_u32),
        option::of(0..200_u32),
        prop::bool::weighted(0.7),
        prop::bool::weighted(0.5),
    )
        .prop_map(|(message, frame, chunk, fatal, retried)| {
            json!({
                "type": "renderer", "message": message, "name": "Error", "stack": format!("Error: {message}\n    at x"),
                "frame": frame, "chunk": chunk, "isFatal": fatal, "attempt": 1, "willRetry": retried,
                "totalAttempts": 2, "tmpDir": null,
            })
        })
}

/// Codecs, each with an audio codec that it may come with, and an extension that both allow.
fn codec() -> impl Strategy<Value = (&'static str, Option<&'static str>, &'static str)> {
    select(vec![
        ("h264", None, "mp4"),
        ("h264", Some("aac"), "mov"),
        ("h264", Some("mp3"), "mkv"),
        ("h264", Some("pcm-16"), "mkv"),
        ("h265", None, "mp4"),
        ("h265", Some("pcm-16"), "mkv"),
        ("vp8", None, "webm"),
        ("vp9", Some("pcm-16"), "mkv"),
        ("mp3", None, "mp3"),
        ("mp3", Some("pcm-16"), "wav"),
        ("aac", None, "aac"),
        ("wav", None, "wav"),
        ("gif", None, "gif"),
        ("gif", None, "gif"),
        ("prores", None, "mov"),
        ("prores", Some("aac"), "mxf"),
    ])
}

/// The object form of the name, or a file's without its extension.
fn out_name() -> impl Strategy<Value = Option<Value>> {
    select(vec![
        None,
        None,
        Some(json!("a video")),
        Some(json!({"bucketName": "videos.example.com", "key": "a/b.mp4"})),
    ])
}

fn metadata(timeout: u64) -> impl Strategy<Value = Value> {
    (
        (
            codec(),
            prop::bool::weighted(0.4),
            out_name(),
            option::weighted(0.7, function()),
        ),
        (
            0..500_u32,
            0..3_000_u32,
            1..8_u32,
            1..=200_u32,
            any::<bool>(),
            0..50_u64,
        ),
        (Just(timeout), select(vec!["", "7-days-"])),
    )
        .prop_map(
            |(
                ((codec, audio, extension), muted, out_name, renderer),
                (first, more, every, chunks, single, late),
                (timeout, prefix),
            )| {
                let chunks = if single { 1 } else { chunks };
                let mut metadata = json!({
                    "type": "video", "startedDate": LAUNCHED + late, "totalChunks": chunks,
                    "estimatedTotalLambdaInvokations": chunks + 1,
                    "estimatedRenderLambdaInvokations": if single { 0 } else { chunks },
                    "compositionId": "intro", "codec": codec, "audioCodec": audio, "muted": muted,
                    "frameRange": [first, first + more], "everyNthFrame": every, "privacy": "private",
                    "renderId": format!("{prefix}1pwhfhh11z"), "memorySizeInMb": 2_048, "region": "us-east-1",
                    "rendererFunctionName": renderer.map_or_else(|| format!("renderer-{timeout}"), |(name, _)| name),
                    "inputProps": {"type": "payload", "payload": "{}"},
                });
                if let Some(name) = out_name {
                    let file = name.as_str().map(|name| json!(format!("{name}.{extension}")));
                    metadata["outName"] = file.unwrap_or(name);
                }
                metadata
            },
        )
}

fn finish() -> impl Strategy<Value = Value> {
    (
        any::<u32>(),
        0.0..100.0_f64,
        any::<u32>(),
        prop::collection::vec(error(), 0..3),
    )
        .prop_map(|(size, cost, took, errors)| {
            json!({
                "cost": {
                    "currency": "USD", "disclaimer": "Estimated cost for function invocations only.",
                    "estimatedCost": cost, "estimatedDisplayCost": format!("${cost:.3}"),
                },
                "outputFile": "https://example.com/out.mp4", "outputSize": size, "renderSize": size,
                "timeToFinish": took, "timeToRenderFrames": took, "timeToEncode": null, "timeToCombine": null,
                "timeToCleanUp": 1, "timeToRenderChunks": took, "errors": errors, "filesCleanedUp": 0,
                "startTime": LAUNCHED, "endTime": LAUNCHED + u64::from(took), "retriesInfo": [],
                "estimatedBillingDurationInMilliseconds": took, "deleteAfter": null, "artifactProgress": [],
            })
        })
}

/// A request to the official client: a state of a render, from its first moment to long after its end.
fn request() -> impl Strategy<Value = Value> {
    let planned = function().prop_flat_map(|(name, seconds)| {
        (
            Just((name, seconds)),
            option::weighted(0.9, metadata(seconds)),
        )
    });
    let counters = (
        prop::bool::weighted(0.3),
        0.0..1.05_f64,
        0.0..1.05_f64,
        0.0..1.0_f64,
        0..=200_usize,
        0..=210_u32,
        prop::bool::weighted(0.4),
    );
    let life = (
        prop::collection::vec((0..900_000_u64, 0..900_000_u64), 0..60),
        prop_oneof![
            3 => Just(Vec::new()),
            1 => prop::collection::vec(error(), 1..4)
        ],
        option::weighted(0.2, finish()),
        option::weighted(0.7, 0..2_000_u64),
        option::weighted(0.8, 0..2_000_u64),
        option::weighted(0.3, 0..900_000_u64),
    );
    let moment = (
        0.0..3.0_f64,
        select(REGIONS.as_slice()),
        any::<Index>(),
        any::<u32>(),
    );
    (planned, counters, life, moment).prop_map(|(planned, counters, life, moment)| {
        let ((function_name, seconds), metadata) = planned;
        let (all, rendered, encoded, combined, chunks, invoked, has_combined) = counters;
        let (timings, errors, finish, opened, validated, fatal_at) = life;
        let (elapsed, region, output, size) = moment;
        let count = |name: &str| metadata.as_ref().map_or(0, |metadata| metadata[name].as_u64().expect("a count"));
        let frames = metadata.as_ref().map_or(100, |metadata| {
            let range = |at: usize| metadata["frameRange"][at].as_u64().expect("a frame");
            (range(1) - range(0) + 1).div_ceil(count("everyNthFrame"))
        });
        let share = |part: f64| share_of(frames, part);
        let chunks = if all { count("totalChunks") } else { chunks as u64 };
        let timings: Vec<_> = timings
            .iter()
            .enumerate()
            .map(|(chunk, (start, end))| json!({"chunk": chunk, "start": LAUNCHED + start, "rendered": LAUNCHED + end}))
            .collect();
        let progress = json!({
            "cancellationEnabled": false,
            "chunks": (0..chunks).collect::<Vec<_>>(),
            "framesRendered": if all { frames } else { share(rendered) },
            "framesEncoded": share(encoded),
            "combinedFrames": if all { json!(frames) } else { json!(fraction_of(frames, combined)) },
            "timeToCombine": has_combined.then_some(7),
            "timeToEncode": null,
            "lambdasInvoked": invoked,
            "retries": [],
            "timings": timings,
            "postRenderData": finish.filter(|_| metadata.is_some()),
            "renderMetadata": metadata,
            "errors": errors,
            "fatalErrorTimestamp": fatal_at.map(|after| LAUNCHED + after),
            "timeToRenderFrames": null,
            "timeoutTimestamp": LAUNCHED + seconds * 1_000,
            "functionLaunched": LAUNCHED,
            "serveUrlOpened": opened.map(|after| LAUNCHED + after),
            "compositionValidated": validated.map(|after| LAUNCHED + after),
            "receivedArtifact": [],
        });
        json!({
            "id": 1,
            "routine": "progress",
            "progress": progress,
            "now": LAUNCHED + share_of(seconds * 1_000, elapsed),
            "options": {"functionName": function_name, "region": region, "bucketName": BUCKET, "renderId": "1pwhfhh11z"},
            "output": output.get(&[json!({"sizeInBytes": size}), json!({"sizeInBytes": size}), Value::Null, json!("denied")]),
        })
    })
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn fraction_of(whole: u64, part: f64) -> f64 {
    whole as f64 * part
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small and positive"
)]
fn share_of(whole: u64, part: f64) -> u64 {
    fraction_of(whole, part) as u64
}

#[test]
#[ignore = "needs Node.js, and `npm ci` in conformance"]
fn progress() {
    let official = RefCell::new(Official::javascript());
    let seen = RefCell::new(HashMap::<&str, u32>::new());
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    });
    let outcome = runner.run(&request(), |request| {
        let theirs = official
            .borrow_mut()
            .progress(&request)
            .map_err(TestCaseError::fail)?;
        let call: Call = serde_json::from_value(request["options"].clone()).expect("options");
        let now = request["now"].as_u64().expect("a time");
        let output_size = request["output"]["sizeInBytes"].as_u64();
        let file = request["progress"].to_string();
        let ours = call
            .overview(&file, now, output_size)
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let differing = differences(&ours, &theirs);
        prop_assert!(
            differing.is_empty(),
            "{}: ours {:?}, official {}",
            differing.join(", "),
            ours,
            theirs
        );
        let status = match ours.status {
            Status::Queued => "queued",
            Status::Rendering => "rendering",
            Status::Encoding => "encoding",
            Status::Done if !request["progress"]["postRenderData"].is_null() => "done",
            Status::Done if theirs.get().contains(r#""done":true"#) => "found by both",
            Status::Done => "found by us",
            Status::Failed => "failed",
            Status::Cancelled => "cancelled",
            Status::TimedOut => "timed out",
            _ => unreachable!("no state says so"),
        };
        *seen.borrow_mut().entry(status).or_default() += 1;
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let seen = seen.into_inner();
    println!("progress: {seen:?}");
    assert_eq!(seen.len(), 9, "a status never came up: {seen:?}");
}
