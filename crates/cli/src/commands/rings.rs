//! `mingbai rings scan`: the whole log of links at once, or a CSV of edges: who hangs together at all, how tightly, and where the densest
//! blocks are. It reads, counts and prints; nobody is paused or called by it.

use std::collections::HashMap;
use std::fs::File;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mingbai_core::text::both;
use mingbai_core::trust::ring::ShareKind;
use mingbai_cost::Lang;
use mingbai_rings::batch::{Graph, UnionFind, Weighting, core_numbers, densest_block};
use mingbai_rings::{Identifier, Kind};

use crate::args::DirArgs;
use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind as FailKind};
use crate::house::shelves::Shelves;
use crate::house::{KEYS, Origin, keys, rings};
use crate::screen::{Grid, Screen, Side, Tone};

/// `mingbai rings`.
#[derive(Debug, Args)]
pub struct RingsArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: RingsAction,
}

impl RingsArgs {
    /// Where the data lies.
    pub fn at(&self) -> &DirArgs {
        let RingsAction::Scan(args) = &self.action;
        &args.at
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum RingsAction {
    /// 连通的群、核数、最密的块;只打印,不动任何业务 / components, cores and densest blocks; prints and touches no loan
    Scan(ScanArgs),
}

/// `mingbai rings scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// 不读数据目录,读这个 CSV:application,kind,identifier / read this CSV instead of the data folder
    #[arg(long, value_name = "EDGES.csv")]
    pub edges: Option<PathBuf>,
    /// 显示几个最大的群 / how many of the largest components to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub top: usize,
    /// 找几个最密的块 / how many densest blocks to find
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub blocks: usize,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// The most of anything that is shown.
const MOST: usize = 100;
/// Names of one group or block that are shown.
const NAMES: usize = 4;

/// Edges with the names of both ends.
#[derive(Default)]
struct Edges {
    pairs: Vec<(u32, u32)>,
    applications: Vec<String>,
    kinds: Vec<ShareKind>,
    /// Lines or identifiers that were left out because the list of known ones has them.
    listed: u64,
}

/// Runs the command.
pub fn run(action: &RingsAction, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let RingsAction::Scan(args) = action;
    let bar = Bar::new(screen.lang());
    let edges = match &args.edges {
        Some(path) => from_csv(path, &bar)?,
        None => block_on(from_store(settings, &bar))?,
    };
    if edges.pairs.is_empty() {
        bar.done();
        screen.say("没有任何标识。", "There are no links.");
        return Ok(());
    }
    scan(args, edges, &bar, screen)
}

async fn from_store(settings: &Settings, bar: &Bar) -> Result<Edges, Fail> {
    let premises = settings.premises()?;
    let keys = keys::open(&premises.dir.join(KEYS), Origin::Known, "rings", &premises.master)?;
    let shelves = Shelves::open(&premises, &keys).await?;
    let known = rings::open(&premises.dir, shelves.links.clone()).await?;
    let mut ends = Ends::default();
    let mut edges = Edges::default();
    let mut seq = 0;
    loop {
        let rows = shelves.links.after(seq).await.map_err(|e| {
            let what = both("读不了标识的日志", "the log of links cannot be read");
            Fail::new(FailKind::Io, what).caused_by(&e)
        })?;
        let Some(last) = rows.last() else { break };
        seq = last.seq;
        for row in &rows {
            // One customer is one side of the graph, however often she applied.
            let name = row.applicant.to_string();
            let application = ends.application(&name, || row.journey.reference(), &mut edges)?;
            for identifier in row.identifiers.iter().filter_map(|number| Identifier::from_number(*number)) {
                if known.is_registered(identifier) {
                    edges.listed += 1;
                    continue;
                }
                let kind = share_kind(identifier.kind());
                let thing = ends.thing(&identifier.number().to_string(), kind, &mut edges)?;
                edges.pairs.push((application, thing));
            }
        }
        bar.at(Step::Read, edges.pairs.len() as u64, 0);
    }
    Ok(edges)
}

fn from_csv(path: &Path, bar: &Bar) -> Result<Edges, Fail> {
    let file = File::open(path).map_err(|e| Fail::reading(path, &e))?;
    let size = file.metadata().map_or(0, |m| m.len());
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let broken = |e: &csv::Error| {
        let shown = path.display();
        Fail::new(FailKind::Input, both(format!("{shown} 读不懂"), format!("{shown} cannot be read")))
            .caused_by(e)
            .next(
                "列名要有 application、kind、identifier。",
                "It needs the columns application, kind, identifier.",
            )
    };
    let headers = reader.headers().map_err(|e| broken(&e))?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header.trim_start_matches('\u{FEFF}') == name).ok_or_else(|| {
            let shown = path.display();
            Fail::new(
                FailKind::Input,
                both(format!("{shown} 没有 {name} 这一列"), format!("{shown} has no column {name}")),
            )
            .next(
                "列名要有 application、kind、identifier。",
                "It needs the columns application, kind, identifier.",
            )
        })
    };
    let (application, kind, identifier) = (column("application")?, column("kind")?, column("identifier")?);
    let mut ends = Ends::default();
    let mut edges = Edges::default();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|e| broken(&e))? {
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let line = row.position().map_or(0, csv::Position::line);
        let of = ShareKind::from_key(cell(kind)).ok_or_else(|| {
            let all: Vec<&str> = ShareKind::ALL.iter().map(|one| one.key()).collect();
            let all = all.join(", ");
            Fail::new(
                FailKind::Input,
                both(format!("第 {line} 行的 kind 不认识"), format!("line {line} has an unknown kind")),
            )
            .next(format!("应是 {all} 之一。"), format!("It must be one of {all}."))
        })?;
        if cell(application).is_empty() || cell(identifier).is_empty() {
            let what = both(format!("第 {line} 行有空格子"), format!("line {line} has an empty cell"));
            return Err(Fail::new(FailKind::Input, what)
                .next("补上,或删去这一行。", "Fill it in, or delete the line."));
        }
        let name = cell(application).to_owned();
        let from = ends.application(cell(application), || name, &mut edges)?;
        let to = ends.thing(cell(identifier), of, &mut edges)?;
        edges.pairs.push((from, to));
        if edges.pairs.len().is_multiple_of(65_536) {
            bar.at(Step::Read, row.position().map_or(0, csv::Position::byte), size);
        }
    }
    Ok(edges)
}

