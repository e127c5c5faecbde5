//! The keys of the table. All of an owner's items lie in one partition, and no key is made of anything else: what is somebody
//! else's cannot be reached.

use std::borrow::Cow;

use remotion_lambda::RenderId;

use super::IdempotencyKey;
use crate::access::identity::Caller;

/// `owner#<issuer>#<user>`: two issuers may give two users the same id.
pub(super) fn partition(caller: &Caller) -> String {
    format!("owner#{}#{}", part(&caller.issuer), part(&caller.user))
}

/// `render#<id>`: a render's or a still's record.
pub(super) fn render(id: &RenderId) -> String {
    format!("render#{id}")
}

/// `key#<user>#<key>`: what an idempotency key stands for.
pub(super) fn idempotency(caller: &Caller, key: &IdempotencyKey) -> String {
    format!("key#{}#{}", part(&caller.user), key.as_str())
}

/// `claim#<holder>`: a claim without an idempotency key.
pub(super) fn claim(holder: &str) -> String {
    format!("claim#{holder}")
}

/// `quota#<day>`: the renders of a day, counted in days since 1970.
pub(super) fn quota(day: u64) -> String {
    format!("quota#{day}")
}

/// A part of a key, so that no value reaches into the next one: `~` is written `~0`, and `#` is written `~1`.
fn part(value: &str) -> Cow<'_, str> {
    if value.contains(['~', '#']) {
        value.replace('~', "~0").replace('#', "~1").into()
    } else {
        value.into()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::{idempotency, partition};
    use crate::access::identity::Caller;
    use crate::gateway::event;
    use crate::table::IdempotencyKey;
    use lambda_http::RequestExt;

    fn caller(issuer: &str, user: &str) -> Caller {
        let claims = json!({"iss": issuer, "sub": user});
        let context = json!({"authorizer": {"jwt": {"claims": claims}}, "http": {"method": "GET", "path": "/"}});
        let event =
            json!({"version": "2.0", "rawPath": "/", "headers": {}, "requestContext": context});
        let event = serde_json::value::to_raw_value(&event).expect("JSON");
        let (_, request) = event::read(&event).expect("an event");
        Caller::verified(request.request_context_ref()).expect("a caller")
    }

    #[test]
    fn of_cognito() {
        let issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
        assert_eq!(
            partition(&caller(issuer, "5f0c1c1e")),
            format!("owner#{issuer}#5f0c1c1e")
        );
    }

    /// Whatever issuers and users are called.
    #[test]
    fn no_two_owners_share_a_partition() {
        let parts = [
            "a", "#", "a#", "#a", "~", "~1", "~0", "a~", "~1a", "~01", "a#a", "%23",
        ];
        let mut partitions = BTreeSet::new();
        for issuer in parts {
            for user in parts {
                assert!(
                    partitions.insert(partition(&caller(issuer, user))),
                    "{issuer} {user}"
                );
            }
        }
    }

    #[test]
    fn the_longest_key_fits() {
        let longest = caller("https://issuer.example", &"#".repeat(255));
        let key = IdempotencyKey::try_from("x".repeat(255).as_bytes()).expect("a key");
        assert!(idempotency(&longest, &key).len() <= 1_024);
        assert!(partition(&caller(&"~".repeat(255), &"#".repeat(255))).len() <= 2_048);
    }
}
