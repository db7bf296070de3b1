//! Any bytes at all as a signed file, and as what stands inside one: whoever judges them must come back, and without a certificate
//! that is trusted nothing passes. Bytes that are no file change a signed one instead: each three are a place and a byte.

#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use seguimiento::pdf::{File, Item};
use seguimiento::pki::certificate::Certificate;
use seguimiento::pki::cms::Cms;
use seguimiento::pki::evidence::Evidence;
use seguimiento::pki::revocation::Statement;
use seguimiento::pki::timestamp::Token;
use seguimiento::verify::judge::Status;
use seguimiento::verify::verify;

/// Two signatures, validation data and document timestamps, by an authority that is in the file beside it.
static SIGNED: &[u8] = include_bytes!("../../data/firma/dos.pdf");
/// The day after the last of them.
static NOW: LazyLock<DateTime<Utc>> =
    LazyLock::new(|| "2026-11-24T00:00:00Z".parse().expect("a moment"));
static ANCHORS: LazyLock<Vec<Certificate>> = LazyLock::new(|| {
    let all = Certificate::read_all(include_bytes!("../../data/firma/certificados.pem")).expect("certificates");
    all.into_iter().filter(Certificate::is_self_signed).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let _ = (Cms::detached(bytes), Token::read(bytes), Certificate::from_der(bytes));
    let _ = (Statement::ocsp(bytes), Statement::crl(bytes));
    let now = *NOW;
    if bytes.starts_with(b"%PDF-") {
        assert_ne!(verify(bytes, &[], now, &Evidence::default()).status, Status::TotalPassed);
        return;
    }
    let mut changed = SIGNED.to_vec();
    for change in bytes.chunks_exact(3) {
        let at = usize::from(u16::from_be_bytes([change[0], change[1]])) % changed.len();
        changed[at] = change[2];
    }
    let verdict = verify(&changed, &ANCHORS, now, &Evidence::default());
    let Ok(file) = File::read(&changed) else { return assert!(verdict.revisions.is_empty()) };
    assert_eq!(verdict.revisions.len(), file.revisions().len());
    let view = file.now();
    for (_, item) in view.items() {
        if let Item::Object(object) = item {
            let _ = view.stream(object);
        }
    }
    let _ = view.tables();
});
