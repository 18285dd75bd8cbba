//! A little HTTP over a socket, for tests that talk to real processes.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// Status and body of an answer; `None` when nobody listens or the peer dies in the middle.
pub fn send(address: &str, method: &str, path: &str, headers: &str, body: &str) -> Option<(u16, Vec<u8>)> {
    send_bytes(address, method, path, headers, body.as_bytes())
}

/// [`send`] with any bytes.
pub fn send_bytes(
    address: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &[u8],
) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}");
    write!(stream, "{head}Content-Length: {length}\r\n\r\n").ok()?;
    stream.write_all(body).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let length = head.split("content-length: ").nth(1)?.lines().next()?.trim().parse::<usize>().ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // An answer that was cut off is none.
    (answer.len() == end + 4 + length).then(|| (status, answer[end + 4..].to_vec()))
}

/// A page as text.
pub fn get(address: &str, path: &str) -> (u16, String) {
    let (status, body) = send(address, "GET", path, "", "").unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Opens a journey of the demo's honest loan over the API.
pub fn open_journey(address: &str, key: &str, reference: &str) {
    let on = std::process::Command::new("date").args(["-d", "+7 days", "+%F"]).output().unwrap();
    let on = String::from_utf8(on.stdout).unwrap();
    let body = format!(
        r#"{{"product":"honest-loan","version":"2026.1","principal_fen":500000,"periods":12,"payout_on":"{}",
        "channel":"online","borrower_name":"王秀英","borrower_phone":"13800000000","external_ref":"{reference}"}}"#,
        on.trim()
    );
    let headers = format!("Authorization: Bearer {key}\r\nContent-Type: application/json\r\n");
    let (status, bytes) = send(address, "POST", "/api/v1/journeys", &headers, &body).unwrap();
    assert!((200..300).contains(&status), "{status}: {}", String::from_utf8_lossy(&bytes));
}
