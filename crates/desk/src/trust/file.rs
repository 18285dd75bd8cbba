//! A signed file, judged for anybody who has one: what it proves by itself, and whether its paper is one that this house issued.
//! Nothing of it is kept.

use mingbai_core::text::both;
use mingbai_cost::Words;

use crate::desk::Desk;
use crate::error::{DeskError, ErrorKind};
use crate::ports::{FileClaim, FileReport, FileVerdict};

impl Desk {
    /// Judges a file at this moment; with the short code of its paper also against the evidence log.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when this house makes and reads no signatures; [`DeskError`] when the log cannot be read.
    pub async fn check_file(&self, pdf: Vec<u8>, code: Option<&str>) -> Result<FileReport, DeskError> {
        let Some(signatures) = self.signatures() else {
            return Err(DeskError::NotFound(both(
                "这里没有开通电子签名,不能核对签名文件。",
                "This house makes no electronic signatures and cannot check signed files.",
            )));
        };
        let mut report = signatures.inspect(pdf, self.now_ms()).await;
        let (verdict, why) = self.issued_here(&report, code).await?;
        let claim = both("这份文件是本机构发出的", "this house issued the paper");
        report.claims.push(FileClaim { field: None, claim, verdict, why });
        Ok(report)
    }

    async fn issued_here(
        &self,
        report: &FileReport,
        code: Option<&str>,
    ) -> Result<(FileVerdict, Words), DeskError> {
        let Some(code) = code else {
            let why = both(
                "没有填文件编号,没有与存证日志比对",
                "no code of the paper was given, so it was not compared with the evidence log",
            );
            return Ok((FileVerdict::NotKnown, why));
        };
        let paper = match self.check_code(code).await {
            Ok(paper) => paper,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let why = both(
                    "没有发出过这个编号的文件,或者编号填错了",
                    "no paper with this code was issued, or the code was mistyped",
                );
                return Ok((FileVerdict::NotKnown, why));
            }
            Err(error) => return Err(error),
        };
        Ok(match report.paper.contains(&paper.digest) {
            true => (
                FileVerdict::Holds,
                both(
                    "存证日志里这个编号的文件,逐字节就是这一份(签名之前的内容)",
                    "the evidence log has exactly these bytes under this code, as they were before anybody signed",
                ),
            ),
            false => (
                FileVerdict::Contradicted,
                both(
                    "存证日志里这个编号的文件内容与这一份不同",
                    "the evidence log has another file under this code",
                ),
            ),
        })
    }
}
