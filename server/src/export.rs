//! The export of a case as a file: its communications as PDF, CSV and JSON in one ZIP, with a signed manifest of hashes. The same data
//! gives the same bytes: nothing in here reads a clock or draws anything, and names come sorted as the store gave them. The job
//! that makes one: `crate::jobs::export_case`; who checks one: `casewire verify`.

pub mod build;
pub mod csv;
pub mod entry;
pub mod manifest;
pub mod pdf;
pub mod zip;

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The disk.
    #[error("a file of the export cannot be written or read: {0}")]
    File(#[from] std::io::Error),
    /// JSON.
    #[error("an entry cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// CSV.
    #[error("an entry cannot be written as CSV")]
    Csv(#[from] ::csv::Error),
    /// The page.
    #[error("the PDF cannot be made: {0}")]
    Pdf(&'static str),
    /// More than four gibibytes.
    #[error("the export is larger than a ZIP without extensions can be")]
    TooLarge,
}
