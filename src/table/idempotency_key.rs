//! The idempotency key of a request.

use crate::error::Error;

/// A client's name for a request that it may send again: 1 to 255 visible ASCII characters.
///
/// Source: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&[u8]> for IdempotencyKey {
    type Error = Error;

    fn try_from(value: &[u8]) -> Result<Self, Error> {
        match std::str::from_utf8(value) {
            Ok(text)
                if (1..=255).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_graphic()) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Error::IdempotencyKeyInvalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::IdempotencyKey;

    #[test]
    fn keys() {
        assert!(
            IdempotencyKey::try_from(b"8e03978e-40d5-43e8-bc93-6894a57f9324".as_slice()).is_ok()
        );
        assert!(IdempotencyKey::try_from("x".repeat(255).as_bytes()).is_ok());
        for wrong in [
            String::new(),
            "x".repeat(256),
            "a b".into(),
            "a\tb".into(),
            "ü".into(),
        ] {
            assert!(
                IdempotencyKey::try_from(wrong.as_bytes()).is_err(),
                "{wrong:?}"
            );
        }
    }
}
