//! The desk's eyes for papers that come back: `mingbai-scan` on a thread of its own, one picture at a time, because one takes the
//! memory and the processor of a large photograph.

use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::borrow::returned::{
    Answer, Figures, PLACES_LIMIT, PaperClaim, SeenClaim, SeenInk, SeenPlace,
};
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_desk::ports::{EyesError, PageSeen, PaperEyes, SquareSeen};
use mingbai_scan::{
    Claim, ClaimKind, Finding, Original, Photo, ScanError, Verdict, Which, check, payload, read_code,
};
use tokio::sync::Semaphore;

/// Longest text of a place that goes on record.
const PRINTED_LIMIT: usize = 40;

/// The eyes.
pub struct Eyes {
    turn: Arc<Semaphore>,
}

impl Eyes {
    /// Eyes that look at one picture at a time.
    pub fn new() -> Self {
        Eyes { turn: Arc::new(Semaphore::new(1)) }
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
        self.apart(move || {
            let photo = Photo::open(&picture).map_err(|e| of_picture(&e))?;
            let original = Original::open(&pdf).map_err(|e| EyesError::Broken(words(e.words())))?;
            let verdict = check(&photo, &original, Which::Any, &[]);
            seen(verdict.map_err(|e| EyesError::Broken(words(e.words())))?)
        })
        .await
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

fn seen(verdict: Verdict) -> Result<PageSeen, EyesError> {
    if verdict.sides.expected_png.is_empty() || verdict.sides.laid_jpeg.is_empty() {
        return Err(EyesError::Picture(why(&verdict)));
    }
    let mut room = PLACES_LIMIT;
    let claims = verdict.claims.iter().map(|of| claim(of, &mut room)).collect();
    let hundredths = |mm2: f64| (mm2 * 100.0).round().clamp(0.0, 1e9) as u32;
    let ink =
        |ink: &mingbai_scan::BoxInk| SeenInk { place: ink.name.clone(), ink_cmm2: hundredths(ink.ink_mm2) };
    Ok(PageSeen {
        page: verdict.page_index.and_then(|index| u32::try_from(index + 1).ok()),
        claims,
        ink: verdict.ink.iter().map(ink).collect(),
        figures: Figures::Person {
            why: both(
                "没有设置文字识别,数字由人在左右对照页核对。",
                "No reader of figures is set up: a person compares them on the split screen.",
            ),
        },
        expected_png: verdict.sides.expected_png,
        laid_jpeg: verdict.sides.laid_jpeg,
    })
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
    let tenths = |mm: f64| (mm * 10.0).round().clamp(0.0, 100_000.0) as u32;
    let at = &finding.place;
    SeenPlace {
        at_dmm: [at.left_mm, at.top_mm, at.width_mm, at.height_mm].map(tenths),
        printed: finding.printed.chars().take(PRINTED_LIMIT).collect(),
        words: words(finding.words.clone()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;
