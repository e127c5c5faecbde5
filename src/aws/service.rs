//! The services of AWS that a deployment needs, and the errors that their failures become.

use std::error::Error as StdError;
use std::fmt;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use remotion_lambda::aws::{BoxError, CallError, CallFailure, SdkFailure};
use tokio::time::Instant;

use crate::code::Code;

/// Seconds that a throttled caller is asked to wait: AWS names none.
pub const THROTTLED_RETRY_AFTER: u64 = 5;

/// A service of AWS that a deployment needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// AWS Lambda, for Remotion's function.
    RenderFunction,
    /// DynamoDB, for the table of renders.
    RendersTable,
    /// S3, for Remotion's bucket.
    Bucket,
    /// S3, for the operator's own bucket.
    OutputBucket,
}

/// A failed call to a service.
#[derive(Debug)]
pub struct ServiceError {
    /// What was called.
    pub service: Service,
    /// Why it failed.
    pub failure: CallFailure,
    /// The answer of AWS, if there was one.
    pub source: Option<BoxError>,
}

impl Service {
    /// Waits for a call until a deadline.
    ///
    /// # Errors
    ///
    /// Every failure of the call, and that it came too late.
    pub async fn within<T, E>(
        self,
        deadline: Instant,
        call: impl Future<Output = Result<T, SdkFailure<E>>>,
    ) -> Result<T, ServiceError>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let outcome = remotion_lambda::aws::within(deadline, call).await;
        outcome.map_err(|error| self.failed(error))
    }

    /// A failed call to it.
    pub fn failed(self, error: impl Into<CallError>) -> ServiceError {
        let CallError { failure, source } = error.into();
        ServiceError {
            service: self,
            failure,
            source,
        }
    }
}

impl ServiceError {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> Code {
        code(self.service, &self.failure)
    }

    /// Seconds after which the same request may succeed, where waiting helps.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u64> {
        match self.failure {
            CallFailure::Throttled => Some(THROTTLED_RETRY_AFTER),
            CallFailure::NeverSent
            | CallFailure::NotConfigured
            | CallFailure::Lost
            | CallFailure::TimedOut => Some(1),
            _ => None,
        }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, variable, permissions) = described(self.service);
        match &self.failure {
            CallFailure::Throttled => write!(
                f,
                "AWS throttles the {name}. Try again in {THROTTLED_RETRY_AFTER} seconds."
            ),
            CallFailure::Denied => write!(
                f,
                "This API may not use the {name}. Its operator must grant its role {permissions} on it."
            ),
            CallFailure::KeyDenied(action) => write!(
                f,
                "This API may not use the key that encrypts the {name}. Its operator must grant its role {action} on that key."
            ),
            CallFailure::Missing => write!(
                f,
                "The configured {name} does not exist. The operator of this API must create it, or correct {variable}."
            ),
            CallFailure::InOtherRegion(region) => write!(
                f,
                "The configured {name} is in {}, not where this API looks for it. The operator of this API must correct {variable}.",
                region.as_deref().unwrap_or("another region")
            ),
            CallFailure::NeverSent | CallFailure::NotConfigured | CallFailure::Lost => {
                write!(f, "The {name} could not be reached. Try again.")
            }
            CallFailure::TimedOut => write!(f, "The {name} did not answer in time. Try again."),
            CallFailure::Rejected => write!(
                f,
                "AWS refused the request to the {name}. The operator of this API can find the reason in its log."
            ),
        }
    }
}

impl StdError for ServiceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

/// The code of a call's failure, for each service.
const fn code(service: Service, failure: &CallFailure) -> Code {
    let [function, table, storage] = match failure {
        CallFailure::Throttled => return Code::Throttled,
        CallFailure::Denied | CallFailure::KeyDenied(_) => [
            Code::RenderFunctionDenied,
            Code::RendersTableDenied,
            Code::StorageDenied,
        ],
        CallFailure::Missing => [
            Code::RenderFunctionMissing,
            Code::RendersTableMissing,
            Code::StorageMissing,
        ],
        CallFailure::InOtherRegion(_) => [
            Code::RenderFunctionMissing,
            Code::RendersTableMissing,
            Code::StorageInOtherRegion,
        ],
        CallFailure::NeverSent | CallFailure::NotConfigured | CallFailure::Lost => [
            Code::RenderFunctionUnreachable,
            Code::RendersTableUnavailable,
            Code::StorageUnavailable,
        ],
        CallFailure::TimedOut => [
            Code::RenderFunctionTimedOut,
            Code::RendersTableTimedOut,
            Code::StorageTimedOut,
        ],
        CallFailure::Rejected => [
            Code::RenderFunctionRefused,
            Code::RendersTableRefused,
            Code::StorageRefused,
        ],
    };
    match service {
        Service::RenderFunction => function,
        Service::RendersTable => table,
        Service::Bucket | Service::OutputBucket => storage,
    }
}

/// What a service is to the person who reads a sentence: its name, the variable that names it, and what the role needs.
const fn described(service: Service) -> (&'static str, &'static str, &'static str) {
    match service {
        Service::RenderFunction => (
            "render function",
            "REMOTION_FUNCTION_NAME",
            "lambda:InvokeFunction",
        ),
        Service::RendersTable => (
            "table of renders",
            "RENDERS_TABLE",
            "dynamodb:GetItem, PutItem, UpdateItem and DeleteItem, and Query on its index",
        ),
        Service::Bucket => (
            "Remotion bucket",
            "REMOTION_BUCKET_NAME",
            "s3:GetObject, PutObject, DeleteObject and ListBucket",
        ),
        Service::OutputBucket => (
            "bucket for outputs",
            "OUTPUT_BUCKET_NAME",
            "s3:GetObject, DeleteObject and ListBucket",
        ),
    }
}
