//! One recording with everything that goes wrong, part by part, and a few that are whole.

use mingbai_media::{Check, Ending, Limits, Span};

use crate::bench::{CODED, film, judged, look_at, look_in, parts, tool, unknown, wrong};

/// 0–6 fine, 6–12 black, 12–19 frozen, 19–25 silent, 25–31 cut off at the peaks, 31–37 blurred, 37–43 far too soft.
fn everything(tool: &mingbai_media::Tool) -> Vec<u8> {
    let graph = "[0:v]split=4[a][b][c][d];\
         [a]trim=0:6,setpts=PTS-STARTPTS[v0];[1:v]trim=0:6,setpts=PTS-STARTPTS[v1];\
         [b]trim=0:0.1,loop=loop=-1:size=1,trim=0:7,setpts=N/10/TB[v2];\
         [c]trim=0:12,setpts=PTS-STARTPTS,split=2[v3][c2];[c2]trim=0:6,setpts=PTS-STARTPTS,gblur=sigma=12[v4];\
         [d]trim=0:6,setpts=PTS-STARTPTS[v5];\
         [v0][v1][v2][v3][v4][v5]concat=n=6:v=1[v];\
         [2:a]volume='if(lt(t,19),1,if(lt(t,25),0,if(lt(t,31),60,if(lt(t,37),1,0.002))))':eval=frame,\
         aformat=sample_fmts=s16[s]";
    let inputs = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=320x240:r=10:d=43",
        "-f",
        "lavfi",
        "-i",
        "color=c=black:s=320x240:r=10:d=10",
        "-f",
        "lavfi",
        "-i",
        "sine=440:d=43",
        "-filter_complex",
        graph,
        "-map",
        "[v]",
        "-map",
        "[s]",
    ];
    film(tool, &[&inputs[..], &CODED].concat())
}

#[test]
fn what_goes_wrong_is_found_where_it_is() {
    let Some(tool) = tool("what_goes_wrong_is_found_where_it_is") else { return };
    let looked = look_at(&tool, &Limits::default(), &[], &everything(&tool));
    let measured = &looked.measured;
    assert_eq!((measured.picture_ending, measured.sound_ending), (Ending::Whole, Ending::Whole));
    assert_eq!(measured.troubles, [], "nothing to complain about");
    assert!((42_500..43_500).contains(&measured.duration_ms().unwrap()), "{:?}", measured.duration_ms());
    let all = parts(&[(0, 6), (6, 12), (12, 19), (19, 25), (25, 31), (31, 37), (37, 43)], 40);
    let found = judged(&looked, &all);
    let near = |at: usize, check: Check, seconds: i64| {
        let wrong = wrong(&found[at]);
        assert_eq!(wrong.len(), 1, "{at}: {:?}", found[at].checks);
        assert_eq!(wrong[0].0, check, "{:?}", found[at].checks);
        assert!((wrong[0].1 - seconds * 1_000).abs() <= 1_100, "{check:?} at {}", wrong[0].1);
    };
    assert_eq!(wrong(&found[0]), []);
    assert_eq!(unknown(&found[0]), []);
    // A black picture does not move either, and has no edges.
    assert_eq!(wrong(&found[1]).iter().map(|one| one.0).collect::<Vec<_>>(), [Check::Black, Check::Freeze]);
    assert_eq!(unknown(&found[1]), [Check::Blur]);
    near(2, Check::Freeze, 12);
    near(3, Check::Silence, 19);
    assert_eq!(
        wrong(&found[4]).iter().map(|one| one.0).collect::<Vec<_>>(),
        [Check::Loudness, Check::Clipping]
    );
    near(5, Check::Blur, 34);
    assert!(wrong(&found[6]).iter().all(|one| matches!(one.0, Check::Silence | Check::Loudness)));
    assert!(!wrong(&found[6]).is_empty());
}

#[test]
fn a_part_too_short_for_its_text_and_a_small_jerking_picture() {
    let Some(tool) = tool("a_part_too_short_for_its_text_and_a_small_jerking_picture") else { return };
    let inputs = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=3:d=5", "-f", "lavfi", "-i", "sine=440:d=5"];
    let bytes = film(&tool, &[&inputs[..], &CODED].concat());
    let looked = look_at(&tool, &Limits::default(), &[], &bytes);
    let found = judged(&looked, &parts(&[(0, 5)], 51));
    let checks: Vec<_> = wrong(&found[0]).into_iter().map(|one| one.0).collect();
    assert_eq!(checks, [Check::Length, Check::Freeze, Check::Blur]);
}

