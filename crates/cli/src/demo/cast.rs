//! Everybody in the story: the house on its socket, the core system with key and listener, the staff, the reviewed products.

use std::sync::Arc;

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::policy::Pack;
use mingbai_core::text::both;
use mingbai_desk::{Caller, Desk, NewAccount};

use super::browser::good;
use super::core_system::CoreSystem;
use super::law::{broken, must_be};
use super::listener::Ear;
use super::staff::{Person, Staff};
use super::teller::Teller;
use crate::commands::account::made_password;
use crate::fail::Fail;
use crate::house::told;

/// The branch of the story.
pub const BRANCH: &str = "城东";
/// The honest product, its second version with a fee, and the one that is built like the complaints.
pub const HONEST: (&str, &str) = ("honest-loan", "2026.1");
pub const DEARER: (&str, &str) = ("honest-loan", "2026.2");
pub const COMPLAINTS: (&str, &str) = ("complaints-loan", "2026.1");
/// What the staff pages answer when a deed is somebody else's.
const REFUSED: u16 = 403;
const PURCHASE: (&str, &str) = ("purchase-instalments", "2026.1");

/// Everybody.
pub struct Cast {
    /// The house's address.
    pub url: String,
    /// The rules in force.
    pub pack: Pack,
    /// The core system.
    pub core: CoreSystem,
    /// Its listener.
    pub ear: Ear,
    /// 李娜, consultant in the branch.
    pub li: Staff,
    /// Everyone who can sign in.
    pub staff: Vec<Staff>,
    /// The house itself, for its published keys.
    pub desk: Arc<Desk>,
}

const LI: Person = Person { login: "li.na", name: "李娜", role: StaffRole::Consultant, branch: BRANCH };
const CHEN: Person = Person { login: "chen.jing", name: "陈静", role: StaffRole::Compliance, branch: "" };
const ZHAO: Person = Person { login: "zhao.lei", name: "赵磊", role: StaffRole::Compliance, branch: "" };
const ZHOU: Person = Person { login: "zhou.ming", name: "周明", role: StaffRole::Auditor, branch: "" };
const ADMIN: Person = Person { login: "admin", name: "管理员", role: StaffRole::Admin, branch: "" };

impl Cast {
    /// Hires everybody and has the products reviewed.
    pub async fn gather(desk: Arc<Desk>, url: String, ear: Ear, teller: &Teller) -> Result<Self, Fail> {
        let admin = first_admin(&desk, &url).await?;
        let li = admin.hire(&LI).await?;
        let chen = admin.hire(&CHEN).await?;
        let zhao = admin.hire(&ZHAO).await?;
        let zhou = admin.hire(&ZHOU).await?;
        teller.done(
            both(
                "管理员由命令行建立,其余四个账号由他在员工页面建立:一个账号一个岗位。",
                "The admin comes from the command line and makes four more accounts: one login, one role.",
            ),
            both(
                "谁送审、谁审查、谁办理都要看得出来;密码在结尾给出,不落日志。",
                "It must be visible who submits, who reviews and who serves; passwords come at the end, not in any log.",
            ),
        );
        review(&zhao, &chen, teller).await?;
        let core = CoreSystem::new(&url, admin.core_key("core").await?)?;
        let staff = vec![li.clone(), chen, zhao, zhou, admin];
        Ok(Cast { url, pack: Pack::embedded(), core, ear, li, staff, desk })
    }
}

/// The first account, made as `mingbai account add` makes it: on the data folder itself.
async fn first_admin(desk: &Desk, url: &str) -> Result<Staff, Fail> {
    let password = made_password();
    let new = NewAccount {
        login: Login::new(ADMIN.login).map_err(|e| broken(e.to_string(), e.to_string()))?,
        role: ADMIN.role,
        display_name: ADMIN.name.to_owned(),
        branch: None,
        password: password.clone(),
    };
    desk.add_account(&Caller::system(), new).await.map_err(told)?;
    Staff::sign_in(url, &ADMIN, password).await
}

async fn review(zhao: &Staff, chen: &Staff, teller: &Teller) -> Result<(), Fail> {
    let opinions = [
        (HONEST, "只收利息,没有其他费用;明示表、合同与话术口径一致,同意在网点使用。"),
        (DEARER, "新增每月服务费,已列入明示表并写明收取方;已签旧条款的客户必须重新告知。"),
        (PURCHASE, "分期手续费已折算年化,付款页不得默认勾选分期;同意在付款页使用。"),
        (COMPLAINTS, "仅供演示投诉情形:担保费、服务费、保险费已全部列入明示表,砍头息已标明。"),
    ];
    zhao.submit(HONEST).await?;
    // The four-eyes rule is tried before it is relied on.
    let own = zhao.try_release(HONEST, opinions[0].1).await?;
    must_be(("送审人自己放行应被拒绝", "a submitter must not release his own"), &own.status, &REFUSED)?;
    teller.refused(
        both("赵磊想自己放行自己送审的产品。", "Zhao Lei tries to release what he submitted himself."),
        both("送审和审查必须是两个人。", "Submitting and reviewing take two people."),
    );
    for (product, opinion) in opinions {
        if product != HONEST {
            zhao.submit(product).await?;
        }
        good(&chen.try_release(product, opinion).await?)?;
    }
    let count = opinions.len();
    teller.done(
        both(
            format!("{count} 个产品版本由赵磊送审,陈静写明意见后放行。"),
            format!(
                "{count} product versions: submitted by Zhao Lei, released by Chen Jing with an opinion."
            ),
        ),
        both(
            "没有通过消保审查的产品开不了业务;放行的是这一份文件的原字节,改一个字就要重审。",
            "No journey opens with an unreviewed product; the release is for these exact bytes.",
        ),
    );
    Ok(())
}
