//! The schemas of options refuse what the code refuses, and nothing that it takes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use remotion_lambda::json::Object;
use remotion_lambda::options::values::{
    AudioCodec, Codec, ColorSpace, DeleteAfter, ImageFormat, PixelFormat, ProResProfile,
    StillImageFormat, X264Preset,
};
use remotion_lambda::options::{OPTIONS, SetBy, codecs};
use remotion_lambda::{RenderOptions, StartPayload, StillOptions, StillPayload};
use remotion_render_api::access::identity::Caller;
use remotion_render_api::access::limits::RenderLimits;
use remotion_render_api::access::policy::{RenderPolicy, is_reserved};
use remotion_render_api::access::users::Users;
use remotion_render_api::gateway::event;
use remotion_render_api::render::labels;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{DOCUMENT, resolved, validator};
use crate::fixtures::fixture;
use crate::harness::{Deployment, STARTED, event as event_file, post_render};

/// A schema of options, and the code that takes them.
struct Subject {
    schema: &'static str,
    names: fn() -> Vec<&'static str>,
    /// Whether nothing is wrong with any option by itself.
    admits: fn(&Object<'_>) -> bool,
    /// Whether the options together can be rendered.
    takes: fn(&RenderPolicy, &Object<'_>) -> bool,
}

const RENDER: Subject = Subject {
    schema: "RenderOptions",
    names: || OPTIONS.iter().map(|spec| spec.name).collect(),
    admits: |object| RenderOptions::parse(object).is_ok() && !is_refused(object),
    takes: |policy, object| {
        policy
            .options(object, &caller())
            .is_ok_and(|options| StartPayload::new(options).is_ok())
    },
};

const STILL: Subject = Subject {
    schema: "StillOptions",
    names: || {
        let mut names: Vec<_> = StillOptions::names().collect();
        // Essentials first.
        names.sort_by_key(|name| match *name {
            "composition" => 0,
            "inputProps" => 1,
            "imageFormat" => 2,
            "frame" => 3,
            _ => 4,
        });
        names
    },
    admits: |object| StillOptions::parse(object).is_ok() && !is_refused(object),
    takes: |policy, object| {
        policy
            .still_options(object, &caller())
            .is_ok_and(|options| StillPayload::new(options).is_ok())
    },
};

/// Whether there is an option that no caller may set like this.
fn is_refused(object: &Object<'_>) -> bool {
    object.iter().any(|(name, value)| {
        let file = ["outName", "separateAudioTo"].contains(&name);
        is_reserved(name) || (file && (value.get().starts_with('{') || value.get().contains('/')))
    })
}

impl Subject {
    fn properties(&self) -> &'static Map<String, Value> {
        DOCUMENT["components"]["schemas"][self.schema]["properties"]
            .as_object()
            .expect("properties")
    }

    /// Whether these options can be rendered, or could with another codec.
    fn takes_somehow(&self, policy: &RenderPolicy, options: &Value) -> bool {
        let takes = |options: &Value| on_object(options, |object| (self.takes)(policy, object));
        let audio = || AudioCodec::ALL.iter().map(|codec| codec.as_str());
        let pairs = Codec::ALL
            .iter()
            .flat_map(|codec| audio().map(|audio| (codec.as_str(), audio)));
        takes(options)
            || pairs.into_iter().any(|(codec, audio)| {
                let mut beside = json!({"codec": codec, "audioCodec": audio});
                merge(&mut beside, options);
                let mut without_audio = json!({"codec": codec});
                merge(&mut without_audio, options);
                takes(&beside) || takes(&without_audio)
            })
    }

    /// The schema and the code agree on an option by itself.
    fn assert_agreement(&self, schema: &Validator, options: &Value) {
        let policy = &*POLICY;
        let valid = schema.is_valid(options);
        let admitted = on_object(options, self.admits);
        assert!(admitted || !valid, "{}: {options} is refused", self.schema);
        assert!(
            valid || !admitted || !self.takes_somehow(policy, options),
            "{}: {options} is taken",
            self.schema
        );
    }
}

fn merge(under: &mut Value, over: &Value) {
    let under = under.as_object_mut().expect("an object");
    under.extend(over.as_object().expect("an object").clone());
}

/// What an operator may take away.
const NO_LIMITS: &str = r#"{"forceDurationInFrames":null,"forceFps":null,"forceHeight":null,"forceWidth":null,"maxRetries":null,
    "sampleRate":null,"scale":null,"timeoutInMilliseconds":null,"metadata":null}"#;

