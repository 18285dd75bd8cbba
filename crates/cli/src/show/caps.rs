//! How a cost table stands against the caps of the policy pack, in words.

use mingbai_core::policy::Pack;
use mingbai_cost::cap::{CapFinding, CapOutcome, CapSubject, SourceGrade, check};
use mingbai_cost::{CostTable, Lang, Words};

use crate::screen::{Screen, Tone};

/// Every cap of the pack that binds the loan.
pub fn findings(pack: &Pack, table: &CostTable, product_kind: &str) -> Vec<CapFinding> {
    check(pack.caps(), &pack.reference_rates(), &CapSubject::of(table, product_kind))
}

/// The outcome that matters most; `None` when no cap binds the loan.
pub fn worst(findings: &[CapFinding]) -> Option<CapOutcome> {
    let weight = |outcome: &CapOutcome| match outcome {
        CapOutcome::Within => 0,
        CapOutcome::NotKnown => 1,
        CapOutcome::DependsOnBasis => 2,
        CapOutcome::Exceeded => 3,
    };
    findings.iter().map(|finding| finding.outcome).max_by_key(weight)
}

/// Writes every cap that binds the loan, or says that there is none.
pub fn write(pack: &Pack, findings: &[CapFinding], screen: &mut Screen) {
    screen.line("");
    let heading = match screen.lang() {
        Lang::Zh => format!("上限核对(规则包 {})· Caps", pack.id()),
        Lang::En => format!("Caps (policy pack {})", pack.id()),
    };
    let heading = screen.toned(Tone::Strong, &heading);
    screen.line(heading);
    if findings.is_empty() {
        screen.say(
            "  规则包里没有适用于这笔贷款的上限。",
            "  The pack has no cap for this kind of lender, term and day.",
        );
    }
    for finding in findings {
        let (tone, sign) = match finding.outcome {
            CapOutcome::Within => (Tone::Good, "✓"),
            CapOutcome::NotKnown => (Tone::Quiet, "?"),
            CapOutcome::DependsOnBasis => (Tone::Bad, "!"),
            CapOutcome::Exceeded => (Tone::Bad, "✗"),
        };
        let text = screen.toned(tone, &format!("{sign} {}", screen.words(&finding.words())));
        screen.line(format!("  {text}"));
        let (source, grade) = (source(pack, &finding.source), grade(finding.grade));
        let (source, grade) = (screen.words(&source), screen.words(&grade));
        let from =
            screen.toned(Tone::Quiet, &format!("    {}{source} ({grade})", screen.pick("来源:", "source: ")));
        screen.line(from);
    }
}

fn source(pack: &Pack, id: &str) -> Words {
    pack.source(id).map_or_else(|| Words::new(id, id), |source| source.title.clone())
}

fn grade(grade: SourceGrade) -> Words {
    match grade {
        SourceGrade::Seen => Words::new("已见公布文本", "read in a published copy"),
        SourceGrade::SecondHand => Words::new("转述,未见原文", "second-hand"),
        SourceGrade::Derived => Words::new("本系统推定", "worked out here"),
        SourceGrade::Unverified => Words::new("未经核实", "unverified"),
    }
}
