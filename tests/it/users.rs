//! Who is let in, and whose renders those are: issuers, kinds of tokens, clients, scopes, headers and routes.

mod acting;
mod tenants;

use serde_json::{Map, Value, json};

use crate::harness::{Deployment, Outcome, STARTED, event};

const ISSUER: &str = "https://issuer.example/";
const POOL: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
const MACHINE: &str = "4l5tsda2iu8lqugl73m8hgeb83";
const SCOPE: &str = "render-api/act-as";

/// One request: the deployment's variables, the token's claims, and what is in `On-Behalf-Of`.
struct Request {
    variables: Vec<(&'static str, String)>,
    claims: Map<String, Value>,
    on_behalf_of: Vec<String>,
}

/// Whose a render is: issuer, owner, user, and who has acted.
type Who = (String, String, String, Option<String>);

fn with(claims: &Value) -> Request {
    Request {
        variables: Vec::new(),
        claims: claims.as_object().expect("claims").clone(),
        on_behalf_of: Vec::new(),
    }
}

/// A token of an issuer that is not Cognito.
fn token(more: &Value) -> Request {
    let mut request = with(
        &json!({"iss": ISSUER, "sub": "auth0|ada", "aud": "https://render.example", "exp": "1795514300"}),
    );
    request
        .claims
        .extend(more.as_object().expect("claims").clone());
    request
}

/// What a client of Cognito's is given by its credentials.
fn machine(more: &Value) -> Request {
    let mut request = with(
        &json!({"iss": POOL, "sub": MACHINE, "client_id": MACHINE, "token_use": "access", "scope": format!("render-api/read {SCOPE}"), "version": "2"}),
    );
    request
        .claims
        .extend(more.as_object().expect("claims").clone());
    request
        .set("ACT_AS_SCOPE", SCOPE)
        .set("ACT_AS_CLIENTS", &format!("other,{MACHINE}"))
}

impl Request {
    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn without(mut self, claim: &str) -> Self {
        self.claims.remove(claim);
        self
    }

    fn for_user(mut self, user: &str) -> Self {
        self.on_behalf_of.push(user.to_owned());
        self
    }

    fn deployment(&self) -> Deployment {
        let new = Deployment::new().with("RENDERS_TABLE", "renders");
        let set = |deployment: Deployment, (name, value): &(&'static str, String)| {
            deployment.with(name, value)
        };
        self.variables.iter().fold(new, set)
    }

    /// The event of an HTTP API. It joins what is given twice.
    fn http(&self, method: &str, path: &str) -> Value {
        let mut event: Value = serde_json::from_str(&event("render")).expect("an event");
        event["body"] = Value::Null;
        event["rawPath"] = path.into();
        event["requestContext"]["http"] = json!({"method": method, "path": path});
        event["requestContext"]["authorizer"] =
            json!({"jwt": {"claims": self.claims, "scopes": null}});
        if !self.on_behalf_of.is_empty() {
            event["headers"]["on-behalf-of"] = self.on_behalf_of.join(",").into();
        }
        event
    }

    /// The event of a REST API.
    fn rest(&self) -> Value {
        let mut event: Value = serde_json::from_str(&event("render-rest")).expect("an event");
        event["body"] = Value::Null;
        let mut claims = self.claims.clone();
        if let Some(scopes) = claims.get("scp").and_then(Value::as_str) {
            // An array stays one.
            let scopes = scopes.trim_matches(['[', ']']).split(' ');
            claims["scp"] = scopes.collect();
        }
        event["requestContext"]["authorizer"] = json!({"claims": claims});
        if let Some(last) = self.on_behalf_of.last() {
            event["headers"]["On-Behalf-Of"] = last.as_str().into();
            event["multiValueHeaders"]["On-Behalf-Of"] = json!(self.on_behalf_of);
        }
        event
    }

    fn posts(&self) -> [Outcome; 2] {
        [self.http("POST", "/render"), self.rest()].map(|event| {
            self.deployment()
                .answering(STARTED)
                .answering("{}")
                .handle(&event.to_string())
        })
    }

