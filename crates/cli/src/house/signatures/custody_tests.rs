//! The authority with its keys elsewhere: in the environment, and in a security module (Debian's SoftHSM through PKCS#11), whose keys
//! sign certificates, lists and seals that hold, and which is refused plainly when something about it is wrong. And the database that
//! knows its authority.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::Command;

use mingbai_desk::ports::Signatures as _;
use mingbai_evidence::Digest;
use zeroize::Zeroizing;

use super::custody::{Custodians, KeyFrom};
use super::folder::{ISSUING_KEY, SEAL_KEY};
use super::tests::kit::{HOUR_MS, NOW_MS};
use super::tests::{Place, browser, doubts, seal, wish};
use super::token::{Missing, TokenKey, TokenPlace};
use super::{BuiltIn, CaPlan, Pen};

/// Where Debian puts the library.
const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
const PIN: &str = "73204918";

/// A run of this very test in a process of its own: SoftHSM reads where its tokens lie from the environment, once.
const INSIDE: &str = "MINGBAI_TEST_SOFTHSM_FOLDER";

fn module() -> Option<PathBuf> {
    MODULES.iter().map(PathBuf::from).find(|path| path.exists())
}

fn softhsm(folder: &Path, arguments: &[&str]) {
    let out = Command::new("softhsm2-util")
        .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn keys_in_a_security_module_sign_and_wrong_tokens_pins_and_labels_are_refused() {
    const TEST: &str = "house::signatures::custody_tests::keys_in_a_security_module_sign_and_wrong_tokens_pins_and_labels_are_refused";
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        return runtime.block_on(inside());
    }
    if module().is_none() {
        assert!(std::env::var_os("MINGBAI_REQUIRE_SOFTHSM").is_none(), "softhsm2 is missing");
        eprintln!("SKIPPED keys in a security module: softhsm2 is not installed");
        return;
    }
    let place = Place::new("softhsm");
    let tokens = place.0.join("tokens");
    std::fs::create_dir_all(&tokens).unwrap();
    let conf = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        tokens.display()
    );
    std::fs::write(place.0.join("softhsm2.conf"), conf).unwrap();
    softhsm(
        &place.0,
        &["--init-token", "--free", "--label", "signing", "--pin", PIN, "--so-pin", "12345678"],
    );
    let out = Command::new(std::env::current_exe().unwrap())
        .env("SOFTHSM2_CONF", place.0.join("softhsm2.conf"))
        .env(INSIDE, &place.0)
        .args(["--exact", TEST, "--nocapture"])
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success() && said.contains("1 passed"), "{said}");
    assert!(!said.contains(PIN), "the PIN is told to nobody");
}

fn token(label: &str) -> TokenPlace {
    TokenPlace {
        module: module().unwrap(),
        token: "signing".to_owned(),
        label: label.to_owned(),
        pin: Zeroizing::new(PIN.to_owned()),
    }
}

async fn inside() {
    let place = Place::new("softhsm-house");
    let held = Custodians {
        issuing: KeyFrom::Token(token("ca-issuing")),
        seal: KeyFrom::Token(token("ca-seal")),
        ..Custodians::default()
    };
    let plan = || CaPlan { custodians: held.clone(), ..place.plan() };
    signed_and_sealed(&Pen::new(BuiltIn::open(plan(), NOW_MS).unwrap())).await;
    assert!(
        !place.0.join("keys").join(ISSUING_KEY).exists() && !place.0.join("keys").join(SEAL_KEY).exists()
    );
    // The second start finds the same keys.
    signed_and_sealed(&Pen::new(BuiltIn::open(plan(), NOW_MS).unwrap())).await;

    // Every way to be wrong is an answer, names the key, and never the PIN.
    let wrong = [
        TokenPlace { token: "another".to_owned(), ..token("ca-issuing") },
        TokenPlace { pin: Zeroizing::new("00000000".to_owned()), ..token("ca-issuing") },
        TokenPlace { module: PathBuf::from("/nowhere/module.so"), ..token("ca-issuing") },
        token("not-there"),
    ];
    for place in wrong {
        let shown = format!("{place:?}");
        let label = place.label.clone();
        let fail = TokenKey::open(place, Missing::Refuse).map(|_| ()).unwrap_err();
        let words = fail.in_short();
        assert!(words.en.contains(&format!("pkcs11:{label}")), "{}", words.en);
        assert!(!words.en.contains(PIN) && !words.zh.contains(PIN) && !shown.contains(PIN));
        assert_eq!(fail.code(), 3);
    }
    // A key of the token that is not the certificate's is not taken for it.
    let swapped = Custodians { issuing: held.seal.clone(), seal: held.issuing.clone(), ..held.clone() };
    let plan = CaPlan { custodians: swapped, ..place.plan() };
    assert_eq!(BuiltIn::open(plan, NOW_MS).map(|_| ()).map_err(|f| f.code()), Err(3));
}

async fn signed_and_sealed(pen: &Pen) {
    let waiting = pen.prepare(wish(3)).await.unwrap();
    let signature = browser(3, &waiting);
    let signed = pen.finish(waiting, signature, None).await.unwrap();
    let sealed = pen.seal(seal(signed)).await.unwrap();
    let closed = pen.close(sealed, NOW_MS + 2 * HOUR_MS).await.unwrap();
    assert_eq!(doubts(&pen.inspect(closed, NOW_MS + 3 * HOUR_MS).await), Vec::<String>::new());
}

#[tokio::test]
async fn keys_in_the_environment_sign_and_another_one_is_refused() {
    let place = Place::new("environment");
    let held = |byte| Custodians {
        issuing: KeyFrom::Environment("MINGBAI_CA_ISSUING_KEY", Zeroizing::new([byte; 32])),
        seal: KeyFrom::Environment("MINGBAI_CA_SEAL_KEY", Zeroizing::new([9; 32])),
        ..Custodians::default()
    };
    let open = |byte| BuiltIn::open(CaPlan { custodians: held(byte), ..place.plan() }, NOW_MS);
    signed_and_sealed(&Pen::new(open(5).unwrap())).await;
    assert!(!place.0.join("keys").join(ISSUING_KEY).exists());
    assert_eq!(open(6).map(|_| ()).map_err(|f| f.code()), Err(3), "another key");
    assert_eq!(open(0).map(|_| ()).map_err(|f| f.code()), Err(2), "zero is no key");
    assert!(!format!("{:?}", held(5)).contains("05"), "a secret is not printed");
}

#[test]
fn a_node_without_the_databases_authority_or_with_another_does_not_start() {
    let (first, second) = (Place::new("node-1"), Place::new("node-2"));
    let root = first.open(NOW_MS).root_digest();
    let named = |place: &Place, root| CaPlan { named_root: Some(root), ..place.plan() };
    assert!(BuiltIn::open(named(&first, root), NOW_MS).is_ok());
    let told = |plan| BuiltIn::open(plan, NOW_MS).map(|_| ()).map_err(|f| f.in_short().en);
    assert!(told(named(&second, root)).unwrap_err().contains("has not its folder"));
    assert!(!second.0.join("ca").exists(), "nothing was made");
    second.open(NOW_MS);
    assert!(told(named(&second, root)).unwrap_err().contains("not the one that the database knows"));
    assert!(told(named(&first, Digest::of(b"another"))).is_err());
}
