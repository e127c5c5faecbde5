//! The record of a render or a still.

use aws_sdk_dynamodb::types::AttributeValue;
use remotion_lambda::progress::Location;
use remotion_lambda::{RenderId, Version};
use tokio::time::Instant;

use super::client::{RendersTable, if_met};
use super::item::{Item, number, number_in, text, text_in};
use super::transaction::token;
use super::{key, write};
use crate::access::owner::Owner;
use crate::aws::service::{Service, ServiceError};
use crate::batch::BatchId;
use crate::error::Error;
use crate::render::end::{End, Final};
use crate::render::id::Id;
use crate::render::labels::Labels;
use crate::render::lease::Lease;
use crate::render::sent::Sent;
use crate::render::{Kind, Output, Phase, Render, SavedAs, SeparateAudio};

/// How many of a still's artifacts are remembered.
const ARTIFACTS: usize = 50;

/// How long a record is kept, in seconds.
pub(super) const RECORD_SECONDS: u64 = 365 * 24 * 3_600;

impl RendersTable {
    /// An owner's render of this id.
    ///
    /// # Errors
    ///
    /// [`Error::RenderNotFound`] where there is none, or where it is another owner's; [`Error::Call`].
    pub async fn find(&self, owner: &Owner, id: &Id, deadline: Instant) -> Result<Render, Error> {
        let known = self.known(owner, id, deadline).await?;
        known.ok_or(Error::RenderNotFound)
    }

    /// The same; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn known(
        &self,
        owner: &Owner,
        id: &Id,
        deadline: Instant,
    ) -> Result<Option<Render>, ServiceError> {
        let item = self.item(render_key(owner, id), deadline).await?;
        Ok(item.as_ref().and_then(read))
    }

    /// The same, with what its caller has sent for it.
    ///
    /// # Errors
    ///
    /// As for [`Self::find`].
    pub async fn find_with_sent(
        &self,
        owner: &Owner,
        id: &Id,
        deadline: Instant,
    ) -> Result<Render, Error> {
        let query = self
            .client()
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :owner AND sk BETWEEN :record AND :sent")
            .expression_attribute_values(":owner", text(key::partition(owner)))
            .expression_attribute_values(":record", text(key::render(id)))
            .expression_attribute_values(":sent", text(key::sent(id)))
            .send();
        let output = Service::RendersTable.within(deadline, query).await?;
        let mut items = output.items().iter();
        let render = items.next().and_then(read).ok_or(Error::RenderNotFound)?;
        Ok(Render {
            sent: items.next().and_then(sent_read),
            ..render
        })
    }

    /// Remembers that a render is being deleted: from then on nothing of it tells that it is over.
    ///
    /// # Errors
    ///
    /// [`Error::RenderNotFound`] where it is gone; [`Error::Call`].
    pub async fn mark_deleting(
        &self,
        owner: &Owner,
        id: &Id,
        deadline: Instant,
    ) -> Result<(), Error> {
        let update = self
            .update_item(render_key(owner, id))
            .update_expression("SET deleting = :yes")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":yes", AttributeValue::Bool(true));
        if if_met(deadline, || update.clone().send()).await? {
            Ok(())
        } else {
            Err(Error::RenderNotFound)
        }
    }

    /// Forgets a render, and what was sent for it.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn forget(
        &self,
        owner: &Owner,
        render: &Render,
        deadline: Instant,
    ) -> Result<(), Error> {
        let delete = |key| {
            let delete = self.deleting(key);
            write::delete(delete)
        };
        let mut writes = vec![delete(render_key(owner, &render.id))];
        if render.sent.is_some() {
            writes.push(delete(key::of(owner, key::sent(&render.id))));
        }
        self.transact(writes, &token(), deadline).await?;
        Ok(())
    }
}

pub(super) fn render_key(owner: &Owner, id: &Id) -> Item {
    key::of(owner, key::render(id))
}

