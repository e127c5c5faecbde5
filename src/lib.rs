//! An HTTP API on AWS Lambda through which an app's signed-in users render Remotion videos.
//!
//! ```text
//! event        API Gateway event -> Request
//!   http         (method, path) -> operation
//!   identity     the caller, from the verified request context
//!   policy       the operator's defaults, with the caller's options over them
//!   remotion     options -> what the Remotion function is sent
//!   ledger       reserves the idempotency key, and one of today's renders
//!   renderer     invokes the Remotion function, and decodes its answer
//!   ledger       remembers who owns the render
//!   http         200, or a problem document
//! ```

pub mod body;
pub mod clock;
pub mod config;
pub mod connector;
pub mod error;
pub mod event;
pub mod http;
pub mod identity;
pub mod json;
pub mod ledger;
pub mod log;
pub mod operations;
pub mod page;
pub mod policy;
pub mod remotion;
pub mod renderer;
pub mod sdk;
pub mod service;
pub mod storage;
pub mod tls;

use aws_config::SdkConfig;
use tokio::time::Instant;

use crate::config::Config;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::operations::compositions::Remembered;
use crate::page::{Page, SignIn};
use crate::policy::Policy;
use crate::remotion::{BucketName, InputProps};
use crate::renderer::Renderer;
use crate::storage::Storage;

/// A deployment: what all requests share.
#[derive(Debug)]
pub struct App {
    /// What callers may do.
    pub policy: Policy,
    /// The Remotion function.
    pub renderer: Renderer,
    /// S3.
    pub storage: Storage,
    /// Who owns which render; `None` where the operator has set no table.
    pub ledger: Option<Ledger>,
    /// What the site can render.
    pub compositions: Remembered,
    bucket_name: Option<BucketName>,
    sign_in: Option<SignIn>,
    sdk: SdkConfig,
}

impl App {
    /// A deployment that reaches AWS as `sdk` says.
    #[must_use]
    pub fn new(config: Config, sdk: &SdkConfig) -> Self {
        let sdk = service::limited(sdk);
        let quota = config.renders_per_user_per_day;
        Self {
            policy: config.policy,
            renderer: Renderer::new(&sdk, config.function_name, config.version),
            storage: Storage::new(sdk.clone(), config.output_url_ttl),
            ledger: config
                .renders_table
                .map(|table| Ledger::new(sdk.clone(), table, quota)),
            compositions: Remembered::default(),
            bucket_name: config.bucket_name,
            sign_in: config.sign_in,
            sdk,
        }
    }

    /// The region of it all.
    #[must_use]
    pub fn region(&self) -> &str {
        self.sdk.region().map_or("", AsRef::as_ref)
    }

    /// Where the users of the page sign in; `None` where the operator has turned the page off.
    #[must_use]
    pub fn sign_in(&self) -> Option<&SignIn> {
        self.sign_in.as_ref()
    }

    /// The page to render from. Made when it is asked for: a start pays nothing.
    ///
    /// # Errors
    ///
    /// Those of [`Storage::origin`].
    pub async fn page(&self, sign_in: &SignIn) -> Result<Page, Error> {
        let outputs = match &self.bucket_name {
            Some(bucket) => Some(self.storage.origin(bucket.as_str()).await?),
            None => None,
        };
        Ok(Page::new(sign_in, outputs.as_deref(), &self.sdk))
    }

    /// The ledger.
    ///
    /// # Errors
    ///
    /// [`Error::LedgerAbsent`] where the operator has set no table.
    pub fn ledger(&self) -> Result<&Ledger, Error> {
        self.ledger.as_ref().ok_or(Error::LedgerAbsent)
    }

    /// Puts props that are too large to travel into Remotion's bucket.
    ///
    /// # Errors
    ///
    /// [`Error::PropsTooLarge`] where the operator has named no bucket, else those of [`Storage::put_props`].
    pub async fn put_props(&self, props: String, deadline: Instant) -> Result<InputProps, Error> {
        let bucket = self
            .bucket_name
            .as_ref()
            .ok_or(Error::PropsTooLarge(props.len()))?;
        self.storage.put_props(bucket, props, deadline).await
    }
}
