//! What a caller may read of a render's errors: no stack, no ARN, no link into the operator's logs.

use std::collections::HashSet;

use serde::Serialize;

use super::scalars::Exact;
use super::state::ErrorEntry;
use crate::redaction::redacted;

/// An error of a render.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RenderError {
    /// The first line of Remotion's, of at most 500 characters, in which ARNs and links into AWS's console are replaced.
    pub message: String,
    /// The frame at which it happened, where Remotion knows it.
    pub frame: Option<u64>,
    /// The chunk in which it happened; none where it was outside of chunks, or the render ran in a single function.
    pub chunk: Option<u64>,
    /// Whether it would end the render, were it not retried.
    pub is_fatal: bool,
    /// Whether Remotion tries again.
    pub will_retry: bool,
}

impl RenderError {
    /// The error of a render whose function is gone.
    #[must_use]
    pub fn out_of_time() -> Self {
        Self::fatal("The render did not finish in time.")
    }

    /// An error that ended a render, of which nothing but a sentence is known.
    #[must_use]
    pub fn fatal(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            frame: None,
            chunk: None,
            is_fatal: true,
            will_retry: false,
        }
    }

    /// These errors in their order, without what only follows from another: the launching function relays an error of a
    /// chunk with its stack as the message, and cancels the other functions of a render that has failed.
    pub(super) fn all(faults: &[ErrorEntry]) -> Vec<Self> {
        let of_chunks: HashSet<&str> = faults
            .iter()
            .filter(|fault| fault.chunk.is_some() && fault.is_final())
            .map(headline)
            .collect();
        let relayed = |fault: &ErrorEntry| {
            let headline = headline(fault);
            fault.chunk.is_none()
                && fault.is_final()
                && (of_chunks.contains(headline) || of_chunks.contains(without_name(headline)))
        };
        let has_failed = faults
            .iter()
            .find(|fault| fault.is_final())
            .is_some_and(|fault| !is_cancellation(fault));
        faults
            .iter()
            .filter(|fault| !(relayed(fault) || has_failed && is_cancellation(fault)))
            .map(|fault| Self {
                message: readable(fault),
                frame: fault.frame.map(Exact::whole),
                chunk: fault.chunk.map(Exact::whole),
                is_fatal: fault.is_fatal,
                will_retry: fault.will_retry,
            })
            .collect()
    }
}

pub(super) fn is_cancellation(fault: &ErrorEntry) -> bool {
    says_cancelled(fault.name.as_str(), fault.message.as_str())
}

/// Whether an error of this name and message says that somebody cancelled the render. Remotion also names what a composition
/// gives to `cancelRender()` a `CancelledError`, with the first line of a stack as its message: by that, the render has failed.
///
/// Source: `isUserCancelledRender()` of `@remotion/renderer`.
pub(crate) fn says_cancelled(name: &str, message: &str) -> bool {
    let headline = first_line(message);
    let message = without_name(headline);
    message == "renderMedia() got cancelled" || name == "CancelledError" && message == headline
}

fn headline(fault: &ErrorEntry) -> &str {
    first_line(fault.message.as_str())
}

fn first_line(message: &str) -> &str {
    message
        .trim_start()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end()
}

/// The message in the first line of a stack, such as `TypeError: x is undefined`.
fn without_name(headline: &str) -> &str {
    headline
        .split_once(": ")
        .filter(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map_or(headline, |(_, message)| message)
}

fn readable(fault: &ErrorEntry) -> String {
    let is_stack = fault.message.as_str().contains("\n    at ");
    let headline = headline(fault);
    let line = if is_stack {
        without_name(headline)
    } else {
        headline
    };
    if line.is_empty() {
        return "The error has no message.".to_owned();
    }
    redacted(line)
}

#[cfg(test)]
mod tests {
    use super::{RenderError, is_cancellation};
    use crate::progress::state::ErrorEntry;

    fn faults(errors: &str) -> Vec<ErrorEntry> {
        serde_json::from_str(errors).expect("errors")
    }

    #[track_caller]
    fn assert_messages(errors: &str, messages: &[&str]) {
        let failures = RenderError::all(&faults(errors));
        let ours: Vec<_> = failures.iter().map(|failure| &failure.message).collect();
        assert_eq!(ours, messages);
    }

    #[test]
    fn what_stands_there() {
        assert_eq!(
            RenderError::all(&faults(
                r#"[{"message":"deliberate","frame":7,"chunk":0,"isFatal":true,"stack":"Error: deliberate\n    at x"}]"#
            )),
            [RenderError {
                message: "deliberate".into(),
                frame: Some(7),
                chunk: Some(0),
                is_fatal: true,
                will_retry: false,
            }]
        );
    }

    #[test]
    fn relayed() {
        let chunk = r#"{"message":"x: y\nmore","chunk":2,"isFatal":true}"#;
        let relay = r#"{"message":"TypeError: x: y\nmore\n    at f (/var/task/index.js:1:1)","chunk":null,"isFatal":true}"#;
        assert_messages(&format!("[{chunk},{relay}]"), &["x: y"]);
        assert_messages(&format!("[{relay},{chunk}]"), &["x: y"]);
        // Nobody else has said it.
        assert_messages(&format!("[{relay}]"), &["x: y"]);
        // An attempt that was retried does not tell why the render failed.
        let retried = r#"{"message":"x: y","chunk":2,"isFatal":true,"willRetry":true}"#;
        assert_messages(&format!("[{retried},{relay}]"), &["x: y", "x: y"]);
        // Two chunks, two errors.
        assert_messages(&format!("[{chunk},{chunk},{relay}]"), &["x: y", "x: y"]);
    }

    #[test]
    fn the_cause_alone() {
        let cause = r#"{"message":"deliberate","chunk":2,"isFatal":true}"#;
        let stopped = r#"{"message":"renderMedia() got cancelled","chunk":1,"isFatal":true}"#;
        assert_messages(&format!("[{cause},{stopped},{stopped}]"), &["deliberate"]);
        // A render that somebody has cancelled.
        assert_messages(&format!("[{stopped}]"), &["renderMedia() got cancelled"]);
        assert_messages(
            &format!("[{stopped},{cause}]"),
            &["renderMedia() got cancelled", "deliberate"],
        );
    }

    #[test]
    fn not_for_callers() {
        assert_messages(
            r#"[{"message":"User: arn:aws:sts::000000000000:assumed-role/r is\tnot authorized\n    at x"}]"#,
            &["(an AWS resource) is not authorized"],
        );
        assert_messages(
            r#"[{"message":"See https://us-east-1.console.aws.amazon.com/cloudwatch/home#logs now"}]"#,
            &["See (an AWS resource) now"],
        );
        assert_messages(
            r#"[{"message":""},{}]"#,
            &["The error has no message.", "The error has no message."],
        );
        let long = format!(r#"[{{"message":"{}"}}]"#, "ü".repeat(2_000));
        assert_messages(&long, &[&"ü".repeat(500)]);
    }

    #[test]
    fn cancellations() {
        let cancellation = |error: &str| is_cancellation(&faults(&format!("[{error}]"))[0]);
        assert!(cancellation(r#"{"message":"renderMedia() got cancelled"}"#));
        assert!(cancellation(
            r#"{"message":"Error: renderMedia() got cancelled\n    at x"}"#
        ));
        assert!(cancellation(r#"{"message":"x","name":"CancelledError"}"#));
        assert!(!cancellation(
            r#"{"message":"Error: x","name":"CancelledError"}"#
        ));
        assert!(!cancellation(
            r#"{"message":"My text: renderMedia() got cancelled?"}"#
        ));
    }
}
