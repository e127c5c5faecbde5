//! Each end is written once, counted once, and told under one id, whatever comes twice, late, forged, or fails in between.

use std::collections::BTreeSet;

use remotion_render_api::clock;
use serde_json::json;
use tokio::time::{Duration, sleep, timeout};

use crate::aws::Aws;
use crate::dynamodb::Table;
use crate::world::{SECRET, app, ask, simulated, state, sweep, tell, webhook};

const KINDS: [&str; 3] = ["success", "error", "timeout"];

/// How many renders the table's months have.
fn counted(table: &Table) -> u64 {
    let months = table.beginning("usage#");
    let renders = months.filter_map(|item| item.get("renders")?["N"].as_str()?.parse::<u64>().ok());
    renders.sum()
}

fn ended(table: &Table) -> usize {
    table
        .records()
        .filter(|item| item.contains_key("ended"))
        .count()
}

fn ends_of_many(renders: usize, users: usize, one_fails_in: Option<u32>, seed: u64) {
    simulated(async {
        let mut random = fastrand::Rng::with_seed(seed);
        let aws = Aws::seeded(seed);
        let app = app(&aws, &[]);
        for at in 0..renders {
            let user = format!("user-{}", at % users);
            let (status, body) = ask(
                &app,
                &user,
                "POST",
                "/render",
                &json!({"name": format!("Video {at}")}),
                None,
            )
            .await;
            assert_eq!(status, 200, "{body}");
        }
        // How each ends, and what arrives of it: once, twice or never, and forged.
        let mut arriving = Vec::new();
        let started = aws.world().started.clone();
        let now = clock::now_ms();
        for (id, payload) in &started {
            let kind = KINDS[random.usize(..KINDS.len())];
            let key = format!("renders/{id}/progress.json");
            aws.world()
                .objects
                .insert(key, state(now, Some(kind)).to_string());
            for _ in 0..random.usize(..3) {
                arriving.push((webhook(id, payload, kind), SECRET));
            }
            if random.u8(..10) == 0 {
                arriving.push((webhook(id, payload, "success"), "another secret"));
            }
        }
        random.shuffle(&mut arriving);
        aws.world().one_fails_in = one_fails_in;
        for (body, secret) in arriving {
            // The function is killed at any moment.
            let killed = timeout(
                Duration::from_millis(random.u64(1..60)),
                tell(&app, &body, secret),
            );
            let told = if one_fails_in.is_some() && random.u8(..5) == 0 {
                killed.await.ok()
            } else {
                Some(tell(&app, &body, secret).await)
            };
            if secret != SECRET {
                assert!(told.is_none_or(|status| status == 401), "{told:?}");
            }
        }
        // The sweep finds the others when their time has passed.
        for minute in 0..30 {
            if minute > 10 {
                aws.world().one_fails_in = None;
            }
            sleep(Duration::from_mins(1)).await;
            sweep(&app).await;
        }
        let world = aws.world();
        assert_eq!(ended(&world.table), renders);
        assert_eq!(counted(&world.table), renders as u64);
        assert_eq!(world.table.beginning("event#").count(), 0, "all are told");
        let ids: BTreeSet<_> = world
            .events
            .iter()
            .map(|event| event["eventId"].as_str().expect("an id"))
            .collect();
        assert_eq!(ids.len(), renders);
        if one_fails_in.is_none() {
            assert_eq!(world.events.len(), renders, "each is told once");
        }
        assert!(world.events.iter().all(|event| {
            event["owner"]
                .as_str()
                .is_some_and(|owner| owner.starts_with("user-"))
        }));
    });
}

#[test]
fn in_any_order() {
    ends_of_many(500, 20, None, 1);
}

#[test]
fn with_failures_and_kills() {
    ends_of_many(300, 7, Some(12), 2);
}

/// Apps poll, so most often the owner has read how it ended before Remotion tells it: the event does not wait for the sweep then.
#[test]
fn that_were_read_first() {
    simulated(async {
        let aws = Aws::seeded(4);
        let app = app(&aws, &[]);
        ask(&app, "anna", "POST", "/render", &json!({}), None).await;
        let (id, payload) = aws.world().started.pop_first().expect("a render");
        let key = format!("renders/{id}/progress.json");
        let done = state(clock::now_ms(), Some("success")).to_string();
        aws.world().objects.insert(key, done);
        let (status, body) = ask(
            &app,
            "anna",
            "GET",
            &format!("/render/{id}"),
            &json!({}),
            None,
        )
        .await;
        assert_eq!((status, &body["status"]), (200, &json!("done")), "{body}");
        assert_eq!(aws.world().events.len(), 0);

        let told = webhook(&id, &payload, "success");
        for _ in 0..3 {
            assert_eq!(tell(&app, &told, SECRET).await, 204);
            assert_eq!(aws.world().events.len(), 1, "told once, and at once");
        }
        assert_eq!(aws.world().table.beginning("event#").count(), 0);
        for _ in 0..5 {
            sleep(Duration::from_mins(1)).await;
            sweep(&app).await;
        }
        assert_eq!(aws.world().events.len(), 1);
        assert_eq!(counted(&aws.world().table), 1);
    });
}

