//! A borrower at her own phone: she opens her link, reads at the pace of a person, and answers from her own table.

use std::time::Duration;

use mingbai_core::borrow::reading::{Section, required_ms};
use mingbai_core::borrow::screen::ScreenKey;
use mingbai_core::borrow::teachback::{Answer, Form, Question, QuestionId, Verdict, grade, regenerate};
use mingbai_core::text::both;
use mingbai_cost::{CostTable, Lang};
use serde_json::Value;

use super::browser::{Browser, Page, good};
use super::cast::Cast;
use super::core_system::{Opened, text};
use super::law::{broken, must_be};
use super::page;
use super::pen::{OneKey, surname};
use super::teller::Teller;
use crate::fail::Fail;
use crate::real;

/// What is added to the least reading time: the server's clock and ours are read at different moments.
const MARGIN_MS: i64 = 400;
/// The most questions of one teach-back, tries included.
const QUESTIONS: usize = 60;

/// One borrower.
pub struct Borrower<'a> {
    cast: &'a Cast,
    browser: Browser,
    /// Number of her journey.
    pub id: String,
    /// The one table, as she reads it.
    pub table: CostTable,
}

/// The path of an address.
pub fn path_of<'a>(cast: &Cast, url: &'a str) -> &'a str {
    url.strip_prefix(cast.url.as_str()).unwrap_or(url)
}

impl<'a> Borrower<'a> {
    /// Opens the link on her phone and types the six digits.
    pub async fn enter(cast: &'a Cast, opened: &Opened) -> Result<Self, Fail> {
        let browser = Browser::new(&cast.url, Lang::Zh)?;
        let table = cast.core.table(&opened.id).await?;
        let borrower = Borrower { cast, browser, id: opened.id.clone(), table };
        borrower.open_link(&opened.link, &opened.code).await?;
        Ok(borrower)
    }

    /// Opens another link of hers in the same browser.
    pub async fn open_link(&self, link: &str, code: &str) -> Result<Page, Fail> {
        let path = path_of(self.cast, link);
        let page = self.browser.fill(path, path, &[("code", code)]).await?;
        let inside = page.path.starts_with(&format!("/b/{}", self.id));
        must_be(
            ("链接和数字应打开她自己的业务", "link and digits must open her own journey"),
            &inside,
            &true,
        )?;
        Ok(page)
    }

    fn at(&self, page: &str) -> String {
        format!("/b/{}/{page}", self.id)
    }

    async fn fill(&self, page: &str, fields: &[(&str, &str)]) -> Result<Page, Fail> {
        self.browser.fill(&self.at(page), &self.at(page), fields).await
    }

    /// Whatever page comes next.
    pub async fn next(&self) -> Result<Page, Fail> {
        let page = self.browser.get(&format!("/b/{}", self.id)).await?;
        good(&page)?;
        Ok(page)
    }

    /// Income and the questions about fraud.
    pub async fn tell_about_herself(&self, income: &str) -> Result<(), Fail> {
        self.fill("income", &[("income", income), ("debts", "0")]).await?;
        let answers: Vec<(&str, &str)> = ScreenKey::ALL.iter().map(|key| (key.key(), "no")).collect();
        self.fill("safety", &answers).await.map(|_| ())
    }

    /// Looks at the key facts and the table, and has it put on record that she was shown it.
    pub async fn see_the_table(&self) -> Result<(), Fail> {
        good(&self.browser.get(&self.at("facts")).await?)?;
        self.fill("table", &[]).await.map(|_| ())
    }

    /// Opens the first section and says at once that it is read. The answer is the page that says no.
    pub async fn read_too_fast(&self) -> Result<Page, Fail> {
        let first = Section::ALL[0].key();
        let opened =
            self.browser.fill(&self.at("read"), &self.at(&format!("read/{first}/open")), &[]).await?;
        self.browser.send_from(&opened, &self.at(&format!("read/{first}")), &[]).await
    }

    /// Reads every section, as long as it takes.
    pub async fn read(&self, teller: &Teller) -> Result<i64, Fail> {
        let mut total_ms = 0;
        let first = Section::ALL[0].key();
        self.browser.fill(&self.at("read"), &self.at(&format!("read/{first}/open")), &[]).await?;
        for (at, section) in Section::ALL.into_iter().enumerate() {
            let wait_ms = required_ms(section, &self.table, &self.cast.pack) + MARGIN_MS;
            let (number, count, seconds) = (at + 1, Section::ALL.len(), (wait_ms + 999) / 1000);
            let title = section.title();
            teller.now(&both(
                format!("阅读 {number}/{count}:{}({seconds} 秒)", title.zh),
                format!("reading {number}/{count}: {} ({seconds} s)", title.en),
            ));
            tokio::time::sleep(Duration::from_millis(wait_ms.unsigned_abs())).await;
            self.fill(&format!("read/{}", section.key()), &[]).await?;
            total_ms += wait_ms;
        }
        Ok(total_ms / 1000)
    }

