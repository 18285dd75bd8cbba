//! `mingbai serve`: one data folder, one address, until somebody says stop.

use std::io::IsTerminal;

use mingbai_desk::{Caller, ReviewStanding};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::Fail;
use crate::house::server::{Server, Signals, bind};
use crate::house::{House, Lock, Plan, told};
use crate::screen::{Screen, Tone};

/// Runs the command.
pub fn run(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    start_log(&settings.log.value);
    block_on(serve(settings, screen))
}

/// Sends the log to stderr. Other people's crates are heard from `warn` upwards only: at `debug` they would drown ours.
pub fn start_log(level: &str) {
    let ours = level.parse().unwrap_or(LevelFilter::INFO);
    let levels = Targets::new().with_default(ours.min(LevelFilter::WARN)).with_target("mingbai", ours);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second subscriber would be a fault of this program and costs nothing but the log.
    let _ = tracing_subscriber::registry().with(lines).with(levels).try_init();
}

async fn serve(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    // The lock comes first: a second server must not even look at the folder's keys.
    let _lock = Lock::take(&settings.dir.value)?;
    let (listener, address) = bind(settings.listen.value).await?;
    let url = settings.base_url_at(address);
    let house = House::open(Plan::from_settings(settings, url.clone())?).await?;
    if settings.storage.on_s3() {
        house.check_documents().await?;
    }
    house.desk.check_public_log().await.map_err(told)?;
    let edges = house.desk.load_rings().await.map_err(told)?;
    tracing::info!(edges, "the state of the rings was made from the log");
    let mut signals = Signals::listen()?;
    let server = Server::start(house.desk.clone(), listener, settings.door.trusted());
    announce(&house, settings, &url, screen).await?;
    signals.wait().await;
    screen.say("正在停止:等进行中的请求做完…", "Stopping: letting requests finish…");
    server.stop().await
}

async fn announce(house: &House, settings: &Settings, url: &str, screen: &mut Screen) -> Result<(), Fail> {
    let ready = match screen.lang() {
        mingbai_cost::Lang::Zh => format!("明白已启动:{url}"),
        mingbai_cost::Lang::En => format!("Mingbai is running: {url}"),
    };
    let ready = screen.toned(Tone::Good, &ready);
    screen.line(ready);
    screen.line(format!("  {} {url}/staff", screen.pick("员工登录", "staff     ")));
    screen.line(format!("  {} {url}/api/v1/openapi.json", screen.pick("接口说明", "API       ")));
    let key = house.desk.log_key().map_err(told)?;
    screen.line(format!("  {} {key}", screen.pick("存证公钥", "log key   ")));
    to_do(house, settings, screen).await?;
    screen.say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.");
    Ok(())
}

/// What is still missing before a loan can be opened, with the command that does it.
async fn to_do(house: &House, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let dir = settings.dir.value.display();
    let mut todo: Vec<(String, String)> = Vec::new();
    if house.desk.accounts(&Caller::system()).await.map_err(told)?.is_empty() {
        let command = format!("mingbai account add admin --role admin --name 管理员 --dir {dir}");
        todo.push((format!("还没有员工账号:{command}"), format!("there is no staff account yet: {command}")));
    }
    let products = settings.products_dir();
    let products = products.display();
    let mut waiting = Vec::new();
    for product in house.desk.products() {
        let standing = house.desk.review_standing(product.id(), product.version()).await.map_err(told)?;
        if !matches!(standing, ReviewStanding::Released(_)) {
            waiting.push(format!("{} {}", product.id(), product.version()));
        }
    }
    if house.desk.products().next().is_none() {
        todo.push((
            format!("还没有产品:把产品文件(*.toml)放进 {products},再重新启动"),
            format!("there is no product yet: put product files (*.toml) into {products} and start again"),
        ));
    }
    if !waiting.is_empty() {
        let list = waiting.join(", ");
        todo.push((
            format!("还没有通过消保审查的产品:{list}。在员工页面送审,由另一位消保岗出具意见"),
            format!(
                "not released yet: {list}. Submit on the staff pages; another compliance officer releases"
            ),
        ));
    }
    if settings.webhook.url.value.is_none() {
        todo.push((
            "没有设置 webhook_url:验证码和回访链接发不出去,顾问开的链接用不了".to_owned(),
            "webhook_url is not set: codes and call-back links cannot be sent".to_owned(),
        ));
    }
    if settings.tsa.url.value.is_none() {
        todo.push((
            "没有设置 tsa_url 和 tsa_root:签名没有时间戳,借款人的一天证书过期后,签名时间就只有自己的时钟为证".to_owned(),
            "tsa_url and tsa_root are not set: signatures carry no time stamp; once a borrower's one-day certificate has ended, only our own clock says when she signed"
                .to_owned(),
        ));
    }
    let open_to_others = !settings.listen.value.ip().is_loopback();
    if open_to_others && settings.base_url().starts_with("http://") {
        todo.push((
            "别的机器也能连上来,但没有加密:请在前面放一个 https 代理,并设置 public_url".to_owned(),
            "other machines can connect without encryption: put an https proxy in front and set public_url"
                .to_owned(),
        ));
    }
    if settings.lender_phone.value.is_empty() || settings.lender_complaint_phone.value.is_empty() {
        todo.push((
            "没有设置 lender_phone 和 lender_complaint_phone:页面和文件上会印“—”".to_owned(),
            "lender_phone and lender_complaint_phone are not set: pages and papers print “—”".to_owned(),
        ));
    }
    if !todo.is_empty() {
        screen.say("接下来要做:", "To do next:");
        for (zh, en) in todo {
            screen.say(&format!("  · {zh}"), &format!("  · {en}"));
        }
    }
    Ok(())
}
