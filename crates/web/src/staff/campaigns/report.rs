//! The report: one page of figures, each with what it is a part of and how sure it is; then the annex. It can be printed as it stands.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use mingbai_desk::learn::{CampaignFigures, Effect};
use mingbai_desk::measuring::attendance::Figures;
use mingbai_desk::measuring::proportion::Share;
use mingbai_desk::measuring::signal::Judgement;
use mingbai_desk::measuring::uplift::{Arm, Attrition, Design, Finding, NoFigure, Uplift, Why};

use super::super::nav::{Nav, Place};
use super::one::{grouped, place_of};
use super::{at, named};
use crate::door::{Fail, Staff};
use crate::page::{Frame, show};
use crate::when;

/// A count, or a share with its denominator and interval.
struct Line {
    what: String,
    count: String,
    of: String,
    range: Option<Bar>,
}

/// An interval as words and as a bar from 0 to 1000.
struct Bar {
    words: String,
    low: u32,
    width: u32,
    at: u32,
}

/// One row of a table by city or session.
struct Row {
    name: String,
    cells: Vec<String>,
}

/// The effect, in words, with a bar around 0.
struct Told {
    finding: String,
    lines: Vec<String>,
    bar: Option<Bar>,
}

struct Lost {
    arm: String,
    cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "staff/campaign_report.html")]
struct ReportPage {
    f: Frame,
    n: Nav,
    back: String,
    head: String,
    lines: Vec<Line>,
    reported: Option<String>,
    effect: Told,
    skill: Option<Told>,
    lost: Vec<Lost>,
    cities: Vec<Row>,
    sessions: Vec<Row>,
    sources: Vec<Row>,
    strange: Option<String>,
}

fn percent(x: f64) -> String {
    format!("{:.1}%", x * 100.0)
}

fn milli(x: f64) -> u32 {
    // Between 0 and 1 by the caller, so the cast cannot wrap.
    (x.clamp(0.0, 1.0) * 1000.0).round() as u32
}

fn share(f: &Frame, key: &str, share: Option<Share>) -> Line {
    let Some(share) = share else {
        let (count, of) = ("—".to_owned(), f.t("campaign-nothing-to-divide"));
        return Line { what: f.t(key), count, of, range: None };
    };
    let range = share.wilson();
    let (low, high) = (milli(range.low), milli(range.high));
    Line {
        what: f.t(key),
        count: format!("{} ({})", grouped(share.count()), percent(share.value())),
        of: grouped(share.of()),
        range: Some(Bar {
            words: f.ab("campaign-range", percent(range.low), percent(range.high)),
            low,
            width: (high - low).max(2),
            at: milli(share.value()),
        }),
    }
}

fn count(f: &Frame, key: &str, count: u64, of: String) -> Line {
    Line { what: f.t(key), count: grouped(count), of, range: None }
}

fn lines(f: &Frame, figures: &Figures) -> Vec<Line> {
    let none = || "—".to_owned();
    vec![
        count(f, "campaign-f-scheduled", figures.scheduled, none()),
        count(
            f,
            "campaign-f-times",
            figures.person_times,
            f.ab("campaign-f-ways", grouped(figures.late), grouped(figures.paper)),
        ),
        share(f, "campaign-f-keyed", figures.keyed),
        count(f, "campaign-f-persons", figures.persons, f.t("campaign-f-persons-of")),
        share(f, "campaign-f-completed", figures.completed),
        share(f, "campaign-f-linked", figures.linked),
        share(f, "campaign-f-retained", figures.retained),
    ]
}

fn cells(figures: &Figures) -> Vec<String> {
    let part = |share: Option<Share>| {
        share.map_or_else(|| "—".to_owned(), |s| format!("{}/{}", grouped(s.count()), grouped(s.of())))
    };
    vec![
        grouped(figures.scheduled),
        grouped(figures.person_times),
        grouped(figures.persons),
        part(figures.keyed),
        part(figures.linked),
        part(figures.retained),
    ]
}

fn decimals(x: f64) -> String {
    format!("{x:.2}")
}

/// A bar around 0 in the middle, four units wide altogether.
fn around_zero(f: &Frame, one: &Uplift) -> Bar {
    let place = |x: f64| milli((x + 2.0) / 4.0);
    let (low, high) = (place(one.low), place(one.high));
    Bar {
        words: f.ab("campaign-range", decimals(one.low), decimals(one.high)),
        low,
        width: (high - low).max(2),
        at: place(one.difference),
    }
}

fn finding(f: &Frame, one: &Uplift) -> String {
    f.t(match (one.finding, one.design) {
        (Finding::Gain, Design::Compared) => "campaign-effect-gain",
        (Finding::Gain, Design::OnlyBeforeAndAfter) => "campaign-effect-gain-alone",
        (Finding::Loss, _) => "campaign-effect-loss",
        (Finding::NotEnough(Why::FewClusters), _) => "campaign-effect-few",
        (Finding::NotEnough(Why::MayBeNothing), _) => "campaign-effect-nothing",
    })
}

