//! The EventBridge bus that receives each end. The only file that names `aws_sdk_eventbridge`.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use remotion_lambda::aws::{CallError, CallFailure, within};
use tokio::time::Instant;

/// Who tells.
const SOURCE: &str = "remotion-render-api";

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetailType {
    /// A render has ended.
    Render,
    /// The last render of a batch has ended.
    Batch,
}

impl DetailType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Render => "Render State Change",
            Self::Batch => "Batch State Change",
        }
    }
}

/// A bus, through a client that is made at its first use.
#[derive(Debug)]
pub struct EventBus {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    name: String,
}

impl EventBus {
    /// The bus of this name or ARN.
    #[must_use]
    pub const fn new(sdk: SdkConfig, name: String) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            name,
        }
    }

    /// Puts an event onto the bus.
    ///
    /// # Errors
    ///
    /// Every failure of the call, and that the bus did not take the event.
    pub async fn put(
        &self,
        detail_type: DetailType,
        detail: &str,
        deadline: Instant,
    ) -> Result<(), CallError> {
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(detail_type.as_str())
            .detail(detail)
            .build();
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        let put = client.put_events().entries(entry).send();
        let output = within(deadline, put).await?;
        if output.failed_entry_count() == 0 {
            return Ok(());
        }
        // One answer of status 200 tells of each event.
        let code = output.entries().iter().find_map(|entry| entry.error_code());
        let code = code.unwrap_or_default().to_owned();
        Err(CallError::new(CallFailure::Lost, code))
    }
}
