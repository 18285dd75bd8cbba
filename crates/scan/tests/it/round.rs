//! One generated picture after the other, from a seed to an outcome: what the tests run a little of and the corpus a lot.
#![allow(dead_code, reason = "the corpus and the tests use different parts")]

use crate::forge::camera::Camera;
use crate::forge::dice::Dice;
use crate::forge::forger::{TRICKS, Trick, forge};
use crate::forge::{MASTER_DPI, pen};
use mingbai_scan::plane::Plane;
use mingbai_scan::{Answer, Original, Photo, PlaceMm, Prepared, Sides, Verdict, compare, read_code};

/// One paper of the fixtures.
pub struct Sheet {
    pub name: &'static str,
    pub prepared: Prepared,
    pub master: Plane,
}

/// The fixtures: the sheets that come back, and others to put in their place.
pub struct Papers {
    pub sheets: Vec<Sheet>,
    /// The same sheets with other figures under the same code: a loan of another sum, a rate one tenth of a percent higher.
    pub retyped: Vec<(usize, &'static str, Plane)>,
}

/// What became of one picture.
pub struct Outcome {
    pub name: String,
    pub answer: Answer,
    pub code_read: bool,
    pub code_wrong: bool,
    pub told: String,
    /// The picture as it arrives, and both sides of the split screen.
    pub files: [(&'static str, Vec<u8>); 3],
}

impl Outcome {
    /// Writes the pictures, for a person to look at.
    pub fn keep(&self, folder: &std::path::Path, seed: u64) {
        std::fs::create_dir_all(folder).unwrap();
        for (name, bytes) in &self.files {
            std::fs::write(folder.join(format!("{seed}-{name}")), bytes).unwrap();
        }
    }
}

fn fixture(name: &str) -> Original {
    let path = format!("{}/tests/data/{name}.pdf", env!("CARGO_MANIFEST_DIR"));
    Original::open(&std::fs::read(path).unwrap()).unwrap()
}

impl Papers {
    pub fn open() -> Papers {
        let mut papers = Papers { sheets: Vec::new(), retyped: Vec::new() };
        for (name, file, pages) in [("notice", "notice", 0..1), ("cost table", "cost-table", 0..2)] {
            let original = fixture(file);
            for index in pages {
                let prepared = Prepared::new(&original, index, &[]).unwrap();
                let master = original.picture(index, MASTER_DPI).unwrap();
                papers.sheets.push(Sheet { name, prepared, master });
            }
        }
        for (name, file) in [("other sum", "notice-other-sum"), ("other rate", "notice-other-rate")] {
            papers.retyped.push((0, name, fixture(file).picture(0, MASTER_DPI).unwrap()));
        }
        papers
    }

    fn sheet(&self, dice: &mut Dice) -> (usize, &Sheet) {
        // The notice is the paper that is signed by hand: half of all pictures.
        let index = if dice.below(2) == 0 { 0 } else { dice.below(self.sheets.len()) };
        (index, &self.sheets[index])
    }

    /// Only the code, from 100 to 200 dpi and harder than the rest: more noise, more blur, more perspective.
    pub fn code(&self, seed: u64, _: f64) -> Outcome {
        let mut dice = Dice::new(seed ^ 0xC0DE);
        let dpi = *dice.pick(&[100.0, 120.0, 150.0, 200.0]);
        let (_, sheet) = self.sheet(&mut dice);
        let mut camera = Camera::any(&mut dice, dpi);
        camera.noise = dice.between(2.0, 25.0);
        let picture = camera.jpeg(&sheet.master);
        let photo = Photo::open(&picture).unwrap();
        let read = read_code(&photo);
        let text = read.as_ref().ok().map(|r| r.0.text.clone());
        let right = sheet.prepared.page.code_texts().next().map(str::to_owned);
        Outcome {
            name: format!("{} at {dpi:.0} dpi", sheet.name),
            answer: if text.is_some() { Answer::Holds } else { Answer::NotKnown },
            code_read: text.is_some(),
            code_wrong: text.is_some() && text != right,
            told: format!("{camera:?}"),
            files: files(picture, Sides::default()),
        }
    }

    /// A signed page that nobody changed.
    pub fn genuine(&self, seed: u64, dpi: f64) -> Outcome {
        let mut dice = Dice::new(seed ^ 0x900D);
        let (_, sheet) = self.sheet(&mut dice);
        let mut page = sheet.master.clone();
        sign(&mut page, sheet, &mut dice);
        judge(sheet, &page, dpi, sheet.name.to_owned(), &mut dice)
    }

    /// A signed page with one trick played on it, or another print under the same code.
    pub fn forged(&self, seed: u64, dpi: f64) -> Outcome {
        let mut dice = Dice::new(seed ^ 0xF0E5);
        let kinds = TRICKS.len() + 2;
        for attempt in 0.. {
            let kind = (seed as usize + attempt) % kinds;
            let (index, sheet) = self.sheet(&mut dice);
            if let Some(trick) = TRICKS.get(kind) {
                let mut page = sheet.master.clone();
                if forge(&mut page, &sheet.prepared.page, *trick, &mut dice) {
                    sign(&mut page, sheet, &mut dice);
                    return judge(sheet, &page, dpi, format!("{trick:?}"), &mut dice);
                }
            } else if kind == TRICKS.len() {
                let (index, name, other) = dice.pick(&self.retyped);
                let mut page = other.clone();
                sign(&mut page, &self.sheets[*index], &mut dice);
                return judge(&self.sheets[*index], &page, dpi, format!("retyped, {name}"), &mut dice);
            } else if let Some(page) = self.swapped(index, &mut dice) {
                return judge(sheet, &page, dpi, "other page, same code".to_owned(), &mut dice);
            }
        }
        unreachable!()
    }

    /// A line of print where a hand may write: what the machine leaves to a person.
    pub fn in_place(&self, seed: u64, dpi: f64) -> Outcome {
        let mut dice = Dice::new(seed ^ 0xB11D);
        loop {
            let (_, sheet) = self.sheet(&mut dice);
            let mut page = sheet.master.clone();
            if forge(&mut page, &sheet.prepared.page, Trick::LineInPlace, &mut dice) {
                sign(&mut page, sheet, &mut dice);
                return judge(sheet, &page, dpi, "LineInPlace".to_owned(), &mut dice);
            }
        }
    }

    /// Another sheet with this sheet's code pasted on it.
    fn swapped(&self, index: usize, dice: &mut Dice) -> Option<Plane> {
        let others: Vec<&Sheet> =
            self.sheets.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, s)| s).collect();
        let other = *dice.pick(&others);
        let (mine, theirs) = (&self.sheets[index], &other.prepared.page);
        let mut page = other.master.clone();
        sign(&mut page, other, dice);
        paste_code(
            &mut page,
            theirs.code_areas().first()?,
            &mine.master,
            mine.prepared.page.code_areas().first()?,
        );
        Some(page)
    }
}

fn paste_code(page: &mut Plane, to: &PlaceMm, source: &Plane, from: &PlaceMm) {
    let px = |mm: f64| (mm * crate::forge::MASTER_PX_PER_MM).round() as isize;
    for (area, white) in [(to, true), (from, false)] {
        let pad = 1.0;
        for y in px(area.top_mm - pad)..px(area.top_mm + area.height_mm + pad) {
            for x in px(area.left_mm - pad)..px(area.left_mm + area.width_mm + pad) {
                if x >= 0 && y >= 0 && (x as usize) < page.width && (y as usize) < page.height {
                    page.values[y as usize * page.width + x as usize] =
                        if white { 1.0 } else { source.at(x, y) };
                }
            }
        }
    }
}

fn sign(page: &mut Plane, sheet: &Sheet, dice: &mut Dice) {
    for place in &sheet.prepared.page.boxes {
        let beyond = if place.name.starts_with("fill") { 0.5 } else { dice.between(0.0, 3.0) };
        pen::signature(page, dice, &place.place, beyond);
    }
}

fn judge(sheet: &Sheet, page: &Plane, dpi: f64, name: String, dice: &mut Dice) -> Outcome {
    let camera = Camera::any(dice, dpi);
    let picture = camera.jpeg(page);
    let photo = Photo::open(&picture).unwrap();
    let (verdict, code_read, wrong) = match read_code(&photo) {
        Ok((found, _)) => {
            let wrong = sheet.prepared.page.code_texts().all(|text| text != found.text);
            (compare(&photo, &sheet.prepared, &found), true, wrong)
        }
        Err(verdict) => (*verdict, false, false),
    };
    let (answer, told) = (verdict.answer(), tell(&verdict, &camera));
    Outcome { name, answer, code_read, code_wrong: wrong, told, files: files(picture, verdict.sides) }
}

fn files(picture: Vec<u8>, sides: Sides) -> [(&'static str, Vec<u8>); 3] {
    [("picture.jpg", picture), ("expected.png", sides.expected_png), ("laid.jpg", sides.laid_jpeg)]
}

pub fn tell(verdict: &Verdict, camera: &Camera) -> String {
    let claims: Vec<String> = verdict
        .claims
        .iter()
        .map(|c| {
            let first = c.findings.first().map(|f| format!(" ({:?} {} {:?})", f.kind, f.printed, f.place));
            format!("{:?} {:?}{}", c.kind, c.answer, first.unwrap_or_default())
        })
        .collect();
    format!("{} | {:?} | {camera:?}", claims.join(", "), verdict.quality)
}
