//! Contents in a bucket of an S3-compatible store, by the crate `object_store`. A content is written by its hash, in parts where it is
//! large; a bucket shows an object when all of it is there. What is there already with the right size is not written again.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use futures_util::StreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::{BucketSettings, CHUNK, Contents, Staged, StorageError};

/// Contents up to this size are written at once.
const AT_ONCE: u64 = 8 * 1024 * 1024;

/// A bucket of contents.
pub struct Bucket(Arc<dyn ObjectStore>);

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bucket(..)")
    }
}

impl Bucket {
    /// A bucket by its client.
    #[must_use]
    pub fn new(client: Arc<dyn ObjectStore>) -> Self {
        Self(client)
    }

    /// The bucket of these settings. Connects to nothing yet.
    pub(super) fn of(settings: &BucketSettings) -> Result<Self, String> {
        casewire_carriers::tls::install();
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.name)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(&settings.secret_access_key);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let client = builder
            .build()
            .map_err(|_| "the settings of the bucket cannot be used".to_owned())?;
        Ok(Self(Arc::new(client)))
    }

    pub(super) async fn keep(&self, place: &str, staged: &Staged) -> Result<(), StorageError> {
        let place = path(place);
        match self.0.head(&place).await {
            Ok(there) if there.size == staged.size => return Ok(()),
            Ok(_) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(of_store(&error)),
        }
        if staged.size <= AT_ONCE {
            let content = tokio::fs::read(staged.path()).await?;
            self.0
                .put(&place, PutPayload::from(content))
                .await
                .map_err(|error| of_store(&error))?;
            return Ok(());
        }
        let upload = self.0.put_multipart(&place).await.map_err(|error| of_store(&error))?;
        let mut write = WriteMultipart::new(upload);
        let mut file = File::open(staged.path()).await?;
        let mut piece = vec![0; CHUNK];
        loop {
            let count = file.read(&mut piece).await?;
            if count == 0 {
                break;
            }
            write.wait_for_capacity(4).await.map_err(|error| of_store(&error))?;
            write.write(piece.get(..count).unwrap_or_default());
        }
        write.finish().await.map_err(|error| of_store(&error))?;
        Ok(())
    }

    pub(super) async fn open(&self, place: &str, range: Range<u64>) -> Result<Contents, StorageError> {
        let options = object_store::GetOptions {
            range: Some(range.into()),
            ..object_store::GetOptions::default()
        };
        let found = self.0.get_opts(&path(place), options).await.map_err(|error| of_store(&error))?;
        Ok(found.into_stream().map(|piece| piece.map_err(|error| of_store(&error))).boxed())
    }
}

fn path(place: &str) -> Path {
    Path::from(place)
}

fn of_store(error: &Error) -> StorageError {
    if matches!(error, Error::NotFound { .. }) {
        StorageError::Missing
    } else {
        StorageError::Unavailable(std::io::ErrorKind::Other)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use casewire_core::id::{Id as _, OrganizationId};
    use casewire_store::mint;
    use futures_util::TryStreamExt as _;
    use object_store::memory::InMemory;

    use super::*;
    use crate::storage::Storage;

    async fn read(
        storage: &Storage,
        organization: OrganizationId,
        hash: casewire_core::documents::ContentHash,
        range: Range<u64>,
    ) -> Vec<u8> {
        let pieces: Vec<_> = storage.open(organization, hash, range).await.unwrap().try_collect().await.unwrap();
        pieces.concat()
    }

    #[tokio::test]
    async fn a_bucket_keeps_contents_small_and_large_and_gives_parts_of_them() {
        let folder = std::env::temp_dir().join(format!("casewire-test-bucket-{}", mint::<OrganizationId>().uuid().simple()));
        let memory = Arc::new(InMemory::new());
        let storage = Storage::in_bucket(folder.clone(), Bucket::new(Arc::clone(&memory) as Arc<dyn ObjectStore>));
        let organization = mint::<OrganizationId>();
        let large: Vec<u8> = (0_u32..3_000_000).flat_map(|number| number.to_le_bytes()).collect();
        for content in [b"small".to_vec(), large] {
            for _ in 0..2 {
                let mut intake = storage.intake(50_000_000).await.unwrap();
                for piece in content.chunks(100_000) {
                    intake.write(piece).await.unwrap();
                }
                let staged = intake.finish().await.unwrap();
                let (hash, size) = (staged.hash, staged.size);
                storage.keep(organization, staged).await.unwrap();
                assert!(read(&storage, organization, hash, 0..size).await == content);
                assert_eq!(read(&storage, organization, hash, 1..3).await, content.get(1..3).unwrap());
            }
        }
        let there: Vec<_> = memory.list(None).try_collect().await.unwrap();
        assert_eq!(there.len(), 2, "the same content is there once");
        assert_eq!(
            std::fs::read_dir(folder.join("staging")).unwrap().count(),
            0,
            "nothing is left on the way"
        );
        let nobodys = casewire_core::documents::ContentHash::of_bytes([7; 32]);
        assert_eq!(storage.open(organization, nobodys, 0..1).await.err(), Some(StorageError::Missing));
        assert_eq!(
            storage.open(mint::<OrganizationId>(), nobodys, 0..1).await.err(),
            Some(StorageError::Missing)
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