    /// The page of the teach-back: a question, or what stands between two.
    pub async fn teach_page(&self) -> Result<Page, Fail> {
        let page = self.browser.get(&self.at("teach")).await?;
        good(&page)?;
        Ok(page)
    }

    /// Asks for the next question.
    pub async fn ask(&self) -> Result<Page, Fail> {
        let page = self.teach_page().await?;
        let answer = self.browser.send_from(&page, &self.at("teach/ask"), &[]).await?;
        good(&answer)?;
        Ok(answer)
    }

    /// The question that stands on a page, made again from its number and her table.
    pub fn question(&self, page: &Page) -> Option<Question> {
        let id: QuestionId = page::field(&page.html, "question")?.parse().ok()?;
        regenerate(&self.table, id)
    }

    /// Sends an answer.
    pub async fn answer(&self, page: &Page, answer: &Answer) -> Result<Page, Fail> {
        let (name, value) = filled(answer);
        let answer = self.browser.send_from(page, &self.at("teach"), &[(name, &value)]).await?;
        good(&answer)?;
        Ok(answer)
    }

    /// Answers every question rightly, from her own table.
    pub async fn understand(&self, teller: &Teller) -> Result<usize, Fail> {
        let mut right_ones = 0;
        for _ in 0..QUESTIONS {
            let page = self.teach_page().await?;
            if page.name() != "teach" {
                return Ok(right_ones);
            }
            let Some(question) = self.question(&page) else {
                self.ask().await?;
                continue;
            };
            teller.busy(&both(
                format!("回答:{}", question.prompt.zh),
                format!("answering: {}", question.prompt.en),
            ));
            let answer = right(&question, &self.table)?;
            self.answer(&page, &answer).await?;
            right_ones += 1;
        }
        Err(broken("问题没完没了", "the questions never end"))
    }

