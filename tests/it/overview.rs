//! How a render stands, and what may be done with it then.

use aws_smithy_types::body::SdkBody;
use lambda_http::http::Response;
use remotion_render_api::clock;
use serde_json::{Value, json};

use crate::harness::{Deployment, FUNCTION, Outcome, post_render};

const ID: &str = "1pwhfhh11z";
const BUCKET: &str = "remotionlambda-useast1-abc";
const DAY: u64 = 24 * 3_600_000;

/// The record of a render that started some time ago.
fn record(id: &str, age: u64, others: Value) -> Value {
    let mut item = json!({
        "pk": {"S": "owner#x#y"}, "sk": {"S": format!("render#{id}")}, "kind": {"S": "render"}, "bucketName": {"S": BUCKET},
        "functionName": {"S": FUNCTION}, "version": {"S": "4.0.520"}, "composition": {"S": "MyVideo"},
        "cancellable": {"BOOL": true}, "startedAt": {"N": (clock::now_ms() - age).to_string()},
    });
    let Value::Object(others) = others else {
        panic!("an object")
    };
    item.as_object_mut().expect("an object").extend(others);
    json!({"Items": [item], "Count": 1})
}

/// A state as Remotion writes it, of a render of 120 s that was launched some time ago.
fn state(age: u64, others: Value) -> Value {
    let launched = clock::now_ms() - age;
    let mut state = json!({
        "functionLaunched": launched, "timeoutTimestamp": launched + 120_000, "serveUrlOpened": launched + 1,
        "framesRendered": 5, "framesEncoded": 2, "chunks": [], "lambdasInvoked": 1, "errors": [],
        "renderMetadata": {"type": "video", "codec": "h264", "frameRange": [0, 9], "everyNthFrame": 1, "totalChunks": 1,
                           "startedDate": launched, "estimatedRenderLambdaInvokations": 1},
    });
    let Value::Object(others) = others else {
        panic!("an object")
    };
    state.as_object_mut().expect("an object").extend(others);
    state
}

/// What `start` has written, and nobody since.
fn untouched(age: u64) -> Value {
    state(
        age,
        json!({"serveUrlOpened": null, "renderMetadata": null, "framesRendered": 0, "lambdasInvoked": 0}),
    )
}

fn done(age: u64, out_name: Value) -> Value {
    let mut state = state(
        age,
        json!({"postRenderData": {"outputSize": 7, "timeToFinish": 5, "endTime": clock::now_ms(), "errors": []}}),
    );
    state["renderMetadata"]["outName"] = out_name;
    state
}

fn deployment() -> Deployment {
    Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .with("REMOTION_BUCKET_NAME", BUCKET)
}

fn knowing(record: &Value) -> Deployment {
    deployment().answering(&record.to_string())
}

fn request(deployment: Deployment, method: &str, path: &str) -> Outcome {
    let mut event = post_render("");
    event["rawPath"] = path.into();
    event["requestContext"]["http"] = json!({"method": method, "path": path});
    deployment.handle(&event.to_string())
}

/// With the answer to the writing of an end, where the render has ended.
fn get(deployment: Deployment) -> Outcome {
    request(ended(deployment), "GET", &format!("/render/{ID}"))
}

/// The answer to the writing of an end.
fn ended(deployment: Deployment) -> Deployment {
    deployment.answering("{}")
}

fn delete(deployment: Deployment) -> Outcome {
    request(deployment, "DELETE", &format!("/render/{ID}"))
}

/// S3's answer to a question that has no body.
fn head(deployment: Deployment, status: u16) -> Deployment {
    let response = Response::builder().status(status).body(SdkBody::empty());
    deployment.responding(response.expect("a response"))
}

/// S3 has no such object.
fn no_state(deployment: Deployment) -> Deployment {
    let body = "<Error><Code>NoSuchKey</Code></Error>";
    let response = Response::builder().status(404).body(SdkBody::from(body));
    deployment.responding(response.expect("a response"))
}

/// The answers to what a deletion asks.
fn emptied(deployment: Deployment) -> Deployment {
    const NONE: &str = "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";
    deployment.answering("{}").answering(NONE).answering("{}")
}

