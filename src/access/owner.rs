//! The owner of renders.

/// Who owns renders: a user of an issuer, or a tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// Who has issued the token (`iss`): another issuer's users are others, whatever their ids are. Never empty.
    pub issuer: String,
    /// The user's immutable id, or the tenant's. Never empty.
    pub id: String,
}
