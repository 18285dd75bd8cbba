//! The real program, killed and failed again and again under load. After each round everything that it acknowledged must be there,
//! at its place, and the whole store must hold.

mod shim;
mod writer;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use mingbai_core::text::{Tell as _, both};
use mingbai_evidence::Digest;
use mingbai_store::Sqlite;
use mingbai_store::fsck::{Place, Step, Watch, fsck};

use crate::fail::{Fail, Kind};
use crate::house::master::MasterFrom;
use crate::house::ports::Machine;
use crate::house::{KEYS, Origin, STORE, keys};
use crate::real::{self, Stopwatch};
use crate::screen::{Screen, Tone};

pub use writer::write;

/// Says that a folder was made for this.
const MARK: &str = "torture";
/// A round ends after so long at the latest, in ms.
const ROUND_MS: u64 = 3_000;
/// The last call that is made to fail; a few seconds of writing make several hundred.
const LAST_CALL: u64 = 600;

/// An acknowledged record.
type Ack = (u64, Digest);

/// What is done in one round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    /// The way in which a call fails; `None` = the process is killed from outside.
    fault: Option<(&'static str, bool)>,
    /// Which call.
    call: u64,
    /// When the process is killed, ms after its first acknowledgement.
    after_ms: u64,
}

/// The ways in which a call fails, and whether everything after it fails too.
const FAULTS: [(&str, bool); 7] = [
    ("eio", false),
    ("eio", true),
    ("enospc", false),
    ("enospc", true),
    ("short", false),
    ("kill", false),
    ("torn", false),
];

/// Splitmix64: the same lots for the same seed.
struct Lots(u64);

impl Lots {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }

    fn plan(&mut self) -> Plan {
        let (which, call, after_ms) = (self.below(14), 1 + self.below(LAST_CALL), self.below(ROUND_MS / 2));
        let fault = usize::try_from(which).ok().and_then(|which| FAULTS.get(which)).copied();
        Plan { fault, call, after_ms }
    }
}

/// What was done and found.
#[derive(Debug, Default)]
struct Tally {
    rounds: u64,
    killed: u64,
    faults: u64,
    acks: u64,
    records: u64,
}

/// Tortures for `minutes`, in `dir`, which must be new or left from an earlier run.
pub async fn run(minutes: u64, seed: u64, dir: &Path, screen: &mut Screen) -> Result<(), Fail> {
    let data = prepared(dir)?;
    screen.say(
        &format!("种子 {seed}。重放:mingbai torture --seed {seed}"),
        &format!("seed {seed}. Replay: mingbai torture --seed {seed}"),
    );
    let shim = shim::built(dir);
    if shim.is_none() {
        screen.say(
            "SKIPPED 文件系统出错的回合:需要 Linux 和 C 编译器 cc。只杀进程。",
            "SKIPPED the rounds with failing calls: they need Linux and a C compiler called cc. Processes are only killed.",
        );
    }
    let (watch, mut lots, mut tally, mut all) =
        (Stopwatch::start(), Lots(seed), Tally::default(), Vec::new());
    while tally.rounds == 0 || watch.seconds() < minutes * 60 {
        let plan = lots.plan();
        let plan = if shim.is_none() { Plan { fault: None, ..plan } } else { plan };
        let acks = round(&data, shim.as_deref(), plan)?;
        tally.rounds += 1;
        tally.faults += u64::from(plan.fault.is_some());
        tally.killed += u64::from(plan.fault.is_none());
        tally.acks += acks.len() as u64;
        tally.records = verdict(&data, &acks).await.map_err(|why| lost(seed, tally.rounds, plan, why))?;
        all.extend(acks);
        if tally.rounds.is_multiple_of(10) {
            screen.say(
                &format!("  第 {} 回合:{} 条已确认,无一丢失", tally.rounds, tally.acks),
                &format!("  round {}: {} acknowledged, none lost", tally.rounds, tally.acks),
            );
        }
    }
    // Those of the first rounds once more: nothing later may have taken them.
    verdict(&data, &all).await.map_err(|why| lost(seed, tally.rounds, lots.plan(), why))?;
    let Tally { rounds, killed, faults, acks, records } = tally;
    let good = match screen.lang() {
        mingbai_cost::Lang::Zh => format!(
            "{rounds} 回合(杀进程 {killed},调用出错 {faults}):{acks} 条已确认的记录全在原位,库里共 {records} 条,每回合后 fsck 全部成立。"
        ),
        mingbai_cost::Lang::En => format!(
            "{rounds} rounds ({killed} killed, {faults} with failing calls): all {acks} acknowledged records are at their places among \
             {records}, and fsck held after each round."
        ),
    };
    let good = screen.toned(Tone::Good, &good);
    screen.line(good);
    Ok(())
}

/// Makes the folder, or takes one of an earlier run. Never one with anything else in it.
fn prepared(dir: &Path) -> Result<PathBuf, Fail> {
    let mark = dir.join(MARK);
    let empty = std::fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none());
    if !empty && !mark.is_file() {
        let shown = dir.display();
        let what = both(format!("{shown} 不是空的"), format!("{shown} is not empty"));
        return Err(Fail::new(Kind::Input, what)
            .because(both("绝不拿真实数据做这种试验", "real data is never put through this"))
            .next("用 --dir 指定一个新目录。", "Name a new folder with --dir."));
    }
    let data = dir.join("data");
    let made = || {
        std::fs::create_dir_all(dir)?;
        std::fs::write(&mark, b"made by mingbai torture\n")?;
        match std::fs::remove_dir_all(&data) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        std::fs::create_dir_all(&data)
    };
    made().map_err(|e| Fail::writing(dir, &e))?;
    std::path::absolute(&data).map_err(|e| Fail::writing(dir, &e))
}

