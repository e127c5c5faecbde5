//! Renders that wait are started in turn, once at most, and never more than there is room for, whoever is killed meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use remotion_render_api::{App, clock, dispatch};
use serde_json::{Value, json};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Duration, sleep};

use crate::aws::Aws;
use crate::deployment::{Deployment, Plan};
use crate::world::{
    SECRET, ask, lambda_event, simulated, state, sweep, tell, webhook, with_a_queue,
};

/// How far owners may be apart: as many as are started side by side.
fn assert_turns(order: &[String], owners: &BTreeMap<String, usize>, renders: &[usize]) {
    let mut started = vec![0; renders.len()];
    for id in order {
        let Some(owner) = owners.get(id) else {
            continue;
        };
        started[*owner] += 1;
        let behind = started
            .iter()
            .zip(renders)
            .filter(|(started, all)| started < all)
            .map(|(started, _)| *started);
        let least = behind.min().unwrap_or(started[*owner]);
        assert!(started[*owner] <= least + 12, "{started:?}");
    }
}

fn queued(plan: Plan) {
    simulated(LocalSet::new().run_until(async {
        let (renders, owners) = (plan.renders, plan.owners);
        let deployment = Rc::new(Deployment::new(plan));
        spawn_local(deployment.clone().run());
        spawn_local(deployment.clone().ticks());
        let mut taken_in = BTreeMap::new();
        let mut of_owner = vec![0; owners];
        let mut direct = 0;
        for at in 0..renders {
            let owner = at % owners;
            // A caller who has heard nothing sends it again, with the same key.
            let key = format!("key-{at}");
            let mut answer = (0, Value::Null);
            for _ in 0..40 {
                let user = format!("user-{owner:03}");
                let ask = ask_with(&deployment.api, &user, &key);
                if let Some(heard) = deployment.killed_now_and_then(ask).await {
                    answer = heard;
                    if matches!(answer.0, 200 | 202 | 502)
                        || answer.1["code"] == "idempotency_outcome_unknown"
                    {
                        break;
                    }
                }
                sleep(Duration::from_secs(2)).await;
            }
            match answer.0 {
                202 => {
                    let id = answer.1["renderId"].as_str().expect("an id").to_owned();
                    taken_in.insert(id, owner);
                    of_owner[owner] += 1;
                }
                _ => direct += 1,
            }
            if at == 0 {
                deployment.aws.world().one_fails_in = deployment.plan.one_fails_in;
            }
        }
        let everything_ended = |deployment: &Deployment| {
            let world = deployment.aws.world();
            world.table.records().all(|item| item.contains_key("ended"))
        };
        for minute in 0..6_000 {
            if minute > 0 && everything_ended(&deployment) {
                break;
            }
            sleep(Duration::from_mins(1)).await;
        }
        deployment.aws.world().one_fails_in = None;
        sleep(Duration::from_mins(15)).await;
        let watch = deployment.watch.borrow();
        let world = deployment.aws.world();
        assert!(
            watch.most <= deployment.plan.capacity,
            "{} ran at once",
            watch.most
        );
        let mut starts: BTreeMap<&str, usize> = BTreeMap::new();
        for id in &watch.order {
            *starts.entry(id).or_default() += 1;
        }
        assert!(
            starts.values().all(|starts| *starts == 1),
            "each once at most"
        );
        // Every one that was taken in has ended; nothing is held, and nothing waits.
        for id in taken_in.keys() {
            let record = world
                .table
                .records()
                .find(|item| item["sk"]["S"] == format!("render#{id}"));
            assert!(
                record.is_some_and(|record| record.contains_key("ended")),
                "{id} is lost"
            );
        }
        let count = |name: &str| {
            world.table.items[&("capacity".to_owned(), "capacity".to_owned())][name]["N"].clone()
        };
        assert_eq!((count("used"), count("waiting")), (json!("0"), json!("0")));
        assert_eq!(world.table.beginning("lease#").count(), 0);
        assert_eq!(world.table.beginning("request#").count(), 0);
        if deployment.plan.one_fails_in.is_none() {
            assert_turns(&watch.order, &taken_in, &of_owner);
            assert_eq!(watch.order.len(), renders, "{direct} at once");
        }
        let percent = watch.used * 100 / (watch.time * u64::from(deployment.plan.capacity)).max(1);
        println!(
            "{renders} renders, {} functions at most, {percent} % in use",
            watch.most
        );
        assert!(
            percent >= deployment.plan.percent,
            "only {percent} % of the capacity was in use"
        );
    }));
}

pub(crate) async fn ask_with(app: &App, user: &str, key: &str) -> (u16, Value) {
    ask(
        app,
        user,
        "POST",
        "/render",
        &json!({"name": key}),
        Some(key),
    )
    .await
}

