//! What the official client said, on file.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A file of the fixtures.
pub(crate) fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("crates/remotion-lambda/tests/fixtures")
        .join(release("javascript"));
    let text = std::fs::read(folder.join(name)).expect("a fixture");
    serde_json::from_slice(&text).expect("a fixture of this shape")
}

/// One of the releases of Remotion that this project goes by.
pub(crate) fn release(of: &str) -> String {
    let releases: Value =
        serde_json::from_str(include_str!("../../crates/remotion-lambda/releases.json"))
            .expect("the releases");
    releases[of].as_str().expect("a release").to_owned()
}
