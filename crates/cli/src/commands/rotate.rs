//! `mingbai key rotate-master`: another master key. Every person's key is wrapped anew; nothing under them changes. What is broken
//! off goes on when the command is given again.

use std::sync::Arc;

use mingbai_core::text::{Tell as _, both};
use mingbai_store::{BothKeys, MasterKey, OpenError, Postgres, Rotated, Sqlite};

use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::ports::Machine;
use crate::house::{KEYS, Lock, Origin, STORE, keys, shelves};
use crate::screen::Screen;

/// Runs the command.
pub async fn rotated(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let dir = &settings.dir.value;
    // A server would go on wrapping under the old key.
    let _lock = Lock::take(dir)?;
    let database = settings.database.value.as_ref();
    if shelves::origin(dir, database).await? == Origin::New {
        let shown = dir.display();
        let what = both(format!("{shown} 里还没有数据"), format!("there is no data in {shown} yet"));
        return Err(
            Fail::new(Kind::Input, what).next("用 --dir 指明数据目录。", "Name the data folder with --dir.")
        );
    }
    let folder = dir.join(KEYS);
    let (before, next) = keys::begin_rotation(&folder)?;
    let custody = BothKeys { before: MasterKey::new(*before).into(), next: MasterKey::new(*next).into() };
    let unusable = |e: OpenError| {
        Fail::new(Kind::Io, both("保险库打不开", "the vault cannot be opened")).because(e.words())
    };
    let (machine, next) = (Arc::new(Machine), MasterKey::new(*next));
    let done = match database {
        None => {
            let store = Sqlite::open(&dir.join(STORE), custody, machine).await.map_err(unusable)?;
            store.rotate(&next, |_| {}).await
        }
        Some(url) => {
            let store = Postgres::open(url.secret(), custody, machine).await.map_err(unusable)?;
            store.rotate(&next, |_| {}).await
        }
    };
    let Rotated { wrapped, before } = done.map_err(|e| {
        Fail::new(Kind::Io, both("主密钥没有换完", "the master key is not wholly changed"))
            .caused_by(&e)
            .next(
                "排除原因后再运行一次,会接着做完。",
                "Remove the cause and run it again; it goes on from there.",
            )
    })?;
    let kept = keys::end_rotation(&folder)?;
    let kept = kept.display();
    let all = wrapped + before;
    screen.say(
        &format!("主密钥已更换,{all} 人的密钥已重新包裹。旧主密钥在 {kept};旧备份不再需要时请销毁它。"),
        &format!(
            "The master key is changed; keys of persons wrapped anew: {all}. The old one is {kept}; destroy it when no old backup \
             needs it any more."
        ),
    );
    Ok(())
}
