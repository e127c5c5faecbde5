//! Option sets, most of them valid.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// Values for each option of `start`; those behind the bar are wrong, by themselves or for most codecs.
const START: &[(&str, &str)] = &[
    (
        "audioBitrate",
        r#"["320k","1M","1.5M","128K"] | ["128","1m",128]"#,
    ),
    (
        "audioCodec",
        r#"["aac","pcm-16","mp3","opus"] | ["flac",1]"#,
    ),
    (
        "chromiumOptions",
        r#"[{},{"gl":"angle"},{"gl":null,"headless":true},{"darkMode":true,"userAgent":"x"}] | [{"gl":"metal"}]"#,
    ),
    (
        "colorSpace",
        r#"["default","bt601","bt709","bt2020-ncl"] | []"#,
    ),
    ("concurrency", r"[1,2,50,200,7.0] | [0,201,1.5,-1]"),
    ("concurrencyPerLambda", r"[1,2,6] | [0,7,1.5]"),
    ("crf", r"[18,1,51,4,63,20.5] | [0,64,-1,52]"),
    (
        "deleteAfter",
        r#"["1-day","3-days","7-days","30-days"] | ["2-days",1]"#,
    ),
    (
        "downloadBehavior",
        r#"[{"type":"play-in-browser"},{"type":"download","fileName":null},{"fileName":"é.mp4","type":"download"}] | [{},[],{"type":"download"},{"type":"x"}]"#,
    ),
    ("enableCancellation", r"[true,false] | []"),
    ("encodingBufferSize", r#"["10000k"] | ["1",1]"#),
    ("encodingMaxRate", r#"["5M"] | ["5"]"#),
    ("envVariables", r#"[{},{"A":"b","Ünï":"cödé"}] | []"#),
    ("everyNthFrame", r"[1,2,10] | [0,-1,1.5]"),
    ("forceBucketName", r#"["remotionlambda-useast1-abc"] | []"#),
    ("forceDurationInFrames", r"[1,60,300] | [0,-1,1.5]"),
    ("forceFps", r"[30,29.97,60,0.5] | [0,-1]"),
    ("forceHeight", r"[720,1080,719,2] | [0,-2,1.5]"),
    ("forcePathStyle", r"[true,false] | []"),
    ("forceWidth", r"[1280,1919,2] | [0,0.5]"),
    (
        "frameRange",
        r"[0,5,[0,10],[3,3],[2,null]] | [-1,1.5,[5,2],[1],[-1,2],[0.5,2]]",
    ),
    ("framesPerLambda", r"[5,20,100] | [0,1,4.5,-5]"),
    ("gopSize", r"[1,30] | [0,1.5,-1]"),
    ("imageFormat", r#"["png","jpeg","png","none"] | ["webp"]"#),
    (
        "inputProps",
        r#"[{},{"title":"ä \" \\ \n ☃","n":1.50,"list":[null,true,{"deep":{}}]},{"1":2,"a":"remotion-date:2020-01-01T00:00:00.000Z"}] | []"#,
    ),
    ("isProduction", r"[true,false] | []"),
    ("jpegQuality", r"[0,80,100,55.5] | [-1,101]"),
    ("licenseKey", r#"["k",""] | []"#),
    ("apiKey", r#"["old"] | []"#),
    (
        "logLevel",
        r#"["trace","verbose","info","warn","error"] | []"#,
    ),
    ("maxRetries", r"[0,1,3] | []"),
    ("mediaCacheSizeInBytes", r"[1048576] | []"),
    ("metadata", r#"[{},{"Author":"Ada","ünï":"☃"}] | []"#),
    ("muted", r"[true,false,false] | []"),
    ("numberOfGifLoops", r"[0,3] | [-1,1.5]"),
    ("offthreadVideoCacheSizeInBytes", r"[1048576] | [0,-1,1.5]"),
    ("offthreadVideoThreads", r"[1,4] | []"),
    (
        "outName",
        r#"["out.mp4","a/b.webm","x.mov","x.gif","x.mp3","x.wav","x.aac",{"bucketName":"other-bucket","key":"a/b.mp4"}] | ["out","out.MP4"," x.mp4","",{"bucketName":"B","key":"x"}]"#,
    ),
    ("overwrite", r"[true,false] | []"),
    (
        "pixelFormat",
        r#"["yuv420p","yuva420p","yuv422p","yuv444p","yuv420p10le","yuv422p10le","yuv444p10le","yuva444p10le"] | ["rgb"]"#,
    ),
    ("preferLossless", r"[true,false] | []"),
    ("privacy", r#"["public","private","no-acl"] | ["secret",1]"#),
    (
        "proResProfile",
        r#"["4444-xq","4444","hq","standard","light","proxy"] | ["best"]"#,
    ),
    ("rendererFunctionName", r#"["other-function"] | []"#),
    ("sampleRate", r"[48000,24000] | []"),
    ("scale", r"[1,0.5,2,16] | [0,-1,16.5]"),
    (
        "storageClass",
        r#"["STANDARD","STANDARD_IA","GLACIER_IR"] | []"#,
    ),
    (
        "timeoutInMilliseconds",
        r"[7000,30000,240000] | [6999,7000.5,-1]",
    ),
    ("videoBitrate", r#"["1M","500k"] | ["500",5]"#),
    (
        "webhook",
        r#"[{"url":"https://hook.example/x","secret":null},{"url":"http://a.b","secret":"s","customData":{"id":"1"}},{"url":"https://a.b","secret":null,"customData":null}] | []"#,
    ),
    (
        "x264Preset",
        r#"["ultrafast","medium","placebo"] | ["quick"]"#,
    ),
];

/// Options of `start` that are newer than the JavaScript client.
const NEWER: &[(&str, &str)] = &[
    ("disableSharedMemoryCapture", r"[true,false] | []"),
    (
        "separateAudioTo",
        r#"["a.wav","a.aac","b.mp3","c.opus",{"bucketName":"other-bucket","key":"a/b.wav"}] | []"#,
    ),
];

/// Options that only a still has, or that mean something else for it.
const STILL_ONLY: &[(&str, &str)] = &[
    ("frame", r"[0,1,-1,50] | [1.5]"),
    ("imageFormat", r#"["png","jpeg","pdf","webp"] | ["gif"]"#),
    ("outName", r#"["a.png"] | [" x.png"]"#),
];

const CODECS: [&str; 9] = [
    "h264", "h265", "vp8", "vp9", "mp3", "aac", "wav", "gif", "prores",
];

fn value(alternatives: &'static str) -> impl Strategy<Value = Value> {
    let (right, wrong) = alternatives.split_once(" | ").expect("a bar");
    let list = |text: &str| -> Vec<Value> { serde_json::from_str(text).expect("a list") };
    let (right, wrong) = (list(right), list(wrong));
    // One in fifty, so that most sets of a dozen options are right throughout.
    (0..50u8, any::<Index>()).prop_map(move |(chance, index)| match chance {
        0 if !wrong.is_empty() => index.get(&wrong).clone(),
        1 => Value::Null,
        _ => index.get(&right).clone(),
    })
}

fn chosen(
    table: &[(&'static str, &'static str)],
    many: usize,
) -> impl Strategy<Value = Map<String, Value>> + use<> {
    let entries: Vec<_> = table
        .iter()
        .map(|(name, alternatives)| ((*name).to_owned(), value(alternatives).boxed()))
        .collect();
    prop::sample::subsequence(entries, 0..=many).prop_flat_map(|entries| {
        let (names, values): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        values.prop_map(move |values| names.iter().cloned().zip(values).collect())
    })
}

fn essentials(mut options: Map<String, Value>) -> Map<String, Value> {
    options.insert(
        "functionName".into(),
        "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec".into(),
    );
    options.insert("region".into(), "us-east-1".into());
    options.insert(
        "serveUrl".into(),
        "https://site.example/sites/demo/index.html".into(),
    );
    options.insert("composition".into(), "MyVideo".into());
    options
}

/// Options of `renderMediaOnLambda()`.
pub(crate) fn start() -> impl Strategy<Value = Map<String, Value>> {
    (chosen(START, 12), select(CODECS.as_slice())).prop_map(|(mut options, codec)| {
        options.insert("codec".into(), codec.into());
        essentials(options)
    })
}

/// Options of `renderMediaOnLambda()`, those among them that the JavaScript client does not know yet.
pub(crate) fn newest() -> impl Strategy<Value = Map<String, Value>> {
    (start(), chosen(NEWER, 2)).prop_map(|(mut options, newer)| {
        options.extend(newer);
        options
    })
}

/// Options of `renderStillOnLambda()`, the ones without a default in the official client always among them.
pub(crate) fn still() -> impl Strategy<Value = Map<String, Value>> {
    let shared: Vec<_> = START
        .iter()
        .filter(|(name, _)| remotion_lambda::StillOptions::names().any(|still| still == *name))
        .copied()
        .collect();
    let table: Vec<_> = shared
        .into_iter()
        .filter(|(name, _)| !STILL_ONLY.iter().any(|(own, _)| own == name))
        .chain(STILL_ONLY.iter().copied())
        .collect();
    chosen(&table, 12).prop_map(|mut options| {
        for (name, default) in [
            ("imageFormat", json!("png")),
            ("privacy", json!("private")),
            ("inputProps", json!({})),
        ] {
            if options.get(name).is_none_or(Value::is_null) {
                options.insert(name.into(), default);
            }
        }
        essentials(options)
    })
}
