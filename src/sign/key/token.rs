//! A key in a token or card, over the module of its maker (PKCS#11 v2.40): it never leaves there.
//!
//! Such modules are programs of others inside this one. What they sign is verified before it is used; one process opens a module
//! once.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;
use der::asn1::{OctetString, UintRef};
use der::{AnyRef, Encode, Sequence};
use x509_cert::spki::AlgorithmIdentifierRef;

use super::{Candidate, Key, Signer, choose};
use crate::pki::algorithm::{Digest, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::sign::secret::Secret;

/// Which key of which token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The module of the token's maker, a shared library.
    pub module: PathBuf,
    /// The token's label, or the number of its slot; not needed where there is only one.
    pub token: Option<String>,
    /// The key's label, or its certificate's; not needed where there is only one for signing.
    pub key: Option<String>,
}

/// A key in a token, with a session that stays open: the PIN is asked once for many signatures.
pub struct TokenKey {
    signer: Signer,
    manner: Manner,
    handle: ObjectHandle,
    token: String,
    // In this order: a session is closed before its module.
    session: Session,
    _module: Module,
}

/// What the token is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It makes the digest too.
    RsaOverMessage,
    /// It signs a `DigestInfo`.
    RsaOverDigest,
    /// It signs a digest, and gives two numbers of the same length.
    Ecdsa(Digest),
}

/// A module that has been initialised, and is finalised at the end: some leave threads behind otherwise.
struct Module(Pkcs11);

impl TokenKey {
    /// Finds the token and the key and unlocks it. `pin` is asked for the PIN with words that name the token, unless the token
    /// has keys of its own to enter it.
    ///
    /// # Errors
    /// When there is no such module, token or key, the PIN is wrong or locked, or the key is not for signing.
    pub fn open(place: &Place, pin: impl FnOnce(&str) -> Result<Secret>) -> Result<Self> {
        let module = Module::load(&place.module)?;
        let (slot, info) = module.token(place.token.as_deref(), &place.module)?;
        let token = format!("el token «{}»", info.label());
        let failed = || format!("{token} no responde como debe");
        let session = module.0.open_ro_session(slot).map_err(coded).with_context(failed)?;
        if info.login_required() {
            log_in(&module.0, &session, slot, &info, pin)?;
        }
        let certificates = certificates(&session).with_context(failed)?;
        let candidates = candidates(&session, &certificates).with_context(failed)?;
        let found = choose(candidates, place.key.as_deref(), &token)?;
        if !found.key.signs {
            bail!("la llave «{}» de {token} no permite firmar", found.labels.join("», «"));
        }
        let others: Vec<Certificate> = certificates.into_iter().map(|found| found.certificate).collect();
        let signer = Signer::new(found.certificate, &others)?;
        let mechanisms = module.0.get_mechanism_list(slot).map_err(coded).with_context(failed)?;
        let manner = Manner::of(signer.algorithm, &mechanisms)
            .with_context(|| format!("{token} no sabe firmar con esa llave"))?;
        Ok(Self { signer, manner, handle: found.key.handle, token, session, _module: module })
    }
}

impl Key for TokenKey {
    fn chain(&self) -> &[Certificate] {
        &self.signer.chain
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.signer.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let ask = |mechanism: &Mechanism<'_>, data: &[u8]| {
            let signature = self.session.sign(mechanism, self.handle, data);
            signature.map_err(|error| {
                let context = format!("{} no firmó{}", self.token, hint(&error));
                coded(error).context(context)
            })
        };
        let signature = match self.manner {
            Manner::RsaOverMessage => ask(&Mechanism::Sha256RsaPkcs, message)?,
            Manner::RsaOverDigest => ask(&Mechanism::RsaPkcs, &digest_info(message)?)?,
            Manner::Ecdsa(digest) => ecdsa_signature(&ask(&Mechanism::Ecdsa, &digest.of(message))?)?,
        };
        self.signer.prove(message, signature).with_context(|| format!("{} devolvió una firma que no vale", self.token))
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey").field("signer", &self.signer).field("token", &self.token).finish_non_exhaustive()
    }
}

