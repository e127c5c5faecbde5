//! The event of a render's end.

use remotion_lambda::{Costs, RenderId};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::access::owner::Owner;
use crate::batch::{Batch, BatchId};
use crate::render::Render;
use crate::render::end::End;

/// Each name is there, `null` where it is not known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    event_id: String,
    render_id: &'a str,
    remotion_render_id: Option<&'a str>,
    kind: &'static str,
    bucket_name: &'a str,
    owner: &'a str,
    user_id: &'a str,
    composition: &'a str,
    name: Option<&'a str>,
    status: &'static str,
    started_at: u64,
    finished_at: u64,
    frames: u64,
    costs: Option<&'a Costs>,
    output_key: Option<&'a str>,
    output_bucket: Option<&'a str>,
    output_size_in_bytes: Option<u64>,
    error: Option<&'a str>,
    custom_data: Option<&'a RawValue>,
    batch_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchDetail<'a> {
    event_id: String,
    batch_id: &'a BatchId,
    owner: &'a str,
    user_id: &'a str,
    total: u32,
    done: u32,
    failed: u32,
    cancelled: u32,
    costs: Costs,
    started_at: u64,
    finished_at: Option<u64>,
}

/// The event of a batch's end, as JSON. Its `eventId` is the same however often it is told.
#[must_use]
pub fn batch_detail(owner: &Owner, batch: &Batch, region: &str) -> String {
    let detail = BatchDetail {
        event_id: format!("{}-finished", batch.id),
        batch_id: &batch.id,
        owner: &owner.id,
        user_id: &batch.user,
        total: batch.total,
        done: batch.done,
        failed: batch.failed,
        cancelled: batch.cancelled,
        costs: Costs::sum(batch.costs, region),
        started_at: batch.started_at,
        finished_at: batch.finished_at,
    };
    serde_json::to_string(&detail).expect("strings and numbers serialise")
}

/// The event of an end, as JSON. Its `eventId` is the same however often it is told.
#[must_use]
pub fn detail(owner: &Owner, render: &Render, end: &End) -> String {
    let detail = Detail {
        event_id: format!("{}-{}", render.id, end.status.as_str()),
        render_id: render.id.as_str(),
        remotion_render_id: render.remotion_id().map(RenderId::as_str),
        kind: render.kind.as_str(),
        bucket_name: &render.bucket_name,
        owner: &owner.id,
        user_id: &render.user,
        composition: &render.composition,
        name: render.labels.name.as_deref(),
        status: end.status.as_str(),
        started_at: render.started_at,
        finished_at: end.finished_at,
        frames: end.frames,
        costs: end.costs.as_ref(),
        output_key: end.output.as_ref().map(|output| output.key.as_str()),
        output_bucket: end.output.as_ref().map(|output| output.bucket.as_str()),
        output_size_in_bytes: end.output_size_in_bytes,
        error: end.error.as_deref(),
        custom_data: render.labels.custom_data_json(),
        batch_id: render.batch.as_ref().map(BatchId::as_str),
    };
    serde_json::to_string(&detail).expect("strings and numbers serialise")
}
