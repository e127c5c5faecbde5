//! Who gets the functions that are free, and when.

use remotion_render_api::{App, clock, dispatch};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep, timeout};

use crate::aws::Aws;
use crate::queue::ask_with;
use crate::world::{SECRET, ask, lambda_event, simulated, state, tell, webhook, with_a_queue};

const ONE_EACH: [(&str, &str); 1] = [("RENDERS_PER_OWNER_AT_ONCE", "1")];

async fn look(app: &App) {
    let look = dispatch::handle(app, lambda_event(&json!({})));
    Box::pin(look).await.expect("a look");
}

async fn post(app: &App, user: &str, path: &str, body: &Value) -> (u16, Value) {
    Box::pin(ask(app, user, "POST", path, body, None)).await
}

/// A render of an owner's ends so, by Remotion's word.
async fn end(aws: &Aws, app: &App, id: &str, kind: &str) {
    let payload = aws.world().started[id].clone();
    let over = state(clock::now_ms(), Some(kind)).to_string();
    let key = format!("renders/{id}/progress.json");
    aws.world().objects.insert(key, over);
    let webhook = webhook(id, &payload, kind);
    assert_eq!(Box::pin(tell(app, &webhook, SECRET)).await, 204);
}

/// How a render stands that was taken in with this answer.
async fn status(app: &App, user: &str, taken_in: &Value) -> Value {
    let id = taken_in["renderId"].as_str().expect("an id");
    let path = format!("/render/{id}");
    let (_, read) = Box::pin(ask(app, user, "GET", &path, &Value::Null, None)).await;
    read["status"].clone()
}

fn started(aws: &Aws) -> usize {
    aws.world().started.len()
}

/// What its owner keeps waiting does not wait for functions.
#[test]
fn one_owners_limit_keeps_nobody_else_from_them() {
    simulated(async {
        let aws = Aws::seeded(20);
        let app = with_a_queue(&aws, 60, &ONE_EACH);
        let batch = json!({"items": vec![json!({}); 20]});
        assert_eq!(post(&app, "anna", "/batches", &batch).await.0, 202);
        look(&app).await;
        assert_eq!(ask_with(&app, "anna", "one-more").await.0, 202);
        look(&app).await;
        assert_eq!(started(&aws), 1, "one of hers");

        assert_eq!(ask_with(&app, "bob", "starts").await.0, 200);
        let (status, body) = post(&app, "carl", "/still", &json!({})).await;
        // The stand-in's stills fail once they have run.
        assert_eq!(
            (status, &body["code"]),
            (502, &json!("render_function_error"))
        );
    });
}

/// Before those that have waited for them.
#[test]
fn nobody_comes_before_what_waits_for_them() {
    simulated(async {
        let aws = Aws::seeded(21);
        let app = with_a_queue(&aws, 6, &[]);
        assert_eq!(ask_with(&app, "anna", "runs").await.0, 200);
        let (_, waits) = ask_with(&app, "anna", "waits").await;
        end(&aws, &app, "0000000000", "success").await;
        let (_, later) = ask_with(&app, "bob", "comes-later").await;
        look(&app).await;
        assert_eq!(status(&app, "anna", &waits).await, "queued");
        assert_eq!(status(&app, "bob", &later).await, "waiting");
    });
}

/// Where nobody looks at the queue, as when the operator has turned it off.
#[test]
fn what_nobody_starts_keeps_others_from_them_for_a_short_time_only() {
    simulated(async {
        let aws = Aws::seeded(27);
        let app = with_a_queue(&aws, 6, &[]);
        assert_eq!(ask_with(&app, "anna", "runs").await.0, 200);
        assert_eq!(ask_with(&app, "anna", "waits").await.0, 202);
        end(&aws, &app, "0000000000", "success").await;
        sleep(Duration::from_secs(91)).await;
        assert_eq!(ask_with(&app, "bob", "comes-later").await.0, 200);
    });
}

