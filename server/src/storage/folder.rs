//! Contents in a local folder: `staging/` has what is being taken in, `contents/` what is kept. A content comes to its place by a rename
//! after it was written to the disk, so that there is all of it or nothing.

use std::io::SeekFrom;
use std::ops::Range;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use futures_util::stream;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::{CHUNK, Contents, Staged, StorageError};

/// A folder of contents.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(super) fn staging(&self) -> PathBuf {
        self.0.join("staging")
    }

    fn at(&self, place: &str) -> PathBuf {
        self.0.join("contents").join(place)
    }

    pub(super) async fn keep(&self, place: &str, staged: Staged) -> Result<(), StorageError> {
        let to = self.at(place);
        if tokio::fs::metadata(&to).await.is_ok_and(|there| there.len() == staged.size) {
            return Ok(());
        }
        let folder = to.parent().unwrap_or(Path::new(".")).to_owned();
        tokio::fs::create_dir_all(&folder).await?;
        tokio::fs::rename(staged.path(), &to).await?;
        staged.moved();
        File::open(&folder).await?.sync_all().await?;
        Ok(())
    }

    pub(super) async fn open(&self, place: &str, range: Range<u64>) -> Result<Contents, StorageError> {
        let mut file = File::open(self.at(place)).await?;
        file.seek(SeekFrom::Start(range.start)).await?;
        let left = range.end.saturating_sub(range.start);
        Ok(Box::pin(stream::unfold(Some((file, left)), |state| async move {
            let (mut file, left) = state.filter(|(_, left)| *left > 0)?;
            let mut piece = vec![0; usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)];
            match file.read(&mut piece).await {
                Ok(0) => Some((Err(StorageError::Missing), None)),
                Ok(count) => {
                    piece.truncate(count);
                    let left = left.saturating_sub(u64::try_from(count).unwrap_or(left));
                    Some((Ok(Bytes::from(piece)), Some((file, left))))
                }
                Err(error) => Some((Err(error.into()), None)),
            }
        })))
    }
}
