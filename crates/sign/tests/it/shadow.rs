//! Attacks on signed PDFs that leave every signed byte as it was: shadow content, overlaid annotations, replaced fonts, moved
//! tables, hidden revisions, tricks with the byte range. Published attacks (pdf-insecurity.org), each done to our own file.

use mingbai_sign::{ClaimKind, Report, Verdict, prepare, verify};

use crate::kit::*;

/// Root, pages, page and so on of [`small_paper`].
const CATALOG: u32 = 1;
const PAGE: u32 = 3;
const CONTENT: u32 = 4;

fn signed(house: &House) -> Vec<u8> {
    sign(house, prepare(&small_paper(), &field("borrower")).unwrap(), 3, 3)
}

pub fn find(bytes: &[u8], text: &str, from: usize) -> usize {
    from + bytes[from..].windows(text.len()).position(|w| w == text.as_bytes()).unwrap()
}

pub fn last(bytes: &[u8], text: &str) -> usize {
    bytes.windows(text.len()).rposition(|w| w == text.as_bytes()).unwrap()
}

fn number_after(bytes: &[u8], at: usize) -> usize {
    let text: String = bytes[at..]
        .iter()
        .skip_while(|b| !b.is_ascii_digit())
        .take_while(|b| b.is_ascii_digit())
        .map(|b| char::from(*b))
        .collect();
    text.parse().unwrap()
}

/// The newest text of an object.
pub fn object(bytes: &[u8], number: u32) -> String {
    let head = format!("\n{number} 0 obj\n");
    let at = last(bytes, &head) + head.len();
    String::from_utf8_lossy(&bytes[at..find(bytes, "\nendobj", at)]).into_owned()
}

/// An attacker's revision, correctly written, with the trailer of ours unless told otherwise.
pub fn append_with(pdf: &[u8], objects: &[(u32, String)], trailer: &dyn Fn(usize) -> String) -> Vec<u8> {
    let mut out = pdf.to_vec();
    let previous = number_after(pdf, last(pdf, "startxref"));
    let mut table = String::from("xref\n");
    for (number, text) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n\r\n", out.len()));
        out.extend(format!("{number} 0 obj\n{text}\nendobj\n").bytes());
    }
    let at = out.len();
    out.extend(table.bytes());
    out.extend(format!("trailer\n{}\nstartxref\n{at}\n%%EOF\n", trailer(previous)).bytes());
    out
}

pub fn append(pdf: &[u8], objects: &[(u32, String)]) -> Vec<u8> {
    let size = size(pdf, objects);
    append_with(pdf, objects, &|previous| {
        format!("<</Size {size}/Root 1 0 R/Info 5 0 R/ID[(a)(c)]/Prev {previous}>>")
    })
}

pub fn size(pdf: &[u8], objects: &[(u32, String)]) -> usize {
    let before = number_after(pdf, last(pdf, "/Size"));
    objects.iter().map(|(number, _)| *number as usize + 1).fold(before, usize::max)
}

fn judged(house: &House, pdf: &[u8]) -> Report {
    verify(pdf, std::slice::from_ref(&house.root), NOW_MS + HOUR_MS)
}

/// The signature itself must still be found good (it is), and the change must be named as the contradiction.
fn caught_as_a_change(house: &House, pdf: &[u8], what: &str) {
    let report = judged(house, pdf);
    assert_eq!(
        report.fields[0].of(ClaimKind::Digest),
        Some(Verdict::Holds),
        "{what}: the signed bytes are untouched"
    );
    assert_eq!(report.fields[0].of(ClaimKind::Changes), Some(Verdict::Contradicted), "{what}: {report:?}");
    assert_eq!(report.verdict(), Verdict::Contradicted);
}

#[test]
fn the_attackers_writer_is_good_enough_to_be_believed() {
    let house = House::new();
    let pdf = signed(&house);
    let same = append(&pdf, &[(CATALOG, object(&pdf, CATALOG))]);
    let report = judged(&house, &same);
    assert_eq!(report.fields[0].of(ClaimKind::Changes), Some(Verdict::Holds), "{report:?}");
}