/// The record, without what finds it when its time has passed.
pub(super) fn written(render: &Render, owner: &Owner) -> Item {
    let mut item = render_key(owner, &render.id);
    item.extend([
        ("kind".into(), text(render.kind.as_str())),
        ("userId".into(), text(&render.user)),
        ("bucketName".into(), text(&render.bucket_name)),
        ("functionName".into(), text(&render.function_name)),
        ("version".into(), text(render.version.to_string())),
        ("composition".into(), text(&render.composition)),
        (
            "cancellable".into(),
            AttributeValue::Bool(render.cancellable),
        ),
        ("startedAt".into(), number(render.started_at)),
        (
            "expiresAt".into(),
            number(render.started_at / 1_000 + RECORD_SECONDS),
        ),
    ]);
    let mut write = |name: &str, value: Option<&str>| {
        item.extend(value.map(|value| (name.to_owned(), text(value))));
    };
    write("phase", phase_written(&render.phase));
    let remotion_id = render.remotion_id().map(RenderId::as_str);
    write(
        "remotionRenderId",
        remotion_id.filter(|id| *id != render.id.as_str()),
    );
    write("actorId", render.actor.as_deref());
    write("batchId", render.batch.as_ref().map(BatchId::as_str));
    write("name", render.labels.name.as_deref());
    write("customData", render.labels.custom_data.as_deref());
    if let Some(SeparateAudio::File(name)) = &render.separate_audio {
        write("separateAudio", Some(name));
    }
    if let Some(saved) = &render.saved_as {
        write("fileName", Some(&saved.file_name));
    }
    item.extend(
        render
            .output
            .iter()
            .flat_map(|output| place_written(OUTPUT, output)),
    );
    if let Some(SeparateAudio::Elsewhere(place)) = &render.separate_audio {
        item.extend(place_written(AUDIO, place));
    }
    if !render.artifacts.is_empty() {
        let first = &render.artifacts[..render.artifacts.len().min(ARTIFACTS)];
        let json = serde_json::to_string(first).expect("strings and numbers serialise");
        item.insert("artifacts".into(), text(json));
    }
    if render.saved_as.as_ref().is_some_and(|saved| saved.at_once) {
        item.insert("savedAtOnce".into(), AttributeValue::Bool(true));
    }
    item.extend(render.lease.iter().flat_map(lease_written));
    if let Some(end) = &render.end {
        item.extend(end_written(end));
    }
    item
}

/// What a caller has sent, as an item of its own, which no index has: it may be many times the size of the record.
pub(super) fn sent_written(render: &Render, owner: &Owner) -> Option<Item> {
    let sent = render.sent.as_ref()?;
    let mut item = key::of(owner, key::sent(&render.id));
    item.insert("options".into(), text(&sent.options));
    if let Some(props) = &sent.input_props {
        item.insert("inputProps".into(), text(props));
    }
    item.insert(
        "expiresAt".into(),
        number(render.started_at / 1_000 + RECORD_SECONDS),
    );
    Some(item)
}

fn sent_read(item: &Item) -> Option<Sent> {
    Some(Sent {
        options: text_in(item, "options")?.to_owned(),
        input_props: text_in(item, "inputProps").map(ToOwned::to_owned),
    })
}

/// The attributes of a place of the operator's: its bucket, its key, and whether it is not in AWS.
type PlaceNames = [&'static str; 3];

const OUTPUT: PlaceNames = ["outputBucket", "outputKey", "outputElsewhere"];
const AUDIO: PlaceNames = ["audioBucket", "audioKey", "audioElsewhere"];

fn place_written([bucket, key, elsewhere]: PlaceNames, place: &Output) -> Item {
    let mut item = Item::from([
        (bucket.into(), text(&place.location.bucket)),
        (key.into(), text(&place.location.key)),
    ]);
    if !place.in_aws {
        item.insert(elsewhere.into(), AttributeValue::Bool(true));
    }
    item
}

fn place_read([bucket, key, elsewhere]: PlaceNames, item: &Item) -> Option<Output> {
    place(item, bucket, key).map(|location| Output {
        location,
        in_aws: !item.contains_key(elsewhere),
    })
}

/// Only what has not started yet has one written.
pub(super) const fn phase_written(phase: &Phase) -> Option<&'static str> {
    match phase {
        Phase::Waiting => Some("waiting"),
        Phase::Starting => Some("starting"),
        Phase::Started(_) => None,
    }
}

