//! The time that calls to AWS may take, and how often they are tried.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

/// Time for a connection to open, TLS included. AWS takes milliseconds; what takes this long will not come.
pub const CONNECT: Duration = Duration::from_secs(2);

/// Time for one attempt of a call that may be repeated: a connection that died while the function was frozen costs no more.
const ATTEMPT: Duration = Duration::from_secs(5);

/// The configuration with limits of time, and with retries for what may be repeated.
#[must_use]
pub fn limited(sdk: &SdkConfig) -> SdkConfig {
    let retries = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_secs(1));
    let limits = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT)
        .build();
    sdk.to_builder()
        .retry_config(retries)
        .timeout_config(limits)
        .build()
}
