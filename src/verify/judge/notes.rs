//! What was looked at, and the verdict that follows: in the words of EN 319 102-1.

use std::fmt;

/// The status of a validation (EN 319 102-1 5.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All that was looked at holds.
    TotalPassed,
    /// What is known does not tell.
    Indeterminate,
    /// Something does not hold, for certain.
    TotalFailed,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::TotalFailed => "TOTAL-FAILED",
        })
    }
}

/// Why a validation did not pass (EN 319 102-1 tables 5 and 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the standard says what each is")]
pub enum SubIndication {
    FormatFailure,
    HashFailure,
    SigCryptoFailure,
    Revoked,
    NotYetValid,
    Expired,
    SigConstraintsFailure,
    ChainConstraintsFailure,
    CryptoConstraintsFailureNoPoe,
    NoSigningCertificateFound,
    NoCertificateChainFound,
    NoPoe,
    RevokedNoPoe,
    RevokedCaNoPoe,
    OutOfBoundsNoPoe,
    OutOfBoundsNotRevoked,
    TryLater,
    TimestampOrderFailure,
}

impl SubIndication {
    /// Whether it makes the signature fail for certain.
    fn is_final(self) -> bool {
        matches!(
            self,
            Self::FormatFailure
                | Self::HashFailure
                | Self::SigCryptoFailure
                | Self::Revoked
                | Self::Expired
                | Self::NotYetValid
        )
    }
}

impl fmt::Display for SubIndication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::Revoked => "REVOKED",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::Expired => "EXPIRED",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::NoPoe => "NO_POE",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::OutOfBoundsNotRevoked => "OUT_OF_BOUNDS_NOT_REVOKED",
            Self::TryLater => "TRY_LATER",
            Self::TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
        })
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// A key that stays the same.
    pub key: &'static str,
    /// What it is, for people.
    pub name: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// What was seen, in a sentence.
    pub seen: String,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Held,
    /// It does not.
    Failed,
    /// What is known does not tell.
    Unknown,
    /// There is nothing to look at.
    NotApplicable,
}

impl Outcome {
    /// Its word in what programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "cumple",
            Self::Failed => "falla",
            Self::Unknown => "no-se-sabe",
            Self::NotApplicable => "no-aplica",
        }
    }
}

/// The checks so far, and what they add up to.
#[derive(Default)]
pub(super) struct Notes {
    pub checks: Vec<Check>,
    sub_indication: Option<SubIndication>,
}

/// The names of the checks.
const NAMES: [(&str, &str); 12] = [
    ("formato", "Estructura de la firma"),
    ("certificado", "Certificado del firmante"),
    ("contenido", "Contenido firmado"),
    ("valor", "Valor de la firma"),
    ("atributos", "Atributos firmados"),
    ("sello", "Sello de tiempo de la firma"),
    ("sellos", "Sellos de tiempo del documento"),
    ("orden", "Orden de los sellos"),
    ("cadena", "Cadena de certificados"),
    ("revocacion", "Revocación"),
    ("hora", "Hora declarada"),
    ("algoritmos", "Algoritmos"),
];

impl Notes {
    pub(super) fn held(&mut self, key: &'static str, seen: impl Into<String>) {
        self.add(key, Outcome::Held, seen.into());
    }

    pub(super) fn not_applicable(&mut self, key: &'static str, seen: impl Into<String>) {
        self.add(key, Outcome::NotApplicable, seen.into());
    }

    /// Nothing that the verdict depends on.
    pub(super) fn not_known(&mut self, key: &'static str, seen: impl Into<String>) {
        self.add(key, Outcome::Unknown, seen.into());
    }

    /// Something that the verdict depends on: the first that fails for certain, else the first that fails.
    pub(super) fn failed(&mut self, key: &'static str, refusal: Refusal) {
        let Refusal { sub_indication: why, seen } = refusal;
        let outcome = if matches!(why, SubIndication::TryLater | SubIndication::NoPoe) {
            Outcome::Unknown
        } else {
            Outcome::Failed
        };
        self.add(key, outcome, seen);
        if self.sub_indication.is_none_or(|first| why.is_final() && !first.is_final()) {
            self.sub_indication = Some(why);
        }
    }

    /// Notes a result, and returns what it gives.
    pub(super) fn note<T>(&mut self, key: &'static str, result: Result<(T, String), Refusal>) -> Option<T> {
        match result {
            Ok((value, seen)) => {
                self.held(key, seen);
                Some(value)
            }
            Err(refusal) => {
                self.failed(key, refusal);
                None
            }
        }
    }

    pub(super) fn verdict(&self) -> (Status, Option<SubIndication>) {
        let status = match self.sub_indication {
            None => Status::TotalPassed,
            Some(why) if why.is_final() => Status::TotalFailed,
            Some(_) => Status::Indeterminate,
        };
        (status, self.sub_indication)
    }

    fn add(&mut self, key: &'static str, outcome: Outcome, seen: String) {
        let name = NAMES.iter().find(|(one, _)| *one == key).map_or(key, |(_, name)| name);
        self.checks.push(Check { key, name, outcome, seen });
    }
}

/// Why something does not hold.
#[derive(Debug)]
pub(super) struct Refusal {
    pub sub_indication: SubIndication,
    pub seen: String,
}

impl Refusal {
    pub(super) fn new(sub_indication: SubIndication, seen: impl fmt::Display) -> Self {
        Self { sub_indication, seen: seen.to_string() }
    }

    /// The same, for another reason where the reason is such a one.
    pub(super) fn turned(self, is_such: fn(SubIndication) -> bool, into: SubIndication) -> Self {
        let sub_indication = if is_such(self.sub_indication) { into } else { self.sub_indication };
        Self { sub_indication, ..self }
    }
}
