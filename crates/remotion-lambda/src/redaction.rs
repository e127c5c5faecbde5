//! Remotion's messages, fit for a caller to read.

/// One line, cut to a readable length, without control characters and without what names an AWS resource.
pub(super) fn redacted(line: &str) -> String {
    const MAX_CHARS: usize = 500;
    let line: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_CHARS)
        .collect();
    let words = line.split(' ').map(|word| {
        if has_arn(word) || word.contains(".console.aws.") {
            "(an AWS resource)"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a word has an ARN in it, of any partition: `warn:` is none.
fn has_arn(word: &str) -> bool {
    word.match_indices("arn:aws")
        .any(|(at, _)| !word[..at].ends_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn resources() {
        for arn in [
            "arn:aws:s3:::bucket",
            "(arn:aws-us-gov:s3:::bucket)",
            "role=\"arn:aws-cn:iam::000000000000:role/r\"",
            "warn:arn:aws:s3:::bucket",
            "https://us-east-1.console.aws.amazon.com/cloudwatch/home",
        ] {
            let line = format!("No {arn} here");
            assert_eq!(redacted(&line), "No (an AWS resource) here", "{arn}");
        }
        for line in [
            "warn: could not load the font",
            "yarn:awsome failed",
            "Is arn: a word?",
        ] {
            assert_eq!(redacted(line), line);
        }
    }
}
