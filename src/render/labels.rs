//! The caller's own labels of a render, which Remotion does not know.

use remotion_lambda::json::{Object, Violation};
use serde_json::Map;
use serde_json::value::RawValue;

/// The keys of a body that are labels, and no options of Remotion's.
pub const NAMES: [&str; 2] = ["name", "customData"];

/// The most characters of a name.
const NAME_CHARS: usize = 100;

/// The most bytes of custom data, as JSON.
const CUSTOM_DATA_BYTES: usize = 1_024;

/// Why a text is none. EventBridge would not take it either.
const HALF: &str = "name must be of whole characters: it has one half of a surrogate pair.";
const BEYOND: &str =
    "customData must be of whole characters, numbers up to 1.8e308 and at most 127 levels.";

/// What comes back in status, list and events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Shown, and the file's name for downloads.
    pub name: Option<String>,
    /// A JSON object, as text.
    pub custom_data: Option<String>,
}

impl Labels {
    /// The labels in a body.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them.
    pub fn of(body: &Object<'_>) -> Result<Self, Vec<Violation>> {
        let mut labels = Self::default();
        let mut wrong = Vec::new();
        for (at, (name, value)) in body.iter().enumerate() {
            if !NAMES.contains(&name) {
                continue;
            }
            let twice = body.iter().take(at).any(|(earlier, _)| earlier == name);
            let outcome = match (twice, value.get(), name) {
                (true, _, _) => Err(format!("{name} is given twice.")),
                (_, "null", _) => Ok(()),
                (_, _, "name") => self::name(value).map(|name| labels.name = Some(name)),
                _ => custom_data(value).map(|data| labels.custom_data = Some(data)),
            };
            wrong.extend(outcome.err().map(|detail| Violation::at(name, detail)));
        }
        if wrong.is_empty() {
            Ok(labels)
        } else {
            Err(wrong)
        }
    }
}

impl Labels {
    /// The custom data as JSON, as it was given.
    #[must_use]
    pub fn custom_data_json(&self) -> Option<&RawValue> {
        serde_json::from_str(self.custom_data.as_deref()?).ok()
    }

    /// The name of a file with this ending, where there is a name: without what file systems do not take.
    #[must_use]
    pub fn file_name(&self, extension: &str) -> Option<String> {
        let name = self.name.as_ref()?;
        let plain = |c: char| if r#"/\:*?"<>|"#.contains(c) { '-' } else { c };
        Some(format!(
            "{}.{extension}",
            name.chars().map(plain).collect::<String>().trim()
        ))
    }
}

fn name(value: &RawValue) -> Result<String, String> {
    let name: String = serde_json::from_str(value.get()).map_err(|_| {
        let is_text = value.get().starts_with('"');
        let detail = if is_text {
            HALF
        } else {
            "name must be a string."
        };
        detail.to_owned()
    })?;
    let chars = name.chars().count();
    if name.trim().is_empty() || chars > NAME_CHARS {
        return Err(format!(
            "name must have 1 to {NAME_CHARS} characters, not {chars}."
        ));
    }
    if name.contains(char::is_control) {
        return Err("name must not have control characters, such as line breaks.".to_owned());
    }
    Ok(name)
}

fn custom_data(value: &RawValue) -> Result<String, String> {
    let object: Map<_, _> = serde_json::from_str(value.get()).map_err(|_| {
        let is_object = value.get().starts_with('{');
        let detail = if is_object {
            BEYOND
        } else {
            "customData must be a JSON object."
        };
        detail.to_owned()
    })?;
    let text = serde_json::Value::from(object).to_string();
    if text.len() > CUSTOM_DATA_BYTES {
        return Err(format!(
            "customData must be at most {CUSTOM_DATA_BYTES} bytes of JSON, not {}.",
            text.len()
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use remotion_lambda::json::Object;

    use super::Labels;

    fn labels(body: &str) -> Result<Labels, Vec<String>> {
        let body = Object::parse(body.as_bytes()).expect("an object");
        Labels::of(&body).map_err(|wrong| wrong.into_iter().map(|wrong| wrong.detail).collect())
    }

    #[test]
    fn given() {
        let both = labels(
            r#"{"codec":"vp8","name":"Añna's trip","customData":{"order": 42, "ü": [1, {}]}}"#,
        );
        let both = both.expect("labels");
        assert_eq!(both.name.as_deref(), Some("Añna's trip"));
        assert_eq!(
            both.custom_data.as_deref(),
            Some(r#"{"order":42,"ü":[1,{}]}"#)
        );
        assert_eq!(
            labels(r#"{"name":null,"customData":null}"#),
            Ok(Labels::default())
        );
        assert!(labels(&format!(r#"{{"name":"{}"}}"#, "é".repeat(100))).is_ok());
    }

    /// What JavaScript makes of an emoji that it cuts in two.
    #[test]
    fn halves() {
        let told = |body: &str| labels(body).expect_err("a fault");
        assert_eq!(told(r#"{"name":"cut \ud83d"}"#), [super::HALF]);
        assert_eq!(told(r#"{"name":7}"#), ["name must be a string."]);
        for data in [r#"{"t":"\ud83d"}"#, r#"{"a":1e400}"#] {
            assert_eq!(told(&format!("{{\"customData\":{data}}}")), [super::BEYOND]);
        }
        let list = told(r#"{"customData":[1]}"#);
        assert_eq!(list, ["customData must be a JSON object."]);
    }

    #[test]
    fn names_of_files() {
        let named = |name: &str| {
            Labels {
                name: Some(name.to_owned()),
                custom_data: None,
            }
            .file_name("mp4")
        };
        assert_eq!(
            named(" Añna's \"trip\" 1/2 ").as_deref(),
            Some("Añna's -trip- 1-2.mp4")
        );
        assert_eq!(Labels::default().file_name("mp4"), None);
    }

    #[test]
    fn wrong() {
        for (body, told) in [
            (r#"{"name":7}"#, "name must be a string."),
            (
                r#"{"name":""}"#,
                "name must have 1 to 100 characters, not 0.",
            ),
            (
                r#"{"name":"a\nb"}"#,
                "name must not have control characters, such as line breaks.",
            ),
            (r#"{"name":"a","name":"b"}"#, "name is given twice."),
            (r#"{"customData":[]}"#, "customData must be a JSON object."),
            (
                r#"{"customData":"{}"}"#,
                "customData must be a JSON object.",
            ),
        ] {
            assert_eq!(labels(body), Err(vec![told.to_owned()]), "{body}");
        }
        let long = labels(&format!(
            r#"{{"name":"{}","customData":{{"a":"{}"}}}}"#,
            "x".repeat(101),
            "x".repeat(1_024)
        ));
        assert_eq!(
            long,
            Err(vec![
                "name must have 1 to 100 characters, not 101.".to_owned(),
                "customData must be at most 1024 bytes of JSON, not 1032.".to_owned()
            ])
        );
    }
}