/// Anybody.
fn caller() -> Caller {
    let event = serde_json::value::to_raw_value(&post_render("{}")).expect("JSON");
    let (_, request) = event::read(&event).expect("an event");
    Users::default().caller(&request).expect("a caller")
}

/// An operator who allows everything.
static POLICY: LazyLock<RenderPolicy> = LazyLock::new(|| {
    let defaults = json!({"composition": "MyVideo", "serveUrl": "demo"});
    RenderPolicy {
        defaults: on_object(&defaults, RenderOptions::parse).expect("options"),
        out_name: None,
        separate_audio_to: None,
        allowed_compositions: None,
        required_group: None,
        limits: RenderLimits::parse(NO_LIMITS).expect("limits"),
        extra_options: Vec::new(),
    }
});

static SCHEMAS: LazyLock<[(Subject, Validator); 2]> = LazyLock::new(|| {
    [RENDER, STILL].map(|subject| {
        let reference = format!("#/components/schemas/{}", subject.schema);
        (subject, validator(&json!({"$ref": reference}), &DOCUMENT))
    })
});

fn on_object<T>(options: &Value, look: impl FnOnce(&Object<'_>) -> T) -> T {
    let text = options.to_string();
    look(&Object::parse(text.as_bytes()).expect("an object"))
}

#[test]
fn every_option_of_a_caller_once_in_order() {
    for subject in [RENDER, STILL] {
        let documented: Vec<_> = subject.properties().keys().map(String::as_str).collect();
        let ours = (subject.names)().into_iter();
        let ours: Vec<_> = ours
            .filter(|name| !is_reserved(name))
            .chain(labels::NAMES)
            .collect();
        assert_eq!(documented, ours, "{}", subject.schema);
    }
}

#[test]
fn reserved_options() {
    let listed = &DOCUMENT["components"]["schemas"]["RenderOptions"]["x-reserved"]["options"];
    let mut ours: Vec<_> = OPTIONS
        .iter()
        .filter(|spec| spec.set_by == SetBy::Operator)
        .map(|spec| spec.name)
        .chain(["functionName", "output", "region", "requestHandler"])
        .collect();
    ours.sort_unstable();
    assert_eq!(*listed, json!(ours));
    assert!(ours.iter().all(|name| is_reserved(name)));
}

#[test]
fn closed_sets() {
    macro_rules! names {
        ($set:ty) => {{
            let names = <$set>::ALL.iter().map(|value| json!(value.as_str()));
            json!(names.chain([Value::Null]).collect::<Vec<_>>())
        }};
    }
    let of = |subject: Subject, name: &str| resolved(&subject.properties()[name])["enum"].clone();
    assert_eq!(of(RENDER, "audioCodec"), names!(AudioCodec));
    assert_eq!(of(RENDER, "codec"), names!(Codec));
    assert_eq!(of(RENDER, "colorSpace"), names!(ColorSpace));
    assert_eq!(of(RENDER, "deleteAfter"), names!(DeleteAfter));
    assert_eq!(of(RENDER, "imageFormat"), names!(ImageFormat));
    assert_eq!(of(RENDER, "pixelFormat"), names!(PixelFormat));
    assert_eq!(of(RENDER, "proResProfile"), names!(ProResProfile));
    assert_eq!(of(RENDER, "x264Preset"), names!(X264Preset));
    assert_eq!(of(STILL, "deleteAfter"), names!(DeleteAfter));
    assert_eq!(of(STILL, "imageFormat"), names!(StillImageFormat));
}

#[test]
fn extensions() {
    let pattern = RENDER.properties()["outName"]["pattern"]
        .as_str()
        .expect("a pattern");
    let listed = pattern.rsplit_once('(').expect("a group").1;
    let listed: BTreeSet<_> = listed.trim_end_matches(")$").split('|').collect();
    let audio = AudioCodec::ALL.iter().copied().map(Some);
    let audio: Vec<_> = audio.chain([None]).collect();
    let ours: BTreeSet<_> = Codec::ALL
        .iter()
        .flat_map(|codec| audio.iter().map(|audio| codecs::extensions(*codec, *audio)))
        .flatten()
        .copied()
        .collect();
    assert_eq!(listed, ours);
}

#[test]
fn defaults_are_what_is_sent_without_a_body() {
    for (subject, path) in [(RENDER, "/render"), (STILL, "/still")] {
        let mut event: Value = serde_json::from_str(&event_file("empty-body")).expect("an event");
        event["rawPath"] = path.into();
        let outcome = Deployment::new()
            .answering(STARTED)
            .handle(&event.to_string());
        let mut seen = 0;
        for (name, schema) in subject.properties() {
            let default = schema
                .get("x-default")
                .or(resolved(schema).get("x-default"));
            let sent = match name.as_str() {
                "inputProps" => outcome.payload()["inputProps"]["payload"]
                    .as_str()
                    .map(|text| serde_json::from_str(text).expect("props"))
                    .expect("text"),
                "composition" => Value::Null,
                name => outcome.payload()[name].clone(),
            };
            assert_eq!(default.unwrap_or(&Value::Null), &sent, "{name}");
            seen += usize::from(default.is_some());
        }
        assert!(seen >= 7, "{seen}");
    }
}

/// Every number of a document, and its neighbours.
fn numbers(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Number(number) => {
            found.push(value.clone());
            if let Some(whole) = number.as_i64() {
                found.extend([whole - 1, whole + 1].map(Value::from));
            }
            if let Some(float) = number.as_f64().filter(|float| float.abs() < 1e6) {
                found.extend([float - 0.5, float + 0.5, float + 0.001].map(Value::from));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| numbers(value, found)),
        Value::Object(object) => object.values().for_each(|value| numbers(value, found)),
        _ => {}
    }
}

/// Every name of a closed set of a document.
fn names(value: &Value, found: &mut Vec<Value>) {
    if let Value::Object(object) = value {
        found.extend(
            object
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .cloned(),
        );
        object.values().for_each(|value| names(value, found));
    }
}

/// Values of all kinds, with all that the schemas name, and what lies just beside it.
fn candidates() -> Vec<Value> {
    let mut candidates = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(1e300),
        json!(-0.0),
    ];
    for schema in DOCUMENT["components"]["schemas"]
        .as_object()
        .expect("schemas")
        .values()
    {
        numbers(schema, &mut candidates);
        names(schema, &mut candidates);
    }
    for audio in AudioCodec::ALL.iter().copied().map(Some).chain([None]) {
        for codec in Codec::ALL {
            let extensions = codecs::extensions(*codec, audio).iter();
            candidates.extend(extensions.map(|extension| json!(format!("a.{extension}"))));
        }
    }
    candidates.extend(
        [
            "",
            " ",
            "a",
            "H264",
            "4444",
            "K",
            "M",
            "320",
            "320k",
            "320K",
            "1.5M",
            "1.M",
            ".5M",
            "1m",
            "-1k",
            "1 M",
            "320k\n",
            "1.5.5M",
            "a/b.mp4",
            "../b.mp4",
            ".",
            "..",
            "...",
            "....",
            "..a",
            ".mp4",
            "a.MP4",
            "a.mp4 ",
            "a.mp4\n",
            "ü.mp4",
            "a b.mp4",
            "a.b.mp4",
            "it's(1)!_-*:&$@=;+,?.mp4",
            "a\\b.mp4",
            "a%2E.mp4",
        ]
        .map(Value::from),
    );
    candidates.extend([896, 897].map(|length| json!("x".repeat(length) + ".mp4")));
    candidates.extend([
        json!([]),
        json!([0]),
        json!([0, 1]),
        json!([1, null]),
        json!([null, 1]),
        json!([0, 1, 2]),
        json!([0.5, 1]),
        json!([-1, 1]),
        json!(["0", "1"]),
        json!([[0, 1]]),
        json!([0, 9_007_199_254_740_992_u64]),
        json!({}),
        json!({"a": "b"}),
        json!({"a": 1}),
        json!({"a": null}),
        json!({"type": "play-in-browser"}),
        json!({"type": "play-in-browser", "fileName": "a"}),
        json!({"type": "download"}),
        json!({"type": "download", "fileName": null}),
        json!({"type": "download", "fileName": "a"}),
        json!({"type": "download", "fileName": 1}),
        json!({"type": "download", "fileName": "a", "more": 1}),
        json!({"type": "stream"}),
        json!({"bucketName": "another-bucket", "key": "a.mp4"}),
    ]);
    let known: BTreeSet<_> = candidates.iter().map(Value::to_string).collect();
    let parsed = known
        .iter()
        .map(|text| serde_json::from_str(text).expect("JSON"));
    parsed.collect()
}

