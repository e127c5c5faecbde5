//! What the operator allows and sets: render defaults, limits, extra options, and the place of outputs.

use remotion_lambda::json::Object;
use remotion_lambda::options::{self, codecs};
use remotion_lambda::{BucketName, RenderOptions};

use super::vars::Vars;
use crate::access::limits::RenderLimits;
use crate::access::outputs::{Filling, OutputPlace};
use crate::access::policy::{is_reserved, may_be_newer};

/// Where outputs go by default in the operator's own bucket.
const OUTPUT_KEY: &str = "{userId}/{id}.{extension}";

/// The parsed render defaults.
pub(super) struct Defaults {
    pub(super) options: RenderOptions,
    pub(super) out_name: Option<OutputPlace>,
    pub(super) separate_audio_to: Option<OutputPlace>,
}

pub(super) fn render_limits<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> RenderLimits {
    const NAME: &str = "REMOTION_RENDER_LIMITS";
    let Some(text) = vars.get(NAME) else {
        return RenderLimits::default();
    };
    RenderLimits::parse(&text).unwrap_or_else(|faults| {
        for fault in faults {
            vars.fault(&format!("{NAME}: {fault}."));
        }
        RenderLimits::default()
    })
}

/// The options that callers may send. An option that this API has learned since need not be named here, and does no harm.
pub(super) fn extra_options<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Vec<String> {
    const NAME: &str = "REMOTION_EXTRA_OPTIONS";
    let mut names = vars.list(NAME).unwrap_or_default();
    names.retain(|name| {
        if is_reserved(name) {
            vars.fault(&format!(
                "{NAME}: only the operator may set {name}, in REMOTION_RENDER_DEFAULTS."
            ));
        } else if !may_be_newer(name) && !options::is_known(name) {
            vars.fault(&format!("{NAME}: {name:?} is not the name of an option."));
        }
        may_be_newer(name)
    });
    names
}

/// `REMOTION_RENDER_DEFAULTS` over what other variables say, checked as a request would be.
pub(super) fn render_defaults<F: Fn(&str) -> Option<String>>(
    vars: &mut Vars<F>,
    given: RenderOptions,
    extra_options: &[String],
) -> Defaults {
    const NAME: &str = "REMOTION_RENDER_DEFAULTS";
    let mut defaults = Defaults {
        options: given,
        out_name: None,
        separate_audio_to: None,
    };
    let Some(text) = vars.get(NAME) else {
        return defaults;
    };
    let all = match Object::parse(text.as_bytes()) {
        Ok(all) => all,
        Err(error) => {
            vars.fault(&format!("{NAME} is not a JSON object: {error}."));
            return defaults;
        }
    };
    let mut known = Object::default();
    for (name, value) in all.iter() {
        let mut place = || match OutputPlace::of_option(value) {
            Ok(place) => Some(place),
            Err(fault) => {
                vars.fault(&format!("{NAME}: {name} {fault}."));
                None
            }
        };
        let listed = extra_options.iter().any(|extra| extra == name);
        match name {
            "outName" if value.get() != "null" => defaults.out_name = place(),
            "separateAudioTo" if value.get() != "null" => defaults.separate_audio_to = place(),
            // What looks like a known one is a slip of the pen.
            _ if listed || (may_be_newer(name) && options::similar_to(name).is_none()) => {
                defaults
                    .options
                    .extra
                    .insert(name.to_owned(), value.to_owned());
            }
            _ => known.push(name, value),
        }
    }
    let violations = defaults.options.extend(&known);
    let conflicts = if violations.is_empty() {
        defaults.conflicts()
    } else {
        Vec::new()
    };
    for detail in violations
        .into_iter()
        .map(|violation| violation.detail)
        .chain(conflicts)
    {
        vars.fault(&format!("{NAME}: {detail}"));
    }
    defaults
}

impl Defaults {
    /// The conflicts among the defaults alone.
    fn conflicts(&self) -> Vec<String> {
        let mut whole = self.options.clone();
        let codec = whole.effective_codec();
        let audio = codecs::audio_codec(whole.audio_codec, codec);
        let filling = |extension: Option<&'static str>| Filling {
            user: "any",
            composition: "any",
            extension: extension.unwrap_or("any"),
        };
        let extension = codecs::extensions(codec, audio).first().copied();
        whole.out_name = self
            .out_name
            .as_ref()
            .map(|place| place.filled(&filling(extension)));
        whole.separate_audio_to = self
            .separate_audio_to
            .as_ref()
            .map(|place| place.filled(&filling(audio.map(codecs::extension_of_audio))));
        // A caller will name it, and other variables' faults are told by their own names.
        let conflicts = whole.conflicts().into_iter();
        conflicts
            .filter(|conflict| !matches!(conflict.options, ["composition" | "serveUrl"]))
            .map(|conflict| conflict.detail)
            .collect()
    }
}

/// `OUTPUT_BUCKET_NAME` and `OUTPUT_KEY`, in the place of the render defaults' `outName`.
pub(super) fn output_place<F: Fn(&str) -> Option<String>>(
    vars: &mut Vars<F>,
    defaults: &mut Defaults,
) -> Option<BucketName> {
    let key = vars.get("OUTPUT_KEY");
    if key.is_some() && vars.get("OUTPUT_BUCKET_NAME").is_none() {
        vars.fault("OUTPUT_KEY needs OUTPUT_BUCKET_NAME.");
    }
    let bucket: BucketName = vars.parsed("OUTPUT_BUCKET_NAME")?;
    if defaults.out_name.is_some() {
        vars.fault(
            "Set either OUTPUT_BUCKET_NAME or outName in REMOTION_RENDER_DEFAULTS, not both.",
        );
    }
    match OutputPlace::in_bucket(bucket.clone(), key.as_deref().unwrap_or(OUTPUT_KEY)) {
        Ok(place) => defaults.out_name = Some(place),
        Err(fault) => vars.fault(&format!("OUTPUT_KEY {fault}.")),
    }
    Some(bucket)
}
