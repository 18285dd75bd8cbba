//! Power cuts. Every call of a child is written down; from that the disk is built as it may be after the power went at any point:
//! what was synced is there, what was not is gone, or there in parts of 512 bytes. With `synchronous=FULL` nothing acknowledged
//! may be missing; with NORMAL, OFF or a disk that lies about syncing it must be, or the test would show nothing.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Ack, Job, ack, quick, run, shim, verdict};

/// A disk writes this much at once, or not.
const SECTOR: usize = 512;

/// One call of the trace.
pub(super) struct Call {
    pub(super) op: u8,
    pub(super) path: String,
    offset: u64,
    data: Vec<u8>,
}

/// The trace; a process that ends while another thread is still closing the file leaves its last call half written.
pub(super) fn calls(mut bytes: &[u8]) -> Vec<Call> {
    let mut calls = Vec::new();
    while let Some(call) = one(&mut bytes) {
        calls.push(call);
    }
    calls
}

fn one(bytes: &mut &[u8]) -> Option<Call> {
    fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
        let (head, tail) = bytes.split_at_checked(count)?;
        *bytes = tail;
        Some(head)
    }
    let op = take(bytes, 1)?[0];
    let length = u32::from_ne_bytes(take(bytes, 4)?.try_into().unwrap());
    let path = String::from_utf8(take(bytes, length as usize)?.to_vec()).unwrap();
    let offset = u64::from_ne_bytes(take(bytes, 8)?.try_into().unwrap());
    let length = u32::from_ne_bytes(take(bytes, 4)?.try_into().unwrap());
    Some(Call { op, path, offset, data: take(bytes, length as usize)?.to_vec() })
}

/// A file as the disk has it, and what was done to it since it was synced.
#[derive(Clone, Default)]
struct Kept {
    synced: Vec<u8>,
    /// Offset and bytes, or a new length.
    pending: Vec<(u64, Option<Vec<u8>>)>,
}

fn apply(bytes: &mut Vec<u8>, offset: u64, data: Option<&[u8]>) {
    let offset = usize::try_from(offset).unwrap();
    let Some(data) = data else { return bytes.resize(offset, 0) };
    if bytes.len() < offset + data.len() {
        bytes.resize(offset + data.len(), 0);
    }
    bytes[offset..offset + data.len()].copy_from_slice(data);
}

/// What happens to writes that were not synced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// All are gone.
    Lost,
    /// Each sector of each write is there or not, by lot.
    Torn,
}

/// Splitmix64: the same lots in every run.
struct Lots(u64);

impl Lots {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Kept {
    fn after(&self, cut: Cut, lots: &mut Lots) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        if cut == Cut::Torn {
            for (offset, data) in &self.pending {
                match data {
                    None if lots.next().is_multiple_of(2) => apply(&mut bytes, *offset, None),
                    None => {}
                    Some(data) => {
                        for (number, sector) in data.chunks(SECTOR).enumerate() {
                            if lots.next().is_multiple_of(2) {
                                apply(&mut bytes, offset + (number * SECTOR) as u64, Some(sector));
                            }
                        }
                    }
                }
            }
        }
        bytes
    }
}

/// The disk, call by call.
#[derive(Default)]
struct Disk {
    files: BTreeMap<String, Kept>,
    acks: Vec<Ack>,
}

impl Disk {
    fn take(&mut self, call: &Call) {
        if call.path.ends_with("/acks") {
            self.acks.extend(String::from_utf8_lossy(&call.data).lines().filter_map(ack));
            return;
        }
        match call.op {
            b'w' => self.file(&call.path).pending.push((call.offset, Some(call.data.clone()))),
            b't' => self.file(&call.path).pending.push((call.offset, None)),
            b's' => {
                let file = self.file(&call.path);
                for (offset, data) in std::mem::take(&mut file.pending) {
                    apply(&mut file.synced, offset, data.as_deref());
                }
            }
            b'u' => {
                self.files.remove(&call.path);
            }
            b'r' => {
                if let Some(file) = self.files.remove(&call.path) {
                    self.files.insert(String::from_utf8_lossy(&call.data).into_owned(), file);
                }
            }
            other => panic!("call {other}"),
        }
    }

