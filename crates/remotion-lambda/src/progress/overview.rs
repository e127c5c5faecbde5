//! What the owner of a render may read of its state.
//!
//! Every number is the one that `getRenderProgress({skipLambdaInvocation: true})` of `@remotion/lambda-client` derives
//! from the same file. Two are our own: the status, which includes renders that Remotion lost, and the cap of the progress at 1.

use serde::Serialize;

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

/// Where a render is in its life.
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
    /// Whether it stays so.
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
    /// Its bucket: Remotion's, unless the operator's defaults name another.
    pub bucket: String,
    /// Its key.
    pub key: String,
}

/// The answer to a poll. Times are milliseconds since 1970, spans milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The render.
    pub render_id: String,
    /// The bucket that holds its state.
    pub bucket_name: String,
    /// Where it is in its life.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size_in_bytes: u64,
    /// Its key in the render's bucket.
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

    /// What this state means at a time.
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
            costs: self.costs(poll),
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
mod tests {
    use super::{Artifact, Location, Overview, Poll, Progress, Status};
    use serde_json::{Value, json};

    const LAUNCHED: u64 = 1_767_225_600_000;

    const POLL: Poll<'static> = Poll {
        render_id: "1pwhfhh11z",
        bucket_name: "remotionlambda-useast1-abc",
        function_name: "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec",
        region: "us-east-1",
        now: LAUNCHED + 10_000,
        max_event_age: 0,
    };

    const OVERDUE: Poll<'static> = Poll {
        now: LAUNCHED + 140_001,
        ..POLL
    };

    /// A render of ten frames, half done, with something over it.
    fn with(others: Value) -> Value {
        let mut file = json!({
            "framesRendered": 5, "framesEncoded": 2, "lambdasInvoked": 1, "timeoutTimestamp": LAUNCHED + 120_000,
            "functionLaunched": LAUNCHED, "serveUrlOpened": LAUNCHED + 1, "compositionValidated": LAUNCHED + 2,
            "renderMetadata": {
                "type": "video", "startedDate": LAUNCHED, "totalChunks": 1, "estimatedRenderLambdaInvokations": 1,
                "codec": "h264", "frameRange": [0, 9], "everyNthFrame": 1, "compositionId": "intro",
            },
        });
        let Value::Object(others) = others else {
            panic!("an object")
        };
        file.as_object_mut().expect("an object").extend(others);
        file
    }

    fn seen(file: &Value, poll: &Poll<'_>, output: Option<u64>) -> Overview {
        let file = file.to_string();
        let progress = Progress::parse(file.as_bytes()).expect("a file");
        progress.overview(poll, output)
    }

    #[track_caller]
    fn assert_status(others: Value, poll: &Poll<'_>, output: Option<u64>, status: Status) {
        assert_eq!(seen(&with(others), poll, output).status, status);
    }

    #[track_caller]
    fn assert_undecided(others: Value, poll: &Poll<'_>, undecided: bool) {
        let file = with(others).to_string();
        let progress = Progress::parse(file.as_bytes()).expect("a file");
        let output = Location {
            bucket: POLL.bucket_name.into(),
            key: "renders/1pwhfhh11z/out.mp4".into(),
        };
        assert_eq!(progress.undecided_output(poll), undecided.then_some(output));
    }

    fn fatal(message: &str) -> Value {
        json!([{"message": message, "isFatal": true, "willRetry": false, "chunk": 0}])
    }

    #[test]
    fn queued() {
        let nothing = Progress::default().overview(&POLL, None);
        assert_eq!(nothing.status, Status::Queued);
        assert_eq!(nothing.frames_total, None);
        assert_eq!(nothing.started_at, None);
        let started = json!({"renderMetadata": null, "serveUrlOpened": null});
        assert_status(started, &POLL, None, Status::Queued);
    }

    #[test]
    fn rendering() {
        assert_status(json!({}), &POLL, None, Status::Rendering);
        let opened = json!({"renderMetadata": null});
        assert_status(opened, &POLL, None, Status::Rendering);
        // Nobody asked, so that there is no answer.
        assert_status(json!({}), &POLL, Some(7), Status::Rendering);
    }

    #[test]
    fn encoding() {
        assert_status(json!({"framesRendered": 10}), &POLL, None, Status::Encoding);
        let retried = json!([{"message": "x", "isFatal": true, "willRetry": true}]);
        assert_status(
            json!({"framesRendered": 10, "errors": retried}),
            &POLL,
            None,
            Status::Encoding,
        );
    }

    #[test]
    fn done() {
        let finish =
            json!({"outputSize": 7, "timeToFinish": 5, "endTime": LAUNCHED + 6, "errors": []});
        let file = with(json!({"postRenderData": finish, "errors": fatal("x")}));
        let overview = seen(&file, &OVERDUE, None);
        assert_eq!(overview.status, Status::Done);
        assert_eq!(overview.output_size_in_bytes, Some(7));
        assert_eq!(overview.frames_rendered, 10);
        assert_eq!(overview.finished_at, Some(LAUNCHED + 6));
        assert_eq!(
            overview.output.map(|output| output.key).as_deref(),
            Some("renders/1pwhfhh11z/out.mp4")
        );
    }

    #[test]
    fn failed() {
        assert_status(
            json!({"errors": fatal("x")}),
            &OVERDUE,
            Some(7),
            Status::Failed,
        );
        let overview = seen(&with(json!({"errors": fatal("x")})), &POLL, None);
        assert_eq!(overview.errors[0].message, "x");
        assert_eq!(overview.output, None);
        // Remotion cancels the rest of a render that failed.
        let rest = json!([fatal("x")[0], fatal("renderMedia() got cancelled")[0]]);
        assert_status(json!({"errors": rest}), &POLL, None, Status::Failed);
    }

    #[test]
    fn cancelled() {
        let errors = fatal("renderMedia() got cancelled");
        assert_status(
            json!({"errors": errors, "fatalErrorTimestamp": LAUNCHED + 3}),
            &POLL,
            None,
            Status::Cancelled,
        );
    }

    /// A function whose time ends cancels its own render, in the words of a user's cancel.
    #[test]
    fn cancelled_by_its_own_timeout() {
        let errors = fatal("renderMedia() got cancelled");
        let file = with(json!({"errors": errors, "fatalErrorTimestamp": LAUNCHED + 119_812}));
        let overview = seen(&file, &POLL, None);
        assert_eq!(overview.status, Status::TimedOut);
        assert_eq!(
            overview.errors[0].message,
            "The render did not finish in time."
        );
        assert_eq!(overview.finished_at, Some(LAUNCHED + 119_812));
        assert_status(
            json!({"errors": errors, "fatalErrorTimestamp": LAUNCHED + 118_000}),
            &POLL,
            None,
            Status::Cancelled,
        );
        assert_status(
            json!({"errors": fatal("x"), "fatalErrorTimestamp": LAUNCHED + 119_812}),
            &POLL,
            None,
            Status::Failed,
        );
    }

    #[test]
    fn timed_out() {
        assert_status(json!({}), &OVERDUE, None, Status::TimedOut);
        let at_the_end = Poll {
            now: OVERDUE.now - 1,
            ..POLL
        };
        assert_status(json!({}), &at_the_end, None, Status::Rendering);
        let nothing = json!({"renderMetadata": null, "serveUrlOpened": null});
        assert_status(nothing, &OVERDUE, None, Status::TimedOut);
        let overview = seen(&with(json!({})), &OVERDUE, None);
        assert_eq!(
            overview.errors[0].message,
            "The render did not finish in time."
        );
        // The output is there: only the last word is missing.
        let overview = seen(&with(json!({})), &OVERDUE, Some(7));
        assert_eq!(overview.status, Status::Done);
        assert_eq!(overview.output_size_in_bytes, Some(7));
        assert_eq!(overview.time_to_finish, Some(140_001));
        assert_eq!(overview.errors, []);
    }

    /// AWS keeps a launch that it cannot run yet, and runs it late.
    #[test]
    fn queued_until_it_can_no_longer_start() {
        let started = json!({"renderMetadata": null, "serveUrlOpened": null, "lambdasInvoked": 0});
        let at = |seconds: u64| Poll {
            now: LAUNCHED + seconds * 1_000,
            max_event_age: 6 * 3_600_000,
            ..POLL
        };
        let may_start = |poll: &Poll<'_>| {
            let file = with(started.clone()).to_string();
            Progress::parse(file.as_bytes())
                .expect("a file")
                .may_start(poll)
        };
        for (seconds, status, may) in [
            (150, Status::Queued, true),
            (21_599, Status::Queued, true),
            // It may have started in the last moment, and has its own time then.
            (21_601, Status::Queued, false),
            (21_740, Status::Queued, false),
            (21_741, Status::TimedOut, false),
        ] {
            assert_status(started.clone(), &at(seconds), None, status);
            assert_eq!(may_start(&at(seconds)), may, "{seconds}");
        }
        // One that has begun has its own timeout.
        assert_status(
            json!({"renderMetadata": null}),
            &at(150),
            None,
            Status::TimedOut,
        );
    }

    #[test]
    fn artifacts() {
        let artifact = json!([{"filename": "captions.srt", "sizeInBytes": 7, "s3Key": "renders/1pwhfhh11z/artifacts/captions.srt", "s3Url": "x"}]);
        let overview = seen(&with(json!({"receivedArtifact": artifact})), &POLL, None);
        let captions = Artifact {
            name: "captions.srt".into(),
            size_in_bytes: 7,
            key: "renders/1pwhfhh11z/artifacts/captions.srt".into(),
        };
        assert_eq!(overview.artifacts, [captions]);
    }

    #[test]
    fn undecided() {
        assert_undecided(json!({}), &POLL, false);
        assert_undecided(json!({}), &OVERDUE, true);
        assert_undecided(json!({"errors": fatal("x")}), &OVERDUE, false);
        assert_undecided(json!({"renderMetadata": null}), &OVERDUE, false);
        let combined = json!({"chunks": [0, 0], "combinedFrames": 10, "timeToCombine": 3});
        assert_undecided(combined, &POLL, true);
        let combining = json!({"chunks": [0, 0], "combinedFrames": 9.9, "timeToCombine": 3});
        assert_undecided(combining, &POLL, false);
    }

    #[test]
    fn beyond_reason() {
        for metadata in [
            json!({"frameRange": [0, 9], "everyNthFrame": 0}),
            json!({"frameRange": [9, 0]}),
            json!({"frameRange": [0, 1e308], "everyNthFrame": 1e-308}),
            json!({}),
        ] {
            let file = with(json!({"renderMetadata": metadata, "framesRendered": -5}));
            for poll in [POLL, OVERDUE, Poll { now: 0, ..POLL }] {
                let overview = seen(&file, &poll, Some(7));
                assert!((0.0..=1.0).contains(&overview.overall_progress));
                assert_eq!(overview.frames_total, None);
                assert_eq!(overview.frames_rendered, 0);
            }
        }
        let overshot = seen(&with(json!({"framesRendered": 1e300})), &POLL, None);
        assert!((overshot.overall_progress - 1.0).abs() < f64::EPSILON);
    }

    /// What does not belong to the answer is not in it.
    #[test]
    fn names() {
        let answer = serde_json::to_value(seen(&with(json!({})), &POLL, None)).expect("JSON");
        let mut names: Vec<_> = answer.as_object().expect("an object").keys().collect();
        let mut expected = [
            "renderId",
            "bucketName",
            "status",
            "overallProgress",
            "framesRendered",
            "framesTotal",
            "framesEncoded",
            "chunks",
            "chunksTotal",
            "costs",
            "startedAt",
            "finishedAt",
            "timeToFinish",
            "timeoutAt",
            "errors",
            "outputSizeInBytes",
        ];
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert_eq!(answer["status"], "rendering");
    }
}
