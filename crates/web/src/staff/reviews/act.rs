//! What is done to a review: each form is one wish, and the rules say yes or no.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::govern::review::{
    Answer, Command, Finding, Judgement, Reply, Review, Risk, Ruling, Verdict,
};
use mingbai_desk::core::text::Tell as _;

use super::super::back::{self, Back};
use super::one::{Returned, page};
use super::{at, named, regions, ticked};
use crate::door::{Fail, Kind, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::see_other;
use crate::when::typed_day;

/// Every form of the page, by the end of its address, which is also its anchor.
const ACTS: [&str; 8] = ["judge", "machine", "issue", "reply", "rule", "release", "withdraw", "recall"];

/// `POST /staff/reviews/{id}/{act}`.
pub(super) async fn act(Path((id, act)): Path<(String, String)>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let which = ACTS.into_iter().find(|one| *one == act).ok_or_else(|| Fail::of(Kind::NotFound))?;
    let (staff, fields) = (&wish.staff, &wish.fields);
    let desk = &staff.visit.site.desk;
    let review = desk.material_review(&staff.caller, id).await?;
    let command = match read(which, &review, fields) {
        Ok(command) => command,
        Err(key) => {
            let mut form = FormState::typed(fields.clone());
            form.mark(which, staff.visit.say(key));
            return page(staff, id, Returned { which, form }, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match desk.act_on_review(&staff.caller, id, command).await {
        Ok(_) => Ok(see_other(&format!("{}#{which}", at(id)))),
        Err(error) => {
            if error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::NotYours) {
                return Err(error.into());
            }
            let f = staff.titled("");
            let text = error.tell(f.lang());
            let Back { status, .. } = back::form(&f, fields, which, error)?;
            let mut form = FormState::typed(fields.clone());
            form.mark(which, text);
            page(staff, id, Returned { which, form }, status).await
        }
    }
}

/// A form as a wish, or the key of what is wrong with it.
fn read(act: &str, review: &Review, fields: &Fields) -> Result<Command, &'static str> {
    let text = |name: &str| fields.get(name).trim().to_owned();
    let number = || fields.get("no").parse::<u32>().map_err(|_| "choose-one");
    Ok(match act {
        "judge" => Command::Judge { items: items(review, fields)?, machine: BTreeMap::new() },
        "machine" => Command::Judge { items: BTreeMap::new(), machine: machine(review, fields) },
        "issue" => {
            let verdict = Verdict::from_key(fields.get("verdict")).ok_or("choose-one")?;
            Command::Issue { verdict, summary: text("summary") }
        }
        "reply" => {
            let reply = match fields.get("reply") {
                "adopted" => Reply::Adopted { how: text("words") },
                "declined" => Reply::Declined { reason: text("words") },
                _ => return Err("choose-one"),
            };
            Command::Reply { no: number()?, reply }
        }
        "rule" => {
            let ruling = match fields.get("ruling") {
                "stands" => Ruling::Stands { reason: text("words") },
                "waived" => Ruling::Waived { reason: text("words") },
                _ => return Err("choose-one"),
            };
            Command::Rule { no: number()?, ruling }
        }
        "release" => {
            let day = |name: &str| typed_day(fields.get(name)).ok_or("review-day-wrong");
            Command::Release {
                from_ms: day("from")?,
                // The last day counts whole.
                until_ms: day("until")?.saturating_add(DAY_MS),
                regions: regions(fields.get("regions")),
                channels: ticked(fields),
                compared: text("compared"),
            }
        }
        "withdraw" => Command::Withdraw(text("words")),
        _ => Command::Recall(text("words")),
    })
}

const DAY_MS: i64 = 24 * 3_600_000;

/// The questions that were answered; those left alone stay as they are.
fn items(review: &Review, fields: &Fields) -> Result<BTreeMap<String, Answer>, &'static str> {
    let mut found = BTreeMap::new();
    for code in &review.submission.items {
        let text = |name: &str| fields.get(&format!("{name}-{code}")).trim().to_owned();
        let answer = match text("answer").as_str() {
            "" => continue,
            "met" => Answer::Met,
            "not_met" => {
                let risk = Risk::from_key(&text("risk")).ok_or("review-risk-missing")?;
                Answer::NotMet {
                    finding: Finding { risk, excerpt: text("excerpt"), suggestion: text("words") },
                }
            }
            "not_applicable" => Answer::NotApplicable { reason: text("words") },
            _ => return Err("choose-one"),
        };
        // What already stands so is not written again.
        if review.items.get(code) != Some(&answer) {
            found.insert(code.clone(), answer);
        }
    }
    Ok(found)
}

fn machine(review: &Review, fields: &Fields) -> BTreeMap<u32, Judgement> {
    let mut found = BTreeMap::new();
    for (_, no) in review.submission.machine.findings.iter().zip(0_u32..) {
        let judged = match fields.get(&format!("finding-{no}")) {
            "upheld" => Judgement::Upheld,
            "dismissed" => {
                Judgement::Dismissed { reason: fields.get(&format!("reason-{no}")).trim().to_owned() }
            }
            _ => continue,
        };
        if review.judged.get(&no) != Some(&judged) {
            found.insert(no, judged);
        }
    }
    found
}
