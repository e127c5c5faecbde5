//! The hook that Remotion calls when a render has ended, and the data that it returns.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use remotion_lambda::json::Object;
use remotion_lambda::options::objects::{Verbatim, Webhook};
use remotion_lambda::{RenderOptions, webhook};
use serde_json::json;
use serde_json::value::RawValue;

use crate::access::owner::Owner;
use crate::render::id::Id;
use crate::render::lease::Lease;

/// The hook of a deployment.
#[derive(Clone, PartialEq, Eq)]
pub struct Hook {
    /// `HOOK_URL`: where Remotion's function sends it.
    url: String,
    /// `HOOK_SECRET`: what it signs with.
    secret: String,
}

/// The secret stays what it is.
impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// The data about the render that a webhook returns: enough to find its record, and to write one that was lost. ASCII, because Remotion
/// never delivers anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Whose the render is.
    pub owner: Owner,
    /// Who has started it.
    pub user: String,
    /// The client that has started it for that user, where it was one.
    pub actor: Option<String>,
    /// The id by which its owner knows it, where that is not Remotion's.
    pub id: Option<Id>,
    /// The place that its functions have.
    pub lease: Option<Lease>,
}

impl Hook {
    /// The hook of these.
    ///
    /// # Errors
    ///
    /// What is wrong with the URL.
    pub fn new(url: String, secret: String) -> Result<Self, String> {
        let hook = Self { url, secret };
        let tag = Tag {
            owner: Owner {
                issuer: String::new(),
                id: String::new(),
            },
            user: String::new(),
            actor: None,
            id: None,
            lease: None,
        };
        match hook.webhook(&tag) {
            Some(_) => Ok(hook),
            None => Err("HOOK_URL must be an https URL.".to_owned()),
        }
    }

    /// The webhook with which a render tells that it has ended; `None` where Remotion would not take the URL.
    #[must_use]
    pub fn webhook(&self, tag: &Tag) -> Option<Verbatim<Webhook>> {
        let webhook = json!({"webhook": {"url": self.url, "secret": self.secret, "customData": tag.to_json()}});
        let text = webhook.to_string();
        let object = Object::parse(text.as_bytes()).ok()?;
        RenderOptions::parse(&object).ok()?.webhook
    }

    /// Whether a body was signed by Remotion's function.
    #[must_use]
    pub fn has_signed(&self, body: &[u8], signature: &str) -> bool {
        webhook::verify(&self.secret, body, signature).is_ok()
    }
}

impl Tag {
    /// As a webhook carries it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let coded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let Owner { issuer, id } = &self.owner;
        // Most often they are one, and there is not room for three long ones.
        let user = (self.user != *id).then(|| coded(&self.user));
        let actor = self.actor.as_deref().map(coded);
        let lease = self.lease.as_ref();
        let lease = lease.map(|lease| json!([lease.id, lease.weight, lease.per_owner]));
        json!({"issuer": coded(issuer), "owner": coded(id), "user": user, "actor": actor, "id": self.id, "lease": lease})
    }

    /// The tag that a webhook brings back; `None` where it is not one of ours.
    #[must_use]
    pub fn read(custom_data: &RawValue) -> Option<Self> {
        let data: serde_json::Value = serde_json::from_str(custom_data.get()).ok()?;
        let text = |name: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(data[name].as_str()?).ok()?;
            String::from_utf8(bytes).ok()
        };
        let id = text("owner").filter(|id| !id.is_empty())?;
        let lease: Option<(String, u32, bool)> =
            serde_json::from_value(data["lease"].clone()).ok()?;
        Some(Self {
            id: data["id"].as_str().and_then(|id| Id::try_from(id).ok()),
            lease: lease.map(|(id, weight, per_owner)| Lease {
                id,
                weight,
                per_owner,
            }),
            user: text("user").unwrap_or_else(|| id.clone()),
            actor: text("actor"),
            owner: Owner {
                issuer: text("issuer")?,
                id,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;

    use super::{Hook, Tag};
    use crate::access::owner::Owner;
    use crate::render::id::Id;
    use crate::render::lease::Lease;

    fn tag(issuer: &str, id: &str, user: &str) -> Tag {
        Tag {
            owner: Owner {
                issuer: issuer.to_owned(),
                id: id.to_owned(),
            },
            user: user.to_owned(),
            actor: None,
            id: Id::try_from("q-0123456789abcdef").ok(),
            lease: Some(Lease {
                id: "0123456789abcdefghij".to_owned(),
                weight: 6,
                per_owner: true,
            }),
        }
    }

    #[test]
    fn tags_come_back_as_they_went() {
        let mut of_a_backend = tag("https://issuer.example", "ada", "ada");
        of_a_backend.actor = Some("4l5tsda2iu8lqugl73m8hgeb83".to_owned());
        for tag in [
            of_a_backend,
            tag("https://issuer.example", "5f0c1c1e", "5f0c1c1e"),
            tag("https://issuer.example", "tenänt#1", "user\"\n"),
        ] {
            let data = tag.to_json();
            assert!(data.to_string().is_ascii());
            let data = to_raw_value(&data).expect("JSON");
            assert_eq!(Tag::read(&data), Some(tag));
        }
        for other in [
            r#"{"jobId":"j1"}"#,
            "null",
            "[]",
            r#"{"owner":"","issuer":""}"#,
            r#"{"owner":"*"}"#,
        ] {
            let data = serde_json::from_str(other).expect("JSON");
            assert_eq!(Tag::read(data), None, "{other}");
        }
    }

    #[test]
    fn the_longest_tag_fits() {
        let hook = Hook::new("https://hook.example".into(), "s".into()).expect("a hook");
        let long = "é".repeat(127);
        assert!(hook.webhook(&tag(&long, &long, &long)).is_some());
        // Three that are as long are told by the sweep alone.
        let other = "ü".repeat(127);
        assert!(hook.webhook(&tag(&long, &long, &other)).is_none());
    }

    #[test]
    fn what_is_no_url() {
        for url in ["hook", "ftp://hook.example", "https://"] {
            assert!(Hook::new(url.into(), "s".into()).is_err(), "{url}");
        }
    }
}
