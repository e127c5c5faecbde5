//! Whose users may call: which claims say who somebody is, in which groups, and of which tenant; and who may act for users.

use lambda_http::http::HeaderMap;
use lambda_http::{Request, RequestExt};

use super::acting::ActAsRefusal;
use super::claims::{Claims, Shape, is_identity};
use super::identity::Caller;
use super::owner::Owner;
use crate::error::Error;

/// The header in which a backend names the user that it acts for.
pub const ON_BEHALF_OF: &str = "on-behalf-of";

/// The claims whose values are worth something only where another one says that they were verified.
const VERIFIED_BY: [(&str, &str); 2] = [
    ("email", "email_verified"),
    ("phone_number", "phone_number_verified"),
];

/// Whose users may call, as the operator has described them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Users {
    /// `JWT_ISSUER`: the only issuer whose tokens are taken. Default: whatever issuer the gateway lets in.
    pub issuer: Option<String>,
    /// `USER_ID_CLAIM`: the claim that has a user's id, which never changes and is never given to somebody else. Default `sub`.
    pub user_id_claim: String,
    /// `GROUPS_CLAIM`: the claim that has a user's groups. Default `cognito:groups`.
    pub groups_claim: GroupsClaim,
    /// `TENANT_CLAIM`: the claim that has the tenant that owns what its users render. Default: none, and each user owns their own.
    pub tenant_claim: Option<String>,
    /// `RENDERS_VISIBLE_TO`: whether the users of a tenant see and manage each other's renders. Default: only their own.
    pub sees_colleagues: bool,
    /// `ACT_AS_SCOPE`, `ACT_AS_CLIENTS`: who may act for users. Default: nobody.
    pub act_as: Option<ActAs>,
}

/// The claim that has a user's groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupsClaim {
    name: String,
    shape: Shape,
}

/// Who may act for users: both are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActAs {
    /// The scope that a token has.
    pub scope: String,
    /// The clients that it is given to.
    pub clients: Vec<String>,
}

impl Default for Users {
    fn default() -> Self {
        Self {
            issuer: None,
            user_id_claim: "sub".to_owned(),
            groups_claim: GroupsClaim::default(),
            tenant_claim: None,
            sees_colleagues: false,
            act_as: None,
        }
    }
}

impl Default for GroupsClaim {
    fn default() -> Self {
        Self {
            name: "cognito:groups".to_owned(),
            shape: Shape::List,
        }
    }
}

impl GroupsClaim {
    /// The claim of a name: one group, unless the name says otherwise. `scope` and `scp` have words, and a name that ends in `[]`
    /// is that of an array whose entries have neither spaces nor commas, which is what the operator promises by it.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let (name, shape) = match name.strip_suffix("[]") {
            Some(name) => (name, Shape::List),
            None if name == "cognito:groups" => (name, Shape::List),
            None if matches!(name, "scope" | "scp") => (name, Shape::Words),
            None => (name, Shape::Text),
        };
        Self {
            name: name.to_owned(),
            shape,
        }
    }

    /// The claim's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a group may have a space in its name.
    #[must_use]
    pub fn takes_spaces(&self) -> bool {
        self.shape == Shape::Text
    }
}

impl Users {
    /// Who calls, by the claims that API Gateway has verified.
    ///
    /// Of Cognito's tokens it takes the ID token, and the access token of the same client, which a JWT authorizer lets in too.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`], [`Error::OtherIssuer`], [`Error::UserIdMissing`], [`Error::ClaimMissing`],
    /// [`Error::ActAsRefused`].
    pub fn caller(&self, request: &Request) -> Result<Caller, Error> {
        let context = request.request_context_ref();
        let claims = Claims::verified(context).ok_or(Error::Unauthenticated)?;
        // Cognito's own claim; other issuers have none.
        if !matches!(claims.text("token_use"), None | Some("id" | "access")) {
            return Err(Error::Unauthenticated);
        }
        let issuer = claims.identity("iss").ok_or(Error::Unauthenticated)?;
        if self.issuer.as_deref().is_some_and(|known| known != issuer) {
            return Err(Error::OtherIssuer(issuer.to_owned()));
        }
        if let Some(user) = self.acted_for(claims, request.headers())? {
            return Ok(Caller {
                owner: owner(issuer, &user),
                actor: Some(client(claims)?.to_owned()),
                user,
                // Nobody knows in which the user is.
                groups: Vec::new(),
                sees_colleagues: true,
            });
        }
        let name = &self.user_id_claim;
        let user = claims
            .identity(name)
            .ok_or_else(|| Error::UserIdMissing(name.clone()))?;
        verified(claims, name)?;
        let tenant = match &self.tenant_claim {
            Some(name) => Some(tenant(claims, name)?),
            None => None,
        };
        Ok(Caller {
            owner: owner(issuer, tenant.unwrap_or(user)),
            user: user.to_owned(),
            actor: None,
            groups: self.groups(claims),
            sees_colleagues: tenant.is_none() || self.sees_colleagues,
        })
    }

