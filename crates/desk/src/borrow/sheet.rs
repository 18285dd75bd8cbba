//! What the certificate of completion and the call-back card print beside the cost table: the journey told record by record, and
//! the questions of a call-back. Read from the evidence in the moment of printing; nothing is kept.

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::Journey;
use mingbai_core::borrow::callback::FactKey;
use mingbai_core::borrow::event::{Event, SignaturePath};
use mingbai_core::borrow::state::Stage;
use mingbai_core::text::both;
use mingbai_cost::{Lang, Words};
use mingbai_evidence::Digest;

use super::paper::{body, printed_time, stream_of};
use super::{holder, told};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{
    DocCall, DocSheet, DocTrail, DocTrailDocument, DocTrailLine, DocTrailSignature, Logged, PaperKind,
};
use crate::token;

impl Desk {
    /// The sheet of a paper; `code` is the short code that will be printed on it, in groups of four.
    pub(super) async fn sheet(
        &self,
        journey: &Journey,
        kind: PaperKind,
        lang: Lang,
        code: &str,
    ) -> Result<DocSheet, DeskError> {
        match kind {
            PaperKind::CostTable | PaperKind::Plan | PaperKind::Notice | PaperKind::Contract => {
                Ok(DocSheet::None)
            }
            PaperKind::Certificate => Ok(DocSheet::Trail(Box::new(self.trail(journey, lang).await?))),
            PaperKind::CallbackCard => Ok(DocSheet::Call(DocCall {
                number: self.settings.lender.phone.clone(),
                questions: questions(lang),
                code: code.to_owned(),
            })),
        }
    }

    async fn trail(&self, journey: &Journey, lang: Lang) -> Result<DocTrail, DeskError> {
        let logged = self.ports.log.read(&journey.id().stream()).await?;
        let papers = self.ports.log.read(&stream_of(journey.id())).await?;
        let head = self.ports.log.head().await?;
        let mut signatures = Vec::new();
        for item in &logged {
            if let Ok(event) = Event::from_parts(item.record.kind(), item.record.body()) {
                signatures.extend(self.signature(journey, item, &event, lang).await?);
            }
        }
        Ok(DocTrail {
            standing: standing(journey.stage()).get(lang).to_owned(),
            lines: logged.iter().map(|item| line(item, lang)).collect(),
            documents: papers.iter().filter_map(|item| document(item, lang)).collect(),
            signatures,
            log_size: head.size,
            log_root: head.root.to_string(),
        })
    }

    async fn signature(
        &self,
        journey: &Journey,
        item: &Logged,
        event: &Event,
        lang: Lang,
    ) -> Result<Option<DocTrailSignature>, DeskError> {
        let at = printed_time(item.record.at_ms(), lang);
        match event {
            Event::Signed(SignaturePath::OwnKey { shown, certificate, .. }) => {
                let (serial, issuer) = self.certificate(journey, *certificate).await?;
                let signer = both("借款人", "borrower").get(lang).to_owned();
                Ok(Some(DocTrailSignature { signer, at, serial, issuer, digest: shown.to_string() }))
            }
            Event::ContractSealed { signed, .. } => {
                let signer = both("贷款人签章", "lender's seal").get(lang).to_owned();
                let blank = both("见文件内", "in the file").get(lang).to_owned();
                let (serial, issuer) = (blank.clone(), blank);
                Ok(Some(DocTrailSignature { signer, at, serial, issuer, digest: signed.to_string() }))
            }
            _ => Ok(None),
        }
    }

    /// Serial number and issuer of a kept certificate; its digest where the bytes are no longer there (a person forgotten).
    async fn certificate(&self, journey: &Journey, digest: Digest) -> Result<(String, String), DeskError> {
        let der = self.ports.attachments.get(holder(journey.id()), digest).await?;
        let read = der.as_deref().and_then(|der| Some((serial(der)?, issuer(der)?)));
        Ok(read.unwrap_or_else(|| (format!("SHA-256 {digest}"), "—".to_owned())))
    }
}

fn line(item: &Logged, lang: Lang) -> DocTrailLine {
    let record = &item.record;
    let what = Event::from_parts(record.kind(), record.body()).map_or_else(
        |error| both(format!("无法识别的记录:{error}"), format!("An unreadable record: {error}")),
        |event| told(&event),
    );
    DocTrailLine {
        seq: record.seq(),
        index: item.index,
        at: printed_time(record.at_ms(), lang),
        who: who(&Actor::from_text(record.actor()).unwrap_or(Actor::System)).get(lang).to_owned(),
        what: what.get(lang).chars().take(TOLD_LIMIT).collect(),
        hash: record.leaf().to_string(),
    }
}

/// Longest telling that a row holds. What the core system sent may be longer; the record itself has all of it.
const TOLD_LIMIT: usize = 400;

fn document(item: &Logged, lang: Lang) -> Option<DocTrailDocument> {
    let issued = body(&item.record)?;
    Some(DocTrailDocument {
        name: name(issued.paper).get(lang).to_owned(),
        at: printed_time(item.record.at_ms(), lang),
        code: token::grouped(&issued.code),
        sha256: issued.document.sha256.to_string(),
    })
}

