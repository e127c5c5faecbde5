//! What a Remotion function answers, in all the shapes that have been seen.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::options::texts::RenderId;
use crate::redaction::redacted;
use crate::text::Line;
use crate::version::Version;

/// The answer to `start`.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Started {
    /// The bucket that holds the render's state and, unless told otherwise, its output.
    pub bucket_name: String,
    /// The id of the render.
    pub render_id: RenderId,
}

/// Why an answer is not the one that was asked for. A message is the first line of the function's, of at most 500 characters, in
/// which ARNs and links into AWS's console are replaced.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// `type:"error"`, as the routine itself reports its failure.
    #[error("{message}")]
    Failed {
        /// One line, without a stack.
        message: String,
        /// The option of the request that is wrong, where that is the reason.
        option: Option<&'static str>,
        /// Whether AWS has failed the routine, or the connection to it, and not a check of Remotion's own. `start` stores its
        /// first file while it launches the render: where that is what failed, the render may run.
        by_aws: bool,
    },
    /// `type:"error"` where AWS throttled an invocation that the routine itself made.
    #[error("AWS Lambda throttled the render function.")]
    Throttled {
        /// What it says, in one line: of a routine that invokes nothing it is the composition that says so.
        message: String,
    },
    /// `type:"error"` of the version check, which runs before anything else.
    #[error("The render function has another version.")]
    VersionMismatch(Option<Versions>),
    /// AWS Lambda's own report of a function that crashed or ran out of time: what it did before is not known.
    #[error("{error_type}: {message}")]
    Crashed {
        /// Such as `Sandbox.Timedout` or `Runtime.ExitError`.
        error_type: String,
        /// One line, without a stack.
        message: String,
    },
    /// An empty or unintelligible answer with status 200.
    #[error("{0}")]
    Unintelligible(&'static str),
}

/// Both sides of a mismatch, where the text names them.
#[derive(Debug, PartialEq, Eq)]
pub struct Versions {
    /// The version in the request.
    pub sent: Version,
    /// The function's own.
    pub deployed: Version,
}

/// Every shape in one: which fields are there tells which it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnyReply {
    r#type: Option<Line>,
    message: Option<Line>,
    stack: Option<Line>,
    error_type: Option<Line>,
    error_message: Option<Line>,
}

/// Reads the answer of a routine.
///
/// `function_error` is the header of that name. It says nothing for certain: it has been seen on a good answer, and
/// proxies drop it. The body decides.
///
/// # Errors
///
/// See [`ReplyError`].
pub fn decode<T: DeserializeOwned>(
    function_error: Option<&str>,
    body: &[u8],
) -> Result<T, ReplyError> {
    if body.trim_ascii().is_empty() {
        return Err(ReplyError::Unintelligible("The answer was empty."));
    }
    // serde reads a struct from an array too.
    let failure: AnyReply = (body.trim_ascii_start().starts_with(b"{"))
        .then(|| serde_json::from_slice(body).ok())
        .flatten()
        .ok_or(ReplyError::Unintelligible(
            "The answer was not a JSON object.",
        ))?;
    let text = |text: Option<Line>| text.unwrap_or_default();
    match (
        failure.r#type.as_ref().map(Line::as_str),
        failure.error_type,
    ) {
        (Some("success"), _) => serde_json::from_slice(body).map_err(|_| {
            ReplyError::Unintelligible(
                "The answer reports success, but does not contain what was requested.",
            )
        }),
        (Some("error"), _) => Err(refusal(
            text(failure.message).as_str(),
            text(failure.stack).as_str(),
        )),
        (None, Some(error_type)) => Err(ReplyError::Crashed {
            error_type: first_line(error_type.as_str()),
            message: first_line(text(failure.error_message).as_str()),
        }),
        _ if function_error.is_some() => Err(ReplyError::Crashed {
            error_type: "Unhandled".to_owned(),
            message: first_line(text(failure.error_message).as_str()),
        }),
        _ => Err(ReplyError::Unintelligible(
            "The answer reports neither success nor an error.",
        )),
    }
}

