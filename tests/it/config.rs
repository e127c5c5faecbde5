//! What an operator may configure, and how wrong things are told: all at once, by the variable's name.

use remotion_lambda::{OutName, SCHEMA_VERSION};
use remotion_render_api::config::{Config, ConfigError};

use crate::harness::FUNCTION;

mod page;
mod users;

fn from_vars(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let required = [
        ("REMOTION_FUNCTION_NAME", FUNCTION),
        ("REMOTION_SERVE_URL", "site"),
    ];
    Config::from_vars(|name| {
        let mut given = vars.iter().chain(&required);
        given
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

#[track_caller]
fn assert_faults(vars: &[(&str, &str)], faults: &[&str]) {
    let error = from_vars(vars).expect_err("a fault").to_string();
    let told = format!("The configuration is wrong. {}", faults.join(" "));
    assert_eq!(error, told);
}

#[test]
fn all_faults_at_once() {
    assert_faults(
        &[
            ("REMOTION_FUNCTION_NAME", ""),
            ("REMOTION_SERVE_URL", " "),
            ("REMOTION_VERSION", "latest"),
            ("REMOTION_BUCKET_NAME", "B"),
            ("BASE_PATH", "video"),
            ("REMOTION_MAX_EVENT_AGE_SECONDS", "59"),
        ],
        &[
            "REMOTION_FUNCTION_NAME is not set: it must be the name or ARN of the Remotion function.",
            "REMOTION_SERVE_URL is not set: it must be the URL or the name of the Remotion site.",
            "REMOTION_BUCKET_NAME must be the name of an S3 bucket: 3 to 63 of a-z, 0-9, dots and hyphens.",
            &format!(
                "REMOTION_VERSION must be a release of Remotion such as {SCHEMA_VERSION}, not \"latest\"."
            ),
            "REMOTION_MAX_EVENT_AGE_SECONDS must be a whole number from 60 to 21600, not \"59\".",
            "BASE_PATH must be a path such as /video.",
        ],
    );
}

#[test]
fn defaults() {
    assert_faults(
        &[("REMOTION_RENDER_DEFAULTS", "[]")],
        &[
            "REMOTION_RENDER_DEFAULTS is not a JSON object: invalid type: sequence, expected an object at line 1 column 0.",
        ],
    );
    assert_faults(
        &[(
            "REMOTION_RENDER_DEFAULTS",
            r#"{"privacy":"secret","crf":"low"}"#,
        )],
        &[
            "REMOTION_RENDER_DEFAULTS: privacy must be one of public, private, no-acl, not \"secret\".",
            "REMOTION_RENDER_DEFAULTS: crf must be a number, not \"low\".",
        ],
    );
    // Right by themselves, wrong together.
    assert_faults(
        &[(
            "REMOTION_RENDER_DEFAULTS",
            r#"{"codec":"vp8","x264Preset":"fast"}"#,
        )],
        &["REMOTION_RENDER_DEFAULTS: x264Preset goes with the codec h264, not with vp8."],
    );
    let bucket = r#"{"forceBucketName":"remotionlambda-useast1-abc"}"#;
    let config = from_vars(&[("REMOTION_RENDER_DEFAULTS", bucket)]).expect("a configuration");
    let name = config.bucket_name.map(|name| name.as_str().to_owned());
    assert_eq!(name.as_deref(), Some("remotionlambda-useast1-abc"));
}

/// The template's defaults are for any function: an older one ignores what it does not know, and the log says so.
#[test]
fn defaults_that_the_function_is_too_old_for() {
    let config = from_vars(&[
        ("REMOTION_VERSION", "4.0.420"),
        (
            "REMOTION_RENDER_DEFAULTS",
            r#"{"enableCancellation":true,"concurrency":5}"#,
        ),
    ]);
    assert_eq!(
        config.expect("a configuration").warnings,
        [
            "REMOTION_RENDER_DEFAULTS: enableCancellation needs Remotion 4.0.515. The render function has 4.0.420, and does not know it."
        ]
    );
}

#[test]
fn flags_are_true_or_false() {
    assert_faults(
        &[("AWS_USE_FIPS_ENDPOINT", "yes")],
        &["AWS_USE_FIPS_ENDPOINT must be true or false, not \"yes\"."],
    );
    assert_faults(
        &[
            ("COGNITO_USER_POOL_CLIENT_ID", "4l5tsda2iu8lqugl73m8hgeb83"),
            ("COGNITO_SELF_SIGN_UP", "yes"),
        ],
        &[
            "COGNITO_SELF_SIGN_UP must be true or false, not \"yes\".",
            "Set both COGNITO_USER_POOL_ID and COGNITO_USER_POOL_CLIENT_ID, or neither.",
        ],
    );
}

#[test]
fn lists() {
    let config =
        from_vars(&[("REMOTION_ALLOWED_COMPOSITIONS", " a, b ,")]).expect("a configuration");
    assert_eq!(
        config.policy.allowed_compositions,
        Some(vec!["a".to_owned(), "b".to_owned()])
    );
}

/// The second render of a fixed key fails after it has been paid for, or replaces somebody else's.
#[test]
fn a_fixed_key_for_outputs_is_refused() {
    const REASON: &str = "must have {id} in it, such as \"{userId}/{id}.{extension}\": every render would replace the output of the one before it at \"video.mp4\".";
    assert_faults(
        &[
            ("OUTPUT_BUCKET_NAME", "videos"),
            ("OUTPUT_KEY", "video.mp4"),
        ],
        &[&format!("OUTPUT_KEY {REASON}")],
    );
    for option in ["outName", "separateAudioTo"] {
        let defaults = format!(r#"{{"{option}":{{"bucketName":"videos","key":"video.mp4"}}}}"#);
        assert_faults(
            &[
                ("REMOTION_VERSION", "5.0.0"),
                ("REMOTION_RENDER_DEFAULTS", &defaults),
            ],
            &[&format!("REMOTION_RENDER_DEFAULTS: {option} {REASON}")],
        );
    }
    assert_faults(
        &[("OUTPUT_KEY", "{id}.mp4")],
        &["OUTPUT_KEY needs OUTPUT_BUCKET_NAME."],
    );
    assert_faults(
        &[
            ("OUTPUT_BUCKET_NAME", "videos"),
            (
                "REMOTION_RENDER_DEFAULTS",
                r#"{"outName":"{id}.{extension}"}"#,
            ),
        ],
        &["Set either OUTPUT_BUCKET_NAME or outName in REMOTION_RENDER_DEFAULTS, not both."],
    );
}

/// The log has what is wrong, and whoever reads logs may not have it.
#[test]
fn secrets_are_not_shown() {
    let defaults = r#"{"outName":{"bucketName":"videos","key":"{id}.mp4","s3OutputProvider":{"endpoint":"https://s3.example","accessKeyId":"key","secretAccessKey":"secret-1"}},"licenseKey":"secret-2"}"#;
    let config = from_vars(&[
        ("REMOTION_RENDER_DEFAULTS", defaults),
        ("HOOK_URL", "https://hook.example/hooks/remotion"),
        ("HOOK_SECRET", "secret-3"),
        ("RENDERS_TABLE", "renders"),
    ]);
    let shown = format!("{:?}", config.expect("a configuration"));
    assert!(!shown.contains("secret-"), "{shown}");
}

#[test]
fn the_secret_of_another_provider_is_not_quoted() {
    let place = |provider: &str| {
        format!(
            r#"{{"outName":{{"bucketName":"videos","key":"{{id}}.mp4","s3OutputProvider":{provider}}}}}"#
        )
    };
    assert_faults(
        &[("REMOTION_RENDER_DEFAULTS", &place(r#""a-secret""#))],
        &[
            "REMOTION_RENDER_DEFAULTS: outName has an s3OutputProvider that is wrong (s3OutputProvider must be an object).",
        ],
    );
    assert_faults(
        &[(
            "REMOTION_RENDER_DEFAULTS",
            &place(
                r#"{"endpoint":"https://s3.example","accessKeyId":"a","secretAccessKey":["a-secret"]}"#,
            ),
        )],
        &[
            "REMOTION_RENDER_DEFAULTS: outName has an s3OutputProvider that is wrong (s3OutputProvider.secretAccessKey must be a string).",
        ],
    );
}

#[test]
fn outputs_go_to_a_key_of_their_own_by_default() {
    let config = from_vars(&[("OUTPUT_BUCKET_NAME", "videos")]).expect("a configuration");
    let place = config.policy.out_name.expect("a place");
    let filling = remotion_render_api::access::outputs::Filling {
        user: "ada",
        composition: "MyVideo",
        extension: "mp4",
    };
    let OutName::Key(destination) = place.filled(&filling) else {
        panic!("a key")
    };
    let key = destination.value.key.as_str();
    assert!(
        key.starts_with("YWRh/") && key.strip_suffix(".mp4").is_some(),
        "{key}"
    );
}

#[test]
fn limits() {
    assert_faults(
        &[("REMOTION_RENDER_LIMITS", r#"{"scale":"4","concurrency":2}"#)],
        &[
            "REMOTION_RENDER_LIMITS: scale must be a number of at least 0, or null.",
            "REMOTION_RENDER_LIMITS: concurrency is not an option with a number that callers may set.",
        ],
    );
}

#[test]
fn extra_options() {
    let extra = |names: &str| from_vars(&[("REMOTION_EXTRA_OPTIONS", names)]);
    let config = extra("someday, crf").expect("a configuration");
    // An option that this release knows need not be named.
    assert_eq!(config.policy.extra_options, ["someday"]);
    assert_faults(
        &[("REMOTION_EXTRA_OPTIONS", "webhook,output,type,a-b")],
        &[
            "REMOTION_EXTRA_OPTIONS: only the operator may set webhook, in REMOTION_RENDER_DEFAULTS.",
            "REMOTION_EXTRA_OPTIONS: only the operator may set output, in REMOTION_RENDER_DEFAULTS.",
            "REMOTION_EXTRA_OPTIONS: \"type\" is not the name of an option.",
            "REMOTION_EXTRA_OPTIONS: \"a-b\" is not the name of an option.",
        ],
    );
}

/// The operator may use what is newer than this API, but a slip of the pen is told.
#[test]
fn newer_options_in_the_defaults() {
    let config = from_vars(&[("REMOTION_RENDER_DEFAULTS", r#"{"someday":{"a":[1]}}"#)]);
    let extra = config.expect("a configuration").policy.defaults.extra;
    assert_eq!(extra["someday"].get(), r#"{"a":[1]}"#);
    assert_faults(
        &[("REMOTION_RENDER_DEFAULTS", r#"{"privvacy":"private"}"#)],
        &["REMOTION_RENDER_DEFAULTS: There is no option \"privvacy\". Did you mean \"privacy\"?"],
    );
    assert_faults(
        &[(
            "REMOTION_RENDER_DEFAULTS",
            r#"{"output":{"type":"sequence"}}"#,
        )],
        &["REMOTION_RENDER_DEFAULTS: There is no option \"output\"."],
    );
}

#[test]
fn names_of_functions() {
    let of = |name| from_vars(&[("REMOTION_FUNCTION_NAME", name)]);
    assert!(of("arn:aws:lambda:eu-central-1:000000000000:function:renderer:live").is_ok());
    assert_faults(
        &[("REMOTION_FUNCTION_NAME", "my renderer")],
        &["REMOTION_FUNCTION_NAME must be the name or the ARN of a Lambda function."],
    );
}

/// What can never start a render is refused with the numbers.
#[test]
fn capacity() {
    let hook = [
        ("RENDERS_TABLE", "renders"),
        ("HOOK_URL", "https://hook.example/hooks/remotion"),
        ("HOOK_SECRET", "secret"),
        ("REMOTION_MAX_EVENT_AGE_SECONDS", "300"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [more, &hook[..]].concat();
    assert_faults(
        &with(&[("RENDER_CAPACITY", "10")]),
        &[
            "RENDER_CAPACITY needs a concurrency in REMOTION_RENDER_DEFAULTS: without it, a render uses up to 152 functions at once.",
        ],
    );
    let five = ("REMOTION_RENDER_DEFAULTS", r#"{"concurrency":5}"#);
    assert_faults(
        &with(&[("RENDER_CAPACITY", "5"), five]),
        &[
            "RENDER_CAPACITY is 5, but a render takes 6 functions at once with the concurrency in REMOTION_RENDER_DEFAULTS, so no render could start. Raise RENDER_CAPACITY or lower concurrency.",
        ],
    );
    assert!(from_vars(&with(&[("RENDER_CAPACITY", "6"), five])).is_ok());
    // The release decides whether a launch renders by itself, and a name that does not tell it is no reason to ask for more.
    let by_itself = [
        ("REMOTION_FUNCTION_NAME", "renderer"),
        ("REMOTION_VERSION", "4.0.520"),
        ("REMOTION_RENDER_DEFAULTS", r#"{"concurrency":1}"#),
        ("RENDER_CAPACITY", "1"),
    ];
    assert!(from_vars(&with(&by_itself)).is_ok());
    assert_faults(
        &[("RENDER_CAPACITY", "6"), five],
        &[
            "RENDER_CAPACITY needs REMOTION_MAX_EVENT_AGE_SECONDS of at most 300, and the same MaximumEventAgeInSeconds of Remotion's function, not 21600: a place is held for as long as AWS may still start a render.",
            "RENDER_CAPACITY needs HOOK_URL and HOOK_SECRET: they tell when a render has ended.",
            "RENDER_CAPACITY needs RENDERS_TABLE.",
        ],
    );
    assert_faults(
        &with(&[("RENDERS_PER_OWNER_AT_ONCE", "2")]),
        &["RENDERS_PER_OWNER_AT_ONCE needs RENDER_CAPACITY."],
    );
    assert_faults(
        &with(&[("RENDER_QUEUE", "true")]),
        &[
            "RENDER_QUEUE needs RENDER_CAPACITY.",
            "RENDER_QUEUE needs REMOTION_BUCKET_NAME.",
            "RENDER_QUEUE needs DISPATCH_FUNCTION_NAME.",
        ],
    );
    assert_faults(
        &with(&[("MAX_WAIT_MINUTES", "5")]),
        &["MAX_WAIT_MINUTES needs RENDER_QUEUE."],
    );
}
