//! A paper that comes back signed by hand: a member of staff hands a picture in, the machine holds it against the document that its
//! square code names, a person compares the figures, a second person confirms or refuses. Evidence of its own, in the stream
//! `paper/<journey>`; the rules are core's, what is seen is the eyes'.

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::borrow::returned::{
    self, Answer, COMPARED, DECIDED, Fault, Found, PaperClaim, PaperCompared, PaperDecided, PaperDecision,
    PaperReturned, PaperTurnedAway, RETURNED, ReturnedPaper, Said, SeenClaim, TURNED_AWAY,
};
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_evidence::{Digest, Draft, Record};
use serde_json::Value;

use super::holder;
use super::paper::{PAPERS_LIMIT, PaperIssued, body, stream_of};
use super::write::REFOLDS;
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, EyesError, LogError, Logged, PICTURE_BYTES, PaperEyes, PaperKind};
use crate::{square, token};

/// Most pictures of one journey: every page of its papers, several times over.
const RETURNED_LIMIT: usize = 40;
/// Most bytes that they and their split screens may take: a package carries them all.
const RETURNED_BYTES: u64 = 256 << 20;

/// Most files of one journey that are turned away; after that somebody must look at what is going on.
const TURNED_LIMIT: usize = 40;

/// A returned paper with what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedView {
    /// The picture and what was said about it.
    pub paper: ReturnedPaper,
    /// Which paper it is.
    pub kind: PaperKind,
    /// Its short code in groups of four.
    pub code: String,
    /// Whether the terms that it shows are still those on the table.
    pub current: bool,
}

/// A document that was issued, with the terms that it shows.
struct Issued {
    paper: PaperIssued,
    terms: Option<Digest>,
}

impl Desk {
    /// Everything that came back for this journey, the newest last.
    ///
    /// # Errors
    /// As [`Desk::journey`]; [`DeskError::Forbidden`] unless staff.
    pub async fn returned_papers(
        &self,
        caller: &Caller,
        id: JourneyId,
    ) -> Result<Vec<ReturnedView>, DeskError> {
        caller.needs(&[StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor])?;
        let loaded = self.load_for(caller, id).await?;
        let terms = loaded.journey.terms_digest();
        let logged = self.ports.log.read(&stream_of(id)).await?;
        let view = |paper: ReturnedPaper| {
            let issued = issued_of(&logged, &paper.returned.what.code)?;
            let code = token::grouped(&issued.paper.code);
            Some(ReturnedView { kind: issued.paper.paper, code, current: paper.terms == terms, paper })
        };
        Ok(returned::fold(logged.iter().map(|item| &item.record)).into_iter().filter_map(view).collect())
    }

    /// Every file of this journey that was turned away, in order.
    ///
    /// # Errors
    /// As [`Desk::returned_papers`].
    pub async fn turned_away(
        &self,
        caller: &Caller,
        id: JourneyId,
    ) -> Result<Vec<Said<PaperTurnedAway>>, DeskError> {
        caller.needs(&[StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor])?;
        self.load_for(caller, id).await?;
        let logged = self.ports.log.read(&stream_of(id)).await?;
        Ok(returned::turned_away(logged.iter().map(|item| &item.record)))
    }

    /// One of them, by its number.
    ///
    /// # Errors
    /// As [`Desk::returned_papers`]; [`DeskError::NotFound`].
    pub async fn returned_paper(
        &self,
        caller: &Caller,
        id: JourneyId,
        seq: u64,
    ) -> Result<ReturnedView, DeskError> {
        let all = self.returned_papers(caller, id).await?;
        all.into_iter().find(|view| view.paper.seq == seq).ok_or_else(none)
    }

    /// A picture of a returned paper: what was handed in, or one side of the split screen.
    ///
    /// # Errors
    /// As [`Desk::returned_paper`]; [`DeskError::NotFound`] after the person was forgotten.
    pub async fn returned_picture(
        &self,
        caller: &Caller,
        id: JourneyId,
        seq: u64,
        side: Side,
    ) -> Result<(AttachmentRef, Vec<u8>), DeskError> {
        let what = self.returned_paper(caller, id, seq).await?.paper.returned.what;
        let file = match side {
            Side::Picture => what.picture,
            Side::Expected => what.expected,
            Side::Laid => what.laid,
        };
        let bytes = self.ports.attachments.get(holder(id), file.sha256).await?.ok_or_else(none)?;
        Ok((file, bytes))
    }

