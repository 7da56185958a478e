//! A content on its way in: written to a file of its own while it is counted, hashed and judged by its first bytes. What does not come to
//! its end leaves nothing behind.

use std::path::{Path, PathBuf};

use casewire_core::documents::{ContentHash, JUDGED_BYTES, content_type};
use casewire_core::id::{DocumentId, Id as _};
use casewire_store::mint;
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::StorageError;

/// Why a content is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// It is larger than it may be.
    #[error("it is too large")]
    TooLarge,
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// It cannot be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A content that is being taken in.
pub struct Intake {
    file: File,
    left: Leftover,
    hash: Sha256,
    size: u64,
    most: u64,
    first: Vec<u8>,
}

impl Intake {
    pub(super) async fn begin(folder: &Path, most: u64) -> Result<Self, StorageError> {
        tokio::fs::create_dir_all(folder).await?;
        let path = folder.join(mint::<DocumentId>().uuid().simple().to_string());
        let file = File::options().write(true).create_new(true).open(&path).await?;
        Ok(Self {
            file,
            left: Leftover(Some(path)),
            hash: Sha256::new(),
            size: 0,
            most,
            first: Vec::new(),
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`IntakeError`]; nothing of the content is left then.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), IntakeError> {
        self.size = self.size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.size > self.most {
            return Err(IntakeError::TooLarge);
        }
        let missing = JUDGED_BYTES.saturating_sub(self.first.len()).min(piece.len());
        self.first.extend_from_slice(piece.get(..missing).unwrap_or_default());
        self.hash.update(piece);
        self.file.write_all(piece).await.map_err(StorageError::from)?;
        Ok(())
    }

    /// Ends it: the content is on the disk, but in no place yet.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn finish(mut self) -> Result<Staged, IntakeError> {
        if self.size == 0 {
            return Err(IntakeError::Empty);
        }
        self.file.flush().await.map_err(StorageError::from)?;
        self.file.sync_all().await.map_err(StorageError::from)?;
        Ok(Staged {
            left: self.left,
            hash: ContentHash::of_bytes(self.hash.finalize().into()),
            size: self.size,
            content_type: content_type(&self.first),
        })
    }
}

/// A content that was taken in and has no place yet.
pub struct Staged {
    left: Leftover,
    /// Its hash.
    pub hash: ContentHash,
    /// Its size in bytes.
    pub size: u64,
    /// What it is by its first bytes.
    pub content_type: &'static str,
}

impl Staged {
    pub(super) fn path(&self) -> &Path {
        self.left.0.as_deref().unwrap_or_else(|| Path::new(""))
    }

    /// It was moved to its place.
    pub(super) fn moved(mut self) {
        self.left.0 = None;
    }
}

/// A file that goes when nobody wants it.
struct Leftover(Option<PathBuf>);

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Some(path) = self.0.take()
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(kind = ?error.kind(), "a file that was not taken in could not be removed");
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use casewire_core::id::OrganizationId;

    use super::*;

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("casewire-test-intake-{}", mint::<OrganizationId>().uuid().simple()))
    }

    #[tokio::test]
    async fn what_is_too_large_empty_or_cut_leaves_nothing_behind() {
        let folder = folder();
        let mut large = Intake::begin(&folder, 10).await.unwrap();
        assert_eq!(large.write(b"0123456789").await, Ok(()));
        assert_eq!(large.write(b"x").await, Err(IntakeError::TooLarge));
        drop(large);
        let empty = Intake::begin(&folder, 10).await.unwrap();
        assert_eq!(empty.finish().await.err(), Some(IntakeError::Empty));
        let mut cut = Intake::begin(&folder, 10).await.unwrap();
        cut.write(b"half").await.unwrap();
        drop(cut);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_content_is_counted_hashed_and_judged_over_its_pieces() {
        let folder = folder();
        let mut intake = Intake::begin(&folder, 100).await.unwrap();
        for piece in [b"%P".as_slice(), b"DF-", b"1.7"] {
            intake.write(piece).await.unwrap();
        }
        let staged = intake.finish().await.unwrap();
        assert_eq!((staged.size, staged.content_type), (8, "application/pdf"));
        let whole: [u8; 32] = Sha256::digest(b"%PDF-1.7").into();
        assert_eq!(staged.hash, ContentHash::of_bytes(whole));
        drop(staged);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
