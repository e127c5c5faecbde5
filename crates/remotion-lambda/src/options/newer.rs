//! Options and values that a release of Remotion is too old for.

use std::fmt;

use super::objects::FrameRange;
use super::table::RenderOptions;
use super::values::ColorSpace;
use crate::version::Release;

/// An option, or a value of one, that a release of Remotion is too old for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newer {
    /// The option.
    pub option: &'static str,
    /// The value, as JSON, where the option itself is older.
    pub value: Option<&'static str>,
    /// The first release that has it.
    pub since: Release,
}

impl fmt::Display for Newer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.option)?;
        self.value.map_or(Ok(()), |value| write!(f, " {value}"))
    }
}

impl RenderOptions {
    /// The options and values that are set, and that a release is too old for.
    #[must_use]
    pub fn newer_than(&self, release: Release) -> Vec<Newer> {
        let options = self.set_specs().map(|spec| Newer {
            option: spec.name,
            value: None,
            since: spec.since,
        });
        let all = options.chain(newer_values(self));
        all.filter(|newer| newer.since > release).collect()
    }
}

/// The values that are younger than their options.
fn newer_values(options: &RenderOptions) -> impl Iterator<Item = Newer> {
    let color_space = options
        .color_space
        .and_then(|color_space| match color_space {
            ColorSpace::Bt2020Ncl => Some(("\"bt2020-ncl\"", 88)),
            ColorSpace::Bt601 => Some(("\"bt601\"", 424)),
            ColorSpace::Default | ColorSpace::Bt709 => None,
        });
    let to_the_end = matches!(options.frame_range, Some(FrameRange::Between(_, None)));
    let frame_range = to_the_end.then_some(("[first, null]", 422));
    [("colorSpace", color_space), ("frameRange", frame_range)]
        .into_iter()
        .filter_map(|(option, newer)| {
            newer.map(|(value, patch)| Newer {
                option,
                value: Some(value),
                since: Release::new(4, 0, patch),
            })
        })
}

#[cfg(test)]
mod tests {
    use crate::json::Object;
    use crate::options::RenderOptions;
    use crate::version::Release;

    fn options(text: &str) -> RenderOptions {
        let object = Object::parse(text.as_bytes()).expect("an object");
        RenderOptions::parse(&object).expect("valid options")
    }

    #[test]
    fn newer_than_a_release() {
        let options =
            options(r#"{"separateAudioTo":"a.wav","disableSharedMemoryCapture":true,"crf":18}"#);
        let newer = |patch| -> Vec<_> {
            let newer = options.newer_than(Release::new(4, 0, patch));
            newer.iter().map(|newer| newer.option).collect()
        };
        assert_eq!(
            newer(533),
            ["disableSharedMemoryCapture", "separateAudioTo"]
        );
        assert_eq!(newer(534), ["separateAudioTo"]);
        assert!(newer(535).is_empty());
    }

    #[test]
    fn values_that_are_newer_than_their_option() {
        let options = options(r#"{"colorSpace":"bt601","frameRange":[5,null]}"#);
        let newer = |patch| -> Vec<_> {
            let newer = options.newer_than(Release::new(4, 0, patch));
            newer.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            newer(421),
            ["colorSpace \"bt601\"", "frameRange [first, null]"]
        );
        assert_eq!(newer(423), ["colorSpace \"bt601\""]);
        assert!(newer(424).is_empty());
    }
}
