//! The configuration: one environment variable each, all faults told at once, before the first request.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use crate::json::Object;
use crate::page::SignIn;
use crate::policy::Policy;
use crate::remotion::{BucketName, NonEmpty, RenderOptions, ServeUrl, StartPayload, Version};
use crate::sdk::Endpoints;

/// The deployment, as its operator has described it. An empty variable counts as unset.
#[derive(Debug)]
pub struct Config {
    /// `REMOTION_FUNCTION_NAME`, required: name or ARN of the deployed Remotion function.
    pub function_name: String,
    /// `REMOTION_VERSION`: the version to send, whatever the function says. Default: the function's own.
    pub version: Option<Version>,
    /// `REMOTION_BUCKET_NAME`: Remotion's bucket. Default: Remotion finds it, and nothing here reads or writes S3.
    pub bucket_name: Option<BucketName>,
    /// `RENDERS_TABLE`: the `DynamoDB` table of renders. Default: none, and only what needs none works.
    pub renders_table: Option<String>,
    /// `RENDERS_PER_USER_PER_DAY`: how many renders a user may start in a day. Needs `RENDERS_TABLE`. Default: any number.
    pub renders_per_user_per_day: Option<u32>,
    /// `OUTPUT_URL_TTL_SECONDS`: how long a signed link lives, 1 to 3600 s. Default 900.
    pub output_url_ttl: Duration,
    /// `AWS_CA_BUNDLE`: PEM file of further trusted roots, as in AWS's other SDKs. Default: none.
    pub ca_bundle: Option<PathBuf>,
    /// `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`: which endpoints of AWS's are wanted. Default false.
    pub endpoints: Endpoints,
    /// `COGNITO_USER_POOL_ID`, `COGNITO_USER_POOL_CLIENT_ID`, `COGNITO_SELF_SIGN_UP`: where the users of the page sign in.
    /// Default: none, and no page.
    pub sign_in: Option<SignIn>,
    /// `REMOTION_SERVE_URL` (required), `REMOTION_COMPOSITION`, `REMOTION_RENDER_DEFAULTS`, `REMOTION_ALLOWED_COMPOSITIONS`, `REQUIRED_GROUP`.
    pub policy: Policy,
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
        let mut vars = Vars {
            var,
            faults: Vec::new(),
        };
        let function_name = vars.required(
            "REMOTION_FUNCTION_NAME",
            "the name or ARN of the Remotion function",
        );
        let serve_url: Option<ServeUrl> = vars.parsed("REMOTION_SERVE_URL");
        vars.required(
            "REMOTION_SERVE_URL",
            "the URL or the name of the Remotion site",
        );
        let composition: Option<NonEmpty> = vars.parsed("REMOTION_COMPOSITION");
        let bucket_name: Option<BucketName> = vars.parsed("REMOTION_BUCKET_NAME");
        let version = vars.parsed("REMOTION_VERSION");
        let ca_bundle = vars.get("AWS_CA_BUNDLE").map(PathBuf::from);
        let endpoints = Endpoints {
            fips: vars.flag("AWS_USE_FIPS_ENDPOINT"),
            dual_stack: vars.flag("AWS_USE_DUALSTACK_ENDPOINT"),
        };
        let renders_table = vars.get("RENDERS_TABLE");
        let renders_per_user_per_day = vars.number("RENDERS_PER_USER_PER_DAY", 1..=10_000);
        if renders_per_user_per_day.is_some() && renders_table.is_none() {
            vars.faults
                .push("RENDERS_PER_USER_PER_DAY needs RENDERS_TABLE beside it.".to_owned());
        }
        let output_url_ttl = Duration::from_secs(
            vars.number("OUTPUT_URL_TTL_SECONDS", 1..=3_600)
                .unwrap_or(900)
                .into(),
        );
        let sign_in = vars.sign_in();
        let allowed_compositions = vars.list("REMOTION_ALLOWED_COMPOSITIONS");
        let required_group = vars.get("REQUIRED_GROUP");

