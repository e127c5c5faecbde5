//! The options of renders and stills, under Remotion's own names.
//!
//! `table` lists every option, once. Each value is valid by itself; `rules` checks combinations.

pub mod codecs;
mod conflict;
mod functions;
mod invalid;
mod newer;
pub mod numbers;
pub mod objects;
pub mod rules;
mod spec;
pub mod still;
mod table;
pub mod texts;
pub mod values;

pub use conflict::Conflict;
pub use invalid::InvalidOptions;
pub use newer::Newer;
pub use spec::{Key, OptionSpec, SetBy};
pub use still::StillOptions;
pub use table::{OPTIONS, RenderOptions};

/// Whether this crate knows an option of a render or a still by this name.
#[must_use]
pub fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The option that this name was probably meant to be.
#[must_use]
pub fn similar_to(name: &str) -> Option<&'static str> {
    crate::json::similar_name(name, names())
}

fn names() -> impl Iterator<Item = &'static str> + Clone {
    OPTIONS.iter().map(|spec| spec.name).chain(["frame"])
}
