//! One thing that does not hold: what, why, and what to do about it, in both languages.

use mingbai_core::text::both;
use mingbai_cost::Words;

/// The most findings that are told one by one; the others are counted.
const TOLD: usize = 200;

/// What kind of thing does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// A record's bytes, hash or columns.
    Record,
    /// The order of a stream.
    Chain,
    /// A node or the root of the tree.
    Tree,
    /// A document.
    Document,
    /// A personal value.
    Vault,
    /// A published checkpoint.
    Checkpoint,
    /// A witness's cosignature.
    Cosignature,
    /// A time stamp.
    Stamp,
    /// What is computed from evidence: staff list, short codes, idempotency keys.
    Projection,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of what kind.
    pub area: Area,
    /// What does not hold.
    pub what: Words,
    /// Why it is known.
    pub why: Words,
}

impl Finding {
    pub(super) fn new(area: Area, what: Words, why: Words) -> Self {
        Finding { area, what, why }
    }

    /// What to do.
    #[must_use]
    pub fn next(&self) -> Words {
        match self.area {
            Area::Record | Area::Chain | Area::Tree => both(
                "停止服务,保留这个目录的副本作为证据,再用 mingbai restore 从备份恢复;备份之后确认的记录要逐条核对。",
                "Stop the server, keep a copy of this folder as evidence, then restore a backup with mingbai restore; what was \
                 acknowledged after that backup has to be compared one by one.",
            ),
            Area::Document => both(
                "从备份的 attachments 里拷回这个文件(按摘要命名);找不回的,在投诉处置里记下缺哪一份。",
                "Copy this file back from a backup's attachments (it is named by its digest); put on record what cannot be found.",
            ),
            Area::Vault => both(
                "确认用的是原来那把主密钥;是的话,从备份恢复。存证不受影响,只是这个人的资料打不开。",
                "Make sure that the master key is the one that it was written with; if so, restore a backup. The evidence is not \
                 affected, but this person's values cannot be opened.",
            ),
            Area::Checkpoint => both(
                "停止服务,保留副本。拿别人手里的检查点(见证方、证据包、凭证)来比:与它们一致的日志才是真的;再从备份恢复。",
                "Stop the server and keep a copy. Compare with the checkpoints that others hold (witnesses, packages, receipts): the \
                 log that agrees with them is the true one; then restore it from a backup.",
            ),
            Area::Cosignature => both(
                "日志本身不受影响;请见证方重新联署,或从备份恢复这一行。",
                "The log itself is not affected; ask the witness to cosign again, or restore this row from a backup.",
            ),
            Area::Stamp => both(
                "日志本身不受影响;从备份恢复这一行。换过时间戳机构的,把新旧根证书都放进 tsa_root 的文件。",
                "The log itself is not affected; restore this row from a backup. After a change of authority, put both roots into the \
                 file of tsa_root.",
            ),
            Area::Projection => both(
                "存证本身没有问题,只是由它算出的列表不对:请把这条报告交给开发者,不要手工修改数据库。",
                "The evidence itself holds, only what was computed from it is wrong: send this report to the developers, and do \
                 not edit the database by hand.",
            ),
        }
    }
}

/// Findings: all counted, the first ones kept.
#[derive(Debug, Default)]
pub struct Findings {
    total: u64,
    told: Vec<Finding>,
}

impl Findings {
    pub(super) fn add(&mut self, finding: Finding) {
        self.total += 1;
        if self.told.len() < TOLD {
            self.told.push(finding);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The first of them.
    #[must_use]
    pub fn told(&self) -> &[Finding] {
        &self.told
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }
}
