//! Who keeps the master key, which wraps the keys of persons: a file in the data folder, the environment, or a key service that
//! never gives it away. And how it passes from one to the next, without a moment in which somebody's key opens nowhere.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mingbai_core::text::{Tell as _, both};
use mingbai_store::{BothKeys, HttpCustody, KeyCustody, MasterKey};
use zeroize::Zeroizing;

use super::Origin;
use super::keys::{damaged, make, read};
use crate::fail::{Fail, Kind};

/// File of the master key.
const MASTER: &str = "master.key";
/// The next master key, while it takes over.
const NEXT: &str = "master.key.next";
/// A master key of before; the later ones have a number behind it.
const BEFORE: &str = "master.key.before";
/// What a master key's file says it is.
const LABEL: &str = "mingbai/master";
/// The most master keys of before that are looked for.
const EARLIER: usize = 100;

/// A master key in memory.
pub type Master = Zeroizing<[u8; 32]>;

/// Where the master key comes from.
#[derive(Clone)]
pub enum MasterFrom {
    /// The file in the data folder.
    File,
    /// The environment.
    Given(Master),
    /// A key service, which keeps it.
    Service(KeyService),
}

/// A key service.
#[derive(Clone)]
pub struct KeyService {
    /// Address.
    pub url: String,
    /// What it lets us in with.
    pub token: Zeroizing<String>,
}

impl KeyService {
    fn custody(&self) -> Result<Arc<dyn KeyCustody>, Fail> {
        let service = HttpCustody::new(&self.url, self.token.as_str().to_owned());
        service.map(Into::into).map_err(|e| {
            let what = both("key_service_url 不能用", "key_service_url cannot be used");
            Fail::new(Kind::Input, what).because(e.words())
        })
    }
}

fn custody_of(key: &Master) -> Arc<dyn KeyCustody> {
    MasterKey::new(**key).into()
}

/// The keeper of the master key. Made as a file when there is none, but only when `origin` says that the data folder is new.
pub fn open(folder: &Path, origin: Origin, from: &MasterFrom) -> Result<Arc<dyn KeyCustody>, Fail> {
    let path = folder.join(MASTER);
    if folder.join(NEXT).exists() {
        let what = both("主密钥正在更换,还没有换完", "the master key is being changed and not wholly so");
        return Err(to_be_ended(what));
    }
    match from {
        MasterFrom::File => {
            if origin == Origin::New && !path.exists() {
                make(folder, &path, LABEL)?;
            }
            Ok(custody_of(&read(&path)?.1))
        }
        MasterFrom::Given(key) => {
            if path.exists() && read(&path)?.1 != *key {
                return Err(still_in_file(&path));
            }
            Ok(custody_of(key))
        }
        MasterFrom::Service(_) if path.exists() => Err(still_in_file(&path)),
        MasterFrom::Service(service) => service.custody(),
    }
}

/// The settings name another keeper than the file that is still there.
fn still_in_file(path: &Path) -> Fail {
    let shown = path.display();
    to_be_ended(both(
        format!("设置里的主密钥和 {shown} 不是同一把,个人信息还锁在文件里的那一把之下"),
        format!(
            "the settings name another master key than {shown}, under which the personal values still are"
        ),
    ))
}

fn to_be_ended(what: mingbai_cost::Words) -> Fail {
    Fail::new(Kind::Io, what).next(
        "请先运行 mingbai key rotate-master,把它做完。",
        "Run mingbai key rotate-master first, which ends it.",
    )
}

/// A change of the master key that is under way.
pub struct Change {
    /// Opens what any master key of this folder wrapped, and wraps under the next one only.
    pub both: BothKeys,
    /// The next one.
    pub next: Arc<dyn KeyCustody>,
}

/// Begins a change, or goes on with one that was broken off: to a new key in a file, or to the keeper that the settings name now.
pub fn begin(folder: &Path, from: &MasterFrom) -> Result<Change, Fail> {
    let path = folder.join(MASTER);
    let next = match from {
        MasterFrom::File => {
            let before = read(&path)?.1;
            let next = folder.join(NEXT);
            if !next.exists() {
                make(folder, &next, LABEL)?;
            }
            let next = read(&next)?.1;
            if next == before {
                return Err(damaged(
                    &folder.join(NEXT),
                    "与现用的主密钥相同",
                    "it is the present master key",
                ));
            }
            custody_of(&next)
        }
        MasterFrom::Given(key) => {
            if !path.exists() || read(&path)?.1 == *key {
                return Err(nothing_to_change(
                    "把旧主密钥写回 keys/master.key(一行:mingbai/master、空格、64 位十六进制),把新的设为 MINGBAI_MASTER_KEY,再运行一次。",
                    "Write the old master key to keys/master.key (one line: mingbai/master, space, 64 hex digits), set \
                     MINGBAI_MASTER_KEY to the new one, and run this again.",
                ));
            }
            custody_of(key)
        }
        MasterFrom::Service(_) if !path.exists() => {
            return Err(nothing_to_change(
                "主密钥由密钥服务保管,请在密钥服务里更换它。",
                "The key service keeps the master key; change it there.",
            ));
        }
        MasterFrom::Service(service) => service.custody()?,
    };
    // Earlier master keys too: should a person's key have been left under one of them, it is found and brought along. So is what a
    // change to another file had wrapped before the settings were changed once more.
    let mut before = custody_of(&read(&path)?.1);
    let unfinished =
        Some(folder.join(NEXT)).filter(|path| !matches!(from, MasterFrom::File) && path.exists());
    for other in earlier(folder).into_iter().chain(unfinished) {
        let key = custody_of(&read(&other)?.1);
        before = BothKeys { before: key, next: before }.into();
    }
    Ok(Change { both: BothKeys { before, next: next.clone() }, next })
}