#[test]
fn changed_pages_contents_catalogs_and_fonts_are_caught() {
    let house = House::new();
    let pdf = signed(&house);
    let page = object(&pdf, PAGE);
    let catalog = object(&pdf, CATALOG);
    let attacks: Vec<(&str, Vec<(u32, String)>)> = vec![
        ("content replaced", vec![(CONTENT, "<</Length 4>>\nstream\n0 g \nendstream".into())]),
        (
            "content exchanged",
            vec![(PAGE, page.replace("4 0 R", "50 0 R")), (50, "<</Length 1>>\nstream\n \nendstream".into())],
        ),
        (
            "font brought in",
            vec![
                (PAGE, page.replace("/Resources <<>>", "/Resources <</Font <</F 50 0 R>>>>")),
                (50, "<</Type/Font>>".into()),
            ],
        ),
        ("page turned", vec![(PAGE, page.replacen("<<", "<</Rotate 180", 1))]),
        ("page cut", vec![(PAGE, page.replace("[0 0 300 200]", "[0 0 300 100]"))]),
        ("page removed", vec![(2, "<</Type/Pages/Count 0/Kids[]>>".into())]),
        ("page added", vec![(2, "<</Type/Pages/Count 2/Kids[3 0 R 50 0 R]>>".into()), (50, page.clone())]),
        (
            "other pages",
            vec![
                (CATALOG, catalog.replace("2 0 R", "50 0 R")),
                (50, "<</Type/Pages/Count 1/Kids[3 0 R]>>".into()),
            ],
        ),
        ("script", vec![(CATALOG, catalog.replacen("<<", "<</OpenAction<</S/JavaScript/JS(x)>>", 1))]),
        ("information", vec![(5, "<</Keywords(sign-lender=1:0,0,30000,20000)>>".into())]),
        ("tags", vec![(7, "<</Type/StructElem/S/Document/P 6 0 R/K[0]/Pg 3 0 R/ActualText(other)>>".into())]),
        ("unused object", vec![(50, "<</Type/XObject>>".into())]),
        (
            "annotation",
            vec![
                (PAGE, page.replace("/Annots [", "/Annots [50 0 R ")),
                (50, "<</Type/Annot/Subtype/FreeText/Rect[0 0 300 200]/Contents(0.00)>>".into()),
            ],
        ),
        (
            "annotation behind",
            vec![
                (
                    PAGE,
                    page.replace("/Annots [", "/Annots [50 0 R ")
                        .replace("/Annots [50 0 R 9 0 R", "/Annots [9 0 R 50 0 R"),
                ),
                (50, "<</Type/Annot/Subtype/Square/Rect[0 0 300 200]>>".into()),
            ],
        ),
    ];
    for (what, objects) in attacks {
        for (number, text) in &objects {
            assert!(*number >= 50 || *text != object(&pdf, *number), "{what} changes nothing");
        }
        caught_as_a_change(&house, &append(&pdf, &objects), what);
    }
}

#[test]
fn trailers_that_point_elsewhere_are_caught() {
    let house = House::new();
    let pdf = signed(&house);
    let catalog = object(&pdf, CATALOG);
    let other = vec![(50, catalog)];
    let size = size(&pdf, &[]);
    let root =
        append_with(&pdf, &other, &|p| format!("<</Size 51/Root 50 0 R/Info 5 0 R/ID[(a)(c)]/Prev {p}>>"));
    caught_as_a_change(&house, &root, "another catalog");
    let info =
        append_with(&pdf, &[], &|p| format!("<</Size {size}/Root 1 0 R/Info 4 0 R/ID[(a)(c)]/Prev {p}>>"));
    caught_as_a_change(&house, &info, "other information");
    let small = append_with(&pdf, &[], &|p| format!("<</Size 5/Root 1 0 R/Info 5 0 R/ID[(a)(c)]/Prev {p}>>"));
    caught_as_a_change(&house, &small, "objects hidden by the size");
    let id =
        append_with(&pdf, &[], &|p| format!("<</Size {size}/Root 1 0 R/Info 5 0 R/ID[(z)(c)]/Prev {p}>>"));
    caught_as_a_change(&house, &id, "another document's name");
    for odd in ["/Encrypt 4 0 R", "/XRefStm 9", "/Root 1 0 R"] {
        let pdf = append_with(&pdf, &[], &|p| {
            format!("<</Size 60/Root 1 0 R/Info 5 0 R/ID[(a)(c)]/Prev {p}{odd}>>")
        });
        assert_ne!(judged(&house, &pdf).verdict(), Verdict::Holds, "{odd}");
    }
}

