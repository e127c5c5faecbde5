//! Where the users of the page sign in: in one place at most.

use super::vars::Vars;
use crate::bounds;
use crate::page::{OidcClient, PasswordRule, SignIn, UserPool};

pub(super) fn sign_in<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<SignIn> {
    match (user_pool(vars), oidc_client(vars)) {
        (None, None) => None,
        (Some(pool), None) => Some(SignIn::Cognito(pool)),
        (None, Some(client)) => Some(SignIn::Oidc(client)),
        (Some(_), Some(_)) => {
            vars.fault("OIDC_CLIENT_ID and COGNITO_USER_POOL_ID exclude each other. Set one.");
            None
        }
    }
}

fn user_pool<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<UserPool> {
    let self_sign_up = vars.flag("COGNITO_SELF_SIGN_UP");
    let password = password_rule(vars);
    match (
        vars.get("COGNITO_USER_POOL_ID"),
        vars.get("COGNITO_USER_POOL_CLIENT_ID"),
    ) {
        (None, None) => None,
        (Some(id), Some(client_id)) => Some(UserPool {
            id,
            client_id,
            self_sign_up,
            password,
        }),
        _ => {
            vars.fault(
                "Set both COGNITO_USER_POOL_ID and COGNITO_USER_POOL_CLIENT_ID, or neither.",
            );
            None
        }
    }
}

fn password_rule<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<PasswordRule> {
    let symbols = vars.flag("COGNITO_PASSWORD_SYMBOLS");
    let length = vars.number("COGNITO_PASSWORD_LENGTH", bounds::COGNITO_PASSWORD_LENGTH)?;
    Some(PasswordRule { length, symbols })
}

fn oidc_client<F: Fn(&str) -> Option<String>>(vars: &mut Vars<F>) -> Option<OidcClient> {
    let client_id = vars.get("OIDC_CLIENT_ID")?;
    let audiences = vars.list("JWT_AUDIENCES").unwrap_or_default();
    let issuer = vars.get("JWT_ISSUER").filter(|_| !audiences.is_empty());
    let Some(issuer) = issuer else {
        vars.fault("OIDC_CLIENT_ID needs JWT_ISSUER and JWT_AUDIENCES.");
        return None;
    };
    let client = OidcClient {
        issuer,
        client_id,
        audiences,
    };
    if client.origin().is_none() {
        vars.fault(&format!(
            "OIDC_CLIENT_ID needs a JWT_ISSUER with a host that browsers can reach, such as https://login.example.com, not {:?}.",
            client.issuer
        ));
    }
    Some(client)
}
