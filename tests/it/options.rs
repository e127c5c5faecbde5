//! What a caller may say, and how wrong things are told.

use serde_json::{Value, json};

use crate::harness::{Deployment, STARTED, post_render};

mod encoders;

fn violations(body: &Value) -> Vec<String> {
    Deployment::new().answering(STARTED).post(body).violations()
}

#[test]
fn everything_wrong_is_told_at_once() {
    let wrong = json!({"codec": "h263", "scale": 0, "forceWidth": 1.5, "outname": "x.mp4", "muted": "no", "inputProps": [1]});
    assert_eq!(
        violations(&wrong),
        [
            r#"/codec codec must be one of h264, h265, vp8, vp9, mp3, aac, wav, gif, prores, not "h263"."#,
            "/scale scale must be above 0 and at most 16, not 0.",
            "/forceWidth forceWidth must be a whole number of at least 1, not 1.5.",
            r#"/outname There is no option "outname". Did you mean "outName"?"#,
            r#"/muted muted must be a boolean, not "no"."#,
            "/inputProps inputProps must be an object.",
        ]
    );
}

#[test]
fn rules_across_options_are_told_at_once() {
    let wrong = json!({"codec": "vp8", "crf": 2, "videoBitrate": "1M", "x264Preset": "fast", "outName": "x.mp4"});
    assert_eq!(
        violations(&wrong),
        [
            "/crf crf must be from 4 to 63 for the codec vp8, not 2.",
            "/crf crf and videoBitrate exclude each other. Leave one out.",
            "/x264Preset x264Preset goes with the codec h264, not with vp8.",
            "/outName outName must end in .webm with the codec vp8 and the audio codec opus.",
        ]
    );
}

