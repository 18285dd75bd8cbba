//! A bucket on S3: where it is and who may write there. The protocol is the library's; TLS is rustls.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, RetryConfig};

use crate::error::OpenError;
use crate::on_this_machine;

/// How often the service is asked again after an answer that passes.
const RETRIES: usize = 3;
/// How long that may take altogether: a borrower waits behind it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where a bucket is. Its writes must be conditional (`If-None-Match: *`), which S3, MinIO, Ceph and R2 offer.
#[derive(Clone)]
pub struct S3Place {
    /// Bucket.
    pub bucket: String,
    /// Folder in it, empty for none.
    pub prefix: String,
    /// Region, such as `cn-north-1`.
    pub region: String,
    /// Address of the service when it is not Amazon's. `http://` is taken on this machine only.
    pub endpoint: Option<String>,
    /// Name of the access key.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
}

impl std::fmt::Debug for S3Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Place")
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl S3Place {
    pub(super) fn open(self) -> Result<Arc<dyn ObjectStore>, OpenError> {
        let path = format!("s3://{}/{}", self.bucket, self.prefix);
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(self.bucket)
            .with_region(self.region)
            .with_access_key_id(self.access_key)
            .with_secret_access_key(self.secret_key)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: PATIENCE,
                ..RetryConfig::default()
            })
            // Two nodes that keep one document must not both believe that they wrote it.
            .with_conditional_put(S3ConditionalPut::ETagMatch);
        if let Some(endpoint) = self.endpoint {
            builder = builder.with_allow_http(on_this_machine(&endpoint)).with_endpoint(endpoint);
        }
        let store = builder.build().map_err(|e| OpenError::Path { path, why: e.to_string() })?;
        Ok(match self.prefix.is_empty() {
            true => Arc::new(store),
            false => Arc::new(PrefixStore::new(store, self.prefix)),
        })
    }
}
