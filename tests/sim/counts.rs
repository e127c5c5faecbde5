//! What a render costs in calls to AWS, whoever waits meanwhile: counted.

use std::collections::BTreeMap;

use remotion_render_api::{App, clock, dispatch};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep};

use crate::aws::Aws;
use crate::world::{
    SECRET, ask, lambda_event, simulated, state, sweep, tell, webhook, with_a_queue,
};

/// How long each call takes.
const CALL: Duration = Duration::from_millis(5);

/// Room for one render.
fn with_room_for_one(aws: &Aws) -> App {
    with_a_queue(aws, 6, &[("RENDERS_PER_USER_PER_DAY", "10000")])
}

async fn take_in(app: &App, user: &str) -> String {
    let (status, body) = ask(app, user, "POST", "/render", &json!({}), None).await;
    assert!(matches!(status, 200 | 202), "{body}");
    body["renderId"].as_str().expect("an id").to_owned()
}

async fn look(app: &App) {
    Box::pin(dispatch::handle(app, lambda_event(&json!({}))))
        .await
        .expect("a look");
}

/// The calls that something makes, by their names, and how many stood in a row.
async fn counted(aws: &Aws, run: impl Future<Output = ()>) -> (BTreeMap<String, usize>, u32) {
    let before = aws.world().calls.clone();
    let began = Instant::now();
    Box::pin(run).await;
    let in_a_row = began.elapsed().as_millis() / CALL.as_millis();
    let mut calls = aws.world().calls.clone();
    for (name, count) in before {
        if let Some(calls) = calls.get_mut(&name) {
            *calls -= count;
        }
    }
    calls.retain(|_, count| *count > 0);
    (calls, u32::try_from(in_a_row).expect("few"))
}

/// One that runs, and so many of several owners that wait.
async fn queue_of(aws: &Aws, count: usize) -> App {
    let app = with_room_for_one(aws);
    for at in 0..=count {
        take_in(&app, &format!("user-{:02}", at % 20)).await;
    }
    app
}

/// The render that runs is done.
fn finish(aws: &Aws) -> (String, Value) {
    let last = aws
        .world()
        .started
        .last_key_value()
        .map(|(id, payload)| (id.clone(), payload.clone()));
    let (id, payload) = last.expect("a render");
    let done = state(clock::now_ms(), Some("success")).to_string();
    aws.world()
        .objects
        .insert(format!("renders/{id}/progress.json"), done);
    (id, payload)
}

#[test]
fn nothing_is_asked_for_what_waits_but_by_the_tick() {
    let of_a_minute = |count| {
        simulated(async move {
            let aws = Aws::seeded(1);
            let app = queue_of(&aws, count).await;
            let minute = async {
                sleep(Duration::from_mins(1)).await;
                sweep(&app).await;
                // The tick wakes the dispatcher.
                look(&app).await;
            };
            counted(&aws, minute).await.0
        })
    };
    let calls = of_a_minute(1);
    assert_eq!(calls, of_a_minute(300));
    assert_eq!(calls["Invoke"], 1);
    assert!(calls.values().sum::<usize>() <= 12, "{calls:?}");
}

/// To take one in, to start one, to cancel one: each costs as much where many wait as where few do.
#[test]
fn the_same_however_many_wait() {
    let of_each = |count| {
        simulated(async move {
            let aws = Aws::seeded(2);
            let app = queue_of(&aws, count).await;
            let mut last = String::new();
            let taken_in = counted(&aws, async { last = take_in(&app, "anna").await }).await;
            let cancelled = async {
                let path = format!("/render/{last}/cancel");
                let (status, body) = ask(&app, "anna", "POST", &path, &json!({}), None).await;
                assert_eq!(status, 202, "{body}");
            };
            let cancelled = counted(&aws, cancelled).await;
            let (id, payload) = finish(&aws);
            let ended = async {
                assert_eq!(
                    tell(&app, &webhook(&id, &payload, "success"), SECRET).await,
                    204
                );
            };
            let ended = counted(&aws, ended).await;
            let dispatched = counted(&aws, look(&app)).await;
            assert_eq!(aws.world().started.len(), 2);
            [taken_in, cancelled, ended, dispatched]
        })
    };
    let few = of_each(10);
    assert_eq!(few, of_each(1_500));
}

/// Claimed, started, written down: that much more stands in a row where one may start than where none may.
#[test]
fn a_dispatch_is_three_calls_in_a_row() {
    simulated(async {
        let aws = Aws::seeded(3);
        let app = queue_of(&aws, 2).await;
        let (_, nothing) = counted(&aws, look(&app)).await;
        let (id, payload) = finish(&aws);
        assert_eq!(
            tell(&app, &webhook(&id, &payload, "success"), SECRET).await,
            204
        );
        let (calls, one) = counted(&aws, look(&app)).await;
        assert_eq!(aws.world().started.len(), 2, "{calls:?}");
        // The claim that is refused behind it stands next to the start.
        assert!(one - nothing <= 3, "{nothing} and {one}: {calls:?}");
    });
}

/// Remotion's function waits for the answer, and is paid for meanwhile, also where others wait for its place.
#[test]
fn the_hook_is_four_calls_in_a_row() {
    for kind in ["success", "error"] {
        simulated(async {
            let aws = Aws::seeded(6);
            let app = queue_of(&aws, 1).await;
            let (id, payload) = finish(&aws);
            let told = async {
                let webhook = webhook(&id, &payload, kind);
                assert_eq!(tell(&app, &webhook, SECRET).await, 204);
            };
            let (calls, in_a_row) = counted(&aws, told).await;
            assert_eq!(calls["Invoke"], 1, "the dispatcher is woken: {calls:?}");
            assert!(in_a_row <= 4, "{kind}: {in_a_row}: {calls:?}");
        });
    }
}

/// A render from its start to its end, with all that goes with it.
#[test]
fn of_a_render_in_all() {
    simulated(async {
        let aws = Aws::seeded(4);
        let app = queue_of(&aws, 1).await;
        let all = async {
            let (id, payload) = finish(&aws);
            tell(&app, &webhook(&id, &payload, "success"), SECRET).await;
            look(&app).await;
            take_in(&app, "anna").await;
        };
        let (calls, _) = counted(&aws, all).await;
        assert!(calls.values().sum::<usize>() <= 30, "{calls:?}");
    });
}
