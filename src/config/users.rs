//! Whose users may call: what cannot tell one from another is refused, with the reason.

use super::vars::Vars;
use crate::access::users::{ActAs, GroupsClaim, Users};

/// Claims that hold objects at the issuers that have them. API Gateway flattens those into one text.
const OBJECTS: [&str; 7] = [
    "app_metadata",
    "public_metadata",
    "raw_app_meta_data",
    "realm_access",
    "resource_access",
    "unsafe_metadata",
    "user_metadata",
];

/// Claims that are other ones in each token, or one and the same in many.
const OF_THE_TOKEN: [&str; 20] = [
    "acr",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "c_hash",
    "email_verified",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "phone_number_verified",
    "scope",
    "scp",
    "sid",
    "token_use",
];

/// Claims that have a client.
const OF_THE_CLIENT: [&str; 2] = ["azp", "client_id"];

/// Claims that users write about themselves, where nobody prevents it.
const WRITTEN_BY_USERS: [&str; 14] = [
    "address",
    "birthdate",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "picture",
    "preferred_username",
    "profile",
    "website",
    "zoneinfo",
];

/// Whose users may call, and what the operator should know of it.
pub(super) fn users<F: Fn(&str) -> Option<String>>(
    vars: &mut Vars<F>,
    required_group: Option<&str>,
) -> (Users, Vec<String>) {
    let default = Users::default();
    let tenant_claim = tenant_claim(vars);
    let users = Users {
        issuer: issuer(vars),
        user_id_claim: user_id_claim(vars).unwrap_or(default.user_id_claim),
        groups_claim: groups_claim(vars, required_group).unwrap_or(default.groups_claim),
        sees_colleagues: visible_to_tenant(vars, tenant_claim.is_some()),
        tenant_claim,
        act_as: act_as(vars),
    };
    let warnings = warnings(&users, required_group.is_some());
    (users, warnings)
}

fn issuer<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<String> {
    let issuer = vars.get("JWT_ISSUER")?;
    let is_url = issuer.starts_with("https://") || issuer.starts_with("http://");
    if !is_url || issuer.contains(char::is_whitespace) {
        vars.fault(&format!(
            "JWT_ISSUER must be the URL of the issuer, as its tokens have it in iss, not {issuer:?}."
        ));
    }
    Some(issuer)
}

fn user_id_claim<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<String> {
    const NAME: &str = "USER_ID_CLAIM";
    let claim = vars.get(NAME)?;
    if OF_THE_CLIENT.contains(&&*claim) {
        vars.fault(&format!(
            "{NAME}: {claim} is the same for all users of a client."
        ));
    }
    refuse_no_identity(vars, NAME, &claim);
    Some(claim)
}

fn tenant_claim<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<String> {
    const NAME: &str = "TENANT_CLAIM";
    let claim = vars.get(NAME)?;
    refuse_no_identity(vars, NAME, &claim);
    Some(claim)
}

fn refuse_no_identity<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>, name: &str, claim: &str) {
    if OF_THE_TOKEN.contains(&claim) || claim == "cognito:groups" {
        vars.fault(&format!(
            "{name}: {claim} does not tell one from another, or not for longer than a token."
        ));
    }
    refuse_nested(vars, name, claim);
    if claim.ends_with("[]") {
        vars.fault(&format!(
            "{name}: {claim} would be an array, and must be a text."
        ));
    }
}

/// The name of a claim may be a URL; any other dot or bracket is a path into an object.
fn refuse_nested<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>, name: &str, claim: &str) {
    let top = claim.strip_suffix("[]").unwrap_or(claim);
    let is_url = top.contains("://");
    let is_path = !is_url && (top.starts_with(['/', '$']) || top.contains(['.', '[', ']']));
    if is_path || OBJECTS.contains(&top) {
        vars.fault(&format!(
            "{name}: {claim:?} is within an object, which API Gateway flattens into one text. Have the issuer write a claim of its own at the top of the token."
        ));
    } else if top.contains(char::is_whitespace) {
        vars.fault(&format!(
            "{name} must be the name of a claim, not {claim:?}."
        ));
    }
}

