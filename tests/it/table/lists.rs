//! A caller's own renders, and what is not the caller's.

use serde_json::{Value, json};

use super::{OWNER, calls, deployment, get};

#[test]
fn list() {
    let render = |id: &str, at: u64| {
        json!({
            "pk": {"S": "owner#x#y"}, "kind": {"S": "render"}, "sk": {"S": format!("render#{id}")}, "bucketName": {"S": "b"}, "functionName": {"S": "f"},
            "version": {"S": "4.0.520"}, "composition": {"S": "MyVideo"}, "cancellable": {"BOOL": true}, "startedAt": {"N": at.to_string()},
        })
    };
    let page = [
        render("aaaaaaaaaa", 3),
        render("bbbbbbbbbb", 2),
        render("cccccccccc", 1),
    ];
    let items = json!({"Items": page, "Count": 3, "LastEvaluatedKey": {"pk": {"S": "owner#x#y"}}});
    let outcome = get(
        deployment().answering(&items.to_string()),
        "GET",
        "/render",
        "limit=2&cursor=9.cccccccccc",
    );
    let listed = |id: &str, at: u64| {
        json!({
            "renderId": id, "kind": "render", "name": null, "composition": "MyVideo", "status": "started", "startedAt": at,
            "finishedAt": null, "bucketName": "b", "outputUrl": null, "outputSizeInBytes": null, "costs": null,
            "customData": null, "batchId": null,
        })
    };
    assert_eq!(
        outcome.body(),
        json!({
            "renders": [
                listed("aaaaaaaaaa", 3),
                listed("bbbbbbbbbb", 2),
            ],
            "cursor": "2.bbbbbbbbbb",
        })
    );
    let query = &outcome.sent[0].body;
    assert_eq!(
        (&query["Limit"], &query["ScanIndexForward"]),
        (&json!(3), &json!(false))
    );
    // Whatever a cursor says, the partition is the caller's own.
    assert_eq!(query["ExpressionAttributeValues"][":owner"]["S"], OWNER);
    assert_eq!(query["ExclusiveStartKey"]["pk"]["S"], OWNER);

    let last = get(
        deployment().answering(r#"{"Items":[]}"#),
        "GET",
        "/render",
        "",
    );
    assert_eq!(last.body(), json!({"renders": [], "cursor": null}));
    assert_eq!(last.sent[0].body["Limit"], 21);
    // A render that has just started is there.
    assert_eq!(last.sent[0].body["ConsistentRead"], true);
    // All there are: another page would be empty.
    let exactly = json!({"Items": [render("aaaaaaaaaa", 1)], "Count": 1});
    let exactly = get(
        deployment().answering(&exactly.to_string()),
        "GET",
        "/render",
        "limit=1",
    );
    assert_eq!(exactly.body()["cursor"], Value::Null);
    let wrong = get(deployment(), "GET", "/render", "limit=101&cursor=x");
    assert_eq!(
        wrong.violations(),
        [
            "limit limit must be a whole number from 1 to 100.",
            "cursor cursor must be the cursor of an earlier page."
        ]
    );
}

#[test]
fn what_is_not_the_callers_is_not_there() {
    for (method, path) in [
        ("GET", "/render/1pwhfhh11z"),
        ("DELETE", "/render/1pwhfhh11z"),
        ("POST", "/render/1pwhfhh11z/cancel"),
    ] {
        let outcome = get(deployment().answering("{}"), method, path, "");
        outcome.assert_problem(404, "render_not_found");
        assert_eq!(calls(&outcome), ["Query"]);
        let values = &outcome.sent[0].body["ExpressionAttributeValues"];
        assert_eq!(values[":owner"]["S"], OWNER);
    }
}
