//! `GET /usage`: the owner's quota, and what was rendered each month.

use lambda_http::http::StatusCode;
use remotion_lambda::Costs;
use serde::Serialize;

use crate::access::identity::Caller;
use crate::clock::Month;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;
use crate::quota::Quota;
use crate::table::Sums;
use crate::{App, clock};

/// How many months are told: this one and the eleven before.
const MONTHS: u64 = 12;

#[derive(Serialize)]
struct UsageBody {
    /// `null` where there is none.
    quota: Option<QuotaBody>,
    /// The newest first.
    months: Vec<MonthBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuotaBody {
    limit: u32,
    left: u32,
    /// In milliseconds since 1970.
    resets_at: u64,
}

#[derive(Serialize)]
struct MonthBody {
    month: String,
    renders: u64,
    stills: u64,
    frames: u64,
    costs: Costs,
}

/// Tells what the owner has used.
///
/// # Errors
///
/// [`Error::RendersTableNotConfigured`], [`Error::Call`].
pub async fn usage(app: &App, caller: &Caller, deadline: Deadline) -> Result<Success, Error> {
    let table = app.table()?;
    let now = clock::now_ms();
    let this = Month::of(now);
    let (quota, known) = tokio::try_join!(
        table.quota(&caller.owner, deadline.settle_by),
        table.usage(&caller.owner, this.before(MONTHS - 1), deadline.settle_by)
    )?;
    let months = (0..MONTHS).map(|ago| {
        let month = this.before(ago);
        let sums = known.iter().find(|(known, _)| *known == month);
        told(month, sums.map(|(_, sums)| *sums).unwrap_or_default(), app)
    });
    let body = UsageBody {
        quota: quota.map(
            |Quota {
                 limit,
                 left,
                 resets_in,
             }| QuotaBody {
                limit,
                left,
                resets_at: (now / 1_000 + resets_in) * 1_000,
            },
        ),
        months: months.collect(),
    };
    Ok(Success::json(StatusCode::OK, &body))
}

fn told(month: Month, sums: Sums, app: &App) -> MonthBody {
    MonthBody {
        month: month.to_string(),
        renders: sums.renders,
        stills: sums.stills,
        frames: sums.frames,
        costs: Costs::sum(sums.costs, app.remotion_region()),
    }
}
