//! What the operator allows: who may render, which compositions, and which options are the operator's own.

use crate::error::Error;
use crate::identity::Caller;
use crate::json::{Object, Violation};
use crate::remotion::{OutName, RenderOptions, StillOptions};

/// Options that cost, reach out, or reveal: a caller who sends one is refused.
pub const RESERVED: [&str; 24] = [
    "apiKey",
    "chromiumOptions",
    "concurrency",
    "concurrencyPerLambda",
    "enableCancellation",
    "envVariables",
    "forceBucketName",
    "forcePathStyle",
    "framesPerLambda",
    "functionName",
    "isProduction",
    "licenseKey",
    "logLevel",
    "mediaCacheSizeInBytes",
    "offthreadVideoCacheSizeInBytes",
    "offthreadVideoThreads",
    "privacy",
    "region",
    "rendererFunctionName",
    "requestHandler",
    "serveUrl",
    "storageClass",
    "webhook",
    // The object form alone: see `options`.
    "outName",
];

/// The operator's rules for callers.
#[derive(Debug)]
pub struct Policy {
    /// What lies underneath a caller's options.
    pub defaults: RenderOptions,
    /// `None`: any composition.
    pub allowed_compositions: Option<Vec<String>>,
    /// `None`: any signed-in user.
    pub required_group: Option<String>,
}

impl Policy {
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
    /// What the caller may not say, else everything that is wrong by itself, else the composition that is not allowed.
    pub fn options(&self, asked: &Object<'_>) -> Result<RenderOptions, Error> {
        refuse_reserved(asked)?;
        let options = self
            .defaults
            .clone()
            .extended(asked)
            .map_err(Error::InvalidOptions)?;
        self.checked(asked, &options)?;
        Ok(options)
    }

    /// A caller's options of a still over the operator's.
    ///
    /// # Errors
    ///
    /// As for [`Policy::options`].
    pub fn still_options(&self, asked: &Object<'_>) -> Result<StillOptions, Error> {
        refuse_reserved(asked)?;
        // The name of a video is none for a still.
        let shared = RenderOptions {
            out_name: None,
            ..self.defaults.clone()
        };
        let options = StillOptions {
            shared,
            ..StillOptions::default()
        }
        .extended(asked)
        .map_err(Error::InvalidOptions)?;
        self.checked(asked, &options.shared)?;
        Ok(options)
    }

    fn checked(&self, asked: &Object<'_>, options: &RenderOptions) -> Result<(), Error> {
        if asked.iter().any(|(name, _)| name == "outName") {
            plain(options.out_name.as_ref())?;
        }
        match &options.composition {
            Some(composition) if !self.allows(composition.as_str()) => Err(
                Error::CompositionNotAllowed(composition.as_str().to_owned()),
            ),
            _ => Ok(()),
        }
    }
}

fn refuse_reserved(asked: &Object<'_>) -> Result<(), Error> {
    // Each once, however often it is given.
    let mut names: Vec<_> = Vec::new();
    for (name, value) in asked.iter() {
        if is_reserved(name, value.get()) && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        Ok(())
    } else {
        Err(Error::OptionReserved(
            names.into_iter().map(reserved).collect(),
        ))
    }
}

fn is_reserved(name: &str, value: &str) -> bool {
    RESERVED.contains(&name) && (name != "outName" || value.starts_with('{'))
}

fn reserved(name: &str) -> Violation {
    let form = if name == "outName" {
        "the object form of outName"
    } else {
        name
    };
    Violation::at(
        name,
        format!("Only the operator of this API may set {form}."),
    )
}

/// A caller's output stays under the render's own prefix.
fn plain(out_name: Option<&OutName>) -> Result<(), Error> {
    match out_name {
        Some(OutName::File(name)) if name.as_str().contains('/') => {
            Err(Error::InvalidOptions(vec![Violation::at(
                "outName",
                "outName must be a plain file name, without a slash.",
            )]))
        }
        _ => Ok(()),
    }
}
