//! `mingbai privacy`: what is kept about the person of a journey, holds against erasing it, and erasing it. Whoever does this signs in
//! with her own login, because the log names her; the decisions are the desk's, and this file only shows and asks.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::privacy::{PrivacyFile, Wish, possible_from};
use mingbai_core::text::both;
use mingbai_desk::borrow::{JourneyView, paper_stream};
use mingbai_desk::{Caller, PASSWORD_MAX};
use mingbai_evidence::refs::{AttachmentRef, Reference, references};

use super::account::open;
use crate::args::privacy::{PrivacyAction, PrivacyForget};
use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::{House, told};
use crate::real;
use crate::screen::{Grid, Screen, Side, Tone};

/// Runs the command.
pub fn run(action: &PrivacyAction, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let of = action.of();
    let password = password(Asker { login: &of.login, stdin: of.password_stdin }, screen)?;
    block_on(signed_in(action, &password, settings, screen))
}

async fn signed_in(
    action: &PrivacyAction,
    password: &str,
    settings: &Settings,
    screen: &mut Screen,
) -> Result<(), Fail> {
    let house = open(settings).await?;
    let caller = house.desk.prove_password(&action.of().login, password).await.map_err(told)?;
    act(action, &house, &caller, screen).await
}

async fn act(
    action: &PrivacyAction,
    house: &House,
    caller: &Caller,
    screen: &mut Screen,
) -> Result<(), Fail> {
    let desk = &house.desk;
    let id = desk.find_journey(caller, &action.of().journey).await.map_err(told)?;
    match action {
        PrivacyAction::Show(_) => show(&About::of(house, caller, id).await?, screen),
        PrivacyAction::Hold(hold) => {
            let number = desk.hold(caller, id, &hold.reason).await.map_err(told)?;
            screen.say(
                &format!("已冻结,编号 {number};解除之前不会删除此人的资料。"),
                &format!("held as number {number}; nothing of this person is erased until it is released."),
            );
        }
        PrivacyAction::Release(release) => {
            desk.release_hold(caller, id, release.hold, &release.reason).await.map_err(told)?;
            let number = release.hold;
            screen.say(&format!("冻结 {number} 已解除。"), &format!("hold {number} is released."));
        }
        PrivacyAction::Forget(forget) => forgotten(forget, house, caller, id, screen).await?,
    }
    Ok(())
}

/// What there is to know about the personal data of a journey.
struct About {
    id: JourneyId,
    view: JourneyView,
    file: PrivacyFile,
    /// Names of the values, with their length in bytes. What they say is for no terminal.
    values: Vec<(String, usize)>,
    documents: Vec<AttachmentRef>,
}

impl About {
    async fn of(house: &House, caller: &Caller, id: JourneyId) -> Result<Self, Fail> {
        // The desk decides first whether the caller may know any of it.
        let file = house.desk.privacy(caller, id).await.map_err(told)?;
        let view = house.desk.journey(caller, id).await.map_err(told)?;
        let failed = |e: &dyn std::fmt::Display| {
            Fail::new(Kind::Io, both("读不了保管的资料", "what is kept cannot be read")).caused_by(e)
        };
        let values = house.vault.list(id.uuid()).await.map_err(|e| failed(&e))?;
        let values = values.into_iter().map(|one| (one.label, one.value.len())).collect();
        let mut documents: Vec<AttachmentRef> = Vec::new();
        for stream in [id.stream(), paper_stream(id)] {
            for item in house.log.read(&stream).await.map_err(|e| failed(&e))? {
                for found in references(item.record.body()) {
                    match found {
                        Reference::Attachment(one) if !documents.contains(&one) => documents.push(one),
                        _ => {}
                    }
                }
            }
        }
        Ok(About { id, view, file, values, documents })
    }
}

