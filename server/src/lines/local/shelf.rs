//! Recordings as files: a folder per organization, a WAV per recording, and its shape for the player beside it. Names are ids alone.
//! Refuses names that lead anywhere else.

use std::io::{self, ErrorKind, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use casewire_core::id::{Id as _, OrganizationId, RecordingId};
use casewire_voice::{Extent, mend, outline};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::lines::shelf::Peaks;
use crate::lines::{RecordingShelf, ShelfError};

/// Into how many pieces a recording is drawn.
const PIECES: u16 = 200;
/// The most that is read at once.
const MOST: u64 = 64 * 1024 * 1024;

/// A folder of recordings.
pub struct FolderShelf {
    root: PathBuf,
}

impl FolderShelf {
    /// The folder, made if need be.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    /// Where a new recording is to be written.
    pub(super) async fn prepare(&self, organization: OrganizationId, recording: RecordingId) -> io::Result<PathBuf> {
        let path = self.root.join(name(organization, recording));
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        Ok(path)
    }

    /// Makes a recording that was written fit to be heard, and draws it; its name here and how much it holds.
    pub(super) async fn complete(&self, organization: OrganizationId, recording: RecordingId) -> io::Result<(String, Extent)> {
        let name = name(organization, recording);
        let path = self.root.join(&name);
        let work = move || {
            let extent = mend(&path)?;
            draw(&path)?;
            Ok::<_, io::Error>(extent)
        };
        let extent = tokio::task::spawn_blocking(work).await.map_err(io::Error::other)??;
        Ok((name, extent))
    }

    fn path(&self, name: &str) -> Result<PathBuf, ShelfError> {
        let plain = |piece: &str| {
            !piece.is_empty() && !piece.starts_with('.') && piece.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        if name.split('/').all(plain) {
            Ok(self.root.join(name))
        } else {
            Err(ShelfError::Missing)
        }
    }
}

fn name(organization: OrganizationId, recording: RecordingId) -> String {
    format!("{}/{}.wav", organization.uuid().simple(), recording.uuid().simple())
}

/// Writes the shape of a recording beside it, as the player wants it.
fn draw(path: &Path) -> io::Result<()> {
    let drawn = outline(path, PIECES)?;
    let share = |pieces: &[u8]| pieces.iter().map(|piece| f32::from(*piece) / 100.0).collect::<Vec<_>>();
    let waves = Peaks {
        channels: vec![share(&drawn.left), share(&drawn.right)],
        duration_ms: u64::try_from(drawn.length.as_millis()).unwrap_or(u64::MAX),
    };
    std::fs::write(path.with_extension("json"), serde_json::to_vec(&waves).map_err(io::Error::other)?)
}

fn failure(error: &io::Error) -> ShelfError {
    if error.kind() == ErrorKind::NotFound {
        return ShelfError::Missing;
    }
    tracing::error!(kind = ?error.kind(), "the folder of recordings does not answer");
    ShelfError::Away
}

impl RecordingShelf for FolderShelf {
    fn put<'a>(&'a self, name: &'a str, sound: Bytes) -> BoxFuture<'a, Result<(), ShelfError>> {
        async move {
            let path = self.path(name)?;
            if let Some(folder) = path.parent() {
                tokio::fs::create_dir_all(folder).await.map_err(|error| failure(&error))?;
            }
            tokio::fs::write(path, sound).await.map_err(|error| failure(&error))
        }
        .boxed()
    }

    fn length<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64, ShelfError>> {
        async move {
            let found = tokio::fs::metadata(self.path(name)?).await;
            found.map(|found| found.len()).map_err(|error| failure(&error))
        }
        .boxed()
    }

    fn read<'a>(&'a self, name: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ShelfError>> {
        async move {
            let mut file = tokio::fs::File::open(self.path(name)?).await.map_err(|error| failure(&error))?;
            file.seek(SeekFrom::Start(range.start)).await.map_err(|error| failure(&error))?;
            let mut read = Vec::new();
            let length = range.end.saturating_sub(range.start).min(MOST);
            file.take(length).read_to_end(&mut read).await.map_err(|error| failure(&error))?;
            Ok(Bytes::from(read))
        }
        .boxed()
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), ShelfError>> {
        async move {
            let path = self.path(name)?;
            for gone in [path.with_extension("json"), path] {
                match tokio::fs::remove_file(gone).await {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(failure(&error)),
                    Ok(()) | Err(_) => {}
                }
            }
            Ok(())
        }
        .boxed()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_shelf_keeps_reads_and_removes_and_no_name_leads_out_of_it() {
        let folder = std::env::temp_dir().join(format!("casewire-shelf-{}", std::process::id()));
        let shelf = FolderShelf::open(folder.join("inside")).unwrap();
        shelf.put("0a/1.wav", Bytes::from_static(b"0123456789")).await.unwrap();
        assert_eq!(shelf.length("0a/1.wav").await, Ok(10));
        assert_eq!(shelf.read("0a/1.wav", 2..5).await.unwrap(), "234");
        assert_eq!(shelf.read("0a/1.wav", 8..50).await.unwrap(), "89");
        std::fs::write(folder.join("outside.wav"), b"secret").unwrap();
        for name in [
            "../outside.wav",
            "0a/../../outside.wav",
            "/etc/passwd",
            "",
            "0a//1.wav",
            "..",
            "0a/.hidden",
        ] {
            assert_eq!(shelf.length(name).await, Err(ShelfError::Missing), "{name}");
        }
        shelf.delete("0a/1.wav").await.unwrap();
        shelf.delete("0a/1.wav").await.unwrap();
        assert_eq!(shelf.read("0a/1.wav", 0..1).await, Err(ShelfError::Missing));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
