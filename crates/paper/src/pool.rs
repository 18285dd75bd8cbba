//! The pool of presses: a few threads that share one set of fonts and templates and stay ready, so that a busy branch does not
//! wait for start-up. The queue is bounded: a full house says so at once, instead of taking work that nobody waits for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use mingbai_cost::CostTable;

use crate::{DocContext, DocKind, Paper, PaperError};

/// Orders that may wait. At 60 ms a paper the last one waits about four seconds with one worker.
pub const QUEUE_LIMIT: usize = 64;

/// One paper to be made.
pub struct Order {
    /// Which paper.
    pub kind: DocKind,
    /// For whom.
    pub doc: DocContext,
    /// Of which table.
    pub table: Option<CostTable>,
    /// Whether anybody still waits; asked once, when a worker picks the order up. Work that was given up is not begun.
    pub wanted: Box<dyn Fn() -> bool + Send>,
    /// Takes the outcome, on the worker's thread; it must not block.
    pub done: Box<dyn FnOnce(Result<Vec<u8>, PaperError>) + Send>,
}

/// Workers that wait for orders. Dropping the pool lets them finish what they have begun; orders still waiting are dropped.
pub struct Pool {
    orders: SyncSender<Order>,
}

impl Pool {
    /// Starts `workers` (at least one) threads over one press.
    ///
    /// # Errors
    /// [`PaperError::Typeset`] when the system gives no thread.
    pub fn new(paper: Arc<Paper>, workers: usize) -> Result<Self, PaperError> {
        let (orders, waiting) = sync_channel(QUEUE_LIMIT);
        let waiting = Arc::new(Mutex::new(waiting));
        for n in 0..workers.max(1) {
            let (paper, waiting) = (paper.clone(), waiting.clone());
            thread::Builder::new()
                .name(format!("press-{n}"))
                .spawn(move || work(&paper, &waiting))
                .map_err(|e| PaperError::Typeset { why: format!("no thread for the press: {e}") })?;
        }
        Ok(Pool { orders })
    }

    /// Hands an order over without waiting.
    ///
    /// # Errors
    /// [`PaperError::Busy`] when [`QUEUE_LIMIT`] orders wait already; the order is dropped and `done` is not called.
    pub fn order(&self, order: Order) -> Result<(), PaperError> {
        self.orders.try_send(order).map_err(|e| match e {
            TrySendError::Full(_) => PaperError::Busy { waiting: QUEUE_LIMIT },
            TrySendError::Disconnected(_) => PaperError::Typeset { why: "the press has stopped".to_owned() },
        })
    }
}

fn work(paper: &Paper, waiting: &Mutex<Receiver<Order>>) {
    loop {
        // The lock is held only while one worker waits; a poisoned lock would mean that receiving panicked, which it cannot.
        let next = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(Order { kind, doc, table, wanted, done }) = next else { return };
        if !wanted() {
            continue;
        }
        // A fault in the typesetter costs one paper, not one worker.
        let made = catch_unwind(AssertUnwindSafe(|| match &table {
            Some(table) => paper.pdf(kind, &doc, table),
            None => paper.letter(&doc),
        }));
        let fault = |_| Err(PaperError::Typeset { why: "the typesetter panicked".to_owned() });
        let outcome = made.unwrap_or_else(fault);
        if catch_unwind(AssertUnwindSafe(|| done(outcome))).is_err() {
            continue;
        }
    }
}
