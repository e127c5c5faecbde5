//! The strings of Remotion's options that have a syntax.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::values::DeleteAfter;

/// A bitrate as ffmpeg takes it: a number and `K`, `k` or `M`, below 1 Gbit/s.
///
/// Remotion looks at the last letter only; ffmpeg refuses the rest after all frames have been rendered, and a size of the encoder's
/// buffer that does not fit into 32 bits.
/// Source: `validateBitrate()` of `@remotion/renderer`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Bitrate(String);

impl TryFrom<String> for Bitrate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        let (number, most) = match text.strip_suffix('M') {
            Some(number) => (number, 3),
            None => (text.strip_suffix(['K', 'k']).unwrap_or_default(), 6),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        if digits(whole, most) && digits(fraction, 6) {
            Ok(Self(text))
        } else {
            Err(
                "must be a number below 1000 followed by M, or below 1000000 followed by K or k, such as 320k",
            )
        }
    }
}

/// A text that a program can be given as an argument: without NUL, which ends one.
///
/// Remotion gives tags to ffmpeg, after all frames have been rendered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Tag(String);

impl TryFrom<String> for Tag {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.contains('\0') {
            Err("must not contain the character NUL")
        } else {
            Ok(Self(text))
        }
    }
}

/// The key of an S3 object, or a part of one, of the characters that Remotion takes.
///
/// Remotion looks at the beginning only, so that a stray character costs a render.
/// Source: `validateOutname()` of `@remotion/serverless-client`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ObjectKey(String);

impl ObjectKey {
    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last dot.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        let name = self.0.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map(|(_, extension)| extension)
    }
}

impl TryFrom<String> for ObjectKey {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let valid = |b: u8| b.is_ascii_alphanumeric() || b"-!_.*'()/:&$@=;+,?".contains(&b);
        let walks = text.split('/').any(|part| part == "." || part == "..");
        if !text.is_empty() && text.len() <= 900 && text.bytes().all(valid) && !walks {
            Ok(Self(text))
        } else {
            Err(
                "must be a name of letters, digits and -!_.*'()/:&$@=;+,? without a step such as ..",
            )
        }
    }
}

/// The name of an S3 bucket.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct BucketName(String);

impl BucketName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BucketName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let label = |label: &str| {
            let bytes = label.as_bytes();
            let ends =
                |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            ends(bytes.first())
                && ends(bytes.last())
                && bytes.iter().all(|b| *b == b'-' || ends(Some(b)))
        };
        let address = text.contains('.') && text.bytes().all(|b| b == b'.' || b.is_ascii_digit());
        if (3..=63).contains(&text.len()) && text.split('.').all(label) && !address {
            Ok(Self(text))
        } else {
            Err("must be the name of an S3 bucket: 3 to 63 of a-z, 0-9, dots and hyphens")
        }
    }
}

impl FromStr for BucketName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

/// The most characters of a name.
const NAME_CHARS: usize = 255;

/// A name: a string that is not empty, and not long.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct NonEmpty(String);

impl NonEmpty {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NonEmpty {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() {
            Err("must not be empty")
        } else if text.chars().count() > NAME_CHARS {
            Err("must have at most 255 characters")
        } else {
            Ok(Self(text))
        }
    }
}

/// The id of a render: ten characters of `a-z0-9`, after a prefix such as `7-days-` where the output expires.
///
/// Source: `generateRandomHashWithLifeCycleRule()` of `@remotion/serverless`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RenderId(String);

impl RenderId {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When S3 deletes the render's files, as its prefix says.
    #[must_use]
    pub fn delete_after(&self) -> Option<DeleteAfter> {
        DeleteAfter::ALL
            .iter()
            .copied()
            .find(|value| bare(&self.0, *value).is_some())
    }
}

/// An id without its prefix, where it has this one.
fn bare(id: &str, prefix: DeleteAfter) -> Option<&str> {
    id.strip_prefix(prefix.as_str())?.strip_prefix('-')
}

impl std::fmt::Display for RenderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RenderId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bare = DeleteAfter::ALL
            .iter()
            .find_map(|prefix| bare(&text, *prefix))
            .unwrap_or(&text);
        if bare.len() == 10
            && bare
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        {
            Ok(Self(text))
        } else {
            Err("must be the id of a render")
        }
    }
}

impl FromStr for RenderId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