impl Module {
    fn load(path: &Path) -> Result<Self> {
        let failed = || format!("«{}» no sirve como módulo PKCS#11", path.display());
        let module = match Pkcs11::new(path) {
            Err(Error::LibraryLoading(_)) if !path.exists() => {
                bail!("no existe el módulo PKCS#11 «{}»", path.display())
            }
            module => module.map_err(coded).with_context(failed)?,
        };
        match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(Self(module)),
            Err(error) => Err(coded(error)).with_context(failed),
        }
    }

    /// The token that is meant: of this label or in this slot, or the only one.
    fn token(&self, wanted: Option<&str>, path: &Path) -> Result<(Slot, TokenInfo)> {
        let failed = || format!("el módulo «{}» no dice qué tokens hay", path.display());
        let slots = self.0.get_slots_with_initialized_token().map_err(coded).with_context(failed)?;
        // One that was pulled out in this moment is not there.
        let mut tokens: Vec<(Slot, TokenInfo)> =
            slots.into_iter().filter_map(|slot| Some((slot, self.0.get_token_info(slot).ok()?))).collect();
        if tokens.is_empty() {
            bail!("el módulo «{}» no ve ningún token: conéctelo", path.display());
        }
        let labels = tokens.iter().map(|(slot, info)| format!("«{}» (ranura {})", info.label(), slot.id()));
        let labels = labels.collect::<Vec<_>>().join(", ");
        if let Some(wanted) = wanted {
            let labelled = tokens.iter().any(|(_, info)| info.label() == wanted);
            tokens
                .retain(|(slot, info)| if labelled { info.label() == wanted } else { slot.id().to_string() == wanted });
        }
        match (tokens.pop(), tokens.is_empty(), wanted) {
            (Some(token), true, _) => Ok(token),
            (None, _, Some(wanted)) => bail!("no hay ningún token «{wanted}»; hay {labels}"),
            _ => bail!("hay varios tokens: diga cuál, por su nombre o su ranura ({labels})"),
        }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = self.0.clone().finalize();
    }
}

impl Manner {
    fn of(algorithm: SignatureAlgorithm, mechanisms: &[MechanismType]) -> Result<Self> {
        let has = |mechanism| mechanisms.contains(&mechanism);
        match algorithm {
            SignatureAlgorithm::RsaPkcs1(Digest::Sha256) if has(MechanismType::SHA256_RSA_PKCS) => {
                Ok(Self::RsaOverMessage)
            }
            SignatureAlgorithm::RsaPkcs1(Digest::Sha256) if has(MechanismType::RSA_PKCS) => Ok(Self::RsaOverDigest),
            SignatureAlgorithm::Ecdsa(digest) if has(MechanismType::ECDSA) => Ok(Self::Ecdsa(digest)),
            _ => bail!("faltan los mecanismos CKM_SHA256_RSA_PKCS, CKM_RSA_PKCS o CKM_ECDSA"),
        }
    }
}

fn log_in(
    module: &Pkcs11,
    session: &Session,
    slot: Slot,
    info: &TokenInfo,
    pin: impl FnOnce(&str) -> Result<Secret>,
) -> Result<()> {
    let label = info.label();
    if info.user_pin_locked() {
        bail!("el PIN del token «{label}» está bloqueado: lo desbloquea quien lo entregó");
    }
    let pin = if info.protected_authentication_path() {
        None
    } else {
        let last = if info.user_pin_final_try() { " (último intento antes de que se bloquee)" } else { "" };
        Some(AuthPin::from(pin(&format!("PIN del token «{label}»{last}"))?.expose()))
    };
    match session.login(UserType::User, pin.as_ref()) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(Error::Pkcs11(RvError::PinIncorrect, _)) => {
            bail!("el PIN no es el del token «{label}»{}", module.get_token_info(slot).map_or("", |info| tries(&info)))
        }
        Err(Error::Pkcs11(RvError::PinLocked, _)) => {
            bail!("el PIN del token «{label}» está bloqueado: lo desbloquea quien lo entregó")
        }
        Err(Error::Pkcs11(RvError::PinLenRange | RvError::PinInvalid, _)) => {
            bail!("el PIN del token «{label}» no puede ser así de largo ni llevar esos caracteres")
        }
        Err(Error::Pkcs11(RvError::UserPinNotInitialized, _)) => bail!("el token «{label}» no tiene PIN todavía"),
        Err(error) => Err(coded(error)).with_context(|| format!("el token «{label}» no se abre")),
    }
}

