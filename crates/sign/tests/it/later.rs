//! What somebody may try in a later revision of a signed file, or in the signature's own gap: shadow attacks (hide, replace, hide and
//! replace; Mainka et al. 2021), annotations, form values, page trees, fonts, metadata, embedded files, doubled fields, and time stamps
//! over less than the file. Nothing of it may hold here, whatever other programs say; their verdicts are printed beside ours.

use std::collections::BTreeMap;

use mingbai_sign::{
    ClaimKind, Proven, TimeStamps, Verdict, Words, add_validation, finish, prepare, prepare_time_stamp,
    verify, verify_with,
};

use crate::kit::*;
use crate::oracles::{Scratch, here, run};
use crate::shadow::{append, append_with, find, last, object, size};

/// [`small_paper`] with everything in it that such an attack wants: an annotation, a text field, a font, metadata, an embedded file,
/// and a second page, page tree and catalog that nobody sees.
fn rich_paper() -> Vec<u8> {
    write_pdf(&[
        "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>/Lang(zh-CN)/AcroForm 10 0 R/Metadata 12 0 R\
         /Names<</EmbeddedFiles<</Names[(data.json)14 0 R]>>>>>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F 11 0 R>>>>/StructParents 0/Tabs/S/Annots [8 0 R 9 0 R]\
         /Contents 4 0 R>>",
        "<</Length 36>>\nstream\nBT /F 12 Tf 20 90 Td (5000.00) Tj ET\nendstream",
        "<</Keywords(sign-borrower=1:1000,1000,12000,4000, sign-lender=1:15000,1000,12000,4000)>>",
        "<</Type/StructTreeRoot/K[7 0 R]/ParentTree<</Nums[0 [7 0 R]]>>/ParentTreeNextKey 1>>",
        "<</Type/StructElem/S/Document/P 6 0 R/K[0]/Pg 3 0 R>>",
        "<</Type/Annot/Subtype/Square/Rect[10 80 100 110]/F 4/Contents(seen)>>",
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(5000.00)/F 4/P 3 0 R/Rect[150 80 280 110]>>",
        "<</Fields [9 0 R]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Metadata/Subtype/XML/Length 4>>\nstream\n<x/>\nendstream",
        "<</Type/EmbeddedFile/Length 2>>\nstream\n{}\nendstream",
        "<</Type/Filespec/F(data.json)/EF<</F 13 0 R>>>>",
        "<</Type/Page/Parent 16 0 R/MediaBox[0 0 300 200]/Resources<<>>/Contents 4 0 R>>",
        "<</Type/Pages/Count 1/Kids[15 0 R]>>",
        "<</Type/Catalog/Pages 16 0 R/AcroForm 10 0 R>>",
    ])
}

fn signed(house: &House) -> Vec<u8> {
    sign(house, prepare(&rich_paper(), &field("borrower")).unwrap(), 3, 3)
}

