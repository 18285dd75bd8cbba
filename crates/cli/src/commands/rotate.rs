//! `mingbai key rotate-master`: another master key. Every person's key is wrapped anew; nothing under them changes. What is broken
//! off goes on when the command is given again.

use std::sync::Arc;

use mingbai_core::text::{Tell as _, both};
use mingbai_desk::ports::KeepError;
use mingbai_store::{OpenError, Postgres, Rotated, Sqlite};

use crate::config::Settings;
use crate::database::DatabaseUrl;
use crate::fail::{Fail, Kind};
use crate::house::master::{self, Change};
use crate::house::ports::Machine;
use crate::house::{KEYS, Lock, Origin, STORE, shelves};
use crate::screen::Screen;

/// How often the vault is gone through again before somebody else must be at it.
const PASSES: usize = 3;

/// Refuses while other nodes have the database: this folder's lock does not reach them, and they would go on wrapping new persons'
/// keys under the old master key.
async fn alone(url: &DatabaseUrl) -> Result<(), Fail> {
    let others = Postgres::others(url.secret()).await.map_err(|e| {
        Fail::new(Kind::Io, both("数据库打不开", "the database cannot be opened")).because(e.words())
    })?;
    if others == 0 {
        return Ok(());
    }
    let what = both(
        format!("还有别的程序连着这个数据库({others} 个连接)"),
        format!("other programs are connected to this database ({others} connections)"),
    );
    Err(Fail::new(Kind::Io, what)
        .because(both(
            "它们会继续用旧主密钥包裹新来的人的密钥",
            "they would go on wrapping the keys of new persons under the old master key",
        ))
        .next(
            "停掉所有节点再运行;之后把新的 keys 文件夹放到每个节点。",
            "Stop every node and run this again; then put the new folder keys on every node.",
        ))
}

/// Goes through the vault until a whole pass finds nobody who is not under the next master key: only then may the old one go.
async fn everybody(mut pass: impl AsyncFnMut() -> Result<Rotated, KeepError>) -> Result<Rotated, KeepError> {
    let first = pass().await?;
    for _ in 0..PASSES {
        if pass().await?.wrapped == 0 {
            return Ok(first);
        }
    }
    Err(KeepError::Io("somebody goes on making keys under the old master key".to_owned()))
}

/// Runs the command.
pub async fn rotated(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let dir = &settings.dir.value;
    // A server would go on wrapping under the old key.
    let _lock = Lock::take(dir)?;
    let premises = settings.premises()?;
    if shelves::origin(&premises).await? == Origin::New {
        let shown = dir.display();
        let what = both(format!("{shown} 里还没有数据"), format!("there is no data in {shown} yet"));
        return Err(
            Fail::new(Kind::Input, what).next("用 --dir 指明数据目录。", "Name the data folder with --dir.")
        );
    }
    if let Some(url) = &premises.database {
        alone(url).await?;
    }
    let folder = dir.join(KEYS);
    let Change { both: custody, next } = master::begin(&folder, &premises.master)?;
    let unusable = |e: OpenError| {
        Fail::new(Kind::Io, both("保险库打不开", "the vault cannot be opened")).because(e.words())
    };
    let machine = Arc::new(Machine);
    let done = match &premises.database {
        None => {
            let store = Sqlite::open(&dir.join(STORE), custody, machine).await.map_err(unusable)?;
            everybody(async || store.rotate(next.as_ref(), |_| {}).await).await
        }
        Some(url) => {
            let store = Postgres::open(url.secret(), custody, machine).await.map_err(unusable)?;
            everybody(async || store.rotate(next.as_ref(), |_| {}).await).await
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
    let kept = master::end(&folder, &premises.master)?;
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
