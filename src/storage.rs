//! Remotion's bucket. The only file that names `aws_sdk_s3`.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use tokio::time::{Instant, timeout_at};

use crate::error::Error;
use crate::remotion::{BucketName, InputProps};

/// The bucket, through a client that is made at its first use: most requests need none.
#[derive(Debug)]
pub struct Storage {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    bucket: BucketName,
}

impl Storage {
    /// The bucket of this name.
    #[must_use]
    pub fn new(sdk: SdkConfig, bucket: BucketName) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            bucket,
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
    /// [`Error::PropsNotStored`].
    pub async fn put_props(&self, props: &str, deadline: Instant) -> Result<InputProps, Error> {
        let hash: String = std::iter::repeat_with(|| fastrand::alphanumeric().to_ascii_lowercase())
            .take(10)
            .collect();
        let put = self
            .client()
            .put_object()
            .bucket(self.bucket.as_str())
            .key(format!("input-props/{hash}.json"))
            .content_type("application/json")
            .body(props.as_bytes().to_vec().into())
            .send();
        match timeout_at(deadline, put).await {
            Ok(Ok(_)) => Ok(InputProps::BucketUrl {
                hash,
                bucket_name: self.bucket.clone(),
            }),
            Ok(Err(error)) => Err(Error::PropsNotStored(error.into())),
            Err(elapsed) => Err(Error::PropsNotStored(elapsed.into())),
        }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }
}
