//! The settings of time stamps: which authority, which root its answers must lead to, how often.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mingbai_core::text::both;
use mingbai_desk::Authority;
use mingbai_evidence::Bilingual as _;
use mingbai_evidence::timestamp::Roots;

use crate::commands::read_text;
use crate::config::Set;
use crate::fail::{Fail, Kind};
use crate::house::stamper::Stamper;

/// A file of roots; more is another file by mistake.
const MAX_ROOT_BYTES: u64 = 1024 * 1024;

/// Which time-stamping authority is asked, and how often.
#[derive(Clone, Debug)]
pub struct TsaSettings {
    /// Address; `None` = no time stamps.
    pub url: Set<Option<String>>,
    /// File with the roots that its answers must lead to.
    pub root: Set<Option<PathBuf>>,
    /// At least every so many minutes, if the log grew.
    pub minutes: Set<u32>,
    /// Signed contracts get a new time stamp so many days before the present one's certificates end.
    pub renew_days: Set<u32>,
}

impl TsaSettings {
    /// The roots, when they are named.
    pub fn roots(&self) -> Result<Option<Roots>, Fail> {
        self.root.value.as_deref().map(roots).transpose()
    }

    /// The authority, when one is named. Without a root its answers could not be verified, so that is refused.
    pub fn authority(&self) -> Result<Option<Authority>, Fail> {
        let Some(url) = &self.url.value else { return Ok(None) };
        let Some(root) = &self.root.value else {
            let what = both("设置了 tsa_url,但没有 tsa_root", "tsa_url is set, but there is no tsa_root");
            return Err(Fail::new(Kind::Input, what)
                .because(both(
                    "没有根证书,时间戳机构的回答就无从验证",
                    "without a root the authority's answers cannot be verified",
                ))
                .next(
                    "用 tsa_root 指明时间戳机构公布的根证书文件(PEM)。",
                    "Name the file with the authority's published root (PEM) with tsa_root.",
                ));
        };
        let way = Arc::new(Stamper::new(url.clone())?);
        let (every_minutes, renew_days) = (self.minutes.value, self.renew_days.value);
        Ok(Some(Authority { way, roots: roots(root)?, every_minutes, renew_days }))
    }
}

/// Reads a file of roots.
pub fn roots(path: &Path) -> Result<Roots, Fail> {
    Roots::from_pem(&read_text(path, MAX_ROOT_BYTES)?).map_err(|error| {
        let shown = path.display();
        let what = both(
            format!("{shown} 不是时间戳机构的根证书"),
            format!("{shown} holds no root of a time-stamping authority"),
        );
        Fail::new(Kind::Input, what).because(both(error.zh(), error.en()))
    })
}