/// A second signature whose picture lies over the figures, or prints others, by somebody who may sign.
#[test]
fn a_second_signature_may_not_paint_over_the_text() {
    let house = House::new();
    let mut first = field("borrower");
    let boxes = mingbai_sign::boxes(&small_paper()).unwrap();
    first.at = Some(boxes[0].at);
    first.handwriting = Some(handwriting());
    let pdf = sign(&house, prepare(&small_paper(), &first).unwrap(), 3, 3);

    let mut second = field("lender");
    second.handwriting = Some(handwriting());
    second.at = Some(boxes[1].at);
    let fair = sign(&house, prepare(&pdf, &second).unwrap(), 4, 4);
    assert_eq!(judged(&house, &fair).fields[0].of(ClaimKind::Changes), Some(Verdict::Holds), "its own box");

    second.at = Some(boxes[0].at);
    caught_as_a_change(&house, &sign(&house, prepare(&pdf, &second).unwrap(), 4, 4), "the borrower's box");
    second.at = Some(mingbai_sign::BoxAt {
        left_cpt: 0,
        bottom_cpt: 0,
        width_cpt: 30_000,
        height_cpt: 20_000,
        page_index: 0,
    });
    caught_as_a_change(&house, &sign(&house, prepare(&pdf, &second).unwrap(), 4, 4), "the whole page");

    second.at = Some(boxes[1].at);
    for content in
        ["q 0 0 120 40 re f", "BT /F 9 Tf (0.00) Tj ET", "9 w 0 0 m 9 9 l S", "/X Do", "1 0 0 9 0 0 cm"]
    {
        let prepared = prepare(&pdf, &second).unwrap();
        let mut bytes = prepared.bytes().to_vec();
        let at = last(&bytes, "\nstream\n") + 8;
        bytes[at..at + content.len()].copy_from_slice(content.as_bytes());
        let end = find(&bytes, "\nendstream", at);
        bytes[at + content.len()..end].fill(b' ');
        // The attacker signs her own picture, so the signature itself is good.
        let signed = sign(&house, mingbai_sign::Prepared::open(bytes).unwrap(), 4, 4);
        let report = judged(&house, &signed);
        assert_eq!(report.fields[1].of(ClaimKind::Signature), Some(Verdict::Holds));
        caught_as_a_change(&house, &signed, content);
    }
}

#[test]
fn hidden_bytes_hidden_revisions_and_moved_tables_are_caught() {
    let house = House::new();
    let pdf = signed(&house);
    let revision = append(&pdf, &[(CATALOG, object(&pdf, CATALOG))]);
    let objects_at = pdf.len();
    let broken = |bytes: &[u8], what: &str| {
        let report = judged(&house, bytes);
        assert_eq!(report.verdict(), Verdict::Contradicted, "{what}");
        assert_eq!(report.document[0].kind, ClaimKind::Structure, "{what}");
    };
    // An object that no table names, between the revisions.
    let hidden = b"50 0 obj\n<</Hidden true>>\nendobj\n";
    let mut bytes = pdf.clone();
    bytes.extend(hidden);
    broken(&bytes, "bytes after the end");
    let rest = String::from_utf8_lossy(&revision[objects_at..]).into_owned();
    let moved = |text: &str, by: usize| -> String {
        // Move every offset of the attacker's revision.
        let at = text.rfind("xref\n1 1\n").unwrap() + 9;
        let old: usize = text[at..at + 10].parse().unwrap();
        let table = number_after(text.as_bytes(), text.rfind("startxref").unwrap());
        text.replace(&format!("{old:010}"), &format!("{:010}", old + by))
            .replace(&format!("startxref\n{table}"), &format!("startxref\n{}", table + by))
    };
    let mut bytes = pdf.clone();
    bytes.extend(hidden);
    bytes.extend(moved(&rest, hidden.len()).bytes());
    broken(&bytes, "an object that no table names");
    let comment = b"%hidden comment\n";
    let mut bytes = pdf.clone();
    bytes.extend(comment);
    bytes.extend(moved(&rest, comment.len()).bytes());
    broken(&bytes, "a comment between revisions");
    // The last revision names the first as the one before it: the borrower's signature would disappear.
    let first_table = number_after(&small_paper(), last(&small_paper(), "startxref"));
    let skipping = append_with(&pdf, &[], &|_| {
        format!("<</Size 60/Root 1 0 R/Info 5 0 R/ID[(a)(c)]/Prev {first_table}>>")
    });
    broken(&skipping, "a revision is skipped");
    let looping = append_with(&pdf, &[], &|p| {
        format!("<</Size 60/Root 1 0 R/Info 5 0 R/ID[(a)(c)]/Prev {}>>", p * 100)
    });
    broken(&looping, "the table before lies behind");
    let gone = append_with(&pdf, &[], &|_| "<</Size 60/Root 1 0 R/Info 5 0 R/ID[(a)(c)]>>".to_owned());
    broken(&gone, "no table before");
    // A table that moves an object to a copy elsewhere, or deletes it.
    let text = |line: &str| {
        let at = revision.len();
        let mut bytes = revision.clone();
        let previous = number_after(&revision, last(&revision, "startxref"));
        bytes.extend(format!("xref\n{line}trailer\n<</Size 60/Root 1 0 R/Info 5 0 R/ID[(a)(c)]/Prev {previous}>>\nstartxref\n{at}\n%%EOF\n").bytes());
        bytes
    };
    broken(&text(&format!("4 1\n{:010} 00000 n\r\n", objects_at)), "an object is moved");
    broken(&text("4 1\n0000000000 00001 f\r\n"), "an object is deleted");
    broken(&text("4 1\n0000000000 65535 f\r\n"), "an object is deleted for good");
}