/// Starts a writer, lets it suffer, and gathers what it acknowledged.
fn round(data: &Path, shim: Option<&Path>, plan: Plan) -> Result<Vec<Ack>, Fail> {
    let program = real::this_program().map_err(|e| Fail::reading(Path::new("mingbai"), &e))?;
    let mut command = Command::new(program);
    command
        .arg("torture-writer")
        .arg("--dir")
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let (Some(shim), Some((kind, sticky))) = (shim, plan.fault) {
        command.env("LD_PRELOAD", shim).env("MB_PREFIX", data.join(STORE)).env("MB_KIND", kind);
        command.env("MB_AT", plan.call.to_string()).env("MB_STICKY", u8::from(sticky).to_string());
    }
    let spawned = command.spawn().map_err(|e| Fail::reading(Path::new("mingbai"), &e))?;
    let mut child = Ended(spawned);
    let (send, lines) = channel();
    let out = child.0.stdout.take();
    let reader = std::thread::spawn(move || {
        for line in out.into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    let mut acks = Vec::new();
    // From the first acknowledgement on, so that the start of the program takes nothing away from the load.
    gather(&lines, ROUND_MS, &mut acks, 1);
    gather(&lines, plan.after_ms, &mut acks, usize::MAX);
    let _ = child.0.kill();
    let _ = child.0.wait();
    let _ = reader.join();
    // What it still said before it died counts too.
    acks.extend(lines.try_iter().filter_map(|line| ack(&line)));
    Ok(acks)
}

/// A process that does not outlive its round.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Takes acknowledgements for `ms`, until there are `enough`, or until the process ends.
fn gather(lines: &Receiver<String>, ms: u64, acks: &mut Vec<Ack>, enough: usize) {
    const STEP_MS: u64 = 10;
    let mut left = ms;
    while left > 0 && acks.len() < enough {
        match lines.recv_timeout(Duration::from_millis(STEP_MS)) {
            Ok(line) => acks.extend(ack(&line)),
            Err(RecvTimeoutError::Timeout) => left = left.saturating_sub(STEP_MS),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        acks.extend(lines.try_iter().filter_map(|line| ack(&line)));
        if enough == usize::MAX {
            std::thread::sleep(Duration::from_millis(STEP_MS));
            left = left.saturating_sub(STEP_MS);
        }
    }
}

/// `ack <index> <leaf>`; a line that was cut is not one.
fn ack(line: &str) -> Option<Ack> {
    let (index, leaf) = line.strip_prefix("ack ")?.split_once(' ')?;
    Some((index.parse().ok()?, leaf.parse().ok()?))
}

struct Quiet;

impl Watch for Quiet {
    fn at(&self, _: Step, _: u64, _: u64) {}
}

/// How many records there are, if every acknowledged one is at its place and the store holds.
async fn verdict(data: &Path, acks: &[Ack]) -> Result<u64, String> {
    use mingbai_desk::ports::Log as _;
    let keys = keys::open(&data.join(KEYS), Origin::New, "torture", &MasterFrom::File)
        .map_err(|fail| fail.in_short().en)?;
    let (file, machine) = (data.join(STORE), std::sync::Arc::new(Machine));
    let store = Sqlite::open(&file, keys.custody, machine).await.map_err(|e| e.words().en)?;
    for (index, leaf) in acks {
        let found = store.at(*index).await.map_err(|e| e.to_string())?;
        if found.map(|item| item.record.leaf()) != Some(*leaf) {
            return Err(format!("acknowledged record {index} is lost or another one"));
        }
    }
    let report = fsck(Place::File(&file), &[], None, &Quiet).await.map_err(|e| e.words().en)?;
    match report.findings.told().first() {
        Some(finding) => Err(format!("{}: {}", finding.what.en, finding.why.en)),
        None => Ok(report.records),
    }
}

fn lost(seed: u64, round: u64, plan: Plan, why: String) -> Fail {
    let what = both(
        format!("第 {round} 回合之后不成立(种子 {seed},{plan:?})"),
        format!("it does not hold after round {round} (seed {seed}, {plan:?})"),
    );
    Fail::new(Kind::No, what).because(both(why.clone(), why)).next(
        format!("保留试验目录,并用 --seed {seed} 重放。"),
        format!("Keep the folder of the trial, and replay it with --seed {seed}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_does_the_same_and_reaches_every_fault() {
        let plans = |seed| {
            let mut lots = Lots(seed);
            (0..200).map(|_| lots.plan()).collect::<Vec<_>>()
        };
        assert_eq!(plans(7), plans(7));
        assert_ne!(plans(7), plans(8));
        let first = plans(7);
        assert!(FAULTS.iter().all(|fault| first.iter().any(|plan| plan.fault == Some(*fault))));
        assert!(first.iter().any(|plan| plan.fault.is_none()));
    }

    #[test]
    fn a_line_that_was_cut_is_no_acknowledgement() {
        let leaf = Digest::of(b"x");
        assert_eq!(ack(&format!("ack 7 {leaf}")), Some((7, leaf)));
        assert_eq!(ack(&format!("ack 7 {leaf}")[..40]), None);
        assert_eq!(ack("ack 7"), None);
    }

    #[test]
    fn nothing_but_its_own_folder_is_touched() {
        let dir = std::env::temp_dir().join(format!("mingbai-torture-test-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        assert!(std::fs::create_dir_all(&dir).is_ok());
        assert!(std::fs::write(dir.join(STORE), b"real").is_ok());
        assert_eq!(prepared(&dir).map_err(|fail| fail.code()), Err(2));
        assert!(dir.join(STORE).is_file());
        let _ = std::fs::remove_dir_all(&dir);
    }
}
