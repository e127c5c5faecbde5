//! The configuration: one environment variable each, all faults told at once, before the first request.

use std::path::PathBuf;
use std::time::Duration;

use remotion_lambda::aws::FunctionName;
use remotion_lambda::json::Object;
use remotion_lambda::options::{self, codecs};
use remotion_lambda::{BucketName, NonEmpty, RenderOptions, ServeUrl, Version};

use crate::access::limits::RenderLimits;
use crate::access::outputs::{Filling, OutputPlace};
use crate::access::policy::{RenderPolicy, is_reserved, may_be_newer};
use crate::aws::sdk::Endpoints;
use crate::bounds;
use crate::gateway::path::BasePath;
use crate::page::SignIn;
use vars::Vars;

mod vars;

/// The deployment, as its operator has described it. Empty variables are treated as unset.
#[derive(Debug)]
pub struct Config {
    /// `REMOTION_FUNCTION_NAME`, required: name or ARN of the deployed Remotion function.
    pub function: FunctionName,
    /// `REMOTION_VERSION`: the version to send, whatever the function says. Default: the function's own.
    pub version: Option<Version>,
    /// `REMOTION_BUCKET_NAME`: Remotion's bucket. Default: Remotion finds it, and nothing here reads or writes S3.
    pub bucket_name: Option<BucketName>,
    /// `REMOTION_MAX_EVENT_AGE_SECONDS`: how long AWS keeps a launch that it cannot run yet, 60 to 21,600 s. Default 21,600,
    /// as AWS's.
    pub max_event_age: Duration,
    /// `OUTPUT_BUCKET_NAME`: the operator's own bucket for outputs. Default: none.
    pub output_bucket_name: Option<BucketName>,
    /// `RENDERS_TABLE`: the `DynamoDB` table of renders. Default: none, and only what needs none works.
    pub renders_table: Option<String>,
    /// `RENDERS_PER_USER_PER_DAY`: how many renders a user may start in a day. Needs `RENDERS_TABLE`. Default: any number.
    pub renders_per_user_per_day: Option<u32>,
    /// `OUTPUT_URL_TTL_SECONDS`: how long a signed link lives, 1 to 3600 s. Default 900.
    pub output_url_ttl: Duration,
    /// `BASE_PATH`: what a custom domain's API mapping puts before the path. Default: nothing.
    pub base_path: Option<BasePath>,
    /// `AWS_CA_BUNDLE`: PEM file of further trusted roots, as in AWS's other SDKs. Default: none.
    pub ca_bundle: Option<PathBuf>,
    /// `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`: which endpoints of AWS's are wanted. Default false.
    pub endpoints: Endpoints,
    /// `COGNITO_USER_POOL_ID`, `COGNITO_USER_POOL_CLIENT_ID`, `COGNITO_SELF_SIGN_UP`: where the users of the page sign in.
    /// Default: none, and no page.
    pub sign_in: Option<SignIn>,
    /// `REMOTION_SERVE_URL` (required), `REMOTION_COMPOSITION`, `REMOTION_RENDER_DEFAULTS`, `REMOTION_RENDER_LIMITS`,
    /// `REMOTION_EXTRA_OPTIONS`, `REMOTION_ALLOWED_COMPOSITIONS`, `OUTPUT_KEY`, `REQUIRED_GROUP`.
    pub policy: RenderPolicy,
    /// What works, though not as the operator may expect.
    pub warnings: Vec<String>,
}

/// Everything that is wrong with the environment.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("The configuration is wrong. {}", .0.join(" "))]
pub struct ConfigError(Vec<String>);

/// Where outputs go by default in the operator's own bucket.
const OUTPUT_KEY: &str = "{userId}/{id}.{extension}";

