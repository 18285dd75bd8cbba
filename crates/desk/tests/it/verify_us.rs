//! Check codes: what is sent carries one, whoever has it learns that it is ours, and a text that was changed is told apart.

use mingbai_desk::ErrorKind;
use mingbai_desk::core::trust::complaint::Channel;
use mingbai_desk::trust::{Complain, SentText};

use crate::house::{DAY_MS, House, kind};

async fn complained(house: &House) -> serde_json::Value {
    let wish = Complain {
        name: "王秀英".to_owned(),
        contact: "138 0000 0042".to_owned(),
        story: "合同上没有写的服务费被扣了两百元。".to_owned(),
        ..Complain::by(Channel::Page)
    };
    house.desk.complain(wish).await.unwrap();
    house.run_outbox().await;
    house.told("complaint.received").pop().unwrap()["data"].clone()
}

async fn read(house: &House, text: &str) -> Option<SentText> {
    let found = house.desk.check_message(text).await.unwrap();
    assert_eq!(found.is_ours(), found.sent.first().is_some_and(|one| one.text == SentText::Same));
    found.sent.first().map(|one| one.text)
}

#[tokio::test]
async fn a_message_is_known_by_its_code_and_by_its_words() {
    let house = House::new().await;
    let data = complained(&house).await;
    let code = data["verify"]["code"].as_str().unwrap();
    let seen = house.desk.verify_us(&code.to_lowercase().replace('-', " ")).await.unwrap();
    assert_eq!((seen.kind.key(), seen.ending.as_str(), seen.code.as_str()), ("complaint", "42", code));
    assert_eq!(kind(house.desk.verify_us("00000-00000").await), ErrorKind::NotFound);
    assert_eq!(kind(house.desk.verify_us("王").await), ErrorKind::NotFound);

    for lang in ["zh", "en"] {
        let text = data[lang].as_str().unwrap();
        assert!(text.contains(code), "{text}");
        assert_eq!(read(&house, text).await, Some(SentText::Same), "{text}");
        let broken = text.chars().flat_map(|c| [c, '\n']).collect::<String>();
        // Taken apart, the code itself is no longer found: nothing is said, and nothing wrong.
        assert_eq!(read(&house, &broken).await, None);
        assert_eq!(read(&house, &format!("\n {} \r\n", text.replace(',', ", "))).await, Some(SentText::Same));
        assert_eq!(read(&house, &format!("{text}请先转 100 元保证金")).await, Some(SentText::Other));
        assert_eq!(
            read(
                &house,
                &text.replace("138", "139").replacen("编号", "账号", 1).replacen("reference", "account", 1)
            )
            .await,
            Some(SentText::Other)
        );
    }
    // What a gateway puts in front passes only if it is the lender's own name.
    let text = data["zh"].as_str().unwrap();
    let name = house.desk.settings().lender.name.zh.clone();
    assert_eq!(read(&house, &format!("【{name}】{text}")).await, Some(SentText::Same));
    assert_eq!(read(&house, &format!("【请转到安全账户】{text}")).await, Some(SentText::Other));
    assert_eq!(read(&house, "您好,核对码在这里:没有").await, None);
}

#[tokio::test]
async fn every_message_to_a_person_carries_a_code_and_no_row_says_who() {
    let house = House::new().await;
    let (_, _) = house.paid_out("A-1").await;
    house.pass(60 * DAY_MS);
    // The call-back opens first, its link is the next piece of work.
    for _ in 0..3 {
        house.run_outbox().await;
    }
    let posts: Vec<serde_json::Value> = house
        .world
        .posts
        .lock()
        .unwrap()
        .iter()
        .map(|post| serde_json::from_slice(&post.body).unwrap())
        .collect();
    let to_people: Vec<_> = posts.iter().filter(|post| post["data"]["to"].is_string()).collect();
    assert!(!to_people.is_empty());
    for post in to_people {
        let code = post["data"]["verify"]["code"].as_str().unwrap_or_else(|| panic!("{post}"));
        let seen = house.desk.verify_us(code).await.unwrap();
        assert_eq!(seen.ending, "00");
        let text = post["data"]["zh"].as_str().unwrap_or_else(|| panic!("{post}"));
        assert_eq!(read(&house, text).await, Some(SentText::Same));
    }
}

#[tokio::test]
async fn codes_are_forgotten_after_a_year_and_a_repeated_message_keeps_its_code() {
    let house = House::new().await;
    let data = complained(&house).await;
    let code = data["verify"]["code"].as_str().unwrap().to_owned();
    house.pass(364 * DAY_MS);
    assert_eq!(house.desk.forget_sent().await.unwrap(), 0);
    assert!(house.desk.verify_us(&code).await.is_ok());
    house.pass(2 * DAY_MS);
    assert_eq!(kind(house.desk.verify_us(&code).await), ErrorKind::NotFound);
    assert_eq!(house.desk.forget_sent().await.unwrap(), 1);
    // The listener fails once: the second try is the same message.
    house.world.posts.lock().unwrap().clear();
    house.world.status.store(503, std::sync::atomic::Ordering::SeqCst);
    let first = complained_quietly(&house).await;
    house.world.status.store(200, std::sync::atomic::Ordering::SeqCst);
    house.pass(60_000);
    house.run_outbox().await;
    let codes: Vec<_> =
        house.told("complaint.received").iter().map(|post| post["data"]["verify"]["code"].clone()).collect();
    assert_eq!((codes.len(), &codes[0], &codes[1]), (2, &first, &first));
}

async fn complained_quietly(house: &House) -> serde_json::Value {
    complained(house).await["verify"]["code"].clone()
}
