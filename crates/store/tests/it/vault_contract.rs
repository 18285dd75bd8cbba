//! What every vault must keep.

use mingbai_desk::ports::{KeepError, Vault};
use mingbai_evidence::seal::{Salt, commit};

use crate::cluster::shared;
use crate::support::{folder, fresh, node, open};

pub async fn keeps_the_contract(vault: &dyn Vault) {
    let (li, wang) = (fresh(), fresh());
    let name = vault.seal(li, "borrower.name", "李娜".as_bytes(), Salt::new([1; 32])).await.unwrap();
    assert_eq!(name, commit("borrower.name", "李娜".as_bytes(), &Salt::new([1; 32])));
    let again = vault.seal(li, "borrower.name", "李娜".as_bytes(), Salt::new([1; 32])).await.unwrap();
    assert_eq!(name, again);
    let phone = vault.seal(li, "borrower.phone", b"13800000000", Salt::new([2; 32])).await.unwrap();

    let opened = vault.open(li, &name).await.unwrap().unwrap();
    assert_eq!((opened.label.as_str(), opened.value.as_slice()), ("borrower.name", "李娜".as_bytes()));
    assert_eq!(opened.salt, Salt::new([1; 32]));
    assert!(!format!("{opened:?}").contains("李娜"));
    let all = vault.list(li).await.unwrap();
    assert_eq!(all.iter().map(|one| one.commitment).collect::<Vec<_>>(), [name, phone]);

    assert!(vault.open(wang, &name).await.unwrap().is_none(), "another person's key opens nothing");
    let empty = vault.seal(wang, "note", b"", Salt::new([3; 32])).await.unwrap();
    assert_eq!(vault.open(wang, &empty).await.unwrap().unwrap().value, b"");

    let large = vault.seal(wang, "note", &vec![0; 65_537], Salt::new([4; 32])).await;
    assert!(matches!(large, Err(KeepError::TooLarge { .. })));
    let label = vault.seal(wang, "", b"x", Salt::new([4; 32])).await;
    assert!(matches!(label, Err(KeepError::TooLarge { .. })));

    vault.forget(li).await.unwrap();
    assert!(vault.open(li, &name).await.unwrap().is_none());
    assert!(vault.list(li).await.unwrap().is_empty());
    let after = vault.seal(li, "borrower.name", b"x", Salt::new([5; 32])).await;
    assert_eq!(after, Err(KeepError::Forgotten));
    assert!(vault.open(wang, &empty).await.unwrap().is_some(), "others are not forgotten with her");
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_a_vault() {
    keeps_the_contract(&open(&folder("vault")).await).await;
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_a_vault() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_a_vault") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}