/// A bucket of the operator's that the role may not read, or that is elsewhere, keeps nobody from what is known without it.
#[test]
fn an_output_elsewhere_that_does_not_tell() {
    let place = json!({"bucketName": "videos", "key": "a.mp4"});
    let elsewhere = json!({"outputBucket": {"S": "videos"}, "outputKey": {"S": "a.mp4"}});
    let combined =
        json!({"framesRendered": 10, "chunks": [0, 0], "combinedFrames": 10, "timeToCombine": 3});
    for status in [403, 301, 400, 404] {
        for (age, others, told) in [
            (10_000, &combined, "encoding"),
            (150_000, &json!({}), "timed_out"),
        ] {
            let mut state = state(age, others.clone());
            state["renderMetadata"]["outName"] = place.clone();
            let asked = knowing(&record(ID, age, elsewhere.clone())).answering(&state.to_string());
            let outcome = get(head(asked, status));
            assert_eq!(outcome.status(), 200, "{status}");
            assert_eq!(outcome.body()["status"], told, "{status}");
        }
        let mut state = state(150_000, json!({}));
        state["renderMetadata"]["outName"] = place.clone();
        let asked = knowing(&record(ID, 150_000, elsewhere.clone())).answering(&state.to_string());
        // Nor may the role delete there.
        let marked = ended(head(asked, status))
            .answering("{}")
            .failing(403, "AccessDenied", "no");
        let none = "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>";
        assert_eq!(
            delete(marked.answering(none).answering("{}")).status(),
            204,
            "{status}"
        );
    }
}

#[test]
fn an_output_in_the_operators_bucket_is_linked_and_deleted() {
    let elsewhere = json!({"outputBucket": {"S": "videos"}, "outputKey": {"S": "YWRh/a.mp4"}});
    let own = || {
        deployment()
            .with("OUTPUT_BUCKET_NAME", "videos")
            .answering(&record(ID, 10_000, elsewhere.clone()).to_string())
            .answering(
                &done(10_000, json!({"bucketName": "videos", "key": "YWRh/a.mp4"})).to_string(),
            )
    };
    let body = get(own()).body();
    let url = body["outputUrl"].as_str().expect("a link");
    assert!(
        url.starts_with("https://videos.s3.") && url.contains("/YWRh/a.mp4?"),
        "{url}"
    );
    assert_eq!(body["outputSizeInBytes"], 7);
    let deleted = delete(emptied(ended(own()).answering("{}")));
    assert_eq!(deleted.status(), 204);
    let uris: Vec<_> = deleted
        .sent
        .iter()
        .map(|sent| format!("{} {}", sent.method, sent.uri))
        .collect();
    assert!(
        uris.iter()
            .any(|uri| uri.starts_with("DELETE https://videos.s3.") && uri.contains("/YWRh/a.mp4")),
        "{uris:?}"
    );
    // There the role must be right.
    let denied = ended(own())
        .answering("{}")
        .failing(403, "AccessDenied", "no");
    let detail = delete(denied).assert_problem(503, "storage_denied");
    assert!(detail.contains("s3:GetObject, DeleteObject"), "{detail}");
}

/// Whatever its state says.
#[test]
fn only_a_renders_own_output_is_linked() {
    for (out_name, linked) in [
        (json!(null), true),
        (json!("mine.mp4"), true),
        (
            json!({"bucketName": BUCKET, "key": "shared/video.mp4"}),
            false,
        ),
        (
            json!({"bucketName": BUCKET, "key": "renders/aaaaaaaaaa/out.mp4"}),
            false,
        ),
        (json!({"bucketName": "videos", "key": "a.mp4"}), false),
    ] {
        let asked = knowing(&record(ID, 10_000, json!({})))
            .answering(&done(10_000, out_name.clone()).to_string());
        let outcome = get(asked);
        assert_eq!(outcome.body()["status"], "done");
        assert_eq!(
            outcome.body()["outputUrl"].is_string(),
            linked,
            "{out_name}"
        );
    }
    // Nor that of a render whose id a state borrows.
    let mut borrowed = done(10_000, json!(null));
    borrowed["renderMetadata"]["renderId"] = "aaaaaaaaaa".into();
    let asked = knowing(&record(ID, 10_000, json!({}))).answering(&borrowed.to_string());
    assert_eq!(get(asked).body()["outputUrl"], Value::Null);
}

