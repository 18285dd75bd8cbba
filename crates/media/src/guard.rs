//! Ends child processes that take too long. Whatever happens to the one who waits for them, no child is left behind.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked whether a child that said everything is gone.
const LOOK: Duration = Duration::from_millis(5);

/// Watches over children until it is ended or dropped; either ends them too.
pub(crate) struct Guard {
    children: Vec<Arc<Mutex<Child>>>,
    told: Option<Sender<()>>,
    watch: Option<JoinHandle<()>>,
    rang: Arc<AtomicBool>,
}

impl Guard {
    /// Begins to watch.
    pub(crate) fn over(children: Vec<Arc<Mutex<Child>>>, limit: Duration) -> Self {
        let (told, waits) = channel::<()>();
        let rang = Arc::new(AtomicBool::new(false));
        let (theirs, bell) = (children.clone(), rang.clone());
        let watch = std::thread::spawn(move || {
            if waits.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                bell.store(true, Ordering::SeqCst);
                theirs.iter().for_each(kill);
            }
        });
        Guard { children, told: Some(told), watch: Some(watch), rang }
    }

    /// Ends one child before its time.
    pub(crate) fn kill_all(&self) {
        self.children.iter().for_each(kill);
    }

    /// Waits for children that have said everything, at most until the limit; says whether the limit was reached.
    pub(crate) fn end(mut self) -> bool {
        for child in &self.children {
            while matches!(lock(child).try_wait(), Ok(None)) {
                std::thread::sleep(LOOK);
            }
        }
        self.stop();
        self.rang.load(Ordering::SeqCst)
    }

    fn stop(&mut self) {
        self.told.take();
        if let Some(watch) = self.watch.take() {
            // It only sleeps and kills; there is nothing to learn from it.
            let _ended = watch.join();
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.stop();
        for child in &self.children {
            kill(child);
            // A killed child is waited for, or it would stay as a shadow in the table of processes.
            let _gone = lock(child).wait();
        }
    }
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kill(child: &Arc<Mutex<Child>>) {
    // One that is gone already cannot be killed, which is what was wanted.
    let _gone = lock(child).kill();
}
