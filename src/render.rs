//! The record of a render or a still: its settings when it started, so that later answers do not depend on today's
//! configuration, and how it ended.

pub mod end;
pub mod id;
pub mod labels;
pub mod lease;
pub mod sent;

use remotion_lambda::options::values::DeleteAfter;
use remotion_lambda::progress::{Artifact, Location};
use remotion_lambda::{RenderId, Version};

use self::end::End;
use self::id::Id;
use self::labels::Labels;
use self::lease::Lease;
use self::sent::Sent;
use crate::batch::BatchId;

/// In milliseconds.
const DAY: u64 = 24 * 3_600 * 1_000;

/// How far a render has come, until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It waits in the queue.
    Waiting,
    /// It is being started, or nobody knows whether it has been.
    Starting,
    /// Remotion has it, by this id.
    Started(RenderId),
}

/// What was rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A video or sound.
    Render,
    /// One frame.
    Still,
}

/// A render or a still of an owner.
#[derive(Clone, Debug, PartialEq)]
pub struct Render {
    /// The id by which its owner knows it.
    pub id: Id,
    /// How far it has come, until it ends.
    pub phase: Phase,
    /// What it is.
    pub kind: Kind,
    /// Who has started it.
    pub user: String,
    /// The client that has started it for that user, where it was one.
    pub actor: Option<String>,
    /// The batch that it is of.
    pub batch: Option<BatchId>,
    /// What its caller has written on it.
    pub labels: Labels,
    /// What its caller has sent, as far as it is kept.
    pub sent: Option<Sent>,
    /// The bucket that holds its state.
    pub bucket_name: String,
    /// The function that renders it.
    pub function_name: String,
    /// That function's release.
    pub version: Version,
    /// The composition.
    pub composition: String,
    /// Whether it looks for a cancel signal.
    pub cancellable: bool,
    /// When it was started, or taken in, in milliseconds since 1970.
    pub started_at: u64,
    /// When it was started, where it had been taken in before, in milliseconds since 1970.
    pub launched_at: Option<u64>,
    /// Whether its files may be gone already.
    pub deleting: bool,
    /// The output's place, where it was known from the start: a still's, and one in the operator's own place.
    pub output: Option<Output>,
    /// The file that has the sound, where it is one of its own.
    pub separate_audio: Option<SeparateAudio>,
    /// Of a still: the files that the composition has made with it. For a render, Remotion's state has them.
    pub artifacts: Vec<Artifact>,
    /// The name under which a browser saves the output, where the caller has named the render.
    pub saved_as: Option<SavedAs>,
    /// The place that its functions have, as long as it is held.
    pub lease: Option<Lease>,
    /// How it has ended, where that is known.
    pub end: Option<End>,
}

/// An output whose place is known without a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Where it is, or will be.
    pub location: Location,
    /// Whether S3 of AWS has it, so that there are links to it.
    pub in_aws: bool,
}

/// Where the sound of a render goes, where the output does not have it.
#[derive(Clone, Debug, PartialEq)]
pub enum SeparateAudio {
    /// A file of this name, with the other files of the render.
    File(String),
    /// The operator's own place.
    Elsewhere(Output),
}

/// What a browser does with an output by its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedAs {
    /// The file's name.
    pub file_name: String,
    /// Whether it is saved at once, rather than played.
    pub at_once: bool,
}

impl Kind {
    /// Its name in answers and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Render => "render",
            Self::Still => "still",
        }
    }
}

impl SavedAs {
    /// The `Content-Disposition` that says so. Source: <https://www.rfc-editor.org/rfc/rfc6266>
    #[must_use]
    pub fn disposition(&self) -> String {
        let kind = if self.at_once { "attachment" } else { "inline" };
        let encoded = self.file_name.bytes().fold(String::new(), |text, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text + char::from(byte).encode_utf8(&mut [0; 4])
            } else {
                format!("{text}%{byte:02X}")
            }
        });
        format!("{kind}; filename*=UTF-8''{encoded}")
    }
}