/// Numbers for both ends of the edges.
#[derive(Default)]
struct Ends {
    applications: HashMap<String, u32>,
    things: HashMap<(ShareKind, String), u32>,
}

impl Ends {
    fn application(
        &mut self,
        key: &str,
        name: impl FnOnce() -> String,
        edges: &mut Edges,
    ) -> Result<u32, Fail> {
        if let Some(number) = self.applications.get(key) {
            return Ok(*number);
        }
        let number = next(edges.applications.len())?;
        edges.applications.push(name());
        self.applications.insert(key.to_owned(), number);
        Ok(number)
    }

    fn thing(&mut self, key: &str, kind: ShareKind, edges: &mut Edges) -> Result<u32, Fail> {
        let key = (kind, key.to_owned());
        if let Some(number) = self.things.get(&key) {
            return Ok(*number);
        }
        let number = next(edges.kinds.len())?;
        edges.kinds.push(kind);
        self.things.insert(key, number);
        Ok(number)
    }
}

fn next(count: usize) -> Result<u32, Fail> {
    u32::try_from(count).ok().filter(|number| *number < u32::MAX / 4).ok_or_else(too_many)
}

fn too_many() -> Fail {
    Fail::new(FailKind::Input, both("太多了,一次放不下", "there are too many for one run"))
        .next("请分批扫描。", "Scan it in parts.")
}

