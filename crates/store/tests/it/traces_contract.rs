//! What every keeper of traces must keep.

use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{InkTrace, Traces};
use mingbai_evidence::Digest;

use crate::cluster::shared;
use crate::support::{folder, fresh, node, open};

fn case() -> JourneyId {
    JourneyId::new(fresh())
}

pub async fn keeps_the_contract(traces: &dyn Traces) {
    let (a, b) = (case(), case());
    let phone = Digest::of(fresh().as_bytes());
    for (journey, at_ms) in [(a, 10), (b, 20), (a, 30)] {
        traces.keep_device(phone, journey, at_ms).await.unwrap();
    }
    assert_eq!(traces.cases_of_device(phone).await.unwrap(), [a, b], "each case once, in order");
    assert!(traces.cases_of_device(Digest::of(b"unknown")).await.unwrap().is_empty());
    assert_eq!(traces.devices_of(a).await.unwrap(), [phone]);

    let path = Digest::of(fresh().as_bytes());
    let ink = |journey, shape: u8, at_ms| InkTrace {
        journey,
        trace: path,
        shape: vec![shape; 128],
        kept_at_ms: at_ms,
    };
    for trace in [ink(a, 1, 10), ink(b, 2, 20), ink(a, 3, 30)] {
        traces.keep_ink(trace).await.unwrap();
    }
    let newest = traces.inks().await.unwrap();
    assert_eq!(newest.first(), Some(&ink(a, 3, 30)), "a case keeps its last one, newest first");
    assert!(newest.contains(&ink(b, 2, 20)) && !newest.contains(&ink(a, 1, 10)));
    let mut cases = traces.cases_of_trace(path).await.unwrap();
    cases.sort_by_key(|id| *id != a);
    assert_eq!(cases, [a, b]);

    traces.forget(a).await.unwrap();
    assert_eq!(traces.cases_of_device(phone).await.unwrap(), [b]);
    assert_eq!(traces.cases_of_trace(path).await.unwrap(), [b]);
    assert!(traces.devices_of(a).await.unwrap().is_empty());
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_traces() {
    keeps_the_contract(&open(&folder("traces")).await).await;
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_traces() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_traces") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}
