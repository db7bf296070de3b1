//! What signing and verifying share: certificates and the paths between them, what is known of their revocation, the signed
//! messages (CMS) inside a PDF, and timestamps.
//!
//! ```text
//! asn1          DER, element by element, with the exact bytes · moments of time
//! certificate   one certificate
//! algorithm     digests and signature algorithms: which are known, which are strong, does a signature fit
//! evidence      what a validation can stand on: certificates, OCSP responses, CRLs
//! path          from a certificate to an anchor
//! revocation    what OCSP responses and CRLs say of a certificate
//! cms           the SignedData of a signature or a timestamp
//! timestamp     requests to a timestamp authority, and what it answers
//! ```
//!
//! Nothing here looks at a clock, the network or a key; everything here may be given hostile bytes.

pub mod algorithm;
pub(crate) mod asn1;
pub mod certificate;
pub mod cms;
pub mod evidence;
pub mod path;
pub mod revocation;
pub mod timestamp;