/// A bucket that has changed its policy, say: what is due there lies before all that comes later.
#[test]
fn that_cannot_be_looked_at_keep_no_other_waiting() {
    simulated(async {
        let aws = Aws::seeded(5);
        let app = app(&aws, &[]);
        for _ in 0..250 {
            ask(&app, "anna", "POST", "/render", &json!({}), None).await;
        }
        let ids: Vec<_> = aws.world().started.keys().cloned().collect();
        let (last, others) = ids.split_last().expect("renders");
        let key = |id: &String| format!("renders/{id}/progress.json");
        let done = state(clock::now_ms(), Some("success")).to_string();
        aws.world().objects.insert(key(last), done);
        aws.world().forbidden.extend(others.iter().map(key));
        for _ in 0..20 {
            sleep(Duration::from_mins(1)).await;
            sweep(&app).await;
        }
        let told: Vec<_> = aws.world().events.clone();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["renderId"], last.as_str());

        // And they are found when it tells again.
        let done = state(clock::now_ms(), Some("success")).to_string();
        let objects = others.iter().map(|id| (key(id), done.clone()));
        aws.world().objects.extend(objects.collect::<Vec<_>>());
        aws.world().forbidden.clear();
        for _ in 0..20 {
            sleep(Duration::from_mins(1)).await;
            sweep(&app).await;
        }
        assert_eq!(aws.world().events.len(), 250);
    });
}

/// A bus that is gone, or that takes nothing, say.
#[test]
fn that_cannot_be_told_keep_no_other_waiting() {
    simulated(async {
        let aws = Aws::seeded(6);
        let app = app(&aws, &[]);
        aws.world().bus_is_down = true;
        for _ in 0..150 {
            ask(&app, "anna", "POST", "/render", &json!({}), None).await;
        }
        let started = aws.world().started.clone();
        for (id, payload) in &started {
            let done = state(clock::now_ms(), Some("success")).to_string();
            aws.world()
                .objects
                .insert(format!("renders/{id}/progress.json"), done);
            tell(&app, &webhook(id, payload, "success"), SECRET).await;
        }
        assert_eq!(aws.world().table.beginning("event#").count(), 150);
        sleep(Duration::from_mins(1)).await;
        ask(&app, "anna", "POST", "/render", &json!({}), None).await;
        let last = aws.world().started.keys().next_back().cloned();
        let key = format!("renders/{}/progress.json", last.expect("the last"));
        let done = state(clock::now_ms(), Some("success")).to_string();
        aws.world().objects.insert(key, done);
        sleep(Duration::from_mins(5)).await;
        sweep(&app).await;
        assert_eq!(ended(&aws.world().table), 151);

        aws.world().bus_is_down = false;
        for _ in 0..5 {
            sleep(Duration::from_mins(1)).await;
            sweep(&app).await;
        }
        assert_eq!(aws.world().events.len(), 151);
    });
}

/// How it has ended is signed; the state gives no more than figures.
#[test]
fn whose_state_cannot_be_read() {
    simulated(async {
        let aws = Aws::seeded(7);
        let app = app(&aws, &[]);
        ask(&app, "anna", "POST", "/render", &json!({}), None).await;
        let (id, payload) = aws.world().started.pop_first().expect("a render");
        let key = format!("renders/{id}/progress.json");
        aws.world().objects.insert(key, "7".to_owned());
        let told = tell(&app, &webhook(&id, &payload, "success"), SECRET).await;
        assert_eq!(told, 204);
        assert_eq!(aws.world().events[0]["status"], "done");
    });
}

/// A function cancels what it has not finished when its time ends, and may say so before it says that its time has ended.
#[test]
fn of_a_function_whose_time_ends() {
    simulated(async {
        let aws = Aws::seeded(9);
        let app = app(&aws, &[]);
        ask(&app, "anna", "POST", "/render", &json!({}), None).await;
        let (id, payload) = aws.world().started.pop_first().expect("a render");
        let began = clock::now_ms();
        let cancelled = json!([{"message": "renderMedia() got cancelled", "name": "Error", "stack": "", "isFatal": true, "willRetry": false, "attempt": 1}]);
        let mut stopped = state(began, None);
        stopped["errors"] = cancelled.clone();
        stopped["fatalErrorTimestamp"] = (began + 119_500).into();
        let key = format!("renders/{id}/progress.json");
        aws.world().objects.insert(key, stopped.to_string());
        let mut body = webhook(&id, &payload, "error");
        body["errors"] = cancelled;
        assert_eq!(tell(&app, &body, SECRET).await, 204);
        assert_eq!(aws.world().events[0]["status"], "timed_out");
    });
}

/// Its functions have stopped at their timeout, whenever somebody looks.
#[test]
fn of_renders_that_nobody_has_looked_at_for_days_cost_no_more() {
    simulated(async {
        let aws = Aws::seeded(8);
        let app = app(&aws, &[]);
        ask(&app, "anna", "POST", "/render", &json!({}), None).await;
        let (id, _) = aws.world().started.pop_first().expect("a render");
        let began = clock::now_ms();
        let key = format!("renders/{id}/progress.json");
        aws.world()
            .objects
            .insert(key, state(began, None).to_string());
        sleep(Duration::from_hours(240)).await;
        let path = format!("/render/{id}");
        let (_, read) = ask(&app, "anna", "GET", &path, &json!({}), None).await;
        assert_eq!(read["status"], "timed_out");
        let (_, read) = ask(&app, "anna", "GET", &path, &json!({}), None).await;
        assert_eq!(read["finishedAt"], began + 120_000);
        let costs = read["costs"]["accruedSoFar"].as_f64().expect("costs");
        assert!(costs < 0.01, "{costs}");
    });
}

/// `SIM_RENDERS=10000 cargo test --release --test sim many -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn of_many() {
    let renders = std::env::var("SIM_RENDERS")
        .ok()
        .and_then(|text| text.parse().ok());
    ends_of_many(renders.unwrap_or(10_000), 50, Some(20), 3);
}
