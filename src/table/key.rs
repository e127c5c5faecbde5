//! The keys of the table. All of an owner's items are in one partition, and every key begins with it, so nobody can reach the items
//! of somebody else.

use std::borrow::Cow;

use super::idempotency_key::IdempotencyKey;
use super::item::{Item, text};
use crate::access::owner::Owner;
use crate::batch::BatchId;
use crate::clock::Month;
use crate::render::id::Id;

/// The table's sparse index: what somebody has to see to.
pub(super) const BY_DUE: &str = "due";

/// The list of the sparse index that the sweep looks at.
pub(super) const ENDS: &str = "ends";

/// The whole key of an owner's item.
pub(super) fn of(owner: &Owner, sort: String) -> Item {
    [
        ("pk".into(), text(partition(owner))),
        ("sk".into(), text(sort)),
    ]
    .into()
}

/// `owner#<issuer>#<id>`: two issuers may give two users the same id.
pub(super) fn partition(owner: &Owner) -> String {
    format!("owner#{}#{}", part(&owner.issuer), part(&owner.id))
}

/// `render#<id>`: a render's or a still's record.
pub(super) fn render(id: &Id) -> String {
    format!("render#{id}")
}

/// `render#<id>#sent`: what its caller has sent for it, right behind its record.
pub(super) fn sent(id: &Id) -> String {
    format!("{}#sent", render(id))
}

/// `key#<user>#<key>`: what an idempotency key stands for.
pub(super) fn idempotency(user: &str, key: &IdempotencyKey) -> String {
    format!("key#{}#{}", part(user), key.as_str())
}

/// `claim#<holder>`: a claim without an idempotency key.
pub(super) fn claim(holder: &str) -> String {
    format!("claim#{holder}")
}

/// `quota#<day>`: the renders of a day, counted in days since 1970.
pub(super) fn quota(day: u64) -> String {
    format!("quota#{day}")
}

/// `lease#<id>`: a place for the functions of a render.
pub(super) fn lease(id: &str) -> String {
    format!("lease#{id}")
}

/// The sort key of how many renders of an owner run at once.
pub(super) const RUNNING: &str = "running";

/// `request#<id>`: what was sent for a render that waits.
pub(super) fn request(id: &Id) -> String {
    format!("request#{id}")
}

/// `batch#<id>`: a batch.
pub(super) fn batch(id: &BatchId) -> String {
    format!("batch#{id}")
}

/// The list of the sparse index that the dispatcher looks at.
pub(super) const QUEUE: &str = "queue";

/// The sort key of an owner's last turns.
pub(super) const TURNS: &str = "turns";

/// The item that has the lock of the queue, and the turn that has passed.
pub(super) fn queue() -> Item {
    [("pk".into(), text("queue")), ("sk".into(), text("queue"))].into()
}

/// The item that counts the functions that run, and the renders that wait, of the whole deployment.
pub(super) fn capacity() -> Item {
    [
        ("pk".into(), text("capacity")),
        ("sk".into(), text("capacity")),
    ]
    .into()
}

/// `event#<id>`: what is to be told of a render's end.
pub(super) fn event(id: &Id) -> String {
    format!("event#{id}")
}

/// `usage#<year>-<month>`: the sums of the month of a moment, in milliseconds since 1970.
pub(super) fn usage(moment: u64) -> String {
    usage_of(Month::of(moment))
}

/// The same, of a month.
pub(super) fn usage_of(month: Month) -> String {
    format!("usage#{month}")
}

/// A moment in milliseconds since 1970, as texts that sort by time.
pub(super) fn due_at(moment: u64) -> String {
    format!("{moment:015}")
}

/// The owner of a partition.
pub(super) fn owner(partition: &str) -> Option<Owner> {
    let mut parts = partition.strip_prefix("owner#")?.split('#').map(whole);
    Some(Owner {
        issuer: parts.next()?,
        id: parts.next()?,
    })
}

/// A part of a key as it was.
fn whole(part: &str) -> String {
    part.replace("~1", "#").replace("~0", "~")
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

    use super::{idempotency, partition};
    use crate::access::owner::Owner;
    use crate::table::IdempotencyKey;

    fn owner(issuer: &str, id: &str) -> Owner {
        Owner {
            issuer: issuer.to_owned(),
            id: id.to_owned(),
        }
    }

    #[test]
    fn of_cognito() {
        let issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
        assert_eq!(
            partition(&owner(issuer, "5f0c1c1e")),
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
                    partitions.insert(partition(&owner(issuer, user))),
                    "{issuer} {user}"
                );
                let partition = partition(&owner(issuer, user));
                assert_eq!(super::owner(&partition), Some(owner(issuer, user)));
            }
        }
    }

    #[test]
    fn the_longest_key_fits() {
        let key = IdempotencyKey::try_from("x".repeat(255).as_bytes()).expect("a key");
        assert!(idempotency(&"#".repeat(255), &key).len() <= 1_024);
        assert!(partition(&owner(&"~".repeat(255), &"#".repeat(255))).len() <= 2_048);
    }
}
