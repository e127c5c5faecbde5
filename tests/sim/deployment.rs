//! A deployment with a queue on simulated time, and AWS, which runs what is started and woken, and kills some of it.

use std::cell::RefCell;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use remotion_render_api::{App, clock, dispatch};
use serde_json::Value;
use tokio::task::spawn_local;
use tokio::time::{Duration, Instant, sleep, timeout};

use crate::aws::Aws;
use crate::world::{SECRET, ask, lambda_event, state, sweep, tell, webhook, with_a_queue};

/// Functions of a render, by the concurrency of 5.
const WEIGHT: u32 = 6;

pub(crate) struct Plan {
    pub(crate) renders: usize,
    pub(crate) owners: usize,
    pub(crate) capacity: u32,
    pub(crate) one_fails_in: Option<u32>,
    /// One webhook in so many is lost.
    pub(crate) one_lost_in: u32,
    /// One in so many fails.
    pub(crate) one_bad_in: u32,
    pub(crate) seed: u64,
    /// How much of the capacity must be in use until few are left, in percent.
    pub(crate) percent: u64,
}

/// What is watched meanwhile.
#[derive(Default)]
pub(crate) struct Watch {
    running: u32,
    pub(crate) most: u32,
    /// Functions times milliseconds, until few are left, and that time.
    pub(crate) used: u64,
    pub(crate) time: u64,
    since: Option<Instant>,
    /// Who was started, in this order.
    pub(crate) order: Vec<String>,
    ended: usize,
}

impl Watch {
    fn change(&mut self, by: i64, count: bool) {
        let now = Instant::now();
        if let Some(since) = self.since.filter(|_| count) {
            let time = u64::try_from((now - since).as_millis()).expect("a time");
            self.used += time * u64::from(self.running);
            self.time += time;
        }
        self.since = Some(now);
        self.running = u32::try_from(i64::from(self.running) + by).expect("never below none");
        self.most = self.most.max(self.running);
    }
}

pub(crate) struct Deployment {
    pub(crate) api: App,
    ends: App,
    dispatch: App,
    pub(crate) aws: Aws,
    pub(crate) watch: RefCell<Watch>,
    random: RefCell<fastrand::Rng>,
    pub(crate) plan: Plan,
}

impl Deployment {
    pub(crate) fn new(plan: Plan) -> Self {
        let aws = Aws::seeded(plan.seed);
        let app = || with_a_queue(&aws, plan.capacity, &[]);
        Self {
            api: app(),
            ends: app(),
            dispatch: app(),
            random: RefCell::new(fastrand::Rng::with_seed(plan.seed)),
            watch: RefCell::default(),
            aws,
            plan,
        }
    }

    fn one_in(&self, of: u32) -> bool {
        of > 0 && self.random.borrow_mut().u32(..of) == 0
    }

    /// A run that may be killed at any moment.
    pub(crate) async fn killed_now_and_then<T>(&self, run: impl Future<Output = T>) -> Option<T> {
        if self.plan.one_fails_in.is_some() && self.one_in(15) {
            let time = self.random.borrow_mut().u64(1..400);
            return timeout(Duration::from_millis(time), run).await.ok();
        }
        Some(run.await)
    }

    /// A render of Remotion's, from its start to the last of its functions.
    async fn render(self: Rc<Self>, id: String, payload: Value) {
        let started = clock::now_ms();
        let key = format!("renders/{id}/progress.json");
        self.aws
            .world()
            .objects
            .insert(key.clone(), state(started, None).to_string());
        let time = self.random.borrow_mut().u64(5_000..40_000);
        sleep(Duration::from_millis(time)).await;
        let kind = if self.one_in(self.plan.one_bad_in) {
            "error"
        } else {
            "success"
        };
        self.aws
            .world()
            .objects
            .insert(key, state(started, Some(kind)).to_string());
        let counts = self.counts();
        if kind == "success" {
            self.watch.borrow_mut().change(-i64::from(WEIGHT), counts);
        } else {
            // The one that launched it has stopped; the others run on until they see the signal, or to their end.
            self.watch.borrow_mut().change(-1, counts);
            spawn_local(self.clone().others_stop(id.clone()));
        }
        // Apps poll: half of the ends have been read when Remotion tells.
        if self.one_in(2) {
            let tag = &payload["webhook"]["customData"];
            let owner = tag["owner"].as_str().expect("an owner");
            let owner = URL_SAFE_NO_PAD.decode(owner).expect("base64");
            let owner = String::from_utf8(owner).expect("text");
            let path = format!("/render/{}", tag["id"].as_str().unwrap_or(&id));
            let read = ask(&self.api, &owner, "GET", &path, &Value::Null, None);
            self.killed_now_and_then(read).await;
        }
        for _ in 0..2 {
            if !self.one_in(self.plan.one_lost_in) {
                self.killed_now_and_then(tell(&self.ends, &webhook(&id, &payload, kind), SECRET))
                    .await;
            }
        }
        self.watch.borrow_mut().ended += 1;
    }

    async fn others_stop(self: Rc<Self>, id: String) {
        let signal = format!("renders/{id}/cancel.json");
        for _ in 0..110 {
            sleep(Duration::from_secs(1)).await;
            if self.aws.world().objects.contains_key(&signal) {
                break;
            }
        }
        let counts = self.counts();
        self.watch
            .borrow_mut()
            .change(-i64::from(WEIGHT - 1), counts);
    }

    /// Whether enough are left that the capacity should be in use.
    fn counts(&self) -> bool {
        self.watch.borrow().order.len() + 100.min(self.plan.renders / 4) < self.plan.renders
    }

    /// AWS: what is started runs, and who is woken comes.
    pub(crate) async fn run(self: Rc<Self>) {
        let mut seen = 0;
        let mut woken = 0;
        loop {
            self.aws.invocation().await;
            let (new, wakes) = {
                let world = self.aws.world();
                let new: Vec<_> = world
                    .started
                    .iter()
                    .skip(seen)
                    .map(|(id, payload)| (id.clone(), payload.clone()))
                    .collect();
                let wakes: Vec<_> = world.woken.iter().skip(woken).cloned().collect();
                (new, wakes)
            };
            seen += new.len();
            for (id, payload) in new {
                let counts = self.counts();
                let mut watch = self.watch.borrow_mut();
                watch.change(i64::from(WEIGHT), counts);
                let known = payload["webhook"]["customData"]["id"]
                    .as_str()
                    .unwrap_or(&id)
                    .to_owned();
                watch.order.push(known);
                spawn_local(self.clone().render(id, payload));
            }
            woken += wakes.len();
            for payload in wakes {
                let this = self.clone();
                spawn_local(async move {
                    let run = dispatch::handle(&this.dispatch, lambda_event(&payload));
                    this.killed_now_and_then(Box::pin(run)).await;
                });
            }
        }
    }

    pub(crate) async fn ticks(self: Rc<Self>) {
        loop {
            sleep(Duration::from_mins(1)).await;
            self.killed_now_and_then(sweep(&self.ends)).await;
        }
    }
}