/// A render that its owner has kept waiting for long has a turn of long ago.
#[test]
fn the_turn_that_has_passed_does_not_come_again() {
    simulated(async {
        let aws = Aws::seeded(22);
        let app = with_a_queue(&aws, 12, &ONE_EACH);
        let turn = || {
            let queue = ("queue".to_owned(), "queue".to_owned());
            let turn = aws.world().table.items[&queue]["turn"]["N"].clone();
            turn.as_str().and_then(|turn| turn.parse::<u64>().ok())
        };
        for user in ["anna", "bob"] {
            for at in 0..6 {
                ask_with(&app, user, &format!("{user}-{at}")).await;
            }
        }
        // One of Anna's runs for as long as five of Bob's, one after the other.
        let mut at = 1;
        for _ in 0..4 {
            end(&aws, &app, &format!("{at:010}"), "success").await;
            look(&app).await;
            at = started(&aws) - 1;
        }
        let passed = turn();
        assert!(passed > Some(2), "{passed:?}");
        end(&aws, &app, "0000000000", "success").await;
        look(&app).await;
        assert_eq!(started(&aws), 7);
        assert_eq!(turn(), passed);
    });
}

/// As soon as its other functions have stopped, though nothing waited when it failed.
#[test]
fn a_failure_makes_room_for_what_comes_after_it() {
    simulated(async {
        let aws = Aws::seeded(23);
        let app = with_a_queue(&aws, 6, &[]);
        assert_eq!(ask_with(&app, "anna", "fails").await.0, 200);
        aws.world().woken.clear();
        end(&aws, &app, "0000000000", "error").await;
        let wake = aws.world().woken.pop().expect("the dispatcher is woken");
        assert_eq!(ask_with(&app, "bob", "waits").await.0, 202);
        look(&app).await;
        assert_eq!(started(&aws), 1);
        let freed = dispatch::handle(&app, lambda_event(&wake));
        Box::pin(freed).await.expect("a look");
        assert_eq!(started(&aws), 2);
    });
}

/// A thousand renders are ended in slices, between which others start.
#[test]
fn a_batch_that_is_cancelled_holds_up_nobody() {
    simulated(async {
        let aws = Aws::seeded(24);
        let app = with_a_queue(&aws, 12, &[]);
        for key in ["runs", "runs-too"] {
            assert_eq!(ask_with(&app, "bob", key).await.0, 200);
        }
        let batch = json!({"items": vec![json!({}); 1_000]});
        let (status, taken_in) = post(&app, "anna", "/batches", &batch).await;
        assert_eq!(status, 202, "{taken_in}");
        look(&app).await;
        for key in ["waits", "waits-behind-it"] {
            assert_eq!(ask_with(&app, "bob", key).await.0, 202);
        }
        let id = taken_in["batchId"].as_str().expect("an id");
        let cancel = format!("/batches/{id}/cancel");
        assert_eq!(post(&app, "anna", &cancel, &json!({})).await.0, 202);
        for id in ["0000000000", "0000000001"] {
            end(&aws, &app, id, "success").await;
        }

        let since = Instant::now();
        let all = Box::pin(dispatch::handle(&app, lambda_event(&json!({}))));
        let other = async {
            while started(&aws) < 4 {
                sleep(Duration::from_millis(100)).await;
            }
            since.elapsed()
        };
        let (looked, waited) = tokio::join!(all, timeout(Duration::from_mins(1), other));
        looked.expect("a look");
        let waited = waited.expect("a start");
        assert!(waited < Duration::from_secs(4), "{waited:?}");
        let path = format!("/batches/{id}");
        let read = Box::pin(ask(&app, "anna", "GET", &path, &Value::Null, None)).await;
        assert_eq!(read.1["cancelled"], 1_000, "in the same look");
    });
}

