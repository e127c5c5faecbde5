//! The buckets: state, outputs, props. The only file that names `aws_sdk_s3`.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use lambda_http::http::Uri;
use lambda_http::http::uri::Scheme;
use tokio::time::{Instant, timeout_at};

use remotion_lambda::progress::Location;
use remotion_lambda::{BucketName, InputProps, RenderId};

use crate::aws::call::{CallError, CallFailure, Service};
use crate::error::Error;

/// The largest state that is read, in bytes: what the function's memory holds. Remotion's own are some kilobytes.
const MAX_STATE_BYTES: u64 = 48 * 1024 * 1024;

/// S3, through a client that is made at its first use: a start seldom needs it.
#[derive(Debug)]
pub struct Storage {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    url_ttl: Duration,
}

impl Storage {
    /// S3, signing links that live so long.
    #[must_use]
    pub fn new(sdk: SdkConfig, url_ttl: Duration) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            url_ttl,
        }
    }

    /// Puts props that are too large to travel into `input-props/<hash>.json`, from where the function takes them, and
    /// deletes them after the render.
    ///
    /// Private, as S3 has it without an ACL. The official client names that ACL, for which the role would need one
    /// permission more, and which a bucket without ACLs refuses.
    ///
    /// # Errors
    ///
    /// [`Error::PropsNotStored`] where the role may not; [`Error::Call`].
    pub async fn put_props(
        &self,
        bucket: &BucketName,
        props: String,
        deadline: Instant,
    ) -> Result<InputProps, Error> {
        let hash: String = std::iter::repeat_with(|| fastrand::alphanumeric().to_ascii_lowercase())
            .take(10)
            .collect();
        let key = format!("input-props/{hash}.json");
        match self
            .put(bucket.as_str(), key, props.into_bytes(), deadline)
            .await
        {
            Err(error) if error.failure == CallFailure::Denied => {
                return Err(Error::PropsNotStored(error));
            }
            outcome => outcome?,
        }
        Ok(InputProps::BucketUrl {
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

    /// The state of a render as Remotion writes it, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::StateTooLarge`], [`Error::Call`].
    pub async fn progress(
        &self,
        bucket: &str,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<Option<Vec<u8>>, Error> {
        let key = format!("renders/{id}/progress.json");
        let get = self.client().get_object().bucket(bucket).key(key).send();
        match timeout_at(deadline, get).await {
            Ok(Ok(object)) => match timeout_at(deadline, collected(object)).await {
                Ok(state) => state.map(Some),
                Err(elapsed) => Err(CallError::late(Service::Bucket, elapsed).into()),
            },
            Ok(Err(error)) if error.code() == Some("NoSuchKey") => Ok(None),
            Ok(Err(error)) => Err(Service::Bucket.failed(error).into()),
            Err(elapsed) => Err(CallError::late(Service::Bucket, elapsed).into()),
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
            Ok(Err(error)) => Err(Service::Bucket.failed(error)),
            Err(elapsed) => Err(CallError::late(Service::Bucket, elapsed)),
        }
    }

    /// A link with which anybody may read an object for a while. The object's own headers say whether it is played or saved.
    ///
    /// # Errors
    ///
    /// That the role's credentials are no good.
    pub async fn signed_url(&self, bucket: &str, key: &str) -> Result<String, CallError> {
        let life = PresigningConfig::expires_in(self.url_ttl).map_err(rejected)?;
        let signed = self
            .client()
            .get_object()
            .bucket(bucket)
            .key(key)
            .presigned(life)
            .await;
        signed
            .map(|request| request.uri().to_owned())
            .map_err(|error| Service::Bucket.failed(error))
    }

    /// Where its links to a bucket's objects lead, as a browser's policy wants it: scheme and authority.
    ///
    /// # Errors
    ///
    /// As for [`Self::signed_url`].
    pub async fn origin(&self, bucket: &str) -> Result<String, CallError> {
        let link = self.signed_url(bucket, "renders").await?;
        let link = Uri::try_from(link).map_err(rejected)?.into_parts();
        let scheme = link.scheme.unwrap_or(Scheme::HTTPS);
        Ok(link
            .authority
            .map_or_else(String::new, |authority| format!("{scheme}://{authority}")))
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
        Service::OutputBucket.within(deadline, delete).await?;
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
        let page = Service::Bucket.within(deadline, list.send()).await?;
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
        let deleted = Service::Bucket.within(deadline, delete.send()).await?;
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
                Err(CallError::told(Service::Bucket, failure, cause))
            }
            None => Ok(true),
        }
    }

    async fn put(
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
        Service::Bucket.within(deadline, put).await?;
        Ok(())
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }
}

/// The whole object, in one piece of memory.
async fn collected(object: GetObjectOutput) -> Result<Vec<u8>, Error> {
    let bytes = object
        .content_length()
        .and_then(|bytes| u64::try_from(bytes).ok())
        .unwrap_or_default();
    let too_large = |bytes| Error::StateTooLarge {
        bytes,
        limit: MAX_STATE_BYTES,
    };
    if bytes > MAX_STATE_BYTES {
        return Err(too_large(bytes));
    }
    let mut body = object.body;
    let mut state = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
    while let Some(chunk) = body.next().await {
        let chunk =
            chunk.map_err(|error| CallError::told(Service::Bucket, CallFailure::Lost, error))?;
        state.extend_from_slice(&chunk);
        if state.len() as u64 > MAX_STATE_BYTES {
            return Err(too_large(state.len() as u64));
        }
    }
    Ok(state)
}

fn rejected(error: impl Into<crate::aws::call::BoxError>) -> CallError {
    CallError::told(Service::Bucket, CallFailure::Rejected, error)
}
