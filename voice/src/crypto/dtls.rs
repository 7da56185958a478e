//! DTLS by `dimpl`, and the self-signed certificate that a session is recognised by (its hash stands in the SDP).

use std::sync::Arc;
use std::time::Instant;

use rcgen::{CertificateParams, DistinguishedName, KeyPair, PKCS_ECDSA_P256_SHA256, SerialNumber};
use ring::rand::{SecureRandom, SystemRandom};
use str0m::crypto::CryptoError;
use str0m::crypto::dtls::{DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion};

#[derive(Debug)]
pub struct Dtls;

impl DtlsProvider for Dtls {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).ok()?;
        let mut params = CertificateParams::new(Vec::<String>::new()).ok()?;
        params.distinguished_name = DistinguishedName::new();
        // Firefox refuses a serial number that it has seen with another key, from whatever program.
        let mut serial = [0_u8; 16];
        SystemRandom::new().fill(&mut serial).ok()?;
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let certificate = params.self_signed(&key).ok()?;
        Some(DtlsCert {
            certificate: certificate.der().to_vec(),
            private_key: key.serialize_der(),
        })
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        // ICE has shown by then that the peer is where it says: a cookie would cost a round trip for nothing.
        let mut builder = dimpl::Config::builder()
            .use_server_cookie(false)
            .with_crypto_provider(dimpl::crypto::rust_crypto::default_provider());
        if let Some(mtu) = mtu {
            builder = builder.mtu(mtu);
        }
        let config = Arc::new(builder.build().map_err(|_| CryptoError::Other("DTLS configuration".to_owned()))?);
        let certificate = DtlsCert {
            certificate: certificate.certificate.clone(),
            private_key: certificate.private_key.clone(),
        };
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the enum is the library's and may grow; every browser speaks 1.2"
        )]
        let dtls = match version {
            DtlsVersion::Dtls13 => dimpl::Dtls::new_13(config, certificate, now),
            DtlsVersion::Auto => dimpl::Dtls::new_auto(config, certificate, now),
            _ => dimpl::Dtls::new_12(config, certificate, now),
        };
        Ok(Box::new(Session(dtls)))
    }
}

struct Session(dimpl::Dtls);

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

impl DtlsInstance for Session {
    fn set_active(&mut self, active: bool) {
        self.0.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.0.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        self.0.poll_output(buffer)
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.0.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.0.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.0.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.0.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.0.close()
    }
}