#[test]
fn misspelt_options() {
    assert_eq!(
        violations(&json!({"frameRate": 1})),
        [r#"/frameRate There is no option "frameRate". Did you mean "frameRange"?"#]
    );
    assert_eq!(
        violations(&json!({"x": 1})),
        [r#"/x There is no option "x"."#]
    );
    assert_eq!(
        violations(&json!({"a/b~": 1})),
        [r#"/a~1b~0 There is no option "a/b~"."#]
    );
}

#[test]
fn options_given_twice() {
    let outcome =
        Deployment::new().handle(&post_render(r#"{"codec":"h264","codec":"vp8"}"#).to_string());
    assert_eq!(outcome.violations(), ["/codec codec is given twice."]);
}

#[test]
fn null_is_absent() {
    let outcome = Deployment::new()
        .with("REMOTION_RENDER_DEFAULTS", r#"{"crf":20,"metadata":null}"#)
        .answering(STARTED)
        .post(&json!({"crf": null, "codec": null, "inputProps": null}));
    assert_eq!(outcome.payload()["crf"], 20);
    assert_eq!(outcome.payload()["codec"], "h264");
    assert_eq!(outcome.payload()["inputProps"]["payload"], "{}");
}

#[test]
fn no_composition() {
    let outcome = Deployment::new()
        .with("REMOTION_COMPOSITION", "")
        .post(&json!({}));
    assert_eq!(
        outcome.violations(),
        ["/composition Name the composition to render."]
    );
}

#[test]
fn reserved_options() {
    let outcome = Deployment::new()
        .post(&json!({"privacy": "public", "webhook": {}, "functionName": "x", "codec": "vp8"}));
    let detail = outcome.assert_problem(403, "option_reserved");
    assert_eq!(
        detail,
        "Only the operator of this API may set privacy, webhook, functionName."
    );
    assert_eq!(outcome.body()["errors"][0]["pointer"], "/privacy");
    assert!(outcome.sent.is_empty());
    let outcome =
        Deployment::new().post(&json!({"outName": {"bucketName": "other", "key": "x.mp4"}}));
    outcome.assert_problem(403, "option_reserved");
}

#[test]
fn out_name_of_a_caller() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .post(&json!({"outName": "holiday.mp4"}));
    assert_eq!(outcome.payload()["outName"], "holiday.mp4");
    assert_eq!(
        violations(&json!({"outName": "a/b.mp4"})),
        ["/outName outName must be a plain file name, without a slash."]
    );
    assert_eq!(violations(&json!({"outName": "../b.mp4"})).len(), 2);
}

#[test]
fn compositions_that_are_not_allowed() {
    let deployment = || {
        Deployment::new()
            .with("REMOTION_ALLOWED_COMPOSITIONS", "MyVideo, Other")
            .answering(STARTED)
    };
    assert_eq!(
        deployment().post(&json!({"composition": "Other"})).status(),
        200
    );
    let outcome = deployment().post(&json!({"composition": "Secret"}));
    assert_eq!(
        outcome.assert_problem(403, "composition_not_allowed"),
        r#"The operator of this API does not allow the composition "Secret"."#
    );
    assert!(outcome.sent.is_empty());
}

#[test]
fn defaults_of_the_operator() {
    let outcome = Deployment::new()
        .with("REMOTION_RENDER_DEFAULTS", r#"{"privacy":"private","scale":0.5,"webhook":{"url":"https://hook.example","secret":null},"apiKey":"k"}"#)
        .answering(STARTED)
        .post(&json!({"scale": 2}));
    assert_eq!(outcome.payload()["privacy"], "private");
    assert_eq!(outcome.payload()["scale"], 2);
    assert_eq!(
        outcome.payload()["webhook"],
        json!({"url": "https://hook.example", "secret": null})
    );
    assert_eq!(outcome.payload()["licenseKey"], "k");
}

#[test]
fn large_props_go_to_the_bucket() {
    let props = json!({"inputProps": {"text": "x".repeat(300_000)}});
    let stored = Deployment::new()
        .with("REMOTION_BUCKET_NAME", "remotionlambda-useast1-abc")
        .responding(lambda_http::http::Response::new(
            aws_smithy_types::body::SdkBody::empty(),
        ))
        .answering(STARTED)
        .post(&props);
    assert_eq!(stored.status(), 200);
    let [put, start] = stored.sent.as_slice() else {
        panic!("two requests")
    };
    assert_eq!(put.method, "PUT");
    assert_eq!(
        put.headers.get("x-amz-acl"),
        None,
        "private is S3's default"
    );
    assert_eq!(put.headers["content-type"], "application/json");
    assert_eq!(put.body, props["inputProps"]);
    let input = &start.body["inputProps"];
    assert_eq!(
        (&input["type"], &input["bucketName"]),
        (&json!("bucket-url"), &json!("remotionlambda-useast1-abc"))
    );
    let hash = input["hash"].as_str().expect("a hash");
    assert!(
        hash.len() == 10
            && hash
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
        "{hash}"
    );
    let place = format!(
        "https://remotionlambda-useast1-abc.s3.us-east-1.amazonaws.com/input-props/{hash}.json"
    );
    assert!(put.uri.starts_with(&place), "{}", put.uri);

    let nowhere = Deployment::new().post(&props);
    nowhere.assert_problem(413, "payload_too_large");
    assert!(nowhere.sent.is_empty());
}

#[test]
fn props_up_to_the_limit_travel() {
    let of_length =
        |length: usize| json!({"inputProps": {"t": "x".repeat(length - r#"{"t":""}"#.len())}});
    // The empty environment counts for two.
    assert_eq!(
        Deployment::new()
            .answering(STARTED)
            .post(&of_length(193_974))
            .status(),
        200
    );
    Deployment::new()
        .post(&of_length(193_975))
        .assert_problem(413, "payload_too_large");
}

fn on(version: &'static str) -> Deployment {
    Deployment::new().with("REMOTION_VERSION", version)
}

/// Older functions ignore what they do not know: the render would be paid for and not be what was asked for.
#[test]
fn an_option_that_the_function_is_too_old_for() {
    let body = json!({"separateAudioTo": "sound.wav", "sampleRate": 48_000});
    let outcome = on("4.0.534").post(&body);
    let detail = outcome.assert_problem(422, "option_needs_release");
    assert!(
        detail.starts_with(
            "separateAudioTo needs Remotion 4.0.535, but the render function has 4.0.534."
        ),
        "{detail}"
    );
    assert!(outcome.sent.is_empty());
    let outcome = on("4.0.535").answering(STARTED).post(&body);
    assert_eq!(outcome.payload()["separateAudioTo"], "sound.wav");
    // Where the name does not tell the release, it is asked for before anything starts.
    let outcome = Deployment::new()
        .with("REMOTION_FUNCTION_NAME", "renderer")
        .answering(r#"{"version":"4.0.420","type":"success"}"#)
        .post(&body);
    outcome.assert_problem(422, "option_needs_release");
    assert_eq!(outcome.sent.len(), 1);
    // What lies in the operator's defaults keeps nobody from rendering.
    let outcome = on("4.0.420")
        .with("REMOTION_RENDER_DEFAULTS", r#"{"enableCancellation":true}"#)
        .answering(STARTED)
        .post(&json!({}));
    assert_eq!(outcome.status(), 200);
}

#[test]
fn a_file_of_its_own_for_the_sound() {
    let newest = || on("4.1.0");
    let refused = |body: Value| newest().post(&body).violations();
    for (body, told) in [
        (
            json!({"separateAudioTo": "a/b.wav"}),
            "separateAudioTo must be a plain file name, without a slash.",
        ),
        (
            json!({"separateAudioTo": "sound.txt"}),
            "separateAudioTo must end in .aac, .mp3, .opus or .wav.",
        ),
        (
            json!({"separateAudioTo": "progress.json"}),
            "separateAudioTo must end in .aac, .mp3, .opus or .wav.",
        ),
        (
            json!({"separateAudioTo": "a.wav", "muted": true}),
            "separateAudioTo needs sound, and muted takes it away.",
        ),
        (
            json!({"separateAudioTo": "a.mp3", "codec": "mp3"}),
            "separateAudioTo goes with a video that has sound, not with the codec mp3.",
        ),
        (
            json!({"separateAudioTo": "a.opus"}),
            "separateAudioTo ends as opus does, which the codec h264 does not go with. Choose aac, pcm-16, mp3.",
        ),
        (
            json!({"separateAudioTo": "a.aac", "audioCodec": "mp3"}),
            "separateAudioTo ends as aac does, which does not go with mp3.",
        ),
    ] {
        assert_eq!(
            refused(body.clone()),
            [format!("/separateAudioTo {told}")],
            "{body}"
        );
    }
    // Remotion's own state, which a video would replace.
    for name in ["progress.json", "x.html"] {
        assert_eq!(
            refused(json!({"outName": name, "separateAudioTo": "sound.wav"})),
            ["/outName outName must end as a video does, such as .mp4, .mov, .mkv or .webm."]
        );
    }
    let object = newest().post(&json!({"separateAudioTo": {"bucketName": "b", "key": "k.wav"}}));
    object.assert_problem(403, "option_reserved");
}

/// The operator of a newer Remotion need not wait for this API.
#[test]
fn options_that_are_newer_than_this_api() {
    let open = || Deployment::new().with("REMOTION_EXTRA_OPTIONS", "someday, another");
    let outcome = open()
        .answering(STARTED)
        .post(&json!({"someday": 7, "another": null}));
    assert_eq!(outcome.payload()["someday"], 7);
    assert_eq!(outcome.payload().get("another"), None);
    assert_eq!(
        open()
            .post(&json!({"someday": {"a": 1}, "crf": 99}))
            .violations(),
        [
            "/someday someday must be a string, a number or a boolean.",
            "/crf crf must be from 1 to 51 for the codec h264, not 99."
        ]
    );
    assert_eq!(
        violations(&json!({"someday": 7})),
        [r#"/someday There is no option "someday"."#]
    );
    let twice =
        open().handle(&crate::harness::post_render(r#"{"someday":1,"someday":2}"#).to_string());
    assert_eq!(twice.violations(), ["/someday someday is given twice."]);
    let outcome = Deployment::new()
        .with("REMOTION_RENDER_DEFAULTS", r#"{"someday":{"a":[1]}}"#)
        .answering(STARTED)
        .post(&json!({}));
    assert_eq!(outcome.payload()["someday"], json!({"a": [1]}));
    open()
        .post(&json!({"output": {"type": "sequence"}}))
        .assert_problem(403, "option_reserved");
}

#[test]
fn ceilings_are_for_callers() {
    assert_eq!(
        violations(
            &json!({"maxRetries": 9_007_199_254_740_991_u64, "scale": 16, "forceFps": 1e300, "metadata": {"a": "x".repeat(9_000)}})
        ),
        [
            "/maxRetries maxRetries may be at most 3 in this API, not 9007199254740991.",
            "/scale scale may be at most 4 in this API, not 16.",
            &format!(
                "/forceFps forceFps may be at most 120 in this API, not {}.",
                1e300
            ),
            "/metadata metadata may have at most 50 entries and 8192 bytes in this API, not 1 and 9008.",
        ]
    );
    let outcome = Deployment::new()
        .with("REMOTION_RENDER_DEFAULTS", r#"{"scale":16,"maxRetries":9}"#)
        .answering(STARTED)
        .post(&json!({}));
    assert_eq!(outcome.payload()["scale"], 16);
    let outcome = Deployment::new()
        .with("REMOTION_RENDER_LIMITS", r#"{"scale":1}"#)
        .post(&json!({"scale": 2}));
    assert_eq!(
        outcome.violations(),
        ["/scale scale may be at most 1 in this API, not 2."]
    );
}

/// By itself, together, unknown, reserved and not allowed: one answer has all of it, in the order in which it was sent.
#[test]
fn wrong_in_every_way_at_once() {
    let outcome = Deployment::new()
        .with("REMOTION_ALLOWED_COMPOSITIONS", "MyVideo")
        .post(&json!({"crf": 99, "scale": 20, "fps": 30, "logLevel": "info", "composition": "Secret", "metadata": {"orderId": 42}}));
    assert_eq!(
        outcome.violations(),
        [
            "/crf crf must be from 1 to 51 for the codec h264, not 99.",
            "/scale scale may be at most 4 in this API, not 20.",
            r#"/fps There is no option "fps"."#,
            "/logLevel Only the operator of this API may set logLevel.",
            r#"/composition The operator of this API does not allow the composition "Secret"."#,
            "/metadata/orderId metadata.orderId must be a string, not 42.",
        ]
    );
    // What cannot be judged is not: the codec is not known.
    assert_eq!(
        violations(&json!({"codec": "h263", "crf": 99})),
        [
            "/codec codec must be one of h264, h265, vp8, vp9, mp3, aac, wav, gif, prores, not \"h263\"."
        ]
    );
}

/// The caller has never sent `outName`.
#[test]
fn a_default_of_the_operator_that_does_not_suit_is_told_as_theirs() {
    let named = |name: &str, body: Value| {
        let defaults = json!({"outName": name}).to_string();
        Deployment::new()
            .with("REMOTION_RENDER_DEFAULTS", &defaults)
            .answering(STARTED)
            .post(&body)
    };
    let refused = named("video.mp4", json!({"codec": "gif"}));
    assert_eq!(
        refused.violations(),
        [
            "/codec outName must end in .gif with the codec gif. The operator of this API has set outName."
        ]
    );
    // Without a fixed ending it suits any codec.
    for name in ["video", "video.{extension}"] {
        let outcome = named(name, json!({"codec": "gif"}));
        assert_eq!(outcome.payload()["outName"], "video.gif");
    }
    assert_eq!(
        named("video.mp4", json!({"codec": "gif", "outName": "x.gif"})).payload()["outName"],
        "x.gif"
    );
    let preset = Deployment::new()
        .with("REMOTION_RENDER_DEFAULTS", r#"{"x264Preset":"fast"}"#)
        .post(&json!({"codec": "vp8"}));
    assert_eq!(
        preset.violations(),
        [
            "/codec x264Preset goes with the codec h264, not with vp8. The operator of this API has set x264Preset."
        ]
    );
}

#[test]
fn outputs_in_a_bucket_of_the_operators() {
    let own = || Deployment::new().with("OUTPUT_BUCKET_NAME", "videos");
    let first = own().answering(STARTED).post(&json!({"codec": "vp8"}));
    let second = own().answering(STARTED).post(&json!({"codec": "vp8"}));
    let [first, second] = [&first, &second].map(|outcome| outcome.payload()["outName"].clone());
    assert_eq!(first["bucketName"], "videos");
    let key = first["key"].as_str().expect("a key");
    assert!(
        key.starts_with("NWYwYzFjMWUtOWE0ZS00YzU3LThhNTUtMGQ2ZjZjMWY4ZjEx/")
            && key.strip_suffix(".webm").is_some(),
        "{key}"
    );
    assert_ne!(first["key"], second["key"]);
    own()
        .post(&json!({"outName": "x.mp4"}))
        .assert_problem(403, "option_reserved");
    own()
        .post(&json!({"overwrite": true}))
        .assert_problem(403, "option_reserved");
}

/// They stand in a header of the object.
#[test]
fn names_of_downloads() {
    for name in ["a\nb.mp4", "\u{0}", "", &"x".repeat(256)] {
        let body = json!({"downloadBehavior": {"type": "download", "fileName": name}});
        let told = "/downloadBehavior/fileName downloadBehavior.fileName must be a file name of 1 to 255 characters without control characters.";
        assert_eq!(violations(&body), [told], "{name:?}");
    }
    // Remotion puts what looks encoded into the header as it is.
    for name in ["50%2C 报告.mp4", "x%21\"; filename*=UTF-8''evil.html"] {
        let body = json!({"downloadBehavior": {"type": "download", "fileName": name}});
        let violations = violations(&body);
        assert!(
            violations[0].contains("must not have a percent sign before two hexadecimal digits"),
            "{violations:?}"
        );
    }
    for name in ["50% 报告.mp4", "50%2C.mp4", "\"a\".mp4"] {
        let body = json!({"downloadBehavior": {"type": "download", "fileName": name}});
        Deployment::new().answering(STARTED).post(&body).payload();
    }
    for (body, told) in [
        (
            json!({"type": "download", "fileName": 7}),
            "/downloadBehavior/fileName downloadBehavior.fileName must be a string, not 7.",
        ),
        (
            json!({"type": "download"}),
            "/downloadBehavior downloadBehavior needs fileName.",
        ),
        (
            json!({"type": "play-in-browser", "fileName": null}),
            "/downloadBehavior downloadBehavior has a fileName, which goes with the type download alone.",
        ),
        (
            json!({"type": "open"}),
            "/downloadBehavior/type downloadBehavior.type must be one of play-in-browser, download.",
        ),
    ] {
        assert_eq!(violations(&json!({"downloadBehavior": body})), [told]);
    }
    let body = json!({"downloadBehavior": {"type": "download", "fileName": "Élan – 映像.mp4"}});
    assert_eq!(
        Deployment::new().answering(STARTED).post(&body).status(),
        200
    );
}