/// What is written of an end.
pub(super) fn end_written(end: &End) -> Item {
    let mut item = Item::from([
        ("ended".into(), text(end.status.as_str())),
        ("finishedAt".into(), number(end.finished_at)),
        ("frames".into(), number(end.frames)),
    ]);
    if let Some(costs) = &end.costs {
        let json = serde_json::to_string(costs).expect("strings and a number serialise");
        item.insert("costs".into(), text(json));
    }
    if let Some(Location { bucket, key }) = &end.output {
        item.insert("endBucket".into(), text(bucket));
        item.insert("endKey".into(), text(key));
    }
    if let Some(bytes) = end.output_size_in_bytes {
        item.insert("outputSizeInBytes".into(), number(bytes));
    }
    if let Some(error) = &end.error {
        item.insert("error".into(), text(error));
    }
    item
}

/// The render of a record; `None` where the item is none.
pub(super) fn read(item: &Item) -> Option<Render> {
    let said = |name: &str| text_in(item, name).map(ToOwned::to_owned);
    let id = Id::try_from(text_in(item, "sk")?.strip_prefix("render#")?).ok()?;
    let phase = match (text_in(item, "phase"), said("remotionRenderId")) {
        (Some("waiting"), _) => Phase::Waiting,
        (Some(_), _) => Phase::Starting,
        (None, Some(id)) => Phase::Started(RenderId::try_from(id).ok()?),
        // One that was taken in, and has ended before it was started, has no id of Remotion's.
        (None, None) => id.remotion().map_or(Phase::Starting, Phase::Started),
    };
    Some(Render {
        id,
        phase,
        kind: match text_in(item, "kind")? {
            "still" => Kind::Still,
            _ => Kind::Render,
        },
        user: said("userId").unwrap_or_default(),
        actor: said("actorId"),
        batch: text_in(item, "batchId").and_then(|id| BatchId::try_from(id).ok()),
        labels: Labels {
            name: said("name"),
            custom_data: said("customData"),
        },
        sent: None,
        bucket_name: said("bucketName")?,
        function_name: said("functionName")?,
        version: Version::try_from(said("version")?).ok()?,
        composition: said("composition")?,
        cancellable: item.get("cancellable")?.as_bool().is_ok_and(|yes| *yes),
        started_at: number_in(item, "startedAt")?,
        launched_at: number_in(item, "launchedAt"),
        deleting: item.contains_key("deleting"),
        output: place_read(OUTPUT, item),
        separate_audio: said("separateAudio")
            .map(SeparateAudio::File)
            .or_else(|| place_read(AUDIO, item).map(SeparateAudio::Elsewhere)),
        artifacts: text_in(item, "artifacts")
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default(),
        saved_as: said("fileName").map(|file_name| SavedAs {
            file_name,
            at_once: item.contains_key("savedAtOnce"),
        }),
        lease: lease_read(item),
        end: end_read(item),
    })
}

/// What is written of a lease.
pub(super) fn lease_written(lease: &Lease) -> Item {
    let mut item = Item::from([
        ("lease".into(), text(&lease.id)),
        ("leaseWeight".into(), number(lease.weight)),
    ]);
    if lease.per_owner {
        item.insert("leasePerOwner".into(), AttributeValue::Bool(true));
    }
    item
}

fn lease_read(item: &Item) -> Option<Lease> {
    Some(Lease {
        id: text_in(item, "lease")?.to_owned(),
        weight: u32::try_from(number_in(item, "leaseWeight")?).ok()?,
        per_owner: item.contains_key("leasePerOwner"),
    })
}

fn end_read(item: &Item) -> Option<End> {
    Some(End {
        status: Final::named(text_in(item, "ended")?)?,
        finished_at: number_in(item, "finishedAt")?,
        frames: number_in(item, "frames")?,
        costs: text_in(item, "costs").and_then(|json| serde_json::from_str(json).ok()),
        output: place(item, "endBucket", "endKey"),
        output_size_in_bytes: number_in(item, "outputSizeInBytes"),
        error: text_in(item, "error").map(ToOwned::to_owned),
    })
}

fn place(item: &Item, bucket: &str, key: &str) -> Option<Location> {
    Some(Location {
        bucket: text_in(item, bucket)?.to_owned(),
        key: text_in(item, key)?.to_owned(),
    })
}
