//! From a body to the bytes that the function is sent: parsing, validating, building.
//!
//! `cargo bench -p remotion-lambda`. Read the figures as ratios of one run: the time must grow as the props do.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use remotion_lambda::json::Object;
use remotion_lambda::{RenderOptions, Routine, SCHEMA_VERSION, StartPayload, Version};

/// What every deployment has underneath.
const DEFAULTS: &str = r#"{"serveUrl":"https://site.example/index.html","privacy":"private","enableCancellation":true}"#;

const SMALL: &str = r#"{"composition":"MyVideo","codec":"h264","inputProps":{"title":"Hello"}}"#;

const FULL: &str = r#"{
    "composition":"MyVideo","codec":"h264","inputProps":{"title":"Hello","list":[1,2,3]},"audioBitrate":"320k","audioCodec":"aac",
    "colorSpace":"bt709","crf":18,"deleteAfter":"7-days","downloadBehavior":{"type":"download","fileName":"holiday.mp4"},
    "encodingBufferSize":"10000k","encodingMaxRate":"5M","everyNthFrame":1,"forceDurationInFrames":300,"forceFps":30,
    "forceHeight":1080,"forceWidth":1920,"frameRange":[0,99],"gopSize":30,"imageFormat":"jpeg","jpegQuality":90,"maxRetries":2,
    "metadata":{"Author":"Ada","Title":"Holiday"},"muted":false,"outName":"holiday.mp4","overwrite":true,"pixelFormat":"yuv420p",
    "preferLossless":false,"sampleRate":48000,"scale":1,"timeoutInMilliseconds":60000,"x264Preset":"medium"
}"#;

fn with_props(bytes: usize) -> String {
    let item = r#"{"id":1234,"name":"a \"quoted\" name","tags":["x","y"]},"#;
    let items = item.repeat(bytes / item.len());
    format!(r#"{{"composition":"MyVideo","inputProps":{{"items":[{items}null]}}}}"#)
}

fn build(defaults: &RenderOptions, version: &Version, body: &str) -> Vec<u8> {
    let object = Object::parse(body.as_bytes()).expect("an object");
    let mut options = defaults.clone();
    assert!(options.extend(&object).is_empty(), "valid options");
    let routine = StartPayload::new(options).expect("options that go together");
    routine.payload(version)
}

fn payload(criterion: &mut Criterion) {
    let object = Object::parse(DEFAULTS.as_bytes()).expect("an object");
    let defaults = RenderOptions::parse(&object).expect("valid options");
    let version = Version::try_from(SCHEMA_VERSION.to_owned()).expect("a version");
    let bodies = [
        ("small", SMALL.to_owned()),
        ("full", FULL.to_owned()),
        ("19 KB of props", with_props(19_000)),
        ("190 KB of props", with_props(190_000)),
    ];
    let mut group = criterion.benchmark_group("payload");
    for (name, body) in &bodies {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter(|| build(&defaults, &version, black_box(body)));
        });
    }
    group.finish();
}

criterion_group!(benches, payload);
criterion_main!(benches);
