//! Who is calling. Identity comes only from claims that API Gateway has verified, never from headers; except that a backend with
//! the right token may name the user that it acts for.

use super::owner::Owner;

/// A signed-in user, or whoever acts for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose renders the caller may start.
    pub owner: Owner,
    /// The user's immutable id. Never empty.
    pub user: String,
    /// The client that acts for the user, where it is not the user that calls.
    pub actor: Option<String>,
    pub(super) groups: Vec<String>,
    /// Whether the caller may see whatever is the owner's, whoever has started it.
    pub(super) sees_colleagues: bool,
}

impl Caller {
    /// Whoever has asked for a render earlier, and is not asking now: in no group.
    #[must_use]
    pub const fn earlier(owner: Owner, user: String, actor: Option<String>) -> Self {
        Self {
            owner,
            user,
            actor,
            groups: Vec::new(),
            sees_colleagues: false,
        }
    }

    /// Whether the user is in this group.
    #[must_use]
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|g| g == group)
    }

    /// The only user of the owner's whose renders the caller may see; `None` where that is any.
    #[must_use]
    pub fn sees_only(&self) -> Option<&str> {
        (!self.sees_colleagues).then_some(&self.user)
    }

    /// Whether the caller may see, and manage, what this user of the owner's has started.
    #[must_use]
    pub fn may_see_that_of(&self, user: &str) -> bool {
        self.sees_only().is_none_or(|only| only == user)
    }
}
