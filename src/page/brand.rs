//! What the operator calls the page, and which colour it has: a page that users trust is one that they recognise.

use serde::Serialize;

use crate::bounds;

/// How the page presents itself. Without either, as this project's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// `PAGE_TITLE`: the name in the page's header and in the tab. Default: "Renders".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<PageTitle>,
    /// `PAGE_COLOR`: the colour of its buttons and links. Default: blue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<PageColor>,
}

/// A name for the page: a line of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PageTitle(String);

/// A colour of sRGB, as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PageColor(String);

/// Why something is no name or no colour of a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum InvalidBrand {
    #[error("must have at most {limit} characters, not {0}", limit = bounds::MAX_PAGE_TITLE)]
    LongTitle(usize),
    #[error("must be one line of text, without control characters")]
    UnprintableTitle,
    #[error("must be a colour such as #0a7d5a, not {0:?}")]
    Color(String),
}

impl TryFrom<String> for PageTitle {
    type Error = InvalidBrand;

    fn try_from(text: String) -> Result<Self, InvalidBrand> {
        let text = text.trim();
        if text.contains(char::is_control) {
            return Err(InvalidBrand::UnprintableTitle);
        }
        match text.chars().count() {
            count if count > bounds::MAX_PAGE_TITLE => Err(InvalidBrand::LongTitle(count)),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl TryFrom<String> for PageColor {
    type Error = InvalidBrand;

    fn try_from(text: String) -> Result<Self, InvalidBrand> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text))
        } else {
            Err(InvalidBrand::Color(text))
        }
    }
}
