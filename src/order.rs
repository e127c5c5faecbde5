//! A request for a render: the caller's options over the operator's defaults, checked, and started.

use remotion_lambda::json::{Object, Violation};
use remotion_lambda::options::objects::{Destination, DownloadBehavior};
use remotion_lambda::options::{Newer, codecs};
use remotion_lambda::progress::Location;
use remotion_lambda::{OutName, RenderOptions, StartPayload, Started, Version};
use tokio::time::Instant;

use crate::access::identity::Caller;
use crate::error::Error;
use crate::render::id::Id;
use crate::render::labels::Labels;
use crate::render::lease::Lease;
use crate::render::sent::Sent;
use crate::render::{Kind, Output, Phase, Render, SavedAs, SeparateAudio};
use crate::{App, clock};

/// An order that may be started.
#[derive(Debug)]
pub struct Order<'a> {
    asked: &'a Object<'a>,
    payload: StartPayload,
    labels: Labels,
}

impl<'a> Order<'a> {
    /// What a caller asks for, checked against all that is known without a call.
    ///
    /// # Errors
    ///
    /// What is wrong with it: as for [`RenderPolicy::options`](crate::access::policy::RenderPolicy::options);
    /// [`Error::OptionNeedsRelease`], [`Error::InvalidOptions`].
    pub fn of(app: &App, caller: &Caller, asked: &'a Object<'a>) -> Result<Self, Error> {
        let options = app.policy.options(asked, caller)?;
        let payload = StartPayload::new(options)?;
        refuse_too_new(app, asked, payload.options())?;
        let order = Self {
            labels: Labels::of(asked).unwrap_or_default(),
            asked,
            payload,
        };
        refuse_unknown(app, order.composition())?;
        Ok(order)
    }

    /// How many functions the render has running at once, at most.
    #[must_use]
    pub fn weight(&self, app: &App) -> u32 {
        app.weight(self.payload.options())
    }

    /// Starts the render, once; what Remotion answers, and what is to be kept of it. `id` is the one by which its owner knows it,
    /// where that is not Remotion's.
    ///
    /// # Errors
    ///
    /// How the render function fails; what keeps large props from being stored.
    pub async fn start(
        mut self,
        app: &App,
        caller: &Caller,
        id: Option<&Id>,
        lease: Option<&Lease>,
        deadline: Instant,
    ) -> Result<(Started, Render), Error> {
        if let Some(props) = self.payload.oversized_props() {
            self.payload.input_props = app.put_props(props, deadline).await?;
        }
        if self.payload.options().webhook.is_none() {
            *self.payload.webhook_mut() = app.webhook(caller, id, lease);
        }
        let too_new = |version: &Version| too_new(self.asked, self.payload.options(), version);
        let started = app.function.run(&self.payload, too_new, deadline).await?;
        let (started, version) = started;
        let render_id = started.render_id.clone();
        let own = id.cloned().unwrap_or_else(|| render_id.clone().into());
        let mut render = self.record(app, caller, own, version);
        render.phase = Phase::Started(render_id);
        render.bucket_name.clone_from(&started.bucket_name);
        render.lease = lease.cloned();
        Ok((started, render))
    }

    /// What is kept of the render where it is taken in, and starts later.
    #[must_use]
    pub fn waiting(&self, app: &App, caller: &Caller, id: Id) -> Render {
        let version = app.function.known_version();
        self.record(app, caller, id, version.unwrap_or_else(Version::newest))
    }

    fn record(&self, app: &App, caller: &Caller, id: Id, version: Version) -> Render {
        let options = self.payload.options();
        let ignored = options.newer_than(version.release());
        let ignored = |option: &str| ignored.iter().any(|newer| newer.option == option);
        Render {
            id,
            phase: Phase::Waiting,
            kind: Kind::Render,
            user: caller.user.clone(),
            actor: caller.actor.clone(),
            batch: None,
            saved_as: saved_as(&self.labels, options, extension(options)),
            labels: self.labels.clone(),
            sent: Sent::of(self.asked),
            bucket_name: app
                .bucket_name
                .as_ref()
                .map_or("", |name| name.as_str())
                .to_owned(),
            function_name: app.function.name().as_str().to_owned(),
            version,
            composition: self.composition().to_owned(),
            cancellable: options.enable_cancellation == Some(true)
                && !ignored("enableCancellation"),
            started_at: clock::now_ms(),
            launched_at: None,
            deleting: false,
            output: options.out_name.as_ref().and_then(output_elsewhere),
            separate_audio: options.separate_audio_to.as_ref().map(separate_audio),
            artifacts: Vec::new(),
            lease: None,
            end: None,
        }
    }

