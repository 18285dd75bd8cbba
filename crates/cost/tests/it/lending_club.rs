//! 10,000 published instalments of LendingClub loans (OpenIntro `loans_full_schema`), recomputed to the cent.
//!
//! The file is not part of this repository; it is read from `../shared/data` beside the repository when it is there.

use std::path::Path;

use mingbai_cost::{Fen, level_instalment, terms::Rounding};

/// The three loans, all at 6 %, whose published instalment does not follow from amount, rate and term: line of the file, amount, term,
/// rate in ppm, published cents, recomputed cents.
const STRANGERS: [(usize, i64, u32, i64, i64, i64); 3] = [
    (513, 800_000, 36, 60_000, 24_335, 24_338),
    (8_779, 2_400_000, 36, 60_000, 73_334, 73_013),
    (9_140, 2_800_000, 36, 60_000, 83_093, 85_182),
];

/// `5.32` → 53,200 at four places, `301.15` → 30,115 at two: digits, not floats.
fn decimal(text: &str, places: usize) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    assert!(fraction.len() <= places, "{text}");
    format!("{whole}{fraction:0<places$}").parse().unwrap()
}

#[test]
fn published_instalments_are_met_to_the_cent() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/loans_full_schema.csv");
    if !path.exists() {
        println!("NOT RUN: {} is not there", path.display());
        return;
    }
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let [amount, term, rate, published] = ["loan_amount", "term", "interest_rate", "installment"].map(column);
    let (mut loans, mut half_up, mut strangers) = (0, 0, Vec::new());
    for (index, row) in reader.records().enumerate() {
        let row = row.unwrap();
        let (principal, periods) = (decimal(&row[amount], 2), row[term].parse::<u32>().unwrap());
        let (rate, published) = (decimal(&row[rate], 4), decimal(&row[published], 2));
        let instalment = |rounding| level_instalment(Fen::new(principal), rate, periods, rounding).get();
        loans += 1;
        half_up += usize::from(instalment(Rounding::HalfUp) == published);
        let up = instalment(Rounding::Up);
        if up != published {
            strangers.push((index + 2, principal, periods, rate, published, up));
        }
    }
    assert_eq!(loans, 10_000);
    // Rounding is a product setting: the usual half-up would miss more than half of the book.
    assert_eq!(half_up, 4_956);
    assert_eq!(strangers, STRANGERS);
}
