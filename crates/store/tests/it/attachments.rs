//! What every store of documents must keep, and what happens to a damaged one.

use mingbai_desk::ports::{Attachments, KeepError};
use mingbai_evidence::Digest;
use mingbai_store::{ATTACHMENT_LIMIT, Folder};

use crate::support::folder;

pub async fn keeps_the_contract(documents: &dyn Attachments) {
    for bytes in [Vec::new(), b"x".to_vec(), vec![9; 1 << 20]] {
        let kept = documents.put(bytes.clone(), "application/pdf").await.unwrap();
        assert_eq!((kept.sha256, kept.bytes), (Digest::of(&bytes), bytes.len() as u64));
        assert_eq!(
            documents.put(bytes.clone(), "application/pdf").await.unwrap(),
            kept,
            "again changes nothing"
        );
        assert_eq!(documents.get(kept.sha256).await.unwrap(), Some(bytes));
    }
    assert_eq!(documents.get(Digest::of(b"never")).await.unwrap(), None);
    assert!(matches!(documents.put(b"x".to_vec(), "").await, Err(KeepError::TooLarge { .. })));
    let large = documents.put(vec![0; ATTACHMENT_LIMIT + 1], "a/b").await;
    assert!(matches!(large, Err(KeepError::TooLarge { .. })));
}

#[tokio::test]
async fn a_folder_keeps_the_contract() {
    keeps_the_contract(&Folder::open(&folder("documents")).unwrap()).await;
}

#[tokio::test]
async fn a_changed_document_is_reported_on_reading_and_on_writing() {
    let path = folder("changed");
    let documents = Folder::open(&path).unwrap();
    let kept = documents.put(b"the contract".to_vec(), "text/plain").await.unwrap();
    let name = kept.sha256.to_string();
    std::fs::write(path.join(&name[..2]).join(&name), b"another contract").unwrap();
    assert!(matches!(documents.get(kept.sha256).await, Err(KeepError::Damaged { .. })));
    let again = documents.put(b"the contract".to_vec(), "text/plain").await;
    assert!(matches!(again, Err(KeepError::Damaged { .. })));
}