    /// Chooses each consent apart: yes to what the loan needs, no to marketing.
    pub async fn consent(&self) -> Result<(), Fail> {
        let page = self.browser.get(&self.at("consents")).await?;
        good(&page)?;
        let names = page::radios(&page.html);
        let choice = |name: &String| if name == "marketing" { "declined" } else { "agreed" };
        let fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), choice(name))).collect();
        must_be(
            ("营销应单独征求同意", "marketing must be asked apart"),
            &names.contains("marketing"),
            &true,
        )?;
        good(&self.browser.send_from(&page, &self.at("consents"), &fields).await?)
    }

    /// Signs the contract with a key of her own phone. Gives the message that came to it.
    pub async fn sign_with_own_key(&self) -> Result<Value, Fail> {
        let page = self.browser.get(&self.at("sign")).await?;
        good(&page)?;
        let contract = page::word(&page.html, &self.at("contract/"))
            .ok_or_else(|| broken("签署页没有合同", "the signing page has no contract"))?;
        let shown = self.browser.file(&contract).await?;
        let page = self.browser.get(&self.at("sign")).await?;
        good(&self.browser.send_from(&page, &self.at("sign/begin"), &[("device", "own")]).await?)?;
        let message = self.cast.ear.wait_for("signing.code", &self.id).await?;
        let page = self.browser.get(&self.at("sign")).await?;
        let challenge = page::attribute(&page.html, "data-challenge")
            .ok_or_else(|| broken("签署页没有签署请求", "the signing page shows no wish to sign"))?;
        let said = async |to: &str, fields: &[(&str, &str)]| {
            let fields = [fields, &[("challenge", &challenge)]].concat();
            let answer = self.browser.send_from(&page, &self.at(to), &fields).await?;
            good(&answer)?;
            serde_json::from_str::<Value>(&answer.html)
                .map_err(|_| broken("答复读不懂", "the answer cannot be read"))
        };
        let code = text(&message, "/data/code");
        said("sign/digits", &[("code", &code)]).await?;
        let key = OneKey::new()?;
        let ink = serde_json::to_string(&surname(real::now_ms().unsigned_abs() as u32))
            .map_err(|_| broken("笔迹写不出来", "the handwriting cannot be written down"))?;
        let given = said("sign/key", &[("request", &key.request()), ("ink", &ink)]).await?;
        let (signature, certificate) = key.sign(&shown, &given)?;
        said("sign/signature", &[("signature", &signature)]).await?;
        said("sign/dropped", &[("certificate", &certificate)]).await?;
        Ok(message)
    }

    /// "That signature is mine."
    pub async fn confirm_signature(&self) -> Result<(), Fail> {
        self.fill("sign", &[]).await.map(|_| ())
    }

    /// "I have the notice."
    pub async fn acknowledge_notice(&self) -> Result<(), Fail> {
        self.fill("notice", &[]).await.map(|_| ())
    }

    /// The last look, alone.
    pub async fn confirm(&self) -> Result<(), Fail> {
        self.fill("last", &[("own_wish", "yes"), ("being_told", "no")]).await.map(|_| ())
    }

    /// "I do not want it."
    pub async fn decline(&self, reason: &str) -> Result<Page, Fail> {
        self.fill("decline", &[("reason", reason)]).await
    }

    /// Answers the call-back: it was she, nobody took money, and the numbers as the table has them.
    pub async fn answer_callback(&self) -> Result<usize, Fail> {
        let page = self.browser.get(&self.at("callback")).await?;
        good(&page)?;
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut numbers = 0;
        for name in page::shown(&page.html) {
            let value = match name.as_str() {
                "own_loan" | "signed_yourself" => "yes".to_owned(),
                "someone_took_money" | "unknown_fee" => "no".to_owned(),
                other => {
                    let Ok(id) = other.parse::<QuestionId>() else { continue };
                    let question = regenerate(&self.table, id).ok_or_else(|| {
                        broken("回访问了表上没有的事", "the call-back asked what no table says")
                    })?;
                    numbers += 1;
                    filled(&right(&question, &self.table)?).1
                }
            };
            fields.push((name, value));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        good(&self.browser.send_from(&page, &self.at("callback"), &fields).await?)?;
        Ok(numbers)
    }

    /// One of her papers.
    pub async fn paper(&self, kind: &str) -> Result<Vec<u8>, Fail> {
        self.browser.file(&self.at(&format!("paper/{kind}"))).await
    }

    /// The evidence with her own values opened.
    pub async fn package(&self) -> Result<Vec<u8>, Fail> {
        self.browser.file(&self.at("package")).await
    }
}

/// How the page takes an answer.
fn filled(answer: &Answer) -> (&'static str, String) {
    match answer {
        Answer::Choice(index) => ("answer", index.to_string()),
        Answer::NotSure => ("answer", "not_sure".to_owned()),
        Answer::Amount(text) | Answer::Free(text) => ("amount", text.clone()),
    }
}

/// The right answer, found the way a careful reader finds it: by holding what the table says against the question.
pub fn right(question: &Question, table: &CostTable) -> Result<Answer, Fail> {
    fitting(question, table, Verdict::Correct)
}

/// A wrong answer that a hurried reader could give.
pub fn wrong(question: &Question, table: &CostTable) -> Result<Answer, Fail> {
    fitting(question, table, Verdict::Wrong)
}

fn fitting(question: &Question, table: &CostTable, verdict: Verdict) -> Result<Answer, Fail> {
    let candidates: Vec<Answer> = match &question.form {
        Form::Choices(choices) => {
            (0..u32::try_from(choices.len()).unwrap_or(0)).map(Answer::Choice).collect()
        }
        Form::Amount { .. } => amounts(table).into_iter().map(Answer::Amount).collect(),
    };
    candidates.into_iter().find(|answer| grade(question, answer).verdict == verdict).ok_or_else(|| {
        broken(
            format!("表上找不到这个问题的答案:{}", question.prompt.zh),
            format!("the table does not answer this question: {}", question.prompt.en),
        )
    })
}

/// Every amount that stands in the table.
fn amounts(table: &CostTable) -> Vec<String> {
    let late = table.default_costs.late_example;
    let whole =
        [table.net_payout_fen, table.total_repayable_fen, table.total_cost_fen, late.extra_fen, late.due_fen];
    let plan = table.instalments.iter().map(|row| row.total_fen);
    let charges = table.items.iter().flat_map(|item| item.charges.iter().map(|charge| charge.amount_fen));
    let early = table.early.iter().flat_map(|row| [row.payoff_fen, row.fee_fen, row.saved_fen]);
    whole.into_iter().chain(plan).chain(charges).chain(early).map(|fen| fen.to_string()).collect()
}
