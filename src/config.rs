//! The configuration, one environment variable for each setting. All faults are reported at once, before the first request.

use std::path::PathBuf;
use std::time::Duration;

use remotion_lambda::aws::FunctionName;
use remotion_lambda::{BucketName, NonEmpty, RenderOptions, ServeUrl, Version};

use crate::access::policy::RenderPolicy;
use crate::access::terms::{QueueTerms, Terms};
use crate::access::users::Users;
use crate::aws::sdk::Endpoints;
use crate::bounds;
use crate::gateway::path::BasePath;
use crate::hook::Hook;
use crate::page::SignIn;
use crate::page::brand::Brand;
use policy::{extra_options, output_place, render_defaults, render_limits};
use sign_in::sign_in;
use terms::{queue, terms};
use users::users;
use vars::Vars;

mod policy;
mod sign_in;
mod terms;
mod users;
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
    /// `RENDERS_TABLE`: the DynamoDB table of renders. Default: none, and only what needs none works.
    pub renders_table: Option<String>,
    /// `RENDERS_PER_USER_PER_DAY`: how many renders an owner may start in a day. Default: any number.
    ///
    /// `USD_PER_USER_PER_MONTH`: what an owner's renders may cost in a month, in dollars, as Remotion estimates. Soft, since costs
    /// are known at the end. Default: any amount.
    ///
    /// `RENDER_CAPACITY`: how many of Remotion's functions may run at once for this API. Needs a `concurrency` in the render
    /// defaults, at most 300 s of `REMOTION_MAX_EVENT_AGE_SECONDS`, and the hook. Default: no limit.
    ///
    /// `RENDERS_PER_OWNER_AT_ONCE`: how many renders of one owner may run at once. Needs `RENDER_CAPACITY`. Default: any number.
    ///
    /// Each needs `RENDERS_TABLE`.
    pub terms: Terms,
    /// `HOOK_URL`, `HOOK_SECRET`: where Remotion tells that a render has ended, and what it signs with. They need each other, and
    /// `RENDERS_TABLE`. Default: none.
    pub hook: Option<Hook>,
    /// `EVENT_BUS_NAME`: the EventBridge bus that is told of each end. Needs `RENDERS_TABLE`. Default: none.
    pub event_bus_name: Option<String>,
    /// `RENDER_QUEUE`: whether a render that finds no room may wait. Needs `RENDER_CAPACITY`, `REMOTION_BUCKET_NAME` and
    /// `DISPATCH_FUNCTION_NAME`. Default false.
    ///
    /// `MAX_WAIT_MINUTES`: how long one may wait before it is failed, 1 to 10,080. Default 1,440.
    pub queue: Option<QueueTerms>,
    /// `DISPATCH_FUNCTION_NAME`: the function that is woken to look at the queue. Default: none.
    pub dispatch_function_name: Option<String>,
    /// `OUTPUT_URL_TTL_SECONDS`: how long a signed link lives, 1 to 3600 s. Default 900.
    pub output_url_ttl: Duration,
    /// `BASE_PATH`: what a custom domain's API mapping puts before the path. Default: nothing.
    pub base_path: Option<BasePath>,
    /// `AWS_CA_BUNDLE`: PEM file of further trusted roots, as in AWS's other SDKs. Default: none.
    pub ca_bundle: Option<PathBuf>,
    /// `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`: which endpoints of AWS's are wanted. Default false.
    pub endpoints: Endpoints,
    /// `COGNITO_USER_POOL_ID`, `COGNITO_USER_POOL_CLIENT_ID`, `COGNITO_SELF_SIGN_UP`, `COGNITO_PASSWORD_LENGTH`,
    /// `COGNITO_PASSWORD_SYMBOLS`; or `OIDC_CLIENT_ID`, with `JWT_ISSUER` and `JWT_AUDIENCES`: where the users of the page sign in.
    /// Default: none, and no page.
    pub sign_in: Option<SignIn>,
    /// `PAGE_TITLE`, `PAGE_COLOR`: how the page presents itself. Default: as this project's own.
    pub brand: Brand,
    /// `JWT_ISSUER`, `USER_ID_CLAIM`, `GROUPS_CLAIM`, `TENANT_CLAIM`, `RENDERS_VISIBLE_TO`, `ACT_AS_SCOPE`, `ACT_AS_CLIENTS`: who
    /// calls, by which claims, and who may act for others. Default: each user by `sub`.
    pub users: Users,
    /// `REMOTION_SERVE_URL` (required), `REMOTION_COMPOSITION`, `REMOTION_RENDER_DEFAULTS`, `REMOTION_RENDER_LIMITS`,
    /// `REMOTION_EXTRA_OPTIONS`, `REMOTION_ALLOWED_COMPOSITIONS`, `OUTPUT_KEY`, `REQUIRED_GROUP`.
    pub policy: RenderPolicy,
    /// Settings that work, but perhaps not as the operator expects.
    pub warnings: Vec<String>,
}

