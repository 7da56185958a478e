//! The one implementation of cryptography for all TLS connections of the process: ring, which needs no C compiler set up.

/// Installs it, unless there is one already. Every HTTP client needs it before it is built; calling again changes nothing.
pub fn install() {
    if rustls::crypto::CryptoProvider::get_default().is_none() && rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("another thread has installed the TLS provider");
    }
}
