//! What the owner of a render may read of its state.
//!
//! Every number is the one that `getRenderProgress({skipLambdaInvocation: true})` of `@remotion/lambda-client` derives
//! from the same file. Three are our own: the status, which includes renders that Remotion lost, the cap of the progress at 1, and the
//! costs of what has run out of time, which grow no more.

use serde::{Deserialize, Serialize};

use super::costs::Costs;
use super::derivation::float;
use super::failures::{RenderError, is_cancellation};
use super::poll::Poll;
use super::scalars::Exact;
use super::state::{ErrorEntry, Metadata, Name, Progress, ReceivedArtifact};

/// How long after its timeout a render is still waited for, in milliseconds. The official client's.
const GRACE: f64 = 20_000.0;

/// How long before its timeout a function cancels what it has not finished, in milliseconds: it does so in its last second.
const LAST_MOMENTS: f64 = 1_500.0;

/// The stage of a render.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// The function has not opened the site yet; AWS may still hold its launch back.
    Queued,
    /// Frames are missing.
    Rendering,
    /// All frames are there, and are being made one file.
    Encoding,
    /// The output is there.
    Done,
    /// An error ended it.
    Failed,
    /// Somebody ended it.
    Cancelled,
    /// Its function ran out of time, or died: nothing will be written any more.
    TimedOut,
    /// Its files have been deleted, as `deleteAfter` asked. Never read off a state: there is none.
    Expired,
}

impl Status {
    /// Whether it is final.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Rendering | Self::Encoding => false,
            Self::Done | Self::Failed | Self::Cancelled | Self::TimedOut | Self::Expired => true,
        }
    }
}

/// An object in S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its bucket: Remotion's, unless the options of the render name another.
    pub bucket: String,
    /// Its key.
    pub key: String,
}

/// The answer to a poll. Times are milliseconds since 1970, spans milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Overview {
    /// The render.
    pub render_id: String,
    /// The bucket that holds its state.
    pub bucket_name: String,
    /// The stage of the render.
    pub status: Status,
    /// From 0 to 1; 1 does not mean done.
    pub overall_progress: f64,
    /// It falls where a chunk is retried.
    pub frames_rendered: u64,
    /// None until the composition has been looked up.
    pub frames_total: Option<u64>,
    /// It falls where a chunk is retried.
    pub frames_encoded: u64,
    /// How many chunks are finished.
    pub chunks: u64,
    /// None until the composition has been looked up.
    pub chunks_total: Option<u64>,
    /// None if Remotion has no price for the region or the function.
    pub costs: Option<Costs>,
    /// When the function was launched.
    pub started_at: Option<u64>,
    /// The same, where [`started_at`](Self::started_at) is told of something earlier.
    #[serde(skip)]
    pub launched_at: Option<u64>,
    /// When the render was done, failed or was cancelled, where Remotion says so.
    pub finished_at: Option<u64>,
    /// How long the render took. It grows where Remotion has not written the end of a render that is done.
    pub time_to_finish: Option<u64>,
    /// When the function's time ends.
    pub timeout_at: Option<u64>,
    /// Also those that were retried.
    pub errors: Vec<RenderError>,
    /// None until it is done.
    pub output_size_in_bytes: Option<u64>,
    /// The output, once it is done.
    #[serde(skip)]
    pub output: Option<Location>,
    /// Files that the composition has made with the video.
    #[serde(skip)]
    pub artifacts: Vec<Artifact>,
    /// Whether AWS may still hold the launch of this render back: `start` has written the state, and nobody since.
    #[serde(skip)]
    pub may_start: bool,
    /// The composition's id, once it has been looked up.
    #[serde(skip)]
    pub composition: Option<String>,
}

impl Overview {
    /// `overall_progress` in whole percent, from 0 to 100; 100 does not mean done.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to 1"
    )]
    pub fn percent(&self) -> u8 {
        (self.overall_progress * 100.0) as u8
    }
}

/// A file that a composition has made with the video, such as captions or a thumbnail.
///
/// Source: <https://www.remotion.dev/docs/artifacts>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Artifact {
    /// Its name.
    #[serde(rename = "filename")]
    pub name: String,
    /// Its size.
    #[serde(rename = "sizeInBytes")]
    pub size_in_bytes: u64,
    /// Its key in the render's bucket.
    #[serde(rename = "s3Key")]
    pub key: String,
}

impl Progress {
    /// Where the output is, or will be. None until the composition has been looked up.
    #[must_use]
    pub fn output(&self, poll: &Poll<'_>) -> Option<Location> {
        let metadata = self.render_metadata.as_ref()?;
        let render_id = metadata
            .render_id
            .as_ref()
            .map_or(poll.render_id, |id| id.as_str());
        let name = match &metadata.out_name {
            Some(Name::Key { bucket_name, key }) => {
                return Some(Location {
                    bucket: bucket_name.as_str().to_owned(),
                    key: key.as_str().to_owned(),
                });
            }
            Some(Name::File(name)) => name.as_str().to_owned(),
            None => format!("out.{}", metadata.extension()?),
        };
        Some(Location {
            bucket: poll.bucket_name.to_owned(),
            key: format!("renders/{render_id}/{name}"),
        })
    }

    /// The object whose existence alone tells how the render stands: it is overdue, or combined without a last word.
    ///
    /// With an answer, [`overview`](Self::overview) knows.
    #[must_use]
    pub fn undecided_output(&self, poll: &Poll<'_>) -> Option<Location> {
        let running =
            self.post_render_data.is_none() && !self.errors.0.iter().any(ErrorEntry::is_final);
        (running && (self.is_overdue(poll) || self.is_combined())).then(|| self.output(poll))?
    }