#[test]
fn in_turn_and_within_the_capacity() {
    queued(Plan {
        renders: 120,
        owners: 6,
        capacity: 60,
        one_fails_in: None,
        one_lost_in: 0,
        one_bad_in: 10,
        seed: 1,
        percent: 85,
    });
}

#[test]
fn with_failures_and_kills() {
    queued(Plan {
        renders: 80,
        owners: 5,
        capacity: 30,
        one_fails_in: Some(25),
        one_lost_in: 8,
        one_bad_in: 10,
        seed: 2,
        percent: 50,
    });
}

/// `SIM_RENDERS=5000 cargo test --release --test sim queue -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn of_many() {
    let renders = std::env::var("SIM_RENDERS")
        .ok()
        .and_then(|text| text.parse().ok());
    queued(Plan {
        renders: renders.unwrap_or(5_000),
        owners: 50,
        capacity: 120,
        one_fails_in: Some(60),
        one_lost_in: 20,
        one_bad_in: 20,
        seed: 3,
        percent: 85,
    });
}

/// Apps poll: whoever reads that a render is over makes room, and Remotion's word has what waits started, long before the tick.
#[test]
fn a_place_whose_end_was_read_is_given_on() {
    place_is_given_on("success", "done");
}

/// When its other functions have seen the signal.
#[test]
fn a_place_whose_failure_was_read_is_given_on() {
    place_is_given_on("error", "failed");
}

fn place_is_given_on(kind: &'static str, told: &'static str) {
    simulated(async {
        let aws = Aws::seeded(7);
        let app = with_a_queue(&aws, 6, &[]);
        let (status, first) = ask_with(&app, "anna", "a").await;
        assert_eq!(status, 200, "{first}");
        let (status, second) = ask_with(&app, "anna", "b").await;
        assert_eq!(status, 202, "{second}");
        let (id, payload) = aws
            .world()
            .started
            .first_key_value()
            .map(|(id, payload)| (id.clone(), payload.clone()))
            .expect("a render");
        let over = state(clock::now_ms(), Some(kind)).to_string();
        aws.world()
            .objects
            .insert(format!("renders/{id}/progress.json"), over);
        let (_, read) = ask(
            &app,
            "anna",
            "GET",
            &format!("/render/{id}"),
            &Value::Null,
            None,
        )
        .await;
        assert_eq!(read["status"], told);
        aws.world().woken.clear();
        assert_eq!(tell(&app, &webhook(&id, &payload, kind), SECRET).await, 204);
        let wake = aws.world().woken.pop().expect("the dispatcher is woken");
        Box::pin(dispatch::handle(&app, lambda_event(&wake)))
            .await
            .expect("a look");
        assert_eq!(aws.world().started.len(), 2);
    });
}

/// It has no id of Remotion's, and never will.
#[test]
fn what_ends_while_it_waits_is_still_its_owners() {
    simulated(async {
        let aws = Aws::seeded(8);
        let app = with_a_queue(&aws, 6, &[("MAX_WAIT_MINUTES", "90")]);
        assert_eq!(ask_with(&app, "anna", "runs").await.0, 200);
        let mut ids = Vec::new();
        for key in ["cancelled", "expired"] {
            let (status, body) = ask_with(&app, "anna", key).await;
            assert_eq!(status, 202, "{body}");
            ids.push(body["renderId"].as_str().expect("an id").to_owned());
        }
        let get = async |path: &str| ask(&app, "anna", "GET", path, &Value::Null, None).await;
        let cancel = format!("/render/{}/cancel", ids[0]);
        let (status, body) = ask(&app, "anna", "POST", &cancel, &json!({}), None).await;
        assert_eq!(status, 202, "{body}");
        sleep(Duration::from_mins(91)).await;
        sweep(&app).await;

        for (id, told) in ids.iter().zip(["cancelled", "failed"]) {
            let (status, body) = get(&format!("/render/{id}")).await;
            assert_eq!(
                (status, body["status"].as_str()),
                (200, Some(told)),
                "{body}"
            );
            assert_eq!(body["remotionRenderId"], Value::Null);
        }
        let (_, expired) = get(&format!("/render/{}", ids[1])).await;
        assert_eq!(
            expired["errors"][0]["message"],
            "wait_expired: There was no capacity for this render within 91 minutes."
        );
        let (_, listed) = get("/render").await;
        assert_eq!(listed["renders"].as_array().map(Vec::len), Some(3));
        let (status, body) = ask(
            &app,
            "anna",
            "DELETE",
            &format!("/render/{}", ids[0]),
            &json!({}),
            None,
        )
        .await;
        assert_eq!(status, 204, "{body}");
    });
}