fn refusal(message: &str, stack: &str) -> ReplyError {
    const THROTTLED: [&str; 3] = [
        "TooManyRequestsException",
        "Rate Exceeded",
        "ConcurrentInvocationLimitExceeded",
    ];
    if message.starts_with("Version mismatch:") {
        let mut versions = Version::all_in(message).into_iter();
        ReplyError::VersionMismatch(
            versions
                .next()
                .zip(versions.next())
                .map(|(deployed, sent)| Versions { sent, deployed }),
        )
    } else if THROTTLED.iter().any(|word| message.contains(word)) {
        ReplyError::Throttled {
            message: first_line(message),
        }
    } else {
        ReplyError::Failed {
            message: first_line(message),
            option: wrong_option(message),
            by_aws: is_of_aws(message, stack),
        }
    }
}

/// The stack begins with the name of the error, which is AWS's own where AWS has answered with it. Remotion refuses before it
/// launches a render, with errors of plain names. Nothing can come of a render in a bucket that does not exist.
///
/// Source: `startHandler()` of `@remotion/serverless`.
fn is_of_aws(message: &str, stack: &str) -> bool {
    const REMOTIONS: [&str; 4] = ["", "Error", "TypeError", "RangeError"];
    const OF_THE_CONNECTION: [&str; 6] = [
        "ECONN",
        "ETIMEDOUT",
        "EPIPE",
        "ENOTFOUND",
        "EAI_AGAIN",
        "socket",
    ];
    let name = stack.split(':').next().unwrap_or_default().trim();
    if REMOTIONS.contains(&name) {
        return OF_THE_CONNECTION.iter().any(|word| message.contains(word));
    }
    name != "NoSuchBucket" && !message.contains("lambda:InvokeFunction")
}

/// The option that a routine found to be wrong once it had opened the site.
///
/// Source: `validateFrame()` of `remotion`, and what `window.remotion_calculateComposition` throws.
fn wrong_option(message: &str) -> Option<&'static str> {
    let message = message
        .trim_start_matches("Error: ")
        .trim_start_matches("RangeError: ");
    if message.starts_with("Could not find composition with ID ") {
        Some("composition")
    } else if message.starts_with("Cannot use frame ") {
        Some("frame")
    } else {
        None
    }
}

