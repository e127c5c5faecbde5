//! Who may act for users, and what is kept of it.

use serde_json::json;

use super::tenants::member;
use super::{ISSUER, MACHINE, POOL, Request, SCOPE, machine, token};
use crate::harness::STARTED;

#[test]
fn a_backend_acts_for_users() {
    machine(&json!({}))
        .for_user("ada")
        .assert_is(POOL, "ada", "ada", Some(MACHINE));
    // Without the header it is itself.
    machine(&json!({})).assert_is(POOL, MACHINE, MACHINE, None);
    // Other issuers tell the client by azp, and scopes by scp.
    for claims in [
        json!({"azp": MACHINE, "scope": SCOPE}),
        json!({"client_id": MACHINE, "azp": MACHINE, "scope": SCOPE}),
        json!({"azp": MACHINE, "scp": format!("[openid {SCOPE}]")}),
        json!({"azp": MACHINE, "scp": SCOPE}),
    ] {
        token(&claims)
            .set("ACT_AS_SCOPE", SCOPE)
            .set("ACT_AS_CLIENTS", MACHINE)
            .for_user("auth0|bob")
            .assert_is(ISSUER, "auth0|bob", "auth0|bob", Some(MACHINE));
    }
    // Whatever the user's id is made of.
    machine(&json!({}))
        .set("USER_ID_CLAIM", "email")
        .for_user("ada@test.com")
        .assert_is(POOL, "ada@test.com", "ada@test.com", Some(MACHINE));
    machine(&json!({}))
        .for_user("a#b~")
        .assert_is(POOL, "a#b~", "a#b~", Some(MACHINE));
}

#[test]
fn nobody_else_acts_for_users() {
    const CODE: &str = "act_as_not_allowed";
    let refused =
        |request: Request, named: &str| request.for_user("ada").assert_refused(403, CODE, named);
    refused(
        token(&json!({"azp": MACHINE, "scope": SCOPE})),
        "ACT_AS_CLIENTS",
    );
    refused(
        machine(&json!({"client_id": "stranger", "sub": "stranger"})),
        "\"stranger\"",
    );
    refused(machine(&json!({})).without("client_id"), "client_id");
    refused(machine(&json!({"client_id": ""})), "client_id");
    refused(machine(&json!({"azp": "other"})), "client_id");
    // An audience is no client.
    refused(
        machine(&json!({"aud": MACHINE})).without("client_id"),
        "client_id",
    );
    refused(machine(&json!({})).without("scope"), SCOPE);
    for scope in [
        "",
        "render-api/act",
        "render-api/act-as-well",
        "render-api/act-as,x",
        "[render-api/act-as]",
        "RENDER-API/ACT-AS",
    ] {
        refused(machine(&json!({"scope": scope})), SCOPE);
    }
    // A user of that client has signed in.
    refused(
        machine(&json!({"sub": "5f0c", "username": "5f0c"})),
        "user's own",
    );
    refused(machine(&json!({"token_use": "id"})), "user's own");
    refused(
        machine(&json!({"org_id": "acme"})).set("TENANT_CLAIM", "org_id"),
        "tenants",
    );
    machine(&json!({}))
        .set("REQUIRED_GROUP", "editors")
        .for_user("ada")
        .assert_refused(403, "group_required", "editors");
    machine(&json!({"cognito:groups": "[editors]"}))
        .set("REQUIRED_GROUP", "editors")
        .for_user("ada")
        .assert_refused(403, "group_required", "editors");
    machine(&json!({}))
        .set("JWT_ISSUER", ISSUER)
        .for_user("ada")
        .assert_refused(401, "unauthenticated", "JWT_ISSUER");
}

#[test]
fn whoever_is_acted_for_is_one_user() {
    const CODE: &str = "act_as_not_allowed";
    let long = "a".repeat(256);
    for user in [
        "",
        " ",
        "ada,bob",
        "ada bob",
        "a\tb",
        "[ada]",
        "map[sub:ada]",
        "null",
        "üda",
        &long,
    ] {
        machine(&json!({}))
            .for_user(user)
            .assert_refused(403, CODE, "On-Behalf-Of");
    }
    for (first, second) in [("ada", "bob"), ("ada", "ada"), ("ada", "")] {
        machine(&json!({}))
            .for_user(first)
            .for_user(second)
            .assert_refused(403, CODE, "On-Behalf-Of");
    }
}

#[test]
fn on_behalf_of_holds_on_every_route() {
    for (method, path) in [
        ("GET", "/render"),
        ("GET", "/render/1111111111"),
        ("POST", "/render/1111111111/cancel"),
        ("DELETE", "/render/1111111111"),
        ("POST", "/render"),
        ("POST", "/still"),
        ("GET", "/usage"),
        ("GET", "/compositions"),
        ("GET", "/health"),
    ] {
        let forged = token(&json!({})).for_user("bob");
        let outcome = forged
            .deployment()
            .handle(&forged.http(method, path).to_string());
        outcome.assert_problem(403, "act_as_not_allowed");
        assert!(outcome.sent.is_empty());
    }
    for (method, path) in [
        ("GET", "/render/1111111111"),
        ("POST", "/render/1111111111/cancel"),
        ("DELETE", "/render/1111111111"),
    ] {
        let request = machine(&json!({})).for_user("ada");
        let outcome = request
            .deployment()
            .answering("{}")
            .handle(&request.http(method, path).to_string());
        outcome.assert_problem(404, "render_not_found");
        assert_eq!(
            outcome.sent[0].body["ExpressionAttributeValues"][":owner"]["S"],
            format!("owner#{POOL}#ada")
        );
    }
    let request = machine(&json!({})).for_user("ada");
    let outcome = request
        .deployment()
        .answering(r#"{"Count":0,"Items":[]}"#)
        .handle(&request.http("GET", "/render").to_string());
    assert_eq!(
        outcome.sent[0].body["ExpressionAttributeValues"][":owner"]["S"],
        format!("owner#{POOL}#ada")
    );
}

/// The webhook of a render brings back whose it is, and who has acted.
#[test]
fn the_hook_carries_owner_user_and_actor() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    let tag = |request: Request| {
        let request = request
            .set("HOOK_URL", "https://hook.example")
            .set("HOOK_SECRET", "s");
        let outcome = request
            .deployment()
            .answering(STARTED)
            .answering("{}")
            .handle(&request.http("POST", "/render").to_string());
        let data = outcome.sent[0].body["webhook"]["customData"].clone();
        ["issuer", "owner", "user", "actor"].map(|name| {
            let coded = data[name].as_str()?;
            String::from_utf8(BASE64.decode(coded).expect("base64url")).ok()
        })
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        tag(token(&json!({}))),
        [some(ISSUER), some("auth0|ada"), None, None]
    );
    assert_eq!(
        tag(member("ada", &json!("acme"))),
        [some(ISSUER), some("acme"), some("ada"), None]
    );
    assert_eq!(
        tag(machine(&json!({})).for_user("ada")),
        [some(POOL), some("ada"), None, some(MACHINE)]
    );
}
