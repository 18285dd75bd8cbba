//! Bodies of the REST API: typed parsing without a server. The first byte says which body; whatever is read is in its range.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_cost::Fen;
use mingbai_web::api::door::read_json;
use mingbai_web::api::fields::{Amount, Day, MOST_FEN};
use mingbai_web::api::journeys::{OpenBody, TermsBody};
use mingbai_web::api::payout::{ChargeBody, PayoutBody, RefundBody};

fuzz_target!(|data: &[u8]| {
    let Some((which, json)) = data.split_first() else { return };
    match which % 5 {
        0 => read_json::<OpenBody>(json).into_iter().for_each(|b| check(b.principal_fen, Some(b.payout_on))),
        1 => read_json::<TermsBody>(json).into_iter().for_each(|b| check(b.principal_fen, Some(b.payout_on))),
        2 => read_json::<PayoutBody>(json).into_iter().for_each(|b| check(b.amount_fen, Some(b.on))),
        3 => read_json::<ChargeBody>(json).into_iter().for_each(|b| check(b.amount_fen, Some(b.on))),
        _ => read_json::<RefundBody>(json).into_iter().for_each(|b| check(b.amount_fen, None)),
    }
});

fn check(amount: Amount, day: Option<Day>) {
    assert!(amount.0 > Fen::ZERO && amount.0 <= Fen::new(MOST_FEN));
    if let Some(day) = day {
        assert_eq!(Day::parse(&day.0.to_string()), Some(day), "a day has one form");
    }
}
