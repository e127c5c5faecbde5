//! An HTTP API on AWS Lambda through which an app's signed-in users render Remotion videos.
//!
//! ```text
//! API Gateway event -> Request
//!   http         (method, path) -> operation
//!   identity     the caller, from the verified request context
//!   policy       the operator's defaults, with the caller's options over them
//!   remotion     options -> what the Remotion function is sent
//!   storage      input props that are too large to travel
//!   renderer     invokes the Remotion function, and decodes its answer
//!   http         200, or a problem document
//! ```

pub mod body;
pub mod config;
pub mod error;
pub mod http;
pub mod identity;
pub mod json;
pub mod log;
pub mod operations;
pub mod policy;
pub mod remotion;
pub mod renderer;
pub mod storage;
pub mod tls;

use aws_config::SdkConfig;
use tokio::time::Instant;

use crate::config::Config;
use crate::error::Error;
use crate::policy::Policy;
use crate::remotion::StartPayload;
use crate::renderer::Renderer;
use crate::storage::Storage;

/// A deployment: what all requests share.
#[derive(Debug)]
pub struct App {
    /// What callers may do.
    pub policy: Policy,
    /// The Remotion function.
    pub renderer: Renderer,
    /// Remotion's bucket, where the operator has named it.
    pub storage: Option<Storage>,
}

impl App {
    /// A deployment that reaches AWS as `sdk` says.
    #[must_use]
    pub fn new(config: Config, sdk: &SdkConfig) -> Self {
        Self {
            policy: config.policy,
            renderer: Renderer::new(sdk, config.function_name, config.version),
            storage: config
                .bucket_name
                .map(|bucket| Storage::new(sdk.clone(), bucket)),
        }
    }

    /// The payload, after its props have gone to the bucket where they are too large to travel.
    ///
    /// # Errors
    ///
    /// [`Error::PayloadTooLarge`] where there is no bucket to put them into, else those of [`Storage::put_props`].
    pub async fn with_props_in_bucket(
        &self,
        mut payload: StartPayload,
        deadline: Instant,
    ) -> Result<StartPayload, Error> {
        if let Some(props) = payload.oversized_props() {
            let storage = self
                .storage
                .as_ref()
                .ok_or_else(|| Error::PropsTooLarge(props.len()))?;
            payload.common.input_props = storage.put_props(props, deadline).await?;
        }
        Ok(payload)
    }
}
