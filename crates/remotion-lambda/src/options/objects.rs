//! The options that are objects or unions.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::invalid::InvalidOptions;
use super::numbers::Whole;
use super::texts::{BucketName, ObjectKey};
use super::values::OpenGlRenderer;
use crate::read::{Quote, WrongValue, parse_object};

/// An object that is checked, and sent in the sender's own words: Remotion's client adds nothing to it and drops nothing.
#[derive(Clone)]
pub struct Verbatim<T> {
    /// What it says.
    pub value: T,
    text: Box<RawValue>,
}

impl<T: DeserializeOwned> Verbatim<T> {
    pub(crate) fn read(text: &RawValue, quote: Quote) -> Result<Self, WrongValue> {
        Ok(Self {
            value: parse_object(text, quote)?,
            text: text.to_owned(),
        })
    }
}

impl<T: DeserializeOwned> Verbatim<T> {
    /// The value of this option, as it is serialised.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn of(option: &str, value: &impl Serialize) -> Result<Self, InvalidOptions> {
        let text = to_raw_value(value)?;
        let read = Self::read(&text, Quote::Nothing);
        read.map_err(|fault| vec![fault.violation(option)].into())
    }
}

impl<T> Verbatim<T> {
    /// The sender's own words.
    #[must_use]
    pub fn into_text(self) -> Box<RawValue> {
        self.text
    }
}

impl<T> Serialize for Verbatim<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

/// What a composition's component receives: any JSON object, untouched.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct InputProps(Box<RawValue>);

/// They may hold what nobody but the composition's author may read.
impl fmt::Debug for InputProps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InputProps")
    }
}

impl InputProps {
    /// The props, as they are serialised.
    ///
    /// # Errors
    ///
    /// They are no object, or cannot be serialised.
    pub fn of(props: &impl Serialize) -> Result<Self, InvalidOptions> {
        let text = to_raw_value(props)?;
        Self::read(&text).map_err(|fault| vec![fault.violation("inputProps")].into())
    }

    pub(crate) fn read(text: &RawValue) -> Result<Self, WrongValue> {
        if text.get().starts_with('{') {
            Ok(Self(text.to_owned()))
        } else {
            Err(WrongValue::new("must be an object"))
        }
    }

    /// The object as JSON text.
    #[must_use]
    pub fn into_text(self) -> Box<str> {
        self.0.into()
    }
}

/// How Chrome is started. Source: <https://www.remotion.dev/docs/lambda/rendermediaonlambda#chromiumoptions>
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "read to be checked; sent verbatim")]
pub struct ChromiumOptions {
    dark_mode: Option<bool>,
    disable_web_security: Option<bool>,
    enable_multi_process_on_linux: Option<bool>,
    gl: Option<OpenGlRenderer>,
    headless: Option<bool>,
    ignore_certificate_errors: Option<bool>,
    user_agent: Option<String>,
}

/// What a browser does with the output's URL. Source: <https://www.remotion.dev/docs/lambda/rendermediaonlambda#downloadbehavior>
#[derive(Clone, Deserialize)]
#[serde(try_from = "Behavior")]
pub enum DownloadBehavior {
    /// Plays it, where it can.
    PlayInBrowser,
    /// Saves it.
    Download {
        /// The name it is saved under; `null`: the output's own. Remotion wants it said.
        file_name: Option<DownloadName>,
    },
}

/// As it is written. Of an enum serde would not tell where in it a fault is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Behavior {
    r#type: BehaviorType,
    #[serde(default)]
    file_name: FileName,
}

/// `null` is told from what is absent.
#[derive(Default)]
enum FileName {
    #[default]
    Absent,
    Said(Option<DownloadName>),
}

impl<'de> Deserialize<'de> for FileName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Said)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum BehaviorType {
    PlayInBrowser,
    Download,
}

impl TryFrom<Behavior> for DownloadBehavior {
    type Error = &'static str;

    fn try_from(behavior: Behavior) -> Result<Self, Self::Error> {
        match (behavior.r#type, behavior.file_name) {
            (BehaviorType::PlayInBrowser, FileName::Absent) => Ok(Self::PlayInBrowser),
            (BehaviorType::PlayInBrowser, FileName::Said(_)) => {
                Err("has a fileName, which goes with the type download alone")
            }
            (BehaviorType::Download, FileName::Absent) => Err("needs fileName"),
            (BehaviorType::Download, FileName::Said(file_name)) => Ok(Self::Download { file_name }),
        }
    }
}

/// The name under which a browser saves an output; it stands in a header of the object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DownloadName(String);

impl TryFrom<String> for DownloadName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const MAX_CHARS: usize = 255;
        let printable = !text.chars().any(char::is_control);
        if is_raw(&text) && !text.chars().all(stands_raw) {
            return Err(
                "must not have a percent sign before two hexadecimal digits together with quotation marks, backslashes or characters beyond ASCII: Remotion would not encode it, and the upload would fail",
            );
        }
        if printable && (1..=MAX_CHARS).contains(&text.chars().count()) {
            Ok(Self(text))
        } else {
            Err("must be a file name of 1 to 255 characters without control characters")
        }
    }
}

