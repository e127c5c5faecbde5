//! How an overview of ours differs from what the official client says of the same file.

use std::collections::HashMap;

use remotion_lambda::{Overview, Poll, Progress, ProgressError, RenderError, Status};
use serde::Deserialize;
use serde_json::value::RawValue;

/// How long after its timeout a render is still waited for, here as there.
const GRACE: f64 = 20_000.0;

/// The options of the official call that matter here too.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    function_name: String,
    region: String,
    bucket_name: String,
    render_id: String,
}

impl Call {
    /// What we say of a file, asking for the output's size where it is wanted.
    pub(crate) fn overview(
        &self,
        file: &str,
        now: u64,
        output_size: Option<u64>,
    ) -> Result<Overview, ProgressError> {
        let poll = Poll {
            render_id: &self.render_id,
            bucket_name: &self.bucket_name,
            function_name: &self.function_name,
            region: &self.region,
            now,
            // The official client knows no launch that AWS holds back.
            max_event_age: 0,
        };
        let progress = Progress::parse(file.as_bytes())?;
        let found = progress.undecided_output(&poll).and(output_size);
        Ok(progress.overview(&poll, found))
    }
}

/// An object whose numbers are still text: `serde_json` reads floats to within a digit only.
struct Official(HashMap<String, Box<RawValue>>);

impl Official {
    fn parse(text: &RawValue) -> Self {
        Self(serde_json::from_str(text.get()).expect("an object"))
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("null", |value| value.get())
    }

    fn object(&self, name: &str) -> Option<Self> {
        (self.text(name) != "null").then(|| Self::parse(&self.0[name]))
    }

    fn number(&self, name: &str) -> Option<f64> {
        (self.text(name) != "null").then(|| self.text(name).parse().expect("a number"))
    }

