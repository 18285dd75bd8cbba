//! Keys and answers of three kinds, and everything that must not pass. The RSA answer was made by another program (Python's
//! `cryptography`), because nothing here can make one.

use ed25519_dalek::Signer as _;
use proptest::prelude::*;

use super::*;

const CHALLENGE: [u8; 32] = [7; 32];
const RSA_N: &str = "ad7aab2d857f3717b7a3d35fc701fd953895a40784752b0ff4ef8daf09653a2fccefc76f0ac3f2b4aeb0dac1d76d823faaf97b53c5affd78782d4125e5817d3a0b555bca74ea8d2fbad5466aafe4807818f0f0bffebf45246249dbb618ad49297471f0dfb568a246ad98d2c5f1ed6d0028353f03c063b2113f4d83e7b307b6ef668df07ede08d7af75b136a71fa3b1a635e2392fc97889ccc9a8d91dbb3694149a0615b9720a232ed5b7d7c0370e109ddfbe42aaec9035fc50b297e16a9885d4a44973c562d1f2574edca38c7570386f0190fa407d98be9000b97c3aeb20a9f79028626e127090878cc25476a9d682ff9b97390a873456735530748664c1e067";
const RSA_SIGNATURE: &str = "6b4362855a348dd20f9eeefe6a840d3089e8fd8edc3390492ec8072959b09d5cb06ee132c5bbd70dcb55dad6044373aab3908d2d21f75a73c2e7a555bf0d169a175339e0ef49e83d55efce8b2f21fba9a6bc4974bab3bed541338949ea31a8e9805105eb1dd09eb32a651c9219332842ee990bca936ca875466ece0376902f5be59eceaaaa01fd07e1d42362868198325bc191b0552744f5db93022026d2095b2b0b2a0551e5c402b5a7d31aed42cc5aec67bb0582a4492d067a0dbc00c46367330c9ac13c2386e97aeb34e2c040bd7e950154d2a2c46aa1d5c98af2e2d934c740ab7ebd0745d841d22ef5fc4c530d0a64989c58abefad94df7b89530bb49036";

fn house() -> Relying {
    Relying { id: "loan.example".to_owned(), origin: "https://loan.example".to_owned() }
}

fn client(kind: &str, challenge: &[u8], origin: &str) -> Vec<u8> {
    let challenge = URL_SAFE_NO_PAD.encode(challenge);
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
        .into_bytes()
}

fn data(id: &str, flags: u8, count: u32) -> Vec<u8> {
    [Sha256::digest(id.as_bytes()).as_slice(), &[flags], &count.to_be_bytes()].concat()
}

fn pair() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[3; 32]).unwrap_or_else(|_| unreachable!())
}

fn cose(pair: &p256::ecdsa::SigningKey) -> Vec<u8> {
    let point = pair.verifying_key().to_sec1_point(false);
    let bytes = point.as_bytes();
    let hex = "a5010203262001215820".to_owned()
        + &hex::encode(&bytes[1..33])
        + "225820"
        + &hex::encode(&bytes[33..]);
    hex::decode(hex).unwrap_or_default()
}

fn new_key(flags: u8, cose: &[u8]) -> Vec<u8> {
    [data("loan.example", flags, 0).as_slice(), &[0; 16], &[0, 4], b"key1", cose].concat()
}

fn answer(client: Vec<u8>, data: Vec<u8>) -> Assertion {
    let message = [data.as_slice(), Sha256::digest(&client).as_slice()].concat();
    let signature: p256::ecdsa::Signature = pair().sign(&message);
    Assertion {
        authenticator_data: data,
        client_data: client,
        signature: signature.to_der().as_bytes().to_vec(),
    }
}

fn good() -> Assertion {
    answer(client("webauthn.get", &CHALLENGE, "https://loan.example"), data("loan.example", 0x05, 9))
}

fn key() -> PasskeyKey {
    PasskeyKey::from_cose(&cose(&pair())).unwrap_or_else(|| unreachable!())
}

#[test]
fn a_new_key_is_read_and_answers() {
    let client = client("webauthn.create", &CHALLENGE, "https://loan.example");
    let new = made(&new_key(0x5d, &cose(&pair())), &client, &CHALLENGE, &house());
    let new = new.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((new.id.as_slice(), new.copies, new.count), (b"key1".as_slice(), Copies::Kept, 0));
    assert_eq!(answered(&good(), &new.key, &CHALLENGE, &house()), Ok(9));
    assert_eq!(PasskeyKey::from_spki(&new.key.spki()), Some(new.key));
}

