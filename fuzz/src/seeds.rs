//! Writes the seed corpus anew: `cargo run --bin seeds` in `fuzz/`. Small valid inputs of our own making, from fixed keys, one folder a target.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

// Everything here is compiled for the fuzzer and needs its counters.
use libfuzzer_sys as _;
use mingbai_core::borrow::sim;
use mingbai_core::cost::Terms;
use mingbai_core::policy::Pack;
use mingbai_evidence::package::Package;
use mingbai_evidence::witness::AddCheckpoint;
use mingbai_fuzz::kit::{NOW_MS, key, request, small_paper};
use mingbai_fuzz::log::LOG;
use mingbai_fuzz::papers::SIGNED;
use mingbai_fuzz::sample::{Zipping, lender, rezip, unzip};
use mingbai_fuzz::story;

type Seeds = BTreeMap<&'static str, Vec<(String, Vec<u8>)>>;

const TERMS: &str = include_str!("../../crates/core/tests/it/terms.json");

fn main() -> std::io::Result<()> {
    let mut seeds = Seeds::new();
    evidence(&mut seeds);
    zips(&mut seeds);
    signatures(&mut seeds);
    journeys(&mut seeds);
    files(&mut seeds);
    bodies(&mut seeds);
    for (target, inputs) in &seeds {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        for (name, bytes) in inputs {
            fs::write(folder.join(name), bytes)?;
        }
    }
    Ok(())
}

fn put(seeds: &mut Seeds, target: &'static str, name: &str, bytes: impl Into<Vec<u8>>) {
    seeds.entry(target).or_default().push((name.to_owned(), bytes.into()));
}

fn evidence(seeds: &mut Seeds) {
    let Package { checkpoint, sm2, records, .. } = &LOG.package;
    put(seeds, "note", "checkpoint", checkpoint.as_bytes());
    put(seeds, "note", "sm2", sm2.clone().unwrap_or_default());
    let first = AddCheckpoint::new(0, Vec::new(), checkpoint).unwrap();
    put(seeds, "note", "request", first.to_string());
    put(seeds, "note", "key", lender().text().to_string());
    put(seeds, "note", "witness-key", LOG.reader.witnesses[0].to_string());
    put(seeds, "note", "sm2-key", LOG.reader.sm2_keys[0].to_string());
    for (name, old, new, how) in [
        ("leaf", 5_u64, 21_u64, 4_u8),
        ("insert", 255, 256, 0),
        ("remove", 0, 600, 1),
        ("exchange", 64, 65, 2),
    ] {
        let bytes = [&old.to_be_bytes()[..], &new.to_be_bytes(), &[how, 3], &[9; 40]].concat();
        put(seeds, "proof", name, bytes);
    }
    for (name, tile) in [
        ("hashes", "0/x001/x234/067"),
        ("partial", "3/x001/000.p/255"),
        ("entries", "entries/007.p/1"),
        ("stream", "product/easy-12@1.0"),
    ] {
        put(seeds, "tile", name, tile);
    }
    put(seeds, "tile", "digest", records[0].leaf().to_string());
    put(
        seeds,
        "timestamp",
        "reply",
        &include_bytes!("../../crates/evidence/tests/data/timestamp/reply.tsr")[..],
    );
    put(seeds, "timestamp", "root", include_str!("../../crates/evidence/tests/data/timestamp/root.pem"));
    put(seeds, "receipt", "receipt", LOG.receipt.write().unwrap());
    for record in records {
        put(seeds, "record", &format!("step-{}", record.seq()), record.bytes());
    }
}

fn zips(seeds: &mut Seeds) {
    // Without the page for browsers, which is larger than everything else together.
    let mut small = unzip(&LOG.bytes);
    for (at, (name, content)) in small.iter().enumerate().filter(|(_, (_, content))| content.len() < 4096) {
        let which = u8::try_from(at).unwrap_or(0);
        put(seeds, "package_file", &name.replace('/', "-"), [&[which, 0], &content[..]].concat());
    }
    put(seeds, "package_file", "taken-away", [3, 2]);
    put(seeds, "package_file", "added", [&[0, 3][..], b"records/000009.json\n{}"].concat());
    small.retain(|name, content| content.len() < 4096 || name == "key");
    put(seeds, "package", "stored", rezip(&small, Zipping::AsWritten));
    put(seeds, "package", "deflated", rezip(&small, Zipping::Deflated));
    small.retain(|name, _| name.starts_with("records/") || name == "checkpoint");
    put(seeds, "package", "few", rezip(&small, Zipping::AsWritten));
}

