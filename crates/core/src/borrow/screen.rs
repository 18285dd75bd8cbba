//! Screening for scams: questions in the borrower's words. A hit pauses and offers help; it is never a silent
//! rejection.
//!
//! It must not reach pricing or affordability, and it knows nothing about anyone's complaints.

use std::collections::BTreeMap;

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::text::both;

/// One screening question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenKey {
    /// 有人保证一定能贷到.
    Promised,
    /// 有人收钱.
    Charged,
    /// 有人教怎么回答.
    Coached,
    /// 手机在别人手里.
    HeldPhone,
    /// 共享屏幕.
    ScreenShared,
    /// 有人要验证码.
    AskedCode,
    /// 钱给别人用.
    ForOther,
    /// 被逼借款.
    Forced,
}

/// The borrower's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenAnswer {
    /// 有.
    Yes,
    /// 没有.
    No,
    /// 不确定.
    NotSure,
}

impl ScreenAnswer {
    /// Its words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            ScreenAnswer::Yes => both("有", "Yes"),
            ScreenAnswer::No => both("没有", "No"),
            ScreenAnswer::NotSure => both("说不准", "I am not sure"),
        }
    }
}

impl ScreenKey {
    /// Every question, in the order in which it is asked.
    pub const ALL: [ScreenKey; 8] = [
        ScreenKey::Promised,
        ScreenKey::Charged,
        ScreenKey::Coached,
        ScreenKey::HeldPhone,
        ScreenKey::ScreenShared,
        ScreenKey::AskedCode,
        ScreenKey::ForOther,
        ScreenKey::Forced,
    ];

    /// Key in evidence and forms.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            ScreenKey::Promised => "promised",
            ScreenKey::Charged => "charged",
            ScreenKey::Coached => "coached",
            ScreenKey::HeldPhone => "held_phone",
            ScreenKey::ScreenShared => "screen_shared",
            ScreenKey::AskedCode => "asked_code",
            ScreenKey::ForOther => "for_other",
            ScreenKey::Forced => "forced",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        ScreenKey::ALL.into_iter().find(|question| question.key() == key)
    }

    /// The question.
    #[must_use]
    pub fn question(self) -> Words {
        match self {
            ScreenKey::Promised => both(
                "有没有人向您保证“包下款”、说他在银行里有关系,或者说能帮您修复征信?",
                "Did anyone guarantee the loan, claim connections inside the bank, or offer to repair your credit?",
            ),
            ScreenKey::Charged => both(
                "有没有人为了这笔贷款向您收钱,或者说放款后要给他钱(服务费、手续费、解冻费、保证金)?",
                "Did anyone take money from you for this loan, or ask for money after the payout?",
            ),
            ScreenKey::Coached => both(
                "有没有人教您等会儿怎么回答问题、怎么填收入?",
                "Did anyone tell you how to answer the questions or what income to write?",
            ),
            ScreenKey::HeldPhone => both(
                "现在或刚才,有没有别人拿着您的手机替您操作?",
                "Is anyone holding your phone now, or did anyone just use it for you?",
            ),
            ScreenKey::ScreenShared => both(
                "有没有人让您打开“屏幕共享”、下载开会软件,或一直不让您挂电话?",
                "Did anyone ask you to share your screen, install a meeting app, or stay on the line?",
            ),
            ScreenKey::AskedCode => both(
                "有没有人问您要短信验证码或银行卡密码?",
                "Did anyone ask for a text-message code or a card password?",
            ),
            ScreenKey::ForOther => both(
                "这笔钱到账后,是不是要转给别人,或者其实是替别人借的?",
                "Will the money go on to somebody else, or are you borrowing for another person?",
            ),
            ScreenKey::Forced => {
                both("有没有人逼您、催您借这笔钱?", "Is anyone forcing or pressing you to take this loan?")
            }
        }
    }

    /// What to tell a borrower who did not say a plain no.
    #[must_use]
    pub fn help(self) -> Words {
        match self {
            ScreenKey::Promised => both(
                "银行和贷款机构不会委托个人“包下款”,征信也不能花钱修复。这样说的人,多半是要骗中介费。",
                "No lender lets a private person guarantee a loan, and credit records cannot be repaired for money. \
                 Whoever says so usually wants a broker's fee.",
            ),
            ScreenKey::Charged => both(
                "正规贷款在放款前不收钱。成本表上没有的费用,谁要都不要给;给过的,保留转账记录,打 110 或 12378。",
                "A proper loan takes no money before the payout. Pay nobody a fee that is not in the cost table; if you \
                 have paid, keep the record and call 110 or 12378.",
            ),
            ScreenKey::Coached => both(
                "请按您自己的真实情况回答。按别人教的填,吃亏的是您自己,还可能要承担责任。",
                "Answer from your own situation. Answers that somebody taught you hurt you, and you may be held liable.",
            ),
            ScreenKey::HeldPhone => both(
                "请把手机拿回自己手里再继续。您可以请家人在旁边看,但要由您自己点。",
                "Take your phone back before you go on. Family may look on, but you press the buttons yourself.",
            ),
            ScreenKey::ScreenShared => both(
                "马上关掉屏幕共享、挂断电话。共享屏幕时,对方能看见您的密码和验证码。",
                "Stop sharing the screen and hang up now: the other side can see your passwords and codes.",
            ),
            ScreenKey::AskedCode => both(
                "验证码和密码谁要都不能给,银行、警察都不会要。给过的,马上打银行卡背面的电话挂失。",
                "Give codes and passwords to nobody; neither bank nor police asks for them. If you did, call the number \
                 on your card at once.",
            ),
            ScreenKey::ForOther => both(
                "谁签字谁还钱。钱给了别人,对方不还,您也要还。",
                "Who signs, repays. If the other person does not pay, you still must.",
            ),
            ScreenKey::Forced => both(
                "您可以不借。现在就可以点“不借了”,没有人会知道原因。有危险请打 110。",
                "You do not have to borrow. You may press “I do not want this loan” now; nobody learns why. In danger \
                 call 110.",
            ),
        }
    }
}

