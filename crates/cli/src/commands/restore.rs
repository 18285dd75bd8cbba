//! `mingbai restore`: the way back from a backup. Everything is compared with the manifest, everything is derived again, and only
//! then is it done.

use std::path::Path;

use mingbai_core::text::{Tell as _, both};
use mingbai_evidence::note::SignedCheckpoint;
use mingbai_evidence::timestamp::Roots;
use mingbai_store::Postgres;
use mingbai_store::fsck::{self, Place};

use super::backup::{DOCUMENTS_LINE, DUMP};
use crate::args::RestoreArgs;
use crate::commands::block_on;
use crate::commands::fsck::{Checked, checked};
use crate::config::Settings;
use crate::database::DatabaseUrl;
use crate::fail::{Fail, Kind};
use crate::house::backup::{self, Engine, Folder, MANIFEST, Manifest};
use crate::house::shelves::{self, Shelves};
use crate::house::{ATTACHMENTS, KEYS, Origin, STORE, keys, pg_tools};
use crate::screen::{Screen, Tone};
use crate::storage::Premises;

/// Restores a backup.
pub fn run(args: &RestoreArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    block_on(restored(args, &settings.premises()?, settings.tsa.roots()?, screen))
}

async fn restored(
    args: &RestoreArgs,
    premises: &Premises,
    roots: Option<Roots>,
    screen: &mut Screen,
) -> Result<(), Fail> {
    let manifest = backup::manifest(&args.from)?;
    same_engine(&manifest, premises)?;
    if let Some(url) = &premises.database {
        empty(url).await?;
    }
    let folder = Folder::begin(&premises.dir)?;
    for kept in &manifest.files {
        let copied = backup::copy(&args.from.join(&kept.path), folder.path(), &kept.path)?;
        if copied.as_ref() != Some(kept) {
            return Err(other_file(&kept.path));
        }
    }
    if let Some(keys) = &args.keys {
        backup::copy_all(keys, folder.path(), KEYS, &mut Vec::new())?;
    }
    let inside = Premises { dir: folder.path().to_path_buf(), ..premises.clone() };
    if let Some(url) = &premises.database {
        let dump = folder.path().join(DUMP);
        pg_tools::restore(url, &dump, screen)?;
        std::fs::remove_file(&dump).map_err(|e| Fail::writing(&dump, &e))?;
    }
    let done = finished(args, &manifest, &inside, roots, screen).await;
    if done.is_err() && premises.database.is_some() {
        screen.say(
            "注意:数据库已经写入了这份备份,请清空它(例如删掉再建)之后再试。",
            "careful: the database holds this backup now; empty it, such as by dropping and making it again, before you try again.",
        );
    }
    let has_keys = done?;
    backup::sync_folders(folder.path())?;
    folder.publish()?;
    tell(&premises.dir, &manifest, has_keys, screen);
    Ok(())
}

/// Compares what was restored with the manifest, puts the documents where the settings want them, and derives everything again.
/// Whether there are keys.
async fn finished(
    args: &RestoreArgs,
    manifest: &Manifest,
    inside: &Premises,
    roots: Option<Roots>,
    screen: &mut Screen,
) -> Result<bool, Fail> {
    let file = inside.dir.join(STORE);
    the_same_log(manifest, shelves::place(&file, inside.database.as_ref())).await?;
    let has_keys = manifest.keys || args.keys.is_some();
    if inside.bucket.is_some() {
        into_bucket(inside, screen).await?;
    }
    // Without keys the documents cannot be opened; they are what the manifest says, and fsck says the rest later.
    if let (Checked::WithoutKeys(why), true) = (checked(inside, roots, screen).await?, has_keys) {
        let what = both("密钥打不开这份备份", "the keys do not open this backup");
        return Err(Fail::new(Kind::No, what).because(why));
    }
    Ok(has_keys)
}

/// The backup of one engine is no backup of the other.
fn same_engine(manifest: &Manifest, premises: &Premises) -> Result<(), Fail> {
    match (manifest.database, &premises.database) {
        (Engine::Sqlite, None) | (Engine::Postgres, Some(_)) => Ok(()),
        (Engine::Postgres, None) => {
            let what = both("这是 PostgreSQL 的备份", "this is a backup of a PostgreSQL database");
            Err(Fail::new(Kind::Input, what).next(
                "请用 MINGBAI_DATABASE_URL 指明一个空的数据库。",
                "Name an empty database with MINGBAI_DATABASE_URL.",
            ))
        }
        (Engine::Sqlite, Some(_)) => {
            let what = both("这是 SQLite 的备份", "this is a backup of an SQLite database");
            Err(Fail::new(Kind::Input, what)
                .next("请先去掉 database_url 的设置。", "Leave the setting database_url out."))
        }
    }
}