fn name(kind: PaperKind) -> Words {
    match kind {
        PaperKind::CostTable => both("综合融资成本明示表", "All-in cost table"),
        PaperKind::Plan => both("还款计划", "Repayment plan"),
        PaperKind::Notice => both("明白纸", "Paper notice"),
        PaperKind::Contract => both("个人借款合同", "Loan contract"),
        PaperKind::Certificate => both("签约过程和存证证明", "Certificate of completion"),
        PaperKind::CallbackCard => both("回访卡", "Call-back card"),
    }
}

fn who(actor: &Actor) -> Words {
    match actor {
        Actor::Borrower => both("借款人本人", "the borrower"),
        Actor::Staff(login, role) => {
            let (zh, en) = match role {
                StaffRole::Consultant => ("顾问", "consultant"),
                StaffRole::Compliance => ("消保岗", "compliance"),
                StaffRole::Auditor => ("审计", "auditor"),
                StaffRole::Admin => ("管理员", "admin"),
            };
            both(format!("{zh} {login}"), format!("{en} {login}"))
        }
        Actor::Core(name) => both(format!("核心系统 {name}"), format!("core system {name}")),
        Actor::System => both("明白系统", "Mingbai"),
        Actor::Complainant => both("投诉人", "the complainant"),
        Actor::Visitor => both("到场居民", "a visitor"),
    }
}

fn standing(stage: Stage) -> Words {
    match stage {
        Stage::Unopened => both("尚未开始", "not opened"),
        Stage::Ceremony => both("办理中，尚未放款", "in progress, not paid out"),
        Stage::Declined => both("借款人不借了", "declined by the borrower"),
        Stage::PaidOut => both("已放款", "paid out"),
        Stage::Closed => both("已结束", "closed"),
    }
}

/// The facts first, as the call-back asks them, then what the numbers are about.
fn questions(lang: Lang) -> Vec<String> {
    let numbers = [
        both("每个月要还多少钱?", "How much do you pay a month?"),
        both("一共要还多少钱?", "How much do you pay back in all?"),
        both("每一项费用付给谁?", "Who receives each fee?"),
    ];
    let facts = FactKey::ALL.into_iter().map(FactKey::question);
    facts.chain(numbers).map(|words| words.get(lang).to_owned()).collect()
}

/// The content of the DER value at the front, with its tag and what follows it.
fn der(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(u16::from_be_bytes(rest.first_chunk::<2>().copied()?)), rest.get(2..)?),
        _ => return None,
    };
    Some((tag, rest.get(..length)?, rest.get(length..)?))
}

/// What follows the version in a certificate (RFC 5280, 4.1): serial number, algorithm, issuer.
fn after_version(certificate: &[u8]) -> Option<&[u8]> {
    let (_, inside, _) = der(certificate)?;
    let (_, signed, _) = der(inside)?;
    match der(signed)? {
        (0xA0, _, rest) => Some(rest),
        _ => Some(signed),
    }
}

fn serial(certificate: &[u8]) -> Option<String> {
    let (tag, number, _) = der(after_version(certificate)?)?;
    let digits: Vec<String> = number.iter().map(|byte| format!("{byte:02X}")).collect();
    (tag == 2 && number.len() <= 24).then(|| digits.join(" "))
}

/// The issuer's common name.
fn issuer(certificate: &[u8]) -> Option<String> {
    let (_, _, rest) = der(after_version(certificate)?)?;
    let (_, _, rest) = der(rest)?;
    let (_, mut names, _) = der(rest)?;
    while !names.is_empty() {
        let (_, set, others) = der(names)?;
        let (_, pair, _) = der(set)?;
        let (_, kind, value) = der(pair)?;
        if kind == [0x55, 0x04, 0x03] {
            return String::from_utf8(der(value)?.1.to_vec()).ok();
        }
        names = others;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a certificate: version 3, serial 0x0102FF, an algorithm, `O=Lender, CN=Issuer`, cut off after it.
    fn head() -> Vec<u8> {
        let wrap = |tag: u8, inside: &[u8]| [&[tag, inside.len() as u8], inside].concat();
        let name = |last: u8, text: &[u8]| {
            let pair = [wrap(6, &[0x55, 4, last]), wrap(12, text)].concat();
            wrap(0x31, &wrap(0x30, &pair))
        };
        let issuer = [name(10, b"Lender"), name(3, b"Issuer")].concat();
        let signed = [
            wrap(0xA0, &wrap(2, &[2])),
            wrap(2, &[1, 2, 255]),
            wrap(0x30, &wrap(6, &[0x2A])),
            wrap(0x30, &issuer),
        ];
        wrap(0x30, &wrap(0x30, &signed.concat()))
    }

    #[test]
    fn a_certificate_says_its_number_and_issuer_and_rubbish_says_nothing() {
        let whole = head();
        assert_eq!(serial(&whole).as_deref(), Some("01 02 FF"));
        assert_eq!(issuer(&whole).as_deref(), Some("Issuer"));
        for cut in 0..whole.len() {
            assert_eq!((serial(&whole[..cut]), issuer(&whole[..cut])), (None, None), "cut at {cut}");
        }
    }

    #[test]
    fn the_card_asks_the_facts_and_the_numbers() {
        for lang in [Lang::Zh, Lang::En] {
            let asked = questions(lang);
            assert_eq!(asked.len(), FactKey::ALL.len() + 3);
            assert!(asked.iter().all(|question| question.ends_with('?')), "{asked:?}");
        }
    }
}
