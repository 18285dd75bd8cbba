//! What an officer can read, and put to a customer, in Chinese and English.

use crate::Kind;
use crate::rules::{Alert, Finding, Innocent, Step};

/// Which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 中文
    Chinese,
    /// English
    English,
}

/// One sentence for each thing that is shared, each explanation that was tested, and what to do; most important first.
#[must_use]
pub fn sentences(alert: &Alert, language: Language) -> Vec<String> {
    let mut all = vec![pick(language, step(alert.step)).to_owned()];
    for shared in &alert.reasons {
        let thing = pick(language, kind(shared.identifier.kind()));
        let days = (shared.between_s.1.saturating_sub(shared.between_s.0)) / 86_400 + 1;
        all.push(match language {
            Language::Chinese => format!("{days}天内，另有{}份申请也出现了{thing}。", shared.others),
            Language::English => {
                format!("Within {days} days, {} other applications came with {thing}.", shared.others)
            }
        });
    }
    for tested in alert.tested.iter().filter(|_| !alert.reasons.is_empty()) {
        all.push(pick(language, finding(tested.innocent, tested.finding)).to_owned());
    }
    for listed in &alert.listed {
        let thing = pick(language, kind(listed.kind()));
        all.push(match language {
            Language::Chinese => format!("{thing}是登记过的渠道或门店设备，不作为线索。"),
            Language::English => format!("We left out {thing}: it is a registered channel or shop terminal."),
        });
    }
    all
}

const fn pick(language: Language, (zh, en): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

const fn step(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Quiet => ("没有需要处理的线索。", "There is nothing to act on."),
        Step::Observe => ("先观察，不打扰客户。", "Keep watching; do not disturb the customer."),
        Step::Call => (
            "请给客户打一个保护电话：问问有没有人替她填写、收费、教她怎么回答，或者这笔钱其实是给别人用的。",
            "Call the customer to protect her: did anybody fill this in for her, charge her, tell her what to say, or is the money for somebody else?",
        ),
        Step::Review => (
            "请先给客户打保护电话，再由工作人员复核；客户可能是受害人，不能因此自动拒绝。",
            "Call the customer to protect her, then let a colleague look; she may be the victim, and this is no reason to refuse her automatically.",
        ),
    }
}

const fn kind(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Device => ("同一台设备", "the same device"),
        Kind::Phone => ("同一个手机号", "the same telephone number"),
        Kind::Card => ("同一张收款卡", "the same payout card"),
        Kind::Contact => ("同一位紧急联系人", "the same emergency contact"),
        Kind::FeeAccount => ("同一个收费账户", "the same account that takes fees"),
        Kind::Script => ("一字不差的回答", "the same answers word for word"),
        Kind::Address => ("同一个住址", "the same home address"),
        Kind::Wifi => ("同一个无线网络", "the same wireless network"),
        Kind::Ip => ("同一个网络地址", "the same network address"),
        Kind::Introducer => ("同一位介绍人", "the same introducer"),
        Kind::Employer => ("同一家单位", "the same employer"),
    }
}

const fn finding(innocent: Innocent, finding: Finding) -> (&'static str, &'static str) {
    match (innocent, finding) {
        (Innocent::Family, Finding::Holds) => {
            ("可能是一家人：人数少，住址相同。", "They may be one family: few people, one address.")
        }
        (Innocent::Family, Finding::Fails) => ("用一家人解释不了。", "Being one family does not explain it."),
        (Innocent::Dorm, Finding::Holds) => {
            ("可能同住宿舍：只有地点相同。", "They may live in one dormitory: only the place is shared.")
        }
        (Innocent::Dorm, Finding::Fails) => {
            ("用同住宿舍解释不了。", "Living in one dormitory does not explain it.")
        }
        (Innocent::VillageShop, Finding::Holds) => (
            "可能是借用村里小店的设备：只有设备相同，而且时间分散。",
            "They may have used the village shop's device: only the device is shared, over a long time.",
        ),
        (Innocent::VillageShop, Finding::Fails) => {
            ("用借用小店设备解释不了。", "Using the village shop's device does not explain it.")
        }
        (Innocent::Factory, Finding::Holds) => (
            "可能是同厂工友：只有单位和地点相同。",
            "They may be colleagues: only the employer and the place are shared.",
        ),
        (Innocent::Factory, Finding::Fails) => {
            ("用同厂工友解释不了。", "Being colleagues does not explain it.")
        }
    }
}