fn nothing_to_change(zh: &str, en: &str) -> Fail {
    let what = both("这里没有可更换的主密钥文件", "there is no master key here that this could change");
    Fail::new(Kind::Input, what).next(zh, en)
}

/// The master keys of before that were kept.
fn earlier(folder: &Path) -> Vec<PathBuf> {
    names(folder).filter(|path| path.exists()).collect()
}

fn names(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let later = (2..=EARLIER).map(|number| format!("{BEFORE}-{number}"));
    std::iter::once(BEFORE.to_owned()).chain(later).map(move |name| folder.join(name))
}

/// Ends a change: the master key of before is kept under a name of its own, and the next one takes its place. In no moment is
/// there none, and an earlier one is never overwritten: an old backup may need it. Returns where the one of before is.
pub fn end(folder: &Path, from: &MasterFrom) -> Result<PathBuf, Fail> {
    let present = folder.join(MASTER);
    let failed = |e: std::io::Error| Fail::writing(&present, &e);
    let key = read(&present)?.1;
    let mut kept = None;
    for path in names(folder) {
        // A change that was broken off here has kept it already.
        if !path.exists() || read(&path)?.1 == key {
            kept = Some(path);
            break;
        }
    }
    let kept =
        kept.ok_or_else(|| damaged(&present, "旧主密钥太多了", "there are too many master keys of before"))?;
    match std::fs::hard_link(&present, &kept) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(e)),
        _ => {}
    }
    // The copy's name must be on the disk before the present one's goes.
    let synced = || File::open(folder)?.sync_all();
    synced().map_err(failed)?;
    match from {
        MasterFrom::File => std::fs::rename(folder.join(NEXT), &present).map_err(failed)?,
        MasterFrom::Given(_) | MasterFrom::Service(_) => {
            match std::fs::remove_file(folder.join(NEXT)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
                _ => {}
            }
            std::fs::remove_file(&present).map_err(failed)?;
        }
    }
    synced().map_err(failed)?;
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("mingbai-master-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap_or_else(|e| panic!("{e}"));
        path
    }

    fn fine<T>(outcome: Result<T, Fail>) -> T {
        outcome.unwrap_or_else(|fail| panic!("{fail:?}"))
    }

    fn key(path: &Path) -> Master {
        fine(read(path)).1
    }

    #[test]
    fn no_master_key_of_before_is_ever_overwritten() {
        let folder = folder("before");
        fine(open(&folder, Origin::New, &MasterFrom::File));
        let mut all = vec![key(&folder.join(MASTER))];
        for round in 0..3 {
            fine(begin(&folder, &MasterFrom::File));
            assert!(open(&folder, Origin::Known, &MasterFrom::File).is_err(), "half-way");
            let kept = fine(end(&folder, &MasterFrom::File));
            assert_eq!(key(&kept), all[round]);
            all.push(key(&folder.join(MASTER)));
        }
        assert_eq!(earlier(&folder).len(), 3);
        assert!(all.iter().enumerate().all(|(at, one)| !all[..at].contains(one)));
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn an_end_that_was_cut_off_anywhere_can_be_done_again() {
        let folder = folder("cut");
        fine(open(&folder, Origin::New, &MasterFrom::File));
        fine(begin(&folder, &MasterFrom::File));
        let first = key(&folder.join(MASTER));
        // After the copy got its name, before the rename.
        let linked = std::fs::hard_link(folder.join(MASTER), folder.join(BEFORE));
        assert!(linked.is_ok());
        let kept = fine(end(&folder, &MasterFrom::File));
        assert_eq!((key(&kept), earlier(&folder).len()), (first, 1));
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn settings_that_change_in_the_middle_of_a_change_lose_nobody() {
        let folder = folder("middle");
        fine(open(&folder, Origin::New, &MasterFrom::File));
        let change = fine(begin(&folder, &MasterFrom::File));
        let given = MasterFrom::Given(Zeroizing::new([5; 32]));
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.unwrap_or_else(|e| panic!("{e}"));
        runtime.block_on(async {
            let (person, key) = (uuid::Uuid::from_u128(1), Zeroizing::new([9; 32]));
            let wrapped = change.next.wrap(person, [0; 12], &key).await.unwrap_or_else(|e| panic!("{e}"));
            // Half of the persons are under the next file's key when the operator decides for the environment.
            let other = fine(begin(&folder, &given));
            assert_eq!(other.both.unwrap(person, &wrapped).await.as_deref(), Ok(&*key));
        });
        fine(end(&folder, &given));
        assert!(!folder.join(NEXT).exists() && open(&folder, Origin::Known, &given).is_ok());
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn a_key_in_the_environment_takes_over_and_is_not_mixed_up() {
        let folder = folder("given");
        fine(open(&folder, Origin::New, &MasterFrom::File));
        let same = MasterFrom::Given(key(&folder.join(MASTER)));
        let other = MasterFrom::Given(Zeroizing::new([5; 32]));
        assert!(open(&folder, Origin::Known, &same).is_ok() && begin(&folder, &same).is_err());
        assert!(open(&folder, Origin::Known, &other).is_err());
        fine(begin(&folder, &other));
        fine(end(&folder, &other));
        assert!(open(&folder, Origin::Known, &other).is_ok() && !folder.join(MASTER).exists());
        assert!(begin(&folder, &other).is_err(), "there is nothing to change from");
        let _ = std::fs::remove_dir_all(folder);
    }
}