    fn composition(&self) -> &str {
        let composition = self.payload.options().composition.as_ref();
        composition.map_or("", |id| id.as_str())
    }
}

/// The ending of the output's name.
fn extension(options: &RenderOptions) -> &str {
    let given = match &options.out_name {
        Some(OutName::File(name)) => Some(name.as_str()),
        Some(OutName::Key(place)) => Some(place.value.key.as_str()),
        None => None,
    };
    let given = given.and_then(|name| name.rsplit_once('.'));
    let codec = options.effective_codec();
    let audio = codecs::audio_codec(options.audio_codec, codec);
    let usual = codecs::extensions(codec, audio).first().copied();
    given.map_or(usual.unwrap_or_default(), |(_, extension)| extension)
}

/// How a browser saves what has a name of the caller's, unless the caller has named the file itself.
#[must_use]
pub fn saved_as(labels: &Labels, options: &RenderOptions, extension: &str) -> Option<SavedAs> {
    let behavior = options.download_behavior.as_ref().map(|given| &given.value);
    let at_once = match behavior {
        Some(DownloadBehavior::Download { file_name: Some(_) }) => return None,
        Some(DownloadBehavior::Download { file_name: None }) => true,
        _ => false,
    };
    Some(SavedAs {
        file_name: labels.file_name(extension)?,
        at_once,
    })
}

fn separate_audio(out_name: &OutName) -> SeparateAudio {
    match out_name {
        OutName::File(name) => SeparateAudio::File(name.as_str().to_owned()),
        OutName::Key(place) => SeparateAudio::Elsewhere(elsewhere(&place.value)),
    }
}

/// The output's place, where it is not under the render's own prefix.
#[must_use]
pub fn output_elsewhere(out_name: &OutName) -> Option<Output> {
    match out_name {
        OutName::File(_) => None,
        OutName::Key(place) => Some(elsewhere(&place.value)),
    }
}

fn elsewhere(place: &Destination) -> Output {
    Output {
        location: Location {
            bucket: place.bucket_name.as_str().to_owned(),
            key: place.key.as_str().to_owned(),
        },
        in_aws: place.s3_output_provider.is_none(),
    }
}

/// The options that the caller has sent and that a release of the render function is too old for. What the operator's defaults
/// have beyond it is ignored there, as the log says when the function starts.
#[must_use]
pub fn too_new(asked: &Object<'_>, options: &RenderOptions, deployed: &Version) -> Vec<Newer> {
    let mut newer = options.newer_than(deployed.release());
    newer.retain(|newer| {
        asked
            .get(newer.option)
            .is_some_and(|value| value.get() != "null")
    });
    newer
}

/// Refuses what is too new, where the release is known without asking: before anything is claimed.
///
/// # Errors
///
/// [`Error::OptionNeedsRelease`].
pub fn refuse_too_new(app: &App, asked: &Object<'_>, options: &RenderOptions) -> Result<(), Error> {
    let Some(deployed) = app.function.known_version() else {
        return Ok(());
    };
    match too_new(asked, options, &deployed) {
        newer if newer.is_empty() => Ok(()),
        newer => Err(Error::OptionNeedsRelease { newer, deployed }),
    }
}

/// Refuses a composition that the site does not have, where that is known without asking: it would cost a render.
///
/// # Errors
///
/// [`Error::InvalidOptions`].
pub fn refuse_unknown(app: &App, composition: &str) -> Result<(), Error> {
    let Some(known) = app.compositions.known() else {
        return Ok(());
    };
    let names = known.iter().map(|known| known.id.as_str());
    if names.clone().any(|name| name == composition) {
        return Ok(());
    }
    let allowed: Vec<_> = names.filter(|name| app.policy.allows(name)).collect();
    let detail = format!(
        "The site has no composition {composition:?}. It has {}.",
        allowed.join(", ")
    );
    Err(Error::InvalidOptions(vec![Violation::at(
        "composition",
        detail,
    )]))
}
