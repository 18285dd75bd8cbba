//! What the reader can open and try when the story is over.

use mingbai_cost::Lang;

use super::cast::Cast;
use super::chapters::honest_loan;
use super::folder::Folder;
use crate::commands::write_whole;
use crate::fail::Fail;
use crate::screen::{Grid, Screen, Side, Tone};

/// Prints links and logins, and keeps them in the folder for later.
pub async fn links(cast: &Cast, folder: &Folder, screen: &mut Screen) -> Result<(), Fail> {
    let fresh = cast.core.open(&honest_loan("读者", "DEMO-2001")).await?;
    let lines = text(cast, folder, &fresh.link, &fresh.code, screen.lang());
    write_whole(&folder.evidence().with_file_name("LINKS.txt"), lines.join("\n").as_bytes())?;
    screen.line("");
    let title = screen.toned(Tone::Strong, screen.pick("自己试试", "Try it yourself"));
    screen.line(title);
    lines.iter().for_each(|line| screen.line(line));
    Ok(())
}

fn text(cast: &Cast, folder: &Folder, link: &str, code: &str, lang: Lang) -> Vec<String> {
    let pick = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    let url = &cast.url;
    let mut lines = vec![
        format!(
            "  {}",
            pick(
                "借款人(换一个无痕窗口打开:登录着员工账号的浏览器进不去)",
                "Borrower (a private window: a browser with a staff session may not enter)"
            )
        ),
        format!("    {link}"),
        format!("    {} {code}", pick("六位数字", "six digits")),
        format!("  {}", pick("公众:核对文件编号", "Public: check a paper's code")),
        format!("    {url}/"),
        format!("  {}", pick("员工登录", "Staff")),
        format!("    {url}/staff"),
    ];
    let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Left, Side::Left]);
    for person in &cast.staff {
        let role = person.role.key().to_owned();
        grid.row(vec![person.login.to_owned(), person.password.clone(), role, person.name.to_owned()]);
    }
    lines.extend(grid.lines().iter().map(|line| format!("  {line}")));
    lines.push(format!(
        "  {}",
        pick(
            "(演示里只用密码;mingbai serve 默认还要第二验证,在“我的账号”可以试。)",
            "(The demo asks for passwords alone; mingbai serve wants a second proof too. Try it under your name.)"
        )
    ));
    lines.push(format!("  {}", pick("核心系统接口", "API of the core system")));
    lines.push(format!("    {url}/api/v1/openapi.json"));
    let evidence = folder.evidence();
    let evidence = evidence.display();
    lines.push(format!("  {}", pick("自己验证", "Verify for yourself")));
    lines.push(format!("    mingbai verify {evidence}/1-honest.zip --key @{evidence}/log-key.txt"));
    lines.push(format!("    mingbai verify {evidence}/1-honest-forged.zip --key @{evidence}/log-key.txt"));
    lines
}

/// Shows what the core system would send to a borrower's telephone, as it comes, so that links made on the staff pages can be
/// tried.
pub async fn messages(cast: &Cast, screen: &mut Screen) {
    let mut from = cast.ear.count();
    loop {
        for message in cast.ear.after(&mut from).await {
            let of = |pointer: &str| crate::demo::core_system::text(&message, pointer);
            let (to, code, url) = (of("/data/to"), of("/data/code"), of("/data/url"));
            match (code.as_str(), url.as_str()) {
                ("", "") => {}
                (code, "") => screen.say(
                    &format!("核心系统会发短信到 {to}:验证码 {code}"),
                    &format!("The core system would text {to}: code {code}"),
                ),
                (code, url) => screen.say(
                    &format!("核心系统会发短信到 {to}:{url} 验证码 {code}"),
                    &format!("The core system would text {to}: {url} code {code}"),
                ),
            }
        }
    }
}