/// AWS keeps a launch that it cannot run, and runs it hours later: a render that is deleted until then would be nobody's.
#[test]
fn a_render_that_may_still_start() {
    let asked =
        || knowing(&record(ID, 150_000, json!({}))).answering(&untouched(150_000).to_string());
    assert_eq!(get(asked()).body()["status"], "queued");
    let before = clock::now_ms();
    let refused = delete(asked());
    let passed = (clock::now_ms() - before) / 1_000 + 1;
    refused.assert_problem(409, "render_may_start");
    let seconds: u64 = refused
        .header("retry-after")
        .and_then(|text| text.parse().ok())
        .expect("seconds");
    assert!((21_450 - passed..=21_450).contains(&seconds), "{seconds}");
    // Of a function whose events do not grow old.
    let asked = |age| {
        deployment()
            .with("REMOTION_MAX_EVENT_AGE_SECONDS", "60")
            .answering(&record(ID, age, json!({})).to_string())
            .answering(&untouched(age).to_string())
    };
    assert_eq!(get(asked(150_000)).body()["status"], "queued");
    // It can no longer start, but may have started in the last moment.
    delete(asked(150_000)).assert_problem(409, "render_running");
    assert_eq!(get(asked(201_000)).body()["status"], "timed_out");
    assert_eq!(delete(emptied(ended(asked(201_000)))).status(), 204);
}

/// What has waited in the queue begins when it leaves it.
#[test]
fn a_render_that_has_waited_for_days_may_still_start() {
    let launched = (clock::now_ms() - 10_000).to_string();
    let launched = json!({"launchedAt": {"N": launched}});
    let asked = || no_state(knowing(&record(ID, 2 * DAY, launched.clone())));
    assert_eq!(get(asked()).body()["status"], "queued");
    delete(asked()).assert_problem(409, "render_may_start");
}

