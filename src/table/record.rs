//! The record of a render or a still: what it was when it started, so that nothing that reads it later depends on today's
//! configuration.

use aws_sdk_dynamodb::types::AttributeValue;
use remotion_lambda::progress::Location;
use remotion_lambda::{Costs, RenderId, Version};
use tokio::time::Instant;

use super::client::{RendersTable, if_met};
use super::item::{Item, number, number_in, text, text_in};
use super::key;
use crate::access::owner::Owner;
use crate::aws::service::Service;
use crate::error::Error;

/// How long a record is kept, in seconds.
const RECORD_SECONDS: u64 = 365 * 24 * 3_600;

/// What was rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A video or sound.
    Render,
    /// One frame.
    Still,
}

/// A render or a still of an owner's.
#[derive(Clone, Debug, PartialEq)]
pub struct Render {
    /// Remotion's id.
    pub id: RenderId,
    /// What it is.
    pub kind: Kind,
    /// The bucket that holds its state.
    pub bucket_name: String,
    /// The function that renders it.
    pub function_name: String,
    /// That function's release.
    pub version: Version,
    /// The composition.
    pub composition: String,
    /// Whether it looks for a cancel signal.
    pub cancellable: bool,
    /// In milliseconds since 1970.
    pub started_at: u64,
    /// Whether its files may be gone already.
    pub deleting: bool,
    /// The output, where its place was known from the start: a still's, and one in the operator's own place.
    pub output: Option<Output>,
    /// The name of the file that has the sound, where it is one of its own.
    pub separate_audio: Option<String>,
}

/// An output whose place is known without a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Where it is, or will be.
    pub location: Location,
    /// Whether S3 of AWS has it, so that there are links to it.
    pub in_aws: bool,
    /// A still's.
    pub size_in_bytes: Option<u64>,
    /// A still's, as its function estimates.
    pub costs: Option<Costs>,
}

impl Kind {
    /// Its name in answers and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Render => "render",
            Self::Still => "still",
        }
    }
}

impl RendersTable {
    /// An owner's render of this id.
    ///
    /// # Errors
    ///
    /// [`Error::RenderNotFound`] where there is none, or where it is another owner's; [`Error::Call`].
    pub async fn find(
        &self,
        owner: &Owner,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<Render, Error> {
        let item = self.item(render_key(owner, id), deadline).await?;
        item.as_ref()
            .and_then(Render::from_item)
            .ok_or(Error::RenderNotFound)
    }

    /// Remembers that a render is being deleted: from then on nothing of it tells that it is over.
    ///
    /// # Errors
    ///
    /// [`Error::RenderNotFound`] where it is gone; [`Error::Call`].
    pub async fn mark_deleting(
        &self,
        owner: &Owner,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<(), Error> {
        let update = self
            .client()
            .update_item()
            .table_name(&self.name)
            .set_key(Some(render_key(owner, id)))
            .update_expression("SET deleting = :yes")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":yes", AttributeValue::Bool(true));
        if if_met(deadline, || update.clone().send()).await? {
            Ok(())
        } else {
            Err(Error::RenderNotFound)
        }
    }

    /// Forgets a render.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn forget(
        &self,
        owner: &Owner,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<(), Error> {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(render_key(owner, id)))
            .send();
        Service::RendersTable.within(deadline, delete).await?;
        Ok(())
    }
}

impl Render {
    pub(super) fn to_item(&self, owner: &Owner) -> Item {
        let mut item = render_key(owner, &self.id);
        item.extend([
            ("kind".into(), text(self.kind.as_str())),
            ("bucketName".into(), text(&self.bucket_name)),
            ("functionName".into(), text(&self.function_name)),
            ("version".into(), text(self.version.to_string())),
            ("composition".into(), text(&self.composition)),
            ("cancellable".into(), AttributeValue::Bool(self.cancellable)),
            ("startedAt".into(), number(self.started_at)),
            (
                "expiresAt".into(),
                number(self.started_at / 1_000 + RECORD_SECONDS),
            ),
        ]);
        if let Some(output) = &self.output {
            output.write(&mut item);
        }
        if let Some(name) = &self.separate_audio {
            item.insert("separateAudio".into(), text(name));
        }
        item
    }

    pub(super) fn from_item(item: &Item) -> Option<Self> {
        let said = |name: &str| text_in(item, name).map(ToOwned::to_owned);
        let id = text_in(item, "sk")?.strip_prefix("render#")?;
        Some(Self {
            id: RenderId::try_from(id.to_owned()).ok()?,
            kind: match text_in(item, "kind")? {
                "still" => Kind::Still,
                _ => Kind::Render,
            },
            bucket_name: said("bucketName")?,
            function_name: said("functionName")?,
            version: Version::try_from(said("version")?).ok()?,
            composition: said("composition")?,
            cancellable: item.get("cancellable")?.as_bool().is_ok_and(|yes| *yes),
            started_at: number_in(item, "startedAt")?,
            deleting: item.contains_key("deleting"),
            output: Output::read(item),
            separate_audio: said("separateAudio"),
        })
    }
}

impl Output {
    fn write(&self, item: &mut Item) {
        item.insert("outputBucket".into(), text(&self.location.bucket));
        item.insert("outputKey".into(), text(&self.location.key));
        if !self.in_aws {
            item.insert("outputElsewhere".into(), AttributeValue::Bool(true));
        }
        if let Some(bytes) = self.size_in_bytes {
            item.insert("outputSizeInBytes".into(), number(bytes));
        }
        if let Some(costs) = &self.costs {
            let json = serde_json::to_string(costs).expect("strings and a number serialise");
            item.insert("costs".into(), text(json));
        }
    }

    fn read(item: &Item) -> Option<Self> {
        Some(Self {
            location: Location {
                bucket: text_in(item, "outputBucket")?.to_owned(),
                key: text_in(item, "outputKey")?.to_owned(),
            },
            in_aws: !item.contains_key("outputElsewhere"),
            size_in_bytes: number_in(item, "outputSizeInBytes"),
            costs: text_in(item, "costs").and_then(|json| serde_json::from_str(json).ok()),
        })
    }
}

pub(super) fn render_key(owner: &Owner, id: &RenderId) -> Item {
    key::of(owner, key::render(id))
}
