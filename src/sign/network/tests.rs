//! Servers on the loopback that answer as authorities should not.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::*;

/// A server that hands each request, as text, to a function and the connection with it. It lives as long as the tests do.
pub(crate) fn serve(answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let request = read(&mut stream);
            // Who asked may have gone away: that is what limits are for.
            let _ = answer(&request, &mut stream);
        }
    });
    url
}

/// A whole request with the body that its header announces; what of the body is not text is replaced.
fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            let start = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
            if bytes.len() >= start + length.unwrap_or(0_usize) {
                return text;
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return text,
        }
    }
}

/// A whole answer.
pub(crate) fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len())?;
    stream.write_all(body)
}

/// A server that gives the same answer to all, and tells what it was asked.
fn always(status: &'static str, headers: &str, body: &'static [u8]) -> (String, Receiver<String>) {
    let headers = headers.to_owned();
    let (told, asked) = channel();
    let url = serve(move |request, stream| {
        let _ = told.send(request.to_owned());
        respond(stream, status, &headers, body)
    });
    (url, asked)
}

/// Time enough on the slowest machine, for what is to go well or to be cut off by its size.
fn http() -> Http {
    within(Duration::from_mins(1))
}

fn within(time: Duration) -> Http {
    Http::new(Limits { time, response: 2048, download: 8192 }, Proxies::default(), None)
}

fn stamp(url: &str) -> Result<Vec<u8>> {
    http().timestamps(url, None)?.send(b"peticion")
}

fn reason(url: &str) -> String {
    format!("{:#}", stamp(url).unwrap_err())
}

/// What is told of a server to which hardly any time is given.
fn impatient(url: &str) -> String {
    let http = within(Duration::from_millis(200));
    http.timestamps(url, None).unwrap().send(b"peticion").unwrap_err().to_string()
}

fn credentials() -> Credentials {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tsa"), "Aladdin:open sesame").unwrap();
    Credentials::read(&folder.path().join("tsa")).unwrap()
}

#[test]
fn a_request_is_posted_with_its_type_and_the_body_of_the_answer_comes_back() {
    let (url, asked) = always("200 OK", "Content-Type: application/timestamp-reply\r\n", b"sello");
    assert_eq!(stamp(&format!("{url}/tsa?a=b")).unwrap(), b"sello");
    let request = asked.recv().unwrap();
    assert!(request.starts_with("POST /tsa?a=b HTTP/1.1\r\n") && request.ends_with("\r\n\r\npeticion"), "{request}");
    assert!(request.to_lowercase().contains("content-type: application/timestamp-query\r\n"), "{request}");
    assert!(!request.to_lowercase().contains("authorization"), "{request}");
    assert_eq!(http().ocsp(&url, b"x").unwrap(), b"sello");
    assert!(asked.recv().unwrap().to_lowercase().contains("content-type: application/ocsp-request\r\n"));
    assert_eq!(http().get(&url).unwrap(), b"sello");
    assert!(asked.recv().unwrap().starts_with("GET / HTTP/1.1\r\n"));
}

#[test]
fn user_and_password_are_sent_and_only_to_who_they_are_for() {
    let (other, asked_other) = always("200 OK", "", b"sello");
    let (here, asked_here) = always("307 Temporary Redirect", &format!("Location: {other}/otra\r\n"), b"");
    assert_eq!(http().timestamps(&here, Some(credentials())).unwrap().send(b"peticion").unwrap(), b"sello");
    assert!(asked_here.recv().unwrap().contains("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    let request = asked_other.recv().unwrap();
    assert!(
        request.starts_with("POST /otra ") && request.ends_with("peticion") && !request.contains("Basic"),
        "{request}"
    );
}

#[test]
fn no_message_tells_what_an_address_holds_in_secret() {
    let (url, _) = always("401 Unauthorized", "", b"");
    let told = reason(&format!("{url}/tsa?clave=secreto"));
    assert_eq!(told, format!("«{url}/tsa» no permite el acceso: revise el usuario y la clave"));
    let told = http().timestamps("http://ana:secreto@127.0.0.1/", None).unwrap_err().to_string();
    assert!(!told.contains("secreto") && told.contains("archivo"), "{told}");
}

#[test]
fn a_server_that_is_down_is_told() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert!(reason(&url).contains("no se alcanza"), "{}", reason(&url));
}

#[test]
fn a_server_that_says_nothing_is_cut_off() {
    let url = serve(|_, stream| stream.read(&mut [0]).map(|_| ()));
    assert!(impatient(&url).contains("no respondió del todo en 0.2 segundos"), "{}", impatient(&url));
}

#[test]
fn a_server_that_drips_is_cut_off_in_the_header_and_in_the_body() {
    for begin in ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"] {
        let url = serve(move |_, stream| {
            stream.write_all(begin.as_bytes())?;
            loop {
                stream.write_all(b"x")?;
                thread::sleep(Duration::from_millis(50));
            }
        });
        assert!(impatient(&url).contains("no respondió del todo"), "{}", impatient(&url));
    }
}

