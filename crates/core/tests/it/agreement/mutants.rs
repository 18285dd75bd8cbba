//! Whether the comparison has teeth: the page with one rule broken at a time must be found out by the same packages. A rule that
//! can be broken unnoticed is either not held against anything or not needed.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_core::policy::Pack;
use serde_json::{Value, json};

use super::case::Case;
use super::{Tally, cases, features, house, node, signed, stamps, targeted};

/// Name, text of the page's script that occurs exactly once, and what stands there instead.
const MUTANTS: &[(&str, &str, &str)] = &[
    ("zip: check sums are not compared", "if (crc32(out) !== entry.crc) damaged(name, \"CRC-32\");", ""),
    ("zip: two files of one name", "if (names.has(name)) ambiguous();", ""),
    ("zip: the packaging is not looked at", "return at === end.start;\n  }", "return true;\n  }"),
    ("zip: local headers are not compared", "if (!sizes && !later) notZip", "if (false) notZip"),
    ("json: a key may occur twice", "if (out.has(key)) bad(", "if (false) bad("),
    ("readme: any text will do", "readme && hexHash(readme) === README_SHA256", "readme"),
    ("files: strangers are welcome", "else layout.unknown.push(name);", ""),
    ("record: unknown keys", "map.size !== RECORD_KEYS.length || ", ""),
    ("record: any version", "v: get(\"v\") === 1n,", "v: true,"),
    ("record: one id for two records", "if (ids.has(record.id)) report", "if (false) report"),
    ("chain: gaps", "if (record.seq !== i) return [`应为", "if (false) return [`应为"),
    (
        "chain: links",
        "if (record.prev !== (i === 0 ? null : records[i - 1].leaf)) return [`第",
        "if (false) return [`第",
    ),
    (
        "withheld: spelling",
        "(0|[1-9][0-9]{0,15}),\"leaf\":\"([0-9a-f]{64})\"\\}$/.exec",
        "\\s*(0|[1-9][0-9]{0,15}),\"leaf\":\"([0-9a-f]{64})\"\\}$/.exec",
    ),
    (
        "withheld: not said",
        "report.say(\"withheld_record\", name, OPEN, `第 ${n} 条记录没有公开内容;它",
        "void (`第 ${n} 条记录没有公开内容;它",
    ),
    (
        "withheld: a loan is judged all the same",
        "if (missing.length) loans[stream] = withheldLoan(missing);\n      else if",
        "if",
    ),
    (
        "checkpoint: signatures are not checked",
        "if (!await ed25519(key.key, utf8.encode(note.body), line.signature, own)) return { bad: line.name, signers: [] };",
        "",
    ),
    ("checkpoint: anybody is trusted", "else if (isPinned) report", "else if (true) report"),
    (
        "checkpoint: the enclosed key need not have signed",
        "if (enclosed && !byEnclosed.signers.length) report",
        "if (false) report",
    ),
    ("key: its hash is not compared", "if (fingerprint.slice(0, 8) !== id) bad(", "if (false) bad("),
    (
        "inclusion: the root is not compared",
        "return hexOf(hash) === root ? null : [",
        "return true ? null : [",
    ),
    (
        "inclusion: the side is not looked at",
        "if (fn & 1n || fn === sn) {\n        hash = children(sibling, hash);\n        while",
        "if (fn === sn) {\n        hash = children(sibling, hash);\n        while",
    ),
    ("inclusion: order in the log", "place.index <= before.index", "false"),
    (
        "inclusion: a record needs no proof",
        "report.say(\"inclusion\", record.name, OPEN, \"这条记录没有证明",
        "void (\"这条记录没有证明",
    ),
    (
        "attachment: its digest is not compared",
        "if (hexOf(await sha256Long(one.bytes)) !== one.sha256) {",
        "if (false) {",
    ),
    (
        "attachment: its length is not compared",
        "refs.some((ref) => ref.bytes !== BigInt(one.bytes.length))",
        "false",
    ),
    ("attachment: nobody needs to cite it", "if (refs.length === 0 && !cited) report", "if (false) report"),
    (
        "attachment: left out and not said",
        "else if (!present.has(sha256Text)) report",
        "else if (false) report",
    ),
    ("disclosure: it need not open anything", "if (!opens(one)) {", "if (false) {"),
    (
        "disclosure: sealed and not said",
        "else if (!opened.has(key)) report.say(\"sealed\"",
        "else if (false) report.say(\"sealed\"",
    ),
    ("closing: lengths", "else if (row.length !== records.length) report", "else if (false) report"),
    ("closing: heads", "else if (row.head !== records[last].leaf) report", "else if (false) report"),
    (
        "closing: of any checkpoint",
        "if (stated.origin !== note.origin || stated.size !== note.size || stated.root !== note.root) return fail(",
        "if (false) return fail(",
    ),
    (
        "closing: signed by anybody",
        "if (!signed.signers.length) return fail(OPEN, \"声明",
        "if (false) return fail(OPEN, \"声明",
    ),
    (
        "closing: signed wrongly",
        "if (signed.bad !== undefined) return fail(AGAINST, ...signatureWords(signed));",
        "",
    ),
    (
        "closing: whole streams left out",
        "if (!streams.has(stream)) report.say(\"stream_end\"",
        "if (false) report.say(\"stream_end\"",
    ),
    ("closing: rows in any order", "found[1] <= before", "false"),
    (
        "erasure: decided by anybody",
        "if (!stream.startsWith(\"privacy/\") || kind !== \"erased\" || !by ||",
        "if (!stream.startsWith(\"privacy/\") || kind !== \"erased\" ||",
    ),
    ("erasure: of anybody", "one.person === personOf(stream)", "true"),
    ("erasure: on any ground", "Object.hasOwn(ERASED_ON, body.get(\"basis\")) && typeof", "typeof"),
    ("erasure: in any room", "if (!stream.startsWith(\"privacy/\") || kind", "if (kind"),
    (
        "succession: without the old key",
        "const holds = await ed25519(keys[0].key, said, ofBase64(byOld) ?? [], own) && await",
        "const holds = await",
    ),
    (
        "succession: without the new key",
        " && await ed25519(keys[1].key, said, ofBase64(byNew) ?? [], own);",
        ";",
    ),
    ("succession: from a stranger", "knows(from) && !knows(to)", "!knows(to)"),
    ("succession: in any stream", "stream !== \"log/keys\" || ", ""),
    (
        "witness: signatures are not checked",
        "if (time === null || !await ed25519(key.key, said, line.signature.slice(8), own)) bad = true;",
        "if (time === null) bad = true;",
    ),
    (
        "witness: the time is not signed",
        "`cosignature/v1\\ntime ${time}\\n${note.body}`",
        "`cosignature/v1\\ntime ${1790000000}\\n${note.body}`",
    ),
    ("sm2: every signature holds", "return place !== null && (e + place[0]) % SM2.n === r;", "return true;"),
    ("sm2: over another checkpoint", "else if (own?.body !== note.body) report", "else if (false) report"),
    ("stamp: over anything", "!same(info.imprint, imprint)) stampFails", "false) stampFails"),
    // Not here: "the content is not compared". Whether a changed byte of a token meets that rule alone depends on keys that differ from
    // run to run, so that mutant was found out on some runs and not on others.
    (
        "stamp: the signature is not checked",
        "if (!await signatureHolds(cert.key, signer.scheme, hash, signed, signer.signature)) stampFails",
        "if (false) stampFails",
    ),
    ("stamp: any root", "if (found === null) throw state.fault ?? unknown(leaf);", ""),
    (
        "stamp: of another log",
        "if (!isConsistent(old, young, hashes)) return wrong",
        "if (false) return wrong",
    ),
    ("stamp: what came later is covered too", "if (after) report", "if (false) report"),
    (
        "receipt: of a record that is not here",
        "if (leaves.length === 1 && leaves[0] === record.leaf) {",
        "if (leaves.length === 1 || leaves.length === 0) {",
    ),
    ("receipt: a stranger's word", "const stands = isKnown && ", "const stands = "),
    (
        "receipt: withheld records do not count",
        "hers.push(...[...layout.withheld.values()].map(parseWithheld).filter(Boolean));",
        "",
    ),
    (
        "loan: terms need no digest",
        "if (e.kind === \"terms_offered\" && e.terms !== hexHash(",
        "if (false && e.terms !== hexHash(",
    ),
    ("loan: evidence for other terms", ".filter((e) => e.terms === offer.terms) };", " };"),
    (
        "loan: terms that were never offered",
        "else if (e.terms !== null && !known.has(e.terms)) return against(",
        "else if (false) return against(",
    ),
    (
        "loan: reading time",
        "stayed === e.body.dwell_ms && stayed >= needed) return e.seq;",
        "stayed === e.body.dwell_ms) return e.seq;",
    ),
    (
        "loan: anybody reads",
        "this.valid.filter((one) => one.actor === \"borrower\" && one.seq > shownSeq &&",
        "this.valid.filter((one) => one.seq > shownSeq &&",
    ),
    ("loan: a recording that nobody found fine", "if (!fine) return null;", ""),
    (
        "loan: a recording that she did not agree to",
        "else if (now.agreed) stepOfRecording",
        "else stepOfRecording",
    ),
    (
        "loan: a recording while she doubts",
        "if (!now.agreed || now.stopped !== null || now.ended === null) return null;",
        "if (!now.agreed || now.ended === null) return null;",
    ),
    (
        "loan: a danger is answered away",
        "const paused = this.last([\"borrower\"], \"screen_answered\", (e) => e.body.result === \"paused\");",
        "const paused = answered.body.result === \"paused\" ? answered : undefined;",
    ),
    (
        "loan: a ring that nobody called about",
        "if (e.kind === \"ring_alerted\" && e.actor === \"system\") waits = true;",
        "",
    ),
    (
        "loan: a ring that anybody calls about",
        "e.kind === \"screen_reviewed\" && e.actor === \"compliance\" && e.body.decision === \"allowed\" && e.terms === terms",
        "e.kind === \"screen_reviewed\" && e.body.decision === \"allowed\" && e.terms === terms",
    ),
    (
        "loan: a ring voids no permit",
        "(e.kind === \"ring_alerted\" && e.actor === \"system\") || declined",
        "declined",
    ),
    ("loan: wrong answers count", "if (e.body.judged === \"right\") right.set(", "if (true) right.set("),
    ("signing: no contract was opened", "e.body.document === shown && this.isBound", "this.isBound"),
    (
        "signing: the challenge binds nothing",
        "return this.table !== null && b.amount_fen === this.table.principal_fen && hexHash(utf8.encode(said)) === b.challenge;",
        "return true;",
    ),
    (
        "signing: no digits",
        "e.kind === \"signature_prepared\" && wish.digits",
        "e.kind === \"signature_prepared\"",
    ),
    ("signing: another key", " && e.body.certificate === wish.certificate", ""),
    ("signing: too late", " && BigInt(e.at) < wish.until", ""),
    (
        "signing: trouble ends nothing",
        "e.kind === \"signing_trouble\" && wish?.challenge",
        "false && wish?.challenge",
    ),
    (
        "loan: signed before anything",
        "if (before.verdict !== PROVEN || before.seq >= ink.seq) return against(",
        "if (before.verdict !== PROVEN) return against(",
    ),
    ("loan: a refused consent", "if (refused) return against(", "if (false) return against("),
    ("loan: not her own wish", "if (own && !free) return against(", "if (false) return against("),
    ("loan: paid out twice", "if (paid.length > 1) return against(", "if (false) return against("),
    (
        "loan: paid out short",
        "if (paid.body.amount_fen !== table.principal_fen) return against(",
        "if (false) return against(",
    ),
    (
        "loan: a permit that ran out",
        "if (known.permit.body.expires_at_ms <= BigInt(paid[0].at)) return against(",
        "if (false) return against(",
    ),
    (
        "loan: a permit in spite of what is missing",
        "if (missing.length) return against(`当时还缺",
        "if (false) return against(`当时还缺",
    ),
    ("loan: charges that no row explains", "return left === 0n ? parts : null;", "return parts;"),
];