const fn share_kind(kind: Kind) -> ShareKind {
    match kind {
        Kind::Device => ShareKind::Device,
        Kind::Phone => ShareKind::Phone,
        Kind::Card => ShareKind::Card,
        Kind::Contact => ShareKind::Contact,
        Kind::FeeAccount => ShareKind::FeeAccount,
        Kind::Script => ShareKind::Script,
        Kind::Address => ShareKind::Address,
        Kind::Wifi => ShareKind::Wifi,
        Kind::Ip => ShareKind::Ip,
        Kind::Introducer => ShareKind::Introducer,
        Kind::Employer => ShareKind::Employer,
    }
}

fn scan(args: &ScanArgs, edges: Edges, bar: &Bar, screen: &mut Screen) -> Result<(), Fail> {
    bar.at(Step::Join, 0, 1);
    let graph = Graph::new(edges.pairs.clone()).ok_or_else(too_many)?;
    let groups = groups(&edges, &graph)?;
    bar.at(Step::Core, 0, 1);
    let cores = core_numbers(&graph);
    show_counts(&edges, &graph, &groups, &cores, screen);
    show_groups(args.top.min(MOST), &edges, &groups, screen);
    let blocks = blocks(args.blocks.min(MOST), &edges, bar)?;
    bar.done();
    show_blocks(&edges, &blocks, screen);
    screen.line("");
    let calm = screen.pick(
        "密集不等于有问题:家人、宿舍、门店、工厂也会共用东西。请到 /staff/rings 看线索,先打保护电话。",
        "Dense does not mean guilty: families, dormitories, shops and factories share things too. Look at /staff/rings and call first.",
    );
    let calm = screen.toned(Tone::Quiet, calm);
    screen.line(calm);
    Ok(())
}

/// Applications that hang together, two or more, the largest group first.
fn groups(edges: &Edges, graph: &Graph) -> Result<Vec<Vec<u32>>, Fail> {
    let rows = next(graph.rows())?;
    let all = u32::try_from(graph.rows() + graph.cols()).map_err(|_| too_many())?;
    let mut sets = UnionFind::new(all);
    edges.pairs.iter().for_each(|(row, col)| sets.join(*row, rows + *col));
    let mut found: HashMap<u32, Vec<u32>> = HashMap::new();
    (0..rows).for_each(|row| found.entry(sets.find(row)).or_default().push(row));
    let mut groups: Vec<Vec<u32>> = found.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable_by_key(|group| (std::cmp::Reverse(group.len()), group.first().copied()));
    Ok(groups)
}

/// A dense block: applications, things, density.
struct Found {
    rows: Vec<u32>,
    cols: Vec<u32>,
    density: f64,
}

/// The densest block, then the densest of what is left without it, and so on.
fn blocks(count: usize, edges: &Edges, bar: &Bar) -> Result<Vec<Found>, Fail> {
    let mut left = edges.pairs.clone();
    let mut found = Vec::new();
    for number in 0..count {
        bar.at(Step::Peel, number as u64, count as u64);
        let graph = Graph::new(left.clone()).ok_or_else(too_many)?;
        let block = densest_block(&graph, Weighting::Commonness);
        // One application with things of its own is no block.
        if block.rows.len() < 2 {
            break;
        }
        let (rows, cols) = (&block.rows, &block.cols);
        left.retain(|(row, col)| rows.binary_search(row).is_err() || cols.binary_search(col).is_err());
        found.push(Found { density: block.density(), rows: block.rows, cols: block.cols });
        if left.is_empty() {
            break;
        }
    }
    Ok(found)
}