fn show(about: &About, screen: &mut Screen) {
    let About { id, view, file, values, documents } = about;
    let title = match screen.lang() {
        mingbai_cost::Lang::Zh => format!("业务 {}", id.reference()),
        mingbai_cost::Lang::En => format!("journey {}", id.reference()),
    };
    let title = screen.toned(Tone::Strong, &title);
    screen.line(title);
    if let Some(erased) = file.erased() {
        let (at, by, basis) = (real::in_beijing(erased.at_ms), &erased.by, erased.basis.name());
        screen.say(
            &format!("  已于 {at} 由 {by} 删除。{};说明:{}", basis.zh, erased.note),
            &format!("  erased on {at} by {by}. {}; note: {}", basis.en, erased.note),
        );
        screen.say(
            &format!("  一并删除的文件 {} 份;存证仍可验证。", erased.documents.len()),
            &format!("  documents that went with it: {}; every proof still holds.", erased.documents.len()),
        );
        return;
    }
    screen.say(
        "  保管的个人信息(加密存放,这里只列名称):",
        "  personal values (sealed; only their names are shown):",
    );
    let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Right]);
    for (label, bytes) in values {
        grid.row(vec![String::new(), label.clone(), format!("{bytes} B")]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
    screen.say("  她的文件(加密存放):", "  her documents (sealed):");
    let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Left, Side::Right]);
    for one in documents {
        let short: String = one.sha256.to_string().chars().take(16).collect();
        grid.row(vec![String::new(), short, one.media.clone(), format!("{} B", one.bytes)]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
    stands_against(view, file, screen);
}

fn stands_against(view: &JourneyView, file: &PrivacyFile, screen: &mut Screen) {
    for (number, hold) in file.holds() {
        let (since, by, reason) = (real::in_beijing(hold.at_ms), &hold.by, &hold.reason);
        screen.say(
            &format!("  冻结 {number}:{since} 起,{by},理由:{reason}"),
            &format!("  hold {number}: since {since}, by {by}: {reason}"),
        );
    }
    if file.holds().is_empty() {
        screen.say("  没有冻结。", "  no hold stands.");
    }
    match possible_from(&view.journey, &view.pack) {
        Ok(day) => screen.say(
            &format!("  按规则包,{day} 起可以删除。"),
            &format!("  by the policy pack, erasing is possible from {day}."),
        ),
        Err(refusal) => {
            let why = screen.words(&refusal.why).to_owned();
            screen.line(format!("  {why}"));
        }
    }
}

async fn forgotten(
    forget: &PrivacyForget,
    house: &House,
    caller: &Caller,
    id: JourneyId,
    screen: &mut Screen,
) -> Result<(), Fail> {
    let about = About::of(house, caller, id).await?;
    if about.file.erased().is_none() {
        // Asked before the person is: who may not, or not yet, is told so and not asked to confirm anything.
        let wish = Wish { basis: forget.basis.into(), note: forget.note.clone(), documents: Vec::new() };
        let View { journey, pack } = View::of(&about);
        about.file.forget(&caller.actor(), journey, pack, real::now_ms(), wish).map_err(refused)?;
        show(&about, screen);
        confirm(forget, &about, screen)?;
    }
    let erased = house.desk.forget(caller, id, forget.basis.into(), &forget.note).await.map_err(told)?;
    let done = screen.toned(Tone::Good, screen.pick("已删除。", "erased."));
    let basis = screen.words(&erased.basis.name()).to_owned();
    screen.line(format!("{done} {basis}"));
    screen.say(
        "  此人的密钥已销毁,她的资料再也打不开;存证不变。备份里的旧密钥要到备份过期才消失,请按保管期限销毁备份。",
        "  Her key is destroyed and nothing of hers opens any more; every proof stays. A backup keeps the old key until it is \
         destroyed itself: do that on time.",
    );
    Ok(())
}

/// The journey and the law it is under.
struct View<'a> {
    journey: &'a mingbai_core::borrow::Journey,
    pack: &'a mingbai_core::policy::Pack,
}

impl<'a> View<'a> {
    fn of(about: &'a About) -> Self {
        View { journey: &about.view.journey, pack: &about.view.pack }
    }
}

fn refused(refusal: Refusal) -> Fail {
    let Refusal { why, next, .. } = refusal;
    Fail::new(Kind::No, both("没有删除", "nothing was erased")).because(why).next(next.zh, next.en)
}

/// Asks for the reference of the journey, typed by hand: the one answer that nobody gives out of habit.
fn confirm(forget: &PrivacyForget, about: &About, screen: &mut Screen) -> Result<(), Fail> {
    if forget.yes {
        return Ok(());
    }
    let reference = about.id.reference();
    let refuse =
        || Fail::new(Kind::Input, both("没有确认,什么也没有删除", "not confirmed; nothing was erased"));
    if !std::io::stdin().is_terminal() {
        return Err(refuse().next("不在终端上运行时,请加 --yes。", "Without a terminal, add --yes."));
    }
    screen.say(
        &format!("以上内容将永远打不开。确认删除,请输入参考号 {reference}:"),
        &format!("All of this will never open again. To erase it, type the reference {reference}:"),
    );
    let plain =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    match plain(&line()?) == plain(&reference) {
        true => Ok(()),
        false => Err(refuse().next("输入的参考号不对。", "That is not the reference.")),
    }
}

fn line() -> Result<String, Fail> {
    let mut text = String::new();
    let limit = u64::try_from(PASSWORD_MAX).unwrap_or(u64::MAX) + 2;
    let mut input = std::io::Read::take(std::io::stdin().lock(), limit);
    input
        .read_line(&mut text)
        .map_err(|e| Fail::new(Kind::Io, both("读不到输入", "no input can be read")).caused_by(&e))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Whose password, and where it comes from.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// Login.
    pub login: &'a str,
    /// Whether it is a line of the standard input.
    pub stdin: bool,
}

/// The password: from standard input, or typed on a terminal that does not show it.
pub fn password(of: Asker<'_>, screen: &Screen) -> Result<String, Fail> {
    if of.stdin {
        return line();
    }
    if !std::io::stdin().is_terminal() {
        let what = both("没有密码", "there is no password");
        return Err(Fail::new(Kind::Input, what)
            .next("不在终端上运行时,请用 --password-stdin。", "Without a terminal, use --password-stdin."));
    }
    let prompt = screen.pick("密码:", "password: ");
    let _ = write!(std::io::stderr(), "{} {prompt}", of.login).and_then(|()| std::io::stderr().flush());
    let hidden = echo("-echo");
    let typed = line();
    if hidden {
        echo("echo");
    }
    let _ = writeln!(std::io::stderr());
    typed
}

/// Lets the terminal show or hide what is typed; whether it did.
fn echo(how: &str) -> bool {
    std::process::Command::new("stty").arg(how).status().is_ok_and(|status| status.success())
}
