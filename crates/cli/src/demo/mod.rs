//! The demo: real loans, played by invented people through the real HTTP interface of a real server on this machine. Every step
//! holds its outcome against the law of the house; the clock is the server's own and is never turned.

mod borrower;
mod browser;
mod cast;
mod chapters;
mod core_system;
mod ending;
pub mod folder;
mod law;
mod listener;
mod page;
mod pen;
mod proof;
mod staff;
mod teller;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use mingbai_core::text::both;
use mingbai_cost::{Lang, Words};
use mingbai_desk::{LenderContact, SecondFactor, StaffRules};
use mingbai_web::TrustedProxies;
use tokio::task::JoinHandle;

use crate::fail::{Fail, Kind};
use crate::films::Inspecting;
use crate::house::server::{Server, Signals, bind};
use crate::house::signatures::custody::Custodians;
use crate::house::{House, Lock, Plan, Signing, products};
use crate::real::Stopwatch;
use crate::screen::{Screen, Tone};
use crate::storage::Premises;
use cast::Cast;
use chapters::{Outcome, changed, complaint, consultant, honest, rote, unlisted};
use folder::Folder;
use listener::Ear;
use teller::{Stage, Teller};

/// Whether the server stays when the story is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It stays until it is told to stop.
    Stay,
    /// It stops.
    Stop,
}

/// Plays the demo.
pub async fn play(
    folder: &Folder,
    listen: SocketAddr,
    afterwards: Afterwards,
    screen: &mut Screen,
) -> Result<(), Fail> {
    let clock = Stopwatch::start();
    let _lock = Lock::take(&folder.data())?;
    let (listener, address) = bind(listen).await?;
    let url = format!("http://{}", reachable(address));
    let ear = Ear::open().await?;
    let plan = Plan {
        premises: Premises::folder(&folder.data()),
        base_url: url.clone(),
        lender: LenderContact {
            name: both("示例消费金融有限公司", "Example Consumer Finance Ltd."),
            phone: "400-000-0000".to_owned(),
            complaint_phone: "400-000-0001".to_owned(),
        },
        webhook: Some(ear.target()),
        products: products::load(&folder.products())?,
        authority: None,
        witnesses: Vec::new(),
        signing: Signing::BuiltIn,
        // The reader signs in with the passwords that the demo prints. A house in earnest asks for a second proof.
        staff: StaffRules { second_factor: SecondFactor::Optional, ..StaffRules::default() },
        custodians: Custodians::default(),
        inspecting: Inspecting::default(),
        reader: None,
    };
    let house = House::open(plan).await?;
    let mut signals = Signals::listen()?;
    let server = Server::start(house.desk.clone(), listener, TrustedProxies::default());
    greet(&url, screen);
    let told = tokio::select! {
        told = story(&house, &url, ear, folder, screen) => told,
        () = signals.wait() => Err(stopped_early()),
    };
    let cast = match told {
        Ok(cast) => cast,
        Err(fail) => {
            server.stop().await?;
            return Err(fail);
        }
    };
    conclude(clock.seconds(), cast.ear.count(), screen);
    if afterwards == Afterwards::Stay {
        ending::links(&cast, folder, screen).await?;
        screen.say("服务还开着;按 Ctrl-C 停止。", "The server is still running; press Ctrl-C to stop.");
        tokio::select! {
            () = ending::messages(&cast, screen) => {}
            () = signals.wait() => {}
        }
    }
    server.stop().await
}

/// The address under which this machine reaches the server itself.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(four) if four.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, four.port()).into(),
        SocketAddr::V6(six) if six.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, six.port()).into(),
        other => other,
    }
}

fn greet(url: &str, screen: &mut Screen) {
    let title = match screen.lang() {
        Lang::Zh => format!("明白 · 演示:{url}"),
        Lang::En => format!("Mingbai · demo: {url}"),
    };
    let title = screen.toned(Tone::Strong, &title);
    screen.line(title);
    screen.say(
        "六笔业务同时走,人名和机构都是虚构的;服务、网络、计时、存证都是真的,阅读要花真实的时间(约两分钟)。",
        "Six journeys at once. People and firms are invented; server, network, clock and evidence are real, and so is the \
         reading time (about two minutes).",
    );
}