/// Mutants that nothing can notice, each with its reason.
const EQUIVALENT: &[(&str, &str)] = &[(
    "loan: a recording while she doubts",
    "a doubt also leaves its node without the right answer, and nothing is played while it stands",
)];

/// A corpus that is small enough to be asked once for every mutant, and has every kind of package in it.
fn corpus() -> Vec<Case> {
    let (pack, offers) = (Pack::embedded(), house::offers());
    let mut corpus = features::cases(&pack, &offers);
    corpus.extend(targeted::cases(&pack, &offers));
    corpus.extend(signed::cases(&pack, &offers));
    corpus.extend(stamps::cases(&pack, &offers));
    let mut seen = BTreeMap::new();
    // Of every kind of damage a few, whole packages among them.
    for case in (0..320).flat_map(|number| cases::of(number, &pack, &offers)) {
        let count: &mut u32 = seen.entry(case.kind).or_default();
        *count += 1;
        if *count <= 2 || (case.kind == "valid" && *count <= 280) {
            corpus.push(case);
        }
    }
    corpus
}

/// Which packages a mutant is hunted among: those of its own kind first, then the simulated journeys, damaged ones before whole ones.
fn among(corpus: &[Case], mutant: &str) -> Vec<usize> {
    let kind = mutant.split(':').next().unwrap_or_default();
    let kind = if kind == "erasure" { "erased" } else { kind };
    let pick = |test: &dyn Fn(&Case) -> bool| (0..corpus.len()).filter(|at| test(&corpus[*at])).collect();
    let own: Vec<usize> = pick(&|case| case.kind.split(':').next() == Some(kind));
    let damaged: Vec<usize> = pick(&|case| !case.kind.contains(':') && case.kind != "valid");
    let whole: Vec<usize> = pick(&|case| case.kind == "valid");
    [own, damaged, whole].concat()
}

