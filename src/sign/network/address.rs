//! Addresses of servers: which are asked, where one may send to, and what of them may be shown.

use anyhow::{Context, Result, anyhow, bail};
use ureq::Body;
use ureq::http::header::LOCATION;
use ureq::http::{Response, Uri};

/// An address that may be asked.
pub(super) fn address(url: &str) -> Result<Uri> {
    // What cannot be read is not shown: nobody knows what in it is secret.
    let uri: Uri = url.parse().map_err(|_| anyhow!("una de las direcciones no es una URL"))?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
        bail!("{} no es una dirección http:// o https://", shown(&uri));
    }
    if authority.contains('@') {
        bail!("{} trae un usuario: escríbalo en un archivo aparte, con la clave", shown(&uri));
    }
    Ok(uri)
}

/// Where an answer sends to: by the same scheme or a safer one (RFC 9110, 10.2.2).
pub(super) fn redirected(from: &Uri, response: &Response<Body>) -> Result<Uri> {
    let location =
        response.headers().get(LOCATION).and_then(|location| location.to_str().ok()).context("no dice a cuál")?;
    let (scheme, authority) =
        (from.scheme_str().unwrap_or_default(), from.authority().map_or("", |name| name.as_str()));
    let to = if location.starts_with("//") {
        address(&format!("{scheme}:{location}"))
    } else if location.starts_with('/') {
        address(&format!("{scheme}://{authority}{location}"))
    } else {
        address(location)
    }?;
    if is_https(from) && !is_https(&to) {
        bail!("va de https a http, y eso no se admite");
    }
    Ok(to)
}

/// Whether two addresses are of one server.
pub(super) fn same_server(uri: &Uri, url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|first| first.scheme() == uri.scheme() && first.authority() == uri.authority())
}

/// Whether it is asked over TLS.
pub(super) fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// An address for messages: without user and without query.
pub(super) fn shown(uri: &Uri) -> String {
    let scheme = uri.scheme_str().map_or(String::new(), |scheme| format!("{scheme}://"));
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("«{scheme}{host}{}»", uri.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(from: &str, location: &str) -> Result<String> {
        let response = Response::builder().header(LOCATION, location).body(Body::builder().data("")).unwrap();
        redirected(&from.parse().unwrap(), &response).map(|to| to.to_string())
    }

    #[test]
    fn only_http_and_https_are_asked() {
        for url in ["ldap://entidad/cn=CA", "file:///etc/passwd", "tsa.co", "/tsa", "http:///tsa", "una dirección"] {
            assert!(address(url).is_err(), "{url}");
        }
        assert!(address("http://tsa.co").is_ok() && address("https://[::1]:8080/tsa?a=b").is_ok());
    }

    #[test]
    fn an_address_with_a_user_is_refused_without_telling_it() {
        let reason = address("https://ana:secreto@tsa.co/sello?llave=secreto").unwrap_err().to_string();
        assert!(reason.contains("«https://tsa.co/sello» trae un usuario") && !reason.contains("secreto"), "{reason}");
    }

    #[test]
    fn a_redirection_leads_anywhere_but_from_https_to_http() {
        assert_eq!(sent("http://a/x", "/y").unwrap(), "http://a/y");
        assert_eq!(sent("http://a/x", "https://b/y").unwrap(), "https://b/y");
        assert_eq!(sent("https://a/x", "//b/y").unwrap(), "https://b/y");
        for (from, location) in [
            ("https://a/x", "http://a/x"),
            ("http://a/x", "ftp://a"),
            ("http://a/x", "y"),
            ("http://a", "http://u:c@a"),
        ] {
            assert!(sent(from, location).is_err(), "{location}");
        }
    }
}