/// Whom to ask, shown with every pause.
#[must_use]
pub fn where_to_turn() -> Words {
    both(
        "先停一停。拿不准就打 96110(反诈劝阻)问一问;要投诉打 12378;也可以用“国家反诈中心”App 查一查。\
         这不是拒绝您:核实清楚后可以继续办,也可以不办。",
        "Stop for a moment. If in doubt call 96110 (anti-fraud); to complain call 12378; or check with the National \
         Anti-Fraud Centre app. This is not a refusal: once things are clear you may go on, or leave it.",
    )
}

/// One answer that gives cause to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// Question.
    pub key: ScreenKey,
    /// What was answered: yes or not sure.
    pub answer: ScreenAnswer,
}

/// Result of the screening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenOutcome {
    /// Every question was answered with no.
    Clear,
    /// Stop, help, and let a person talk to the borrower.
    Pause {
        /// Why, in the order of the questions.
        hits: Vec<Hit>,
    },
}

/// Questions without an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("还有 {} 个问题没有回答,请答完 / {} questions are not answered yet; please answer them", .missing.len(), .missing.len())]
pub struct Unanswered {
    /// Which.
    pub missing: Vec<ScreenKey>,
}

/// Judges a full set of answers. Anything but a plain "no" pauses: "not sure" is a reason to ask, not to go
/// on.
///
/// # Errors
/// [`Unanswered`] lists the questions without an answer; silence is never taken for "no".
pub fn assess(answers: &BTreeMap<ScreenKey, ScreenAnswer>) -> Result<ScreenOutcome, Unanswered> {
    let missing: Vec<_> = ScreenKey::ALL.into_iter().filter(|key| !answers.contains_key(key)).collect();
    if !missing.is_empty() {
        return Err(Unanswered { missing });
    }
    let hits: Vec<_> = answers
        .iter()
        .filter(|(_, answer)| **answer != ScreenAnswer::No)
        .map(|(key, answer)| Hit { key: *key, answer: *answer })
        .collect();
    Ok(if hits.is_empty() { ScreenOutcome::Clear } else { ScreenOutcome::Pause { hits } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(answer: ScreenAnswer) -> BTreeMap<ScreenKey, ScreenAnswer> {
        ScreenKey::ALL.into_iter().map(|key| (key, answer)).collect()
    }

    #[test]
    fn only_a_plain_no_to_everything_is_clear() {
        assert_eq!(assess(&all(ScreenAnswer::No)), Ok(ScreenOutcome::Clear));
        for key in ScreenKey::ALL {
            for answer in [ScreenAnswer::Yes, ScreenAnswer::NotSure] {
                let mut answers = all(ScreenAnswer::No);
                answers.insert(key, answer);
                assert_eq!(assess(&answers), Ok(ScreenOutcome::Pause { hits: vec![Hit { key, answer }] }));
            }
        }
    }

    #[test]
    fn silence_is_not_a_no() {
        let mut answers = all(ScreenAnswer::No);
        answers.remove(&ScreenKey::Forced);
        assert_eq!(assess(&answers), Err(Unanswered { missing: vec![ScreenKey::Forced] }));
    }

    #[test]
    fn keys_round_trip_and_help_names_the_lines() {
        for key in ScreenKey::ALL {
            assert_eq!(ScreenKey::from_key(key.key()), Some(key));
        }
        for line in ["96110", "12378", "国家反诈中心"] {
            assert!(where_to_turn().zh.contains(line));
        }
    }
}
