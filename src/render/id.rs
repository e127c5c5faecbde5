//! The id by which a caller knows a render.

use std::fmt;

use remotion_lambda::RenderId;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::batch::BatchId;
use crate::random;

/// The prefix of our own ids. Remotion's ids do not have it.
const OURS: &str = "q-";

/// How many characters follow.
const LENGTH: usize = 16;

/// A render's id, for ever: Remotion's where the render was started at once, ours where it was taken in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Id(String);

impl Id {
    /// A new one of ours.
    #[must_use]
    pub fn ours() -> Self {
        Self(OURS.to_owned() + &random::name(LENGTH))
    }

    /// That of a batch's render: always the same one, however often the batch is expanded.
    #[must_use]
    pub fn in_batch(batch: &BatchId, index: u32) -> Self {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let digest = Sha256::digest(format!("{batch}/{index}"));
        let characters = digest.iter().take(LENGTH);
        let characters = characters.map(|byte| char::from(DIGITS[usize::from(byte % 36)]));
        Self(OURS.chars().chain(characters).collect())
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Remotion's id, where it is that.
    #[must_use]
    pub fn remotion(&self) -> Option<RenderId> {
        RenderId::try_from(self.0.clone()).ok()
    }
}

impl From<RenderId> for Id {
    fn from(id: RenderId) -> Self {
        Self(id.as_str().to_owned())
    }
}

impl TryFrom<&str> for Id {
    type Error = &'static str;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let is_ours = text.strip_prefix(OURS).is_some_and(|rest| {
            rest.len() == LENGTH
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if is_ours {
            return Ok(Self(text.to_owned()));
        }
        RenderId::try_from(text.to_owned()).map(Self::from)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Id;
    use crate::batch::BatchId;

    #[test]
    fn of_a_batch() {
        let batch = BatchId::try_from("b-0123456789abcdef").expect("an id");
        let ids: BTreeSet<_> = (0..1_000)
            .map(|index| Id::in_batch(&batch, index))
            .collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            assert_eq!(Id::try_from(id.as_str()), Ok(id));
        }
    }

    #[test]
    fn ids() {
        for id in ["1pwhfhh11z", "7-days-1pwhfhh11z", "q-0123456789abcdef"] {
            assert_eq!(Id::try_from(id).expect(id).as_str(), id);
        }
        for wrong in [
            "",
            "q-",
            "q-0123456789abcde",
            "q-0123456789ABCDEF",
            "q-0123456789abcdef0",
            "1pwhfhh11",
            "../1pwhfhh11z",
        ] {
            assert!(Id::try_from(wrong).is_err(), "{wrong}");
        }
        assert!(
            Id::try_from("q-0123456789abcdef")
                .expect("an id")
                .remotion()
                .is_none()
        );
    }
}
