//! Product review: two people, an opinion, and the exact file.

use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::{ErrorKind, ReviewStanding};

use crate::house::{HONEST, House, OPINION, desk_of, kind, member};

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_released_by_another_person_with_an_opinion() {
    let house = House::new().await;
    let file = HONEST.replace("\"2026.1\"", "\"2027.1\"");
    let desk = desk_of(house.ports.clone(), &[&file]);
    let (id, version) = ("honest-loan", "2027.1");
    assert_eq!(desk.review_standing(id, version).await.unwrap(), ReviewStanding::NotSubmitted);
    let early = desk.release_product(&house.compliance, id, version, OPINION).await;
    assert_eq!(kind(early), ErrorKind::Refused(RefusalKind::NotNow));
    let unreleased = desk.open_journey(&house.core, house.request("APP-1")).await;
    assert_eq!(kind(unreleased), ErrorKind::Refused(RefusalKind::NotNow));

    desk.submit_product(&house.compliance, id, version).await.unwrap();
    let own = desk.release_product(&house.compliance, id, version, OPINION).await;
    assert_eq!(kind(own), ErrorKind::Refused(RefusalKind::NotYours));
    let second = member(&desk, "sun", StaffRole::Compliance, None).await;
    assert_eq!(kind(desk.release_product(&second, id, version, "同意").await), ErrorKind::Invalid);
    assert_eq!(kind(desk.release_product(&house.li, id, version, OPINION).await), ErrorKind::Forbidden);
    assert_eq!(kind(desk.submit_product(&house.auditor, id, version).await), ErrorKind::Forbidden);
    let release = desk.release_product(&second, id, version, OPINION).await.unwrap();
    assert_eq!(release.reviewer.as_str(), "sun");
    assert_eq!(release.material, desk.product(id, None).unwrap().digest());
    assert_eq!(
        desk.release_product(&second, id, version, OPINION).await.unwrap(),
        release,
        "again changes nothing"
    );
    desk.open_journey(&house.core, house.request("APP-1")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_changed_after_its_release_cannot_be_used() {
    let house = House::new().await;
    let changed = HONEST.replace("annual_rate_ppm = 80000", "annual_rate_ppm = 90000");
    assert_ne!(changed, HONEST);
    let desk = desk_of(house.ports.clone(), &[&changed]);
    assert_eq!(desk.review_standing("honest-loan", "2026.1").await.unwrap(), ReviewStanding::NotSubmitted);
    let refused = desk.open_journey(&house.core, house.request("APP-1")).await;
    assert_eq!(kind(refused), ErrorKind::Refused(RefusalKind::NotNow));
}
