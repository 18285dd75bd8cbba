//! `mingbai account`: the way in for the first administrator, and the way out for anybody. Works on the data folder itself,
//! whether or not a server runs on it: whoever can read the keys there is the house.

use std::io::BufRead;

use mingbai_core::actor::Login;
use mingbai_core::text::both;
use mingbai_cost::Lang;
use mingbai_desk::ports::Standing;
use mingbai_desk::{Caller, NewAccount, PASSWORD_MAX};

use crate::args::{AccountAction, AccountAdd};
use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::{House, Plan, told};
use crate::real;
use crate::screen::{Grid, Screen, Side, Tone};

/// Letters of a made password: none that looks like another one, because it is read from a screen and typed.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Letters of a made password: 20 of 32 are 100 bits.
const LENGTH: usize = 20;

/// Runs the command.
pub fn run(action: &AccountAction, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    match action {
        AccountAction::Add(add) => {
            let login = login(&add.login)?;
            let password = if add.password_stdin { read_password()? } else { made_password() };
            block_on(new_account(add, login, password, settings, screen))
        }
        AccountAction::List(_) => block_on(list(settings, screen)),
        AccountAction::Close(close) => block_on(closed(login(&close.login)?, settings, screen)),
        AccountAction::Reset(reset) => block_on(reset_one(login(&reset.login)?, settings, screen)),
    }
}

/// The data folder of the settings.
pub async fn open(settings: &Settings) -> Result<House, Fail> {
    House::open(Plan::people_only(settings, settings.base_url())?).await
}

/// A login or a core system's name as it was typed.
pub fn login(text: &str) -> Result<Login, Fail> {
    Login::new(text).map_err(|e| {
        let what = both(format!("“{text}”不能作登录名"), format!("\"{text}\" cannot be a login"));
        Fail::new(Kind::Input, what).caused_by(&e)
    })
}

/// A password that nobody thought of.
pub fn made_password() -> String {
    let mut bytes = [0; LENGTH];
    real::throw(&mut bytes);
    let letters: Vec<char> =
        bytes.iter().filter_map(|b| LETTERS.get(usize::from(b % 32)).copied().map(char::from)).collect();
    let groups: Vec<String> = letters.chunks(5).map(|chunk| chunk.iter().collect()).collect();
    groups.join("-")
}

fn read_password() -> Result<String, Fail> {
    let mut line = String::new();
    let limit = u64::try_from(PASSWORD_MAX).unwrap_or(u64::MAX) + 2;
    let mut input = std::io::Read::take(std::io::stdin().lock(), limit);
    input
        .read_line(&mut line)
        .map_err(|e| Fail::new(Kind::Io, both("读不到密码", "the password cannot be read")).caused_by(&e))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn new_account(
    add: &AccountAdd,
    login: Login,
    password: String,
    settings: &Settings,
    screen: &mut Screen,
) -> Result<(), Fail> {
    let house = open(settings).await?;
    let new = NewAccount {
        login: login.clone(),
        role: add.role.into(),
        display_name: add.name.clone(),
        branch: add.branch.clone(),
        password: password.clone(),
    };
    house.desk.add_account(&Caller::system(), new).await.map_err(told)?;
    match screen.lang() {
        Lang::Zh => screen.line(format!("已新增账号 {login}({})。", add.name)),
        Lang::En => screen.line(format!("account {login} ({}) was added.", add.name)),
    }
    if !add.password_stdin {
        let shown = screen.toned(Tone::Strong, &password);
        screen
            .line(format!("  {} {shown}", screen.pick("密码(只显示这一次):", "password (shown only now):")));
    }
    Ok(())
}

async fn list(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let house = open(settings).await?;
    let accounts = house.desk.accounts(&Caller::system()).await.map_err(told)?;
    let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Left, Side::Left, Side::Left]);
    let head = ["登录名 login", "岗位 role", "姓名 name", "网点 branch", "状态 standing"];
    grid.row(head.map(str::to_owned).to_vec());
    for account in accounts {
        let standing = match account.standing {
            Standing::Active => screen.pick("有效", "active"),
            Standing::Closed => screen.pick("已停用", "closed"),
        };
        grid.row(vec![
            account.login.to_string(),
            account.role.key().to_owned(),
            account.display_name,
            account.branch.unwrap_or_default(),
            standing.to_owned(),
        ]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
    Ok(())
}

async fn closed(login: Login, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let house = open(settings).await?;
    house.desk.close_account(&Caller::system(), &login).await.map_err(told)?;
    match screen.lang() {
        Lang::Zh => screen.line(format!("账号 {login} 已停用,会话已结束。")),
        Lang::En => screen.line(format!("account {login} is closed and its sessions are over.")),
    }
    Ok(())
}

async fn reset_one(login: Login, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let house = open(settings).await?;
    let password = made_password();
    house.desk.reset_account(&Caller::system(), &login, password.clone()).await.map_err(told)?;
    match screen.lang() {
        Lang::Zh => screen.line(format!("账号 {login} 的密码已换,第二验证已清除,会话已结束。")),
        Lang::En => screen.line(format!(
            "account {login} has a new password; second proofs are cleared, sessions are over."
        )),
    }
    let shown = screen.toned(Tone::Strong, &password);
    screen.line(format!("  {} {shown}", screen.pick("密码(只显示这一次):", "password (shown only now):")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_passwords_are_long_and_differ() {
        let (a, b) = (made_password(), made_password());
        assert_eq!((a.len(), a.matches('-').count()), (LENGTH + 3, 3));
        assert_ne!(a, b);
    }
}
