//! `mingbai witness`: a small witness that a regulator or an association can run beside, and without, any lender.

use mingbai_core::text::both;
use mingbai_evidence::Bilingual as _;
use mingbai_evidence::note::cosignature::WitnessKey;
use mingbai_evidence::note::{NoteSigner as _, VerifyingKeyText};
use mingbai_evidence::witness::Watched;

use super::verify::keys;
use crate::args::WitnessArgs;
use crate::commands::block_on;
use crate::commands::serve::start_log;
use crate::fail::{Fail, Kind};
use crate::house::Lock;
use crate::house::keys::{Pen, pen_at, pen_or_new};
use crate::house::server::{Signals, bind};
use crate::screen::{Screen, Tone};
use crate::witness::memory::Memory;
use crate::witness::server::router;

const KEY: &str = "witness.key";

/// Runs the command.
pub fn run(args: &WitnessArgs, screen: &mut Screen) -> Result<(), Fail> {
    start_log("info");
    block_on(witness(args, screen))
}

async fn witness(args: &WitnessArgs, screen: &mut Screen) -> Result<(), Fail> {
    let address = args.listen.parse().map_err(|_| {
        let what = both("监听地址不能用", "the address to listen on cannot be used");
        Fail::new(Kind::Input, what).next("应写成 IP:端口。", "Write IP:port.")
    })?;
    let logs = watched(keys(&args.key)?, args.origin.as_deref());
    // Two witnesses with one memory would not know of each other's signatures.
    let _lock = Lock::take(&args.dir)?;
    let pen = pen(args)?;
    let key = WitnessKey::new(pen.name(), pen.public_key()).map_err(|e| {
        let why = e.words();
        Fail::new(Kind::Input, both("见证方名称不能用", "the name of the witness cannot be used"))
            .because(both(why.zh, why.en))
    })?;
    let memory = Memory::open(&args.dir, pen, logs.clone())?;
    let (listener, address) = bind(address).await?;
    let mut signals = Signals::listen()?;
    let ready = screen.toned(Tone::Good, screen.pick("见证方已启动:", "the witness is running: "));
    screen.line(format!("{ready}http://{address}"));
    screen.line(format!("  {} {key}", screen.pick("见证公钥", "witness key")));
    for log in &logs {
        screen.line(format!("  {} {}", screen.pick("见证日志", "watched log"), log.origin));
    }
    screen.say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.");
    let served =
        axum::serve(listener, router(memory)).with_graceful_shutdown(async move { signals.wait().await });
    served.await.map_err(|e| Fail::new(Kind::Io, both("服务意外中止", "the server broke off")).caused_by(&e))
}

/// The logs by name: several keys of one name are keys of one log.
fn watched(keys: Vec<VerifyingKeyText>, origin: Option<&str>) -> Vec<Watched> {
    let mut logs: Vec<Watched> = Vec::new();
    for key in keys {
        let origin = origin.unwrap_or(key.name()).to_owned();
        match logs.iter_mut().find(|log| log.origin == origin) {
            Some(log) => log.keys.push(key),
            None => logs.push(Watched { origin, keys: vec![key] }),
        }
    }
    logs
}

/// The witness's own key: made on the first start, under the name given then.
fn pen(args: &WitnessArgs) -> Result<Pen, Fail> {
    let path = args.dir.join(KEY);
    let Some(name) = &args.name else {
        if path.exists() {
            return pen_at(&path);
        }
        let what = both("这个见证方还没有名称", "this witness has no name yet");
        return Err(Fail::new(Kind::Input, what).next(
            "第一次启动时用 --name 给出名称,例如 --name witness.example/1。",
            "Give it one on the first start, such as --name witness.example/1.",
        ));
    };
    // Checked before the key is made, so that no file is left under a name that nobody can use.
    if VerifyingKeyText::new(name, [0; 32]).is_err_and(|e| e == mingbai_evidence::note::KeyTextError::Name) {
        let what = both("见证方名称不能用", "the name of the witness cannot be used");
        return Err(Fail::new(Kind::Input, what).next(
            "名称不含空白和加号,最多 200 字节。",
            "It has no white space and no +, at most 200 bytes.",
        ));
    }
    let pen = pen_or_new(&args.dir, KEY, name)?;
    if pen.name() == name {
        return Ok(pen);
    }
    let what = both(
        format!("这个目录里的见证方叫 {},不叫 {name}", pen.name()),
        format!("the witness in this folder is called {}, not {name}", pen.name()),
    );
    Err(Fail::new(Kind::Input, what)
        .next("去掉 --name,或换一个目录。", "Leave --name out, or take another folder."))
}
