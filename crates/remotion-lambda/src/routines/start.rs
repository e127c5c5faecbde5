//! `start`: the payload that starts a render, with the same keys that the official clients send.
//!
//! Source: `makeLambdaRenderMediaPayload()` of `@remotion/lambda-client`, and `RenderMediaParams` of the Python client.

use super::payload::{OversizedProps, Routine, SerializedInputProps, write_shared};
use super::reply::Started;
use crate::json::Object;
use crate::options::objects::{Verbatim, Webhook};
use crate::options::{InvalidOptions, RenderOptions};
use crate::version::Version;
use crate::writer::ObjectWriter;

/// The most that props and environment may weigh in a request, in bytes.
pub const MAX_INLINE_PROPS: usize = 193_976;

/// The same, with what is escaped in the props. Ours: the function hands them on with an event, for which it takes 262,144 bytes;
/// the rest is for the other options.
const MAX_ESCAPED_PROPS: usize = 240_000;

/// The major version from which on an output of the same key is replaced where nothing is said.
const OVERWRITES_FROM: u32 = 5;

/// Every key that the newest known release sends, to every function: older ones ignore what they do not know, and newer
/// ones read some keys without looking whether they are there.
#[derive(Clone, Debug)]
pub struct StartPayload {
    options: RenderOptions,
    /// Replaced where they are too large to travel.
    pub input_props: SerializedInputProps,
}

impl Routine for StartPayload {
    type Reply = Started;
    const STARTS: bool = true;
    const INVOKES: bool = true;

    fn payload(&self, version: &Version) -> Vec<u8> {
        let overwrites = version.release().major >= OVERWRITES_FROM;
        let mut writer = ObjectWriter::of_routine("start");
        write_shared(
            &self.options,
            &self.input_props,
            false,
            version,
            &mut writer,
        );
        writer.put("overwrite", &self.options.overwrite.unwrap_or(overwrites));
        writer.put_json("output", r#"{"type":"media"}"#);
        writer.finish()
    }
}

impl StartPayload {
    /// The payload that a JSON object of options means.
    ///
    /// ```
    /// let payload = remotion_lambda::StartPayload::from_json(
    ///     r#"{"composition":"MyVideo","serveUrl":"https://site.example/index.html","crf":18}"#,
    /// );
    /// assert!(payload.is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, all at once.
    pub fn from_json(text: &str) -> Result<Self, InvalidOptions> {
        let mut options = RenderOptions::default();
        let violations = options.extend(&Object::parse(text.as_bytes())?);
        if violations.is_empty() {
            Self::new(options)
        } else {
            Err(InvalidOptions::all(violations, &options.conflicts()))
        }
    }

    /// The payload that these options mean.
    ///
    /// ```
    /// use remotion_lambda::options::objects::InputProps;
    /// use remotion_lambda::{RenderOptions, StartPayload};
    ///
    /// fn payload(title: &str) -> Result<StartPayload, Box<dyn std::error::Error>> {
    ///     let options = RenderOptions {
    ///         composition: Some("MyVideo".to_owned().try_into()?),
    ///         serve_url: Some("https://site.example/index.html".to_owned().try_into()?),
    ///         input_props: Some(InputProps::of(&std::collections::BTreeMap::from([("title", title)]))?),
    ///         scale: Some(0.5.try_into()?),
    ///         codec: Some("h265".parse()?),
    ///         ..RenderOptions::default()
    ///     };
    ///     Ok(StartPayload::new(options)?)
    /// }
    /// assert!(payload("Hello").is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// Every option that is missing or does not go together with the others.
    pub fn new(mut options: RenderOptions) -> Result<Self, InvalidOptions> {
        let conflicts = options.conflicts();
        if !conflicts.is_empty() {
            return Err(conflicts.into());
        }
        Ok(Self {
            input_props: SerializedInputProps::take(&mut options),
            options,
        })
    }

    /// Where Remotion tells that the render has ended: no other option depends on it.
    pub const fn webhook_mut(&mut self) -> &mut Option<Verbatim<Webhook>> {
        &mut self.options.webhook
    }

    /// The options, without the props.
    #[must_use]
    pub const fn options(&self) -> &RenderOptions {
        &self.options
    }

    /// The props, where they are too large for a request. Put them into the bucket, by
    /// `Storage::put_props`, and its answer into [`input_props`](Self::input_props).
    #[must_use]
    pub fn oversized_props(&self) -> Option<OversizedProps<'_>> {
        self.input_props
            .oversized(MAX_INLINE_PROPS, MAX_ESCAPED_PROPS, &self.options)
    }
}
