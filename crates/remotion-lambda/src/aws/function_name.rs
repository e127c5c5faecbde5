//! The name of the deployed render function.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The name of a function, or its ARN, whole or from the account on; with or without a version or an alias.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestSyntax>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionName {
    text: String,
    /// Where the plain name stands in the text.
    name: std::ops::Range<usize>,
    region: Option<String>,
}

impl FunctionName {
    /// As the operator has given it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The region that an ARN names.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// How long the function may run, where it has the name that Remotion gives it: such as 120 s of
    /// `remotion-render-4-0-520-mem2048mb-disk2048mb-120sec`.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        let name = &self.text[self.name.clone()];
        let rest = name.strip_prefix("remotion-render-")?;
        let (_, seconds) = rest.strip_suffix("sec")?.rsplit_once('-')?;
        seconds.parse().ok().map(Duration::from_secs)
    }

    /// The log group of the function.
    #[must_use]
    pub fn log_group(&self) -> String {
        format!("/aws/lambda/{}", &self.text[self.name.clone()])
    }
}

impl fmt::Display for FunctionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for FunctionName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const MAX_CHARS: usize = 170;
        let word = |part: &str| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
            !part.is_empty() && part.bytes().all(plain)
        };
        let account = |part: &str| part.len() == 12 && part.bytes().all(|b| b.is_ascii_digit());
        let qualifier = |part: &str| word(part) || part == "$LATEST";
        let parts: Vec<_> = text.split(':').collect();
        let (name, region) = match parts.as_slice() {
            [name] => (name, None),
            [
                "arn",
                partition,
                "lambda",
                region,
                id,
                "function",
                name,
                rest @ ..,
            ] if partition.starts_with("aws")
                && word(region)
                && account(id)
                && matches!(rest, [] | [_])
                && rest.iter().all(|part| qualifier(part)) =>
            {
                (name, Some((*region).to_owned()))
            }
            [id, "function", name, rest @ ..]
                if account(id)
                    && matches!(rest, [] | [_])
                    && rest.iter().all(|part| qualifier(part)) =>
            {
                (name, None)
            }
            [name, last] if qualifier(last) => (name, None),
            _ => (&"", None),
        };
        if !word(name) || text.len() > MAX_CHARS {
            return Err("must be the name or the ARN of a Lambda function");
        }
        let start = name.as_ptr().addr() - text.as_ptr().addr();
        let name = start..start + name.len();
        Ok(Self { text, name, region })
    }
}

impl FromStr for FunctionName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::FunctionName;

    #[test]
    fn names() {
        let arn = "arn:aws:lambda:eu-central-1:000000000000:function:renderer";
        for (text, region) in [
            ("renderer", None),
            ("renderer:live", None),
            ("renderer:$LATEST", None),
            ("000000000000:function:renderer", None),
            ("000000000000:function:renderer:7", None),
            (arn, Some("eu-central-1")),
            (&format!("{arn}:live"), Some("eu-central-1")),
            (&arn.replace("aws:", "aws-us-gov:"), Some("eu-central-1")),
        ] {
            let name = FunctionName::try_from(text.to_owned()).expect(text);
            assert_eq!(name.region(), region, "{text}");
            assert_eq!(name.log_group(), "/aws/lambda/renderer", "{text}");
        }
    }

    #[test]
    fn timeouts() {
        let timeout = |text: &str| {
            let name = FunctionName::try_from(text.to_owned()).expect(text);
            name.timeout().map(|timeout| timeout.as_secs())
        };
        let name = "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec";
        assert_eq!(timeout(name), Some(120));
        assert_eq!(timeout(&format!("{name}:live")), Some(120));
        assert_eq!(timeout("renderer"), None);
        assert_eq!(timeout("renderer-120sec"), None);
    }

    #[test]
    fn what_is_none() {
        for wrong in [
            "",
            "a b",
            "a:b:c",
            "0:function:renderer",
            "arn:aws:s3:::bucket",
            "arn:aws:lambda:eu-central-1:000000000000:layer:renderer",
            "arn:aws:lambda:eu-central-1:000000000000:function:renderer:a:b",
        ] {
            assert!(FunctionName::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
