//! The numbers that the official client derives from the state of a render, as it derives them.
//!
//! Source: `getProgress()` of `@remotion/serverless-client`.

use super::costs::Costs;
use super::poll::Poll;
use super::scalars::Exact;
use super::state::Progress;

impl Progress {
    /// Whether the official client takes the output for complete, and looks for it.
    pub(super) fn is_combined(&self) -> bool {
        self.render_metadata.as_ref().is_some_and(|metadata| {
            let chunks = float(self.chunks.len() as u64) / metadata.parts_of_a_chunk();
            let frames = metadata.frames().unwrap_or(f64::INFINITY);
            (metadata.total_chunks.0 - chunks).abs() < f64::EPSILON
                && self.combined_frames.0 >= frames
                && self.time_to_combine.is_some()
        })
    }

    /// A tenth each for the composition, the encoding, the invocations and the combining, the rest for the frames.
    pub(super) fn overall_progress(&self) -> f64 {
        let reached = |step: bool| f64::from(u8::from(step));
        let reached_at = |time: Option<Exact>| reached(time.is_some_and(|time| time.0 != 0.0));
        let invoked = self.lambdas_invoked.0;
        let evaluation = (reached(invoked != 0.0)
            + reached_at(self.serve_url_opened)
            + reached_at(self.composition_validated))
            / 3.0;
        let Some(metadata) = &self.render_metadata else {
            return evaluation * 0.1;
        };
        // Without a number of frames none of them is a share of the whole.
        let share = |frames: Exact| metadata.frames().map_or(0.0, |all| frames.0 / all);
        let expected = metadata.estimated_render_invocations.0;
        let invoking = if expected == 0.0 {
            reached(invoked > 0.0)
        } else {
            invoked / expected
        };
        // In the official client's order: floats do not add up alike in another.
        let progress = evaluation * 0.1
            + share(self.frames_encoded) * 0.1
            + invoking * 0.1
            + share(self.frames_rendered) * 0.6
            + share(self.combined_frames) * 0.1;
        progress.clamp(0.0, 1.0)
    }

    pub(super) fn costs(&self, poll: &Poll<'_>) -> Option<Costs> {
        if let Some(finish) = &self.post_render_data {
            return finish.cost.as_ref().map(|cost| Costs {
                accrued_so_far: cost.estimated_cost.0,
                display_cost: cost.estimated_display_cost.as_str().to_owned(),
                currency: cost.currency.as_str().to_owned(),
                disclaimer: cost.disclaimer.as_str().to_owned(),
            });
        }
        let Some(metadata) = &self.render_metadata else {
            return Some(Costs::none_yet(poll.region));
        };
        let memory = metadata
            .renderer_function_name
            .as_ref()
            .and_then(|name| memory_in_name(name.as_str()))
            .or_else(|| memory_in_name(poll.function_name))
            .or_else(|| Some(metadata.memory_size_in_mb?.0))?;
        let billed = self.billed(metadata.started_date, poll.now);
        Costs::estimated(poll.region, memory, billed, self.lambdas_invoked.0.max(0.0))
    }

    /// Milliseconds of all functions together: of finished chunks as measured, of the others since the beginning.
    fn billed(&self, started: Exact, now: u64) -> f64 {
        let end = self.fatal_error_timestamp.map_or(float(now), |time| time.0);
        let elapsed = (end - started.0).max(0.0);
        let running = (self.lambdas_invoked.0 - f64::from(self.timings.chunks)).max(0.0);
        self.timings.billed + running * elapsed
    }
}

/// The memory in MB of a function that Remotion named. Source: <https://www.remotion.dev/docs/lambda/naming-convention>
fn memory_in_name(name: &str) -> Option<f64> {
    let number = |text: &str| -> Option<u32> {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    let (_, name) = name.split_once("remotion-render-")?;
    let (_, size) = name.rsplit_once("-mem")?;
    let (memory, rest) = size.split_once("mb-disk")?;
    let (disk, seconds) = rest.strip_suffix("sec")?.split_once("mb-")?;
    number(disk).and(number(seconds))?;
    number(memory).map(f64::from)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times and counts are far below 2^53"
)]
pub(super) const fn float(whole: u64) -> f64 {
    whole as f64
}

#[cfg(test)]
mod tests {
    use super::memory_in_name;

    #[test]
    fn memory() {
        let name = "remotion-render-4-0-520-mem2048mb-disk10240mb-120sec";
        assert_eq!(memory_in_name(name), Some(2_048.0));
        let arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{name}");
        assert_eq!(memory_in_name(&arn), Some(2_048.0));
        assert_eq!(memory_in_name(&format!("{name}:live")), None);
        assert_eq!(memory_in_name("renderer"), None);
        assert_eq!(memory_in_name("remotion-render-x-mem9mb-disk9mb-sec"), None);
        assert_eq!(
            memory_in_name("remotion-render-x-mem+9mb-disk9mb-1sec"),
            None
        );
    }
}