    /// Staff hands in a picture of one page. Returns its number. What the machine saw is on record whatever it is; a picture without
    /// a code of this loan is turned away, because nothing can be said about it: its digest and the reason are on record.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] with what is wrong with the file; [`DeskError::Refused`] when the terms were changed since; as
    /// [`Desk::journey`].
    pub async fn return_paper(
        &self,
        caller: &Caller,
        id: JourneyId,
        picture: Vec<u8>,
    ) -> Result<u64, DeskError> {
        let eyes = self.eyes_for(caller)?;
        let journey = self.load_for(caller, id).await?.journey;
        let logged = self.ports.log.read(&stream_of(id)).await?;
        let digest = Digest::of(&picture);
        let before = returned::fold(logged.iter().map(|item| &item.record));
        if before.iter().any(|paper| paper.returned.what.picture.sha256 == digest) {
            return Err(wrong(both(
                "这个文件已经上传过,结果在下面的列表里。要重新核对,请重新拍一张。",
                "This very file was handed in before; the list below has the answer. To check again, take a new picture.",
            )));
        }
        let turned = returned::turned_away(logged.iter().map(|item| &item.record));
        room(&before, turned.len())?;
        let away = (caller, id, &turned[..]);
        let (issued, mark) = match self.named_by(eyes, &picture, &logged, journey.terms_digest()).await {
            Ok(named) => named,
            Err(why) => return Err(self.turn_away(away, eyes, &picture, why).await),
        };
        let media = media_of(&picture).map_err(|why| why.error)?;
        let document = &issued.paper.document;
        let pdf = self.ports.attachments.get(holder(id), document.sha256).await?.ok_or_else(none)?;
        let seen = match eyes.compare(&picture, &pdf).await {
            Ok(seen) => seen,
            Err(error) => return Err(self.turn_away(away, eyes, &picture, told(error)).await),
        };
        let keep = |bytes, media| self.ports.attachments.put(holder(id), bytes, media);
        let what = PaperReturned {
            document: document.sha256,
            code: issued.paper.code.clone(),
            picture: keep(picture, media).await?,
            expected: keep(seen.expected_png, "image/png").await?,
            laid: keep(seen.laid_jpeg, "image/jpeg").await?,
            page: seen.page,
            claims: other_figures(mark.as_deref(), &issued.paper.table)
                .into_iter()
                .chain(seen.claims)
                .collect(),
            ink: seen.ink,
            figures: seen.figures,
            eyes: eyes.name(),
        };
        self.write_returned(caller, id, RETURNED, |_| {
            returned::may_return(&caller.actor())?;
            Ok((serde_json::to_value(&what).map_err(fault_of)?, issued.terms))
        })
        .await
    }

    /// Staff compared every figure on the split screen.
    ///
    /// # Errors
    /// As [`Desk::returned_paper`]; [`DeskError::Refused`].
    pub async fn compare_paper(
        &self,
        caller: &Caller,
        id: JourneyId,
        seq: u64,
        (found, note): (Found, &str),
    ) -> Result<(), DeskError> {
        self.returned_paper(caller, id, seq).await?;
        let note = note.trim().to_owned();
        self.write_returned(caller, id, COMPARED, |papers| {
            let paper = papers.iter().find(|paper| paper.seq == seq).ok_or_else(none)?;
            let wish = PaperCompared { returned: paper.leaf, found, note: note.clone() };
            returned::may_compare(paper, &caller.actor(), &wish)?;
            Ok((serde_json::to_value(&wish).map_err(fault_of)?, paper.terms))
        })
        .await
        .map(drop)
    }

    /// A second person confirms or refuses.
    ///
    /// # Errors
    /// As [`Desk::compare_paper`].
    pub async fn decide_paper(
        &self,
        caller: &Caller,
        id: JourneyId,
        seq: u64,
        (decision, note): (PaperDecision, &str),
    ) -> Result<(), DeskError> {
        self.returned_paper(caller, id, seq).await?;
        let note = note.trim().to_owned();
        self.write_returned(caller, id, DECIDED, |papers| {
            let paper = papers.iter().find(|paper| paper.seq == seq).ok_or_else(none)?;
            let wish = PaperDecided { returned: paper.leaf, decision, note: note.clone() };
            returned::may_decide(paper, &caller.actor(), &wish)?;
            Ok((serde_json::to_value(&wish).map_err(fault_of)?, paper.terms))
        })
        .await
        .map(drop)
    }

