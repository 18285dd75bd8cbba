//! `mingbai renew-signatures`: archive time stamps on signed contracts. The running server does this by itself when it is due; the
//! command is for contracts that are older than the setting, and for an authority that ends earlier than it said.

use mingbai_core::text::{Tell as _, both};
use mingbai_desk::borrow::signing::{Renewal, Which};

use crate::args::RenewSignatures;
use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::{House, Plan, Signing, told};
use crate::real;
use crate::screen::{Screen, Tone};

/// Runs the command.
pub fn run(args: &RenewSignatures, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let Some(authority) = settings.tsa.authority()? else {
        let what = both("没有设置时间戳机构", "no time-stamping authority is set");
        return Err(Fail::new(Kind::Input, what)
            .because(both(
                "没有时间戳,签名的时间只有自己的时钟为证,文件停留在 B-LT 或 B-B 级",
                "without time stamps only our own clock says when a contract was signed; the files stay at level B-LT or B-B",
            ))
            .next(
                "设置 tsa_url 和 tsa_root(时间戳机构的地址和它公布的根证书),再运行一次。",
                "Set tsa_url and tsa_root (the authority's address and its published root), and run this again.",
            ));
    };
    let plan = Plan {
        authority: Some(authority),
        signing: Signing::BuiltIn,
        custodians: settings.pens.custodians()?,
        ..Plan::people_only(settings, settings.base_url())?
    };
    block_on(renew(plan, if args.all { Which::All } else { Which::Due }, screen))
}

/// What became of the contracts.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    renewed: usize,
    good: usize,
    failed: usize,
}

async fn renew(plan: Plan, which: Which, screen: &mut Screen) -> Result<(), Fail> {
    let house = House::open(plan).await?;
    let mut tally = Tally::default();
    for id in house.desk.contracts().await.map_err(told)? {
        match Box::pin(house.desk.renew_contract(id, which, real::now_ms())).await {
            Ok(Renewal::NoContract) => {}
            Ok(Renewal::NotDue(_)) => tally.good += 1,
            Ok(Renewal::NothingNewer(until_ms)) => {
                tally.good += 1;
                let (reference, until) = (id.reference(), real::in_beijing(until_ms));
                screen.say(
                    &format!("  {reference}  时间戳有效到 {until};时间戳机构还没有更新的证书,现在再盖也不会更久"),
                    &format!("  {reference}  good until {until}; the authority has no newer certificate yet, another stamp would add nothing"),
                );
            }
            Ok(Renewal::Renewed { before, after, until_ms }) => {
                tally.renewed += 1;
                let (reference, until) = (id.reference(), real::in_beijing(until_ms));
                screen.say(
                    &format!("  {reference}  已盖时间戳,有效到 {until}\n    原文件 {before}\n    新文件 {after}"),
                    &format!(
                        "  {reference}  time-stamped, good until {until}\n    file before {before}\n    file now    {after}"
                    ),
                );
            }
            Err(error) => {
                tally.failed += 1;
                let (reference, words) = (id.reference(), error.words());
                screen.say(
                    &format!("  {reference}  没有盖成:{}", words.zh),
                    &format!("  {reference}  not done: {}", words.en),
                );
            }
        }
    }
    conclude(tally, screen)
}

fn conclude(tally: Tally, screen: &mut Screen) -> Result<(), Fail> {
    let Tally { renewed, good, failed } = tally;
    let told = match screen.lang() {
        mingbai_cost::Lang::Zh => format!("盖了 {renewed} 份;{good} 份还没到期;{failed} 份没有盖成。"),
        mingbai_cost::Lang::En => format!("renewed {renewed}; not due yet {good}; not done {failed}."),
    };
    if failed == 0 {
        let told = screen.toned(Tone::Good, &told);
        screen.line(told);
        return Ok(());
    }
    screen.line(told);
    let what =
        both(format!("有 {failed} 份合同没有盖上时间戳"), format!("{failed} contracts got no time stamp"));
    Err(Fail::new(Kind::Io, what).next(
        "原因见上面各行;原文件都没有动。时间戳机构恢复后再运行一次。",
        "The lines above say why; no file was changed. Run this again when the authority answers.",
    ))
}
