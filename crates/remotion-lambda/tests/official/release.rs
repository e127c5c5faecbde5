//! Which release the JavaScript client is of, and what it does not know yet.

use serde_json::Value;

/// Keys that newer releases than the JavaScript client's send, with their defaults.
pub(crate) const NEWER: [(&str, &str); 3] = [
    ("disableSharedMemoryCapture", "false"),
    ("output", r#"{"type":"media"}"#),
    ("separateAudioTo", "null"),
];

/// The release of the official client that the fixtures are of.
pub(crate) fn javascript_release() -> String {
    release("javascript")
}

/// One of the releases that this crate goes by.
pub(crate) fn release(of: &str) -> String {
    let releases: Value =
        serde_json::from_str(include_str!("../../releases.json")).expect("the releases");
    releases[of].as_str().expect("a release").to_owned()
}