    fn eyes_for(&self, caller: &Caller) -> Result<&dyn PaperEyes, DeskError> {
        caller.needs(&[StaffRole::Consultant, StaffRole::Compliance])?;
        if caller.login().is_none() {
            return Err(forbidden());
        }
        self.eyes.as_deref().ok_or_else(|| {
            wrong(both(
                "这里没有启用纸质文件核对,不能上传。请联系技术人员。",
                "Nothing here can look at returned papers. Ask the engineers.",
            ))
        })
    }

    /// The document of this journey that the code on the picture names, and what the code says of its figures.
    async fn named_by(
        &self,
        eyes: &dyn PaperEyes,
        picture: &[u8],
        logged: &[Logged],
        terms: Option<Digest>,
    ) -> Result<(Issued, Option<String>), Turned> {
        media_of(picture)?;
        let square = eyes.square(picture).await.map_err(told)?;
        let host = self.settings.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        if !square.host.eq_ignore_ascii_case(host) {
            let words = both(
                format!("二维码指向 {},不是本机构的网址。请不要使用这张纸,并报告消保岗。", square.host),
                format!(
                    "The code leads to {}, which is not our address. Do not use this paper, and tell compliance.",
                    square.host
                ),
            );
            return Err(Turned::away(Fault::ForeignHost, words));
        }
        let issued = issued_of(logged, &square.code).ok_or_else(|| {
            let words = both(
                "二维码上的编号不是这笔业务的文件。请核对业务编号,拍这位借款人签的那张纸。",
                "The code belongs to no paper of this loan. Check the number, and photograph the paper that this borrower signed.",
            );
            Turned::away(Fault::OtherPaper, words)
        })?;
        if issued.terms != terms {
            let why = both(
                "这张纸上的条款后来改过,已经不算数。",
                "The terms on this paper were changed afterwards; it no longer holds.",
            );
            let next = both(
                "请打印新的一份,请借款人看过再签。",
                "Print the new one, and let the borrower read it before she signs.",
            );
            let words = why.clone();
            return Err(Turned {
                fault: Some((Fault::EarlierTerms, words)),
                error: Refusal::not_now(why, next).into(),
            });
        }
        Ok((issued, square.mark))
    }

    /// Puts on record that a file was turned away, once for each file, and gives back what the caller is told.
    async fn turn_away(
        &self,
        (caller, id, before): (&Caller, JourneyId, &[Said<PaperTurnedAway>]),
        eyes: &dyn PaperEyes,
        picture: &[u8],
        why: Turned,
    ) -> DeskError {
        let Turned { fault: Some((fault, words)), error } = why else { return why.error };
        let file_sha256 = Digest::of(picture);
        if before.iter().any(|said| said.what.file_sha256 == file_sha256) {
            return error;
        }
        let file_bytes = picture.len() as u64;
        let what = PaperTurnedAway { file_sha256, file_bytes, fault, words, eyes: eyes.name() };
        let written = self.write_returned(caller, id, TURNED_AWAY, |_| {
            returned::may_return(&caller.actor())?;
            Ok((serde_json::to_value(&what).map_err(fault_of)?, None))
        });
        match written.await {
            Ok(_) => error,
            Err(unwritten) => unwritten,
        }
    }

    /// Writes one record behind what stands in the stream; asked again when somebody else was faster. Returns its number.
    async fn write_returned(
        &self,
        caller: &Caller,
        id: JourneyId,
        kind: &str,
        decide: impl Fn(&[ReturnedPaper]) -> Result<(Value, Option<Digest>), DeskError> + Send + Sync,
    ) -> Result<u64, DeskError> {
        for _ in 0..=REFOLDS {
            let logged = self.ports.log.read(&stream_of(id)).await?;
            let last = logged.last().map(|item| &item.record);
            if logged.len() >= PAPERS_LIMIT {
                return Err(forbidden());
            }
            let (body, terms) = decide(&returned::fold(logged.iter().map(|item| &item.record)))?;
            let head = last.map(Record::head);
            let now_ms = self.now_ms().max(last.map_or(i64::MIN, Record::at_ms));
            let seq = head.map_or(0, |head| head.seq + 1);
            let record = Record::write(Draft {
                id: self.new_id(now_ms),
                stream: stream_of(id),
                seq,
                prev: head.map(|head| head.leaf),
                at_ms: now_ms,
                actor: caller.actor().to_string(),
                kind: kind.to_owned(),
                terms,
                body,
            })?;
            match self.ports.log.append(Append::of(stream_of(id), head, vec![record])).await {
                Err(LogError::Conflict { .. }) => {}
                outcome => return outcome.map(|_| seq).map_err(DeskError::from),
            }
        }
        Err(DeskError::Busy(both("有人同时在处理,请再试一次。", "Somebody else is at it; try again.")))
    }
}

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The file that was handed in.
    Picture,
    /// The page as it should look.
    Expected,
    /// The page as it came back.
    Laid,
}

