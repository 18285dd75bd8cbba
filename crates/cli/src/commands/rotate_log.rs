//! `mingbai key rotate-log`: a new key for the log, introduced in the log by the old one; both sign until the change is finished.

use mingbai_core::text::both;
use mingbai_desk::Caller;

use super::account::open;
use crate::args::RotateArgs;
use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::{KEYS, Lock, rotation, told};
use crate::screen::{Screen, Tone};

/// Runs the command.
pub fn run(args: &RotateArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    // A running server has its keys in memory and would go on signing with the old one alone.
    let _lock = Lock::take(&settings.dir.value)?;
    if args.finish { block_on(finish(settings, screen)) } else { block_on(begin(settings, screen)) }
}

async fn begin(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let folder = settings.dir.value.join(KEYS);
    let house = open(settings).await?;
    if rotation::is_under_way(&folder) {
        return Err(Fail::new(
            Kind::Input,
            both("上一次换密钥还没有结束", "an earlier change of keys is not finished"),
        )
        .because(both("旧密钥还在并签", "the key before still signs too"))
        .next(
            "等各方都换用新公钥后,先运行 mingbai key rotate-log --finish。",
            "When everybody has the new key, run mingbai key rotate-log --finish first.",
        ));
    }
    house.desk.check_public_log().await.map_err(told)?;
    let origin = house.desk.log_key().map_err(told)?.name().to_owned();
    let next = rotation::next(&folder, &origin)?;
    house.desk.introduce_log_key(&Caller::system(), &next).await.map_err(told)?;
    rotation::put_in_place(&folder)?;
    let key = open(settings).await?.desk.log_key().map_err(told)?;
    screen.say(
        "日志的新公钥(请公布,并告诉见证方):",
        "the log's new public key (publish it, and tell the witnesses):",
    );
    let shown = screen.toned(Tone::Strong, &key.to_string());
    screen.line(format!("  {shown}"));
    screen.say(
        "  旧密钥已在日志里引入它;重新启动服务后,两把密钥一起签名。各方都换好后运行 --finish。",
        "  The old key introduced it in the log; after the next start both sign. When everybody has it, run --finish.",
    );
    Ok(())
}

async fn finish(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let house = open(settings).await?;
    house.desk.retire_log_key(&Caller::system()).await.map_err(told)?;
    rotation::forget_before(&settings.dir.value.join(KEYS))?;
    screen.say(
        "旧密钥已删除,并已记入日志;重新启动服务后只用新密钥签名。",
        "The old key is deleted, and the log says so; after the next start only the new one signs.",
    );
    Ok(())
}
