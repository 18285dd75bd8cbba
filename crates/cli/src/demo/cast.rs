//! Everybody in the story: the house on its socket, the core system with key and listener, the staff, the reviewed products.

use std::sync::Arc;

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::refusal::RefusalKind;
use mingbai_core::policy::Pack;
use mingbai_core::text::both;
use mingbai_desk::{Caller, Desk, ErrorKind};

use super::core_system::CoreSystem;
use super::law::broken;
use super::listener::Ear;
use super::staff::Staff;
use super::teller::Teller;
use crate::fail::Fail;
use crate::house::told;

/// The branch of the story.
pub const BRANCH: &str = "城东";
/// The honest product, its second version with a fee, and the one that is built like the complaints.
pub const HONEST: (&str, &str) = ("honest-loan", "2026.1");
pub const DEARER: (&str, &str) = ("honest-loan", "2026.2");
pub const COMPLAINTS: (&str, &str) = ("complaints-loan", "2026.1");
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
    pub staff: Vec<(Staff, StaffRole)>,
    /// The house itself, for its published keys.
    pub desk: Arc<Desk>,
}

impl Cast {
    /// Hires everybody and has the products reviewed.
    pub async fn gather(desk: Arc<Desk>, url: String, ear: Ear, teller: &Teller) -> Result<Self, Fail> {
        let li = Staff::hire(&desk, "li.na", "李娜", StaffRole::Consultant, Some(BRANCH)).await?;
        let chen = Staff::hire(&desk, "chen.jing", "陈静", StaffRole::Compliance, None).await?;
        let zhao = Staff::hire(&desk, "zhao.lei", "赵磊", StaffRole::Compliance, None).await?;
        let zhou = Staff::hire(&desk, "zhou.ming", "周明", StaffRole::Auditor, None).await?;
        let admin = Staff::hire(&desk, "admin", "管理员", StaffRole::Admin, None).await?;
        teller.done(
            both("新建了五个员工账号:一个账号一个岗位。", "Five staff accounts: one login, one role."),
            both(
                "谁送审、谁审查、谁办理都要看得出来;密码在结尾给出,这里不落日志。",
                "It must be visible who submits, who reviews and who serves; passwords come at the end, not in any log.",
            ),
        );
        review(&zhao, &chen, teller).await?;
        let core = Login::new("core").map_err(|e| broken(e.to_string(), e.to_string()))?;
        let key = desk.add_core_key(&Caller::system(), &core).await.map_err(told)?;
        let core = CoreSystem::new(&url, key)?;
        let staff = vec![
            (li.clone(), StaffRole::Consultant),
            (chen, StaffRole::Compliance),
            (zhao, StaffRole::Compliance),
            (zhou, StaffRole::Auditor),
            (admin, StaffRole::Admin),
        ];
        Ok(Cast { url, pack: Pack::embedded(), core, ear, li, staff, desk })
    }
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
    match zhao.release(HONEST, opinions[0].1).await {
        Ok(()) => return Err(broken("送审人自己放行了产品", "a submitter released his own product")),
        Err(error) if error.kind() != ErrorKind::Refused(RefusalKind::NotYours) => return Err(told(error)),
        Err(_) => teller.refused(
            both("赵磊想自己放行自己送审的产品。", "Zhao Lei tries to release what he submitted himself."),
            both("送审和审查必须是两个人。", "Submitting and reviewing take two people."),
        ),
    }
    for (product, opinion) in opinions {
        zhao.submit(product).await?;
        chen.release(product, opinion).await.map_err(told)?;
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
