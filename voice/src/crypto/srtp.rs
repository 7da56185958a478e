//! SRTP's ciphers: AES in counter mode (RFC 3711) and AES-GCM (RFC 7714). Browsers choose GCM where it is offered.

use std::fmt;

use aes::cipher::{BlockCipherEncrypt, KeyInit, KeyIvInit, StreamCipher};
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, Tag, UnboundKey};
use str0m::crypto::{
    AeadAes128Gcm, AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, SrtpProvider, SupportedAeadAes128Gcm,
    SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
};

type CounterMode = ctr::Ctr128BE<aes::Aes128>;

/// The length of a GCM tag, for both key sizes.
const TAG: usize = AeadAes128Gcm::TAG_LEN;

#[derive(Debug)]
pub struct Srtp;

impl SrtpProvider for Srtp {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        &Srtp
    }

    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Srtp
    }

    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Srtp
    }

    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        if let Ok(cipher) = aes::Aes128::new_from_slice(key) {
            one_block(&cipher, input, output);
        }
    }

    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        if let Ok(cipher) = aes::Aes256::new_from_slice(key) {
            one_block(&cipher, input, output);
        }
    }
}

/// Encrypts the one block of a key derivation; str0m reads the first 16 bytes of the output.
fn one_block(cipher: &impl BlockCipherEncrypt, input: &[u8], output: &mut [u8]) {
    let mut block = aes::cipher::Array::default();
    for (to, from) in block.iter_mut().zip(input) {
        *to = *from;
    }
    cipher.encrypt_block(&mut block);
    for (to, from) in output.iter_mut().zip(&block) {
        *to = *from;
    }
}

impl SupportedAes128CmSha1_80 for Srtp {
    fn create_cipher(&self, key: [u8; 16], _encrypt: bool) -> Box<dyn Aes128CmSha1_80Cipher> {
        Box::new(Counter { key })
    }
}

impl SupportedAeadAes128Gcm for Srtp {
    fn create_cipher(&self, key: [u8; 16], _encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        Box::new(Gcm::new(&AES_128_GCM, &key))
    }
}

impl SupportedAeadAes256Gcm for Srtp {
    fn create_cipher(&self, key: [u8; 32], _encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        Box::new(Gcm::new(&AES_256_GCM, &key))
    }
}

struct Counter {
    key: [u8; 16],
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counter")
    }
}

impl Aes128CmSha1_80Cipher for Counter {
    fn encrypt(&mut self, iv: &[u8; 16], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        let output = output.get_mut(..input.len()).ok_or_else(|| refused("output too short"))?;
        CounterMode::new(&self.key.into(), iv.into()).apply_keystream_b2b(input, output);
        Ok(())
    }

    fn decrypt(&mut self, iv: &[u8; 16], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.encrypt(iv, input, output)
    }
}

struct Gcm {
    /// None only for a key of the wrong length, which the types above exclude.
    key: Option<LessSafeKey>,
}

impl fmt::Debug for Gcm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gcm")
    }
}

impl Gcm {
    fn new(algorithm: &'static Algorithm, key: &[u8]) -> Self {
        Self {
            key: UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new),
        }
    }

    fn seal(&self, iv: [u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        let key = self.key.as_ref().ok_or_else(|| refused("key"))?;
        let (text, tag) = output
            .split_at_mut_checked(input.len())
            .ok_or_else(|| refused("output too short"))?;
        text.copy_from_slice(input);
        let made = key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(iv), Aad::from(aad), text)
            .map_err(|_| refused("GCM seal"))?;
        tag.get_mut(..TAG)
            .ok_or_else(|| refused("output too short"))?
            .copy_from_slice(made.as_ref());
        Ok(())
    }

    fn open(&self, iv: [u8; 12], aads: &[&[u8]], input: &[u8], output: &mut [u8]) -> Result<usize, CryptoError> {
        let key = self.key.as_ref().ok_or_else(|| refused("key"))?;
        let length = input.len().checked_sub(TAG).ok_or_else(|| refused("no tag"))?;
        let (sealed, tag) = input.split_at_checked(length).ok_or_else(|| refused("no tag"))?;
        let tag = Tag::try_from(tag).map_err(|_| refused("no tag"))?;
        let text = output.get_mut(..length).ok_or_else(|| refused("output too short"))?;
        text.copy_from_slice(sealed);
        let joined;
        let aad: &[u8] = match aads {
            [one] => one,
            several => {
                joined = several.concat();
                &joined
            }
        };
        key.open_in_place_separate_tag(Nonce::assume_unique_for_key(iv), Aad::from(aad), tag, text, 0..)
            .map_err(|_| refused("GCM open"))?;
        Ok(length)
    }
}

impl AeadAes128GcmCipher for Gcm {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.seal(*iv, aad, input, output)
    }

    fn decrypt(&mut self, iv: &[u8; 12], aads: &[&[u8]], input: &[u8], output: &mut [u8]) -> Result<usize, CryptoError> {
        self.open(*iv, aads, input, output)
    }
}

impl AeadAes256GcmCipher for Gcm {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.seal(*iv, aad, input, output)
    }

    fn decrypt(&mut self, iv: &[u8; 12], aads: &[&[u8]], input: &[u8], output: &mut [u8]) -> Result<usize, CryptoError> {
        self.open(*iv, aads, input, output)
    }
}

fn refused(what: &str) -> CryptoError {
    CryptoError::Other(what.to_owned())
}