fn signatures(seeds: &mut Seeds) {
    let signed = &*SIGNED;
    put(seeds, "pdf", "plain", small_paper());
    put(seeds, "pdf", "prepared", signed.prepared.bytes());
    put(seeds, "pdf", "signed", &signed.once[..]);
    put(seeds, "pdf", "closed", &signed.paper[..]);
    put(seeds, "cms", "signature", &signed.cms[..]);
    put(seeds, "x509", "root", signed.house.root.der());
    put(seeds, "x509", "issuing", signed.house.issuing.der());
    put(seeds, "x509", "person", signed.house.certificate(&key(3), 3).der());
    let revoked = vec![mingbai_sign::Revoked {
        serial: vec![3; 16],
        at_ms: NOW_MS,
        reason: mingbai_sign::Reason::Unspecified,
    }];
    for (number, list) in signed.house.validation(NOW_MS, revoked).crls.into_iter().enumerate() {
        put(seeds, "x509", &format!("crl-{number}"), list);
    }
    put(seeds, "x509", "request", request(&key(3)));
}

/// The three shortest simulated journeys that reach a payout, and the shortest of all.
fn journeys(seeds: &mut Seeds) {
    let (pack, offers) = (Pack::embedded(), [Terms::from_json(TERMS).unwrap()]);
    let played = |number| sim::records(7, number, &pack, &offers).unwrap();
    let mut all: Vec<_> = (0..300).map(played).collect();
    all.sort_by_key(Vec::len);
    put(seeds, "journey", "short", story::text(&all[0]));
    let paid = all.iter().filter(|records| records.iter().any(|record| record.kind() == "disbursed"));
    for (number, records) in paid.take(3).enumerate() {
        put(seeds, "journey", &format!("paid-{number}"), story::text(records));
    }
    let mut kinds = BTreeMap::new();
    for record in all.iter().flatten() {
        kinds.entry(record.kind()).or_insert(record);
    }
    for (kind, record) in kinds {
        put(seeds, "record", kind, record.bytes());
    }
    put(seeds, "terms", "guaranteed", TERMS);
}

fn files(seeds: &mut Seeds) {
    put(seeds, "policy", "pack", include_str!("../../policies/cn-2026-08.toml"));
    put(seeds, "product", "honest", include_str!("../../examples/products/honest.toml"));
    put(seeds, "product", "complaints", include_str!("../../examples/products/complaints.toml"));
    put(seeds, "product", "purchase", include_str!("../../examples/products/purchase.toml"));
    let (mapping, book) = (
        include_str!("../../examples/audit/guaranteed.toml"),
        include_str!("../../examples/audit/guaranteed.csv"),
    );
    put(seeds, "book", "book", book);
    put(seeds, "book", "mapping", format!("{mapping}\n=\n{book}"));
    for (name, text) in [
        ("digits", "3,042.19"),
        ("wan", "3.8万"),
        ("spoken", "三千零四十二块一毛九"),
        ("formal", "壹万贰仟元整"),
        ("two", "1万2"),
        ("small", "五角三分"),
        ("yi", "一千亿零五元"),
        ("wide", "12345元6角7分"),
    ] {
        put(seeds, "amount", name, text);
    }
    for (name, text) in [
        ("police", "我是公安局的,把钱转到安全账户,不要告诉家人"),
        ("disguised", "刷.单*返_利 xiudan 賬戶 贝长 1️⃣ http://a.top/x.apk"),
        ("warning", "民警提醒:凡是先交费的贷款都是诈骗,请勿轻信。"),
    ] {
        put(seeds, "scam", name, text);
    }
}

fn bodies(seeds: &mut Seeds) {
    for (which, name, json) in [
        (
            0,
            "open",
            r#"{"product":"honest-loan","version":"2026.1","principal_fen":500000,"periods":12,"payout_on":"2026-12-01","method":0,"channel":"branch","borrower_name":"王秀英","borrower_phone":"13800000000","external_ref":"A-1001","branch":"城东"}"#,
        ),
        (
            1,
            "terms",
            r#"{"product":"honest-loan","version":"2026.1","principal_fen":500000,"periods":24,"payout_on":"2026-12-01","method":0}"#,
        ),
        (2, "payout", r#"{"permit":"3f1c","amount_fen":500000,"on":"2026-12-01","reference":"PAY-1001"}"#),
        (
            3,
            "charge",
            r#"{"reference":"CHG-1","item_key":"instalment","name_text":"第 1 期还款","amount_fen":43494,"on":"2027-01-01","payee":"示例消费金融有限公司"}"#,
        ),
        (4, "refund", r#"{"reference":"CHG-9","amount_fen":30000}"#),
    ] {
        put(seeds, "api", name, [&[which], json.as_bytes()].concat());
    }
}
