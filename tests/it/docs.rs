//! `docs/options.md` says what the code does.

use std::collections::BTreeMap;

use remotion_render_api::policy::RESERVED;
use remotion_render_api::remotion::options::NAMES;
use remotion_render_api::remotion::values::{
    AudioCodec, Codec, ColorSpace, DeleteAfter, ImageFormat, LogLevel, PixelFormat, Privacy,
    ProResProfile, StorageClass, X264Preset,
};
use serde_json::Value;

use crate::harness::{Deployment, STARTED, event};

/// The table's rows: option, type, default, rule, set by.
fn rows() -> Vec<[String; 5]> {
    let text = include_str!("../../docs/options.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| {
        let cells: Vec<_> = row
            .trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim().trim_matches('|').trim().to_owned())
            .collect();
        <[String; 5]>::try_from(cells).ok()
    })
    .collect()
}

fn code(cell: &str) -> &str {
    cell.trim_matches('`')
}

#[test]
fn every_option_once_in_order() {
    let names: Vec<_> = rows().iter().map(|row| code(&row[0]).to_owned()).collect();
    assert_eq!(names, NAMES);
}

#[test]
fn defaults() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event("empty-body"));
    let payload = outcome.payload();
    for row in rows() {
        let option = code(&row[0]);
        let key = match option {
            "forceBucketName" => "bucketName",
            "apiKey" => "licenseKey",
            _ => option,
        };
        let sent = &payload[key];
        match (option, row[2].as_str()) {
            (_, "required") => assert!(!sent.is_null(), "{option}"),
            ("inputProps", default) => assert_eq!(sent["payload"], code(default)),
            (_, default) => assert_eq!(
                sent,
                &serde_json::from_str::<Value>(code(default)).expect("JSON"),
                "{option}"
            ),
        }
    }
}

#[test]
fn who_sets_them() {
    for row in rows() {
        let option = code(&row[0]);
        let reserved = RESERVED.contains(&option) && option != "outName";
        assert_eq!(
            row[4],
            if reserved { "operator" } else { "caller" },
            "{option}"
        );
    }
    let text = include_str!("../../docs/options.md");
    assert!(
        RESERVED
            .iter()
            .all(|name| text.contains(&format!("`{name}`")))
    );
}

#[test]
fn closed_sets() {
    macro_rules! names {
        ($set:ty) => {
            <$set>::ALL
                .iter()
                .map(|value| format!("`{}`", value.as_str()))
                .collect::<Vec<_>>()
                .join(" ")
        };
    }
    let types: BTreeMap<_, _> = rows()
        .into_iter()
        .map(|[option, r#type, ..]| (code(&option).to_owned(), r#type))
        .collect();
    assert_eq!(types["audioCodec"], names!(AudioCodec));
    assert_eq!(types["codec"], names!(Codec));
    assert_eq!(types["colorSpace"], names!(ColorSpace));
    assert_eq!(types["deleteAfter"], names!(DeleteAfter));
    assert_eq!(types["imageFormat"], names!(ImageFormat));
    assert_eq!(types["logLevel"], names!(LogLevel));
    assert_eq!(types["pixelFormat"], names!(PixelFormat));
    assert_eq!(types["privacy"], names!(Privacy));
    assert_eq!(types["proResProfile"], names!(ProResProfile));
    assert_eq!(types["storageClass"], names!(StorageClass));
    assert_eq!(types["x264Preset"], names!(X264Preset));
}
