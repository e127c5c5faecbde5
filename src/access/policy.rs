//! What the operator allows: who may render, which compositions, and which options.

use std::collections::BTreeMap;

use remotion_lambda::json::{Object, Violation};
use remotion_lambda::options::{Conflict, OPTIONS, SetBy, codecs, still};
use remotion_lambda::{RenderOptions, StillOptions};
use serde_json::value::RawValue;

use super::identity::Caller;
use super::limits::RenderLimits;
use super::outputs::{Filling, OutputPlace};
use crate::error::Error;
use crate::render::labels::{self, Labels};

/// Names that the official clients take with the options, and that are the operator's by other variables.
const CONFIGURED: [&str; 3] = ["functionName", "region", "requestHandler"];

/// The keys of a payload that are nobody's option.
const OF_THE_PAYLOAD: [&str; 5] = ["attempt", "bucketName", "output", "streamed", "type"];

/// The operator's rules for callers.
#[derive(Debug)]
pub struct RenderPolicy {
    /// The defaults under a caller's options, except for [`out_name`](Self::out_name) and
    /// [`separate_audio_to`](Self::separate_audio_to).
    pub defaults: RenderOptions,
    /// Where outputs go. `None`: where Remotion puts them.
    pub out_name: Option<OutputPlace>,
    /// Where a separate audio file goes, if any.
    pub separate_audio_to: Option<OutputPlace>,
    /// `None`: any composition.
    pub allowed_compositions: Option<Vec<String>>,
    /// `None`: any signed-in user.
    pub required_group: Option<String>,
    /// The most that callers may ask for.
    pub limits: RenderLimits,
    /// Options that are newer than this API, and that callers may send.
    pub extra_options: Vec<String>,
}

/// Whether only the operator may set an option, whatever its value.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    let of_the_table = |spec: &remotion_lambda::options::OptionSpec| {
        spec.name == name && spec.set_by == SetBy::Operator
    };
    CONFIGURED.contains(&name) || name == "output" || OPTIONS.iter().any(of_the_table)
}

/// Whether a name can be that of an option that is newer than this API.
#[must_use]
pub fn may_be_newer(name: &str) -> bool {
    let known = OPTIONS
        .iter()
        .any(|spec| spec.name == name || spec.payload_key() == Some(name));
    let word = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric());
    word && !known
        && !OF_THE_PAYLOAD.contains(&name)
        && !CONFIGURED.contains(&name)
        && !StillOptions::names().any(|still| still == name)
        && !labels::NAMES.contains(&name)
        && name != "version"
}

/// A caller's options, sorted by who may set them.
struct Asked<'a> {
    /// All of it, for what was asked and in which order.
    all: &'a Object<'a>,
    /// Known options that the caller may set.
    own: Object<'a>,
    /// Options that are newer than this API.
    extra: BTreeMap<String, Box<RawValue>>,
    reserved: Vec<Violation>,
    wrong: Vec<Violation>,
    /// How many of these are values beyond the operator's limits: the first.
    beyond_limits: usize,
}

impl RenderPolicy {
    /// Lets in who may use this API.
    ///
    /// # Errors
    ///
    /// [`Error::GroupRequired`].
    pub fn admit(&self, caller: &Caller) -> Result<(), Error> {
        match &self.required_group {
            Some(group) if !caller.is_in(group) => Err(Error::GroupRequired(group.clone())),
            _ => Ok(()),
        }
    }

    /// Whether callers may render this composition.
    #[must_use]
    pub fn allows(&self, composition: &str) -> bool {
        self.allowed_compositions
            .as_ref()
            .is_none_or(|allowed| allowed.iter().any(|id| id == composition))
    }

    /// A caller's options over the operator's.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, all at once: [`Error::OptionReserved`] or [`Error::CompositionNotAllowed`] where it is that
    /// alone, else [`Error::InvalidOptions`].
    pub fn options(&self, asked: &Object<'_>, caller: &Caller) -> Result<RenderOptions, Error> {
        let mut asked = self.sorted(asked);
        let mut options = self.defaults.clone();
        asked.add(options.extend(&asked.own));
        options.extra.append(&mut asked.extra);
        self.place(&mut options, &asked, caller);
        let conflicts = options.conflicts();
        self.judged(asked, conflicts, &options).map(|()| options)
    }

