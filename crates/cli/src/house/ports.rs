//! The ports that only this crate can give the desk: the real clock, the dice, the press and the post.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use mingbai_core::borrow::event::TypeSize;
use mingbai_core::text::both;
use mingbai_cost::CostTable;
use mingbai_desk::ports::{
    Clock, Dice, DocCall, DocLetter, DocRequest, DocSheet, DocTrail, DocTrailDocument, DocTrailLine,
    DocTrailSignature, PaperKind, Papers, PapersError, WebhookError, WebhookPost, Webhooks,
};
use mingbai_paper::pool::{Order, Pool};
use mingbai_paper::{
    CallCard, Contact, DocContext, DocKind, DocumentLine, Letter, Sheet, SignatureLine, Trail, TrailLine,
};
use tokio::sync::oneshot;

use super::templates::{FONTS, Own, TEMPLATES};
use crate::fail::{Fail, Kind};
use crate::real;

/// How long a core system may take to answer a message. The message comes again later.
const POST_SECONDS: u64 = 15;

/// The clock and the dice of this machine.
pub struct Machine;

impl Clock for Machine {
    fn now_ms(&self) -> i64 {
        real::now_ms()
    }
}

impl Dice for Machine {
    fn fill(&self, buffer: &mut [u8]) {
        real::throw(buffer);
    }
}

/// Most workers of the press. A core per worker is the most that helps, and answering requests needs some too.
const WORKERS: usize = 4;

/// The press: a pool of workers that stay ready beside the threads that answer requests.
pub struct Press(Pool);

impl Press {
    /// Starts the workers, with the lender's own templates and fonts from its data folder. A template with a finding is refused.
    pub fn new(dir: &Path) -> Result<Self, Fail> {
        let own = Own::read(&dir.join(TEMPLATES), &dir.join(FONTS))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Pool::new(Arc::new(own.checked()?), cores.min(WORKERS)).map(Press).map_err(|e| {
            Fail::new(Kind::Internal, both("不能生成 PDF", "no PDF can be made")).because(e.words())
        })
    }
}

#[async_trait]
impl Papers for Press {
    async fn render(&self, request: DocRequest, table: &CostTable) -> Result<Vec<u8>, PapersError> {
        self.make(kind(request.kind), context(request), Some(table.clone())).await
    }

    async fn letter(&self, request: DocLetter) -> Result<Vec<u8>, PapersError> {
        self.make(DocKind::Letter, letter(request), None).await
    }
}

impl Press {
    async fn make(
        &self,
        kind: DocKind,
        doc: DocContext,
        table: Option<CostTable>,
    ) -> Result<Vec<u8>, PapersError> {
        // When the request is given up, the receiver is dropped, and a worker passes the order over.
        let (tell, told) = oneshot::channel();
        let tell = Arc::new(Mutex::new(Some(tell)));
        let waits = tell.clone();
        let take = |slot: &Mutex<Option<oneshot::Sender<_>>>| {
            slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
        };
        let order = Order {
            kind,
            doc,
            table,
            wanted: Box::new(move || {
                let slot = waits.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                slot.as_ref().is_some_and(|tell| !tell.is_closed())
            }),
            done: Box::new(move |made| {
                if let Some(tell) = take(&tell) {
                    // A receiver that is gone has no use for it.
                    drop(tell.send(made));
                }
            }),
        };
        self.0.order(order).map_err(|e| PapersError { words: e.words() })?;
        match told.await {
            Ok(made) => made.map_err(|e| PapersError { words: e.words() }),
            Err(_) => Err(PapersError {
                words: both(
                    "排版时程序出错;请重试,仍不行请告诉技术人员。",
                    "The press broke; try again, then tell the engineers.",
                ),
            }),
        }
    }
}

fn kind(kind: PaperKind) -> DocKind {
    match kind {
        PaperKind::CostTable => DocKind::CostTable,
        PaperKind::Plan => DocKind::Plan,
        PaperKind::Notice => DocKind::Notice,
        PaperKind::Contract => DocKind::Contract,
        PaperKind::Certificate => DocKind::Certificate,
        PaperKind::CallbackCard => DocKind::CallbackCard,
    }
}

