//! Writing and reading packages.

use mingbai_evidence::Digest;
use mingbai_evidence::package::{self, Disclosure, Limits, PackageError};
use mingbai_evidence::seal::commit;

use crate::sample::{Zipping, rezip, salt, sample, sample_bytes, unzip};

#[test]
fn the_same_content_gives_the_same_bytes_whatever_its_order() {
    let mut shuffled = sample();
    shuffled.records.reverse();
    shuffled.proofs.reverse();
    shuffled.attachments.push(shuffled.attachments[0].clone());
    shuffled.disclosures.push(shuffled.disclosures[0].clone());
    assert_eq!(package::write(&shuffled).unwrap(), sample_bytes());
}

#[test]
fn the_bytes_of_a_package_are_pinned() {
    // A change here means that packages written before are no longer byte for byte what this version writes: the
    // verifier would call their packaging changed. Keep the old form readable before accepting it.
    insta::assert_snapshot!(Digest::of(&sample_bytes()), @"df9d0a63b64b86a06e8810f533732c312fd04e7848c3e811401e5a22efd77155");
}

#[test]
fn reads_back_what_was_written() {
    assert_eq!(package::read(&sample_bytes(), &Limits::default()).unwrap(), sample());
}

#[test]
fn values_that_are_not_text_come_back() {
    let value = vec![0xff, 0, 0xfe];
    let mut package = sample();
    let commitment = commit("template", &value, &salt(9));
    package.disclosures = vec![Disclosure { commitment, label: "template".into(), value, salt: salt(9) }];
    let bytes = package::write(&package).unwrap();
    assert_eq!(package::read(&bytes, &Limits::default()).unwrap(), package);
}

#[test]
fn the_layout_is_the_stated_one() {
    let names: Vec<String> = unzip(&sample_bytes()).into_keys().collect();
    let pdf = format!("attachments/{}.pdf", Digest::of(crate::sample::PDF));
    let expected = [
        "README.txt",
        &pdf,
        "checkpoint",
        "disclosures/000000.json",
        "key.txt",
        "proofs/000000.json",
        "proofs/000001.json",
        "proofs/000002.json",
        "records/000000.json",
        "records/000001.json",
        "records/000002.json",
        "verify.html",
    ];
    assert_eq!(names, expected);
}

#[test]
fn refuses_what_does_not_pair_up_or_is_incomplete() {
    let mut unpaired = sample();
    unpaired.proofs.pop();
    assert_eq!(package::write(&unpaired), Err(PackageError::Unpaired { records: 3, proofs: 2 }));
    for name in ["README.txt", "checkpoint", "key.txt", "proofs/000001.json"] {
        let mut files = unzip(&sample_bytes());
        files.remove(name).unwrap();
        let read = package::read(&rezip(&files, Zipping::AsWritten), &Limits::default());
        assert_eq!(read, Err(PackageError::Missing { name: name.to_owned() }));
    }
    for name in ["extra.txt", "records/1.json", "attachments/x.pdf", "proofs/000009.json"] {
        let mut files = unzip(&sample_bytes());
        files.insert(name.to_owned(), Vec::new());
        let read = package::read(&rezip(&files, Zipping::AsWritten), &Limits::default());
        assert_eq!(read, Err(PackageError::Unknown { name: name.to_owned() }));
    }
}

#[test]
fn the_recipe_in_the_readme_works() {
    let shell = |folder: &std::path::Path, script: &str| {
        let out =
            std::process::Command::new("sh").arg("-c").arg(script).current_dir(folder).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("recipe");
    if !shell(&std::env::temp_dir(), "command -v sha256sum").contains("sha256sum") {
        println!("not run: this machine has no sha256sum");
        return;
    }
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let files = unzip(&sample_bytes());
    files.iter().for_each(|(name, bytes)| write(name, bytes));
    let recipe: Vec<&str> =
        package::README.lines().filter(|l| l.starts_with("     ")).map(str::trim).collect();
    assert_eq!(recipe[..7], recipe[7..], "the same recipe in both languages");
    let attachments = recipe[..2].join("\n");
    assert!(shell(&folder, &attachments).starts_with("OK "));
    let leaf = shell(&folder, recipe[2]);
    assert!(leaf.starts_with(&sample().records[0].leaf().to_string()), "{leaf}");
    // `xxd` and OpenSSL 3 are not everywhere; where they are, the signature must hold, and must fail for another text.
    if shell(&folder, "command -v xxd && openssl version | grep 'OpenSSL 3'").contains("OpenSSL 3") {
        let signature = recipe[3..6].join("\n");
        assert!(shell(&folder, &signature).contains("Verified Successfully"));
        write(
            "checkpoint",
            &String::from_utf8(files["checkpoint"].clone())
                .unwrap()
                .replacen("\n7\n", "\n8\n", 1)
                .into_bytes(),
        );
        assert!(!shell(&folder, &signature).contains("Verified Successfully"));
    }

    let pdf = files.keys().find(|name| name.starts_with("attachments/")).unwrap();
    write(pdf, b"%PDF-1.7 another table");
    assert!(shell(&folder, &attachments).starts_with("CHANGED "));
    std::fs::remove_dir_all(&folder).unwrap();
}
