//! The buckets: the state of a render, outputs, props. The only file that names `aws_sdk_s3`.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use aws_types::SdkConfig;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};

use super::call::{BoxError, CallError, CallFailure, within};
use crate::options::texts::{BucketName, RenderId};
use crate::progress::{Location, Overview, Poll, Progress, ProgressError};
use crate::routines::payload::SerializedInputProps;

/// The largest state that is read, in bytes. Remotion's own are some kilobytes.
const MAX_STATE_BYTES: u64 = 48 * 1024 * 1024;

/// How long a signed link is valid.
const URL_TTL: Duration = Duration::from_hours(1);

/// S3, through a client that is made at its first use: a start seldom needs it.
#[derive(Clone, Debug)]
pub struct Storage {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    url_ttl: Duration,
    max_state_bytes: u64,
}

/// Why S3 did not serve.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The call failed.
    #[error("{0}")]
    Call(#[from] CallError),
    /// The state of a render is larger than what is read.
    #[error(
        "The state that Remotion keeps of the render is {bytes} bytes, and at most {limit} can be read."
    )]
    StateTooLarge {
        /// Its size, as far as it was read.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The state of a render is not what Remotion writes.
    #[error("The state that Remotion keeps of the render cannot be read.")]
    StateUnreadable(#[source] ProgressError),
}

impl Storage {
    /// S3. Signed links live for an hour, and states of up to 48 MiB are read.
    #[must_use]
    pub const fn new(sdk: SdkConfig) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            url_ttl: URL_TTL,
            max_state_bytes: MAX_STATE_BYTES,
        }
    }

    /// How long signed links are valid. A link that a role signed ends with the role's session.
    #[must_use]
    pub const fn with_url_ttl(mut self, url_ttl: Duration) -> Self {
        self.url_ttl = url_ttl;
        self
    }

    /// The largest state that is read, in bytes: it is held in memory as a whole.
    #[must_use]
    pub const fn with_max_state_bytes(mut self, bytes: u64) -> Self {
        self.max_state_bytes = bytes;
        self
    }

    /// Puts props that are too large to travel into `input-props/<hash>.json`, from where the function takes them.
    ///
    /// Each render and still needs props of its own: Remotion deletes them when the first that has them succeeds. What a failed one
    /// was given stays there.
    ///
    /// Private, as S3 has it without an ACL. The official client names that ACL, for which the role would need one
    /// permission more, and which a bucket without ACLs refuses.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn put_props(
        &self,
        bucket: &BucketName,
        props: String,
        deadline: Instant,
    ) -> Result<SerializedInputProps, CallError> {
        // By the system's randomness: machines of a kind start at the same moment, and two must not share a name.
        let mut random = fastrand::Rng::with_seed(RandomState::new().hash_one(0));
        let hash: String = std::iter::repeat_with(|| random.alphanumeric().to_ascii_lowercase())
            .take(10)
            .collect();
        let key = format!("input-props/{hash}.json");
        self.put(bucket.as_str(), key, props.into_bytes(), deadline)
            .await?;
        Ok(SerializedInputProps::BucketUrl {
            hash,
            bucket_name: bucket.clone(),
        })
    }

    /// Writes the signal that a render's functions look for. `now` is in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn cancel(
        &self,
        bucket: &str,
        id: &RenderId,
        now: u64,
        deadline: Instant,
    ) -> Result<(), CallError> {
        let signal = format!("{{\"cancelledAt\":{now}}}");
        self.put(
            bucket,
            format!("renders/{id}/cancel.json"),
            signal.into_bytes(),
            deadline,
        )
        .await
    }

    /// The status of a render: from its state, and from its output if the state does not say. `None` if there is no state.
    ///
    /// Only an output that is the render's `own` is asked for. A bucket that is not the state's may keep what it has to itself:
    /// then only the state tells.
    ///
    /// # Errors
    ///
    /// See [`StorageError`].
    pub async fn overview(
        &self,
        poll: &Poll<'_>,
        own: impl Fn(&Location) -> bool,
        deadline: Instant,
    ) -> Result<Option<Overview>, StorageError> {
        let state = self.state(poll.bucket_name, poll.render_id, deadline);
        match state.await? {
            Some(state) => Ok(Some(self.overview_of(&state, poll, own, deadline).await?)),
            None => Ok(None),
        }
    }

    /// The same, of a state that was read before.
    ///
    /// # Errors
    ///
    /// As for [`Self::overview`].
    pub async fn overview_of(
        &self,
        state: &[u8],
        poll: &Poll<'_>,
        own: impl Fn(&Location) -> bool,
        deadline: Instant,
    ) -> Result<Overview, StorageError> {
        let progress = Progress::parse(state).map_err(StorageError::StateUnreadable)?;
        let output_size = match progress.undecided_output(poll).filter(own) {
            Some(output) => match self.size(&output, deadline).await {
                Err(error) if output.bucket != poll.bucket_name && error.failure.is_about_it() => {
                    None
                }
                size => size?,
            },
            None => None,
        };
        Ok(progress.overview(poll, output_size))
    }

    /// The state of a render as Remotion writes it, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`StorageError::Call`], [`StorageError::StateTooLarge`].
    pub async fn state(
        &self,
        bucket: &str,
        render_id: &str,
        deadline: Instant,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let key = format!("renders/{render_id}/progress.json");
        self.get(bucket, &key, deadline).await
    }

    /// A document of at most as many bytes as a state may have, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// As for [`Self::state`].
    pub async fn get(
        &self,
        bucket: &str,
        key: &str,
        deadline: Instant,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let get = self.client().get_object().bucket(bucket).key(key).send();
        let object = match timeout_at(deadline, get).await {
            Ok(Ok(object)) => object,
            Ok(Err(error)) if error.code() == Some("NoSuchKey") => return Ok(None),
            Ok(Err(error)) => return Err(CallError::from(error).into()),
            Err(elapsed) => return Err(late(elapsed).into()),
        };
        match timeout_at(deadline, collected(object, self.max_state_bytes)).await {
            Ok(state) => state.map(Some),
            Err(elapsed) => Err(late(elapsed).into()),
        }
    }

    /// The size of an object in bytes, or `None` where it is not there.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn size(
        &self,
        object: &Location,
        deadline: Instant,
    ) -> Result<Option<u64>, CallError> {
        let head = self
            .client()
            .head_object()
            .bucket(&object.bucket)
            .key(&object.key)
            .send();
        match timeout_at(deadline, head).await {
            Ok(Ok(object)) => {
                let bytes = object.content_length().unwrap_or_default();
                Ok(Some(u64::try_from(bytes).unwrap_or_default()))
            }
            Ok(Err(error))
                if error
                    .raw_response()
                    .is_some_and(|response| response.status().as_u16() == 404) =>
            {
                Ok(None)
            }
            Ok(Err(error)) => Err(error.into()),
            Err(elapsed) => Err(late(elapsed)),
        }
    }

    /// A link with which anybody may read an object for a while. The object's own headers say whether it is played or saved.
    ///
    /// # Errors
    ///
    /// There are no credentials, or no region.
    pub async fn signed_url(&self, bucket: &str, key: &str) -> Result<String, CallError> {
        self.signed_url_as(bucket, key, None).await
    }

    /// The same, with a `Content-Disposition` in place of the object's own.
    ///
    /// # Errors
    ///
    /// As for [`Self::signed_url`].
    pub async fn signed_url_as(
        &self,
        bucket: &str,
        key: &str,
        disposition: Option<String>,
    ) -> Result<String, CallError> {
        let life = PresigningConfig::expires_in(self.url_ttl).map_err(rejected)?;
        let signed = self
            .client()
            .get_object()
            .bucket(bucket)
            .key(key)
            .set_response_content_disposition(disposition)
            .presigned(life)
            .await;
        signed
            .map(|request| request.uri().to_owned())
            .map_err(CallError::from)
    }

    /// Where its links to a bucket's objects lead, as a browser's policy wants it: scheme and authority.
    ///
    /// # Errors
    ///
    /// As for [`Self::signed_url`].
    pub async fn origin(&self, bucket: &str) -> Result<String, CallError> {
        let link = self.signed_url(bucket, "renders").await?;
        let authority = link.find("://").map_or(0, |at| at + "://".len());
        let end = link[authority..].find('/').map(|at| authority + at);
        Ok(link[..end.unwrap_or(link.len())].to_owned())
    }

    /// Deletes an object; one that is not there is deleted already.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn delete(&self, object: &Location, deadline: Instant) -> Result<(), CallError> {
        let delete = self
            .client()
            .delete_object()
            .bucket(&object.bucket)
            .key(&object.key)
            .send();
        within(deadline, delete).await?;
        Ok(())
    }

    /// Deletes everything under a render's prefix, a thousand objects at a time.
    ///
    /// # Errors
    ///
    /// Every failure of a call; what has been deleted stays so, and a repetition goes on from there.
    pub async fn delete_render(
        &self,
        bucket: &str,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<(), CallError> {
        while self
            .delete_some(bucket, &format!("renders/{id}/"), deadline)
            .await?
        {}
        Ok(())
    }

    /// Deletes up to a thousand objects; `false` where there was none.
    async fn delete_some(
        &self,
        bucket: &str,
        prefix: &str,
        deadline: Instant,
    ) -> Result<bool, CallError> {
        let list = self
            .client()
            .list_objects_v2()
            .bucket(bucket)
            .prefix(prefix);
        let page = within(deadline, list.send()).await?;
        let keys: Vec<_> = page
            .contents()
            .iter()
            .filter_map(|object| ObjectIdentifier::builder().key(object.key()?).build().ok())
            .collect();
        if keys.is_empty() {
            return Ok(false);
        }
        let objects = Delete::builder()
            .set_objects(Some(keys))
            .quiet(true)
            .build()
            .expect("the objects are set");
        let delete = self
            .client()
            .delete_objects()
            .bucket(bucket)
            .delete(objects);
        let deleted = within(deadline, delete.send()).await?;
        match deleted.errors().first() {
            Some(error) => {
                let (code, message) = (error.code(), error.message());
                let cause = format!(
                    "{}: {}",
                    code.unwrap_or_default(),
                    message.unwrap_or_default()
                );
                // One answer of status 200 tells of each object.
                let failure = match code {
                    Some("AccessDenied") => CallFailure::Denied,
                    _ => CallFailure::Lost,
                };
                Err(CallError::new(failure, cause))
            }
            None => Ok(true),
        }
    }

    /// Writes a JSON document.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn put(
        &self,
        bucket: &str,
        key: String,
        bytes: Vec<u8>,
        deadline: Instant,
    ) -> Result<(), CallError> {
        let put = self
            .client()
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type("application/json")
            .body(bytes.into())
            .send();
        within(deadline, put).await?;
        Ok(())
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }
}

/// The whole object, in one piece of memory.
async fn collected(object: GetObjectOutput, limit: u64) -> Result<Vec<u8>, StorageError> {
    let bytes = object
        .content_length()
        .and_then(|bytes| u64::try_from(bytes).ok())
        .unwrap_or_default();
    let too_large = |bytes| StorageError::StateTooLarge { bytes, limit };
    if bytes > limit {
        return Err(too_large(bytes));
    }
    let mut body = object.body;
    let mut state = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| CallError::new(CallFailure::Lost, error))?;
        state.extend_from_slice(&chunk);
        if state.len() as u64 > limit {
            return Err(too_large(state.len() as u64));
        }
    }
    Ok(state)
}

fn late(elapsed: Elapsed) -> CallError {
    CallError::new(CallFailure::TimedOut, elapsed)
}

fn rejected(error: impl Into<BoxError>) -> CallError {
    CallError::new(CallFailure::Rejected, error)
}
