//! `mingbai backup` and `mingbai restore`: a copy of a data folder that is consistent although a server may be writing, and the
//! way back, which checks everything before it says that it is done.

use std::path::Path;

use mingbai_core::text::{Tell as _, both};
use mingbai_desk::ports::Signer as _;
use mingbai_evidence::note::Checkpoint;
use mingbai_store::fsck::{self, Place};

use crate::args::{BackupArgs, RestoreArgs};
use crate::commands::block_on;
use crate::commands::fsck::{Checked, checked};
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::backup::{self, Folder, Kept, MANIFEST, Manifest};
use crate::house::{ATTACHMENTS, KEYS, Origin, STORE, keys};
use crate::real;
use crate::screen::{Screen, Tone};

/// Makes a backup.
pub fn run(args: &BackupArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    if settings.database.value.is_some() {
        return Err(by_server_tools(settings));
    }
    block_on(made(args, &settings.dir.value, screen))
}

/// PostgreSQL is backed up by its own tools; we say how.
fn by_server_tools(settings: &Settings) -> Fail {
    let dir = settings.dir.value.display();
    let what = both("PostgreSQL 用它自己的工具备份", "PostgreSQL is backed up by its own tools");
    Fail::new(Kind::Input, what)
        .because(both(
            "pg_dump 取的是一个时刻的一致快照,不必停服务;先备份数据库、后备份文件,文件就不会缺",
            "pg_dump takes a consistent snapshot while the server runs; the database first and the documents after it, so that \
             no document is missing",
        ))
        .next(
            format!("1. pg_dump --format=custom --file=mingbai.dump \"$MINGBAI_DATABASE_URL\"  2. 复制 {dir}/{ATTACHMENTS}  3. 把 {dir}/{KEYS} 另存到别处保管。"),
            format!(
                "1. pg_dump --format=custom --file=mingbai.dump \"$MINGBAI_DATABASE_URL\"  2. copy {dir}/{ATTACHMENTS}  3. keep \
                 {dir}/{KEYS} somewhere else."
            ),
        )
        .next(
            "恢复:pg_restore 到一个空库,放回 attachments 和 keys,再运行 mingbai fsck。",
            "Restore: pg_restore into an empty database, put attachments and keys back, then run mingbai fsck.",
        )
}

async fn made(args: &BackupArgs, dir: &Path, screen: &mut Screen) -> Result<(), Fail> {
    let file = dir.join(STORE);
    if !file.is_file() {
        let shown = dir.display();
        let what =
            both(format!("{shown} 里没有可备份的数据"), format!("there is nothing to back up in {shown}"));
        return Err(
            Fail::new(Kind::Input, what).next("用 --dir 指明数据目录。", "Name the data folder with --dir.")
        );
    }
    let keys = keys::open(&dir.join(KEYS), Origin::Known, "backup")?;
    let folder = Folder::begin(&args.to)?;
    let damaged = |e: mingbai_store::OpenError| {
        Fail::new(Kind::Io, both("数据库没有备份成", "the database was not backed up")).because(e.words())
    };
    // The database first: a document is always kept before a record names it, so none that this copy names can be missing.
    let copied = folder.path().join(STORE);
    mingbai_store::copy_sqlite(&file, &copied).await.map_err(damaged)?;
    let mut files = vec![digest_of(folder.path(), STORE)?];
    for name in [ATTACHMENTS, "products", "ca"] {
        backup::copy_all(&dir.join(name), folder.path(), name, &mut files)?;
    }
    if args.with_keys {
        backup::copy_all(&dir.join(KEYS), folder.path(), KEYS, &mut files)?;
    }
    let head = fsck::head(Place::File(&copied)).await.map_err(damaged)?;
    let signer = keys.signer.log();
    let checkpoint = Checkpoint::new(signer.name(), head.size, head.root).and_then(|note| note.sign(signer));
    let checkpoint = checkpoint.map_err(|e| {
        Fail::new(Kind::Internal, both("检查点签不了", "the checkpoint cannot be signed")).caused_by(&e)
    })?;
    let manifest = Manifest {
        v: 1,
        made_at_ms: real::now_ms(),
        program: concat!("mingbai ", env!("CARGO_PKG_VERSION")).to_owned(),
        size: head.size,
        root: head.root.to_string(),
        checkpoint,
        keys: args.with_keys,
        files,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|e| {
        Fail::new(Kind::Internal, both("清单写不成", "the manifest cannot be written")).caused_by(&e)
    })?;
    crate::commands::write_whole(&folder.path().join(MANIFEST), text.as_bytes())?;
    backup::sync_folders(folder.path())?;
    folder.publish()?;
    tell(args, &manifest, screen);
    Ok(())
}