async fn empty(url: &DatabaseUrl) -> Result<(), Fail> {
    pg_tools::Tool::Restore.find()?;
    let new = Postgres::is_new(url.secret()).await.map_err(|e| {
        Fail::new(Kind::Io, both("数据库打不开", "the database cannot be opened")).because(e.words())
    })?;
    if new {
        return Ok(());
    }
    let what = both("目标数据库不是空的", "the database is not empty");
    Err(Fail::new(Kind::Input, what)
        .because(both("不会覆盖任何已有的数据", "nothing that is there is ever overwritten"))
        .next("请另建一个空的数据库。", "Make a new, empty database."))
}

async fn the_same_log(manifest: &Manifest, place: Place<'_>) -> Result<(), Fail> {
    let unreadable = |e: mingbai_store::OpenError| {
        Fail::new(Kind::No, both("备份里的数据库读不了", "the database in the backup cannot be read"))
            .because(e.words())
    };
    let head = fsck::head(place).await.map_err(unreadable)?;
    if (head.size, head.root.to_string()) != (manifest.size, manifest.root.clone()) {
        return Err(other_file(STORE));
    }
    let Some(note) = &manifest.checkpoint else { return Ok(()) };
    let note = SignedCheckpoint::parse(note).map_err(|_| other_file(MANIFEST))?;
    let (size, root) = (note.checkpoint().size(), note.checkpoint().root());
    match fsck::root_of(place, size).await.map_err(unreadable)? {
        Some(found) if found == root => Ok(()),
        _ => Err(other_file(MANIFEST)),
    }
}

/// Puts the documents into the bucket that the settings name, and gives their room back.
async fn into_bucket(inside: &Premises, screen: &Screen) -> Result<(), Fail> {
    let keys = keys::open(&inside.dir.join(KEYS), Origin::Known, "restore", &inside.master)?;
    let shelves = Shelves::open(inside, &keys).await?;
    let local = inside.dir.join(ATTACHMENTS);
    if !local.exists() {
        return Ok(());
    }
    let label = screen.pick("已上传文件", "documents put on S3").to_owned();
    let told = |done: u64| {
        if done.is_multiple_of(DOCUMENTS_LINE) {
            eprintln!("{label} {done}");
        }
    };
    shelves.documents.copy_from(&local, told).await.map_err(|e| {
        let what = both("文件没有放进 S3", "the documents were not put on S3");
        Fail::new(Kind::Io, what).caused_by(&e)
    })?;
    std::fs::remove_dir_all(&local).map_err(|e| Fail::writing(&local, &e))
}

fn tell(dir: &Path, manifest: &Manifest, has_keys: bool, screen: &mut Screen) {
    let done = screen.pick("已恢复到", "restored to").to_owned();
    let done = screen.toned(Tone::Good, &done);
    screen.line(format!("{done} {}", dir.display()));
    screen.say(
        &format!("  日志停在备份时的 {} 条记录。之后确认过的记录不在这里。", manifest.size),
        &format!(
            "  The log stands at the {} records of the backup. What was acknowledged later is not here.",
            manifest.size
        ),
    );
    screen.say(
        "  如果这套密钥在备份之后还签过更大的检查点,服务会发现日志变短而拒绝签名(防回滚):这是对的。请先找回更新的数据;\
         确实找不回的,按运维手册记录在案,再由负责人解除。",
        "  If these keys signed a larger checkpoint after the backup, the server notices that the log is shorter and refuses to sign \
         (rollback guard). That is right: look for newer data first; if there is none, put it on record as the operator's manual \
         says, and have the person in charge lift the refusal.",
    );
    screen.say(
        "  原机器的 highest-signed 文件若还在,请一并放进新的数据目录:有它,本机也能自己发现日志变短,不必等见证方。",
        "  If the file highest-signed of the old machine is still there, put it into the new data folder: then this machine notices a \
         shorter log by itself and not only through its witnesses.",
    );
    if !has_keys {
        screen.say(
            "  备份里没有密钥:把 keys 文件夹放进数据目录,再运行 mingbai fsck。",
            "  There are no keys in the backup: put the folder keys into the data folder, then run mingbai fsck.",
        );
    }
}

fn other_file(path: &str) -> Fail {
    let what = both(
        format!("备份里的 {path} 与清单不符"),
        format!("{path} in the backup is not what its manifest says"),
    );
    Fail::new(Kind::No, what)
        .because(both("它被改动、截短或丢失了", "it was changed, cut short or lost"))
        .next("什么也没有恢复。请用另一份备份。", "Nothing was restored. Use another backup.")
}