fn first_line(message: &str) -> String {
    redacted(message.lines().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{ReplyError, Started, Versions, decode};
    use crate::options::texts::RenderId;
    use crate::version::Version;

    #[track_caller]
    fn assert_error(function_error: Option<&str>, body: &str, error: &ReplyError) {
        assert_eq!(
            &decode::<Started>(function_error, body.as_bytes()).expect_err("an error"),
            error
        );
    }

    #[test]
    fn success() {
        let started = Started {
            bucket_name: "remotionlambda-useast1-abc".into(),
            render_id: RenderId::try_from("1pwhfhh11z".to_owned()).expect("an id"),
        };
        let body = r#"{"type":"success","bucketName":"remotionlambda-useast1-abc","renderId":"1pwhfhh11z","later":"field"}"#;
        assert_eq!(
            decode::<Started>(None, body.as_bytes()).as_ref(),
            Ok(&started)
        );
        // Seen: the header on a good answer.
        assert_eq!(
            decode::<Started>(Some("Unhandled"), body.as_bytes()),
            Ok(started)
        );
    }

    #[test]
    fn failures() {
        let failed = |message: &str, option| ReplyError::Failed {
            message: message.into(),
            option,
            by_aws: false,
        };
        assert_error(
            None,
            r#"{"type":"error","message":"Error: Could not find composition with ID Nope. Available compositions: Hello, Long","stack":""}"#,
            &failed(
                "Error: Could not find composition with ID Nope. Available compositions: Hello, Long",
                Some("composition"),
            ),
        );
        assert_error(
            None,
            r#"{"type":"error","message":"Cannot use frame 600: Duration of composition is 60, therefore the highest frame that can be rendered is 59","stack":""}"#,
            &failed(
                "Cannot use frame 600: Duration of composition is 60, therefore the highest frame that can be rendered is 59",
                Some("frame"),
            ),
        );
        assert_error(
            None,
            r#"{"type":"error","message":"The specified bucket does not exist","stack":"NoSuchBucket: …\n at Z (/var/task/index.js:55:1)"}"#,
            &failed("The specified bucket does not exist", None),
        );
        assert_error(
            None,
            r#"{"type":"error","message":"User: arn:aws:sts::000000000000:assumed-role/r is not authorized\n    at x"}"#,
            &failed("User: (an AWS resource) is not authorized", None),
        );
        assert_error(
            None,
            r#"{"type":"error","message":"Rate Exceeded.","stack":""}"#,
            &ReplyError::Throttled {
                message: "Rate Exceeded.".into(),
            },
        );
    }

    #[test]
    fn version_mismatch() {
        let version = |text: &str| Version::try_from(text.to_owned()).expect("a version");
        assert_error(
            None,
            r#"{"type":"error","message":"Version mismatch: When calling renderMediaOnLambda(), you passed remotion-render-4-0-520-mem2048mb-disk2048mb-120sec as the function, which has the version 4.0.520, but the @remotion/lambda package you used to invoke the function has version 4.0.526. Deploy a new function","stack":""}"#,
            &ReplyError::VersionMismatch(Some(Versions {
                sent: version("4.0.526"),
                deployed: version("4.0.520"),
            })),
        );
        assert_error(
            None,
            r#"{"type":"error","message":"Version mismatch: new words"}"#,
            &ReplyError::VersionMismatch(None),
        );
    }

    #[test]
    fn crashed() {
        let crash = |error_type: &str, message: &str| ReplyError::Crashed {
            error_type: error_type.into(),
            message: message.into(),
        };
        let body = r#"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 120.00 seconds"}"#;
        assert_error(
            Some("Unhandled"),
            body,
            &crash(
                "Sandbox.Timedout",
                "RequestId: 1 Error: Task timed out after 120.00 seconds",
            ),
        );
        // Seen: a proxy that drops the header.
        assert_error(
            None,
            body,
            &crash(
                "Sandbox.Timedout",
                "RequestId: 1 Error: Task timed out after 120.00 seconds",
            ),
        );
        assert_error(
            Some("Unhandled"),
            r#"{"errorMessage":"out of memory"}"#,
            &crash("Unhandled", "out of memory"),
        );
    }

    #[test]
    fn half_a_surrogate_pair() {
        assert_error(
            None,
            r#"{"type":"error","message":"No title \ud83d here","stack":"\ud83d"}"#,
            &ReplyError::Failed {
                message: "No title \u{fffd}\u{fffd}\u{fffd} here".into(),
                option: None,
                by_aws: true,
            },
        );
        let body = r#"{"errorType":"Error","errorMessage":"\ud83d"}"#;
        let crashed = decode::<Started>(None, body.as_bytes());
        assert!(matches!(crashed, Err(ReplyError::Crashed { .. })));
    }

    #[test]
    fn unintelligible() {
        assert_error(
            None,
            "",
            &ReplyError::Unintelligible("The answer was empty."),
        );
        assert_error(
            None,
            " \n",
            &ReplyError::Unintelligible("The answer was empty."),
        );
        assert_error(
            None,
            "<html>",
            &ReplyError::Unintelligible("The answer was not a JSON object."),
        );
        assert_error(
            None,
            r#"["success"]"#,
            &ReplyError::Unintelligible("The answer was not a JSON object."),
        );
        assert_error(
            None,
            "null",
            &ReplyError::Unintelligible("The answer was not a JSON object."),
        );
        assert_error(
            None,
            "{}",
            &ReplyError::Unintelligible("The answer reports neither success nor an error."),
        );
        let lacks = ReplyError::Unintelligible(
            "The answer reports success, but does not contain what was requested.",
        );
        assert_error(
            None,
            r#"{"type":"success","renderId":"1pwhfhh11z"}"#,
            &lacks,
        );
    }
}