fn issued_of(logged: &[Logged], code: &str) -> Option<Issued> {
    let code = token::read_short_code(code)?;
    logged.iter().find_map(|item| {
        let paper = body(&item.record).filter(|paper| paper.code == code)?;
        Some(Issued { paper, terms: item.record.terms() })
    })
}

/// A code that names a paper of ours and other figures than its own was not printed by us.
fn other_figures(mark: Option<&str>, table: &Digest) -> Option<SeenClaim> {
    let other = mark.is_some_and(|mark| !square::says(mark, table));
    other.then(|| SeenClaim {
        claim: PaperClaim::ExpectedPage,
        answer: Answer::Contradicted,
        reason: both(
            "二维码里的数字指纹不是这份文件的:这张纸不是从我们这里打印的。请退回,并报告消保岗。",
            "The code carries the fingerprint of other figures than this paper's: we did not print it. Refuse it, and tell compliance.",
        ),
        places: Vec::new(),
    })
}

fn room(before: &[ReturnedPaper], turned: usize) -> Result<(), DeskError> {
    let of = |what: &PaperReturned| what.picture.bytes + what.expected.bytes + what.laid.bytes;
    let bytes: u64 = before.iter().map(|paper| of(&paper.returned.what)).sum();
    if before.len() < RETURNED_LIMIT && bytes < RETURNED_BYTES && turned < TURNED_LIMIT {
        return Ok(());
    }
    Err(wrong(both(
        "这笔业务上传的图片太多了。请联系消保岗,不要再上传。",
        "Too many pictures were handed in for this loan. Ask compliance, and hand in no more.",
    )))
}

/// Why a picture goes no further: turned away, which is put on record, or something that is not the picture's fault.
struct Turned {
    fault: Option<(Fault, Words)>,
    error: DeskError,
}

impl Turned {
    fn away(fault: Fault, words: Words) -> Self {
        Turned { fault: Some((fault, words.clone())), error: wrong(words) }
    }
}

/// By the first bytes: a name or a browser's word says nothing.
fn media_of(picture: &[u8]) -> Result<&'static str, Turned> {
    if picture.len() > PICTURE_BYTES {
        let limit = PICTURE_BYTES >> 20;
        let words = both(
            format!("文件太大,最多 {limit} MB。请用 150 到 300 dpi 扫描,或用手机的普通画质拍照。"),
            format!(
                "The file is too large: at most {limit} MB. Scan at 150 to 300 dpi, or photograph in ordinary quality."
            ),
        );
        return Err(Turned::away(Fault::TooLarge, words));
    }
    match picture {
        [] => {
            let error = wrong(both(
                "没有选择文件。请选择一张照片或一页扫描件。",
                "No file was chosen. Choose a photograph or the scan of one page.",
            ));
            Err(Turned { fault: None, error })
        }
        [0xFF, 0xD8, 0xFF, ..] => Ok("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Ok("image/png"),
        [b'%', b'P', b'D', b'F', ..] => Ok("application/pdf"),
        _ => {
            let words = both(
                "这不是 JPEG、PNG 图片或 PDF 扫描件。请用手机相机或扫描仪重新保存。",
                "This is no JPEG or PNG picture and no PDF scan. Save it again with a telephone's camera or a scanner.",
            );
            Err(Turned::away(Fault::NotAPicture, words))
        }
    }
}

fn wrong(words: Words) -> DeskError {
    DeskError::invalid("picture", words)
}

fn told(error: EyesError) -> Turned {
    match error {
        EyesError::Picture(words) => Turned::away(Fault::Unreadable, words),
        EyesError::Broken(words) => {
            Turned { fault: None, error: DeskError::Fault(format!("{} / {}", words.zh, words.en)) }
        }
    }
}

fn none() -> DeskError {
    DeskError::NotFound(both("没有找到这张交回的纸。", "There is no such returned paper."))
}

fn fault_of(error: serde_json::Error) -> DeskError {
    DeskError::Fault(error.to_string())
}
