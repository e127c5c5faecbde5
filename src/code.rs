//! The codes of problem documents: one meaning and one status each.

use lambda_http::http::StatusCode;

/// Who can act on a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhoCanAct {
    /// Whoever sent the request: by another request.
    Caller,
    /// Whoever sent the request: by the same request, later.
    CallerLater,
    /// Whoever runs this deployment.
    Operator,
    /// Whoever sent the request: by looking at their renders before they send it again.
    CallerAfterALook,
}

/// From the table of codes: the enum, its names, statuses, and who can act.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $status:ident, $who:ident;)+) => {
        /// The code of a problem, for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, by status.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, in `snake_case`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Its HTTP status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// Who can do something about it.
            #[must_use]
            pub const fn who_can_act(self) -> WhoCanAct {
                match self { $(Self::$variant => WhoCanAct::$who,)+ }
            }

            /// Its meaning, in Markdown.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

codes! {
    /// The event does not come from API Gateway.
    InvalidEvent = "invalid_event", BAD_REQUEST, Operator;
    /// The body is not a JSON object.
    InvalidJson = "invalid_json", BAD_REQUEST, Caller;
    /// API Gateway has verified no identity, or none that this deployment knows.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, Caller;
    /// The signature of a webhook does not match its body.
    SignatureInvalid = "signature_invalid", UNAUTHORIZED, Operator;
    /// The caller is not in the group that `REQUIRED_GROUP` names.
    GroupRequired = "group_required", FORBIDDEN, Operator;
    /// The token lacks a claim that this deployment needs, such as `TENANT_CLAIM`.
    ClaimRequired = "claim_required", FORBIDDEN, Operator;
    /// Whoever has the token may not act for the user in `On-Behalf-Of`.
    ActAsNotAllowed = "act_as_not_allowed", FORBIDDEN, Operator;
    /// The composition is not among `REMOTION_ALLOWED_COMPOSITIONS`.
    CompositionNotAllowed = "composition_not_allowed", FORBIDDEN, Caller;
    /// Only the operator may set the option.
    OptionReserved = "option_reserved", FORBIDDEN, Caller;
    /// There is no such route.
    NotFound = "not_found", NOT_FOUND, Caller;
    /// There is no such render, or it belongs to somebody else.
    RenderNotFound = "render_not_found", NOT_FOUND, Caller;
    /// There is no such batch, or it belongs to somebody else.
    BatchNotFound = "batch_not_found", NOT_FOUND, Caller;
    /// There is no queue, which a batch needs: `RENDER_QUEUE` is not set.
    RenderQueueNotConfigured = "render_queue_not_configured", NOT_FOUND, Operator;
    /// The operator keeps no record of renders: `RENDERS_TABLE` is not set.
    RendersTableNotConfigured = "renders_table_not_configured", NOT_FOUND, Operator;
    /// The route has other methods: see `Allow`.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, Caller;
    /// A request with this idempotency key is in progress.
    IdempotencyInFlight = "idempotency_in_flight", CONFLICT, CallerLater;
    /// A request with this idempotency key may have started a render, but its outcome is not known.
    IdempotencyOutcomeUnknown = "idempotency_outcome_unknown", CONFLICT, CallerAfterALook;
    /// The render is running.
    RenderRunning = "render_running", CONFLICT, CallerLater;
    /// AWS may still start the render.
    RenderMayStart = "render_may_start", CONFLICT, CallerLater;
    /// The render is over.
    RenderOver = "render_over", CONFLICT, Caller;
    /// The batch is over.
    BatchOver = "batch_over", CONFLICT, Caller;
    /// The render was started without `enableCancellation`.
    CancellationNotEnabled = "cancellation_not_enabled", CONFLICT, Operator;
    /// The body, or its input props, are too large.
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, Caller;
    /// The body is not sent as JSON.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, Caller;
    /// Options or parameters are wrong: see `errors`.
    InvalidOptions = "invalid_options", UNPROCESSABLE_ENTITY, Caller;
    /// The deployed render function is too old for the option.
    OptionNeedsRelease = "option_needs_release", UNPROCESSABLE_ENTITY, Caller;
    /// The idempotency key is not 1 to 255 visible ASCII characters.
    IdempotencyKeyInvalid = "idempotency_key_invalid", UNPROCESSABLE_ENTITY, Caller;
    /// The idempotency key was used with another body.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, Caller;
    /// The operator keeps no record of requests: `RENDERS_TABLE` is not set.
    IdempotencyUnavailable = "idempotency_unavailable", UNPROCESSABLE_ENTITY, Caller;
    /// Today's quota is used up: see `Retry-After`.
    QuotaSpent = "quota_spent", TOO_MANY_REQUESTS, CallerLater;
    /// This month's budget is spent: see `Retry-After`.
    BudgetSpent = "budget_spent", TOO_MANY_REQUESTS, CallerLater;
    /// The capacity of the deployment, or of the owner, is in use: see `Retry-After`.
    CapacitySpent = "capacity_spent", TOO_MANY_REQUESTS, CallerLater;
    /// AWS throttles a service that the request needs.
    Throttled = "throttled", TOO_MANY_REQUESTS, CallerLater;
    /// Remotion's function has answered with an error.
    RenderFunctionError = "render_function_error", BAD_GATEWAY, Operator;
    /// AWS Lambda refuses the invocation.
    RenderFunctionRefused = "render_function_refused", BAD_GATEWAY, Operator;
    /// Remotion's function crashed, or ran out of time or memory.
    RenderFunctionCrashed = "render_function_crashed", BAD_GATEWAY, CallerAfterALook;
    /// The answer of Remotion's function cannot be read.
    RenderFunctionReplyInvalid = "render_function_reply_invalid", BAD_GATEWAY, CallerAfterALook;
    /// The answer of Remotion's function was lost, and nothing was to be started.
    RenderFunctionUnanswered = "render_function_unanswered", BAD_GATEWAY, CallerLater;
    /// The answer to the start of a render was lost, or did not come in time.
    RenderOutcomeUnknown = "render_outcome_unknown", BAD_GATEWAY, CallerAfterALook;
    /// The render has started, but is not in the table of renders.
    RenderNotRecorded = "render_not_recorded", BAD_GATEWAY, Operator;
    /// The state that Remotion keeps of the render cannot be read.
    RenderStateInvalid = "render_state_invalid", BAD_GATEWAY, Operator;
    /// DynamoDB refuses the request.
    RendersTableRefused = "renders_table_refused", BAD_GATEWAY, Operator;
    /// S3 refuses the request.
    StorageRefused = "storage_refused", BAD_GATEWAY, Operator;
    /// The answer is larger than AWS Lambda can return.
    ResponseTooLarge = "response_too_large", BAD_GATEWAY, Operator;
    /// Remotion's function could not be reached.
    RenderFunctionUnreachable = "render_function_unreachable", SERVICE_UNAVAILABLE, CallerLater;
    /// There is no function of the name in `REMOTION_FUNCTION_NAME`.
    RenderFunctionMissing = "render_function_missing", SERVICE_UNAVAILABLE, Operator;
    /// The role may not invoke Remotion's function.
    RenderFunctionDenied = "render_function_denied", SERVICE_UNAVAILABLE, Operator;
    /// Remotion's function is of another release than `REMOTION_VERSION`.
    VersionMismatch = "version_mismatch", SERVICE_UNAVAILABLE, Operator;
    /// DynamoDB could not be reached.
    RendersTableUnavailable = "renders_table_unavailable", SERVICE_UNAVAILABLE, CallerLater;
    /// There is no table of the name in `RENDERS_TABLE`.
    RendersTableMissing = "renders_table_missing", SERVICE_UNAVAILABLE, Operator;
    /// The role may not use the table of renders.
    RendersTableDenied = "renders_table_denied", SERVICE_UNAVAILABLE, Operator;
    /// S3 could not be reached.
    StorageUnavailable = "storage_unavailable", SERVICE_UNAVAILABLE, CallerLater;
    /// There is no bucket of the configured name.
    StorageMissing = "storage_missing", SERVICE_UNAVAILABLE, Operator;
    /// The role may not use the bucket, or its key.
    StorageDenied = "storage_denied", SERVICE_UNAVAILABLE, Operator;
    /// The bucket is in another region.
    StorageInOtherRegion = "storage_in_other_region", SERVICE_UNAVAILABLE, Operator;
    /// The role may not store input props in Remotion's bucket.
    PropsNotStored = "props_not_stored", SERVICE_UNAVAILABLE, Operator;
    /// Remotion's function did not answer in time, and nothing was to be started.
    RenderFunctionTimedOut = "render_function_timed_out", GATEWAY_TIMEOUT, CallerLater;
    /// DynamoDB did not answer in time.
    RendersTableTimedOut = "renders_table_timed_out", GATEWAY_TIMEOUT, CallerLater;
    /// S3 did not answer in time.
    StorageTimedOut = "storage_timed_out", GATEWAY_TIMEOUT, CallerLater;
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn one_name_each() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn by_status() {
        assert!(Code::ALL.is_sorted_by_key(|code| code.status()));
    }
}