/// Whether Remotion puts the name into the header as it is.
///
/// Source: `getContentDispositionHeader()` of `@remotion/serverless`.
fn is_raw(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.windows(3).any(|three| {
        three[0] == b'%' && three[1].is_ascii_hexdigit() && three[2].is_ascii_hexdigit()
    })
}

/// Whether a character may stand in a header as it is, between quotation marks.
const fn stands_raw(c: char) -> bool {
    c.is_ascii() && c != '"' && c != '\\'
}

/// Which frames are rendered, counted from 0.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "must be a frame number, or a pair [first, last] where last may be null; frames are counted from 0"
)]
pub enum FrameRange {
    /// One frame.
    One(Whole<0>),
    /// From the first to the last, both included; to the end where the last is `null`.
    Between(Whole<0>, Option<Whole<0>>),
}

/// Where the output goes. Source: <https://www.remotion.dev/docs/lambda/custom-destination>
#[derive(Clone)]
pub enum OutName {
    /// A file under the render's own prefix.
    File(ObjectKey),
    /// A key of any bucket.
    Key(Verbatim<Destination>),
}

/// A bucket and key, in AWS or in another S3.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Destination {
    /// The bucket.
    pub bucket_name: BucketName,
    /// The key in it.
    pub key: ObjectKey,
    /// Another S3 than AWS's.
    pub s3_output_provider: Option<S3OutputProvider>,
}

impl OutName {
    /// A key of a bucket, which is AWS's without a provider.
    #[must_use]
    pub fn in_bucket(bucket: &BucketName, key: &ObjectKey, provider: Option<&RawValue>) -> Self {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Sent<'a> {
            bucket_name: &'a BucketName,
            key: &'a ObjectKey,
            #[serde(skip_serializing_if = "Option::is_none")]
            s3_output_provider: Option<&'a RawValue>,
        }
        let text = to_raw_value(&Sent {
            bucket_name: bucket,
            key,
            s3_output_provider: provider,
        })
        .expect("strings and JSON text serialise");
        Self::Key(Verbatim {
            value: Destination {
                bucket_name: bucket.clone(),
                key: key.clone(),
                s3_output_provider: provider
                    .and_then(|provider| serde_json::from_str(provider.get()).ok()),
            },
            text,
        })
    }
}

/// An S3 that is not AWS's. Source: <https://www.remotion.dev/docs/lambda/custom-destination>
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "read to be checked; sent verbatim")]
pub struct S3OutputProvider {
    endpoint: String,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    region: Option<String>,
    force_path_style: Option<bool>,
}

impl Serialize for OutName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::File(name) => name.serialize(serializer),
            Self::Key(destination) => destination.serialize(serializer),
        }
    }
}

/// Where Remotion tells that the render has ended. Source: <https://www.remotion.dev/docs/lambda/webhooks>
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "read to be checked; sent verbatim")]
pub struct Webhook {
    url: WebhookUrl,
    secret: Option<String>,
    custom_data: Option<CustomData>,
}

/// Remotion looks at it only when the render has ended.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct WebhookUrl;

impl TryFrom<String> for WebhookUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        if host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) {
            Ok(Self)
        } else {
            Err("must be an https URL")
        }
    }
}

/// What comes back with the call. Source: `validateWebhook()` of `@remotion/serverless-client`.
///
/// ASCII, because Remotion miscounts the length of other bodies, and such a call never arrives.
#[derive(Clone)]
struct CustomData;

impl<'de> Deserialize<'de> for CustomData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const MAX_BYTES: usize = 1_024;
        let value = serde_json::Map::<String, serde_json::Value>::deserialize(deserializer)?;
        let text = serde_json::to_string(&value).map_err(D::Error::custom)?;
        if !text.is_ascii() {
            return Err(D::Error::custom(
                "must be ASCII: Remotion never delivers a webhook with other characters",
            ));
        }
        if text.len() > MAX_BYTES {
            return Err(D::Error::custom(format_args!(
                "must be at most {MAX_BYTES} bytes of JSON, not {}",
                text.len()
            )));
        }
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{InputProps, Verbatim, Webhook};
    use crate::RenderOptions;

    /// A program fills the options in without writing JSON.
    #[test]
    fn of_values() {
        let webhook = json!({"url": "https://hook.example", "secret": "hidden"});
        let options = RenderOptions {
            input_props: Some(InputProps::of(&json!({"title": "Hello"})).expect("an object")),
            webhook: Some(Verbatim::<Webhook>::of("webhook", &webhook).expect("a webhook")),
            ..RenderOptions::default()
        };
        let props = options.input_props.expect("the props").into_text();
        assert_eq!(&*props, r#"{"title":"Hello"}"#);
        let webhook = options.webhook.expect("the webhook").into_text();
        assert!(webhook.get().contains("hook.example"));
    }

    #[test]
    fn of_wrong_values() {
        let wrong = InputProps::of(&[1]).expect_err("a list").to_string();
        assert_eq!(wrong, "/inputProps: inputProps must be an object.");
        let wrong = Verbatim::<Webhook>::of("webhook", &json!({"url": "hidden"}));
        let wrong = wrong.err().expect("no URL").to_string();
        assert_eq!(wrong, "/webhook/url: webhook.url must be an https URL.");
    }
}