fn type_size(size: TypeSize) -> mingbai_paper::TypeSize {
    match size {
        TypeSize::Normal => mingbai_paper::TypeSize::Normal,
        TypeSize::Large => mingbai_paper::TypeSize::Large,
    }
}

fn letter(request: DocLetter) -> DocContext {
    DocContext {
        lang: request.lang,
        size: type_size(request.size),
        short_code: request.reference.clone(),
        // A letter's code leads to the page on which its complaint is followed; its figures need no comparing.
        qr_text: request.follow_url.clone(),
        verify_url: request.follow_url,
        reference: request.reference,
        borrower_name: request.to,
        lender_contact: Contact { phone: request.phone, complaint_phone: request.complaint_phone },
        prepared_at: request.prepared_at,
        prepared_at_ms: request.prepared_at_ms,
        // There is no cost table; the answer's own seal says which text it is.
        table_digest: request.seal,
        sheet: Sheet::Letter(Letter {
            from: request.from,
            facts: request.facts,
            outcome: request.outcome,
            text: request.text,
            remedies: request.remedies,
            ways: request.ways,
        }),
    }
}

fn context(request: DocRequest) -> DocContext {
    DocContext {
        lang: request.lang,
        size: type_size(request.size),
        short_code: request.short_code,
        verify_url: request.verify_url,
        qr_text: request.qr_text,
        reference: request.reference,
        borrower_name: request.borrower_name,
        lender_contact: Contact { phone: request.phone, complaint_phone: request.complaint_phone },
        prepared_at: request.prepared_at,
        prepared_at_ms: request.prepared_at_ms,
        table_digest: request.table_digest,
        sheet: sheet(request.sheet),
    }
}

fn sheet(sheet: DocSheet) -> Sheet {
    match sheet {
        DocSheet::None => Sheet::None,
        DocSheet::Call(DocCall { number, questions, code }) => {
            Sheet::Call(CallCard { number, questions, code })
        }
        DocSheet::Trail(trail) => {
            let DocTrail { standing, lines, documents, signatures, log_size, log_root } = *trail;
            let line = |DocTrailLine { seq, index, at, who, what, hash }| TrailLine {
                seq,
                index,
                at,
                who,
                what,
                hash,
            };
            let document =
                |DocTrailDocument { name, at, code, sha256 }| DocumentLine { name, at, code, sha256 };
            let signature = |DocTrailSignature { signer, at, serial, issuer, digest }| SignatureLine {
                signer,
                at,
                serial,
                issuer,
                digest,
            };
            Sheet::Trail(Trail {
                standing,
                lines: lines.into_iter().map(line).collect(),
                documents: documents.into_iter().map(document).collect(),
                signatures: signatures.into_iter().map(signature).collect(),
                log_size,
                log_root,
            })
        }
    }
}

/// Messages to the core system over HTTP.
pub struct Post(reqwest::Client);

impl Post {
    /// A client that follows no redirect: a message with a borrower's number goes to the address that was set, or nowhere.
    pub fn new() -> Result<Self, Fail> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(POST_SECONDS))
            .user_agent(concat!("mingbai/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(Post).map_err(|e| {
            let what = both("不能建立网络连接", "no network client can be made");
            Fail::new(Kind::Internal, what).caused_by(&e)
        })
    }
}

#[async_trait]
impl Webhooks for Post {
    async fn post(&self, post: WebhookPost) -> Result<u16, WebhookError> {
        let mut request = self.0.post(&post.url);
        for (name, value) in &post.headers {
            request = request.header(name, value);
        }
        // The address is left out of the reason: it may carry a key of the receiver's.
        let answer = request.body(post.body).send().await;
        answer.map(|answer| answer.status().as_u16()).map_err(|e| WebhookError(reason(&e.without_url())))
    }
}

pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}
