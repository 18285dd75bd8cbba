//! `mingbai key`: what a core banking system shows at the API's door. Works on the data folder itself, like `mingbai account`.

use mingbai_core::text::{Tell as _, both};
use mingbai_cost::Lang;
use mingbai_desk::{Caller, DeskError};

use super::account::{login, open};
use crate::args::KeyAction;
use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::{KEYS, chop, told};
use crate::screen::{Screen, Tone};

/// Runs the command.
pub fn run(action: &KeyAction, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    match action {
        KeyAction::Add(of) => block_on(added(&of.core, settings, screen)),
        KeyAction::Close(of) => block_on(closed(&of.core, settings, screen)),
        KeyAction::RotateMaster(_) => block_on(super::rotate::rotated(settings, screen)),
        KeyAction::AddSm2(_) => block_on(added_sm2(settings, screen)),
        KeyAction::RotateLog(args) => super::rotate_log::run(args, settings, screen),
    }
}

async fn added(core: &str, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let core = login(core)?;
    let house = open(settings).await?;
    let key = house.desk.add_core_key(&Caller::system(), &core).await.map_err(told)?;
    match screen.lang() {
        Lang::Zh => screen.line(format!("核心系统 {core} 的密钥(只显示这一次):")),
        Lang::En => screen.line(format!("key of the core system {core} (shown only now):")),
    }
    let shown = screen.toned(Tone::Strong, &key);
    screen.line(format!("  {shown}"));
    screen.say(
        "  用法:请求头 Authorization: Bearer <密钥>。",
        "  Use it in the header Authorization: Bearer <key>.",
    );
    Ok(())
}

async fn closed(core: &str, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let core = login(core)?;
    let house = open(settings).await?;
    house.accounts.close_api_keys(&core).await.map_err(|e| {
        let what = both("密钥没有停用", "the keys were not closed");
        Fail::new(Kind::Io, what).because(DeskError::Store(e).words())
    })?;
    match screen.lang() {
        Lang::Zh => screen.line(format!("核心系统 {core} 的全部密钥已停用。")),
        Lang::En => screen.line(format!("every key of the core system {core} is closed.")),
    }
    Ok(())
}

/// Makes the SM2 key and shows its public half in both forms: for `mingbai verify`, and for `openssl`.
async fn added_sm2(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let house = open(settings).await?;
    let origin = house.desk.log_key().map_err(told)?.name().to_owned();
    let key = chop::make(&settings.dir.value.join(KEYS), &origin)?.public()?;
    screen.say("国密公钥(请公布):", "the SM2 public key (publish it):");
    let shown = screen.toned(Tone::Strong, &key.to_string());
    screen.line(format!("  {shown}"));
    screen.say("同一把公钥,供 openssl 使用:", "the same key for openssl:");
    key.pem().lines().for_each(|line| screen.line(line));
    screen.say(
        "  重新启动服务后生效。实现来自 RustCrypto,未经审计,也不是获认证的密码模块。",
        "  In force after the next start of the server. The implementation is RustCrypto's: not audited, no certified module.",
    );
    Ok(())
}
