//! Where the operator wants outputs to go: names and keys with placeholders, filled in for each render.

use std::fmt::{self, Write as _};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use remotion_lambda::options::texts::{BucketName, ObjectKey};
use remotion_lambda::{OutName, StatusPayload, json::clipped};
use serde_json::value::RawValue;

use crate::{clock, random};

/// A name or a key with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// `{userId}`: base64url, so that it has no character that a key may not have.
    UserId,
    /// `{id}`: random, and what makes a key that of one render alone.
    Id,
    /// `{composition}`: what a key may not have of it becomes a hyphen.
    Composition,
    /// `{date}`: the day in UTC, such as 2026-11-26.
    Date,
    /// `{extension}`: the codec's, or the picture's.
    Extension,
}

const PLACEHOLDERS: [(&str, Piece); 5] = [
    ("{userId}", Piece::UserId),
    ("{id}", Piece::Id),
    ("{composition}", Piece::Composition),
    ("{date}", Piece::Date),
    ("{extension}", Piece::Extension),
];

/// The most of a composition's id that goes into a key, in characters.
const COMPOSITION_CHARS: usize = 100;

/// The length of `{id}`.
const ID_CHARS: usize = 16;

/// Where outputs go.
#[derive(Clone, Debug)]
pub struct OutputPlace {
    place: Place,
    template: Template,
}

#[derive(Clone)]
enum Place {
    /// Under the render's own prefix in Remotion's bucket, where each render has its own.
    OwnPrefix,
    /// In a bucket of the operator's, maybe of another provider's.
    Bucket {
        name: BucketName,
        provider: Option<Box<RawValue>>,
    },
}

/// The provider's secret stays what it is.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnPrefix => f.write_str("OwnPrefix"),
            Self::Bucket { name, .. } => f
                .debug_struct("Bucket")
                .field("name", name)
                .finish_non_exhaustive(),
        }
    }
}

/// The values of the placeholders for one render.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    /// The user's id.
    pub user: &'a str,
    /// The composition's id.
    pub composition: &'a str,
    /// The output's extension.
    pub extension: &'a str,
}

impl OutputPlace {
    /// `OUTPUT_BUCKET_NAME`, and `OUTPUT_KEY` in it.
    ///
    /// # Errors
    ///
    /// What is wrong with the key.
    pub fn in_bucket(name: BucketName, key: &str) -> Result<Self, String> {
        let place = Place::Bucket {
            name,
            provider: None,
        };
        Self::new(place, key)
    }

    /// The option `outName` or `separateAudioTo` of the render defaults: a file name, or an object with bucket and key.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn of_option(value: &RawValue) -> Result<Self, String> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Destination {
            bucket_name: BucketName,
            key: String,
            s3_output_provider: Option<Box<RawValue>>,
        }
        let wrong = |error: serde_json::Error| {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            format!("must be a file name, or an object with bucketName and key ({message})")
        };
        if value.get().starts_with('{') {
            let destination: Destination = serde_json::from_str(value.get()).map_err(wrong)?;
            if let Some(provider) = &destination.s3_output_provider {
                // It holds a secret, of which nothing may be quoted.
                StatusPayload::provider(provider).map_err(|violation| {
                    let reason = violation.detail.trim_end_matches('.').to_owned();
                    format!("has an s3OutputProvider that is wrong ({reason})")
                })?;
            }
            let place = Place::Bucket {
                name: destination.bucket_name,
                provider: destination.s3_output_provider,
            };
            return Self::new(place, &destination.key);
        }
        let name: String = serde_json::from_str(value.get()).map_err(wrong)?;
        // Remotion wants an ending, and it depends on the codec.
        let file = name.rsplit('/').next().unwrap_or_default();
        let name = if file.contains(['.', '{']) {
            name
        } else {
            format!("{name}.{{extension}}")
        };
        Self::new(Place::OwnPrefix, &name)
    }

    fn new(place: Place, text: &str) -> Result<Self, String> {
        let template = Template::parse(text)?;
        if matches!(place, Place::Bucket { .. }) && !template.0.contains(&Piece::Id) {
            return Err(format!(
                "must have {{id}} in it, such as \"{{userId}}/{{id}}.{{extension}}\": every render would replace the output of the one before it at {text:?}"
            ));
        }
        let sample = Filling {
            user: "user",
            composition: "composition",
            extension: "mp4",
        };
        ObjectKey::try_from(template.filled(&sample))?;
        Ok(Self { place, template })
    }

    /// The output's place in one render, which no other has where it is a bucket of the operator's.
    #[must_use]
    pub fn filled(&self, filling: &Filling<'_>) -> OutName {
        let key = ObjectKey::try_from(self.template.filled(filling))
            .expect("a template that was tried, filled with what a key may have");
        match &self.place {
            Place::OwnPrefix => OutName::File(key),
            Place::Bucket { name, provider } => OutName::in_bucket(name, &key, provider.as_deref()),
        }
    }

    /// The bucket of the operator's, if it is one.
    #[must_use]
    pub const fn bucket(&self) -> Option<&BucketName> {
        match &self.place {
            Place::OwnPrefix => None,
            Place::Bucket { name, .. } => Some(name),
        }
    }

    /// Whether the name ends with the output's extension, whatever the codec is.
    #[must_use]
    pub fn suits_any_codec(&self) -> bool {
        self.template.0.contains(&Piece::Extension)
    }
}

