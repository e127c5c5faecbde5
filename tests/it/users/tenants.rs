//! What a tenant's users share.

use serde_json::{Value, json};

use super::{ISSUER, Request, no_identities, token};
use crate::harness::STARTED;

pub(super) fn member(user: &str, tenant: &Value) -> Request {
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
    // What a filter leaves of a page, and where DynamoDB has stopped to look.
    let page = |ids: &[&str], last: &str| {
        let items: Vec<_> = ids.iter().map(|id| record("ada", id)).collect();
        let last = json!({"pk": {"S": "owner#"}, "sk": {"S": format!("render#{last}")}, "startedAt": {"N": "1700000000000"}});
        json!({"Count": ids.len(), "Items": items, "LastEvaluatedKey": last}).to_string()
    };
    let outcome = request
        .deployment()
        .answering(&page(&[], "2222222222"))
        .answering(&page(&["1111111111"], "3333333333"))
        .answering(&page(&["5555555555"], "4444444444"))
        .handle(&event.to_string());
    // The first looks at as many as are asked for, the others at as many as DynamoDB looks at at once.
    let asked: Vec<_> = outcome
        .sent
        .iter()
        .map(|sent| {
            (
                &sent.body["Limit"],
                &sent.body["ExclusiveStartKey"]["sk"]["S"],
            )
        })
        .collect();
    let null = Value::Null;
    assert_eq!(
        asked,
        [
            (&json!(2), &null),
            (&null, &json!("render#2222222222")),
            (&null, &json!("render#3333333333")),
        ]
    );
    for sent in &outcome.sent {
        assert_eq!(sent.body["FilterExpression"], "userId = :user");
        assert_eq!(sent.body["ExpressionAttributeValues"][":user"]["S"], "ada");
    }
    let body = outcome.body();
    assert_eq!(body["renders"][0]["renderId"], "1111111111");
    assert_eq!(body["renders"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["cursor"], "1700000000000.1111111111");
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
