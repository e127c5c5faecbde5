//! What becomes of a render between its being taken in and its start.

use remotion_render_api::{App, clock, dispatch};
use serde_json::{Value, json};
use tokio::time::Duration;

use crate::aws::Aws;
use crate::queue::ask_with;
use crate::world::{SECRET, ask, lambda_event, simulated, state, tell, webhook, with_a_queue};

/// How many renders have been started, and how many functions the table counts as taken.
fn taken(aws: &Aws) -> (usize, Value) {
    let world = aws.world();
    let capacity = &world.table.items[&("capacity".to_owned(), "capacity".to_owned())];
    (world.started.len(), capacity["used"]["N"].clone())
}

/// A render is done, and says so.
async fn is_done(aws: &Aws, api: &App, id: &str) {
    let payload = aws.world().started[id].clone();
    let mut done = state(clock::now_ms(), Some("success"));
    done["renderMetadata"]["outName"] = payload["outName"].clone();
    let key = format!("renders/{id}/progress.json");
    aws.world().objects.insert(key, done.to_string());
    let body = webhook(id, &payload, "success");
    assert_eq!(Box::pin(tell(api, &body, SECRET)).await, 204);
}

/// A render is done, and whoever is woken by its word looks at the queue.
async fn finish(aws: &Aws, api: &App, dispatcher: &App, id: &str) {
    is_done(aws, api, id).await;
    let wake = aws.world().woken.pop();
    if let Some(wake) = wake {
        Box::pin(dispatch::handle(dispatcher, lambda_event(&wake)))
            .await
            .expect("a look");
    }
}

/// One render runs, and another waits: their ids.
async fn one_waits(app: &App) -> (String, String) {
    let id = |body: &Value| body["renderId"].as_str().expect("an id").to_owned();
    let (status, runs) = Box::pin(ask_with(app, "anna", "runs")).await;
    assert_eq!(status, 200, "{runs}");
    let (status, waits) = Box::pin(ask_with(app, "anna", "waits")).await;
    assert_eq!(status, 202, "{waits}");
    (id(&runs), id(&waits))
}

/// The key has a random part, which it is given when it starts.
#[test]
fn what_has_waited_is_linked_where_its_output_is() {
    simulated(async {
        let aws = Aws::seeded(11);
        let app = with_a_queue(&aws, 6, &[("OUTPUT_BUCKET_NAME", "our-videos")]);
        let (runs, waits) = one_waits(&app).await;
        finish(&aws, &app, &app, &runs).await;
        let started = aws.world().started.keys().find(|id| **id != runs).cloned();
        let started = started.expect("the other");
        let key = aws.world().started[&started]["outName"]["key"].clone();
        finish(&aws, &app, &app, &started).await;
        for path in [format!("/render/{waits}"), "/render".to_owned()] {
            let (_, read) = Box::pin(ask(&app, "anna", "GET", &path, &Value::Null, None)).await;
            let read = read["renders"].get(0).cloned().unwrap_or(read);
            let url = read["outputUrl"].as_str().expect("a link");
            assert!(url.contains(key.as_str().expect("a key")), "{url}");
        }
    });
}

/// Whoever asks for a render has no say in how many functions it takes.
#[test]
fn what_waits_takes_as_many_functions_as_the_operator_says_when_it_starts() {
    simulated(async {
        let aws = Aws::seeded(12);
        let api = with_a_queue(&aws, 6, &[]);
        let (runs, _) = one_waits(&api).await;
        let fewer = r#"{"enableCancellation":true,"concurrency":2}"#;
        let dispatcher = with_a_queue(&aws, 3, &[("REMOTION_RENDER_DEFAULTS", fewer)]);
        finish(&aws, &api, &dispatcher, &runs).await;
        assert_eq!(taken(&aws), (2, json!("3")));
    });
}

#[test]
fn a_claim_whose_answer_was_lost_is_given_back() {
    simulated(async {
        let aws = Aws::seeded(13);
        let app = with_a_queue(&aws, 6, &[]);
        let (runs, waits) = one_waits(&app).await;
        is_done(&aws, &app, &runs).await;

        // As often as the SDK sends it.
        aws.world().lost.insert("TransactWriteItems", 3);
        let look = || Box::pin(dispatch::handle(&app, lambda_event(&json!({}))));
        assert!(look().await.is_err());
        assert_eq!(taken(&aws), (1, json!("0")));
        let (_, read) = Box::pin(ask(
            &app,
            "anna",
            "GET",
            &format!("/render/{waits}"),
            &Value::Null,
            None,
        ))
        .await;
        assert_eq!(read["status"], "waiting");
        look().await.expect("a look");
        assert_eq!(taken(&aws), (2, json!("6")));
    });
}

/// It has run, so that its key is free again, and its place with it.
#[test]
fn a_still_that_fails_makes_room() {
    simulated(async {
        let aws = Aws::seeded(14);
        let app = with_a_queue(&aws, 6, &[]);
        for _ in 0..10 {
            let none = json!({});
            let still = Box::pin(ask(&app, "anna", "POST", "/still", &none, None));
            let (status, body) = still.await;
            assert_eq!(
                (status, &body["code"]),
                (502, &json!("render_function_error"))
            );
        }
        assert_eq!(taken(&aws), (0, json!("0")));
        assert_eq!(aws.world().table.beginning("lease#").count(), 0);
    });
}

/// They take turns from one count, where each meets the others.
#[test]
fn many_of_one_owner_at_once_all_wait() {
    simulated(async {
        let aws = Aws::seeded(15);
        let app = with_a_queue(&aws, 6, &[]);
        one_waits(&app).await;
        let none = json!({});
        let all = (0..20).map(|_| ask(&app, "anna", "POST", "/render", &none, None));
        let answers = futures_util::future::join_all(all).await;
        for (status, body) in answers {
            assert_eq!(status, 202, "{body}");
        }
    });
}

/// What is claimed and not started is nobody's for twenty minutes, and fails then.
#[test]
fn nothing_is_claimed_that_there_is_no_time_to_start() {
    simulated(async {
        let aws = Aws::seeded(16);
        let api = with_a_queue(&aws, 6, &[]);
        one_waits(&api).await;
        for at in 0..150 {
            let (status, body) = Box::pin(ask_with(&api, "anna", &format!("key-{at}"))).await;
            assert_eq!(status, 202, "{body}");
        }
        aws.world().start_takes = Duration::from_secs(4);
        let dispatcher = with_a_queue(&aws, 1_000, &[]);
        for _ in 0..3 {
            Box::pin(dispatch::handle(&dispatcher, lambda_event(&json!({}))))
                .await
                .expect("a look");
            let world = aws.world();
            let mut phases = world.table.records().filter_map(|item| item.get("phase"));
            assert!(phases.all(|phase| phase["S"] == "waiting"));
        }
        assert_eq!(aws.world().started.len(), 152);
    });
}
