//! A running server: pages and API on a socket, the outbox beside them, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mingbai_core::text::both;
use mingbai_desk::ports::Lane;
use mingbai_desk::{Asked, Desk, DeskError, Round};
use mingbai_web::TrustedProxies;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::fail::{Fail, Kind};
use crate::real;

/// How often the outbox is looked at.
const OUTBOX_SECONDS: u64 = 1;
/// How often abandoned uploads are looked for, and complaints whose clock runs out.
const SWEEP_SECONDS: u64 = 60 * 60;
/// Pieces of work of one round.
const OUTBOX_LIMIT: u32 = 32;
/// How long requests that are under way may take when the server is told to stop.
const PATIENCE_SECONDS: u64 = 10;

/// Takes the address.
pub async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Fail> {
    let bound = TcpListener::bind(address).await.and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|e| {
        let what = both(format!("不能监听 {address}"), format!("cannot listen on {address}"));
        let fail = Fail::new(Kind::Io, what).caused_by(&e);
        match e.kind() {
            std::io::ErrorKind::AddrInUse => fail.next(
                "这个端口已被占用:停掉占用它的程序,或用 --listen 127.0.0.1:0 让系统选一个空闲端口。",
                "The port is taken: stop the program that has it, or let the system choose one with --listen 127.0.0.1:0.",
            ),
            _ => fail.next("请检查 --listen 的地址。", "Check the address of --listen."),
        }
    })
}

/// A server that runs until it is told to stop.
pub struct Server {
    stop: watch::Sender<Phase>,
    pages: JoinHandle<std::io::Result<()>>,
    outbox: JoinHandle<()>,
    /// Work that takes minutes, beside the rest.
    slow: JoinHandle<()>,
    /// One for each witness, so that none waits for another that is down.
    asking: Vec<JoinHandle<()>>,
}

/// Whether the server goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Serving,
    Stopping,
}

impl Server {
    /// Starts to answer on `listener`, behind these proxies.
    pub fn start(desk: Arc<Desk>, listener: TcpListener, proxies: TrustedProxies) -> Self {
        let (stop, stopped) = watch::channel(Phase::Serving);
        let router = mingbai_web::router_behind(desk.clone(), proxies);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let end = stopping(stopped.clone());
        let pages =
            tokio::spawn(async move { axum::serve(listener, service).with_graceful_shutdown(end).await });
        let asking = (0..desk.witness_count())
            .map(|number| tokio::spawn(witness(desk.clone(), number, stopped.clone())))
            .collect();
        let slow = tokio::spawn(slow(desk.clone(), stopped.clone()));
        let outbox = tokio::spawn(outbox(desk, stopped));
        Server { stop, pages, outbox, slow, asking }
    }

    /// Lets requests that are under way finish, for a while, and ends.
    pub async fn stop(mut self) -> Result<(), Fail> {
        let _ = self.stop.send(Phase::Stopping);
        // A question that is cut off is asked again after the next start.
        self.asking.iter().for_each(JoinHandle::abort);
        // So is an inspection made again, after the time that it is hidden from other workers.
        self.slow.abort();
        let patience = Duration::from_secs(PATIENCE_SECONDS);
        let ended = tokio::time::timeout(patience, async {
            let _ = (&mut self.outbox).await;
            (&mut self.pages).await
        })
        .await;
        match ended {
            Ok(Ok(outcome)) => outcome
                .map_err(|e| Fail::new(Kind::Io, both("服务意外中止", "the server broke off")).caused_by(&e)),
            Ok(Err(e)) => Err(Fail::new(Kind::Internal, both("服务出错", "the server failed")).caused_by(&e)),
            Err(_) => {
                tracing::warn!("some requests did not end in {PATIENCE_SECONDS} s and were cut off");
                self.pages.abort();
                self.outbox.abort();
                Ok(())
            }
        }
    }
}

async fn stopping(mut phase: watch::Receiver<Phase>) {
    // An error means that the server's handle is gone, which is a stop too.
    let _ = phase.wait_for(|phase| *phase == Phase::Stopping).await;
}