        let given = RenderOptions {
            composition,
            serve_url,
            force_bucket_name: bucket_name,
            ..RenderOptions::default()
        };
        let defaults = vars.render_defaults(given);
        vars.or_else_fault(Self {
            function_name,
            version,
            bucket_name: defaults.force_bucket_name.clone(),
            renders_table,
            renders_per_user_per_day,
            output_url_ttl,
            ca_bundle,
            endpoints,
            sign_in,
            policy: Policy {
                defaults,
                allowed_compositions,
                required_group,
            },
        })
    }
}

struct Vars<F> {
    var: F,
    faults: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Vars<F> {
    fn get(&self, name: &str) -> Option<String> {
        (self.var)(name).filter(|text| !text.trim().is_empty())
    }

    fn required(&mut self, name: &str, meaning: &str) -> String {
        self.get(name).unwrap_or_else(|| {
            self.faults
                .push(format!("{name} is not set: it must be {meaning}."));
            String::new()
        })
    }

    fn parsed<T: TryFrom<String, Error: ToString>>(&mut self, name: &str) -> Option<T> {
        match T::try_from(self.get(name)?) {
            Ok(value) => Some(value),
            Err(error) => {
                let reason = error.to_string();
                self.faults
                    .push(format!("{name}: {}.", reason.trim_end_matches('.')));
                None
            }
        }
    }

    fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let text = self.get(name)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let (first, last) = range.into_inner();
            self.faults.push(format!(
                "{name}: {text:?} is not a whole number from {first} to {last}."
            ));
        }
        number
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.get(name).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(text) => {
                self.faults
                    .push(format!("{name}: {text:?} is neither true nor false."));
                false
            }
        }
    }

    fn sign_in(&mut self) -> Option<SignIn> {
        let self_sign_up = self.flag("COGNITO_SELF_SIGN_UP");
        match (
            self.get("COGNITO_USER_POOL_ID"),
            self.get("COGNITO_USER_POOL_CLIENT_ID"),
        ) {
            (None, None) => None,
            (Some(user_pool_id), Some(user_pool_client_id)) => Some(SignIn {
                user_pool_id,
                user_pool_client_id,
                self_sign_up,
            }),
            _ => {
                self.faults.push(
                    "COGNITO_USER_POOL_ID and COGNITO_USER_POOL_CLIENT_ID need each other."
                        .to_owned(),
                );
                None
            }
        }
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        let text = self.get(name)?;
        Some(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
        )
    }

    /// `REMOTION_RENDER_DEFAULTS` over what other variables say, checked as a request would be.
    fn render_defaults(&mut self, given: RenderOptions) -> RenderOptions {
        const NAME: &str = "REMOTION_RENDER_DEFAULTS";
        let Some(text) = self.get(NAME) else {
            return given;
        };
        let defaults = match Object::parse(text.as_bytes()) {
            Ok(object) => given.clone().extended(&object),
            Err(error) => {
                self.faults
                    .push(format!("{NAME} is not a JSON object: {error}."));
                return given;
            }
        };
        let composed = defaults.and_then(|defaults| {
            let mut whole = defaults.clone();
            // A caller will name it, and other variables' faults are told by their own names.
            whole.composition = whole
                .composition
                .or_else(|| NonEmpty::try_from("any".to_owned()).ok());
            whole.serve_url = whole
                .serve_url
                .or_else(|| ServeUrl::try_from("any".to_owned()).ok());
            StartPayload::new(whole).map(|_| defaults)
        });
        composed.unwrap_or_else(|violations| {
            self.faults.extend(
                violations
                    .iter()
                    .map(|violation| format!("{NAME}: {}", violation.detail)),
            );
            given
        })
    }

    fn or_else_fault<T>(self, value: T) -> Result<T, ConfigError> {
        if self.faults.is_empty() {
            Ok(value)
        } else {
            Err(ConfigError(self.faults))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigError};

    fn from_vars(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_vars(|name| {
            vars.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[track_caller]
    fn assert_faults(vars: &[(&str, &str)], faults: &[&str]) {
        let required = [
            ("REMOTION_FUNCTION_NAME", "renderer"),
            ("REMOTION_SERVE_URL", "site"),
        ];
        let error = from_vars(&[vars, &required].concat()).expect_err("a fault");
        assert_eq!(
            error,
            ConfigError(faults.iter().map(|fault| (*fault).to_owned()).collect())
        );
    }

    #[test]
    fn all_faults_at_once() {
        let error = from_vars(&[
            ("REMOTION_SERVE_URL", " "),
            ("REMOTION_VERSION", "latest"),
            ("REMOTION_BUCKET_NAME", "B"),
        ]);
        assert_eq!(
            error.expect_err("faults").to_string(),
            "The configuration is wrong. \
             REMOTION_FUNCTION_NAME is not set: it must be the name or ARN of the Remotion function. \
             REMOTION_SERVE_URL is not set: it must be the URL or the name of the Remotion site. \
             REMOTION_BUCKET_NAME: it must be the name of an S3 bucket: 3 to 63 of a-z, 0-9, dots and hyphens. \
             REMOTION_VERSION: \"latest\" is not a release of Remotion such as 4.0.527.",
        );
    }

    #[test]
    fn bad_defaults_are_named() {
        assert_faults(
            &[("REMOTION_RENDER_DEFAULTS", "[]")],
            &[
                "REMOTION_RENDER_DEFAULTS is not a JSON object: invalid type: sequence, expected an object at line 1 column 0.",
            ],
        );
        assert_faults(
            &[(
                "REMOTION_RENDER_DEFAULTS",
                r#"{"privacy":"secret","crf":"low"}"#,
            )],
            &[
                r#"REMOTION_RENDER_DEFAULTS: privacy: "secret" is none of public, private, no-acl."#,
                r#"REMOTION_RENDER_DEFAULTS: crf: invalid type: string "low", expected a number."#,
            ],
        );
        // Right by themselves, wrong together.
        assert_faults(
            &[(
                "REMOTION_RENDER_DEFAULTS",
                r#"{"codec":"vp8","x264Preset":"fast"}"#,
            )],
            &["REMOTION_RENDER_DEFAULTS: x264Preset goes with the codec h264, not with vp8."],
        );
    }

    /// Lest what should be `true` for a reason is taken for false.
    #[test]
    fn endpoints() {
        assert_faults(
            &[("AWS_USE_FIPS_ENDPOINT", "yes")],
            &["AWS_USE_FIPS_ENDPOINT: \"yes\" is neither true nor false."],
        );
    }

    #[test]
    fn signing_in() {
        let vars = [
            ("COGNITO_USER_POOL_CLIENT_ID", "4l5tsda2iu8lqugl73m8hgeb83"),
            ("COGNITO_SELF_SIGN_UP", "yes"),
        ];
        assert_faults(
            &vars,
            &[
                "COGNITO_SELF_SIGN_UP: \"yes\" is neither true nor false.",
                "COGNITO_USER_POOL_ID and COGNITO_USER_POOL_CLIENT_ID need each other.",
            ],
        );
    }

    #[test]
    fn valid() {
        let config = from_vars(&[
            ("REMOTION_FUNCTION_NAME", "renderer"),
            ("REMOTION_SERVE_URL", "site"),
            ("REMOTION_ALLOWED_COMPOSITIONS", " a, b ,"),
            (
                "REMOTION_RENDER_DEFAULTS",
                r#"{"forceBucketName":"remotionlambda-useast1-abc"}"#,
            ),
        ]);
        let config = config.expect("a valid configuration");
        assert_eq!(
            config.policy.allowed_compositions,
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(
            config
                .bucket_name
                .map(|name| name.as_str().to_owned())
                .as_deref(),
            Some("remotionlambda-useast1-abc")
        );
    }
}
