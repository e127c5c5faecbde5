//! How far a render is and how long it will take, as a reader expects it: by the frames. Remotion's own `overallProgress` weighs
//! other work too, and stands still for a while at the beginning.

use remotion_lambda::{Overview, Status};

/// How far a render is, and how long it will take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// From 0 to 1: how many of the frames are rendered.
    pub progress: f64,
    /// In milliseconds, at the pace so far; `None` where there is nothing to go by.
    pub time_left: Option<u64>,
}

impl Pace {
    /// The pace of a render at a moment, in milliseconds since 1970.
    #[must_use]
    pub fn of(overview: &Overview, now: u64) -> Self {
        let rendered = overview.frames_rendered;
        let total = overview.frames_total.unwrap_or_default();
        let progress = match overview.status {
            Status::Done => 1.0,
            _ => share(rendered.min(total), total),
        };
        let since = overview.launched_at.map(|at| now.saturating_sub(at));
        let goes_on = overview.status == Status::Rendering && rendered > 0;
        let time_left = since.filter(|_| goes_on).map(|since| {
            let missing = total.saturating_sub(rendered);
            since.saturating_mul(missing) / rendered
        });
        Self {
            progress,
            time_left,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody renders 2^52 frames")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use remotion_lambda::{Overview, Poll, Progress, Status};

    use super::Pace;

    fn overview(status: Status, rendered: u64, total: Option<u64>) -> Overview {
        let poll = Poll {
            render_id: "1pwhfhh11z",
            bucket_name: "b",
            function_name: "f",
            region: "us-east-1",
            now: 0,
            max_event_age: 0,
        };
        let mut overview = Progress::default().overview(&poll, None);
        overview.status = status;
        overview.frames_rendered = rendered;
        overview.frames_total = total;
        overview.launched_at = Some(1_000);
        overview
    }

    #[track_caller]
    fn check(overview: &Overview, progress: f64, time_left: Option<u64>) {
        let expected = Pace {
            progress,
            time_left,
        };
        assert_eq!(Pace::of(overview, 4_000), expected);
    }

    #[test]
    fn by_the_frames() {
        check(&overview(Status::Queued, 0, None), 0.0, None);
        check(&overview(Status::Rendering, 0, Some(60)), 0.0, None);
        check(
            &overview(Status::Rendering, 15, Some(60)),
            0.25,
            Some(9_000),
        );
        check(&overview(Status::Encoding, 60, Some(60)), 1.0, None);
        check(&overview(Status::Failed, 15, Some(60)), 0.25, None);
    }

    /// Whatever a state says: a done one may tell of no frames, and a retried chunk may count twice.
    #[test]
    fn never_more_than_all() {
        check(&overview(Status::Done, 0, None), 1.0, None);
        check(&overview(Status::Rendering, 70, Some(60)), 1.0, Some(0));
    }
}
