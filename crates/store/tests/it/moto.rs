//! An S3 service for the tests: `moto_server` (PyPI `moto[server]`) on loopback, ended with the test. Missing, it is said plainly
//! that the test was SKIPPED, unless `MINGBAI_REQUIRE_MOTO=1`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mingbai_store::S3Place;

/// How often the service is asked whether it is there yet.
const TRIES: u32 = 300;

pub struct Server {
    child: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command() -> String {
    std::env::var_os("MINGBAI_MOTO")
        .map_or_else(|| "moto_server".to_owned(), |path| path.to_string_lossy().into_owned())
}

/// A running service, or nothing when there is none to run.
pub fn server(test: &str) -> Option<Server> {
    let spawned = Command::new(command())
        .args(["-H", "127.0.0.1", "-p", "0"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => {
            let required = std::env::var_os("MINGBAI_REQUIRE_MOTO").is_some_and(|value| value == "1");
            assert!(!required, "{} does not start: {error}", command());
            eprintln!("SKIPPED {test}: moto_server is not installed (pip install 'moto[server]')");
            return None;
        }
    };
    // It chooses a free port and says which.
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let url = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.split_once("Running on ").map(|(_, url)| url.trim().to_owned()))
        .expect("moto_server ended before it listened");
    // Read on, or it would stop when the pipe is full.
    std::thread::spawn(move || lines.for_each(drop));
    Some(Server { child, url })
}

impl Server {
    /// A new bucket.
    pub async fn bucket(&self, prefix: &str) -> S3Place {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let bucket = format!("mingbai-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        for _ in 0..TRIES {
            let made = client
                .put(format!("{}/{bucket}", self.url))
                .header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request",
                )
                .send()
                .await;
            if made.is_ok_and(|answer| answer.status().is_success()) {
                return S3Place {
                    bucket,
                    prefix: prefix.to_owned(),
                    region: "us-east-1".to_owned(),
                    endpoint: Some(self.url.clone()),
                    access_key: "test".to_owned(),
                    secret_key: "test".to_owned(),
                };
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the S3 service does not make a bucket");
    }
}
