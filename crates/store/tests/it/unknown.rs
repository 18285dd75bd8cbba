//! A commit whose answer is lost: a proxy between node and server cuts the line exactly there, before or after the server has
//! heard it. Whatever happened, every record is there once and the answer names its place.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use mingbai_desk::ports::{Log, LogError, Written};
use mingbai_evidence::merkle::verify_inclusion;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};

use crate::cluster::{Cluster, shared};
use crate::support::{after, node, stream};

/// What the proxy does when it sees a commit go by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// The server never hears it.
    Before,
    /// The server hears it, and its answer is thrown away.
    After,
}

struct Proxy {
    server: PathBuf,
    cut: Cut,
    /// Commits that are still to be cut.
    cuts: AtomicU32,
    /// Whether new connections are turned away.
    closed: AtomicBool,
    /// Whether the proxy turns new connections away from the moment that it cuts one.
    closes: AtomicBool,
}

impl Proxy {
    /// A proxy before the database at `url`, and the address of the database behind it.
    async fn start(cluster: &Cluster, url: &str, cut: Cut) -> (Arc<Proxy>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cuts, closed, closes) = (AtomicU32::new(0), AtomicBool::new(false), AtomicBool::new(false));
        let proxy = Arc::new(Proxy { server: cluster.socket(), cut, cuts, closed, closes });
        let shared = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !shared.closed.load(Ordering::SeqCst) {
                    tokio::spawn(shared.clone().relay(client));
                }
            }
        });
        let name = url.rsplit_once('/').map_or("", |_| url.split('?').next().unwrap_or(""));
        let name = name.rsplit('/').next().unwrap_or("");
        (proxy, format!("postgres://mingbai@127.0.0.1:{port}/{name}?sslmode=disable"))
    }

    async fn relay(self: Arc<Self>, mut client: TcpStream) {
        let mut server = UnixStream::connect(&self.server).await.unwrap();
        let (mut up, mut down) = (vec![0; 1 << 16], vec![0; 1 << 16]);
        loop {
            tokio::select! {
                read = client.read(&mut up) => {
                    let Some(bytes) = read.ok().filter(|count| *count > 0).map(|count| &up[..count]) else { return };
                    let commit = bytes.windows(7).any(|part| part == b"COMMIT\0");
                    if commit && self.cuts.load(Ordering::SeqCst) > 0 {
                        self.cuts.fetch_sub(1, Ordering::SeqCst);
                        self.closed.store(self.closes.load(Ordering::SeqCst), Ordering::SeqCst);
                        if self.cut == Cut::After {
                            server.write_all(bytes).await.unwrap();
                            // The answer shows that the server has done it; nobody else gets to see it.
                            assert!(server.read(&mut down).await.unwrap() > 0);
                        }
                        return;
                    }
                    if server.write_all(bytes).await.is_err() { return }
                }
                read = server.read(&mut down) => {
                    let Some(bytes) = read.ok().filter(|count| *count > 0).map(|count| &down[..count]) else { return };
                    if client.write_all(bytes).await.is_err() { return }
                }
            }
        }
    }
}

async fn is_written_once(test: &str, cut: Cut) {
    let Some(cluster) = shared(test) else { return };
    let url = cluster.database();
    let direct = node(&url).await;
    let (proxy, through) = Proxy::start(cluster, &url, cut).await;
    let store = node(&through).await;
    let (mut head, mut index) = (None, 0);
    for cuts in [0, 1, 2, 0, 3] {
        proxy.cuts.store(cuts, Ordering::SeqCst);
        let (append, now) = after(&stream("cut"), head, 3);
        let leaf = append.records[1].leaf();
        let done = store.append(append).await.unwrap();
        assert_eq!((done.written, done.first_index, done.proofs.len()), (Written::Now, index, 3));
        verify_inclusion(&leaf, index + 1, done.size, &done.proofs[1], &done.root).unwrap();
        if cut == Cut::After && cuts > 1 {
            // The first cut was a commit already; what is found needs no second one.
            assert_eq!(proxy.cuts.swap(0, Ordering::SeqCst), cuts - 1);
        }
        assert_eq!(proxy.cuts.load(Ordering::SeqCst), 0, "no commit came by, so nothing was tested");
        // Another node writes in between, so the place of the next one is not simply the end of this node's memory.
        direct.append(after(&stream(&format!("between/{index}")), None, 1).0).await.unwrap();
        index += 4;
        head = now;
        assert_eq!(direct.read(&stream("cut")).await.unwrap().last().map(|item| item.record.head()), head);
    }
    assert_eq!(direct.read(&stream("cut")).await.unwrap().len(), 15);
    assert_eq!(direct.head().await.unwrap().size, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_the_server_never_heard_is_written_once() {
    is_written_once("a_commit_that_the_server_never_heard_is_written_once", Cut::Before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_was_lost_is_written_once() {
    is_written_once("a_commit_whose_answer_was_lost_is_written_once", Cut::After).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_under_the_same_key_gets_the_same_place() {
    let Some(cluster) = shared("a_retry_under_the_same_key_gets_the_same_place") else { return };
    let url = cluster.database();
    let direct = node(&url).await;
    let (proxy, through) = Proxy::start(cluster, &url, Cut::After).await;
    let store = node(&through).await;
    // The line is cut and stays cut: the node cannot look whether it was written, and must say so.
    proxy.closes.store(true, Ordering::SeqCst);
    proxy.cuts.store(1, Ordering::SeqCst);
    let (mut append, head) = after(&stream("lost"), None, 2);
    append.idempotency = Some("lost-1".to_owned());
    match store.append(append.clone()).await {
        Err(LogError::Io(why)) => assert!(why.contains("not known"), "{why}"),
        other => panic!("{other:?}"),
    }
    direct.append(after(&stream("meanwhile"), None, 1).0).await.unwrap();
    proxy.closed.store(false, Ordering::SeqCst);

    // Written down anew, as a caller does that folds again: the key decides, on any node.
    let (mut anew, _) = after(&stream("lost"), None, 2);
    anew.idempotency = Some("lost-1".to_owned());
    for store in [&store, &direct] {
        let again = store.append(anew.clone()).await.unwrap();
        assert_eq!((again.written, again.first_index), (Written::Before, 0));
        let leaf = append.records[1].leaf();
        verify_inclusion(&leaf, 1, again.size, &again.proofs[1], &again.root).unwrap();
    }
    // Without the key it is an ordinary conflict, which tells that somebody wrote: oneself.
    append.idempotency = None;
    match store.append(append).await {
        Err(LogError::Conflict { found, .. }) => assert_eq!(found, head),
        other => panic!("{other:?}"),
    }
    assert_eq!(direct.read(&stream("lost")).await.unwrap().len(), 2);
}
