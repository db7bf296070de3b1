//! Timestamps, OCSP and CRLs over HTTP and HTTPS, within limits of time and size: whoever answers slowly, endlessly or with
//! something else is cut off.
//!
//! Addresses come from settings and from certificates. What they may hold in secret, a user or a query, is in no message.

use std::fmt;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use ring::rand::{SecureRandom, SystemRandom};
use ureq::http::header::{AUTHORIZATION, CONTENT_TYPE};
use ureq::http::{Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use self::address::{address, redirected, same_server, shown};
pub use self::credentials::Credentials;
pub use self::once::Once;
pub use self::proxies::Proxies;
use super::{Network, TimestampAuthority};
use crate::pki::certificate::Certificate;

mod address;
mod credentials;
mod once;
mod proxies;
#[cfg(test)]
pub(crate) mod tests;

/// How often an answer may send elsewhere.
const MAX_REDIRECTS: usize = 4;

/// How long and how much is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a whole exchange, from the first name that is looked up to the last byte.
    pub time: Duration,
    /// Largest timestamp or OCSP response, in bytes.
    pub response: u64,
    /// Largest CRL or certificate, in bytes.
    pub download: u64,
}

/// A client for HTTP.
pub struct Http {
    agent: Agent,
    limits: Limits,
    proxies: Proxies,
}

/// A timestamp authority over HTTP (RFC 3161, 3.4).
pub struct TimestampServer<'a> {
    http: &'a Http,
    url: String,
    credentials: Option<Credentials>,
    random: SystemRandom,
}

/// One exchange.
struct Request<'a> {
    url: &'a str,
    /// What is posted, and its type.
    body: Option<(&'a [u8], &'static str)>,
    credentials: Option<&'a Credentials>,
    limit: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(30), response: 1 << 20, download: 32 << 20 }
    }
}

impl Http {
    /// A client. With `roots`, servers are to have certificates of those authorities and not of the public ones.
    #[must_use]
    pub fn new(limits: Limits, proxies: Proxies, roots: Option<&[Certificate]>) -> Self {
        let roots = roots.map_or(RootCerts::WebPki, |roots| {
            let roots = roots.iter().map(|root| ureq::tls::Certificate::from_der(root.der()).to_owned());
            RootCerts::new_with_certs(&roots.collect::<Vec<_>>())
        });
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("seguimiento/", env!("CARGO_PKG_VERSION")));
        Self { agent: config.build().new_agent(), limits, proxies }
    }

    /// A timestamp authority that is asked with this client.
    ///
    /// # Errors
    /// When it is no address over HTTP or HTTPS, or holds a user.
    pub fn timestamps(&self, url: &str, credentials: Option<Credentials>) -> Result<TimestampServer<'_>> {
        address(url)?;
        Ok(TimestampServer { http: self, url: url.to_owned(), credentials, random: SystemRandom::new() })
    }

    /// Asks, follows where it is sent, and gives the body of the answer.
    fn exchange(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        let end = Instant::now() + self.limits.time;
        let mut uri = address(request.url)?;
        for _ in 0..=MAX_REDIRECTS {
            let shown = shown(&uri);
            let told = |error: ureq::Error| anyhow!("{shown} {}", self.reason(&error, request.limit));
            // The password goes to who it was meant for, and to nobody that they send to.
            let credentials = request.credentials.filter(|_| same_server(&uri, request.url));
            let mut response = self.send(&uri, request, credentials, end).map_err(told)?;
            match response.status().as_u16() {
                200 => {
                    if media_type(&response).starts_with("text/") {
                        bail!("{shown} respondió con una página y no con lo que se le pidió: revise la dirección");
                    }
                    return response.body_mut().with_config().limit(request.limit).read_to_vec().map_err(told);
                }
                301 | 302 | 307 | 308 => {
                    uri = redirected(&uri, &response).with_context(|| format!("{shown} remite a otra parte"))?;
                }
                401 | 403 => bail!("{shown} no permite el acceso: revise el usuario y la clave"),
                404 | 410 => bail!("{shown} no existe: revise la dirección"),
                407 => bail!("el proxy pide usuario y clave para llegar a {shown}"),
                status @ 500.. => bail!("{shown} tiene una falla ({status}): intente más tarde"),
                status => bail!("{shown} no atendió la petición ({status})"),
            }
        }
        bail!("{} remite a otra parte una y otra vez", shown(&uri))
    }

    fn send(
        &self,
        uri: &Uri,
        request: &Request<'_>,
        credentials: Option<&Credentials>,
        end: Instant,
    ) -> Result<Response<Body>, ureq::Error> {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ureq::Error::Timeout(ureq::Timeout::Global));
        }
        let proxy = self.proxies.of(uri);
        match request.body {
            Some((body, media_type)) => {
                let post = self.agent.post(uri).config().timeout_global(Some(left)).proxy(proxy).build();
                let post = post.header(CONTENT_TYPE, media_type);
                match credentials {
                    Some(credentials) => post.header(AUTHORIZATION, credentials.header()?).send(body),
                    None => post.send(body),
                }
            }
            None => self.agent.get(uri).config().timeout_global(Some(left)).proxy(proxy).build().call(),
        }
    }

    /// What went wrong, for people, without what the address holds.
    fn reason(&self, error: &ureq::Error, limit: u64) -> String {
        match error {
            ureq::Error::Timeout(_) => format!("no respondió del todo en {} segundos", self.limits.time.as_secs_f32()),
            ureq::Error::HostNotFound => "no se encuentra: revise la dirección y la conexión a la red".to_owned(),
            ureq::Error::BodyExceedsLimit(_) => format!("respondió con más de {} KiB, que es demasiado", limit >> 10),
            ureq::Error::ConnectProxyFailed(_) => "no se alcanza: el proxy no lo permite".to_owned(),
            // What is wrong with a certificate comes as an error of the connection.
            ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
                format!("no da por TLS un certificado en que se confíe ({error})")
            }
            ureq::Error::Io(error) => format!("no se alcanza o cortó la comunicación ({error})"),
            ureq::Error::ConnectionFailed => "no se alcanza".to_owned(),
            _ => "no responde como un servidor HTTP".to_owned(),
        }
    }
}

impl Network for Http {
    fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>> {
        let body = Some((request, "application/ocsp-request"));
        self.exchange(&Request { url, body, credentials: None, limit: self.limits.response })
    }

    fn get(&self, url: &str) -> Result<Vec<u8>> {
        self.exchange(&Request { url, body: None, credentials: None, limit: self.limits.download })
    }
}

impl TimestampAuthority for TimestampServer<'_> {
    fn nonce(&self) -> [u8; 8] {
        let mut nonce = [0; 8];
        // Where a machine has no source of randomness, the imprint still binds the answer to the request.
        let _ = self.random.fill(&mut nonce);
        nonce
    }

    fn send(&self, request: &[u8]) -> Result<Vec<u8>> {
        let body = Some((request, "application/timestamp-query"));
        let credentials = self.credentials.as_ref();
        self.http.exchange(&Request { url: &self.url, body, credentials, limit: self.http.limits.response })
    }
}

impl fmt::Debug for TimestampServer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimestampServer").finish_non_exhaustive()
    }
}

fn media_type(response: &Response<Body>) -> String {
    let value = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim().to_ascii_lowercase()
}
