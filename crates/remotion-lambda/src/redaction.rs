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
        if word.contains("arn:") || word.contains(".console.aws.") {
            "(an AWS resource)"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