/// How many tries are left after a wrong PIN, as far as a token says (PKCS#11 v2.40, `CK_TOKEN_INFO`).
fn tries(info: &TokenInfo) -> &'static str {
    if info.user_pin_locked() {
        ", y ha quedado bloqueado"
    } else if info.user_pin_final_try() {
        ": queda un solo intento antes de que se bloquee"
    } else if info.user_pin_count_low() {
        ": quedan pocos intentos antes de que se bloquee"
    } else {
        ""
    }
}

/// An error of the module's as its code: what it means is written in English and at length.
fn coded(error: Error) -> anyhow::Error {
    match error {
        Error::Pkcs11(code, function) => anyhow!("{code:?} en {function:?}"),
        other => anyhow!(other),
    }
}

/// What mends it, where a token says why it does not sign.
fn hint(error: &Error) -> &'static str {
    match error {
        Error::Pkcs11(RvError::UserNotLoggedIn, _) => ": pide el PIN en cada firma, y eso no se admite",
        Error::Pkcs11(RvError::DeviceRemoved | RvError::TokenNotPresent | RvError::SessionHandleInvalid, _) => {
            ": ¿se desconectó?"
        }
        Error::Pkcs11(RvError::KeyFunctionNotPermitted, _) => ": la llave no lo permite",
        _ => "",
    }
}

/// A certificate of a token.
struct Found {
    id: Vec<u8>,
    label: Option<String>,
    certificate: Certificate,
}

/// A private key of a token.
struct PrivateKey {
    handle: ObjectHandle,
    signs: bool,
}

/// All certificates that can be read.
fn certificates(session: &Session) -> Result<Vec<Found>> {
    let wanted = [Attribute::Class(ObjectClass::CERTIFICATE), Attribute::CertificateType(CertificateType::X_509)];
    let mut found = Vec::new();
    for handle in session.find_objects(&wanted).map_err(coded)? {
        let (mut id, mut label, mut der) = (Vec::new(), None, Vec::new());
        for attribute in session
            .get_attributes(handle, &[AttributeType::Id, AttributeType::Label, AttributeType::Value])
            .map_err(coded)?
        {
            match attribute {
                Attribute::Id(value) => id = value,
                Attribute::Label(value) => label = text(&value),
                Attribute::Value(value) => der = value,
                _ => {}
            }
        }
        if let Ok(certificate) = Certificate::from_der(&der) {
            found.push(Found { id, label, certificate });
        }
    }
    Ok(found)
}

/// The private keys that have a certificate: the two bear the same `CKA_ID`.
fn candidates(session: &Session, certificates: &[Found]) -> Result<Vec<Candidate<PrivateKey>>> {
    let mut candidates = Vec::new();
    for handle in session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)]).map_err(coded)? {
        let (mut id, mut label, mut signs) = (Vec::new(), None, true);
        for attribute in session
            .get_attributes(handle, &[AttributeType::Id, AttributeType::Label, AttributeType::Sign])
            .map_err(coded)?
        {
            match attribute {
                Attribute::Id(value) => id = value,
                Attribute::Label(value) => label = text(&value),
                Attribute::Sign(value) => signs = value,
                _ => {}
            }
        }
        let Some(of) = certificates.iter().find(|certificate| certificate.id == id) else { continue };
        let labels = [label, of.label.clone()].into_iter().flatten();
        candidates.push(Candidate {
            labels: labels.chain([of.certificate.name()]).collect(),
            certificate: of.certificate.clone(),
            key: PrivateKey { handle, signs },
        });
    }
    Ok(candidates)
}

