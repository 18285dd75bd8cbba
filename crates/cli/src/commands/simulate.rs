//! `mingbai simulate`: random journeys against the gate, each held against an independent checker.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mingbai_core::borrow::sim::{Disagreement, Tally, play};
use mingbai_core::policy::Pack;
use mingbai_core::text::both;
use mingbai_cost::{Lang, Terms};

use crate::args::SimulateArgs;
use crate::examples;
use crate::fail::{Fail, Kind};
use crate::screen::{Grid, Screen, Side, Tone};

/// Runs the command.
pub fn run(args: &SimulateArgs, screen: &mut Screen) -> Result<(), Fail> {
    let (pack, offers) = (Pack::embedded(), examples::offers()?);
    let from = args.only.unwrap_or(0);
    let count = if args.only.is_some() { 1 } else { args.journeys };
    let total = all(args.seed, from, count, &pack, &offers, screen)?;
    show(&total, args.seed, screen);
    Ok(())
}

/// Plays the journeys on every processor; the order does not matter, because each depends on its own number only.
fn all(
    seed: u64,
    from: u64,
    count: u64,
    pack: &Pack,
    offers: &[Terms],
    screen: &mut Screen,
) -> Result<Tally, Fail> {
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let bar = progress(count);
    let played: Vec<Result<Tally, Box<Disagreement>>> = std::thread::scope(|scope| {
        let work = |worker: u64| {
            let bar = &bar;
            move || {
                let mut total = Tally::default();
                for number in (from + worker..from + count).step_by(workers as usize) {
                    total.add(&play(seed, number, pack, offers).map_err(Box::new)?);
                    bar.inc(1);
                }
                Ok(total)
            }
        };
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(work(worker))).collect();
        handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
    });
    bar.finish_and_clear();
    if played.len() as u64 != workers {
        return Err(Fail::new(
            Kind::Internal,
            both("一个模拟线程崩溃了", "a worker of the simulator crashed"),
        ));
    }
    let mut total = Tally::default();
    for result in played {
        match result {
            Ok(tally) => total.add(&tally),
            Err(disagreement) => return Err(failed(&disagreement, screen)),
        }
    }
    Ok(total)
}

fn progress(count: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}");
    ProgressBar::new(count).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn failed(disagreement: &Disagreement, screen: &mut Screen) -> Fail {
    disagreement.story.iter().for_each(|line| screen.line(line));
    let (seed, journey, what) = (disagreement.seed, disagreement.journey, &disagreement.what);
    let replay = format!("mingbai simulate --seed {seed} --only {journey}");
    Fail::new(Kind::No, both(format!("第 {journey} 笔:{what}"), format!("journey {journey}: {what}")))
        .because(both("闸门与独立检查不一致", "the gate and the independent checker disagree"))
        .next(format!("重放:{replay}"), format!("Replay it: {replay}"))
}

fn show(total: &Tally, seed: u64, screen: &mut Screen) {
    let title = match screen.lang() {
        Lang::Zh => format!("模拟完成,种子 {seed}:闸门与独立检查从未不一致。"),
        Lang::En => format!("done, seed {seed}: the gate and the independent checker never disagreed."),
    };
    let title = screen.toned(Tone::Good, &title);
    screen.line(title);
    let mut grid = Grid::new(&[Side::Left, Side::Right]);
    let rows = [
        ("业务", "journeys", total.journeys),
        ("操作", "commands", total.commands),
        ("被规则拒绝的操作", "commands refused by the rules", total.refused),
        ("绕过规则伪造的记录", "records forged past the rules", total.forged),
        ("条款变更", "changes of terms", total.terms_changed),
        ("询问闸门", "times the gate was asked", total.gate_asked),
        ("放款许可", "permits", total.permits),
        ("放款", "payouts", total.payouts),
    ];
    for (zh, en, count) in rows {
        grid.row(vec![screen.pick(zh, en).to_owned(), count.to_string()]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}
