//! Remotion's buckets: state, outputs, props. The only file that names `aws_sdk_s3`.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use lambda_http::http::Uri;
use lambda_http::http::uri::Scheme;
use tokio::time::{Instant, timeout_at};

use crate::error::Error;
use crate::remotion::{BucketName, InputProps, RenderId};
use crate::service::Service;

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
    /// [`Error::PropsNotStored`] where the role may not; and those of a call.
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
            Err(Error::Denied(_, error)) => return Err(Error::PropsNotStored(error)),
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
    /// Those of a call.
    pub async fn cancel(
        &self,
        bucket: &str,
        id: &RenderId,
        now: u64,
        deadline: Instant,
    ) -> Result<(), Error> {
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
    /// Those of a call.
    pub async fn progress(
        &self,
        bucket: &str,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<Option<Vec<u8>>, Error> {
        let key = format!("renders/{id}/progress.json");
        let get = self.client().get_object().bucket(bucket).key(key).send();
        match timeout_at(deadline, get).await {
            Ok(Ok(object)) => match timeout_at(deadline, object.body.collect()).await {
                Ok(Ok(bytes)) => Ok(Some(bytes.to_vec())),
                Ok(Err(error)) => Err(Error::Unavailable(Service::Storage, error.into())),
                Err(elapsed) => Err(Error::TimedOut(Service::Storage, elapsed.into())),
            },
            Ok(Err(error)) if error.code() == Some("NoSuchKey") => Ok(None),
            Ok(Err(error)) => Err(Service::Storage.failed(error)),
            Err(elapsed) => Err(Error::TimedOut(Service::Storage, elapsed.into())),
        }
    }

    /// The size of an object in bytes, or `None` where it is not there.
    ///
    /// # Errors
    ///
    /// Those of a call.
    pub async fn size(
        &self,
        bucket: &str,
        key: &str,
        deadline: Instant,
    ) -> Result<Option<u64>, Error> {
        let head = self.client().head_object().bucket(bucket).key(key).send();
        match timeout_at(deadline, head).await {
            Ok(Ok(object)) => Ok(object
                .content_length()
                .and_then(|bytes| u64::try_from(bytes).ok())),
            Ok(Err(error))
                if error
                    .raw_response()
                    .is_some_and(|response| response.status().as_u16() == 404) =>
            {
                Ok(None)
            }
            Ok(Err(error)) => Err(Service::Storage.failed(error)),
            Err(elapsed) => Err(Error::TimedOut(Service::Storage, elapsed.into())),
        }
    }

    /// A link with which anybody may read an object for a while. The object's own headers say whether it is played or saved.
    ///
    /// # Errors
    ///
    /// Those of a call.
    pub async fn signed_url(&self, bucket: &str, key: &str) -> Result<String, Error> {
        let life = PresigningConfig::expires_in(self.url_ttl)
            .map_err(|error| Error::Refused(Service::Storage, error.into()))?;
        let signed = self
            .client()
            .get_object()
            .bucket(bucket)
            .key(key)
            .presigned(life)
            .await;
        signed
            .map(|request| request.uri().to_owned())
            .map_err(|error| Service::Storage.failed(error))
    }

    /// Where its links to a bucket's objects lead, as a browser's policy wants it: scheme and authority.
    ///
    /// # Errors
    ///
    /// Those of [`Self::signed_url`].
    pub async fn origin(&self, bucket: &str) -> Result<String, Error> {
        let link = self.signed_url(bucket, "renders").await?;
        let link = Uri::try_from(link)
            .map_err(|error| Error::Refused(Service::Storage, error.into()))?
            .into_parts();
        let scheme = link.scheme.unwrap_or(Scheme::HTTPS);
        Ok(link
            .authority
            .map_or_else(String::new, |authority| format!("{scheme}://{authority}")))
    }

    /// Deletes everything under a render's prefix, a thousand objects at a time.
    ///
    /// # Errors
    ///
    /// Those of a call; what has been deleted stays so, and a repetition goes on from there.
    pub async fn delete_render(
        &self,
        bucket: &str,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<(), Error> {
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
    ) -> Result<bool, Error> {
        let list = self
            .client()
            .list_objects_v2()
            .bucket(bucket)
            .prefix(prefix);
        let page = Service::Storage.within(deadline, list.send()).await?;
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
        let deleted = Service::Storage.within(deadline, delete.send()).await?;
        match deleted.errors().first() {
            Some(error) => {
                let (code, message) = (error.code(), error.message());
                let cause = format!(
                    "{}: {}",
                    code.unwrap_or_default(),
                    message.unwrap_or_default()
                );
                // One answer of status 200 tells of each object.
                Err(if code == Some("AccessDenied") {
                    Error::Denied(Service::Storage, cause.into())
                } else {
                    Error::Unavailable(Service::Storage, cause.into())
                })
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
    ) -> Result<(), Error> {
        let put = self
            .client()
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type("application/json")
            .body(bytes.into())
            .send();
        Service::Storage.within(deadline, put).await?;
        Ok(())
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }
}
