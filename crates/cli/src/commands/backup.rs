//! `mingbai backup`: a copy of everything, consistent although servers may be writing. It signs nothing: what it carries is the
//! newest checkpoint that a server published, and an old database is not backed up over newer backups.

use std::path::Path;

use mingbai_core::text::{Tell as _, both};
use mingbai_desk::ports::{HighWater as _, TreeHead};
use mingbai_store::Moment;
use mingbai_store::fsck::{self, Place};

use crate::args::BackupArgs;
use crate::commands::block_on;
use crate::config::Settings;
use crate::database::DatabaseUrl;
use crate::fail::{Fail, Kind};
use crate::house::backup::{self, Engine, Folder, Kept, MANIFEST, Manifest};
use crate::house::mark::Mark;
use crate::house::shelves::Shelves;
use crate::house::{ATTACHMENTS, KEYS, Origin, STORE, keys, pg_tools};
use crate::real;
use crate::screen::{Screen, Tone};
use crate::storage::Premises;

/// The dump of a PostgreSQL database in a backup.
pub const DUMP: &str = "mingbai.dump";
/// How many documents go by between two lines of progress.
pub const DOCUMENTS_LINE: u64 = 1_000;

/// Makes a backup.
pub fn run(args: &BackupArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    block_on(made(args, &settings.premises()?, screen))
}

/// What was copied of the log.
struct Copied {
    head: TreeHead,
    checkpoint: Option<String>,
    engine: Engine,
    file: &'static str,
}

async fn made(args: &BackupArgs, premises: &Premises, screen: &mut Screen) -> Result<(), Fail> {
    let dir = &premises.dir;
    if premises.database.is_none() && !dir.join(STORE).is_file() {
        let shown = dir.display();
        let what =
            both(format!("{shown} 里没有可备份的数据"), format!("there is nothing to back up in {shown}"));
        return Err(
            Fail::new(Kind::Input, what).next("用 --dir 指明数据目录。", "Name the data folder with --dir.")
        );
    }
    let keys = keys::open(&dir.join(KEYS), Origin::Known, "backup", &premises.master)?;
    let folder = Folder::begin(&args.to)?;
    // The database first: a document is always kept before a record names it, so none that this copy names can be missing.
    let copied = match &premises.database {
        None => from_file(dir, folder.path()).await?,
        Some(url) => from_server(url, dir, folder.path(), screen).await?,
    };
    let mut files = vec![digest_of(folder.path(), copied.file)?];
    match &premises.bucket {
        None => backup::copy_all(&dir.join(ATTACHMENTS), folder.path(), ATTACHMENTS, &mut files)?,
        Some(_) => {
            let shelves = Shelves::open(premises, &keys).await?;
            let (zh, en) = ("已复制文件", "documents copied");
            let label = screen.pick(zh, en).to_owned();
            let told = |done: u64| {
                if done.is_multiple_of(DOCUMENTS_LINE) {
                    eprintln!("{label} {done}");
                }
            };
            shelves.documents.copy_to(&folder.path().join(ATTACHMENTS), told).await.map_err(|e| {
                let what = both("S3 上的文件没有备份成", "the documents on S3 were not backed up");
                Fail::new(Kind::Io, what).caused_by(&e)
            })?;
            backup::list_all(folder.path(), ATTACHMENTS, &mut files)?;
        }
    }
    for name in ["products", "ca"] {
        backup::copy_all(&dir.join(name), folder.path(), name, &mut files)?;
    }
    if args.with_keys {
        backup::copy_all(&dir.join(KEYS), folder.path(), KEYS, &mut files)?;
    }
    let manifest = Manifest {
        v: 1,
        made_at_ms: real::now_ms(),
        program: concat!("mingbai ", env!("CARGO_PKG_VERSION")).to_owned(),
        size: copied.head.size,
        root: copied.head.root.to_string(),
        checkpoint: copied.checkpoint,
        keys: args.with_keys,
        database: copied.engine,
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

fn damaged(e: mingbai_store::OpenError) -> Fail {
    Fail::new(Kind::Io, both("数据库没有备份成", "the database was not backed up")).because(e.words())
}

async fn from_file(dir: &Path, to: &Path) -> Result<Copied, Fail> {
    // Read before the copy is made: a server may sign more meanwhile.
    let mark = mark(dir).await?;
    let file = to.join(STORE);
    mingbai_store::copy_sqlite(&dir.join(STORE), &file).await.map_err(damaged)?;
    let place = Place::File(&file);
    let head = fsck::head(place).await.map_err(damaged)?;
    if let Some(mark) = mark {
        let root = fsck::root_of(place, mark.size).await.map_err(damaged)?;
        newer(head, mark, root == Some(mark.root))?;
    }
    let checkpoint = fsck::newest_checkpoint(place).await.map_err(damaged)?;
    Ok(Copied { head, checkpoint, engine: Engine::Sqlite, file: STORE })
}

async fn from_server(url: &DatabaseUrl, dir: &Path, to: &Path, screen: &Screen) -> Result<Copied, Fail> {
    // Named before anything is begun: without the tool nothing is half done.
    pg_tools::Tool::Dump.find()?;
    let mark = mark(dir).await?;
    let mut moment = Moment::of(url.secret()).await.map_err(damaged)?;
    let head = moment.head();
    if let Some(mark) = mark {
        let root = moment.root_at(mark.size).await.map_err(damaged)?;
        newer(head, mark, root == Some(mark.root))?;
    }
    let checkpoint = moment.published().await.map_err(damaged)?;
    pg_tools::dump(url, moment.name(), &to.join(DUMP), screen)?;
    moment.end().await.map_err(damaged)?;
    Ok(Copied { head, checkpoint, engine: Engine::Postgres, file: DUMP })
}

async fn mark(dir: &Path) -> Result<Option<TreeHead>, Fail> {
    Mark::of(dir).read().await.map_err(|e| {
        Fail::new(Kind::Io, both("签名标记读不了", "the mark of what was signed cannot be read"))
            .caused_by(&e)
    })
}

/// Refuses a database that is older than what was signed here, or another one: its backup would be taken for the newest.
fn newer(head: TreeHead, mark: TreeHead, same: bool) -> Result<(), Fail> {
    if same {
        return Ok(());
    }
    let (size, signed) = (head.size, mark.size);
    let what = both(
        format!("这个数据库不是签过名的那个:它有 {size} 条记录,本机为 {signed} 条签过名"),
        format!(
            "this database is not the one that was signed: it has {size} records, and {signed} were signed here"
        ),
    );
    Err(Fail::new(Kind::No, what)
        .because(both(
            "它是旧的或被改写过;把它备份成“最新”,会盖掉真正的最新",
            "it is an old one or was rewritten; as the newest backup it would hide the one that is",
        ))
        .next(
            "先用 mingbai serve 看防回滚的说明,恢复最新的备份;要留作证据就整个复制数据目录。",
            "See what mingbai serve says about it, and restore the newest backup; to keep this as evidence, copy the whole folder.",
        ))
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