    fn groups(&self, claims: Claims<'_>) -> Vec<String> {
        let GroupsClaim { name, shape } = &self.groups_claim;
        if verified(claims, name).is_err() {
            return Vec::new();
        }
        claims.values(name, *shape)
    }

    /// The user that a backend names, where it may; `None` where nobody is named.
    fn acted_for(
        &self,
        claims: Claims<'_>,
        headers: &HeaderMap,
    ) -> Result<Option<String>, ActAsRefusal> {
        let mut named = headers.get_all(ON_BEHALF_OF).iter();
        let Some(value) = named.next() else {
            return Ok(None);
        };
        if self.tenant_claim.is_some() {
            return Err(ActAsRefusal::TenantsOwn);
        }
        let act_as = self.act_as.as_ref().ok_or(ActAsRefusal::NobodyMay)?;
        let client = client(claims)?;
        if !act_as.clients.iter().any(|known| known == client) {
            return Err(ActAsRefusal::OtherClient(client.to_owned()));
        }
        let has_scope = |name: &str, shape| claims.values(name, shape).contains(&act_as.scope);
        // Some issuers write `scp`, and Okta an array.
        let has_it = has_scope("scope", Shape::Words)
            || has_scope("scp", Shape::Words)
            || has_scope("scp", Shape::List);
        if !has_it {
            return Err(ActAsRefusal::NoScope(act_as.scope.clone()));
        }
        // Of Cognito's tokens it is known whose they are: what a client is given by its credentials has its id as `sub`.
        let of_cognito = claims.text("token_use");
        if of_cognito.is_some_and(|kind| kind != "access" || claims.text("sub") != Some(client)) {
            return Err(ActAsRefusal::UsersToken);
        }
        // The gateway joins headers of one name by commas.
        let user = value.to_str().ok().filter(|_| named.next().is_none());
        let user = user.map(str::trim).filter(|user| {
            is_identity(user)
                && user
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b',')
        });
        user.map(|user| Some(user.to_owned()))
            .ok_or(ActAsRefusal::NoUser)
    }
}

fn owner(issuer: &str, id: &str) -> Owner {
    Owner {
        issuer: issuer.to_owned(),
        id: id.to_owned(),
    }
}

/// The client that a token was given to. An audience is none: that is for which API a token is.
fn client(claims: Claims<'_>) -> Result<&str, ActAsRefusal> {
    let claim = |name| claims.identity(name);
    match (claim("client_id"), claim("azp")) {
        (Some(client), Some(other)) if client != other => Err(ActAsRefusal::NoClient),
        (client, other) => client.or(other).ok_or(ActAsRefusal::NoClient),
    }
}

fn tenant<'a>(claims: Claims<'a>, name: &str) -> Result<&'a str, Error> {
    verified(claims, name)?;
    claims
        .identity(name)
        .ok_or_else(|| Error::ClaimMissing(name.to_owned()))
}

/// Refuses what somebody may have written about themselves.
fn verified(claims: Claims<'_>, name: &str) -> Result<(), Error> {
    let by = VERIFIED_BY.iter().find(|(claim, _)| *claim == name);
    match by {
        Some((_, by)) if !claims.is_true(by) => Err(Error::ClaimMissing((*by).to_owned())),
        _ => Ok(()),
    }
}
