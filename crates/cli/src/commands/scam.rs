//! `mingbai scam`: check a message, or train the views again. The message is read from a file or from the standard input, never from the
//! command line, where other people's `ps` would show it.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use mingbai_core::text::both;
use mingbai_cost::Lang;
use mingbai_evidence::Digest;
use mingbai_scam::model::{Model, train_shipped};
use mingbai_scam::verdict::{Missing, ReadsAs, Verdict};
use mingbai_scam::{Answer, Checker, MESSAGE_MAX, Scratch, advice};
use serde_json::json;

use crate::commands::{read_bytes, write_whole};
use crate::fail::{Fail, Kind};
use crate::screen::{Screen, Tone};

/// `mingbai scam`.
#[derive(Debug, Args)]
pub struct ScamArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: ScamAction,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum ScamAction {
    /// 查一条消息;符合已知骗局时退出码为 1 / check a message; exit code 1 if it follows a known pattern
    Check(CheckArgs),
    /// 从仓库里自写的文本重新训练,逐位可复现 / train again from the project's own text, the same to the last bit
    Train(TrainArgs),
}

/// `mingbai scam check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// 消息文件,- 为标准输入 / file with the message, - for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,
    /// 输出 JSON / print JSON
    #[arg(long)]
    pub json: bool,
}

/// `mingbai scam train`.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// 写入这个文件 / write the weights to this file
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}

/// Runs the command.
pub fn run(action: &ScamAction, screen: &mut Screen) -> Result<(), Fail> {
    match action {
        ScamAction::Check(args) => check(args, screen),
        ScamAction::Train(args) => train(args, screen),
    }
}

fn message(file: &Path) -> Result<String, Fail> {
    let limit = MESSAGE_MAX as u64;
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().take(limit + 1).read_to_end(&mut bytes).map_err(|e| Fail::reading(file, &e))?;
        bytes
    } else {
        read_bytes(file, limit)?
    };
    if bytes.len() > MESSAGE_MAX {
        let why = both(format!("上限 {limit} 字节"), format!("the limit is {limit} bytes"));
        return Err(Fail::new(Kind::Input, both("消息太长", "the message is too long"))
            .because(why)
            .next("请只给可疑的那几段。", "Give only the suspicious part."));
    }
    String::from_utf8(bytes).map_err(|_| {
        Fail::new(Kind::Input, both("消息不是 UTF-8 文本", "the message is not UTF-8 text"))
            .next("请另存为 UTF-8 后再试。", "Save it as UTF-8 and try again.")
    })
}

fn check(args: &CheckArgs, screen: &mut Screen) -> Result<(), Fail> {
    let text = message(&args.file)?;
    let checker = Checker::shipped();
    let answer = checker
        .check(&text, &mut Scratch::default())
        .map_err(|e| Fail::new(Kind::Input, both("消息太长", "the message is too long")).caused_by(&e))?;
    if args.json {
        screen.line(as_json(checker, &answer).to_string());
    } else {
        show(checker, &answer, &text, screen);
    }
    match answer.verdict {
        Verdict::KnownPattern { .. } => {
            let what = both("符合已知的骗局套路", "it follows a known pattern of fraud");
            Err(Fail::new(Kind::No, what).next("不要转账;拨打 96110。", "Do not transfer money; call 96110."))
        }
        Verdict::NoRecord { .. } | Verdict::NotEnough { .. } => Ok(()),
    }
}

fn headline(verdict: &Verdict, screen: &Screen) -> String {
    let (zh, en) = match verdict {
        Verdict::KnownPattern { .. } => ("符合已知骗局套路", "known pattern of fraud"),
        Verdict::NoRecord { reads_as: Some(ReadsAs::Warning) } => (
            "没有查到已知套路,仍要小心;读起来像防骗提醒",
            "no record, still be careful; it reads like a warning",
        ),
        Verdict::NoRecord { reads_as: Some(ReadsAs::Notice) } => {
            ("没有查到已知套路,仍要小心;读起来像通知", "no record, still be careful; it reads like a notice")
        }
        Verdict::NoRecord { reads_as: None } => ("没有查到已知套路,仍要小心", "no record, still be careful"),
        Verdict::NotEnough { missing: Missing::Words, .. } => {
            ("还说不准:字太少", "not enough to tell: too few words")
        }
        Verdict::NotEnough { missing: Missing::Demand, .. } => {
            ("还说不准:没有看到要您做什么", "not enough to tell: nothing is demanded yet")
        }
        Verdict::NotEnough { missing: Missing::Signs, .. } => {
            ("还说不准:证据不够", "not enough to tell: weak signs")
        }
    };
    screen.pick(zh, en).to_owned()
}

fn show(checker: Checker, answer: &Answer, text: &str, screen: &mut Screen) {
    let known = matches!(answer.verdict, Verdict::KnownPattern { .. });
    let title =
        screen.toned(if known { Tone::Bad } else { Tone::Strong }, &headline(&answer.verdict, screen));
    screen.line(title);
    for family in answer.verdict.families() {
        let advice = advice::of(*family);
        let say = |both: &advice::Both| match screen.lang() {
            Lang::Zh => both.zh.clone(),
            Lang::En => both.en.clone(),
        };
        let lines = [
            say(&advice.name),
            format!("    → {}", say(&advice.now)),
            format!("    … {}", say(&advice.next)),
        ];
        screen.line(format!("  {}", lines.join("\n")));
    }
    for part in &answer.evidence {
        let Some(entry) = part.shown(checker.lexicon()) else { continue };
        if part.weight != 0.0 {
            let words = text.get(part.from..part.to).unwrap_or_default();
            let line = format!("  {:+.2}  {}  “{words}”", part.weight, entry.id);
            let line = screen.toned(Tone::Quiet, &line);
            screen.line(line);
        }
    }
}

fn as_json(checker: Checker, answer: &Answer) -> serde_json::Value {
    let evidence: Vec<_> = answer
        .evidence
        .iter()
        .map(|part| {
            let (source, entry) = (part.source.key(), part.source.entry(checker.lexicon()).map(|e| e.id.as_str()));
            json!({"source": source, "entry": entry, "from": part.from, "to": part.to, "weight": part.weight, "covered": part.covered})
        })
        .collect();
    let named = answer
        .verdict
        .families()
        .iter()
        .map(|family| json!({"key": family.key(), "zh": advice::of(*family).name.zh}));
    json!({
        "verdict": answer.verdict.key(),
        "families": named.collect::<Vec<_>>(),
        "log_odds": answer.score.log_odds,
        "evidence": evidence,
    })
}

fn train(args: &TrainArgs, screen: &mut Screen) -> Result<(), Fail> {
    let trained = train_shipped();
    let bytes = trained.model.to_bytes();
    let same = bytes == Model::shipped_bytes();
    screen.line(format!("sha256:{}  {} bytes, {} texts", Digest::of(&bytes), bytes.len(), trained.own));
    screen.say(
        if same { "与程序内置的权重逐位相同。" } else { "与程序内置的权重不同。" },
        if same { "The same as the built-in weights, to the last bit." } else { "Not the built-in weights." },
    );
    match &args.write {
        Some(path) => write_whole(path, &bytes),
        None if same => Ok(()),
        None => Err(Fail::new(Kind::No, both("权重不同", "the weights differ")).next(
            "改过文本或词典时,用 --write 写出新的权重。",
            "If text or lexicon were changed, write the new weights with --write.",
        )),
    }
}
