//! Signing: PAdES baseline signatures (EN 319 142-1) by incremental update, each with the key, the clock, the timestamp
//! authority and the network that it is given.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

mod appearance;
pub mod cades;
mod dss;
pub mod evidence;
mod fetch;
mod fields;
pub mod key;
mod level;
pub mod network;
mod place;
mod renew;
mod report;
pub mod secret;
mod settings;
pub mod tsa;

pub use appearance::{Image, Shown, appearance};
pub use dss::{Seen, store, stored, stored_streams};
pub use fields::prepare;
pub use level::Level;
pub use place::{Details, Unsealed, in_field, in_new_field};
pub use renew::{asked, renew};
pub use report::{Draw, Services, Signing, sign};
pub use settings::{Authority, Settings};

/// How far an authority's clock and the one of this machine may be apart.
const TOLERANCE: TimeDelta = TimeDelta::minutes(10);

/// What time it is. The time of the machine stays outside, so that a fixed one gives fixed bytes.
pub trait Clock {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// Who says when something existed (RFC 3161).
pub trait TimestampAuthority {
    /// A number that no earlier request had (RFC 3161, 2.4.1).
    fn nonce(&self) -> [u8; 8];

    /// Sends a `TimeStampReq` in DER and gives the `TimeStampResp` back, unread.
    ///
    /// # Errors
    /// When the authority cannot be reached or gives no answer within its limits.
    fn send(&self, request: &[u8]) -> Result<Vec<u8>>;
}

/// Where revocation data and issuers' certificates come from.
pub trait Network {
    /// Sends an `OCSPRequest` in DER and gives the `OCSPResponse` back, unread (RFC 6960, appendix A).
    ///
    /// # Errors
    /// When the responder cannot be reached or gives no answer within its limits.
    fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>>;

    /// Fetches a CRL or a certificate.
    ///
    /// # Errors
    /// When the server cannot be reached or gives no answer within its limits.
    fn get(&self, url: &str) -> Result<Vec<u8>>;
}