/// Each option by itself, with every value: names, types, closed sets, bounds, patterns, and who may set it.
#[test]
fn schema_and_code_agree_on_every_option() {
    let candidates = candidates();
    assert!(candidates.len() > 200, "{}", candidates.len());
    let elsewhere = ["", "quality", "outname", "bucketName"];
    let names: BTreeSet<_> = OPTIONS
        .iter()
        .map(|spec| spec.name)
        .chain(StillOptions::names())
        .chain(["functionName", "output", "region", "requestHandler"])
        .chain(elsewhere)
        .collect();
    for (subject, schema) in &*SCHEMAS {
        for name in &names {
            for value in &candidates {
                subject.assert_agreement(schema, &json!({*name: value}));
            }
        }
    }
}

proptest! {
    #[test]
    fn schema_and_code_agree_on_texts(
        out_name in "[a.A/ -]{0,4}(\\.(mp4|webm|gif|MP4|mp))?",
        bitrate in "[0-9.]{0,4}[KkMm ]?",
        composition in "\\PC{0,3}",
    ) {
        let options = [("outName", out_name), ("videoBitrate", bitrate), ("composition", composition)];
        for (subject, schema) in &*SCHEMAS {
            for (name, value) in &options {
                subject.assert_agreement(schema, &json!({*name: value}));
            }
        }
    }

    #[test]
    fn schema_and_code_agree_on_numbers(number in prop::num::f64::NORMAL | prop::num::f64::ZERO, whole: i64) {
        for (subject, schema) in &*SCHEMAS {
            for name in subject.properties().keys() {
                subject.assert_agreement(schema, &json!({name: number}));
                subject.assert_agreement(schema, &json!({name: whole >> 12}));
            }
        }
    }
}

#[derive(Deserialize)]
struct Case {
    name: String,
    routine: Option<String>,
    options: Map<String, Value>,
}

/// The cases of the official client: what the code takes of them, the schema takes too.
#[test]
fn golden_requests() {
    for ((subject, schema), (routine, least)) in SCHEMAS.iter().zip([("start", 150), ("still", 30)])
    {
        let cases: Vec<Case> = fixture(&format!("{routine}.json"));
        let rejections: Vec<Case> = fixture("rejections.json");
        let cases = cases.into_iter().chain(rejections);
        let mut taken = 0;
        for case in
            cases.filter(|case| case.routine.as_deref().is_none_or(|named| named == routine))
        {
            let options: Map<_, _> = case
                .options
                .into_iter()
                .filter(|(name, _)| !is_reserved(name))
                .collect();
            let options = Value::from(options);
            let accepted = on_object(&options, |object| (subject.takes)(&POLICY, object));
            assert!(
                !accepted || schema.is_valid(&options),
                "{routine}: {}",
                case.name
            );
            taken += usize::from(accepted);
        }
        assert!(taken >= least, "{routine}: {taken}");
    }
}