    fn string(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.text(name)).expect("a string or null")
    }

    fn is(&self, name: &str) -> bool {
        self.text(name) == "true"
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Error {
    name: String,
    message: String,
    frame: Option<u64>,
    chunk: Option<u64>,
    is_fatal: bool,
    will_retry: bool,
}

impl Error {
    /// Whether the client has added it.
    fn is_timeout(&self) -> bool {
        self.name == "TimeoutError" && self.message.starts_with("The main function timed out")
    }

    fn is_cancellation(&self) -> bool {
        let by_name = self.name == "CancelledError" && !self.message.starts_with("Error: ");
        by_name || self.message.contains("renderMedia() got cancelled")
    }

    fn is_final(&self) -> bool {
        self.is_fatal && !self.will_retry
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn float(whole: Option<u64>) -> Option<f64> {
    whole.map(|whole| whole as f64)
}

/// Everything in which the two differ, but for what `overview.rs` documents.
pub(crate) fn differences(ours: &Overview, official: &RawValue) -> Vec<String> {
    let official = Official::parse(official);
    let metadata = official.object("renderMetadata");
    let done = official.is("done");
    let now = official.number("currentTime").expect("a time");
    let timeout = official.number("timeoutTimestamp").expect("a time");
    let overdue = now > timeout + GRACE;
    let errors: Vec<Error> = serde_json::from_str(official.text("errors")).expect("errors");
    let ending = errors
        .iter()
        .find(|error| error.is_final() && !error.is_timeout());
    let fatal = ending.is_some();
    let cancelled = ending.is_some_and(Error::is_cancellation);

    let mut found = Vec::new();
    let mut check = |name: &str, alike: bool| {
        if !alike {
            found.push(name.to_owned());
        }
    };
    check(
        "status",
        match ours.status {
            Status::Done => done || overdue,
            Status::Failed | Status::Cancelled => fatal && !done,
            // A function whose time ends cancels its own render, and the official client does not tell it from a user's cancel.
            Status::TimedOut => !done && if fatal { cancelled } else { overdue },
            Status::Queued | Status::Rendering | Status::Encoding => {
                !official.is("fatalErrorEncountered") && !done && !overdue
            }
            _ => false,
        },
    );
    let whole = if (ours.status == Status::Done) == done {
        let progress = official.number("overallProgress").expect("a number");
        let encoding = official.object("encodingStatus").expect("an object");
        let output = ours.output.as_ref();
        check(
            "overallProgress",
            ours.overall_progress.to_bits() == progress.min(1.0).to_bits(),
        );
        check(
            "framesRendered",
            float(Some(ours.frames_rendered)) == official.number("framesRendered"),
        );
        check(
            "framesEncoded",
            float(Some(ours.frames_encoded)) == encoding.number("framesEncoded"),
        );
        check(
            "chunks",
            float(Some(ours.chunks)) == official.number("chunks"),
        );
        check(
            "timeToFinish",
            float(ours.time_to_finish) == official.number("timeToFinish"),
        );
        check(
            "outputSizeInBytes",
            float(ours.output_size_in_bytes) == official.number("outputSizeInBytes"),
        );
        check(
            "outBucket",
            output.map(|output| &output.bucket) == official.string("outBucket").as_ref(),
        );
        check(
            "outKey",
            output.map(|output| &output.key) == official.string("outKey").as_ref(),
        );
        done.then(|| official.number("framesRendered")).flatten()
    } else {
        // The client does not look for the output of an overdue video with sound.
        check("output", ours.output_size_in_bytes.is_some());
        check("overallProgress", ours.overall_progress >= 1.0);
        float(Some(ours.frames_rendered))
    };
    check(
        "framesTotal",
        whole.is_none() || float(ours.frames_total) == whole,
    );
    check(
        "chunksTotal",
        float(ours.chunks_total)
            == metadata
                .as_ref()
                .and_then(|metadata| metadata.number("totalChunks")),
    );
    check(
        "startedAt",
        float(ours.started_at) == official.number("functionLaunched"),
    );
    check("timeoutAt", float(ours.timeout_at) == Some(timeout));
    check(
        "composition",
        ours.composition == metadata.and_then(|metadata| metadata.string("compositionId")),
    );
    check(
        "costs",
        same_costs(ours, &official.object("costs").expect("costs")),
    );
    check("errors", same_errors(ours, &errors));
    found
}

fn same_costs(ours: &Overview, official: &Official) -> bool {
    // There they grow for as long as somebody asks.
    if ours.status == Status::TimedOut {
        let ours = ours.costs.as_ref().map(|costs| costs.accrued_so_far);
        return ours <= official.number("accruedSoFar");
    }
    let accrued = official.number("accruedSoFar").map(f64::to_bits);
    ours.costs.as_ref().is_some_and(|ours| {
        Some(ours.accrued_so_far.to_bits()) == accrued
            && Some(&ours.display_cost) == official.string("displayCost").as_ref()
            && Some(&ours.currency) == official.string("currency").as_ref()
            && Some(&ours.disclaimer) == official.string("disclaimer").as_ref()
    })
}

/// The same errors in the same order, but for timeouts, which both word for themselves, for what the launching function
/// relays, and for the cancellations of the other functions of a render that has failed.
fn same_errors(ours: &Overview, official: &[Error]) -> bool {
    let alike = |ours: &RenderError, official: &Error| {
        official.message.contains(&ours.message)
            && (ours.frame, ours.chunk) == (official.frame, official.chunk)
            && (ours.is_fatal, ours.will_retry) == (official.is_fatal, official.will_retry)
    };
    let own = usize::from(ours.status == Status::TimedOut);
    let mut ours = ours.errors[own..].iter().peekable();
    let ending = official
        .iter()
        .find(|error| error.is_final() && !error.is_timeout());
    let has_failed = ending.is_some_and(|error| !error.is_cancellation());
    for error in official.iter().filter(|error| !error.is_timeout()) {
        let relayed = error.chunk.is_none() && error.is_final();
        let stopped = has_failed && error.is_cancellation();
        if ours.next_if(|ours| alike(ours, error)).is_none() && !relayed && !stopped {
            return false;
        }
    }
    ours.next().is_none()
}
