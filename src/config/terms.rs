//! What the operator grants to one owner, and to all together.

use std::time::Duration;

use remotion_lambda::aws::FunctionName;
use remotion_lambda::{Release, RenderOptions, Version};

use super::vars::Vars;
use crate::access::terms::{Capacity, QueueTerms, Terms};
use crate::bounds::{self, GRACE, LONGEST_FUNCTION};
use crate::clock::milliseconds;

/// The longest that AWS may keep a launch where capacity is counted: a place is held for as long.
const MAX_EVENT_AGE: Duration = Duration::from_mins(5);

pub(super) fn terms<F: Fn(&str) -> Option<String>>(
    vars: &mut Vars<F>,
    defaults: &RenderOptions,
    has_hook: bool,
    max_event_age: Duration,
    function: Option<&FunctionName>,
    version: Option<&Version>,
) -> Terms {
    let terms = Terms {
        quota: vars.number("RENDERS_PER_USER_PER_DAY", bounds::RENDERS_PER_USER_PER_DAY),
        budget: vars.amount("USD_PER_USER_PER_MONTH"),
        capacity: capacity(vars, defaults, has_hook, max_event_age, function, version),
    };
    vars.needs_table(&[
        ("RENDERS_PER_USER_PER_DAY", terms.quota.is_some()),
        ("USD_PER_USER_PER_MONTH", terms.budget.is_some()),
        ("RENDER_CAPACITY", terms.capacity.is_some()),
    ]);
    terms
}

pub(super) fn queue<F: Fn(&str) -> Option<String>>(
    vars: &mut Vars<F>,
    terms: &Terms,
    defaults: &RenderOptions,
) -> Option<QueueTerms> {
    let wanted = vars.flag("RENDER_QUEUE");
    let minutes = vars.number("MAX_WAIT_MINUTES", bounds::MAX_WAIT_MINUTES);
    if !wanted {
        if minutes.is_some() {
            vars.fault("MAX_WAIT_MINUTES needs RENDER_QUEUE.");
        }
        return None;
    }
    let dispatcher = vars.get("DISPATCH_FUNCTION_NAME");
    for (name, is_given) in [
        ("RENDER_CAPACITY", terms.capacity.is_some()),
        ("REMOTION_BUCKET_NAME", defaults.force_bucket_name.is_some()),
        ("DISPATCH_FUNCTION_NAME", dispatcher.is_some()),
    ] {
        if !is_given {
            vars.fault(&format!("RENDER_QUEUE needs {name}."));
        }
    }
    let minutes = minutes.unwrap_or(bounds::DEFAULT_MAX_WAIT_MINUTES);
    Some(QueueTerms {
        max_wait_minutes: minutes,
    })
}

/// What cannot work is refused here, with the numbers.
fn capacity<F: Fn(&str) -> Option<String>>(
    vars: &mut Vars<F>,
    defaults: &RenderOptions,
    has_hook: bool,
    max_event_age: Duration,
    function: Option<&FunctionName>,
    version: Option<&Version>,
) -> Option<Capacity> {
    let functions = vars.number("RENDER_CAPACITY", bounds::RENDER_CAPACITY);
    let renders_per_owner = vars.number(
        "RENDERS_PER_OWNER_AT_ONCE",
        bounds::RENDERS_PER_OWNER_AT_ONCE,
    );
    let Some(functions) = functions else {
        if renders_per_owner.is_some() {
            vars.fault("RENDERS_PER_OWNER_AT_ONCE needs RENDER_CAPACITY.");
        }
        return None;
    };
    let release = version.map_or(Release::OLDEST, Version::release);
    let weight = defaults.functions_at_once(release);
    if defaults.concurrency.is_none() {
        vars.fault(
            "RENDER_CAPACITY needs a concurrency in REMOTION_RENDER_DEFAULTS: without it, a render uses up to 152 functions at once.",
        );
    } else if weight > functions {
        vars.fault(&format!(
            "RENDER_CAPACITY is {functions}, but a render takes {weight} functions at once with the concurrency in REMOTION_RENDER_DEFAULTS, so no render could start. Raise RENDER_CAPACITY or lower concurrency."
        ));
    }
    if max_event_age > MAX_EVENT_AGE {
        vars.fault(&format!(
            "RENDER_CAPACITY needs REMOTION_MAX_EVENT_AGE_SECONDS of at most {}, and the same MaximumEventAgeInSeconds of Remotion's function, not {}: a place is held for as long as AWS may still start a render.",
            MAX_EVENT_AGE.as_secs(),
            max_event_age.as_secs()
        ));
    }
    if !has_hook {
        vars.fault(
            "RENDER_CAPACITY needs HOOK_URL and HOOK_SECRET: they tell when a render has ended.",
        );
    }
    let time = function.and_then(FunctionName::timeout);
    let held_for = max_event_age + time.unwrap_or(LONGEST_FUNCTION) + GRACE;
    Some(Capacity {
        functions,
        renders_per_owner,
        held_for: milliseconds(held_for),
    })
}
