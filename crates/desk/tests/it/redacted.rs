//! Redacted copies: what is not shown is counted, what is shown stays proven, and nobody takes the rest for judged.

use mingbai_desk::borrow::{Disclose, Documents, Redaction};
use mingbai_desk::core::borrow::audit::{Holding, loans};
use mingbai_desk::evidence::package::{self, Limits};
use mingbai_desk::evidence::verify::{ClaimKey, Outcome, Report, Trust, Verdict, verify};

use crate::house::House;

fn verdicts(report: &Report, key: ClaimKey) -> Vec<Verdict> {
    report.claims.iter().filter(|claim| claim.key == key).map(|claim| claim.verdict).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redacted_copy_hides_what_it_should_and_proves_that_nothing_is_missing() {
    let house = House::new().await;
    let (id, _) = house.paid_out("APP-1").await;
    let trust = Trust::Pinned(vec![house.desk.log_key().unwrap()]);
    let whole = house.desk.package(&house.compliance, id, Disclose::Nothing).await.unwrap();
    let kinds = vec!["afford_assessed".to_owned(), "screen_answered".to_owned()];
    let redaction = Redaction { kinds: kinds.clone(), documents: Documents::Withheld };
    let disclose = Disclose::Redacted(redaction);
    // An auditor may have one, because it opens nothing.
    let bytes = house.desk.package(&house.auditor, id, disclose.clone()).await.unwrap();
    assert_eq!(
        bytes,
        house.desk.package(&house.auditor, id, disclose).await.unwrap(),
        "the same bytes again"
    );

    let (all, shown) = (
        package::read(&whole, &Limits::default()).unwrap(),
        package::read(&bytes, &Limits::default()).unwrap(),
    );
    assert_eq!(shown.withheld.len(), 2);
    assert_eq!(all.records.len(), shown.records.len() + 2);
    assert!(!shown.records.iter().any(|record| kinds.contains(&record.kind().to_owned())));
    assert!(!shown.attachments.iter().any(|one| one.media == "application/pdf"), "her papers stay away");
    let income = all.records.iter().find(|record| record.kind() == "afford_assessed").unwrap();
    let id_text = income.id().to_string();
    assert!(
        !bytes.windows(id_text.len()).any(|part| part == id_text.as_bytes()),
        "the record lies in the file"
    );

    let report = verify(&bytes, &trust);
    assert_eq!(report.outcome(), Outcome::Holds, "{:?}", report.claims);
    for key in [ClaimKey::Chain, ClaimKey::StreamEnd, ClaimKey::Inclusion] {
        assert!(verdicts(&report, key).iter().all(|verdict| *verdict == Verdict::Proven), "{key:?}");
    }
    assert_eq!(verdicts(&report, ClaimKey::WithheldRecord), [Verdict::NotProven; 2]);
    let judged = loans(shown).remove(id.stream().as_str()).unwrap();
    assert!(judged.len() > 15 && judged.iter().all(|claim| claim.holding == Holding::NotProven));
    assert!(
        judged.iter().all(|claim| claim.why.zh.contains("没有公开") && claim.why.en.contains("withheld"))
    );
    let whole = loans(all).remove(id.stream().as_str()).unwrap();
    assert!(
        whole.iter().any(|claim| claim.holding == Holding::Proven),
        "the control: the whole package is judged"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_says_up_to_where_each_stream_is_complete() {
    let house = House::new().await;
    let (id, _) = house.paid_out("APP-1").await;
    let trust = Trust::Pinned(vec![house.desk.log_key().unwrap()]);
    let bytes = house.desk.package(&house.compliance, id, Disclose::Nothing).await.unwrap();
    let report = verify(&bytes, &trust);
    let own =
        report.claims.iter().find(|c| c.key == ClaimKey::StreamEnd && c.subject == id.stream().as_str());
    assert!(own.unwrap().reason.en.contains("still open"), "{own:?}");
    // Whoever cuts the last records off is found out by what the log itself states.
    let mut cut = package::read(&bytes, &Limits::default()).unwrap();
    let at = cut.records.iter().rposition(|record| *record.stream() == id.stream()).unwrap();
    cut.records.remove(at);
    cut.proofs.remove(at);
    let report = verify(&package::write(&cut).unwrap(), &trust);
    assert!(verdicts(&report, ClaimKey::StreamEnd).contains(&Verdict::Contradicted), "{:?}", report.claims);
}
