//! `mingbai key`: what a core banking system shows at the API's door. Works on the data folder itself, like `mingbai account`.

use mingbai_core::text::{Tell as _, both};
use mingbai_cost::Lang;
use mingbai_desk::{Caller, DeskError};

use super::account::{login, open};
use crate::args::KeyAction;
use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::told;
use crate::screen::{Screen, Tone};

/// Runs the command.
pub fn run(action: &KeyAction, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    match action {
        KeyAction::Add(of) => block_on(added(&of.core, settings, screen)),
        KeyAction::Close(of) => block_on(closed(&of.core, settings, screen)),
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
