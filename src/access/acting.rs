//! Why a client may not act for a user.

/// Why somebody may not act for a user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum ActAsRefusal {
    #[error(
        "Nobody may act for users in this deployment. Leave On-Behalf-Of out, or ask its operator to set ACT_AS_SCOPE and ACT_AS_CLIENTS."
    )]
    NobodyMay,
    #[error(
        "Nobody may act for users in this deployment, where tenants own the renders. Leave On-Behalf-Of out."
    )]
    TenantsOwn,
    #[error(
        "The token says by neither client_id nor azp which client it was given to, so that it may not act for users. Leave On-Behalf-Of out, or send the token of a client in ACT_AS_CLIENTS."
    )]
    NoClient,
    #[error(
        "The client {0:?} may not act for users: it is not in ACT_AS_CLIENTS. Leave On-Behalf-Of out, or ask the operator of this API to allow the client."
    )]
    OtherClient(String),
    #[error(
        "The token does not have the scope {0:?}, without which it may not act for users. Leave On-Behalf-Of out, or ask for a token with this scope."
    )]
    NoScope(String),
    #[error(
        "A user's own token may not act for other users. Leave On-Behalf-Of out, or send an access token that the client was given by its client credentials."
    )]
    UsersToken,
    #[error(
        "On-Behalf-Of must be the id of one user: 1 to 255 visible ASCII characters without a comma."
    )]
    NoUser,
}
