//! What a caller has sent for a render, kept so that it can be read, and the render made again. Never what the operator adds.

use std::fmt;

use remotion_lambda::json::Object;
use serde_json::value::RawValue;

/// The key of the props.
const INPUT_PROPS: &str = "inputProps";

/// The most bytes of props that are kept, as JSON.
const INPUT_PROPS_BYTES: usize = 32 * 1_024;

/// The most bytes that are kept of all other options together, as JSON.
const OPTIONS_BYTES: usize = 16 * 1_024;

/// What a caller has sent, as JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    /// An object of all options but the props.
    pub options: String,
    /// An object; `None` where the props are too large to be kept.
    pub input_props: Option<String>,
}

impl Sent {
    /// What is kept of a body; nothing where the options are too large.
    #[must_use]
    pub fn of(body: &Object<'_>) -> Option<Self> {
        let mut options = String::from("{");
        for (name, value) in body.iter().filter(|(name, _)| *name != INPUT_PROPS) {
            if options.len() + name.len() + value.get().len() > OPTIONS_BYTES {
                return None;
            }
            if options.len() > 1 {
                options.push(',');
            }
            options.push_str(&serde_json::to_string(name).ok()?);
            options.push(':');
            options.push_str(value.get());
        }
        options.push('}');
        let props = body.get(INPUT_PROPS).map_or("null", RawValue::get);
        let props = if props == "null" { "{}" } else { props };
        Some(Self {
            options,
            input_props: (props.len() <= INPUT_PROPS_BYTES).then(|| props.to_owned()),
        })
    }
}

impl fmt::Debug for Sent {
    /// Nothing of it: values may be anybody's secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use remotion_lambda::json::Object;

    use super::Sent;

    fn sent(body: &str) -> Option<Sent> {
        Sent::of(&Object::parse(body.as_bytes()).expect("an object"))
    }

    #[test]
    fn every_digit_is_kept() {
        let body = r#"{"composition":"A","inputProps":{"n":1.000000000000000000001},"crf":18}"#;
        let sent = sent(body).expect("it is kept");
        assert_eq!(sent.options, r#"{"composition":"A","crf":18}"#);
        assert_eq!(
            sent.input_props.as_deref(),
            Some(r#"{"n":1.000000000000000000001}"#)
        );
    }

    #[test]
    fn no_props_are_empty_ones() {
        for body in ["{}", r#"{"inputProps":null}"#] {
            let sent = sent(body).expect("it is kept");
            assert_eq!(
                (sent.options.as_str(), sent.input_props.as_deref()),
                ("{}", Some("{}"))
            );
        }
    }

    #[test]
    fn what_is_too_large_is_not_kept() {
        let props =
            |bytes: usize| format!(r#"{{"inputProps":{{"a":"{}"}}}}"#, "x".repeat(bytes - 8));
        let kept = |bytes| sent(&props(bytes)).expect("the options are").input_props;
        assert_eq!(kept(32_768).map(|props| props.len()), Some(32_768));
        assert_eq!(kept(32_769), None);
        assert_eq!(
            sent(&format!(r#"{{"outName":"{}"}}"#, "x".repeat(16_384))),
            None
        );
    }

    #[test]
    fn it_is_no_text_for_a_log() {
        let sent = sent(r#"{"inputProps":{"secret":"hunter2"}}"#);
        assert_eq!(format!("{sent:?}"), "Some(Sent { .. })");
    }
}
