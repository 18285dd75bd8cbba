//! The desk's eyes for papers that come back: `mingbai-scan` on a thread of its own, one picture at a time, because one takes the
//! memory and the processor of a large photograph.

use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::borrow::returned::{
    Answer, Figures, PLACES_LIMIT, PaperClaim, ReadPlace, SeenClaim, SeenInk, SeenPlace,
};
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_desk::ports::{EyesError, PageSeen, PaperEyes, SquareSeen};
use mingbai_scan::figures::{FigureCrop, FigureReading, FigureSeen};
use mingbai_scan::{
    Claim, ClaimKind, Finding, Original, Photo, PlaceMm, ScanError, Verdict, Which, check, payload, read_code,
};
use tokio::sync::Semaphore;

use super::reader::Reader;

/// Longest text of a place that goes on record.
const PRINTED_LIMIT: usize = 40;

/// The eyes.
pub struct Eyes {
    turn: Arc<Semaphore>,
    reader: Option<Reader>,
}

impl Eyes {
    /// Eyes that look at one picture at a time, with a reader of figures beside them if there is one.
    pub fn new(reader: Option<Reader>) -> Self {
        Eyes { turn: Arc::new(Semaphore::new(1)), reader }
    }

    /// Has the figures read, or says why nobody did.
    async fn figures(&self, crops: Option<Vec<FigureCrop>>) -> Figures {
        let person = |zh: String, en: String| Figures::Person { why: both(zh, en) };
        let Some(reader) = &self.reader else {
            return person(
                "没有设置文字识别,数字由人在左右对照页核对。".to_owned(),
                "No reader of figures is set up: a person compares them on the split screen.".to_owned(),
            );
        };
        let Some(crops) = crops else {
            return person(
                "页面没能对齐,没有送去文字识别,数字由人核对。".to_owned(),
                "The page could not be laid on its original, so its figures were not sent to the reader: a person compares them.".to_owned(),
            );
        };
        match reader.read(&crops).await {
            Ok(reading) => read(reading),
            Err(why) => {
                tracing::warn!("reader of figures: {why}");
                person(
                    format!("文字识别服务没有给出可用的回答({why}),数字由人核对。请告诉技术人员。"),
                    format!(
                        "The reader of figures gave no answer that can be used ({why}): a person compares them. Tell the engineers."
                    ),
                )
            }
        }
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, EyesError> + Send + 'static,
    ) -> Result<T, EyesError> {
        let broken = || {
            EyesError::Broken(both(
                "核对程序出错,请重试,仍不行请告诉技术人员。",
                "Looking at the picture broke; try again, then tell the engineers.",
            ))
        };
        let turn = self.turn.clone().acquire_owned().await.map_err(|_| broken())?;
        let looked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        looked.await.map_err(|_| broken())?
    }
}

#[async_trait]
impl PaperEyes for Eyes {
    fn name(&self) -> String {
        format!("mingbai-scan {}", env!("CARGO_PKG_VERSION"))
    }

    async fn square(&self, picture: &[u8]) -> Result<SquareSeen, EyesError> {
        let picture = picture.to_vec();
        self.apart(move || {
            let photo = Photo::open(&picture).map_err(|e| of_picture(&e))?;
            match read_code(&photo) {
                Ok((_, code)) => Ok(SquareSeen {
                    host: code.host,
                    code: code.short_code,
                    mark: code.digest.map(|digest| payload::to_base32(&digest)),
                }),
                Err(verdict) => Err(EyesError::Picture(why(&verdict))),
            }
        })
        .await
    }

    async fn compare(&self, picture: &[u8], pdf: &[u8]) -> Result<PageSeen, EyesError> {
        let (picture, pdf) = (picture.to_vec(), pdf.to_vec());
        let wanted = self.reader.is_some();
        let (verdict, crops) = self
            .apart(move || {
                let photo = Photo::open(&picture).map_err(|e| of_picture(&e))?;
                let original = Original::open(&pdf).map_err(|e| EyesError::Broken(words(e.words())))?;
                let verdict = check(&photo, &original, Which::Any, &[]);
                let verdict = verdict.map_err(|e| EyesError::Broken(words(e.words())))?;
                let crops = verdict.laid.as_ref().filter(|_| wanted).map(|laid| laid.crops(&photo));
                Ok((shown(verdict)?, crops))
            })
            .await?;
        let figures = self.figures(crops).await;
        Ok(seen(verdict, figures))
    }
}

fn of_picture(error: &ScanError) -> EyesError {
    EyesError::Picture(words(error.words()))
}

fn words(of: mingbai_scan::Words) -> Words {
    both(of.zh, of.en)
}