#[test]
fn an_endless_answer_is_cut_off() {
    for begin in
        ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "]
    {
        let url = serve(move |_, stream| {
            stream.write_all(begin.as_bytes())?;
            loop {
                stream.write_all(&[b'x'; 1024])?;
            }
        });
        let told = reason(&url);
        assert!(told.contains("demasiado") || told.contains("no responde como un servidor HTTP"), "{told}");
    }
}

#[test]
fn an_answer_of_the_largest_size_is_taken_and_one_byte_more_is_not() {
    let (whole, _) = always("200 OK", "", &[b'x'; 8192]);
    assert_eq!(http().get(&whole).unwrap().len(), 8192);
    let (more, _) = always("200 OK", "", &[b'x'; 8193]);
    assert!(http().get(&more).unwrap_err().to_string().contains("más de 8 KiB"));
}

#[test]
fn a_page_is_no_answer() {
    let (url, _) = always("200 OK", "Content-Type: text/HTML; charset=utf-8\r\n", b"<html>");
    assert!(reason(&url).contains("respondió con una página"), "{}", reason(&url));
}

#[test]
fn what_a_server_refuses_is_told() {
    for (status, told) in [
        ("403 Forbidden", "no permite el acceso"),
        ("404 Not Found", "no existe"),
        ("503 Service Unavailable", "tiene una falla (503)"),
        ("405 Method Not Allowed", "no atendió la petición (405)"),
        ("204 No Content", "no atendió la petición (204)"),
    ] {
        let (url, _) = always(status, "", b"");
        assert!(reason(&url).contains(told), "{}", reason(&url));
    }
}

#[test]
fn what_is_no_http_is_told() {
    let url = serve(|_, stream| stream.write_all(b"SSH-2.0-OpenSSH\r\n\r\n"));
    assert!(reason(&url).contains("no responde como un servidor HTTP"), "{}", reason(&url));
}

#[test]
fn a_server_without_tls_is_not_believed_over_https() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    // It answers the first bytes of TLS with a whole answer, as servers do that take them for a bad request.
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 64]);
        respond(&mut stream, "400 Bad Request", "", b"")
    });
    let told = reason(&url);
    assert!(told.contains("no da por TLS un certificado en que se confíe"), "{told}");
}

#[test]
fn redirections_have_an_end_and_lead_only_to_http() {
    let (round, _) = always("302 Found", "Location: /\r\n", b"");
    assert!(reason(&round).contains("una y otra vez"), "{}", reason(&round));
    let (file, _) = always("302 Found", "Location: ftp://127.0.0.1/x\r\n", b"");
    assert!(reason(&file).contains("no es una dirección http"), "{}", reason(&file));
    let (nowhere, _) = always("302 Found", "", b"");
    assert!(reason(&nowhere).contains("no dice a cuál"), "{}", reason(&nowhere));
}

#[test]
fn a_proxy_is_gone_through_and_one_that_refuses_is_told() {
    let through = serve(|request, stream| {
        assert!(request.starts_with("CONNECT tsa.invalid:80 "), "{request}");
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        assert!(read(stream).starts_with("POST /tsa "));
        respond(stream, "200 OK", "", b"sello")
    });
    let (refuses, _) = always("403 Forbidden", "", b"");
    let by = |proxy: &str| {
        let proxies = Proxies::read(|name| (name == "http_proxy").then(|| proxy.to_owned()))?;
        Http::new(http().limits, proxies, None).timestamps("http://tsa.invalid/tsa", None)?.send(b"peticion")
    };
    assert_eq!(by(&through).unwrap(), b"sello");
    assert!(by(&refuses).unwrap_err().to_string().contains("el proxy no lo permite"));
}

#[test]
fn nonces_differ() {
    let http = http();
    let server = http.timestamps("http://127.0.0.1/", None).unwrap();
    assert_ne!(server.nonce(), server.nonce());
}
