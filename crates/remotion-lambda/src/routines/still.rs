//! `still`: one frame, rendered within the request.
//!
//! Source: `makeLambdaRenderStillPayload()` of `@remotion/lambda-client`.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::payload::{OversizedProps, Routine, SerializedInputProps, write_shared};
use crate::json::Object;
use crate::options::still::Frame;
use crate::options::texts::RenderId;
use crate::options::{InvalidOptions, StillOptions};
use crate::progress::{Artifact, Costs};
use crate::version::Version;
use crate::writer::ObjectWriter;

/// The most that props and environment may weigh in a request, in bytes.
pub const MAX_INLINE_PROPS: usize = 4_993_976;

/// The same, with what is escaped in the props. Ours: AWS Lambda takes requests of 6,291,456 bytes, and the rest is for the other
/// options.
const MAX_ESCAPED_PROPS: usize = 6_250_000;

/// Every key of the official client, `null` where nothing is said.
#[derive(Clone, Debug)]
pub struct StillPayload {
    options: StillOptions,
    /// Replaced where they are too large to travel.
    pub input_props: SerializedInputProps,
}

impl Routine for StillPayload {
    type Reply = StillReply;
    const STARTS: bool = true;

    fn payload(&self, version: &Version) -> Vec<u8> {
        let mut writer = ObjectWriter::of_routine("still");
        write_shared(
            &self.options.shared,
            &self.input_props,
            true,
            version,
            &mut writer,
        );
        writer.put("attempt", &1);
        writer.put("frame", &self.options.frame.unwrap_or(Frame::FIRST));
        writer.put("imageFormat", &self.options.effective_image_format());
        // Ours: the official client reads a stream outside China; one answer is all that is needed here.
        writer.put("streamed", &false);
        writer.finish()
    }
}

/// The answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StillReply {
    /// The bucket of the still.
    pub bucket_name: String,
    /// Its id.
    pub render_id: RenderId,
    /// The key of the picture.
    pub out_key: String,
    /// The size of the picture.
    pub size_in_bytes: u64,
    /// What it cost, as the function itself estimates.
    pub estimated_price: Option<Costs>,
    /// The files that the composition has made with it, at most 200.
    #[serde(
        default,
        rename = "receivedArtifacts",
        deserialize_with = "well_formed"
    )]
    pub artifacts: Vec<Artifact>,
}

/// A still that is there is not refused for a file next to it.
fn well_formed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Artifact>, D::Error> {
    const MOST: usize = 200;
    let entries = Box::<RawValue>::deserialize(deserializer)?;
    let entries: Vec<&RawValue> = serde_json::from_str(entries.get()).unwrap_or_default();
    let artifacts = entries
        .iter()
        .filter_map(|entry| serde_json::from_str(entry.get()).ok());
    Ok(artifacts.take(MOST).collect())
}

impl StillPayload {
    /// The payload that a JSON object of options means.
    ///
    /// # Errors
    ///
    /// As for [`StartPayload::from_json`](super::start::StartPayload::from_json).
    pub fn from_json(text: &str) -> Result<Self, InvalidOptions> {
        let mut options = StillOptions::default();
        let violations = options.extend(&Object::parse(text.as_bytes())?);
        if violations.is_empty() {
            Self::new(options)
        } else {
            Err(InvalidOptions::all(violations, &options.conflicts()))
        }
    }

    /// The payload that these options mean.
    ///
    /// # Errors
    ///
    /// Every option that is missing, and a frame that is not there.
    pub fn new(mut options: StillOptions) -> Result<Self, InvalidOptions> {
        let conflicts = options.conflicts();
        if !conflicts.is_empty() {
            return Err(conflicts.into());
        }
        Ok(Self {
            input_props: SerializedInputProps::take(&mut options.shared),
            options,
        })
    }

    /// The options, without the props.
    #[must_use]
    pub const fn options(&self) -> &StillOptions {
        &self.options
    }

    /// The props, where they are too large for a request. Put them into the bucket, by
    /// `Storage::put_props`, and its answer into [`input_props`](Self::input_props).
    #[must_use]
    pub fn oversized_props(&self) -> Option<OversizedProps<'_>> {
        self.input_props
            .oversized(MAX_INLINE_PROPS, MAX_ESCAPED_PROPS, &self.options.shared)
    }
}

#[cfg(test)]
mod tests {
    use super::StillReply;
    use crate::routines::reply::decode;

    #[test]
    fn files_that_cannot_be_read_are_left_out() {
        let names = |artifacts: &str| -> Vec<_> {
            let body = format!(
                r#"{{"type":"success","bucketName":"b","renderId":"1pwhfhh11z","outKey":"k","sizeInBytes":1,"receivedArtifacts":{artifacts}}}"#
            );
            let reply: StillReply = decode(None, body.as_bytes()).expect("a still");
            reply.artifacts.into_iter().map(|file| file.name).collect()
        };
        let good = r#"{"filename":"a.txt","sizeInBytes":1,"s3Key":"k"}"#;
        let half_a_pair = good.replace("a.txt", r"\ud83d");
        assert_eq!(names(&format!("[{half_a_pair},{good},7]")), ["a.txt"]);
        assert_eq!(names("{}"), [""; 0]);
    }
}