#[test]
fn a_file_that_breaks_off_ends_where_it_ends() {
    let Some(tool) = tool("a_file_that_breaks_off_ends_where_it_ends") else { return };
    let inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=15:d=12", "-f", "lavfi", "-i", "sine=440:d=12"];
    let whole = film(&tool, &[&inputs[..], &CODED, &["-cluster_time_limit", "1000"]].concat());
    let half = &whole[..whole.len() / 2];
    // A browser's first chunk may be a single byte.
    let looked = look_in(&tool, &Limits::default(), &[], half, 1_000).unwrap();
    let end = looked.measured.duration_ms().unwrap();
    assert!((3_000..10_000).contains(&end), "{end}");
    let found = judged(&looked, &parts(&[(0, 2), (8, 12)], 10));
    assert_eq!(wrong(&found[0]), [], "{:?}", found[0].checks);
    assert_eq!(wrong(&found[1])[0].0, Check::Decodes, "{:?}", found[1].checks);
}

#[test]
fn picture_alone_and_sound_alone_are_no_recording() {
    let Some(tool) = tool("picture_alone_and_sound_alone_are_no_recording") else { return };
    let picture = film(
        &tool,
        &[
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=320x240:r=15:d=3",
            "-c:v",
            "libvpx",
            "-threads",
            "1",
            "-deadline",
            "realtime",
            "-f",
            "webm",
        ],
    );
    let sound = film(&tool, &["-f", "lavfi", "-i", "sine=440:d=3", "-c:a", "libopus", "-f", "webm"]);
    for (bytes, silent) in [(picture, true), (sound, false)] {
        let looked = look_at(&tool, &Limits::default(), &[Span { start_ms: 0, end_ms: 3_000 }], &bytes);
        let found = judged(&looked, &parts(&[(0, 3)], 10));
        assert_eq!(wrong(&found[0]).iter().map(|one| one.0).collect::<Vec<_>>(), [Check::Decodes]);
        let sounds = [Check::Silence, Check::Loudness, Check::Clipping];
        let pictures = [Check::Black, Check::Freeze, Check::Blur];
        assert_eq!(unknown(&found[0]), if silent { sounds } else { pictures });
        let heard = looked.heard.unwrap().spans.remove(0).unwrap();
        assert_eq!(heard.is_empty(), silent);
    }
}

#[test]
fn plain_sound_of_a_part_lies_where_the_part_lies() {
    let Some(tool) = tool("plain_sound_of_a_part_lies_where_the_part_lies") else { return };
    // Two seconds of silence, then a tone.
    let inputs = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=320x240:r=15:d=4",
        "-f",
        "lavfi",
        "-i",
        "sine=440:d=4",
        "-af",
        "volume='if(lt(t,2),0,1)':eval=frame",
    ];
    let bytes = film(&tool, &[&inputs[..], &CODED].concat());
    let spans = [Span { start_ms: 0, end_ms: 1_900 }, Span { start_ms: 2_100, end_ms: 3_100 }];
    let heard = look_at(&tool, &Limits::default(), &spans, &bytes).heard.unwrap().spans;
    let loudest = |samples: &[u8]| {
        let sample = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs();
        samples.chunks_exact(2).map(sample).max().unwrap()
    };
    let (quiet, tone) = (heard[0].as_ref().unwrap(), heard[1].as_ref().unwrap());
    assert_eq!((quiet.len(), tone.len()), (1_900 * 32, 1_000 * 32));
    assert!(loudest(quiet) < 100 && loudest(tone) > 1_000, "{} {}", loudest(quiet), loudest(tone));
}

#[test]
fn loudness_of_a_tone_is_what_the_program_itself_says() {
    let Some(tool) = tool("loudness_of_a_tone_is_what_the_program_itself_says") else { return };
    // A sine of 1 kHz at -18 dBFS peak in one channel is at -21.0 LUFS: -0.691 + 10 log10(0.0158 / 2) and +0.7 for the filter.
    let inputs = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=320x240:r=15:d=5",
        "-f",
        "lavfi",
        "-i",
        "sine=1000:d=5",
        "-af",
        "volume=0dB",
    ];
    let bytes = film(&tool, &[&inputs[..], &CODED].concat());
    let looked = look_at(&tool, &Limits::default(), &[], &bytes);
    let found = mingbai_media::loudness::integrated_clufs(&looked.measured.windows).unwrap();
    // lavfi's sine has an amplitude of 1/8, -18.06 dBFS.
    assert!((-2_160..=-2_060).contains(&found), "{found}");
}