/// A file that is already there, read once more from the disk.
fn digest_of(below: &Path, path: &str) -> Result<Kept, Fail> {
    let file = below.join(path);
    let sync = || std::fs::File::open(&file)?.sync_all();
    sync().map_err(|e| Fail::writing(&file, &e))?;
    backup::read(&file, path)
}

fn tell(args: &BackupArgs, manifest: &Manifest, screen: &mut Screen) {
    let (to, files) = (args.to.display(), manifest.files.len());
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let (size, root) = (manifest.size, &manifest.root);
    let done = screen.pick("备份完成", "the backup is done").to_owned();
    let done = screen.toned(Tone::Good, &done);
    screen.line(format!("{done}: {to}"));
    screen.say(
        &format!("  {size} 条记录,根 {root};{files} 个文件,{bytes} 字节。"),
        &format!("  {size} records, root {root}; {files} files, {bytes} bytes."),
    );
    if args.with_keys {
        let warning = screen.pick(
            "注意:备份里有密钥。谁拿到它,谁就能读所有人的资料、以本机构的名义签字。请加密保管,并与数据分开。",
            "careful: the keys are in it. Whoever gets it can read everybody's personal values and sign in the house's name. \
             Encrypt it, and keep it apart from the data.",
        );
        let warning = screen.toned(Tone::Bad, warning);
        screen.line(format!("  {warning}"));
    } else {
        screen.say(
            "  备份里没有密钥。请另行保管数据目录里的 keys:没有它,恢复后个人信息和文件打不开,检查点也签不了。",
            "  The keys are not in it. Keep the folder keys of the data folder elsewhere: without it no personal value or document \
             opens after a restore, and no checkpoint can be signed.",
        );
    }
}

/// Restores a backup.
pub fn restore(args: &RestoreArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    block_on(restored(args, &settings.dir.value, screen))
}

async fn restored(args: &RestoreArgs, dir: &Path, screen: &mut Screen) -> Result<(), Fail> {
    let manifest = backup::manifest(&args.from)?;
    let folder = Folder::begin(dir)?;
    for kept in &manifest.files {
        let copied = backup::copy(&args.from.join(&kept.path), folder.path(), &kept.path)?;
        if copied.as_ref() != Some(kept) {
            return Err(other_file(&kept.path));
        }
    }
    if let Some(keys) = &args.keys {
        backup::copy_all(keys, folder.path(), KEYS, &mut Vec::new())?;
    }
    let head = fsck::head(Place::File(&folder.path().join(STORE))).await.map_err(|e| {
        Fail::new(Kind::No, both("备份里的数据库读不了", "the database in the backup cannot be read"))
            .because(e.words())
    })?;
    if (head.size, head.root.to_string()) != (manifest.size, manifest.root.clone()) {
        return Err(other_file(STORE));
    }
    let has_keys = manifest.keys || args.keys.is_some();
    // Without keys the documents cannot be opened; they are what the manifest says, and fsck says the rest later.
    if let (Checked::WithoutKeys(why), true) = (checked(folder.path(), None, screen).await?, has_keys) {
        let what = both("密钥打不开这份备份", "the keys do not open this backup");
        return Err(Fail::new(Kind::No, what).because(why));
    }
    backup::sync_folders(folder.path())?;
    folder.publish()?;
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
    if !has_keys {
        screen.say(
            "  备份里没有密钥:把 keys 文件夹放进数据目录,再运行 mingbai fsck。",
            "  There are no keys in the backup: put the folder keys into the data folder, then run mingbai fsck.",
        );
    }
    Ok(())
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