/// What the render defaults come to.
struct Defaults {
    options: RenderOptions,
    out_name: Option<OutputPlace>,
    separate_audio_to: Option<OutputPlace>,
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    ///
    /// See [`ConfigError`].
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads the variables from anywhere.
    ///
    /// # Errors
    ///
    /// See [`ConfigError`].
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut vars = Vars::new(var);
        let function: Option<FunctionName> = vars.required(
            "REMOTION_FUNCTION_NAME",
            "the name or ARN of the Remotion function",
        );
        let serve_url: Option<ServeUrl> = vars.required(
            "REMOTION_SERVE_URL",
            "the URL or the name of the Remotion site",
        );
        let composition: Option<NonEmpty> = vars.parsed("REMOTION_COMPOSITION");
        let bucket_name: Option<BucketName> = vars.parsed("REMOTION_BUCKET_NAME");
        let version: Option<Version> = vars.parsed("REMOTION_VERSION");
        let max_event_age = vars.seconds(
            "REMOTION_MAX_EVENT_AGE_SECONDS",
            bounds::MAX_EVENT_AGE_SECONDS,
            *bounds::MAX_EVENT_AGE_SECONDS.end(),
        );
        let base_path = vars.parsed("BASE_PATH");
        let ca_bundle = vars.get("AWS_CA_BUNDLE").map(PathBuf::from);
        let endpoints = Endpoints {
            fips: vars.flag("AWS_USE_FIPS_ENDPOINT"),
            dual_stack: vars.flag("AWS_USE_DUALSTACK_ENDPOINT"),
        };
        let renders_table = vars.get("RENDERS_TABLE");
        let renders_per_user_per_day =
            vars.number("RENDERS_PER_USER_PER_DAY", bounds::RENDERS_PER_USER_PER_DAY);
        if renders_per_user_per_day.is_some() && renders_table.is_none() {
            vars.fault("RENDERS_PER_USER_PER_DAY needs RENDERS_TABLE.");
        }
        let output_url_ttl = vars.seconds(
            "OUTPUT_URL_TTL_SECONDS",
            bounds::OUTPUT_URL_TTL_SECONDS,
            900,
        );
        let sign_in = sign_in(&mut vars);
        let allowed_compositions = vars.list("REMOTION_ALLOWED_COMPOSITIONS");
        let required_group = vars.get("REQUIRED_GROUP");
        let limits = render_limits(&mut vars);
        let extra_options = extra_options(&mut vars);

        let given = RenderOptions {
            composition,
            serve_url,
            force_bucket_name: bucket_name,
            ..RenderOptions::default()
        };
        let mut defaults = render_defaults(&mut vars, given, &extra_options);
        let output_bucket_name = output_place(&mut vars, &mut defaults);
        let known_version = version
            .clone()
            .or_else(|| Version::of_function(function.as_ref()?.as_str()));
        let warnings = known_version.map(|deployed| {
            let newer = defaults.options.newer_than(deployed.release()).into_iter();
            let ignored = newer.map(|newer| {
                format!(
                    "REMOTION_RENDER_DEFAULTS: {newer} needs Remotion {}. The render function has {deployed}, and does not know it.",
                    newer.since
                )
            });
            ignored.collect()
        });
        let faults = vars.into_faults();
        let (Some(function), true) = (function, faults.is_empty()) else {
            return Err(ConfigError(faults));
        };
        Ok(Self {
            function,
            version,
            bucket_name: defaults.options.force_bucket_name.clone(),
            max_event_age,
            output_bucket_name,
            renders_table,
            renders_per_user_per_day,
            output_url_ttl,
            base_path,
            ca_bundle,
            endpoints,
            sign_in,
            policy: RenderPolicy {
                defaults: defaults.options,
                out_name: defaults.out_name,
                separate_audio_to: defaults.separate_audio_to,
                allowed_compositions,
                required_group,
                limits,
                extra_options,
            },
            warnings: warnings.unwrap_or_default(),
        })
    }
}

fn sign_in<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<SignIn> {
    let self_sign_up = vars.flag("COGNITO_SELF_SIGN_UP");
    match (
        vars.get("COGNITO_USER_POOL_ID"),
        vars.get("COGNITO_USER_POOL_CLIENT_ID"),
    ) {
        (None, None) => None,
        (Some(user_pool_id), Some(user_pool_client_id)) => Some(SignIn {
            user_pool_id,
            user_pool_client_id,
            self_sign_up,
        }),
        _ => {
            vars.fault("COGNITO_USER_POOL_ID and COGNITO_USER_POOL_CLIENT_ID need each other.");
            None
        }
    }
}

fn render_limits<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> RenderLimits {
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

/// Those that callers may send. An option that this API has come to know needs no mention any more, and does no harm.
fn extra_options<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Vec<String> {
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
fn render_defaults<F: Fn(&str) -> Option<String>>(
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
    /// What does not go together in a render by these alone.
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
fn output_place<F: Fn(&str) -> Option<String>>(
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
            "OUTPUT_BUCKET_NAME and outName in REMOTION_RENDER_DEFAULTS exclude each other.",
        );
    }
    match OutputPlace::in_bucket(bucket.clone(), key.as_deref().unwrap_or(OUTPUT_KEY)) {
        Ok(place) => defaults.out_name = Some(place),
        Err(fault) => vars.fault(&format!("OUTPUT_KEY {fault}.")),
    }
    Some(bucket)
}
