//! Files that nobody would record: clear answers, no panic, nothing left behind.

use std::time::Duration;

use mingbai_media::{Check, Container, Ending, Limits, Span, look};

use crate::bench::{CODED, film, judged, look_at, parts, tool, unknown, wrong};

/// Numbers that look like chance and are the same every time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(next).collect()
}

#[test]
fn rubbish_has_neither_picture_nor_sound() {
    let Some(tool) = tool("rubbish_has_neither_picture_nor_sound") else { return };
    let mut like_webm = vec![0x1a, 0x45, 0xdf, 0xa3];
    like_webm.extend(noise(60_000));
    let mut like_mp4 = b"\0\0\0\x18ftypisom".to_vec();
    like_mp4.extend(noise(60_000));
    let playlist = b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n".to_vec();
    let list = b"ffconcat version 1.0\nfile /etc/passwd\n".to_vec();
    for bytes in [vec![], vec![0x1a], noise(10_000), like_webm, like_mp4, playlist, list] {
        let looked = look_at(&tool, &Limits::default(), &[Span { start_ms: 0, end_ms: 9 }], &bytes);
        assert_eq!((looked.measured.frames_ms.len(), looked.measured.windows.len()), (0, 0));
        let found = judged(&looked, &parts(&[(0, 5)], 10));
        assert_eq!(wrong(&found[0]), [(Check::Decodes, 0)]);
        assert!(!looked.measured.troubles.is_empty(), "it says why");
    }
}

#[test]
fn damage_in_the_middle_is_never_fine_unseen() {
    let Some(tool) = tool("damage_in_the_middle_is_never_fine_unseen") else { return };
    let inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=15:d=9", "-f", "lavfi", "-i", "sine=440:d=9"];
    let mut bytes = film(&tool, &[&inputs[..], &CODED, &["-cluster_time_limit", "1000"]].concat());
    let (from, to) = (bytes.len() * 4 / 10, bytes.len() * 6 / 10);
    bytes[from..to].copy_from_slice(&noise(to - from));
    let looked = look_at(&tool, &Limits::default(), &[], &bytes);
    let found = judged(&looked, &parts(&[(0, 9)], 10));
    let seen = wrong(&found[0]).iter().any(|one| one.0 == Check::Decodes)
        || unknown(&found[0]).contains(&Check::Decodes);
    assert!(seen, "{:?}", found[0].checks);
}

#[test]
fn a_huge_picture_is_not_decoded() {
    let Some(tool) = tool("a_huge_picture_is_not_decoded") else { return };
    let inputs = ["-f", "lavfi", "-i", "color=s=320x240:r=15:d=1", "-f", "lavfi", "-i", "sine=440:d=1"];
    let mut bytes = film(&tool, &[&inputs[..], &CODED].concat());
    // A VP8 key frame begins with 9d 01 2a and two sizes of 14 bits; the container's own sizes say nothing to the decoder.
    let at = bytes.windows(3).position(|part| part == [0x9d, 0x01, 0x2a]).unwrap();
    bytes[at + 3..at + 7].copy_from_slice(&[0xff, 0x3f, 0xff, 0x3f]);
    let looked = look_at(&tool, &Limits::default(), &[], &bytes);
    assert_eq!(looked.measured.frames_ms.len(), 0, "16 383 × 16 383 is more than is decoded");
    let found = judged(&looked, &parts(&[(0, 1)], 1));
    assert!(wrong(&found[0]).iter().any(|one| one.0 == Check::Decodes));
}

#[test]
fn what_takes_too_long_is_ended_and_a_person_looks() {
    let Some(tool) = tool("what_takes_too_long_is_ended_and_a_person_looks") else { return };
    let inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=15:d=3", "-f", "lavfi", "-i", "sine=440:d=3"];
    let bytes = film(&tool, &[&inputs[..], &CODED].concat());
    let limits = Limits { wall: Duration::from_millis(300), ..Limits::default() };
    // The source stalls for longer than that; the children are killed while they wait, and the file is read to its end all the same.
    let mut left: Vec<Vec<u8>> = bytes.chunks(bytes.len() / 3 + 1).map(<[u8]>::to_vec).rev().collect();
    let mut read = 0;
    let looked = look::<std::convert::Infallible>(&tool, &limits, &[], &mut || {
        std::thread::sleep(Duration::from_millis(200));
        read += 1;
        Ok(left.pop())
    })
    .unwrap();
    assert_eq!(read, 4);
    assert_eq!(looked.measured.picture_ending, Ending::TooLong);
    let found = judged(&looked, &parts(&[(0, 3)], 1));
    assert_eq!(wrong(&found[0]), []);
    let all: Vec<Check> = Check::ALL.into_iter().filter(|check| *check != Check::Length).collect();
    assert_eq!(unknown(&found[0]), all);
}

#[test]
fn who_talks_too_much_is_ended() {
    let Some(tool) = tool("who_talks_too_much_is_ended") else { return };
    let inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=15:d=4", "-f", "lavfi", "-i", "sine=440:d=4"];
    let bytes = film(&tool, &[&inputs[..], &CODED].concat());
    let limits = Limits { said_bytes: 500, ..Limits::default() };
    let looked = look_at(&tool, &limits, &[], &bytes);
    assert_eq!(looked.measured.picture_ending, Ending::TooMuch);
    assert!(unknown(&judged(&looked, &parts(&[(0, 4)], 1))[0]).contains(&Check::Decodes));
}

#[test]
fn a_source_that_fails_ends_the_look() {
    let Some(tool) = tool("a_source_that_fails_ends_the_look") else { return };
    let mut pieces =
        vec![Err("the store is down"), Ok(Some(vec![0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0, 0, 0, 0, 0]))];
    let looked = look(&tool, &Limits::default(), &[], &mut || pieces.pop().unwrap_or(Ok(None)));
    assert_eq!(looked, Err(mingbai_media::LookError::Source("the store is down")));
}

#[test]
fn only_what_browsers_record_is_opened() {
    assert_eq!(Container::of(&[0x1a, 0x45, 0xdf, 0xa3]), Some(Container::WebM));
    assert_eq!(Container::of(b"\0\0\0\x18ftypisom"), Some(Container::Mp4));
    for other in [&b""[..], b"RIFF....WAVE", b"#EXTM3U", b"OggS", b"\0\0\0\x18fty"] {
        assert_eq!(Container::of(other), None);
    }
}