    /// A caller's options of a still over the operator's.
    ///
    /// # Errors
    ///
    /// As for [`RenderPolicy::options`].
    pub fn still_options(
        &self,
        asked: &Object<'_>,
        caller: &Caller,
    ) -> Result<StillOptions, Error> {
        let mut asked = self.sorted(asked);
        let mut options = StillOptions {
            shared: self.defaults.clone(),
            ..StillOptions::default()
        };
        asked.add(options.extend(&asked.own));
        options.shared.extra.append(&mut asked.extra);
        // The fixed name of a video is none for a still.
        if let Some(place) = &self.out_name
            && !asked.has("outName")
            && (place.bucket().is_some() || place.suits_any_codec())
        {
            let extension = still::extensions(options.effective_image_format())[0];
            options.shared.out_name =
                Some(place.filled(&filling(caller, &options.shared, extension)));
        }
        let conflicts = options.conflicts();
        self.judged(asked, conflicts, &options.shared)
            .map(|()| options)
    }

    /// Sorts what a caller has asked for.
    fn sorted<'a>(&self, all: &'a Object<'a>) -> Asked<'a> {
        let places_outputs = self
            .out_name
            .as_ref()
            .is_some_and(|place| place.bucket().is_some());
        let beyond = self.limits.exceeded_by(all);
        let beyond_limits = beyond.len();
        let mut asked = Asked {
            all,
            own: Object::default(),
            extra: BTreeMap::new(),
            reserved: Vec::new(),
            wrong: beyond,
            beyond_limits,
        };
        asked
            .wrong
            .extend(Labels::of(all).err().unwrap_or_default());
        let options = all.iter().filter(|(name, _)| !labels::NAMES.contains(name));
        for (name, value) in options {
            let is_place = value.get().starts_with('{')
                && OPTIONS
                    .iter()
                    .any(|spec| spec.name == name && spec.set_by == SetBy::CallerAsFileName);
            if is_place || is_reserved(name) || (name == "outName" && places_outputs) {
                if !asked.reserved.iter().any(|told| told.key() == name) {
                    asked.reserved.push(reserved(name, is_place));
                }
            } else if self.extra_options.iter().any(|extra| extra == name) {
                if value.get().starts_with(['{', '[']) {
                    let detail = format!("{name} must be a string, a number or a boolean.");
                    asked.wrong.push(Violation::at(name, detail));
                } else if asked.extra.contains_key(name) {
                    let detail = format!("{name} is given twice.");
                    asked.wrong.push(Violation::at(name, detail));
                } else if value.get() != "null" {
                    asked.extra.insert(name.to_owned(), value.to_owned());
                }
            } else {
                asked.own.push(name, value);
            }
        }
        for name in ["outName", "separateAudioTo"] {
            asked
                .wrong
                .extend(all.get(name).and_then(|value| plain(name, value)));
        }
        asked
    }

    /// Puts the operator's places into a render's options, where the caller has named none.
    fn place(&self, options: &mut RenderOptions, asked: &Asked<'_>, caller: &Caller) {
        let codec = options.effective_codec();
        let audio = codecs::audio_codec(options.audio_codec, codec);
        if let Some(place) = self.out_name.as_ref().filter(|_| !asked.has("outName")) {
            let extension = codecs::extensions(codec, audio).first().copied();
            let filling = filling(caller, options, extension.unwrap_or_default());
            options.out_name = Some(place.filled(&filling));
        }
        if let Some(place) = self
            .separate_audio_to
            .as_ref()
            .filter(|_| !asked.has("separateAudioTo"))
        {
            let extension = audio.map(codecs::extension_of_audio).unwrap_or_default();
            options.separate_audio_to = Some(place.filled(&filling(caller, options, extension)));
        }
    }

