//! Batches: each item is started at most once, as what it is, whoever is killed meanwhile; and the end of each batch is told once.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Value, json};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Duration, sleep};

use crate::deployment::{Deployment, Plan};
use crate::world::{ask, simulated};

fn plan(one_fails_in: Option<u32>, seed: u64) -> Plan {
    Plan {
        renders: 0,
        owners: 3,
        capacity: 60,
        one_fails_in,
        one_lost_in: if one_fails_in.is_some() { 8 } else { 0 },
        one_bad_in: 10,
        seed,
        percent: 0,
    }
}

fn body(batch: usize, items: usize) -> Value {
    let items: Vec<_> = (0..items)
        .map(
            |at| json!({"inputProps": {"text": format!("{batch}/{at}")}, "customData": {"at": at}}),
        )
        .collect();
    json!({"name": format!("Batch {batch}"), "items": items})
}

/// Asks until there is an answer that decides, as a caller does who has heard nothing.
async fn asked(
    deployment: &Deployment,
    user: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    for _ in 0..60 {
        let ask = ask(&deployment.api, user, method, path, body, Some("key"));
        if let Some((status, answer)) = deployment.killed_now_and_then(ask).await
            && status < 429
            && answer["code"] != "idempotency_in_flight"
        {
            return (status, answer);
        }
        sleep(Duration::from_secs(2)).await;
    }
    panic!("no answer to {method} {path}");
}

/// One owner each, and an owner's batch is cancelled after a while.
fn batches(items: &[usize], cancelled: Option<usize>, plan: Plan) {
    simulated(LocalSet::new().run_until(async {
        let one_fails_in = plan.one_fails_in;
        let deployment = Rc::new(Deployment::new(plan));
        spawn_local(deployment.clone().run());
        spawn_local(deployment.clone().ticks());
        deployment.aws.world().one_fails_in = one_fails_in;
        let mut ids = Vec::new();
        for (batch, items) in items.iter().enumerate() {
            let user = format!("user-{batch}");
            let (status, answer) =
                asked(&deployment, &user, "POST", "/batches", &body(batch, *items)).await;
            assert_eq!(status, 202, "{answer}");
            let again = asked(&deployment, &user, "POST", "/batches", &body(batch, *items)).await;
            assert_eq!(again.1, answer, "a key stands for one batch");
            ids.push(answer["batchId"].as_str().expect("an id").to_owned());
        }
        if let Some(batch) = cancelled {
            sleep(Duration::from_secs(50)).await;
            let path = format!("/batches/{}/cancel", ids[batch]);
            let user = format!("user-{batch}");
            let (status, answer) = asked(&deployment, &user, "POST", &path, &json!({})).await;
            assert_eq!(status, 202, "{answer}");
        }
        sleep(Duration::from_hours(4)).await;
        deployment.aws.world().one_fails_in = None;
        sleep(Duration::from_mins(20)).await;
        for (batch, id) in ids.iter().enumerate() {
            let path = format!("/batches/{id}");
            let user = format!("user-{batch}");
            let (_, told) = ask(&deployment.api, &user, "GET", &path, &json!({}), None).await;
            let count = |name: &str| told[name].as_u64().expect("a count");
            let ended = count("done") + count("failed") + count("cancelled");
            assert_eq!(
                (ended, count("total")),
                (items[batch] as u64, items[batch] as u64),
                "{told}"
            );
            assert_eq!((count("waiting"), count("started")), (0, 0), "{told}");
            assert!(told["finishedAt"].is_u64(), "{told}");
            if cancelled == Some(batch) {
                assert!(count("cancelled") > 0, "{told}");
            } else if one_fails_in.is_none() {
                assert_eq!(count("cancelled"), 0, "{told}");
            }
            let (status, other) =
                ask(&deployment.api, "mallory", "GET", &path, &json!({}), None).await;
            assert_eq!((status, &other["code"]), (404, &json!("batch_not_found")));
            let cancel = format!("{path}/cancel");
            let (status, over) =
                ask(&deployment.api, &user, "POST", &cancel, &json!({}), None).await;
            assert_eq!((status, &over["code"]), (409, &json!("batch_over")));
        }
        let watch = deployment.watch.borrow();
        let world = deployment.aws.world();
        assert!(watch.most <= 60, "{} ran at once", watch.most);
        let mut starts: BTreeMap<String, usize> = BTreeMap::new();
        for payload in world.started.values() {
            let props = payload["inputProps"]["payload"].as_str().expect("props");
            *starts.entry(props.to_owned()).or_default() += 1;
        }
        assert!(starts.values().all(|starts| *starts == 1), "{starts:?}");
        if one_fails_in.is_none() && cancelled.is_none() {
            assert_eq!(
                starts.len(),
                items.iter().sum::<usize>(),
                "each with its own props"
            );
        }
        let records: Vec<_> = world.table.records().collect();
        assert_eq!(records.len(), items.iter().sum::<usize>());
        assert!(records.iter().all(|record| record.contains_key("ended")));
        for begins in ["request#", "lease#", "event#"] {
            assert_eq!(world.table.beginning(begins).count(), 0, "{begins}");
        }
        // What is no use to anybody is deleted once; where that fails, it stays.
        let mut kept = world.objects.keys();
        assert!(one_fails_in.is_some() || !kept.any(|key| key.starts_with("render-api/")));
        let finished = world.events.iter().filter(|event| event["total"].is_u64());
        let finished: BTreeSet<_> = finished.map(|event| event["eventId"].to_string()).collect();
        assert_eq!(finished.len(), items.len(), "each batch's end is told");
        let count = |name: &str| {
            world.table.items[&("capacity".to_owned(), "capacity".to_owned())][name]["N"].clone()
        };
        assert_eq!((count("used"), count("waiting")), (json!("0"), json!("0")));
    }));
}

#[test]
fn of_several_owners() {
    batches(&[90, 1, 41], None, plan(None, 1));
}

#[test]
fn one_of_which_is_cancelled() {
    batches(&[30, 120], Some(1), plan(None, 2));
}

#[test]
fn with_failures_and_kills() {
    batches(&[60, 45], Some(1), plan(Some(25), 3));
}