fn groups_claim<F: Fn(&str) -> Option<String>>(
    vars: &mut Vars<F>,
    required_group: Option<&str>,
) -> Option<GroupsClaim> {
    const NAME: &str = "GROUPS_CLAIM";
    let given = vars.get(NAME);
    let claim = given.as_deref().map(GroupsClaim::of);
    if let Some(given) = &given {
        refuse_nested(vars, NAME, given);
    }
    let read = claim.clone().unwrap_or_default();
    let spaced = required_group.filter(|group| group.contains(char::is_whitespace));
    if let Some(group) = spaced.filter(|_| !read.takes_spaces()) {
        vars.fault(&format!(
            "REQUIRED_GROUP is {group:?}, but a group in {} cannot have a space: API Gateway puts spaces between them.",
            read.name()
        ));
    }
    claim
}

fn visible_to_tenant<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>, has_tenants: bool) -> bool {
    const NAME: &str = "RENDERS_VISIBLE_TO";
    match vars.get(NAME).as_deref() {
        None | Some("user") => false,
        Some("tenant") => {
            if !has_tenants {
                vars.fault(&format!("{NAME}=tenant needs TENANT_CLAIM."));
            }
            true
        }
        Some(other) => {
            vars.fault(&format!("{NAME} must be user or tenant, not {other:?}."));
            false
        }
    }
}

fn act_as<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<ActAs> {
    let clients = vars.list("ACT_AS_CLIENTS");
    let (scope, clients) = match (vars.get("ACT_AS_SCOPE"), clients) {
        (None, None) => return None,
        (Some(scope), Some(clients)) if !clients.is_empty() => (scope, clients),
        _ => {
            vars.fault("ACT_AS_SCOPE and ACT_AS_CLIENTS need each other.");
            return None;
        }
    };
    if !scope.bytes().all(|byte| byte.is_ascii_graphic()) {
        vars.fault(&format!(
            "ACT_AS_SCOPE must be one scope, not {scope:?}: nobody has it by having another one."
        ));
    }
    let of_the_page = ["COGNITO_USER_POOL_CLIENT_ID", "OIDC_CLIENT_ID"];
    let mut of_the_page = of_the_page.into_iter().filter_map(|name| vars.get(name));
    if let Some(client) = of_the_page.find(|client| clients.contains(client)) {
        vars.fault(&format!(
            "ACT_AS_CLIENTS has {client}, with which users sign in to the page: each of them could act for all others. Give the backend a client of its own."
        ));
    }
    Some(ActAs { scope, clients })
}

fn warnings(users: &Users, has_required_group: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    let claims = [
        ("USER_ID_CLAIM", Some(users.user_id_claim.as_str())),
        ("TENANT_CLAIM", users.tenant_claim.as_deref()),
        ("GROUPS_CLAIM", Some(users.groups_claim.name())),
    ];
    for (name, claim) in claims {
        let written =
            claim.filter(|claim| WRITTEN_BY_USERS.contains(claim) || claim.starts_with("custom:"));
        if let Some(claim) = written {
            warnings.push(format!(
                "{name}: whoever may write {claim} may be anybody. No client of the user pool may have it among its WriteAttributes."
            ));
        }
    }
    if users.act_as.is_some() && users.tenant_claim.is_some() {
        warnings.push(
            "ACT_AS_CLIENTS can do nothing where TENANT_CLAIM is set: On-Behalf-Of is refused."
                .to_owned(),
        );
    }
    if users.act_as.is_some() && has_required_group {
        warnings.push(
            "ACT_AS_CLIENTS can do nothing where REQUIRED_GROUP is set: nobody knows in which groups the user is that they act for."
                .to_owned(),
        );
    }
    warnings
}