    /// The meaning of this state at a time.
    ///
    /// `output_size` is the size in bytes of [`undecided_output`](Self::undecided_output), if there is such an object;
    /// None where there is not, where it may not be read, and where nothing was undecided.
    #[must_use]
    pub fn overview(&self, poll: &Poll<'_>, output_size: Option<u64>) -> Overview {
        let found = output_size.filter(|_| self.undecided_output(poll).is_some());
        let status = self.status(poll, found.is_some());
        let done = status == Status::Done;
        let metadata = self.render_metadata.as_ref();
        let finish = self.post_render_data.as_ref();
        let frames_total = metadata
            .and_then(Metadata::frames)
            .map(|n| Exact(n).whole());
        let chunks_total = metadata.map(|metadata| metadata.total_chunks.whole());
        let counted = |so_far: u64, total: Option<u64>| total.filter(|_| done).unwrap_or(so_far);

        let mut errors = RenderError::all(&finish.map_or(&self.errors, |finish| &finish.errors).0);
        if status == Status::TimedOut {
            errors.insert(0, RenderError::out_of_time());
        }
        let time_to_finish = match (finish, metadata) {
            (Some(finish), _) => finish.time_to_finish.map(Exact::whole),
            (None, Some(metadata)) if done => {
                Some(poll.now.saturating_sub(metadata.started_date.whole()))
            }
            _ => None,
        };
        let finished_at = match finish {
            Some(finish) => finish.end_time,
            None => self.fatal_error_timestamp.filter(|_| status.is_final()),
        };
        Overview {
            render_id: poll.render_id.to_owned(),
            bucket_name: poll.bucket_name.to_owned(),
            status,
            overall_progress: if done { 1.0 } else { self.overall_progress() },
            frames_rendered: counted(self.frames_rendered.whole(), frames_total),
            frames_total,
            frames_encoded: counted(self.frames_encoded.whole(), frames_total),
            chunks: counted(self.chunks.len() as u64, chunks_total),
            chunks_total,
            costs: self.costs(&Poll {
                now: self.ran_until(poll, status),
                ..*poll
            }),
            started_at: self.function_launched.map(Exact::whole),
            launched_at: self.function_launched.map(Exact::whole),
            finished_at: finished_at.map(Exact::whole),
            time_to_finish,
            timeout_at: self.timeout_timestamp.map(Exact::whole),
            errors,
            output_size_in_bytes: finish
                .and_then(|finish| finish.output_size.map(Exact::whole))
                .or(found),
            output: self.output(poll).filter(|_| done),
            artifacts: self
                .received_artifact
                .0
                .iter()
                .map(Artifact::of_state)
                .collect(),
            may_start: self.may_start(poll),
            composition: metadata
                .and_then(|metadata| metadata.composition_id.as_ref())
                .map(|id| id.as_str().to_owned()),
        }
    }

    /// The first final error decides: where a fan-out fails, Remotion cancels its other functions, which then say so.
    fn status(&self, poll: &Poll<'_>, output_found: bool) -> Status {
        if self.post_render_data.is_some() || output_found {
            return Status::Done;
        }
        if let Some(error) = self.errors.0.iter().find(|error| error.is_final()) {
            let cancelled = is_cancellation(error);
            return if cancelled && self.ended_at_its_timeout() {
                Status::TimedOut
            } else if cancelled {
                Status::Cancelled
            } else {
                Status::Failed
            };
        }
        if self.is_overdue(poll) {
            return Status::TimedOut;
        }
        match &self.render_metadata {
            None if self.serve_url_opened.is_none() => Status::Queued,
            Some(metadata)
                if metadata
                    .frames()
                    .is_some_and(|frames| self.frames_rendered.0 >= frames) =>
            {
                Status::Encoding
            }
            _ => Status::Rendering,
        }
    }

    /// When its functions have stopped at the latest, or now.
    fn ran_until(&self, poll: &Poll<'_>, status: Status) -> u64 {
        let timeout = self
            .timeout_timestamp
            .filter(|_| status == Status::TimedOut);
        timeout.map_or(poll.now, |timeout| poll.now.min(timeout.whole()))
    }

    fn ended_at_its_timeout(&self) -> bool {
        self.fatal_error_timestamp
            .zip(self.timeout_timestamp)
            .is_some_and(|(end, timeout)| end.0 > timeout.0 - LAST_MOMENTS)
    }

    fn may_start(&self, poll: &Poll<'_>) -> bool {
        !self.has_begun()
            && self
                .function_launched
                .is_some_and(|started| float(poll.now) < started.0 + float(poll.max_event_age))
    }

    /// Whether the launched function has written anything: its first word is that it has opened the site.
    const fn has_begun(&self) -> bool {
        self.serve_url_opened.is_some()
            || self.render_metadata.is_some()
            || self.lambdas_invoked.0 > 0.0
    }

    fn is_overdue(&self, poll: &Poll<'_>) -> bool {
        // The timeout that `start` writes is that of a launch without any delay.
        let delay = if self.has_begun() {
            0
        } else {
            poll.max_event_age
        };
        self.timeout_timestamp
            .is_some_and(|timeout| float(poll.now) > timeout.0 + float(delay) + GRACE)
    }
}

impl Artifact {
    fn of_state(artifact: &ReceivedArtifact) -> Self {
        Self {
            name: artifact.filename.as_str().to_owned(),
            size_in_bytes: artifact.size_in_bytes.whole(),
            key: artifact.s3_key.as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
