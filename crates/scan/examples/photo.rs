//! Makes the photograph of a signed page, for trying the pages of returned papers without a printer, a pen and a camera:
//! `cargo run -p mingbai-scan --example photo -- PAPER.pdf PAGE OUT.jpg scanner 150 7 honest`. The camera is `scanner` or `phone`, then
//! dots per inch and a seed; the last word is `honest` (signed and dated), `bare` (not signed), or a trick of `tests/forge`: `digit`,
//! `amount`, `rows`, `line`.
#![expect(clippy::unwrap_used, reason = "a tool for trying things out stops at the first surprise")]

#[path = "../tests/forge/mod.rs"]
mod forge;

use forge::camera::Camera;
use forge::dice::Dice;
use forge::forger::{Trick, forge as play};
use forge::{MASTER_DPI, pen};
use mingbai_scan::Original;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [pdf, page, out, camera, dpi, seed, what] = args.as_slice() else {
        panic!("PAPER.pdf PAGE OUT.jpg scanner|phone DPI SEED honest|bare|digit|amount|rows|line")
    };
    let (dpi, seed): (f64, u64) = (dpi.parse().unwrap(), seed.parse().unwrap());
    let index = page.parse::<usize>().unwrap().checked_sub(1).unwrap();
    let original = Original::open(&std::fs::read(pdf).unwrap()).unwrap();
    let printed = original.page(index).unwrap();
    let mut picture = original.picture(index, MASTER_DPI).unwrap();
    let mut dice = Dice::new(seed);
    let trick = match what.as_str() {
        "honest" | "bare" => None,
        "digit" => Some(Trick::Digit),
        "amount" => Some(Trick::Amount),
        "rows" => Some(Trick::Rows),
        "line" => Some(Trick::LineAdded),
        other => panic!("{other}: no such trick"),
    };
    if let Some(trick) = trick {
        assert!(play(&mut picture, &printed, trick, &mut dice), "this page offers no place for {what}");
    }
    if what != "bare" {
        for place in &printed.boxes {
            pen::signature(&mut picture, &mut dice, &place.place, 0.5);
        }
    }
    let camera = match camera.as_str() {
        "scanner" => Camera::scanner(&mut dice, dpi),
        "phone" => Camera::phone(&mut dice, dpi),
        other => panic!("{other}: neither scanner nor phone"),
    };
    std::fs::write(out, camera.jpeg(&picture)).unwrap();
    println!("{out}: {camera:?}");
}
