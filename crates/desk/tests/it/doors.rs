//! The ways in: opening, links with digits, passwords, keys.

use mingbai_desk::core::actor::{Login, StaffRole};
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::Fen;
use mingbai_desk::ports::{LinkPurpose, Place, Written};
use mingbai_desk::{Caller, CodeState, ErrorKind, NewAccount};

use crate::house::{House, PASSWORD, enter, kind};

#[tokio::test(flavor = "multi_thread")]
async fn opening_twice_gives_one_journey_and_other_terms_are_refused() {
    let house = House::new().await;
    let first = house.desk.open_journey(&house.core, house.request("APP-1")).await.unwrap();
    house.pass(60_000);
    let again = house.desk.open_journey(&house.core, house.request("APP-1")).await.unwrap();
    assert_eq!(again.written, Written::Before);
    assert_eq!(first.view.journey.id(), again.view.journey.id());
    assert_eq!(house.desk.list(&house.auditor, Default::default()).await.unwrap().len(), 1);
    // The later link is the one that works.
    assert_eq!(kind(house.desk.link_face(&first.link.token).await), ErrorKind::NotFound);
    assert_eq!(house.desk.link_face(&again.link.token).await.unwrap().code, CodeState::Sent);
    let mut other = house.request("APP-1");
    other.principal_fen = Fen::new(6_000_000);
    assert_eq!(kind(house.desk.open_journey(&house.core, other).await), ErrorKind::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_open_nothing_and_say_why() {
    let house = House::new().await;
    let size = house.ports.log.head().await.unwrap().size;
    let good = house.request("APP-1");
    let mut bad = Vec::new();
    for change in 0..9 {
        let mut request = good.clone();
        match change {
            0 => request.borrower_name = "  ".to_owned(),
            1 => request.borrower_name = "x".repeat(101),
            2 => request.borrower_phone = "call me".to_owned(),
            3 => request.external_ref = "有空格 的".to_owned(),
            4 => request.principal_fen = Fen::new(1),
            5 => request.periods = 7,
            6 => request.method = Some(9),
            7 => request.product_id = "none".to_owned(),
            _ => request.branch = Some(String::new()),
        }
        bad.push(request);
    }
    for request in bad {
        let error = house.desk.open_journey(&house.core, request).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Invalid | ErrorKind::NotFound), "{error}");
        assert!(!error.words().zh.is_empty() && !error.words().en.is_empty());
    }
    for caller in [&house.auditor, &house.compliance, &house.admin] {
        assert_eq!(kind(house.desk.open_journey(caller, good.clone()).await), ErrorKind::Forbidden);
    }
    assert_eq!(house.ports.log.head().await.unwrap().size, size);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultant_sees_neither_link_nor_digits() {
    let house = House::new().await;
    let opened = house.desk.open_journey(&house.li, house.request("APP-1")).await.unwrap();
    assert_eq!((opened.link.url.as_deref(), opened.link.code.as_deref()), (None, None));
    assert_eq!(kind(house.desk.link_face(&opened.link.token).await), ErrorKind::NotFound, "no token either");
    house.run_outbox().await;
    let told = house.told("link.ready");
    assert_eq!(told[0]["data"]["to"], "138 0000 0000");
    let (url, code) = (told[0]["data"]["url"].as_str().unwrap(), told[0]["data"]["code"].as_str().unwrap());
    let token = url.rsplit('/').next().unwrap();
    let (inside, purpose) = house.desk.open_link(token, code).await.unwrap();
    assert_eq!(purpose, LinkPurpose::Ceremony);
    assert_eq!(inside.caller.journey(), Some(opened.view.journey.id()));
    assert_eq!(kind(house.desk.open_link(token, code).await), ErrorKind::NotFound, "once only");
    // She comes back another day: new digits go to the same phone, once for each time that they were used.
    assert_eq!(house.desk.link_face(token).await.unwrap().code, CodeState::Used);
    house.desk.send_digits_again(token).await.unwrap();
    house.run_outbox().await;
    let told = house.told("code.ready");
    let again = told[0]["data"]["code"].as_str().unwrap();
    assert_eq!(kind(house.desk.send_digits_again(token).await), ErrorKind::NotFound);
    assert!(house.desk.open_link(token, again).await.is_ok());
    let id = opened.view.journey.id();
    for caller in [&house.auditor, &house.admin, &inside.caller] {
        assert_eq!(kind(house.desk.new_link(caller, id, LinkPurpose::Ceremony).await), ErrorKind::Forbidden);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_tries_end_a_link() {
    let house = House::new().await;
    let opened = house.desk.open_journey(&house.core, house.request("APP-1")).await.unwrap();
    let code = opened.link.code.clone().unwrap();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(kind(house.desk.open_link(&opened.link.token, wrong).await), ErrorKind::Unauthenticated);
    }
    assert_eq!(kind(house.desk.open_link(&opened.link.token, &code).await), ErrorKind::NotFound);
    assert_eq!(house.desk.link_face(&opened.link.token).await.unwrap().code, CodeState::Spent);
    assert_eq!(kind(house.desk.send_digits_again(&opened.link.token).await), ErrorKind::NotFound);
    for text in ["", "x", &"y".repeat(500), "🙂🙂🙂🙂🙂🙂🙂🙂"] {
        assert_eq!(kind(house.desk.open_link(text, "123456").await), ErrorKind::NotFound);
        assert_eq!(house.desk.caller_of_session(text).await.unwrap(), None);
        assert_eq!(house.desk.caller_of_key(text).await.unwrap(), None);
    }
    let anew =
        house.desk.new_link(&house.core, opened.view.journey.id(), LinkPurpose::Ceremony).await.unwrap();
    house.pass(8 * 86_400_000);
    assert_eq!(
        kind(house.desk.open_link(&anew.token, &anew.code.unwrap()).await),
        ErrorKind::NotFound,
        "too late"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_guarded_and_sessions_end() {
    let house = House::new().await;
    let desk = &house.desk;
    assert_eq!(kind(enter(desk, "nobody").await), ErrorKind::Unauthenticated);
    for _ in 0..5 {
        assert_eq!(
            kind(desk.sign_in("li.na", "wrong password", &Place::default()).await),
            ErrorKind::Unauthenticated
        );
    }
    assert_eq!(kind(enter(desk, "li.na").await), ErrorKind::Busy);
    house.pass(61_000);
    let inside = enter(desk, "li.na").await.unwrap();
    assert_eq!(inside.caller.role(), Some(StaffRole::Consultant));
    assert!(desk.caller_of_session(&inside.token).await.unwrap().is_some());
    desk.sign_out(&inside.token).await.unwrap();
    assert_eq!(desk.caller_of_session(&inside.token).await.unwrap(), None);

    let long = enter(desk, "li.na").await.unwrap();
    house.pass(10 * 3_600_000 + 1);
    assert_eq!(desk.caller_of_session(&long.token).await.unwrap(), None, "ten hours are enough");
    let last = enter(desk, "li.na").await.unwrap();
    desk.close_account(&house.admin, &Login::new("li.na").unwrap()).await.unwrap();
    assert_eq!(desk.caller_of_session(&last.token).await.unwrap(), None);
    assert_eq!(kind(enter(desk, "li.na").await), ErrorKind::Unauthenticated);

    let new = |login: &str, role, branch: Option<&str>, password: &str| NewAccount {
        login: Login::new(login).unwrap(),
        role,
        display_name: "x".to_owned(),
        branch: branch.map(str::to_owned),
        password: password.to_owned(),
    };
    let short = new("a", StaffRole::Auditor, None, "short");
    assert_eq!(kind(desk.add_account(&house.admin, short).await), ErrorKind::Invalid);
    let homeless = new("b", StaffRole::Consultant, None, PASSWORD);
    assert_eq!(kind(desk.add_account(&house.admin, homeless).await), ErrorKind::Invalid);
    let taken = new("chen", StaffRole::Auditor, None, PASSWORD);
    assert_eq!(kind(desk.add_account(&house.admin, taken).await), ErrorKind::Invalid);
    let good = new("c", StaffRole::Auditor, None, PASSWORD);
    assert_eq!(kind(desk.add_account(&house.compliance, good).await), ErrorKind::Forbidden);
    assert!(
        desk.accounts(&house.admin).await.unwrap().iter().all(|account| account.password_hash.is_empty())
    );
    assert!(Caller::system().is_system());
}