/// Does the work that waits, round by round. A round that fails is logged and comes again: the queue is on disk.
async fn outbox(desk: Arc<Desk>, phase: watch::Receiver<Phase>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(OUTBOX_SECONDS));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut end = std::pin::pin!(stopping(phase));
    let mut sweeps = tokio::time::interval(Duration::from_secs(SWEEP_SECONDS));
    loop {
        tokio::select! {
            () = &mut end => return,
            _ = ticks.tick() => {}
            _ = sweeps.tick() => {
                sweep(&desk).await;
                alarms(&desk).await;
                forget(&desk).await;
                old_links(&desk).await;
            }
        }
        told(desk.run_lane_once(Lane::Quick, real::now_ms(), OUTBOX_LIMIT).await);
    }
}

/// Inspects recordings, one at a time: a second one would only take the processor away from those who wait for a page.
async fn slow(desk: Arc<Desk>, phase: watch::Receiver<Phase>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(OUTBOX_SECONDS));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut end = std::pin::pin!(stopping(phase));
    loop {
        tokio::select! {
            () = &mut end => return,
            _ = ticks.tick() => {}
        }
        told(desk.run_lane_once(Lane::Slow, real::now_ms(), 1).await);
    }
}

fn told(round: Result<Round, DeskError>) {
    match round {
        Ok(round) if round.waiting + round.given_up > 0 => {
            tracing::info!(done = round.done, waiting = round.waiting, given_up = round.given_up, "outbox");
        }
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "the outbox could not be read; trying again"),
    }
}

async fn sweep(desk: &Desk) {
    match desk.sweep_uploads().await {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "abandoned uploads were cleaned away"),
        Err(error) => tracing::warn!(%error, "abandoned uploads could not be looked for; trying again"),
    }
}

/// Forgets what may no longer be kept.
async fn forget(desk: &Desk) {
    if let Err(error) = desk.forget_sent().await {
        tracing::warn!(%error, "old check codes could not be forgotten; trying again");
    }
}

/// Warns of complaints that are late or nearly so. Each clock is told once; what fails is tried again in an hour.
async fn alarms(desk: &Desk) {
    match desk.raise_complaint_alarms().await {
        Ok(0) => {}
        Ok(raised) => tracing::warn!(raised, "clocks of complaints run out: see /staff/complaints/alarms"),
        Err(error) => tracing::warn!(%error, "the clocks of complaints could not be looked at; trying again"),
    }
}

/// Deletes hashes of identifiers that grew old.
async fn old_links(desk: &Desk) {
    match desk.prune_links().await {
        Ok(0) => {}
        Ok(deleted) => tracing::info!(deleted, "old links were deleted"),
        Err(error) => tracing::warn!(%error, "old links could not be deleted; trying again"),
    }
}

/// Keeps one witness up to date.
async fn witness(desk: Arc<Desk>, number: usize, phase: watch::Receiver<Phase>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(OUTBOX_SECONDS));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut end = std::pin::pin!(stopping(phase));
    loop {
        tokio::select! {
            () = &mut end => return,
            _ = ticks.tick() => {}
        }
        match desk.ask_witness(number, real::now_ms()).await {
            Ok(Asked::NotNow) => {}
            Ok(Asked::Cosigned(size)) => tracing::debug!(number, size, "a witness cosigned"),
            Ok(Asked::Later(why)) => {
                tracing::warn!(number, %why, "a witness did not cosign; asking again later")
            }
            Ok(Asked::Ahead(size)) => {
                tracing::error!(
                    number,
                    size,
                    "a witness knows a larger log than there is: is this database an old one?"
                );
            }
            Ok(Asked::Accuses(why)) => tracing::error!(number, %why, "a witness speaks against this log"),
            Err(error) => tracing::error!(number, %error, "a witness could not be asked"),
        }
    }
}

/// The signals that stop a server: Ctrl-C, and the service manager's SIGTERM. Heard from the moment this value is made, so
/// that none gets lost between "I am ready" and waiting.
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Begins to listen.
    #[cfg(unix)]
    pub fn listen() -> Result<Self, Fail> {
        use tokio::signal::unix::{SignalKind, signal};
        let deaf = |e: std::io::Error| {
            Fail::new(Kind::Internal, both("收不到停止信号", "no signal can be received")).caused_by(&e)
        };
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt()).map_err(deaf)?,
            terminate: signal(SignalKind::terminate()).map_err(deaf)?,
        })
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    pub fn listen() -> Result<Self, Fail> {
        Ok(Signals {})
    }

    /// Waits for one of them.
    pub async fn wait(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }
}
