//! The specification of an option, and what is generated from it: the struct, the parser, and the keys of a payload.

use crate::version::Release;

/// An option, as the table lists it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OptionSpec {
    /// Remotion's name.
    pub name: &'static str,
    /// Its key in the payload. Default: its name.
    pub key: Key,
    /// The type of its value, in words.
    pub kind: &'static str,
    /// What is sent where nothing is said, as JSON. Default `null`.
    pub default: &'static str,
    /// What it means, what it takes, and what goes with it, in Markdown.
    pub meaning: &'static str,
    /// Who may set it in an API for several users. Default: whoever asks for the render.
    pub set_by: SetBy,
    /// The first release of Remotion that has it. Default: any 4.0.
    pub since: Release,
    /// Whether a still has it too. Default: only a render.
    pub still: bool,
}

/// The key of an option in a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Key {
    /// The option's name.
    Name,
    /// Another name.
    Other(&'static str),
    /// It is written with something else, which the payload's own code does.
    Composed,
}

/// Who may set an option in an API for several users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetBy {
    /// Whoever asks for the render.
    Caller,
    /// Only the operator: it costs, reaches out, or reveals.
    Operator,
    /// Whoever asks for the render may name a file; only the operator may name a place.
    CallerAsFileName,
}

impl OptionSpec {
    /// What an option is where its entry says nothing else.
    pub(super) const DEFAULT: Self = Self {
        name: "",
        key: Key::Name,
        kind: "",
        default: "null",
        meaning: "",
        set_by: SetBy::Caller,
        since: Release::OLDEST,
        still: false,
    };

    /// Its key in the payload, where it has one of its own.
    #[must_use]
    pub const fn payload_key(&self) -> Option<&'static str> {
        match self.key {
            Key::Name => Some(self.name),
            Key::Other(key) => Some(key),
            Key::Composed => None,
        }
    }
}

/// From the table of options: the struct that holds them, the table itself, the parser and the writer.
///
/// An entry is the option's meaning as a doc comment, `"name" => field: Type, reader, { facts }`. The readers are the
/// functions of `table` that read a value.
macro_rules! options {
    ($($(#[doc = $doc:literal])+ $name:literal => $field:ident: $type:ty, $reader:ident, { $($fact:ident: $value:expr),+ $(,)? })+) => {
        /// Options of a render. `None` leaves the value to Remotion's default, as `null` does for the official clients.
        #[derive(Clone, Default)]
        pub struct RenderOptions {
            $($(#[doc = $doc])+ pub $field: Option<$type>,)+
            /// Options that are newer than this crate, by name: sent on as they are.
            pub extra: BTreeMap<String, Box<RawValue>>,
        }

        /// Every option of a render: essentials first, then alphabetical.
        pub const OPTIONS: &[OptionSpec] = &[$(
            OptionSpec {
                name: $name,
                meaning: concat!($($doc),+),
                $($fact: $value,)+
                ..OptionSpec::DEFAULT
            },
        )+];

        impl RenderOptions {
            /// Sets an option by its name; `None` where there is no such option. `null` means the same as absent.
            pub(super) fn set(&mut self, name: &str, value: &RawValue) -> Option<Result<(), Violation>> {
                match name {
                    $($name => Some($reader(value).map(|value| {
                        if let Some(value) = value {
                            self.$field = Some(value);
                        }
                    }).map_err(|fault| fault.violation($name))),)+
                    _ => None,
                }
            }

            /// The entries of the options that are set.
            pub(super) fn set_specs(&self) -> impl Iterator<Item = &'static OptionSpec> {
                let set = [$(self.$field.is_some(),)+];
                OPTIONS.iter().zip(set).filter(|(_, set)| *set).map(|(spec, _)| spec)
            }

            /// Writes the keys of the options that are wanted: what is set, else the official clients' default.
            pub(crate) fn write(&self, wanted: impl Fn(&OptionSpec) -> bool, writer: &mut ObjectWriter) {
                let mut specs = OPTIONS.iter();
                $(
                    let spec = specs.next().expect("an entry for each field");
                    if let Some(key) = spec.payload_key().filter(|_| wanted(spec)) {
                        match &self.$field {
                            Some(value) => writer.put(key, value),
                            None => writer.put_json(key, spec.default),
                        }
                    }
                )+
            }
        }
    };
}

pub(super) use options;