#[test]
fn every_broken_rule_of_the_page_is_found_out() {
    if !node::is_there() {
        return;
    }
    let corpus = corpus();
    let rows = MUTANTS.iter().map(
        |(name, find, put)| json!({ "name": name, "find": find, "put": put, "among": among(&corpus, name) }),
    );
    let found = node::mutants(&Value::Array(rows.collect()), &corpus);
    assert_eq!(found.len(), MUTANTS.len());
    let mut survivors = BTreeSet::new();
    let mut by_kind = BTreeMap::<&str, usize>::new();
    for mutant in &found {
        let name = mutant["name"].as_str().unwrap();
        assert!(mutant["fault"].is_null(), "{name}: {}", mutant["fault"]);
        let notices = mutant["differs"].as_array().unwrap().iter().find(|differs| {
            let case = &corpus[usize::try_from(differs["at"].as_u64().unwrap()).unwrap()];
            !Tally::default().compare(case, &case.ours(), &differs["said"]).is_empty()
        });
        match notices {
            Some(differs) => {
                let case = &corpus[usize::try_from(differs["at"].as_u64().unwrap()).unwrap()];
                *by_kind.entry(case.kind).or_default() += 1;
            }
            None => drop(survivors.insert(name)),
        }
    }
    println!("{} mutants against {} packages; found out by {by_kind:?}", found.len(), corpus.len());
    println!("survivors: {survivors:#?}");
    // Without openssl there are no packages with time stamps to find those mutants out.
    if !stamps::can_be_made() {
        survivors.retain(|name| !name.starts_with("stamp"));
    }
    let explained: BTreeSet<&str> = EQUIVALENT.iter().map(|(name, _)| *name).collect();
    assert_eq!(survivors, explained, "mutants that nobody noticed");
}