/// It gives its place on at once: nobody waits for the tick because of it.
#[test]
fn what_cannot_be_started_holds_up_nothing() {
    // Unoptimised, a failure within a look is deeper than a test's thread.
    std::thread::Builder::new()
        .stack_size(8 << 20)
        .spawn(fail_and_give_on)
        .expect("a thread")
        .join()
        .expect("no panic");
}

fn failed(aws: &Aws) -> usize {
    let world = aws.world();
    let failed = world.table.beginning("render#").filter(|item| {
        item.get("ended")
            .is_some_and(|ended| ended["S"] == "failed")
    });
    failed.count()
}

fn fail_and_give_on() {
    simulated(async {
        let aws = Aws::seeded(9);
        let quota = [("RENDERS_PER_USER_PER_DAY", "100")];
        let api = with_a_queue(&aws, 6, &quota);
        let (_, runs) = Box::pin(ask_with(&api, "anna", "runs")).await;
        let id = runs["renderId"].as_str().expect("an id").to_owned();
        let body = json!({"composition": "Removed"});
        for _ in 0..3 {
            let (status, body) = Box::pin(ask(&api, "anna", "POST", "/render", &body, None)).await;
            assert_eq!(status, 202, "{body}");
        }
        let (status, kept) = Box::pin(ask_with(&api, "anna", "kept")).await;
        assert_eq!(status, 202, "{kept}");

        // The operator does not allow it any more.
        let allowed = [quota[0], ("REMOTION_ALLOWED_COMPOSITIONS", "MyVideo")];
        let dispatcher = with_a_queue(&aws, 6, &allowed);
        let payload = aws.world().started[&id].clone();
        let done = state(clock::now_ms(), Some("success")).to_string();
        let key = format!("renders/{id}/progress.json");
        aws.world().objects.insert(key, done);
        assert_eq!(
            Box::pin(tell(&api, &webhook(&id, &payload, "success"), SECRET)).await,
            204
        );
        let wake = aws.world().woken.pop().expect("the dispatcher is woken");
        Box::pin(dispatch::handle(&dispatcher, lambda_event(&wake)))
            .await
            .expect("a look");
        assert_eq!(aws.world().started.len(), 2, "the last of four");
        assert_eq!(failed(&aws), 3);
        let (_, usage) = Box::pin(ask(&api, "anna", "GET", "/usage", &json!({}), None)).await;
        assert_eq!(usage["quota"]["left"], 98, "what never ran is given back");
    });
}

/// Where it was too large for the table, it lies in the bucket for as long as it is needed, and no longer.
#[test]
fn what_was_sent_is_not_kept() {
    simulated(async {
        let aws = Aws::seeded(10);
        let app = with_a_queue(&aws, 6, &[("MAX_WAIT_MINUTES", "90")]);
        let (_, runs) = Box::pin(ask_with(&app, "anna", "runs")).await;
        let id = runs["renderId"].as_str().expect("an id").to_owned();
        let body = json!({"inputProps": {"title": "x".repeat(150_000)}});
        let mut ids = Vec::new();
        for _ in 0..3 {
            let (status, body) = Box::pin(ask(&app, "anna", "POST", "/render", &body, None)).await;
            assert_eq!(status, 202, "{body}");
            ids.push(body["renderId"].as_str().expect("an id").to_owned());
        }
        let kept = || {
            let world = aws.world();
            let keys = world.objects.keys();
            let keys = keys.filter_map(|key| key.strip_prefix("render-api/requests/"));
            keys.map(|key| key.trim_end_matches(".json").to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(kept(), ids.iter().cloned().collect());

        let cancel = format!("/render/{}/cancel", ids[0]);
        Box::pin(ask(&app, "anna", "POST", &cancel, &json!({}), None)).await;
        assert_eq!(kept(), ids[1..].iter().cloned().collect());

        let payload = aws.world().started[&id].clone();
        let done = state(clock::now_ms(), Some("success")).to_string();
        let key = format!("renders/{id}/progress.json");
        aws.world().objects.insert(key, done);
        Box::pin(tell(&app, &webhook(&id, &payload, "success"), SECRET)).await;
        let wake = aws.world().woken.pop().expect("the dispatcher is woken");
        Box::pin(dispatch::handle(&app, lambda_event(&wake)))
            .await
            .expect("a look");
        assert_eq!(kept(), ids[2..].iter().cloned().collect());

        sleep(Duration::from_mins(91)).await;
        Box::pin(sweep(&app)).await;
        assert_eq!(kept(), BTreeSet::new());
    });
}