#[test]
fn files_that_delete_after_has_taken() {
    for (prefix, days) in [("1-day", 1), ("3-days", 3), ("7-days", 7), ("30-days", 30)] {
        let id = format!("{prefix}-{ID}");
        let path = format!("/render/{id}");
        let after = |age| no_state(knowing(&record(&id, age, json!({}))));
        let expired = request(after(days * DAY + 1), "GET", &path);
        assert_eq!(expired.body()["status"], "expired", "{prefix}");
        assert_eq!(expired.body()["outputUrl"], Value::Null);
        assert_eq!(expired.header("retry-after"), None);
        let before = request(ended(after(days * DAY - 60_000)), "GET", &path);
        assert_eq!(before.body()["status"], "timed_out", "{prefix}");
        request(after(days * DAY + 1), "POST", &format!("{path}/cancel"))
            .assert_problem(409, "render_over");
        assert_eq!(
            request(emptied(after(days * DAY + 1)), "DELETE", &path).status(),
            204
        );
    }
    // Of a still it is asked only where it may be gone.
    let id = format!("1-day-{ID}");
    let output = |bucket: &str| {
        json!({
            "kind": {"S": "still"}, "ended": {"S": "done"}, "finishedAt": {"N": "1"}, "frames": {"N": "1"}, "outputBucket": {"S": bucket},
            "outputKey": {"S": format!("renders/{id}/out.png")},
            "artifacts": {"S": format!(r#"[{{"filename":"a.txt","sizeInBytes":1,"s3Key":"renders/{id}/a.txt"}}]"#)},
        })
    };
    let still = |status| {
        let known = knowing(&record(&id, 2 * DAY, output(BUCKET)));
        head(no_state(known), status)
    };
    let gone = request(still(404), "GET", &format!("/render/{id}"));
    assert_eq!(gone.body()["status"], "expired");
    assert_eq!(gone.body()["artifacts"], json!([]));
    let there = request(still(200), "GET", &format!("/render/{id}"));
    assert_eq!(there.body()["status"], "done");
    // What is in the operator's own bucket stays, and nobody is asked, who may not tell.
    let elsewhere = || no_state(knowing(&record(&id, 2 * DAY, output("videos"))));
    let asked = request(elsewhere(), "GET", &format!("/render/{id}"));
    assert_eq!(asked.body()["status"], "done", "{}", asked.body());
    assert!(asked.sent.iter().all(|sent| !sent.uri.contains("videos")));
}

/// Remotion's bucket is emptied by its rules; the operator's own is not.
#[test]
fn an_output_of_the_operators_stays_when_delete_after_has_passed() {
    let id = format!("1-day-{ID}");
    let ended = |bucket: &str, key: &str| {
        json!({
            "ended": {"S": "done"}, "finishedAt": {"N": "1"}, "frames": {"N": "1"}, "outputBucket": {"S": bucket}, "outputKey": {"S": key},
            "endBucket": {"S": bucket}, "endKey": {"S": key},
        })
    };
    let seen = |place: Value| {
        let known = knowing(&record(&id, 2 * DAY, place.clone()));
        let status = request(no_state(known), "GET", &format!("/render/{id}")).body();
        let listed = knowing(&record(&id, 2 * DAY, place));
        let listed = request(listed, "GET", "/render").body();
        let linked = |body: &Value| body["outputUrl"].is_string();
        (
            status["status"].clone(),
            linked(&status),
            linked(&listed["renders"][0]),
        )
    };
    let kept = seen(ended("videos", "anna/1.mp4"));
    assert_eq!(kept, (json!("done"), true, true));
    let gone = seen(ended(BUCKET, &format!("renders/{id}/out.mp4")));
    assert_eq!(gone, (json!("expired"), false, false));
}

/// It has the render's id in its key, as the output has.
#[test]
fn sound_in_the_operators_bucket_is_linked_and_deleted() {
    let elsewhere = json!({"audioBucket": {"S": "sounds"}, "audioKey": {"S": "YWRh/a.wav"}});
    let own = || knowing(&record(ID, 10_000, elsewhere.clone()));
    let done = done(10_000, json!(null)).to_string();
    let body = get(own().answering(&done)).body();
    assert_eq!(body["artifacts"][0]["name"], "a.wav");
    let url = body["artifacts"][0]["url"].as_str().expect("a link");
    assert!(
        url.starts_with("https://sounds.s3.") && url.contains("/YWRh/a.wav?"),
        "{url}"
    );
    let deleted = delete(emptied(ended(own().answering(&done)).answering("{}")));
    assert_eq!(deleted.status(), 204);
    assert!(
        deleted
            .sent
            .iter()
            .any(|sent| sent.method == "DELETE" && sent.uri.contains("sounds.s3.")),
    );
}

#[test]
fn artifacts_are_linked() {
    let artifact = |key: &str| json!({"filename": "captions.srt", "sizeInBytes": 7, "s3Key": key, "s3Url": "x"});
    let mut state = done(10_000, json!(null));
    state["receivedArtifact"] = json!([
        artifact("renders/1pwhfhh11z/artifacts/captions.srt"),
        artifact("renders/aaaaaaaaaa/artifacts/captions.srt")
    ]);
    let with_sound = record(ID, 10_000, json!({"separateAudio": {"S": "sound.wav"}}));
    let outcome = get(knowing(&with_sound).answering(&state.to_string()));
    let body = outcome.body();
    let [captions, sound] = body["artifacts"].as_array().expect("a list").as_slice() else {
        panic!("two: {body}")
    };
    assert_eq!(
        (&captions["name"], &captions["sizeInBytes"]),
        (&json!("captions.srt"), &json!(7))
    );
    assert!(
        captions["url"]
            .as_str()
            .is_some_and(|url| url.contains("/renders/1pwhfhh11z/artifacts/captions.srt?"))
    );
    assert_eq!(
        (&sound["name"], &sound["sizeInBytes"]),
        (&json!("sound.wav"), &json!(null))
    );
    assert!(
        sound["url"]
            .as_str()
            .is_some_and(|url| url.contains("/renders/1pwhfhh11z/sound.wav?"))
    );
}

#[test]
fn of_a_huge_state_a_part_is_told() {
    let error = json!({"message": "x".repeat(100_000), "isFatal": false});
    let last = json!({"message": "the end", "isFatal": true});
    let errors: Vec<_> = std::iter::repeat_n(error, 150).chain([last]).collect();
    let huge = state(10_000, json!({"errors": errors}));
    let outcome = get(knowing(&record(ID, 10_000, json!({}))).answering(&huge.to_string()));
    let body = outcome.body();
    assert_eq!(body["status"], "failed");
    let told = body["errors"].as_array().expect("a list");
    assert_eq!(
        (told.len(), &told[100]["message"]),
        (101, &json!("the end"))
    );
    assert_eq!(told[0]["message"].as_str().map(str::len), Some(500));
    let deleted = knowing(&record(ID, 10_000, json!({}))).answering(&huge.to_string());
    assert_eq!(delete(emptied(ended(deleted))).status(), 204);
}

#[test]
fn a_state_that_is_too_large_is_told_and_can_be_deleted() {
    let too_large = |age| {
        let response = Response::builder()
            .header("content-length", "60000000")
            .body(SdkBody::from("{}"));
        knowing(&record(ID, age, json!({}))).responding(response.expect("a response"))
    };
    let detail = get(too_large(10_000)).assert_problem(502, "render_state_invalid");
    assert!(
        detail.contains("60000000 bytes, and at most 50331648"),
        "{detail}"
    );
    delete(too_large(10_000)).assert_problem(502, "render_state_invalid");
    assert_eq!(delete(emptied(ended(too_large(DAY)))).status(), 204);
}

/// Nobody could tell of it afterwards.
#[test]
fn nothing_is_deleted_whose_end_could_not_be_written() {
    let over = state(
        10_000,
        json!({"errors": [{"message": "x", "isFatal": true}]}),
    )
    .to_string();
    let known = knowing(&record(ID, 10_000, json!({}))).answering(&over);
    let outcome = delete(known.failing(400, "AccessDeniedException", "no"));
    let asked = outcome.sent.len();
    outcome.assert_problem(503, "renders_table_denied");
    assert_eq!(asked, 3, "the record, the state, and its end");
}

/// The list, and a poll of each state, have one time for one event.
#[test]
fn one_time_of_the_start() {
    let record = record(ID, 10_000, json!({}));
    let started: u64 = record["Items"][0]["startedAt"]["N"]
        .as_str()
        .expect("text")
        .parse()
        .expect("a time");
    for state in [
        untouched(10_500),
        state(9_000, json!({})),
        done(9_500, json!(null)),
    ] {
        let body = get(knowing(&record).answering(&state.to_string())).body();
        assert_eq!(body["startedAt"], started);
    }
}

/// A webhook can come before the state says what it says, and a state can be gone.
#[test]
fn why_a_render_has_ended_is_always_told() {
    const LATE: &str = "The render did not finish in time.";
    let ended = |how: &str, error: &str| {
        let end = json!({
            "ended": {"S": how}, "finishedAt": {"N": "1"}, "frames": {"N": "5"}, "error": {"S": error},
        });
        knowing(&record(ID, 2 * DAY, end))
    };
    let messages = |deployment: Deployment| -> Vec<Value> {
        let body = get(deployment).body();
        let errors = body["errors"].as_array().expect("errors");
        errors
            .iter()
            .map(|error| error["message"].clone())
            .collect()
    };
    let running = state(30_000, json!({})).to_string();
    let overdue = state(150_000, json!({})).to_string();
    let retried = json!({"message": "a retry", "isFatal": true, "willRetry": true});
    let after_a_retry = state(30_000, json!({"errors": [retried]})).to_string();
    let fatal = json!({"message": "a frame", "isFatal": true});
    let failed = state(30_000, json!({"errors": [fatal]})).to_string();

    let late = || ended("timed_out", "");
    assert_eq!(messages(late().answering(&running)), [LATE]);
    assert_eq!(messages(late().answering(&overdue)), [LATE]);
    assert_eq!(messages(no_state(late())), [LATE]);
    let bad = || ended("failed", "a frame");
    assert_eq!(messages(bad().answering(&running)), ["a frame"]);
    assert_eq!(messages(bad().answering(&failed)), ["a frame"]);
    let both = messages(bad().answering(&after_a_retry));
    assert_eq!(both, ["a frame", "a retry"]);
    assert_eq!(messages(no_state(bad())), ["a frame"]);

    // Nobody has written its end, nor anything else.
    let lost = no_state(knowing(&record(ID, 2 * DAY, json!({}))));
    assert_eq!(messages(lost), [LATE]);
}

#[test]
fn what_is_over_cannot_be_cancelled() {
    let cancel = |state: Value| {
        let asked = knowing(&record(ID, 10_000, json!({}))).answering(&state.to_string());
        request(asked.answering(""), "POST", &format!("/render/{ID}/cancel"))
    };
    let failed = state(
        10_000,
        json!({"errors": [{"message": "x", "isFatal": true}]}),
    );
    for over in [done(10_000, json!(null)), failed] {
        let outcome = cancel(over);
        outcome.assert_problem(409, "render_over");
        assert!(
            outcome
                .sent
                .iter()
                .all(|sent| !sent.uri.contains("cancel.json"))
        );
    }
    assert_eq!(cancel(state(10_000, json!({}))).status(), 202);
    assert_eq!(cancel(untouched(10_000)).status(), 202);
}