/// An owner whose partition of the table is full, for instance.
#[test]
fn what_is_wrong_with_one_owners_items_holds_up_nobody_else() {
    simulated(async {
        let aws = Aws::seeded(25);
        let app = with_a_queue(&aws, 6, &[]);
        assert_eq!(ask_with(&app, "carl", "runs").await.0, 200);
        assert_eq!(ask_with(&app, "anna", "waits").await.0, 202);
        let (_, waits) = ask_with(&app, "bob", "waits").await;
        end(&aws, &app, "0000000000", "success").await;
        aws.world().full_partition = Some("#anna");
        look(&app).await;
        assert_eq!(started(&aws), 2);
        assert_eq!(status(&app, "bob", &waits).await, "queued");
    });
}

/// A start from the queue is a start: a batch that was taken in while nothing was spent does not spend without end.
#[test]
fn what_waits_fails_when_its_owners_budget_is_spent() {
    simulated(async {
        let aws = Aws::seeded(28);
        let budget = ("USD_PER_USER_PER_MONTH", "0.50");
        let quota = ("RENDERS_PER_USER_PER_DAY", "10");
        let app = with_a_queue(&aws, 6, &[budget, quota]);
        assert_eq!(ask_with(&app, "anna", "runs").await.0, 200);
        let (_, spends) = ask_with(&app, "anna", "waits").await;
        let (_, waits) = ask_with(&app, "bob", "waits").await;
        end(&aws, &app, "0000000000", "success").await;
        {
            let mut world = aws.world();
            let items = world.table.items.iter_mut();
            let spent = items.filter(|((_, sk), _)| sk.starts_with("usage#"));
            spent.for_each(|(_, item)| {
                item.insert("costs".into(), json!({"N": "0.6"}));
            });
        }
        look(&app).await;
        assert_eq!(status(&app, "anna", &spends).await, "failed");
        assert_eq!(status(&app, "bob", &waits).await, "queued");
        let id = spends["renderId"].as_str().expect("an id");
        let path = format!("/render/{id}");
        let (_, read) = Box::pin(ask(&app, "anna", "GET", &path, &Value::Null, None)).await;
        let why = read["errors"][0]["message"].as_str().expect("why");
        assert!(why.starts_with("budget_spent: "), "{why}");
        let (_, usage) = Box::pin(ask(&app, "anna", "GET", "/usage", &json!({}), None)).await;
        assert_eq!(usage["quota"]["left"], 9, "what never ran is given back");
    });
}

/// Its options were checked, and nothing was started.
#[test]
fn what_may_not_be_started_any_more_is_given_back() {
    simulated(async {
        let aws = Aws::seeded(29);
        let quota = ("RENDERS_PER_USER_PER_DAY", "10");
        let api = with_a_queue(&aws, 6, &[quota]);
        assert_eq!(ask_with(&api, "anna", "runs").await.0, 200);
        let (code, waits) = post(&api, "anna", "/render", &json!({"scale": 2})).await;
        assert_eq!(code, 202, "{waits}");
        end(&aws, &api, "0000000000", "success").await;
        let lower = ("REMOTION_RENDER_LIMITS", r#"{"scale":1}"#);
        let dispatcher = with_a_queue(&aws, 6, &[quota, lower]);
        look(&dispatcher).await;
        assert_eq!(status(&api, "anna", &waits).await, "failed");
        let (_, usage) = Box::pin(ask(&api, "anna", "GET", "/usage", &json!({}), None)).await;
        assert_eq!(usage["quota"]["left"], 9);
    });
}

/// Whoever is turned away at the moment when the lock is given back looks as well.
#[test]
fn no_wake_is_lost() {
    for milliseconds in 0..20 {
        simulated(async {
            let aws = Aws::seeded(26);
            let app = with_a_queue(&aws, 6, &[]);
            let table = app.table().expect("a table");
            let deadline = Instant::now() + Duration::from_secs(10);
            let lock = || table.lock(clock::now_ms(), deadline);
            let mut held = lock().await.expect("an answer").expect("the lock");
            let gives_back = async {
                sleep(Duration::from_millis(milliseconds)).await;
                table.unlock(&mut held, deadline).await.expect("an answer")
            };
            let (is_free, other) = tokio::join!(gives_back, lock());
            let other = other.expect("an answer");
            assert_ne!(is_free, other.is_none(), "{milliseconds} ms");
        });
    }
}