impl Render {
    /// One of which only this is known.
    #[must_use]
    pub fn unknown(
        id: Id,
        phase: Phase,
        user: String,
        function_name: String,
        version: Version,
    ) -> Self {
        Self {
            id,
            phase,
            kind: Kind::Render,
            user,
            actor: None,
            batch: None,
            sent: None,
            labels: Labels::default(),
            bucket_name: String::new(),
            function_name,
            version,
            composition: String::new(),
            cancellable: false,
            started_at: 0,
            launched_at: None,
            deleting: false,
            output: None,
            separate_audio: None,
            artifacts: Vec::new(),
            saved_as: None,
            lease: None,
            end: None,
        }
    }

    /// What a render can be, as far as the table knows.
    pub const STATUSES: [&str; 6] = [
        "waiting",
        "started",
        "done",
        "failed",
        "cancelled",
        "timed_out",
    ];

    /// What it is, as far as the table knows.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match (&self.end, &self.phase) {
            (Some(end), _) => end.status.as_str(),
            (None, Phase::Waiting) => "waiting",
            (None, _) => "started",
        }
    }

    /// Remotion's own id of it, where that is known.
    #[must_use]
    pub const fn remotion_id(&self) -> Option<&RenderId> {
        match &self.phase {
            Phase::Started(id) => Some(id),
            Phase::Waiting | Phase::Starting => None,
        }
    }

    /// Whether an object is this render's own: under its prefix, or in the place that it was given.
    #[must_use]
    pub fn is_its(&self, object: &Location) -> bool {
        self.is_under_its_prefix(object) || self.elsewhere().any(|given| given == object)
    }

    /// The files in the operator's own places, as far as S3 of AWS has them.
    pub fn elsewhere(&self) -> impl Iterator<Item = &Location> {
        let audio = match &self.separate_audio {
            Some(SeparateAudio::Elsewhere(place)) => Some(place),
            _ => None,
        };
        let in_aws = self.output.iter().chain(audio).filter(|place| place.in_aws);
        in_aws.map(|place| &place.location)
    }

    /// The file that has the sound, where S3 of AWS has one or shall have it.
    #[must_use]
    pub fn separate_audio_file(&self) -> Option<Location> {
        match self.separate_audio.as_ref()? {
            SeparateAudio::File(name) => Some(Location {
                bucket: self.bucket_name.clone(),
                key: format!("renders/{}/{name}", self.remotion_id()?),
            }),
            SeparateAudio::Elsewhere(place) => place.in_aws.then(|| place.location.clone()),
        }
    }

    /// Whether an object lies where Remotion puts this render's files, and deletes them.
    #[must_use]
    pub fn is_under_its_prefix(&self, object: &Location) -> bool {
        self.remotion_id().is_some_and(|id| {
            object.bucket == self.bucket_name && object.key.starts_with(&format!("renders/{id}/"))
        })
    }

    /// When Remotion has got it, in milliseconds since 1970.
    #[must_use]
    pub fn began_at(&self) -> u64 {
        self.launched_at.unwrap_or(self.started_at)
    }

    /// Whether `deleteAfter`, which is part of Remotion's id, has deleted the files by a moment in milliseconds since 1970.
    #[must_use]
    pub fn is_expired(&self, now: u64) -> bool {
        let days = self.remotion_id().and_then(RenderId::delete_after);
        days.map(DeleteAfter::days)
            .is_some_and(|days| now.saturating_sub(self.began_at()) >= days * DAY)
    }

    /// Whether `deleteAfter` has deleted a file by a moment. What is in the operator's own bucket stays.
    #[must_use]
    pub fn has_lost(&self, file: &Location, now: u64) -> bool {
        self.is_expired(now) && self.is_under_its_prefix(file)
    }

    /// The output that may be linked at a moment, once the render is known to be done.
    #[must_use]
    pub fn linkable(&self, now: u64) -> Option<&Location> {
        let ended = self.end.as_ref()?.output.as_ref()?;
        Some(ended).filter(|output| !self.has_lost(output, now) && self.is_its(output))
    }
}