/// Everything that is wrong with the environment.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("The configuration is wrong. {}", .0.join(" "))]
pub struct ConfigError(Vec<String>);

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
        let (hook, event_bus_name) = ends(&mut vars);
        let output_url_ttl = vars.seconds(
            "OUTPUT_URL_TTL_SECONDS",
            bounds::OUTPUT_URL_TTL_SECONDS,
            900,
        );
        let sign_in = sign_in(&mut vars);
        let brand = Brand {
            title: vars.parsed("PAGE_TITLE"),
            color: vars.parsed("PAGE_COLOR"),
        };
        let allowed_compositions = vars.list("REMOTION_ALLOWED_COMPOSITIONS");
        let required_group = vars.get("REQUIRED_GROUP");
        let (users, of_users) = users(&mut vars, required_group.as_deref());
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
        let options = &defaults.options;
        let has_hook = hook.is_some();
        let known_version = version
            .clone()
            .or_else(|| Version::of_function(function.as_ref()?.as_str()));
        let terms = terms(
            &mut vars,
            options,
            has_hook,
            max_event_age,
            function.as_ref(),
            known_version.as_ref(),
        );
        let dispatch_function_name = vars.get("DISPATCH_FUNCTION_NAME");
        let queue = queue(&mut vars, &terms, options);
        let mut warnings = warnings(known_version.as_ref(), options, has_hook);
        warnings.extend(of_users);
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
            terms,
            queue,
            dispatch_function_name,
            hook,
            event_bus_name,
            output_url_ttl,
            base_path,
            ca_bundle,
            endpoints,
            sign_in,
            brand,
            users,
            policy: RenderPolicy {
                defaults: defaults.options,
                out_name: defaults.out_name,
                separate_audio_to: defaults.separate_audio_to,
                allowed_compositions,
                required_group,
                limits,
                extra_options,
            },
            warnings,
        })
    }
}

/// Warnings about render defaults that are valid.
fn warnings(deployed: Option<&Version>, options: &RenderOptions, has_hook: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(deployed) = deployed {
        let newer = options.newer_than(deployed.release()).into_iter();
        warnings.extend(newer.map(|newer| {
            format!(
                "REMOTION_RENDER_DEFAULTS: {newer} needs Remotion {}. The render function has {deployed}, and does not know it.",
                newer.since
            )
        }));
    }
    if has_hook && options.webhook.is_some() {
        warnings.push(
            "REMOTION_RENDER_DEFAULTS has a webhook, which replaces HOOK_URL: this API learns how renders ended only from the sweep, or when they are read."
                .to_owned(),
        );
    }
    warnings
}

/// How ends of renders are received, and who is notified.
fn ends<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> (Option<Hook>, Option<String>) {
    let hook = hook(vars);
    let bus = vars.get("EVENT_BUS_NAME");
    vars.needs_table(&[
        ("HOOK_URL", hook.is_some()),
        ("EVENT_BUS_NAME", bus.is_some()),
    ]);
    (hook, bus)
}

fn hook<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<Hook> {
    match (vars.get("HOOK_URL"), vars.get("HOOK_SECRET")) {
        (None, None) => None,
        (Some(url), Some(secret)) => match Hook::new(url, secret) {
            Ok(hook) => Some(hook),
            Err(fault) => {
                vars.fault(&fault);
                None
            }
        },
        _ => {
            vars.fault("Set both HOOK_URL and HOOK_SECRET, or neither.");
            None
        }
    }
}