#[test]
fn what_was_not_asked_for_does_not_pass() {
    let at = "https://loan.example";
    let checked = |answer: &Assertion| answered(answer, &key(), &CHALLENGE, &house());
    let ours = || data("loan.example", 0x05, 9);
    let says = |client| checked(&answer(client, ours()));
    assert_eq!(says(client("webauthn.get", &[8; 32], at)), Err(PasskeyError::Challenge));
    assert_eq!(says(client("webauthn.create", &CHALLENGE, at)), Err(PasskeyError::Form("type")));
    assert_eq!(says(client("webauthn.get", &CHALLENGE, "https://1oan.example")), Err(PasskeyError::Origin));
    let framed = String::from_utf8(client("webauthn.get", &CHALLENGE, at)).unwrap_or_default();
    let framed = framed.replace("false", "true").into_bytes();
    assert_eq!(says(framed), Err(PasskeyError::Origin));
    let with = |data| checked(&answer(client("webauthn.get", &CHALLENGE, at), data));
    assert_eq!(with(data("evil.example", 0x05, 9)), Err(PasskeyError::Origin));
    assert_eq!(with(data("loan.example", 0x01, 9)), Err(PasskeyError::NotVerified));
    assert_eq!(with(data("loan.example", 0x04, 9)), Err(PasskeyError::NotVerified));
    assert_eq!(with(ours()[..36].to_vec()), Err(PasskeyError::Form("too short")));
    let mut other = good();
    other.authenticator_data[36] ^= 1;
    assert_eq!(checked(&other), Err(PasskeyError::Signature));
    let foreign = PasskeyKey::from_cose(&cose(
        &p256::ecdsa::SigningKey::from_slice(&[4; 32]).unwrap_or_else(|_| unreachable!()),
    ));
    assert_eq!(
        foreign.map(|key| answered(&good(), &key, &CHALLENGE, &house())),
        Some(Err(PasskeyError::Signature))
    );
}

#[test]
fn a_key_without_a_verified_user_or_of_another_kind_is_not_taken() {
    let said = client("webauthn.create", &CHALLENGE, "https://loan.example");
    let taken = |data: &[u8]| made(data, &said, &CHALLENGE, &house()).map(|_| ());
    assert_eq!(taken(&new_key(0x41, &cose(&pair()))), Err(PasskeyError::NotVerified));
    assert_eq!(taken(&new_key(0x05, &cose(&pair()))), Err(PasskeyError::Form("no key")));
    let mut twisted = cose(&pair());
    twisted[20] ^= 1;
    assert_eq!(taken(&new_key(0x45, &twisted)), Err(PasskeyError::Algorithm), "not a point of the curve");
    assert_eq!(taken(&new_key(0x45, b"\xa0")), Err(PasskeyError::Algorithm));
}

#[test]
fn ed25519_and_rsa_answer_too() {
    let pair = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    let cose =
        [hex::decode("a4010103272006215820").unwrap_or_default(), pair.verifying_key().as_bytes().to_vec()]
            .concat();
    let key = PasskeyKey::from_cose(&cose).unwrap_or_else(|| unreachable!());
    let mut answer = good();
    let message =
        [answer.authenticator_data.as_slice(), Sha256::digest(&answer.client_data).as_slice()].concat();
    answer.signature = pair.sign(&message).to_bytes().to_vec();
    assert_eq!(answered(&answer, &key, &CHALLENGE, &house()), Ok(9));
    assert_eq!(PasskeyKey::from_spki(&key.spki()), Some(key));

    let cose = hex::decode(format!("a401030339010020590100{RSA_N}2143010001")).unwrap_or_default();
    let key = PasskeyKey::from_cose(&cose).unwrap_or_else(|| unreachable!());
    let mut answer = Assertion {
        authenticator_data: data("loan.example", 0x05, 0),
        client_data: client("webauthn.get", &CHALLENGE, "https://loan.example"),
        signature: hex::decode(RSA_SIGNATURE).unwrap_or_default(),
    };
    assert_eq!(answered(&answer, &key, &CHALLENGE, &house()), Ok(0));
    assert_eq!(PasskeyKey::from_spki(&key.spki()), Some(key.clone()));
    answer.signature[9] ^= 1;
    assert_eq!(answered(&answer, &key, &CHALLENGE, &house()), Err(PasskeyError::Signature));
}

proptest! {
    #[test]
    fn nothing_that_is_sent_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0_usize..400) {
        let said = client("webauthn.create", &CHALLENGE, "https://loan.example");
        let mut real = new_key(0x45, &cose(&pair()));
        real.truncate(at);
        real.extend_from_slice(&bytes);
        let _ = made(&real, &said, &CHALLENGE, &house());
        let _ = PasskeyKey::from_spki(&bytes);
        let answer = Assertion { authenticator_data: bytes.clone(), client_data: bytes.clone(), signature: bytes };
        prop_assert!(answered(&answer, &key(), &CHALLENGE, &house()).is_err());
    }
}
