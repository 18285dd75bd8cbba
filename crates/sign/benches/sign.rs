//! What one signature costs: prepare and finish over the real paper, issuing one certificate, judging one file.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mingbai_sign::{SigningRequest, prepare, verify};

#[path = "../tests/it/kit.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod kit;

fn signing(c: &mut Criterion) {
    let house = kit::House::new();
    let certificate = house.certificate(&kit::key(3), 3);
    let chain = house.chain(&certificate);
    let mut field = kit::field("borrower");
    field.at = Some(kit::borrower_box());
    field.handwriting = Some(kit::handwriting());
    c.bench_function("prepare, sign and finish a cost table", |b| {
        b.iter(|| {
            let prepared = prepare(black_box(kit::PAPER), &field).expect("the paper can be signed");
            kit::sign_with(prepared, &kit::key(3), &chain, None)
        });
    });
    let request = kit::request(&kit::key(3));
    c.bench_function("check a request and issue its certificate", |b| {
        b.iter(|| {
            SigningRequest::parse(black_box(&request)).expect("a request");
            house.certificate(&kit::key(3), 3)
        });
    });
    let signed = kit::signed_paper(&house);
    c.bench_function("verify a signed cost table", |b| {
        b.iter(|| verify(black_box(&signed), std::slice::from_ref(&house.root), kit::NOW_MS));
    });
}

criterion_group!(benches, signing);
criterion_main!(benches);
