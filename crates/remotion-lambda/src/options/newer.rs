//! Options and values that a release of Remotion is too old for.

use std::fmt;

use super::RenderOptions;
use super::objects::FrameRange;
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

/// The values that are younger than their options.
pub(super) fn newer_values(options: &RenderOptions) -> impl Iterator<Item = Newer> {
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
