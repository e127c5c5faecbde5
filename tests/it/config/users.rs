//! Who calls, by which claims, and who may act for others.

use super::{assert_faults, from_vars};

#[test]
fn whose_users() {
    let users = |vars: &[(&str, &str)]| from_vars(vars).expect("a configuration").users;
    let default = users(&[]);
    assert_eq!(default.user_id_claim, "sub");
    assert_eq!(default.groups_claim.name(), "cognito:groups");
    assert_eq!(
        (default.tenant_claim, default.sees_colleagues),
        (None, false)
    );
    assert!(default.issuer.is_none() && default.act_as.is_none());
    let all = users(&[
        ("JWT_ISSUER", "https://issuer.example/"),
        ("USER_ID_CLAIM", "https://app.example/id"),
        ("GROUPS_CLAIM", "permissions[]"),
        ("TENANT_CLAIM", "org_id"),
        ("RENDERS_VISIBLE_TO", "tenant"),
        ("ACT_AS_SCOPE", "render-api/act-as"),
        ("ACT_AS_CLIENTS", "a, b"),
    ]);
    assert_eq!(all.groups_claim.name(), "permissions");
    assert!(all.sees_colleagues);
    assert_eq!(
        all.act_as.map(|act_as| act_as.clients),
        Some(vec!["a".to_owned(), "b".to_owned()])
    );
}

/// API Gateway flattens objects and arrays, so that what is in them cannot be told.
#[test]
fn claims_that_tell_nobody_from_anybody_are_refused() {
    for claim in [
        "realm_access.roles",
        "realm_access",
        "app_metadata",
        "user_metadata",
        "a[0]",
        "/a/b",
        "$.a",
        "resource_access.api.roles[]",
    ] {
        for variable in ["USER_ID_CLAIM", "TENANT_CLAIM", "GROUPS_CLAIM"] {
            let error = from_vars(&[(variable, claim)])
                .expect_err(claim)
                .to_string();
            assert!(
                error.contains(&format!(
                    "{variable}: {claim:?} is within an object, which API Gateway flattens"
                )),
                "{error}"
            );
        }
    }
    for claim in [
        "jti",
        "exp",
        "token_use",
        "email_verified",
        "cognito:groups",
        "scope",
        "iss",
        "aud",
    ] {
        for variable in ["USER_ID_CLAIM", "TENANT_CLAIM"] {
            assert_faults(
                &[(variable, claim)],
                &[&format!(
                    "{variable}: {claim} does not tell one from another, or not for longer than a token."
                )],
            );
        }
    }
    for client in ["client_id", "azp"] {
        assert_faults(
            &[("USER_ID_CLAIM", client)],
            &[&format!(
                "USER_ID_CLAIM: {client} is the same for all users of a client."
            )],
        );
        assert!(from_vars(&[("TENANT_CLAIM", client)]).is_ok());
    }
    assert_faults(
        &[("TENANT_CLAIM", "orgs[]")],
        &["TENANT_CLAIM: orgs[] would be an array, and must be a text."],
    );
    assert_faults(
        &[("USER_ID_CLAIM", "user id")],
        &["USER_ID_CLAIM must be the name of a claim, not \"user id\"."],
    );
}

#[test]
fn groups_with_spaces() {
    for (claim, name) in [
        ("cognito:groups", "cognito:groups"),
        ("scope", "scope"),
        ("roles[]", "roles"),
    ] {
        assert_faults(
            &[("GROUPS_CLAIM", claim), ("REQUIRED_GROUP", "video editors")],
            &[&format!(
                "REQUIRED_GROUP is \"video editors\", but a group in {name} cannot have a space: API Gateway puts spaces between them."
            )],
        );
    }
    assert!(
        from_vars(&[
            ("GROUPS_CLAIM", "role"),
            ("REQUIRED_GROUP", "video editors")
        ])
        .is_ok()
    );
}

#[test]
fn issuers_tenants_and_backends_that_cannot_be() {
    const PAIR: &str = "ACT_AS_SCOPE and ACT_AS_CLIENTS need each other.";
    assert_faults(
        &[("JWT_ISSUER", "issuer.example")],
        &[
            "JWT_ISSUER must be the URL of the issuer, as its tokens have it in iss, not \"issuer.example\".",
        ],
    );
    assert_faults(
        &[("RENDERS_VISIBLE_TO", "tenant")],
        &["RENDERS_VISIBLE_TO=tenant needs TENANT_CLAIM."],
    );
    assert_faults(
        &[("RENDERS_VISIBLE_TO", "all")],
        &["RENDERS_VISIBLE_TO must be user or tenant, not \"all\"."],
    );
    assert_faults(&[("ACT_AS_SCOPE", "act")], &[PAIR]);
    assert_faults(&[("ACT_AS_CLIENTS", "a")], &[PAIR]);
    assert_faults(
        &[("ACT_AS_SCOPE", "act"), ("ACT_AS_CLIENTS", " , ")],
        &[PAIR],
    );
    assert_faults(
        &[("ACT_AS_SCOPE", "act as"), ("ACT_AS_CLIENTS", "a")],
        &["ACT_AS_SCOPE must be one scope, not \"act as\": nobody has it by having another one."],
    );
    assert_faults(
        &[
            ("ACT_AS_SCOPE", "act"),
            ("ACT_AS_CLIENTS", "a,page"),
            ("COGNITO_USER_POOL_ID", "p"),
            ("COGNITO_USER_POOL_CLIENT_ID", "page"),
        ],
        &[
            "ACT_AS_CLIENTS has page, with which users sign in to the page: each of them could act for all others. Give the backend a client of its own.",
        ],
    );
    assert_faults(
        &[
            ("ACT_AS_SCOPE", "act"),
            ("ACT_AS_CLIENTS", "a,page"),
            ("JWT_ISSUER", "https://issuer.example"),
            ("JWT_AUDIENCES", "api"),
            ("OIDC_CLIENT_ID", "page"),
        ],
        &[
            "ACT_AS_CLIENTS has page, with which users sign in to the page: each of them could act for all others. Give the backend a client of its own.",
        ],
    );
}

/// What users can write about themselves is no identity.
#[test]
fn warnings_of_users() {
    let warnings = |vars: &[(&str, &str)]| from_vars(vars).expect("a configuration").warnings;
    for (variable, claim) in [
        ("USER_ID_CLAIM", "preferred_username"),
        ("TENANT_CLAIM", "custom:tenant"),
        ("GROUPS_CLAIM", "profile"),
    ] {
        let warnings = warnings(&[(variable, claim)]);
        assert!(
            matches!(&warnings[..], [only] if only.starts_with(&format!("{variable}: whoever may write {claim} may be anybody."))),
            "{warnings:?}"
        );
    }
    assert!(warnings(&[("TENANT_CLAIM", "org_id"), ("USER_ID_CLAIM", "email")]).is_empty());
    let backend = [("ACT_AS_SCOPE", "act"), ("ACT_AS_CLIENTS", "a")];
    assert!(warnings(&backend).is_empty());
    for more in [("TENANT_CLAIM", "org_id"), ("REQUIRED_GROUP", "editors")] {
        let warnings = warnings(&[backend[0], backend[1], more]);
        assert!(
            matches!(&warnings[..], [only] if only.contains(more.0)),
            "{warnings:?}"
        );
    }
}