/// The URL of a site, or the name of one in Remotion's bucket.
///
/// Source: `validateServeUrl()` of `@remotion/serverless-client`, and `start`, which refuses a local path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ServeUrl(String);

impl TryFrom<String> for ServeUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = text.starts_with("https://") || text.starts_with("http://");
        let name = !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-!_.*'()".contains(&b));
        if url || name {
            Ok(Self(text))
        } else {
            Err("must be the https URL of a site, or the name of a site")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bitrate, BucketName, NonEmpty, ObjectKey, RenderId, ServeUrl};
    use crate::options::values::DeleteAfter;

    /// As a command line gives them.
    #[test]
    fn parsed() {
        assert_eq!(
            "1pwhfhh11z".parse(),
            RenderId::try_from("1pwhfhh11z".to_owned())
        );
        assert!("a b".parse::<RenderId>().is_err());
        assert_eq!(
            "remotionlambda-useast1-abc".parse(),
            BucketName::try_from("remotionlambda-useast1-abc".to_owned())
        );
        assert!("A".parse::<BucketName>().is_err());
    }

    #[track_caller]
    fn assert_valid<T: TryFrom<String>>(texts: &[&str]) {
        for text in texts {
            assert!(T::try_from((*text).to_owned()).is_ok(), "{text:?}");
        }
    }

    #[track_caller]
    fn assert_refused<T: TryFrom<String>>(texts: &[&str]) {
        for text in texts {
            assert!(T::try_from((*text).to_owned()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn bitrate() {
        assert_valid::<Bitrate>(&["320k", "1M", "1.5M", "128K", "999M", "999999K"]);
        assert_refused::<Bitrate>(&["", "K", "320", "320m", "fooK", "1.M", ".5M", "-1M", "1 M"]);
        assert_refused::<Bitrate>(&["1000M", "1000000k", "1.0000000M"]);
    }

    #[test]
    fn names() {
        assert_valid::<NonEmpty>(&["Main", "Élan 1_b", &"é".repeat(255)]);
        assert_refused::<NonEmpty>(&["", " ", &"é".repeat(256)]);
    }

    #[test]
    fn object_key() {
        assert_valid::<ObjectKey>(&["out.mp4", "videos/2026/a-b_c.mp4", "it's(1)!.mp4"]);
        assert_refused::<ObjectKey>(&[
            "",
            " out.mp4",
            "a ü.mp4",
            "a%2Emp4",
            "../out.mp4",
            "a/./b.mp4",
            "a\\b.mp4",
        ]);
        let extension = |key: &str| {
            ObjectKey::try_from(key.to_owned())
                .expect("a key")
                .extension()
                .map(ToOwned::to_owned)
        };
        assert_eq!(extension("a.b/c.mp4").as_deref(), Some("mp4"));
        assert_eq!(extension("a.b/c"), None);
        assert_eq!(extension(".mp4").as_deref(), Some("mp4"));
    }

    #[test]
    fn bucket_name() {
        assert_valid::<BucketName>(&["remotionlambda-useast1-abc", "my.bucket", "abc"]);
        assert_refused::<BucketName>(&[
            "ab",
            "UPPER",
            "a..b",
            "-ab",
            "ab-",
            "192.168.5.4",
            "a_b",
            "bucket.-x",
        ]);
    }

    #[test]
    fn render_id() {
        assert_valid::<RenderId>(&["1pwhfhh11z", "7-days-1pwhfhh11z", "30-days-0000000000"]);
        let days = |id: &str| {
            let id = RenderId::try_from(id.to_owned()).expect("an id");
            id.delete_after().map(DeleteAfter::days)
        };
        assert_eq!(days("1pwhfhh11z"), None);
        assert_eq!(days("1-day-1pwhfhh11z"), Some(1));
        assert_eq!(days("30-days-1pwhfhh11z"), Some(30));
        assert_refused::<RenderId>(&[
            "",
            "1pwhfhh11",
            "1pwhfhh11zz",
            "1PWHFHH11Z",
            "2-days-1pwhfhh11z",
            "../../etc1",
            "1pwhf/h11z",
        ]);
    }

    #[test]
    fn serve_url() {
        assert_valid::<ServeUrl>(&[
            "https://a.example/index.html",
            "http://127.0.0.1:4566/b/sites/s/index.html",
            "my-site",
        ]);
        assert_refused::<ServeUrl>(&["", "src/index.ts", "ftp://a", "my site"]);
    }
}
