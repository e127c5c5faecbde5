//! The net below: once a minute, what was not told is found, by the time that has passed.

use std::collections::BTreeSet;

use remotion_lambda::{Overview, Status};
use tokio::time::Instant;

use super::settle::{Written, free, tell, write};
use crate::access::owner::Owner;
use crate::deadline::Deadline;
use crate::error::{Error, cause};
use crate::overview::Found;
use crate::render::Render;
use crate::render::end::End;
use crate::table::{Due, RendersTable};
use crate::{App, clock};

/// How many are looked at together.
const PAGE: i32 = 100;

/// When a render is looked at again that AWS may still start, or that could not be looked at, in milliseconds.
const LATER: u64 = 5 * 60 * 1_000;

/// In milliseconds.
const A_YEAR: u64 = 365 * 24 * 3_600 * 1_000;

/// How long after its time a render is looked at again, in milliseconds: the official client waits for 20 s.
const GRACE: u64 = 25_000;

/// Ends what has ended without a word, and tells what was not told, as long as there is time.
///
/// # Errors
///
/// [`Error::RendersTableNotConfigured`]; that it could not be asked what is due.
pub(super) async fn sweep(app: &App, deadline: Deadline) -> Result<(), Error> {
    let table = app.table()?;
    let mut seen = BTreeSet::new();
    while Instant::now() < deadline.act_by {
        let due = table.due(clock::now_ms(), PAGE, deadline.act_by).await?;
        let before = seen.len();
        for due in due {
            // What fails stays due, and is looked at in the next minute.
            if seen.insert(due.name()) && Instant::now() < deadline.act_by {
                see_to(app, table, due, deadline.settle_by).await;
            }
        }
        if seen.len() == before {
            return Ok(());
        }
    }
    Ok(())
}

async fn see_to(app: &App, table: &RendersTable, due: Due, deadline: Instant) {
    match due {
        Due::Event(event) => tell(app, table, &event, deadline).await,
        Due::Lease(owner, lease) => free(table, &owner, &lease, deadline).await,
        Due::Render(owner, render) => {
            if let Err(error) = look_at(app, table, &owner, *render, deadline).await {
                let cause = cause(&error);
                let code = error.code().as_str();
                tracing::warn!(
                    error.code = code,
                    error.cause = cause,
                    "A render could not be swept: {error}"
                );
            }
        }
    }
}

async fn look_at(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    render: Render,
    deadline: Instant,
) -> Result<(), Error> {
    let mut found = Found::new(render, None);
    let overview = match found.overview(app, deadline).await {
        Err(Error::StateUnreadable(_) | Error::StateTooLarge { .. }) => found.without_a_state(app),
        overview => overview?,
    };
    let now = clock::now_ms();
    let Some(end) = End::told_by(&overview, now) else {
        let until = next_look(&overview, now);
        table
            .postpone(owner, &found.render, until, deadline)
            .await?;
        return Ok(());
    };
    let written = write(app, table, owner, &found.render, &end, deadline).await?;
    if let Written::First(Some(event)) = written {
        tell(app, table, &event, deadline).await;
    }
    Ok(())
}

/// When a render that has not ended, as far as is known, is to be looked at again, in milliseconds since 1970.
fn next_look(overview: &Overview, now: u64) -> u64 {
    // Nobody will ever know how: its files are gone.
    if overview.status == Status::Expired {
        return now + A_YEAR;
    }
    let at_its_end = overview.timeout_at.map(|timeout| timeout + GRACE);
    let at_its_end = at_its_end.filter(|at| *at > now && !overview.may_start);
    at_its_end.unwrap_or(now + LATER)
}
