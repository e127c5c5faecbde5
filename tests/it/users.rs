//! Who is let in, and whose renders those are: issuers, kinds of tokens, clients, scopes, headers and routes.

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

fn member(user: &str, tenant: &Value) -> Request {
    token(&json!({"sub": user, "org_id": tenant})).set("TENANT_CLAIM", "org_id")
}

#[test]
fn a_tenant_owns() {
    member("ada", &json!("acme")).assert_is(ISSUER, "acme", "ada", None);
    member("ada", &json!("b#c")).assert_is(ISSUER, "b#c", "ada", None);
    // The same user of two tenants, and two tenants' users of one name, are two.
    member("ada", &json!("other")).assert_is(ISSUER, "other", "ada", None);
    for value in no_identities() {
        member("ada", &value).assert_refused(403, "claim_required", "\"org_id\"");
        member("", &value).assert_refused(401, "unauthenticated", "\"sub\"");
    }
    member("ada", &json!("acme"))
        .without("org_id")
        .assert_refused(403, "claim_required", "\"org_id\"");
}

/// A record of a render, as the table answers.
fn record(user: &str, id: &str) -> Value {
    json!({
        "pk": {"S": "owner#"}, "sk": {"S": format!("render#{id}")}, "kind": {"S": "render"}, "userId": {"S": user},
        "bucketName": {"S": "remotionlambda-useast1-abc"}, "functionName": {"S": crate::harness::FUNCTION}, "version": {"S": "4.0.520"},
        "composition": {"S": "MyVideo"}, "cancellable": {"BOOL": true}, "startedAt": {"N": "1700000000000"}, "expiresAt": {"N": "1900000000"},
        "ended": {"S": "failed"}, "finishedAt": {"N": "1700000001000"}, "frames": {"N": "0"},
    })
}

#[test]
fn colleagues_see_each_other_where_the_operator_says_so() {
    for (visible_to, sees) in [(None, false), (Some("user"), false), (Some("tenant"), true)] {
        let request = member("ada", &json!("acme"));
        let request = match visible_to {
            Some(value) => request.set("RENDERS_VISIBLE_TO", value),
            None => request,
        };
        let items = json!({"Count": 2, "Items": [record("ada", "1111111111"), record("bob", "2222222222")]});
        let listed = request
            .deployment()
            .answering(&items.to_string())
            .handle(&request.http("GET", "/render").to_string());
        assert_eq!(
            listed.sent[0].body["ExpressionAttributeValues"][":owner"]["S"],
            format!("owner#{ISSUER}#acme")
        );
        let ids: Vec<_> = listed.body()["renders"]
            .as_array()
            .expect("renders")
            .iter()
            .map(|render| render["renderId"].clone())
            .collect();
        assert_eq!(ids.len(), if sees { 2 } else { 1 }, "{visible_to:?}");
        assert_eq!(ids[0], "1111111111");
        for (method, path) in [("GET", ""), ("POST", "/cancel"), ("DELETE", "")] {
            let ask = |user: &str| {
                request
                    .deployment()
                    .answering(
                        &json!({"Count": 1, "Items": [record(user, "1111111111")]}).to_string(),
                    )
                    .failing(503, "ServiceUnavailable", "no S3 here")
                    .handle(
                        &request
                            .http(method, &format!("/render/1111111111{path}"))
                            .to_string(),
                    )
            };
            assert_ne!(ask("ada").status(), 404, "{method} of one's own");
            assert_eq!(
                ask("bob").status() != 404,
                sees,
                "{method} of a colleague's, {visible_to:?}"
            );
        }
    }
}

/// The id of a render is all that it takes to find a public output.
#[test]
fn a_cursor_does_not_tell_of_a_colleagues_render() {
    let request = member("ada", &json!("acme"));
    let mut event = request.http("GET", "/render");
    event["rawQueryString"] = "limit=1".into();
    let page = |first: (&str, &str), second: (&str, &str)| {
        let items = [first, second].map(|(user, id)| record(user, id));
        json!({"Count": 2, "Items": items}).to_string()
    };
    let outcome = request
        .deployment()
        .answering(&page(("bob", "2222222222"), ("bob", "3333333333")))
        .answering(&page(("ada", "1111111111"), ("bob", "4444444444")))
        .handle(&event.to_string());
    assert_eq!(outcome.sent.len(), 2);
    assert_eq!(
        outcome.sent[1].body["ExclusiveStartKey"]["sk"]["S"],
        "render#2222222222"
    );
    let body = outcome.body();
    assert_eq!(body["renders"][0]["renderId"], "1111111111");
    assert_eq!(body["cursor"], "1700000000000.1111111111");
    assert!(!body.to_string().contains("2222222222"));
}

#[test]
fn colleagues_see_each_others_batches_where_the_operator_says_so() {
    const BATCH: &str = "b-0123456789abcdef";
    let item = |user: &str| {
        json!({"Item": {
            "pk": {"S": "owner#"}, "sk": {"S": format!("batch#{BATCH}")}, "userId": {"S": user}, "bucketName": {"S": "remotionlambda-useast1-abc"},
            "total": {"N": "1"}, "waiting": {"N": "1"}, "takenInAt": {"N": "1700000000000"}, "firstTurn": {"N": "0"},
        }})
    };
    for (visible_to, sees) in [("user", false), ("tenant", true)] {
        let request = member("ada", &json!("acme")).set("RENDERS_VISIBLE_TO", visible_to);
        for (method, path, status) in [("GET", "", 200), ("POST", "/cancel", 202)] {
            let ask = |user: &str| {
                let answer = item(user).to_string();
                let event = request.http(method, &format!("/batches/{BATCH}{path}"));
                request
                    .deployment()
                    .answering(&answer)
                    .answering("{}")
                    .handle(&event.to_string())
            };
            assert_eq!(ask("ada").status(), status, "{method} of one's own");
            if sees {
                assert_eq!(ask("bob").status(), status, "{method} of a colleague's");
            } else {
                let outcome = ask("bob");
                outcome.assert_problem(404, "batch_not_found");
                assert_eq!(outcome.sent.len(), 1, "nothing is written");
            }
        }
    }
}

#[test]
fn colleagues_idempotency_keys_do_not_meet() {
    let keys = ["ada", "bob"].map(|user| {
        let request = member(user, &json!("acme"));
        let mut event = request.http("POST", "/render");
        event["headers"]["idempotency-key"] = "k".into();
        let outcome = request
            .deployment()
            .answering("{}")
            .answering(STARTED)
            .answering("{}")
            .handle(&event.to_string());
        outcome.sent[0].body["TransactItems"][0]["Put"]["Item"]["sk"]["S"].clone()
    });
    assert_eq!(keys, ["key#ada#k", "key#bob#k"]);
}

#[test]
fn quota_and_usage_are_the_owners() {
    let request = member("ada", &json!("acme")).set("RENDERS_PER_USER_PER_DAY", "5");
    let outcome = request
        .deployment()
        .answering("{}")
        .answering(STARTED)
        .answering("{}")
        .answering("{}")
        .handle(&request.http("POST", "/render").to_string());
    let writes = outcome.sent[0].body["TransactItems"]
        .as_array()
        .expect("writes");
    for write in writes {
        let write = write
            .as_object()
            .expect("a write")
            .values()
            .next()
            .expect("one");
        let key = write.get("Key").unwrap_or(&write["Item"]);
        assert_eq!(key["pk"]["S"], format!("owner#{ISSUER}#acme"));
    }
}

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