fn effect(f: &Frame, effect: &Effect) -> Told {
    let one = match &effect.knowledge {
        Ok(one) => one,
        Err(why) => {
            let key = match why {
                NoFigure::NobodyTested => "campaign-no-tests",
                NoFigure::OneCluster | NoFigure::Lopsided => "campaign-no-sessions",
                NoFigure::NoSpread | NoFigure::NotANumber => "campaign-no-spread",
            };
            return Told { finding: f.t(key), lines: Vec::new(), bar: None };
        }
    };
    let how = match one.design {
        Design::Compared => {
            f.ab("campaign-compared", grouped(one.taught as u64), grouped(one.waiting as u64))
        }
        Design::OnlyBeforeAndAfter => f.t1("campaign-alone", "count", grouped(one.taught as u64)),
    };
    let lines = vec![
        f.ab("campaign-difference", decimals(one.difference), decimals(one.error)),
        f.ab("campaign-effect-size", decimals(one.effect_size), decimals(one.deviation)),
        how,
        f.ab("campaign-clusters", one.clusters, format!("{:.1}", one.degrees)),
    ];
    Told { finding: finding(f, one), lines, bar: Some(around_zero(f, one)) }
}

fn skill(f: &Frame, effect: &Effect) -> Option<Told> {
    let (d_prime, criterion, judgement) = effect.skill.as_ref()?;
    let key = match judgement {
        Judgement::Sharper => "campaign-skill-sharper",
        Judgement::OnlyMoreSuspicious => "campaign-skill-suspicious",
        Judgement::OnlyMoreTrusting => "campaign-skill-trusting",
        Judgement::Blunter => "campaign-skill-blunter",
        Judgement::NotEnough => "campaign-skill-nothing",
    };
    let said = |key: &str, one: &Uplift| {
        let range = f.ab("campaign-range", decimals(one.low), decimals(one.high));
        f.ab(key, decimals(one.difference), range)
    };
    let lines = vec![said("campaign-d-prime", d_prime), said("campaign-criterion", criterion)];
    Some(Told { finding: f.t(key), lines, bar: Some(around_zero(f, d_prime)) })
}

fn lost(f: &Frame, one: &Attrition) -> Lost {
    let mean = |x: Option<f64>| x.map_or_else(|| "—".to_owned(), decimals);
    let arm = match one.arm {
        Arm::Taught => "campaign-arm-taught",
        Arm::Waiting => "campaign-arm-waiting",
    };
    let whole = |n: usize| grouped(n as u64);
    Lost {
        arm: f.t(arm),
        cells: vec![
            whole(one.people),
            whole(one.before),
            whole(one.both),
            whole(one.only_after),
            mean(one.mean_stayed),
            mean(one.mean_left),
        ],
    }
}

fn sessions(f: &Frame, figures: &CampaignFigures) -> Vec<Row> {
    let row = |(number, own): &(u32, Figures)| {
        let session = figures.campaign.session(*number)?;
        let place = place_of(f, &figures.campaign, session);
        let name = f.two(
            "campaign-session-row",
            ("number", &number.to_string()),
            ("place", &format!("{place} {}", when::exact(session.starts_at_ms))),
        );
        Some(Row { name, cells: cells(own) })
    };
    figures.sessions.iter().filter_map(row).collect()
}

fn page(staff: &Staff, figures: &CampaignFigures) -> Result<Response, Fail> {
    let f = staff.titled(staff.titled("").t1("campaign-report-title", "name", &figures.campaign.plan.name));
    let reported = figures.reported.map(|told| {
        f.two(
            "campaign-reported-range",
            ("range", &f.ab("campaign-range", grouped(told.least), grouped(told.most))),
            ("count", &told.figures.to_string()),
        )
    });
    let city = |(city, own): &(Option<String>, Figures)| Row {
        name: city.clone().unwrap_or_else(|| f.t("campaign-live")),
        cells: cells(own),
    };
    let source = |one: &mingbai_desk::core::learn::campaign::Reported| Row {
        name: one.platform.clone(),
        cells: vec![grouped(one.figure), one.source.clone(), when::exact(one.at_ms)],
    };
    let page = ReportPage {
        n: Nav::new(staff, &f, Place::Campaigns),
        back: at(figures.campaign.id()),
        head: f.ab("campaign-report-head", when::exact(figures.at_ms), &figures.campaign.plan.theme),
        lines: lines(&f, &figures.all),
        reported,
        effect: effect(&f, &figures.effect),
        skill: skill(&f, &figures.effect),
        lost: figures.effect.attrition.iter().map(|one| lost(&f, one)).collect(),
        cities: figures.cities.iter().map(city).collect(),
        sessions: sessions(&f, figures),
        sources: figures.campaign.reported.iter().map(source).collect(),
        strange: (figures.strange > 0).then(|| f.t1("campaign-strange", "count", figures.strange)),
        f,
    };
    show(&page)
}

/// `GET /staff/campaigns/{id}/report`.
pub(super) async fn report(Path(id): Path<String>, staff: Staff) -> Result<Response, Fail> {
    let id = named(&id)?;
    let figures = staff.visit.site.desk.campaign_figures(&staff.caller, id).await?;
    page(&staff, &figures)
}
