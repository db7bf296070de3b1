//! The proxies that the environment names.

use anyhow::{Context, Result};
use ureq::http::Uri;
use ureq::{Proxy, ProxyProtocol};

use super::address::is_https;

/// The proxies of the environment.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    /// Hosts, and with them what lies below, that are reached without one; `*` is all.
    exceptions: Vec<String>,
}

impl Proxies {
    /// Reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in small letters or in capitals.
    ///
    /// # Errors
    /// When one of them is not the address of a proxy over HTTP or HTTPS.
    pub fn from_environment() -> Result<Self> {
        Self::read(|name| std::env::var(name).ok())
    }

    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let value = |name: &str| {
            let value = variable(name).or_else(|| variable(&name.to_uppercase()));
            value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let proxy = |name: &str| {
            let named = [name, "all_proxy"].into_iter().find_map(|name| Some((name, value(name)?)));
            let Some((name, address)) = named else { return Ok(None) };
            // The address is not told: it may hold a password.
            let proxy = Proxy::new(&address)
                .ok()
                .filter(|proxy| matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https));
            proxy
                .map(Some)
                .with_context(|| format!("la variable de entorno «{name}» no da la dirección de un proxy HTTP"))
        };
        let exceptions = value("no_proxy").unwrap_or_default();
        let exceptions = exceptions.split([',', ' ']).map(|host| host.trim_start_matches("*.").trim_start_matches('.'));
        let exceptions = exceptions.filter(|host| !host.is_empty()).map(str::to_lowercase).collect();
        Ok(Self { http: proxy("http_proxy")?, https: proxy("https_proxy")?, exceptions })
    }

    /// The proxy by which an address is reached, if by any.
    pub(super) fn of(&self, uri: &Uri) -> Option<Proxy> {
        let host = uri.host()?.to_lowercase();
        let below =
            |name: &String| host.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if self.exceptions.iter().any(|name| name == "*" || below(name)) {
            return None;
        }
        if is_https(uri) { self.https.clone() } else { self.http.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Result<Proxies> {
        Proxies::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn host(proxies: &Proxies, url: &str) -> Option<String> {
        proxies.of(&url.parse().unwrap()).map(|proxy| proxy.host().to_owned())
    }

    #[test]
    fn each_scheme_has_its_own_proxy_in_small_letters_or_capitals() {
        let both = proxies(&[("http_proxy", "http://uno:3128"), ("HTTPS_PROXY", "dos:3128")]).unwrap();
        assert_eq!(host(&both, "http://tsa.co/").as_deref(), Some("uno"));
        assert_eq!(host(&both, "https://tsa.co/").as_deref(), Some("dos"));
        let all = proxies(&[("http_proxy", " "), ("all_proxy", "http://tres")]).unwrap();
        assert_eq!(host(&all, "http://tsa.co/").as_deref(), Some("tres"));
        assert_eq!(host(&proxies(&[]).unwrap(), "http://tsa.co/"), None);
    }

    #[test]
    fn exceptions_are_reached_without_a_proxy() {
        let except = |list: &str, url| {
            host(&proxies(&[("http_proxy", "http://uno"), ("no_proxy", list)]).unwrap(), url).is_none()
        };
        assert!(except("localhost, .entidad.gov.co", "http://localhost:8080/"));
        assert!(except("localhost, .entidad.gov.co", "http://ocsp.Entidad.gov.co/"));
        assert!(
            except("entidad.gov.co", "http://entidad.gov.co/")
                && except("*.entidad.gov.co", "http://a.entidad.gov.co/")
        );
        assert!(except("*", "http://tsa.co/"));
        assert!(!except("gov.co", "http://malgov.co/"));
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_telling_its_password() {
        for address in ["socks5://ana:secreto@uno", "http://ana:secreto@", "::"] {
            let reason = proxies(&[("https_proxy", address)]).unwrap_err().to_string();
            assert!(reason.contains("https_proxy") && !reason.contains("secreto"), "{reason}");
        }
    }
}
