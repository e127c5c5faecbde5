//! What a caller may say, and how wrong things are told.

use serde_json::{Value, json};

use crate::harness::{Deployment, STARTED, post_render};

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
