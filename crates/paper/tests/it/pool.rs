//! The pool: same bytes as the press alone, work that nobody waits for is not begun, a full queue says so, a fault costs one paper.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use mingbai_cost::Lang;
use mingbai_paper::pool::{Order, Pool, QUEUE_LIMIT};
use mingbai_paper::{DocKind, Paper, PaperError, TypeSize};

use crate::fixture::{context, honest, table};

fn order(done: impl FnOnce(Result<Vec<u8>, PaperError>) + Send + 'static) -> Order {
    Order {
        kind: DocKind::Notice,
        doc: context(Lang::Zh, TypeSize::Normal),
        table: Some(table(honest(2_000_000, 12))),
        wanted: Box::new(|| true),
        done: Box::new(done),
    }
}

#[test]
fn a_pool_prints_what_a_press_prints_and_survives_faults() {
    let paper = Arc::new(Paper::new().unwrap());
    let pool = Pool::new(paper.clone(), 2).unwrap();
    let (tell, told) = channel();
    // A receiver that panics, and a paper that cannot be made: the workers go on.
    pool.order(order(|_| panic!("the receiver broke"))).unwrap();
    pool.order(Order { kind: DocKind::Certificate, ..order(|_| panic!("and again")) }).unwrap();
    for _ in 0..3 {
        let tell = tell.clone();
        pool.order(order(move |made| tell.send(made).unwrap())).unwrap();
    }
    let alone = paper.notice(&context(Lang::Zh, TypeSize::Normal), &table(honest(2_000_000, 12))).unwrap();
    for _ in 0..3 {
        assert!(told.recv().unwrap().unwrap() == alone);
    }
}

#[test]
fn a_full_queue_says_so_and_work_given_up_is_not_begun() {
    let pool = Pool::new(Arc::new(Paper::new().unwrap()), 1).unwrap();
    // The only worker is held at its first order until the test lets go.
    let gate = Arc::new(Mutex::new(()));
    let held = gate.lock().unwrap();
    let (at_work, started) = channel();
    let wait = gate.clone();
    let wanted = move || {
        at_work.send(()).unwrap();
        drop(wait.lock().unwrap());
        false
    };
    pool.order(Order { wanted: Box::new(wanted), ..order(|_| panic!("nobody wants it")) }).unwrap();
    started.recv().unwrap();
    for _ in 0..QUEUE_LIMIT {
        let given_up = Order { wanted: Box::new(|| false), ..order(|_| panic!("given up")) };
        pool.order(given_up).unwrap();
    }
    let error = pool.order(order(|_| panic!("refused"))).unwrap_err();
    assert_eq!(error, PaperError::Busy { waiting: QUEUE_LIMIT });
    assert!(error.words().zh.contains("排队"));
    drop(held);
    let (tell, told) = channel();
    let mut last = order(move |made| tell.send(made.is_ok()).unwrap());
    while let Err(PaperError::Busy { .. }) = pool.order(last) {
        std::thread::yield_now();
        let (again, heard) = channel();
        last = order(move |made| again.send(made.is_ok()).unwrap());
        if pool.order(order(|_| ())).is_ok() {
            drop(heard);
            return;
        }
    }
    assert!(told.recv().unwrap());
}