#[test]
fn tricks_with_the_byte_range_are_caught() {
    let house = House::new();
    let pdf = signed(&house);
    let at = last(&pdf, "/ByteRange [") + 12;
    let end = find(&pdf, "]", at);
    let numbers: Vec<usize> =
        String::from_utf8_lossy(&pdf[at..end]).split_whitespace().map(|n| n.parse().unwrap()).collect();
    let [_, first, second, length] = numbers[..] else { panic!("{numbers:?}") };
    let tricks = [
        format!("1 {first} {second} {length}"),
        format!("0 {} {second} {length}", first - 1),
        format!("0 {} {second} {length}", first + 1),
        format!("0 {first} {} {}", second + 1, length - 1),
        format!("0 {first} {second} {}", length - 2),
        format!("0 {first} {second} {}", length + 1),
        format!("0 {first} {second} {length} 0 1"),
        format!("0 {first} 0 {length}"),
        format!("0 {first} -1 {length}"),
        format!("0 {first} {second}"),
        format!("0 0 {second} {length}"),
        format!("{second} {length} 0 {first}"),
        "null".to_owned(),
    ];
    for trick in tricks {
        let mut bytes = pdf.clone();
        bytes[at..end].copy_from_slice(format!("{trick:<width$}", width = end - at).as_bytes());
        let report = judged(&house, &bytes);
        assert_eq!(report.fields[0].of(ClaimKind::Coverage), Some(Verdict::Contradicted), "{trick}");
    }
    // Something behind the signature inside its own gap.
    let contents = find(&pdf, "/Contents <", at);
    let gap_end = find(&pdf, ">", contents) - 2;
    let mut bytes = pdf.clone();
    bytes[gap_end..gap_end + 2].copy_from_slice(b"41");
    let report = judged(&house, &bytes);
    assert_eq!(report.fields[0].of(ClaimKind::Coverage), Some(Verdict::Contradicted));
    // The signature of another file with the same signer.
    let other = sign(
        &house,
        prepare(&small_paper(), &{
            let mut f = field("borrower");
            f.reason = "其他".into();
            f
        })
        .unwrap(),
        3,
        3,
    );
    let there = find(&other, "/Contents <", last(&other, "/ByteRange ["));
    let mut bytes = pdf.clone();
    let size = gap_end - contents;
    bytes[contents..contents + size].copy_from_slice(&other[there..there + size]);
    let report = judged(&house, &bytes);
    assert_eq!(report.fields[0].of(ClaimKind::Digest), Some(Verdict::Contradicted));
}

#[test]
fn a_paper_with_a_hole_or_a_script_is_not_vouched_for() {
    let house = House::new();
    for (from, to) in [
        ("/Resources<<>>", "/Resources<</XObject<</X 99 0 R>>>>"),
        ("/Lang(zh-CN)", "/OpenAction<</S/JavaScript/JS(x)>>"),
    ] {
        let text = String::from_utf8_lossy(&small_paper()).into_owned();
        let objects: Vec<String> = (1..=7)
            .map(|n| {
                let head = format!("{n} 0 obj\n");
                let at = text.find(&head).unwrap() + head.len();
                text[at..at + text[at..].find("\nendobj").unwrap()].replace(from, to)
            })
            .collect();
        let paper = write_pdf(&objects.iter().map(String::as_str).collect::<Vec<_>>());
        let signed = sign(&house, prepare(&paper, &field("borrower")).unwrap(), 3, 3);
        let report = judged(&house, &signed);
        assert!(
            report.document.iter().any(|c| c.kind == ClaimKind::Structure && c.verdict == Verdict::NotKnown),
            "{to}"
        );
    }
}