fn stopped_early() -> Fail {
    Fail::new(Kind::No, both("演示没有讲完就停了", "the demo was stopped before its end"))
        .next("重新开始:mingbai demo --start-over。", "Start again: mingbai demo --start-over.")
}

fn conclude(seconds: u64, messages: usize, screen: &mut Screen) {
    let text = match screen.lang() {
        Lang::Zh => {
            format!("演示完成,用时 {seconds} 秒:每一步都如规矩所说;核心系统收到 {messages} 条签名消息。")
        }
        Lang::En => format!(
            "Done in {seconds} s: every step went as the law of the house says; the core system got {messages} signed messages."
        ),
    };
    screen.line("");
    let text = screen.toned(Tone::Good, &text);
    screen.line(text);
}

/// A chapter that is being played.
type Playing = (Teller, JoinHandle<Result<Outcome, Fail>>);

async fn story(
    house: &House,
    url: &str,
    ear: Ear,
    folder: &Folder,
    screen: &mut Screen,
) -> Result<Cast, Fail> {
    let stage = Stage::new(screen.lang());
    let teller = stage.teller("0", both("机构准备:账号与产品审查", "The house: accounts and reviews"));
    let gathered = Cast::gather(house.desk.clone(), url.to_owned(), ear, &teller).await;
    stage.tell(&teller, screen);
    let cast = Arc::new(gathered?);
    let outcomes = told_in_order(chapters_of(&cast, &stage), &stage, screen).await?;
    let teller =
        stage.teller("7", both("证据:人人可查,一个字节也改不得", "The evidence: anyone can check it"));
    let proved = proof::prove(&cast, &outcomes, folder, &teller).await;
    stage.tell(&teller, screen);
    proved?;
    Arc::try_unwrap(cast).map_err(|_| {
        Fail::new(Kind::Internal, both("演示的一章还没有结束", "a chapter of the demo has not ended"))
    })
}

fn chapters_of(cast: &Arc<Cast>, stage: &Stage) -> Vec<Playing> {
    let teller = |mark: &'static str, zh: &str, en: &str| -> (Arc<Cast>, Teller, Teller) {
        let teller = stage.teller(mark, Words::new(zh, en));
        (cast.clone(), teller.clone(), teller)
    };
    let mut playing = Vec::new();
    let (cast, own, kept) =
        teller("1", "诚实的一笔:从报价到回访、对账", "An honest loan, from quote to reconciliation");
    playing.push((kept, tokio::spawn(honest::play(cast, own))));
    let (cast, own, kept) = teller("2", "告知以后又加费用", "A fee that comes after the disclosure");
    playing.push((kept, tokio::spawn(changed::play(cast, own))));
    let (cast, own, kept) = teller(
        "3",
        "顾问替客户确认;不等许可就放款",
        "A consultant confirms for the customer; a payout without permit",
    );
    playing.push((kept, tokio::spawn(consultant::play(cast, own))));
    let (cast, own, kept) = teller("4", "嘴上说“清楚”,答案却是错的", "“Clear”, and wrong answers");
    playing.push((kept, tokio::spawn(rote::play(cast, own))));
    let (cast, own, kept) = teller("5", "放款后冒出一笔表外收费", "A charge that no row names");
    playing.push((kept, tokio::spawn(unlisted::play(cast, own))));
    let (cast, own, kept) = teller("6", "广告 8%,还有砍头息", "8 % as advertised, and an up-front deduction");
    playing.push((kept, tokio::spawn(complaint::play(cast, own))));
    playing
}

/// Tells the chapters in their order, each when it is over. A chapter that failed is told as far as it came.
async fn told_in_order(
    playing: Vec<Playing>,
    stage: &Stage,
    screen: &mut Screen,
) -> Result<Vec<Outcome>, Fail> {
    let mut outcomes = Vec::new();
    let mut failed = None;
    for (teller, task) in playing {
        let outcome = task.await;
        stage.tell(&teller, screen);
        match outcome {
            Ok(Ok(outcome)) => outcomes.push(outcome),
            Ok(Err(fail)) => failed = failed.or(Some(fail)),
            Err(e) => {
                let what = both("演示的一章崩溃了", "a chapter of the demo crashed");
                failed = failed.or(Some(Fail::new(Kind::Internal, what).caused_by(&e)));
            }
        }
    }
    match failed {
        Some(fail) => Err(fail),
        None => Ok(outcomes),
    }
}
