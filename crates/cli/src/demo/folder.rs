//! The demo's folder: its own, never anybody else's. A marker file says that everything in it is play.

use std::path::{Path, PathBuf};

use mingbai_core::text::both;

use crate::commands::write_whole;
use crate::examples::{COMPLAINTS, HONEST, PURCHASE, dearer};
use crate::fail::{Fail, Kind};
use crate::house::Lock;

/// Where the demo lives when nobody says otherwise.
pub const DEFAULT: &str = "mingbai-demo";
const MARKER: &str = "MINGBAI-DEMO.txt";
const MARKER_TEXT: &str = "这个文件夹由 mingbai demo 建立,里面的人和机构都是虚构的;mingbai demo --start-over 会整个删掉它。\n\
This folder was made by mingbai demo; its people and firms are invented. mingbai demo --start-over deletes all of it.\n";

/// What to do with an earlier demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Leave it alone and say so.
    Keep,
    /// Delete it.
    Delete,
}

/// The demo's folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, or refuses when something else lies there.
    pub fn prepare(path: &Path, earlier: Earlier) -> Result<Self, Fail> {
        let folder = Folder(path.to_path_buf());
        if folder.0.join(MARKER).is_file() {
            match earlier {
                Earlier::Keep => return Err(folder.known()),
                Earlier::Delete => {
                    // A demo that still runs keeps its lock, and its folder.
                    drop(Lock::take(&folder.data())?);
                    std::fs::remove_dir_all(path).map_err(|e| Fail::writing(path, &e))?;
                }
            }
        } else if is_used(path)? == Used::Yes {
            return Err(folder.foreign());
        }
        for part in [folder.products(), folder.evidence(), folder.papers()] {
            std::fs::create_dir_all(&part).map_err(|e| Fail::writing(&part, &e))?;
        }
        write_whole(&folder.0.join(MARKER), MARKER_TEXT.as_bytes())?;
        let dearer = dearer();
        let products = [
            ("honest.toml", HONEST),
            ("honest-2026.2.toml", dearer.as_str()),
            ("complaints.toml", COMPLAINTS),
            ("purchase.toml", PURCHASE),
        ];
        for (name, text) in products {
            write_whole(&folder.products().join(name), text.as_bytes())?;
        }
        Ok(folder)
    }

    /// The server's data folder.
    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// The product files.
    pub fn products(&self) -> PathBuf {
        self.data().join("products")
    }

    /// The evidence packages.
    pub fn evidence(&self) -> PathBuf {
        self.0.join("evidence")
    }

    /// The PDFs.
    pub fn papers(&self) -> PathBuf {
        self.0.join("papers")
    }

    fn known(&self) -> Fail {
        let shown = self.0.display();
        let what = both(format!("{shown} 里已有一次演示"), format!("there is an earlier demo in {shown}"));
        Fail::new(Kind::Input, what)
            .next(
                format!("重新演示:mingbai demo --dir {shown} --start-over(会删掉它)。"),
                format!("Play it again: mingbai demo --dir {shown} --start-over (deletes it)."),
            )
            .next(
                format!("接着看上一次的:mingbai serve --dir {shown}/data。"),
                format!("Go on looking at it: mingbai serve --dir {shown}/data."),
            )
    }

    fn foreign(&self) -> Fail {
        let shown = self.0.display();
        let what = both(
            format!("{shown} 不是空的,也不是演示文件夹"),
            format!("{shown} is not empty, and it is no demo folder"),
        );
        Fail::new(Kind::Input, what)
            .because(both("演示不碰别人的文件", "the demo does not touch anybody else's files"))
            .next("用 --dir 指定一个空文件夹。", "Name an empty folder with --dir.")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Used {
    No,
    Yes,
}

fn is_used(path: &Path) -> Result<Used, Fail> {
    match std::fs::read_dir(path) {
        Ok(mut entries) => Ok(if entries.next().is_some() { Used::Yes } else { Used::No }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Used::No),
        Err(e) => Err(Fail::reading(path, &e)),
    }
}
