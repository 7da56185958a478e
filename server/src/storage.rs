//! Where the contents of documents lie, by their SHA-256 within an organization: a local folder, or a bucket of an S3-compatible store.
//! A content is taken in to a local file while it is counted, hashed and judged ([`Intake`]), and then put in its place at once; what is
//! there already is not written again. Refuses to delete: rows name contents. See ADR 13.

#[cfg(feature = "bucket")]
mod bucket;
mod folder;
mod intake;

use std::ops::Range;
use std::path::PathBuf;

use axum::body::Bytes;
use casewire_core::documents::ContentHash;
use casewire_core::id::{Id as _, OrganizationId};
use futures_util::stream::BoxStream;

#[cfg(feature = "bucket")]
pub use self::bucket::Bucket;
use self::folder::Folder;
pub use self::intake::{Intake, IntakeError, Staged};

/// What is said where there is no storage.
const NOWHERE: StorageError = StorageError::Unavailable(std::io::ErrorKind::Unsupported);
/// How many bytes are read at once.
const CHUNK: usize = 64 * 1024;

/// A content as it is read.
pub type Contents = BoxStream<'static, Result<Bytes, StorageError>>;

/// Where contents are to lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageSettings {
    /// The folder of the contents; of those that are being taken in, where there is a bucket.
    pub folder: PathBuf,
    /// The bucket; none where they lie in the folder.
    pub bucket: Option<BucketSettings>,
}

/// A bucket of an S3-compatible store.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketSettings {
    /// The name of the bucket.
    pub name: String,
    /// The address of the store; none for Amazon's own.
    pub endpoint: Option<String>,
    /// Such as us-east-1.
    pub region: String,
    /// The id of the key.
    pub access_key_id: String,
    /// The secret of the key.
    pub secret_access_key: String,
}

impl std::fmt::Debug for BucketSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BucketSettings({})", self.name)
    }
}

/// Why a content cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// There is no room.
    #[error("the storage is full")]
    Full,
    /// It is not there.
    #[error("the content is not in the storage")]
    Missing,
    /// The folder or the store cannot be used.
    #[error("the storage cannot be used ({0:?})")]
    Unavailable(std::io::ErrorKind),
}

impl From<std::io::Error> for StorageError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{NotFound, QuotaExceeded, StorageFull};
        let kind = error.kind();
        if [StorageFull, QuotaExceeded].contains(&kind) {
            Self::Full
        } else if kind == NotFound {
            Self::Missing
        } else {
            Self::Unavailable(kind)
        }
    }
}

/// The contents of all organizations.
pub struct Storage {
    folder: Folder,
    place: Place,
}

/// Where what was taken in is kept.
enum Place {
    Folder,
    #[cfg(feature = "bucket")]
    Bucket(Bucket),
    /// The settings cannot be used: everything is refused.
    Nowhere,
}

impl Storage {
    /// The storage in a folder, which is made when the first content comes.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder: Folder::new(folder),
            place: Place::Folder,
        }
    }

    /// The storage in a bucket, by a client of it; the folder has what is being taken in.
    #[cfg(feature = "bucket")]
    #[must_use]
    pub fn in_bucket(folder: PathBuf, bucket: Bucket) -> Self {
        Self {
            folder: Folder::new(folder),
            place: Place::Bucket(bucket),
        }
    }

    /// The storage that the operator chose.
    ///
    /// # Errors
    /// In words, where the program is built without buckets, or the bucket's settings cannot be used.
    pub fn of(settings: &StorageSettings) -> Result<Self, String> {
        match &settings.bucket {
            None => Ok(Self::in_folder(settings.folder.clone())),
            #[cfg(feature = "bucket")]
            Some(bucket) => Ok(Self::in_bucket(settings.folder.clone(), Bucket::of(bucket)?)),
            #[cfg(not(feature = "bucket"))]
            Some(_) => Err("this program is built without the feature `bucket`".to_owned()),
        }
    }

    /// The storage that the operator chose; where its settings cannot be used one that refuses everything.
    #[must_use]
    pub fn of_or_nowhere(settings: &StorageSettings) -> Self {
        Self::of(settings).unwrap_or_else(|why| {
            tracing::error!(why, "documents cannot be stored");
            Self {
                folder: Folder::new(settings.folder.clone()),
                place: Place::Nowhere,
            }
        })
    }

    /// Begins to take a content in, of at most so many bytes.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn intake(&self, most: u64) -> Result<Intake, StorageError> {
        Intake::begin(&self.folder.staging(), most).await
    }

    /// Puts a content in its place, for good.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn keep(&self, organization: OrganizationId, staged: Staged) -> Result<(), StorageError> {
        let address = address(organization, staged.hash);
        match &self.place {
            Place::Folder => self.folder.keep(&address, staged).await,
            #[cfg(feature = "bucket")]
            Place::Bucket(bucket) => bucket.keep(&address, &staged).await,
            Place::Nowhere => Err(NOWHERE),
        }
    }

    /// Reads a content, or a part of it. The caller knows its length.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn open(&self, organization: OrganizationId, hash: ContentHash, range: Range<u64>) -> Result<Contents, StorageError> {
        let address = address(organization, hash);
        match &self.place {
            Place::Folder => self.folder.open(&address, range).await,
            #[cfg(feature = "bucket")]
            Place::Bucket(bucket) => bucket.open(&address, range).await,
            Place::Nowhere => Err(NOWHERE),
        }
    }
}

/// `<organization>/<first two digits>/<hash>`: organizations share nothing, so that nobody learns what another one has.
fn address(organization: OrganizationId, hash: ContentHash) -> String {
    let hash = hash.to_string();
    let first = hash.get(..2).unwrap_or_default();
    format!("{}/{first}/{hash}", organization.uuid().simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_one_that_cannot_be_used() {
        let error = |kind| StorageError::from(std::io::Error::from(kind));
        assert_eq!(error(std::io::ErrorKind::StorageFull), StorageError::Full);
        assert_eq!(error(std::io::ErrorKind::QuotaExceeded), StorageError::Full);
        assert_eq!(error(std::io::ErrorKind::NotFound), StorageError::Missing);
        let denied = std::io::ErrorKind::PermissionDenied;
        assert_eq!(error(denied), StorageError::Unavailable(denied));
    }
}