    /// Whose the render is that this starts, by either kind of API.
    #[track_caller]
    fn who(&self) -> Who {
        let [http, rest] = self.posts().map(|outcome| {
            assert_eq!(outcome.status(), 200, "{}", outcome.body());
            let item = &outcome.sent[1].body["TransactItems"][0]["Put"]["Item"];
            let text = |name: &str| item[name]["S"].as_str().map(ToOwned::to_owned);
            let partition = text("pk").expect("a partition");
            let parts: Vec<_> = partition.split('#').collect();
            let [kind, issuer, id] = parts[..] else {
                panic!("{partition} has three parts")
            };
            assert_eq!(kind, "owner");
            let whole = |part: &str| part.replace("~1", "#").replace("~0", "~");
            let user = text("userId").expect("a user");
            (whole(issuer), whole(id), user, text("actorId"))
        });
        assert_eq!(http, rest);
        http
    }

    #[track_caller]
    fn assert_is(&self, issuer: &str, owner: &str, user: &str, actor: Option<&str>) {
        let expected = (
            issuer.to_owned(),
            owner.to_owned(),
            user.to_owned(),
            actor.map(ToOwned::to_owned),
        );
        assert_eq!(self.who(), expected);
    }

    /// Asserts that this is refused before AWS is asked for anything, in words that name what is missing.
    #[track_caller]
    fn assert_refused(&self, status: u16, code: &str, named: &str) {
        for outcome in self.posts() {
            let detail = outcome.assert_problem(status, code);
            assert!(detail.contains(named), "{named} in {detail}");
            assert!(outcome.sent.is_empty());
            assert_eq!(
                outcome.header("www-authenticate"),
                (status == 401).then_some("Bearer")
            );
        }
    }
}

/// What tells nobody from anybody: what is empty, of another type, or too long.
fn no_identities() -> Vec<Value> {
    let long = "a".repeat(256);
    let texts = [
        "",
        " ",
        "[acme]",
        "[a b]",
        "map[id:acme]",
        "true",
        "null",
        "1.2345678901234568e+16",
        &long,
    ];
    texts.map(Value::from).to_vec()
}

#[test]
fn users_are_told_apart_by_issuer_and_id() {
    token(&json!({})).assert_is(ISSUER, "auth0|ada", "auth0|ada", None);
    token(&json!({"iss": POOL})).assert_is(POOL, "auth0|ada", "auth0|ada", None);
    for (issuer, sub) in [
        ("https://i.example", "a#b"),
        ("https://i.example#a", "b"),
        ("https://i.example~1a", "b~0#"),
    ] {
        token(&json!({"iss": issuer, "sub": sub})).assert_is(issuer, sub, sub, None);
    }
    for kind in ["id", "access"] {
        with(&json!({"iss": POOL, "sub": "5f0c", "token_use": kind}))
            .assert_is(POOL, "5f0c", "5f0c", None);
    }
    with(&json!({"iss": POOL, "sub": "5f0c", "token_use": "refresh"})).assert_refused(
        401,
        "unauthenticated",
        "",
    );
}

#[test]
fn only_the_operators_issuer() {
    token(&json!({}))
        .set("JWT_ISSUER", ISSUER)
        .assert_is(ISSUER, "auth0|ada", "auth0|ada", None);
    for other in [
        POOL,
        "https://issuer.example",
        "https://issuer.example//",
        "HTTPS://issuer.example/",
    ] {
        token(&json!({"iss": other}))
            .set("JWT_ISSUER", ISSUER)
            .assert_refused(401, "unauthenticated", "JWT_ISSUER");
    }
    token(&json!({}))
        .without("iss")
        .assert_refused(401, "unauthenticated", "");
}

#[test]
fn the_user_id_is_a_claim_of_the_operators_choice() {
    let user = |value: &Value| {
        token(&json!({"https://app.example/id": value}))
            .set("USER_ID_CLAIM", "https://app.example/id")
    };
    user(&json!("u-1")).assert_is(ISSUER, "u-1", "u-1", None);
    for value in no_identities() {
        user(&value).assert_refused(401, "unauthenticated", "\"https://app.example/id\"");
        token(&json!({"sub": value})).assert_refused(401, "unauthenticated", "\"sub\"");
    }
    // Nobody is taken by another claim instead.
    token(&json!({}))
        .set("USER_ID_CLAIM", "uid")
        .assert_refused(401, "unauthenticated", "\"uid\"");
}

#[test]
fn an_address_is_an_identity_only_once_it_is_verified() {
    for (claim, by) in [
        ("email", "email_verified"),
        ("phone_number", "phone_number_verified"),
    ] {
        let of = |verified: Value| token(&json!({claim: "ada@test.com", by: verified}));
        let (user, tenant) = (
            |r: Request| r.set("USER_ID_CLAIM", claim),
            |r: Request| r.set("TENANT_CLAIM", claim),
        );
        user(of("true".into())).assert_is(ISSUER, "ada@test.com", "ada@test.com", None);
        tenant(of("true".into())).assert_is(ISSUER, "ada@test.com", "auth0|ada", None);
        for wrong in ["false", "", "True", "1"] {
            user(of(wrong.into())).assert_refused(403, "claim_required", by);
            tenant(of(wrong.into())).assert_refused(403, "claim_required", by);
        }
        user(of("true".into()).without(by)).assert_refused(403, "claim_required", by);
    }
}

#[test]
fn groups_in_each_shape() {
    let admitted = |claim: &str, group: &str, value: &str| {
        let request = token(&json!({claim.trim_end_matches("[]"): value}))
            .set("GROUPS_CLAIM", claim)
            .set("REQUIRED_GROUP", group);
        let outcome = request
            .deployment()
            .answering(STARTED)
            .answering("{}")
            .handle(&request.http("POST", "/render").to_string());
        if outcome.status() == 200 {
            return true;
        }
        outcome.assert_problem(403, "group_required");
        false
    };
    for (claim, group, value, expected) in [
        // Cognito's groups cannot hold a space.
        ("cognito:groups", "editors", "[admins editors]", true),
        ("cognito:groups", "editors", "[editors]", true),
        ("cognito:groups", "editors", "[not-editors]", false),
        ("cognito:groups", "[a", "[[a b]]", true),
        // One text is one group, whatever is in it.
        ("role", "editors", "editors", true),
        ("role", "video editors", "video editors", true),
        ("role", "editors", "not editors", false),
        ("role", "editors", "not,editors", false),
        ("role", "editors", "[not editors]", false),
        ("https://app.example/role", "editors", "editors", true),
        // Scopes are words.
        ("scope", "render:start", "openid render:start", true),
        ("scope", "render:start", "openid render:starting", false),
        ("scp", "render:start", "render:start openid", true),
        // Of an array, the operator says that its entries have no spaces.
        (
            "permissions[]",
            "render:start",
            "[render:read render:start]",
            true,
        ),
        ("permissions[]", "render:start", "render:start", true),
        ("permissions[]", "render:start", "no render:start", false),
        // An object is no list.
        ("roles[]", "editors", "map[editors:1]", false),
    ] {
        assert_eq!(
            admitted(claim, group, value),
            expected,
            "{group} in {claim}: {value}"
        );
    }
    // The default claim counts for nothing where another one is set.
    assert!(!admitted("role", "editors", ""));
    token(&json!({"cognito:groups": "[editors]"}))
        .set("GROUPS_CLAIM", "role")
        .set("REQUIRED_GROUP", "editors")
        .assert_refused(403, "group_required", "editors");
    token(&json!({"email": "ada@test.com", "email_verified": "false"}))
        .set("GROUPS_CLAIM", "email")
        .set("REQUIRED_GROUP", "ada@test.com")
        .assert_refused(403, "group_required", "");
}