/// Attacks that append a correctly written revision; the signed bytes stay as they are.
fn revisions(pdf: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let now = |number: u32| object(pdf, number);
    let one = |number: u32, from: &str, to: &str| {
        let text = now(number);
        assert!(text.contains(from), "{number}: {text}");
        append(pdf, &[(number, text.replacen(from, to, 1))])
    };
    let signature = {
        let at = last(pdf, "/V ");
        let digits: String =
            pdf[at + 3..].iter().take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
        digits.parse::<u32>().unwrap()
    };
    let fields = now(10);
    let widget = signature + 1;
    vec![
        ("hide-annotation", one(3, "8 0 R ", "")),
        ("hide-by-flag", one(8, "/F 4", "/F 2")),
        ("annotation-text", one(8, "(seen)", "(other)")),
        ("annotation-moved", one(8, "[10 80 100 110]", "[150 80 280 110]")),
        ("form-value", one(9, "5000.00", "9000.00")),
        ("form-appearance", one(9, "/T(amount)", "/T(amount)/MK<</BG[1 1 1]>>")),
        ("form-needs-appearances", one(10, "<<", "<</NeedAppearances true")),
        ("replace-font", one(11, "/Helvetica", "/Symbol")),
        ("replace-font-by-new", {
            let page = now(3).replacen("11 0 R", "90 0 R", 1);
            append(pdf, &[(3, page), (90, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".into())])
        }),
        (
            "metadata",
            append(pdf, &[(12, "<</Type/Metadata/Subtype/XML/Length 4>>\nstream\n<y/>\nendstream".into())]),
        ),
        (
            "embedded-file",
            append(pdf, &[(13, "<</Type/EmbeddedFile/Length 2>>\nstream\n[]\nendstream".into())]),
        ),
        ("embedded-name", one(14, "(data.json)", "(more.json)")),
        ("embedded-file-added", one(1, "14 0 R", "14 0 R(more.json)14 0 R")),
        ("page-tree-hidden", one(1, "/Pages 2 0 R", "/Pages 16 0 R")),
        ("page-kids", one(2, "[3 0 R", "[15 0 R")),
        ("page-count", one(2, "/Count 1", "/Count 0")),
        ("hide-and-replace-catalog", {
            let size = size(pdf, &[]);
            append_with(pdf, &[], &|p| format!("<</Size {size}/Root 17 0 R/Info 5 0 R/ID[(a)(c)]/Prev {p}>>"))
        }),
        ("field-dropped", append(pdf, &[(10, fields.replacen(&format!(" {widget} 0 R"), "", 1))])),
        ("field-renamed", one(widget, "(borrower)", "(lender)")),
        ("field-doubled", {
            let copy = now(widget).replacen("(borrower)", "(again)", 1);
            let form = fields.replacen(&format!("{widget} 0 R"), &format!("{widget} 0 R 90 0 R"), 1);
            append(pdf, &[(10, form), (90, copy)])
        }),
        ("signature-replaced", {
            let text = now(signature).replacen("/Reason", "/Location(elsewhere)/Reason", 1);
            append(pdf, &[(signature, text)])
        }),
        ("lock-added", one(widget, "/FT", "/Lock<</Action/All>>/FT")),
    ]
}

/// Games inside the gap, which no signature covers.
fn gaps(pdf: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let from = find(pdf, "/Contents <", last(pdf, "/ByteRange [")) + 11;
    let to = find(pdf, ">", from);
    let with = |at: usize, text: &[u8]| {
        let mut bytes = pdf.to_vec();
        bytes[at..at + text.len()].copy_from_slice(text);
        bytes
    };
    vec![
        ("gap-rubbish", with(to - 6, b"414243")),
        ("gap-second-signature", with(to - 400, &pdf[from..from + 400])),
        ("gap-closed-early", with(to - 20, b"> /Location (x) /A <")),
        ("gap-comment", with(to - 20, b"%hidden comment%0000")),
        ("gap-white", with(to - 4, b"    ")),
        ("gap-no-digit", with(to - 4, b"zzzz")),
        ("gap-length", with(from + 2, b"84")),
        ("gap-emptied", with(from, &vec![b'0'; to - from])),
    ]
}

/// Every attack by name.
pub fn attacks(house: &House) -> Vec<(String, Vec<u8>)> {
    let pdf = signed(house);
    let sealed = sign(house, prepare(&pdf, &field("lender")).unwrap(), 4, 4);
    let closed = add_validation(&sealed, &house.validation(NOW_MS, Vec::new())).unwrap();
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    for (kind, list) in
        [("later", revisions(&pdf)), ("gap", gaps(&pdf)), ("sealed", revisions_of_closed(&closed))]
    {
        all.extend(list.into_iter().map(|(name, bytes)| (format!("{kind}-{name}"), bytes)));
    }
    all
}

/// The same idea on a file that is sealed and closed: the lender's seal must not be a licence.
fn revisions_of_closed(pdf: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let one = |number: u32, from: &str, to: &str| {
        append(pdf, &[(number, object(pdf, number).replacen(from, to, 1))])
    };
    vec![
        ("form-value", one(9, "5000.00", "9000.00")),
        ("hide-annotation", one(3, "8 0 R ", "")),
        (
            "metadata",
            append(pdf, &[(12, "<</Type/Metadata/Subtype/XML/Length 4>>\nstream\n<y/>\nendstream".into())]),
        ),
        ("store-emptied", {
            let at = last(pdf, "/DSS ");
            let digits: String =
                pdf[at + 5..].iter().take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
            append(pdf, &[(digits.parse().unwrap(), "<</Type/DSS>>".into())])
        }),
    ]
}

#[test]
fn the_rich_paper_itself_holds() {
    let house = House::new();
    let report = verify(&signed(&house), std::slice::from_ref(&house.root), NOW_MS + HOUR_MS);
    let kinds: Vec<ClaimKind> = report.doubts().iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ClaimKind::Revocation], "{:?}", report.doubts());
}

#[test]
fn no_later_revision_and_no_game_in_the_gap_holds() {
    let house = House::new();
    let scratch = Scratch::new("later");
    let pdfsig = here("pdfsig", "pdfsig's verdict on later revisions");
    let mut told = BTreeMap::new();
    for (name, bytes) in attacks(&house) {
        let report = verify(&bytes, std::slice::from_ref(&house.root), NOW_MS + HOUR_MS);
        assert_eq!(report.verdict(), Verdict::Contradicted, "{name}: {:?}", report.doubts());
        let words = &report.doubts()[0].reason;
        assert!(words.zh.chars().any(|c| c > '\u{4e00}') && !words.en.is_empty(), "{name}: {words:?}");
        if pdfsig {
            let file = scratch.file("attack.pdf", &bytes);
            let (_, said) = run("pdfsig", &["-nocert", &file]);
            told.insert(name, said.matches("Signature is Valid").count());
        }
    }
    let accepted: Vec<_> = told.iter().filter(|(_, n)| **n > 0).map(|(name, _)| name.as_str()).collect();
    eprintln!(
        "later: {} attacks, all refused here; pdfsig calls a signature valid in {}: {accepted:?}",
        told.len(),
        accepted.len()
    );
}

/// An authority whose token is a moment in eight bytes and the digest.
struct Dated;

impl TimeStamps for Dated {
    fn proven(&self, token: &[u8], digest: &[u8; 32]) -> Result<Proven, (Verdict, Words)> {
        let body = token.get(2..).and_then(|rest| rest.split_first_chunk::<8>());
        match body {
            Some((moment, rest)) if rest == digest => {
                let at_ms = i64::from_be_bytes(*moment);
                Ok(Proven { at_ms, until_ms: at_ms + 365 * DAY_MS })
            }
            _ => Err((
                Verdict::Contradicted,
                Words::new("时间戳不是这份文件的", "the stamp is of another file"),
            )),
        }
    }
}

fn dated(at_ms: i64, digest: &[u8; 32]) -> Vec<u8> {
    sequence(0x04, &[&at_ms.to_be_bytes()[..], digest].concat())
}

fn stamped(pdf: &[u8], name: &str, at_ms: i64) -> Vec<u8> {
    let waiting = prepare_time_stamp(pdf, name, "归档时间戳", 4096).unwrap();
    let token = dated(at_ms, &waiting.digest());
    finish(waiting, &token).unwrap()
}

#[test]
fn archive_stamps_must_cover_everything_follow_each_other_and_be_renewed_in_time() {
    let house = House::new();
    let closed = add_validation(&signed_paper(&house), &house.validation(NOW_MS, Vec::new())).unwrap();
    let roots = std::slice::from_ref(&house.root);
    let judged = |pdf: &[u8], at_ms| verify_with(pdf, roots, at_ms, &Dated);
    let once = stamped(&closed, "archive-1", NOW_MS + HOUR_MS);
    let twice = stamped(&once, "archive-2", NOW_MS + 300 * DAY_MS);
    assert_eq!(judged(&once, NOW_MS + 300 * DAY_MS).verdict(), Verdict::Holds);
    assert_eq!(judged(&once, NOW_MS + 400 * DAY_MS).verdict(), Verdict::NotKnown, "its authority has ended");
    assert_eq!(judged(&twice, NOW_MS + 400 * DAY_MS).verdict(), Verdict::Holds, "renewed in time");
    let late = stamped(&once, "archive-2", NOW_MS + 400 * DAY_MS);
    assert_eq!(judged(&late, NOW_MS + 500 * DAY_MS).verdict(), Verdict::NotKnown, "renewed too late");
    let before = stamped(&once, "archive-2", NOW_MS - DAY_MS);
    assert_eq!(
        judged(&before, NOW_MS + DAY_MS).fields[1].of(ClaimKind::Time),
        Some(Verdict::Contradicted),
        "order"
    );
    let future = judged(&once, NOW_MS - DAY_MS);
    assert_eq!(future.fields[1].of(ClaimKind::Time), Some(Verdict::Contradicted), "from the future");

    // A stamp over the first revision only, put behind the last: its digest is right, its range is not the whole file.
    let waiting = prepare_time_stamp(&closed, "archive-1", "归档时间戳", 4096).unwrap();
    let gap = waiting.gap();
    let mut bytes = waiting.bytes().to_vec();
    let range_at = find(&bytes, "/ByteRange [", closed.len()) + 12;
    let range_end = find(&bytes, "]", range_at);
    for range in [
        format!("0 {} {} 0", PAPER.len(), gap.end),
        format!("0 {} {} {}", gap.start, gap.end, bytes.len() - gap.end - 9),
        format!("0 {} {} {}", gap.start - 40, gap.end, bytes.len() - gap.end),
    ] {
        let numbers: Vec<usize> = range.split(' ').map(|n| n.parse().unwrap()).collect();
        bytes[range_at..range_end]
            .copy_from_slice(format!("{range:<width$}", width = range_end - range_at).as_bytes());
        let covered = [&bytes[..numbers[1]], &bytes[numbers[2]..numbers[2] + numbers[3]]].concat();
        let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(covered).into();
        let hex: Vec<u8> =
            dated(NOW_MS + HOUR_MS, &digest).iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect();
        let mut forged = bytes.clone();
        forged[gap.start + 1..gap.start + 1 + hex.len()].copy_from_slice(&hex);
        let report = judged(&forged, NOW_MS + 2 * HOUR_MS);
        assert_eq!(report.fields[1].of(ClaimKind::Coverage), Some(Verdict::Contradicted), "{range}");
        assert_eq!(report.fields[0].proven_at_ms, None, "{range}: it proves no moment of the signature");
    }
}