    /// Everything that is wrong, in the order in which it was sent.
    fn judged(
        &self,
        asked: Asked<'_>,
        conflicts: Vec<Conflict>,
        options: &RenderOptions,
    ) -> Result<(), Error> {
        let is_wrong = |option: &&str| asked.wrong.iter().any(|wrong| wrong.key() == *option);
        let told: Vec<_> = conflicts
            .into_iter()
            .filter(|conflict| !conflict.options.iter().any(&is_wrong))
            .map(|conflict| asked.told(&conflict))
            .collect();
        let composition = options
            .composition
            .as_ref()
            .map(remotion_lambda::NonEmpty::as_str);
        let not_allowed = composition.filter(|composition| !self.allows(composition));
        let mut wrong = asked.wrong;
        wrong.extend(told);
        match (wrong.is_empty(), asked.reserved.is_empty(), not_allowed) {
            (true, true, None) => return Ok(()),
            (true, true, Some(composition)) => {
                return Err(Error::CompositionNotAllowed(composition.to_owned()));
            }
            (true, false, None) => return Err(Error::OptionReserved(asked.reserved)),
            _ => {}
        }
        wrong.extend(asked.reserved);
        wrong.extend(not_allowed.map(|composition| {
            let error = Error::CompositionNotAllowed(composition.to_owned());
            Violation::at("composition", error.to_string())
        }));
        let place = |wrong: &Violation| asked.all.iter().position(|(name, _)| name == wrong.key());
        wrong.sort_by_key(|wrong| place(wrong).unwrap_or(usize::MAX));
        Err(Error::InvalidOptions(wrong))
    }
}

impl Asked<'_> {
    /// What is wrong with the options: a value beyond a limit of the operator's is told once, as that.
    fn add(&mut self, wrong: Vec<Violation>) {
        let (limits, _) = self.wrong.split_at(self.beyond_limits);
        let is_told = |wrong: &Violation| limits.iter().any(|told| told.pointer == wrong.pointer);
        let further: Vec<_> = wrong.into_iter().filter(|wrong| !is_told(wrong)).collect();
        self.wrong.extend(further);
    }

    fn has(&self, name: &str) -> bool {
        self.all
            .get(name)
            .is_some_and(|value| value.get() != "null")
    }

    /// A conflict, at an option that the caller has sent: the operator's part in it is told as the operator's.
    fn told(&self, conflict: &Conflict) -> Violation {
        let Some((refused, others)) = conflict.options.split_first() else {
            return conflict.violation();
        };
        let at = others.iter().find(|option| self.has(option));
        match at.filter(|_| !self.has(refused)) {
            Some(at) => Violation::at(
                at,
                format!(
                    "{} The operator of this API has set {refused}.",
                    conflict.detail
                ),
            ),
            None => conflict.violation(),
        }
    }
}

fn filling<'a>(caller: &'a Caller, options: &'a RenderOptions, extension: &'a str) -> Filling<'a> {
    Filling {
        user: &caller.user,
        composition: options.composition.as_ref().map_or("", |id| id.as_str()),
        extension,
    }
}

fn reserved(name: &str, is_place: bool) -> Violation {
    let form = if is_place { "the object form of " } else { "" };
    Violation::at(
        name,
        format!("Only the operator of this API may set {form}{name}."),
    )
}

/// A caller's output stays under the render's own prefix, and where nothing of Remotion's lies.
fn plain(name: &str, value: &RawValue) -> Option<Violation> {
    let file: String = serde_json::from_str(value.get()).ok()?;
    file.contains('/').then(|| {
        Violation::at(
            name,
            format!("{name} must be a plain file name, without a slash."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{is_reserved, may_be_newer};

    #[test]
    fn reserved() {
        for name in [
            "serveUrl",
            "webhook",
            "overwrite",
            "region",
            "output",
            "disableSharedMemoryCapture",
        ] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["crf", "outName", "separateAudioTo", "someday"] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn newer_options() {
        assert!(may_be_newer("someday"));
        for name in [
            "type",
            "version",
            "output",
            "bucketName",
            "crf",
            "frame",
            "region",
            "Some",
            "a b",
            "a-b",
            "",
        ] {
            assert!(!may_be_newer(name), "{name}");
        }
    }
}