fn show_counts(edges: &Edges, graph: &Graph, groups: &[Vec<u32>], cores: &[u32], screen: &mut Screen) {
    let mut grid = Grid::new(&[Side::Left, Side::Right]);
    let most = cores.iter().copied().max().unwrap_or(0);
    let inside = cores.iter().take(graph.rows()).filter(|core| **core == most).count();
    for (zh, en, value) in [
        (
            "申请(同一客户算一份)",
            "applications (one customer counts once)",
            edges.applications.len().to_string(),
        ),
        ("不同的标识", "different identifiers", edges.kinds.len().to_string()),
        ("连线", "edges", graph.edges().to_string()),
        ("登记过、没有算的", "registered and left out", edges.listed.to_string()),
        ("连在一起的群(两份以上)", "components of two or more", groups.len().to_string()),
        ("最大的群", "largest component", groups.first().map_or(0, Vec::len).to_string()),
        ("最高核数", "highest core number", most.to_string()),
        ("在最高核里的申请", "applications in that core", inside.to_string()),
    ] {
        grid.row(vec![screen.pick(zh, en).to_owned(), value]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}

fn names(edges: &Edges, rows: &[u32]) -> String {
    let name = |row: &u32| edges.applications.get(*row as usize).cloned().unwrap_or_default();
    let mut said: Vec<String> = rows.iter().take(NAMES).map(name).collect();
    if rows.len() > NAMES {
        said.push("…".to_owned());
    }
    said.join(", ")
}

fn show_groups(top: usize, edges: &Edges, groups: &[Vec<u32>], screen: &mut Screen) {
    let title = screen.pick("最大的群", "Largest components").to_owned();
    let title = screen.toned(Tone::Strong, &title);
    screen.line(format!("\n{title}"));
    let mut grid = Grid::new(&[Side::Right, Side::Right, Side::Left]);
    grid.row(vec![
        "#".to_owned(),
        screen.pick("申请", "applications").to_owned(),
        screen.pick("其中", "among them").to_owned(),
    ]);
    for (place, group) in groups.iter().take(top).enumerate() {
        grid.row(vec![(place + 1).to_string(), group.len().to_string(), names(edges, group)]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}

fn show_blocks(edges: &Edges, blocks: &[Found], screen: &mut Screen) {
    let title = screen.pick("最密的块", "Densest blocks").to_owned();
    let title = screen.toned(Tone::Strong, &title);
    screen.line(format!("\n{title}"));
    let mut grid = Grid::new(&[Side::Right, Side::Right, Side::Right, Side::Right, Side::Left, Side::Left]);
    let head = [
        ("#", "#"),
        ("申请", "applications"),
        ("标识", "identifiers"),
        ("密度", "density"),
        ("共用", "shared"),
        ("其中", "among them"),
    ];
    grid.row(head.iter().map(|(zh, en)| screen.pick(zh, en).to_owned()).collect());
    for (place, block) in blocks.iter().enumerate() {
        let mut kinds: Vec<ShareKind> =
            block.cols.iter().filter_map(|col| edges.kinds.get(*col as usize).copied()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let kinds: Vec<String> = kinds.iter().map(|kind| kind.name().get(screen.lang()).to_owned()).collect();
        grid.row(vec![
            (place + 1).to_string(),
            block.rows.len().to_string(),
            block.cols.len().to_string(),
            format!("{:.3}", block.density),
            kinds.join(screen.pick("、", ", ")),
            names(edges, &block.rows),
        ]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}

/// What is being done.
#[derive(Clone, Copy)]
enum Step {
    Read,
    Join,
    Core,
    Peel,
}

/// How far it is, on a terminal only.
struct Bar {
    lang: Lang,
    bar: ProgressBar,
}

impl Bar {
    fn new(lang: Lang) -> Self {
        if !std::io::stderr().is_terminal() {
            return Bar { lang, bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()) };
        }
        let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {elapsed}");
        let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Bar { lang, bar }
    }

    fn at(&self, step: Step, done: u64, total: u64) {
        let (zh, en) = match step {
            Step::Read => ("读取", "reading"),
            Step::Join => ("连通", "components"),
            Step::Core => ("核数", "cores"),
            Step::Peel => ("找密块", "dense blocks"),
        };
        self.bar.set_message(match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        });
        self.bar.set_length(total.max(done));
        self.bar.set_position(done);
    }

    fn done(&self) {
        self.bar.finish_and_clear();
    }
}
