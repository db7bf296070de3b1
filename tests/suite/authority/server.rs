//! The authority over HTTP, on loopback: `POST /tsa`, `POST /ocsp`, `GET /crl/….crl`, `GET /cert/….crt`.
//!
//! One thread answers one request at a time and ends with the [`Server`]. It also understands what a client asks of a proxy, so a program
//! with `http_proxy` set to it reaches an authority at an address that does not exist.

use super::Authority;
use chrono::{DateTime, Utc};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What time it is when somebody asks.
pub type Now = fn() -> DateTime<Utc>;

/// What may go wrong at an address.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Takes the request and never answers.
    Silent,
    /// Answers a byte every tenth of a second, for ever.
    Drip,
    /// Answers as fast as it can, for ever.
    Endless,
    /// Answers with a status, such as `500 Internal Server Error`.
    Status(&'static str),
    /// Answers 200 with a page for people.
    Html,
    /// Closes the connection halfway through the answer.
    Cut,
    /// Answers only who says user and password (RFC 7617).
    Password { user: &'static str, password: &'static str },
    /// Sends to another address, of itself or not.
    Redirect(&'static str),
}

/// A server that ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    ended: AtomicBool,
    serving: Mutex<Option<(Authority, Now)>>,
    faults: Mutex<Vec<(&'static str, Fault)>>,
    requests: Mutex<Vec<String>>,
}

struct Request {
    method: String,
    path: String,
    authorization: Option<String>,
    body: Vec<u8>,
}

impl Server {
    /// Listens at a port of the system's choosing; until there is an authority to serve, every address answers 404.
    pub fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if of_thread.ended() {
                    break;
                }
                // Who hangs up halfway is no fault of the server's.
                let _ = of_thread.answer(&stream);
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as an URL without a path, for [`Authority::at`].
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on, this authority, at the time that `clock` says.
    pub fn serve(&self, authority: Authority, clock: Now) {
        *self.shared.serving.lock().unwrap() = Some((authority, clock));
    }

    /// From now on, this fault at the addresses whose path begins so, in the place of an earlier one.
    pub fn misbehave(&self, path: &'static str, fault: Fault) {
        let mut faults = self.shared.faults.lock().unwrap();
        faults.retain(|(other, _)| *other != path);
        faults.push((path, fault));
    }

    /// What was asked so far: method and path.
    pub fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the thread where it waits for somebody.
        let _ = TcpStream::connect(self.address);
        let ended = self.thread.take().unwrap().join();
        assert!(ended.is_ok() || thread::panicking(), "the server panicked");
    }
}

impl Shared {
    fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    fn answer(&self, stream: &TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.set_write_timeout(Some(Duration::from_millis(500)))?;
        let mut request = read(stream)?;
        if request.method == "CONNECT" {
            // A proxy that is asked for a connection to somewhere: to itself.
            let mut client = stream;
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            request = read(stream)?;
        }
        self.requests.lock().unwrap().push(format!("{} {}", request.method, request.path));
        let fault = self.faults.lock().unwrap().iter().find(|(path, _)| request.path.starts_with(path)).copied();
        match fault {
            None => self.honest(stream, &request),
            Some((_, Fault::Password { user, password })) => {
                if request.authorization == Some(format!("Basic {}", base64(&format!("{user}:{password}")))) {
                    return self.honest(stream, &request);
                }
                let ask = "WWW-Authenticate: Basic realm=\"ensayo\"\r\n";
                reply(stream, "401 Unauthorized", ask, b"")
            }
            Some((_, fault)) => self.faulty(stream, fault),
        }
    }

    fn honest(&self, stream: &TcpStream, request: &Request) -> std::io::Result<()> {
        let serving = self.serving.lock().unwrap().clone();
        let answer = serving.and_then(|(authority, clock)| {
            let now = clock();
            match (request.method.as_str(), request.path.as_str()) {
                ("POST", "/tsa") => Some(("application/timestamp-reply", authority.timestamp(&request.body, now))),
                ("POST", "/ocsp") => Some(("application/ocsp-response", authority.ocsp(&request.body, now))),
                ("GET", path) => authority.get_path(path, now).map(|der| {
                    (if path.starts_with("/crl/") { "application/pkix-crl" } else { "application/pkix-cert" }, der)
                }),
                _ => None,
            }
        });
        match answer {
            Some((kind, body)) => reply(stream, "200 OK", &format!("Content-Type: {kind}\r\n"), &body),
            None => reply(stream, "404 Not Found", "", b""),
        }
    }

    fn faulty(&self, mut stream: &TcpStream, fault: Fault) -> std::io::Result<()> {
        match fault {
            Fault::Silent => {
                while !self.ended() && still_there(stream) {}
                Ok(())
            }
            Fault::Drip => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                while !self.ended() {
                    stream.write_all(b"0")?;
                    thread::sleep(Duration::from_millis(100));
                }
                Ok(())
            }
            Fault::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                while !self.ended() {
                    stream.write_all(&vec![b'0'; 1 << 16])?;
                }
                Ok(())
            }
            Fault::Status(status) => reply(stream, status, "", b"no"),
            Fault::Html => reply(
                stream,
                "200 OK",
                "Content-Type: text/html\r\n",
                b"<!doctype html><title>Portal</title><p>Bienvenido.",
            ),
            Fault::Cut => stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n0000"),
            Fault::Redirect(to) => reply(stream, "302 Found", &format!("Location: {to}\r\n"), b""),
            Fault::Password { .. } => unreachable!("answered above"),
        }
    }
}

/// Waits a moment; whether the other side has not hung up by then.
fn still_there(mut stream: &TcpStream) -> bool {
    let waiting = stream.set_read_timeout(Some(Duration::from_millis(50)));
    waiting.is_ok()
        && match stream.read(&mut [0]) {
            Ok(count) => count > 0,
            Err(error) => matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut),
        }
}

fn read(stream: &TcpStream) -> std::io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let mut request = Request { method, path: path_of(target).to_owned(), authorization: None, body: Vec::new() };
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "authorization" => request.authorization = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    request.body.resize(length, 0);
    reader.read_exact(&mut request.body)?;
    Ok(request)
}

/// The path of a request's target; a proxy is asked with the whole URL.
fn path_of(target: &str) -> &str {
    let rest = target.strip_prefix("http://").unwrap_or(target);
    rest.find('/').map_or("/", |slash| &rest[slash..])
}

fn reply(mut stream: &TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat())
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text.as_bytes()
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..4).map(move |place| {
                if place <= chunk.len() { char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]) } else { '=' }
            })
        })
        .collect()
}
