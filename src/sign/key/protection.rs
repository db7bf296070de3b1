//! How a PKCS#12 file is protected by its passphrase (RFC 7292, 4 and appendix B; RFC 8018): old encryptions and new ones.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, InnerIvInit, KeyIvInit};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512};
use der::asn1::OctetStringRef;
use der::{Decode, Sequence};
use pkcs5::pbes2::Kdf;
use ring::digest::{self, Algorithm};
use ring::hmac;
use x509_cert::spki::AlgorithmIdentifierRef;

use super::container::Fault;

/// Most rounds of key derivation: some seconds' work.
const MAX_ROUNDS: u32 = 2_000_000;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
const RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// What a derived key is for (RFC 7292, B.3).
#[derive(Clone, Copy)]
enum Use {
    Key = 1,
    InitialVector = 2,
    Mac = 3,
}

/// `pkcs-12PbeParams` (RFC 7292, C).
#[derive(Sequence)]
struct Salted<'a> {
    salt: OctetStringRef<'a>,
    rounds: u32,
}

/// `MacData` (RFC 7292, 4).
#[derive(Sequence)]
struct MacData<'a> {
    mac: DigestInfo<'a>,
    salt: OctetStringRef<'a>,
    #[asn1(default = "once")]
    rounds: u32,
}

#[derive(Sequence)]
struct DigestInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    digest: OctetStringRef<'a>,
}

fn once() -> u32 {
    1
}

/// Verifies that the file is as it was written by who knew the passphrase; `mac_data` in DER.
pub(super) fn verify(mac_data: &[u8], content: &[u8], passphrase: &str) -> Result<(), Fault> {
    let MacData { mac, salt, rounds } = MacData::from_der(mac_data)?;
    let (digest, algorithm) = match mac.algorithm.oid {
        ID_SHA_1 => (&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        ID_SHA_256 => (&digest::SHA256, hmac::HMAC_SHA256),
        ID_SHA_384 => (&digest::SHA384, hmac::HMAC_SHA384),
        ID_SHA_512 => (&digest::SHA512, hmac::HMAC_SHA512),
        _ => return Err(Fault::Unsupported),
    };
    let key = derive(digest, passphrase, &Salted { salt, rounds }, Use::Mac, digest.output_len())?;
    hmac::verify(&hmac::Key::new(algorithm, &key), content, mac.digest.as_bytes()).map_err(|_| Fault::Passphrase)
}

/// Decrypts what the passphrase encrypted; `algorithm` in DER.
pub(super) fn decrypt(algorithm: &[u8], encrypted: &[u8], passphrase: &str) -> Result<Vec<u8>, Fault> {
    let identifier = AlgorithmIdentifierRef::from_der(algorithm)?;
    if identifier.oid == PBES2 {
        let scheme = pkcs5::EncryptionScheme::try_from(algorithm).map_err(|_| Fault::Unsupported)?;
        match scheme.pbes2().map(|parameters| &parameters.kdf) {
            Some(Kdf::Pbkdf2(kdf)) if kdf.iteration_count <= MAX_ROUNDS => {}
            _ => return Err(Fault::Unsupported),
        }
        return scheme.decrypt(passphrase, encrypted).map_err(|_| Fault::Passphrase);
    }
    let length = match identifier.oid {
        TRIPLE_DES => 24,
        RC2_128 => 16,
        RC2_40 => 5,
        _ => return Err(Fault::Unsupported),
    };
    let salted: Salted<'_> = identifier.parameters.ok_or(Fault::Damaged)?.decode_as()?;
    let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
    let key = derive(sha1, passphrase, &salted, Use::Key, length)?;
    let vector = derive(sha1, passphrase, &salted, Use::InitialVector, 8)?;
    let decrypted = if identifier.oid == TRIPLE_DES {
        let cipher = cbc::Decryptor::<des::TdesEde3>::new_from_slices(&key, &vector).map_err(|_| Fault::Unsupported)?;
        cipher.decrypt_padded_vec_mut::<Pkcs7>(encrypted)
    } else {
        let cipher = rc2::Rc2::new_with_eff_key_len(&key, length * 8);
        let cipher = cbc::Decryptor::inner_iv_slice_init(cipher, &vector).map_err(|_| Fault::Unsupported)?;
        cipher.decrypt_padded_vec_mut::<Pkcs7>(encrypted)
    };
    decrypted.map_err(|_| Fault::Passphrase)
}

/// Derives a key from a passphrase (RFC 7292, B.2).
fn derive(
    digest: &'static Algorithm,
    passphrase: &str,
    salted: &Salted<'_>,
    purpose: Use,
    length: usize,
) -> Result<Vec<u8>, Fault> {
    if salted.rounds > MAX_ROUNDS {
        return Err(Fault::Unsupported);
    }
    let block = digest.block_len();
    let filled = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(block) * block;
        bytes.iter().copied().cycle().take(length).collect()
    };
    // In UTF-16, with a zero at the end.
    let text: Vec<u8> = passphrase.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect();
    let mut input = [filled(salted.salt.as_bytes()), filled(&text)].concat();
    let mut derived = Vec::new();
    loop {
        let start = [vec![purpose as u8; block], input.clone()].concat();
        let first = digest::digest(digest, &start);
        let output = (1..salted.rounds).fold(first, |output, _| digest::digest(digest, output.as_ref()));
        derived.extend_from_slice(output.as_ref());
        if derived.len() >= length {
            derived.truncate(length);
            return Ok(derived);
        }
        let addend: Vec<u8> = output.as_ref().iter().copied().cycle().take(block).collect();
        input.chunks_exact_mut(block).for_each(|chunk| add_and_one(chunk, &addend));
    }
}

/// Adds a number, and one, to another of the same length; what does not fit is left out.
fn add_and_one(number: &mut [u8], addend: &[u8]) {
    let mut carry = 1;
    for (byte, other) in number.iter_mut().zip(addend).rev() {
        let sum = u16::from(*byte) + u16::from(*other) + carry;
        let [high, low] = sum.to_be_bytes();
        (*byte, carry) = (low, high.into());
    }
}