fn why(verdict: &Verdict) -> Words {
    verdict.claim(ClaimKind::ExpectedPage).map_or_else(
        || both("没有读到二维码。", "No code could be read."),
        |claim| words(claim.reason.clone()),
    )
}

/// A verdict that a person can look at; anything else is the picture's fault.
fn shown(verdict: Verdict) -> Result<Verdict, EyesError> {
    if verdict.sides.expected_png.is_empty() || verdict.sides.laid_jpeg.is_empty() {
        return Err(EyesError::Picture(why(&verdict)));
    }
    Ok(verdict)
}

/// What a reader read, as it goes on record.
fn read(reading: FigureReading) -> Figures {
    let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(PRINTED_LIMIT).collect();
    let place = |seen: &FigureSeen| ReadPlace {
        at_dmm: at_dmm(&seen.place),
        printed: short(&seen.printed),
        read: short(&seen.read),
        sure_ppm: seen.sure_ppm.min(1_000_000),
    };
    let places = |of: &[FigureSeen]| of.iter().take(PLACES_LIMIT).map(place).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Figures::Reader {
        name: reading.reader,
        same: count(reading.same),
        differing: places(&reading.differing),
        unsure: count(reading.unsure.len()),
        unsure_at: places(&reading.unsure),
    }
}

/// A reader that is sure of another figure contradicts the page.
fn read_otherwise(figures: &Figures, room: &mut usize) -> Option<SeenClaim> {
    let Figures::Reader { name, differing, .. } = figures else { return None };
    let place = |of: &ReadPlace| SeenPlace {
        at_dmm: of.at_dmm,
        printed: of.printed.clone(),
        words: both(
            format!("应为「{}」,识别为「{}」。", of.printed, of.read),
            format!("“{}” was printed and “{}” was read.", of.printed, of.read),
        ),
    };
    let places: Vec<SeenPlace> = differing.iter().take(*room).map(place).collect();
    *room -= places.len();
    (!differing.is_empty()).then(|| SeenClaim {
        claim: PaperClaim::NothingChanged,
        answer: Answer::Contradicted,
        reason: both(
            format!("文字识别({name})在 {} 处读到别的数字。请看原纸;如果是识别错了,请重新拍照上传。", differing.len()),
            format!(
                "The reader of figures ({name}) read other figures in {} places. Look at the sheet; if the reader is mistaken, take a new picture and hand it in.",
                differing.len()
            ),
        ),
        places,
    })
}

fn seen(verdict: Verdict, figures: Figures) -> PageSeen {
    let mut room = PLACES_LIMIT;
    let otherwise = read_otherwise(&figures, &mut room);
    let claims = verdict.claims.iter().map(|of| claim(of, &mut room)).chain(otherwise).collect();
    let hundredths = |mm2: f64| (mm2 * 100.0).round().clamp(0.0, 1e9) as u32;
    let ink =
        |ink: &mingbai_scan::BoxInk| SeenInk { place: ink.name.clone(), ink_cmm2: hundredths(ink.ink_mm2) };
    PageSeen {
        page: verdict.page_index.and_then(|index| u32::try_from(index + 1).ok()),
        claims,
        ink: verdict.ink.iter().map(ink).collect(),
        figures,
        expected_png: verdict.sides.expected_png,
        laid_jpeg: verdict.sides.laid_jpeg,
    }
}

fn claim(of: &Claim, room: &mut usize) -> SeenClaim {
    let places: Vec<SeenPlace> = of.findings.iter().take(*room).map(place).collect();
    *room -= places.len();
    SeenClaim {
        claim: match of.kind {
            ClaimKind::ExpectedPage => PaperClaim::ExpectedPage,
            ClaimKind::NothingAdded => PaperClaim::NothingAdded,
            ClaimKind::NothingChanged => PaperClaim::NothingChanged,
            ClaimKind::Signed => PaperClaim::Signed,
        },
        answer: match of.answer {
            mingbai_scan::Answer::Holds => Answer::Holds,
            mingbai_scan::Answer::NotKnown => Answer::NotKnown,
            mingbai_scan::Answer::Contradicted => Answer::Contradicted,
        },
        reason: words(of.reason.clone()),
        places,
    }
}

fn place(finding: &Finding) -> SeenPlace {
    SeenPlace {
        at_dmm: at_dmm(&finding.place),
        printed: finding.printed.chars().take(PRINTED_LIMIT).collect(),
        words: words(finding.words.clone()),
    }
}

fn at_dmm(at: &PlaceMm) -> [u32; 4] {
    let tenths = |mm: f64| (mm * 10.0).round().clamp(0.0, 100_000.0) as u32;
    [at.left_mm, at.top_mm, at.width_mm, at.height_mm].map(tenths)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;