    fn file(&mut self, path: &str) -> &mut Kept {
        self.files.entry(path.to_owned()).or_default()
    }

    /// Writes the disk as it is after a cut into `folder`. The shared memory does not survive one.
    fn build(&self, folder: &Path, cut: Cut, lots: &mut Lots) {
        for (path, file) in
            self.files.iter().filter(|(path, _)| path.contains("mingbai.db") && !path.ends_with("-shm"))
        {
            let name = Path::new(path).file_name().unwrap();
            std::fs::write(folder.join(name), file.after(cut, lots)).unwrap();
        }
    }
}

/// What became of a number of power cuts.
#[derive(Debug, Default)]
struct Tally {
    cuts: usize,
    acks: usize,
    bad: Vec<String>,
}

/// Runs a child, cuts its power at about `cuts` points, and says what did not hold.
async fn cut_power(shim: &Path, synchronous: &str, lie: bool, cut: Cut, cuts: usize) -> Tally {
    let folder = quick("power");
    let trace = quick("trace").join("trace");
    let mut variables = BTreeMap::from([("MB_TRACE", trace.display().to_string())]);
    if lie {
        variables.insert("MB_LIE", "1".to_owned());
    }
    // Enough for the journal to be folded into the file while it runs.
    let job = Job { folder: &folder, appends: 90, bytes: 30_000, synchronous, tell: "file" };
    let ended = tokio::task::block_in_place(|| run(Some(shim), job, &variables));
    assert_eq!(ended.acks.len(), 180, "{synchronous}");
    let calls = calls(&std::fs::read(&trace).unwrap());
    let folds = calls.iter().filter(|call| call.op == b'w' && call.path.ends_with("mingbai.db")).count();
    assert!(folds > 20, "the journal was never folded in: {folds} writes to the file itself");
    let (mut disk, mut tally, mut lots) = (Disk::default(), Tally::default(), Lots(1));
    let step = (calls.len() / cuts).max(1);
    for (number, call) in calls.iter().enumerate() {
        disk.take(call);
        // Right after an acknowledgement is where a lost one shows; and every so often anywhere.
        let acknowledged = call.path.ends_with("/acks") && disk.acks.len() % 8 == 2;
        if acknowledged || number % step == 0 {
            let image = quick("image");
            disk.build(&image, cut, &mut lots);
            tally.cuts += 1;
            if let Err(why) = verdict(&image, &disk.acks).await {
                tally.bad.push(format!("call {number}, {} acknowledged: {why}", disk.acks.len()));
            }
            std::fs::remove_dir_all(image).unwrap();
        }
    }
    tally.acks = disk.acks.len();
    for path in [folder.as_path(), trace.parent().unwrap()] {
        std::fs::remove_dir_all(path).unwrap();
    }
    tally
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_takes_nothing_that_was_acknowledged() {
    let Some(shim) = shim("a_power_cut_takes_nothing_that_was_acknowledged") else { return };
    for cut in [Cut::Lost, Cut::Torn] {
        let tally = cut_power(shim, "full", false, cut, 60).await;
        assert!(tally.bad.is_empty(), "{tally:?}");
        assert!(tally.cuts > 60 && tally.acks == 180, "{tally:?}");
    }
}

/// The negative controls: weaker settings, and a disk that says it has synced and has not, must lose something here.
#[tokio::test(flavor = "multi_thread")]
async fn weaker_settings_and_a_lying_disk_are_caught() {
    let Some(shim) = shim("weaker_settings_and_a_lying_disk_are_caught") else { return };
    for (synchronous, lie, cut) in [
        ("normal", false, Cut::Lost),
        ("off", false, Cut::Lost),
        ("off", false, Cut::Torn),
        ("full", true, Cut::Torn),
    ] {
        let tally = cut_power(shim, synchronous, lie, cut, 5).await;
        assert!(!tally.bad.is_empty(), "{synchronous}, lie {lie}: {} cuts lost nothing", tally.cuts);
    }
}
