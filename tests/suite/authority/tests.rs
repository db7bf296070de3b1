//! What is checked of the authority itself; whether the program agrees with it is checked where the program is.

use super::server::{Fault, Server};
use super::*;
use der::{EncodePem, pem::LineEnding};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/autoridad")
}

/// The certificates that the commands in the folder's README need, by the names that they have there.
fn files() -> Vec<(&'static str, String)> {
    let authority = Authority::new();
    let pem = |identity: &Identity| identity.certificate.to_pem(LineEnding::LF).unwrap();
    vec![
        ("raiz.pem", pem(&authority.root)),
        ("intermedia.pem", pem(&authority.intermediate)),
        ("elaboro.pem", pem(&authority.elaboro)),
        ("reviso.pem", pem(&authority.reviso)),
        ("aprobo.pem", pem(&authority.aprobo)),
    ]
}

#[test]
fn certificates_are_the_same_in_every_run() {
    for (name, expected) in files() {
        assert_eq!(std::fs::read_to_string(folder().join(name)).unwrap(), expected, "{name}");
    }
}

#[test]
#[ignore = "writes the files that the test above reads"]
fn write_the_certificates() {
    for (name, content) in files() {
        std::fs::write(folder().join(name), content).unwrap();
    }
}

#[test]
fn two_different_certificates_never_share_a_serial_number() {
    let authority = Authority::new();
    let expired = authority.person().expired().issue();
    let honest = authority.person().issue();
    assert_ne!(expired.serial(), honest.serial());
    assert_eq!(honest.der(), authority.person().issue().der());
}

#[test]
fn the_sha1_certificate_is_of_the_intermediate() {
    let authority = Authority::new();
    let weak = authority.signed_with_sha1().certificate;
    assert_eq!(weak.tbs_certificate.issuer, *authority.intermediate.subject());
    assert_eq!(weak.signature_algorithm.oid, const_oid::db::rfc5912::SHA_1_WITH_RSA_ENCRYPTION);
}

#[test]
fn lists_and_answers_are_the_same_in_every_run() {
    let authority = Authority::new();
    assert_eq!(authority.crl(Ca::Root, now()), Authority::new().crl(Ca::Root, now()));
    assert_ne!(authority.crl(Ca::Root, now()), authority.crl(Ca::Intermediate, now()));
}

#[test]
fn the_server_answers_directly_and_as_a_proxy() {
    let server = Server::listen();
    server.serve(Authority::new(), now);
    for target in ["/crl/raiz.crl", "http://autoridad.invalid/crl/raiz.crl"] {
        let (status, body) = get(&server, target);
        assert_eq!((status.as_str(), body), ("HTTP/1.1 200 OK", Authority::new().crl(Ca::Root, now())));
    }
    assert_eq!(get(&server, "/crl/otra.crl").0, "HTTP/1.1 404 Not Found");
    assert_eq!(server.requests(), ["GET /crl/raiz.crl", "GET /crl/raiz.crl", "GET /crl/otra.crl"]);
}

#[test]
fn the_server_misbehaves_where_it_is_told() {
    let server = Server::listen();
    server.serve(Authority::new(), now);
    server.misbehave("/crl", Fault::Status("503 Service Unavailable"));
    assert_eq!(get(&server, "/crl/raiz.crl").0, "HTTP/1.1 503 Service Unavailable");
    assert_eq!(get(&server, "/cert/raiz.crt").0, "HTTP/1.1 200 OK");
    server.misbehave("/cert", Fault::Password { user: "entidad", password: "clave" });
    assert_eq!(get(&server, "/cert/raiz.crt").0, "HTTP/1.1 401 Unauthorized");
    server.misbehave("/cert", Fault::Html);
    assert!(get(&server, "/cert/raiz.crt").1.starts_with(b"<!doctype html>"));
}

#[test]
fn the_server_ends_though_it_was_about_to_answer_for_ever() {
    for fault in [Fault::Silent, Fault::Drip, Fault::Endless] {
        let server = Server::listen();
        server.misbehave("/tsa", fault);
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(b"POST /tsa HTTP/1.1\r\nContent-Length: 0\r\n\r\n").unwrap();
        drop(server);
        let mut rest = Vec::new();
        // Its end may be a reset.
        let _ = stream.read_to_end(&mut rest);
    }
}

fn get(server: &Server, target: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: ensayo\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let status = String::from_utf8(answer[..end].to_vec()).unwrap().lines().next().unwrap().to_owned();
    (status, answer[end + 4..].to_vec())
}