impl Template {
    fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let Some((name, piece)) = PLACEHOLDERS
                .iter()
                .find(|(name, _)| after.starts_with(name))
            else {
                let names: Vec<_> = PLACEHOLDERS.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "must have no other placeholders than {}, not {:?}",
                    names.join(", "),
                    clipped(after, 20)
                ));
            };
            pieces.push(piece.clone());
            rest = &after[name.len()..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    fn filled(&self, filling: &Filling<'_>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::UserId => URL_SAFE_NO_PAD.encode_string(filling.user, &mut text),
                Piece::Id => text += &random::name(ID_CHARS),
                Piece::Composition => text.extend(
                    filling
                        .composition
                        .chars()
                        .take(COMPOSITION_CHARS)
                        .map(|c| {
                            if c.is_ascii_alphanumeric() || c == '_' {
                                c
                            } else {
                                '-'
                            }
                        }),
                ),
                Piece::Date => text.push_str(&clock::date(clock::now_ms())),
                Piece::Extension => write!(text, "{}", filling.extension).expect("memory"),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use remotion_lambda::OutName;
    use remotion_lambda::options::texts::BucketName;
    use serde_json::value::RawValue;

    use super::{Filling, OutputPlace};

    const FILLING: Filling<'static> = Filling {
        user: "a/ü",
        composition: "Élan 1_b",
        extension: "webm",
    };

    fn bucket() -> BucketName {
        BucketName::try_from("videos".to_owned()).expect("a bucket")
    }

    fn key(template: &str) -> String {
        let place = OutputPlace::in_bucket(bucket(), template).expect("a place");
        let OutName::Key(destination) = place.filled(&FILLING) else {
            panic!("a key")
        };
        destination.value.key.as_str().to_owned()
    }

    #[test]
    fn placeholders() {
        let key = key("{userId}/{date}/{composition}-{id}.{extension}");
        let mut parts = key.split('/');
        assert_eq!(parts.next(), Some("YS_DvA"));
        assert!(
            parts
                .next()
                .is_some_and(|date| date.starts_with("20") && date.len() == 10)
        );
        let file = parts.next().expect("a file");
        assert!(
            file.starts_with("-lan-1_b-") && file.strip_suffix(".webm").is_some(),
            "{file}"
        );
        assert_eq!(file.len(), "-lan-1_b-".len() + 16 + ".webm".len());
    }

    #[test]
    fn no_two_renders_have_one_key() {
        assert_ne!(key("{id}.mp4"), key("{id}.mp4"));
    }

    #[test]
    fn a_fixed_key_is_refused() {
        for fixed in ["video.mp4", "{userId}/{composition}/{date}.{extension}"] {
            let reason = OutputPlace::in_bucket(bucket(), fixed).expect_err("a fixed key");
            assert!(reason.contains("{userId}/{id}.{extension}"), "{reason}");
        }
        for wrong in ["{id}/{name}.mp4", "{id", "{id}/../x", "{id} .mp4", ""] {
            assert!(OutputPlace::in_bucket(bucket(), wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn of_an_option() {
        let place = |text: &str| {
            let value: &RawValue = serde_json::from_str(text).expect("JSON");
            OutputPlace::of_option(value)
        };
        let file = |text: &str| match place(text).expect("a place").filled(&FILLING) {
            OutName::File(name) => name.as_str().to_owned(),
            OutName::Key(_) => panic!("a file"),
        };
        assert_eq!(file(r#""video.mp4""#), "video.mp4");
        assert_eq!(file(r#""video""#), "video.webm");
        assert_eq!(file(r#""a.b/video""#), "a.b/video.webm");
        assert_eq!(file(r#""{composition}.{extension}""#), "-lan-1_b.webm");
        assert!(place(r#"{"bucketName":"videos","key":"{id}.mp4"}"#).is_ok());
        for wrong in [
            r#"{"bucketName":"videos","key":"video.mp4"}"#,
            r#"{"bucketName":"V","key":"{id}.mp4"}"#,
            r#"{"bucketName":"videos"}"#,
            r#"{"bucketName":"videos","key":"{id}.mp4","s3OutputProvider":{"end":"x"}}"#,
            "7",
            r#""a ü.mp4""#,
        ] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