/// A label, if there is one.
fn text(value: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(value).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// What is signed where the token does not make the digest itself (RFC 8017, 9.2): a `DigestInfo` of SHA-256.
fn digest_info(message: &[u8]) -> Result<Vec<u8>> {
    #[derive(Sequence)]
    struct DigestInfo<'a> {
        algorithm: AlgorithmIdentifierRef<'a>,
        digest: OctetString,
    }
    let algorithm = AlgorithmIdentifierRef { oid: Digest::Sha256.oid(), parameters: Some(AnyRef::NULL) };
    Ok(DigestInfo { algorithm, digest: OctetString::new(Digest::Sha256.of(message))? }.to_der()?)
}

/// The `ECDSA-Sig-Value` (RFC 3279, 2.2.3) of the two numbers that a token gives one after the other.
fn ecdsa_signature(raw: &[u8]) -> Result<Vec<u8>> {
    #[derive(Sequence)]
    struct EcdsaSignature<'a> {
        r: UintRef<'a>,
        s: UintRef<'a>,
    }
    let (r, s) = raw.split_at(raw.len() / 2);
    let signature = EcdsaSignature { r: UintRef::new(r)?, s: UintRef::new(s)? };
    Ok(signature.to_der()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{self, EcdsaKeyPair, KeyPair, UnparsedPublicKey};

    #[test]
    fn two_numbers_become_a_signature_in_der() {
        let random = SystemRandom::new();
        let fixed = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(fixed, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(fixed, pkcs8.as_ref(), &random).unwrap();
        let public = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, key.public_key().as_ref());
        // As many as make a first byte of zero and one above 127 sure to come.
        for number in 0..1000_u16 {
            let message = number.to_be_bytes();
            let raw = key.sign(&random, &message).unwrap();
            public.verify(&message, &ecdsa_signature(raw.as_ref()).unwrap()).unwrap();
        }
    }

    #[test]
    fn what_is_no_signature_of_a_token_is_refused_by_the_certificate_and_does_not_panic() {
        for raw in [&[][..], &[1], &[0, 0], &[0xFF; 64]] {
            let _ = ecdsa_signature(raw);
        }
    }

    #[test]
    fn a_digest_is_signed_with_the_name_of_its_algorithm() {
        // RFC 8017, 9.2, note 1.
        let prefix = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
        assert_eq!(digest_info(b"informe").unwrap(), [&prefix[..], &Digest::Sha256.of(b"informe")].concat());
    }

    #[test]
    fn a_token_is_asked_for_what_it_knows() {
        let rsa = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        let ecdsa = SignatureAlgorithm::Ecdsa(Digest::Sha384);
        let all = [MechanismType::RSA_PKCS, MechanismType::SHA256_RSA_PKCS, MechanismType::ECDSA];
        assert_eq!(Manner::of(rsa, &all).unwrap(), Manner::RsaOverMessage);
        assert_eq!(Manner::of(rsa, &all[..1]).unwrap(), Manner::RsaOverDigest);
        assert_eq!(Manner::of(ecdsa, &all).unwrap(), Manner::Ecdsa(Digest::Sha384));
        assert!(Manner::of(rsa, &all[2..]).is_err() && Manner::of(ecdsa, &all[..2]).is_err());
    }

    #[test]
    fn what_is_no_module_is_told_before_any_pin_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("modulo.so");
        std::fs::write(&text, "no es un programa").unwrap();
        for (module, told) in [("/no/existe.so".into(), "no existe el módulo"), (text, "no sirve como módulo PKCS#11")]
        {
            let place = Place { module, token: None, key: None };
            let error = TokenKey::open(&place, |_| panic!("no PIN is asked for")).unwrap_err();
            assert!(format!("{error:#}").contains(told), "{error:#}");
        }
    }
}
